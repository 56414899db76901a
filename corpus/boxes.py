"""Where the letters of each paragraph stand on printed pages: found when a document is read, kept in a file beside it.

    boxes_of(pages, rendering, lines)            → the file's text, "" where there are no pages
    Boxes(path).paragraph(Ref(21), …)            → Printed((Row(3, 120.1, 133.0, (Word(0, (720, 781, …)), …)), …))
    boxed(printed, Span(0, 118))                 → {3: [Box(72.0, 120.1, 310.4, 133.0), …]}

The letters of a stored text are found again among those of the lines that it was made of, in their order, and a letter
gets a place only where it is the same letter: what was joined, cut or left out in between gets none. The first line of
the file says where in it each paragraph is, so that one is read without the others.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ConfigDict, TypeAdapter, ValidationError

from corpus.errors import CorpusError
from corpus.readers.lines import Ink, Line, as_seen
from corpus.records import CLOSING, Paragraph, Rendering, Span
from corpus.refs import Ref
from corpus.text import alike_until, inked

FORMAT = 1
_MOST_HEAD, _MOST_PARAGRAPH = 4 * 1024 * 1024, 64 * 1024 * 1024  # bytes, of what is read of a file
_LOST, _ADDED = 16, 4  # letters in a row that a stored text may lack of its lines, or have beyond them
_SURE = 4  # letters that follow each other, before two places are taken to be one
_FAR = 4_000  # letters ahead in which a line is looked for that does not follow
_NEAR = 0.6  # of a row's height: white space that parts words, and no boxes
_TENTHS = 10.0


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that follow each other from `text[start]` on, each with a left and a right edge in tenths of a point."""

    start: int
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a paragraph in one row of print, on a page from 1, between two heights in points from the top.

    `turn` is how its letters run on the page as it is seen; where they stand is said of the page held so that they are
    upright (`corpus.readers.lines.as_seen`). Files of before have rows without words, of whose pages no more is known.
    """

    page: int
    top: float
    bottom: float
    words: tuple[Word, ...]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph on its pages, whose sizes are given by number; `text` is the beginning of its text's SHA-256."""

    text: str
    rows: tuple[Row, ...]
    pages: dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in points from its top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Head:
    format: int
    pages: tuple[tuple[float, float], ...]
    paragraphs: dict[str, tuple[int, int]]  # a ref → where its line begins after this one, and how long it is


@dataclass(frozen=True, slots=True)
class _Kept:
    text: str
    rows: tuple[Row, ...]


_STRICT = ConfigDict(extra="forbid", strict=True)
_HEADS = TypeAdapter(tuple[_Head], config=_STRICT)
_KEPT = TypeAdapter(tuple[_Kept], config=_STRICT)


def boxes_of(pages: Sequence[tuple[float, float]], rendering: Rendering, lines: Sequence[Line]) -> str:
    """What is kept of where a rendering's letters stand; nothing for a document that is not printed."""
    if not pages:
        return ""
    rows, places, at = list[str](), dict[str, tuple[int, int]](), 0
    starts = [line.span.start for line in lines]
    for paragraph, source in _sourced(rendering):
        own = lines[bisect_left(starts, source.start) : bisect_left(starts, source.end)]
        found = [_row(*row) for row in _rows(paragraph.text, [ink for line in own for ink in line.ink])]
        if not found:
            continue
        row = json.dumps({"text": _version(paragraph), "rows": found}, separators=(",", ":"))
        rows.append(row)
        places[str(paragraph.ref)] = (at, len(row))
        at += len(row) + 1
    head = {"format": FORMAT, "pages": pages, "paragraphs": places}
    return "\n".join((json.dumps(head, separators=(",", ":")), *rows, ""))


def _sourced(rendering: Rendering) -> Iterator[tuple[Paragraph, Span]]:
    """Each text that can be cited, and where it stands in the text that was read."""
    if front := rendering.front:
        blocks = [block.source for block in rendering.front_matter if block.role != CLOSING and block.source.end]
        yield front, Span(min((b.start for b in blocks), default=0), max((b.end for b in blocks), default=0))
    for paragraph in rendering.paragraphs:
        yield paragraph, paragraph.source


def _version(paragraph: Paragraph) -> str:
    return paragraph.text_sha256[:16]


_Edges = tuple[int, int]


def _rows(text: str, inks: Sequence[Ink]) -> Iterator[tuple[Ink, list[tuple[int, list[int]]]]]:
    """The rows of print that hold letters of a text, each with its words: where they begin, and their edges."""
    found = _matched(text, inks)
    for number, ink in enumerate(inks):
        own = found.get(number, {})
        if own or not ink.letters:
            yield ink, list(_words(own))


def _matched(text: str, inks: Sequence[Ink]) -> dict[int, dict[int, _Edges]]:
    """For each row, by its number, the letters of the text in it, by their places, and their edges."""
    letters, at = list[str](), list[int]()
    for place, character in enumerate(text):
        for letter in inked(character):
            letters.append(letter)
            at.append(place)
    sought, found, now = "".join(letters), dict[int, dict[int, _Edges]](), 0
    for number, ink in enumerate(inks):
        own, here = dict[int, _Edges](), 0
        while here < len(ink.letters) and now < len(sought):
            same = alike_until(ink.letters[here:], sought[now : now + len(ink.letters) - here])
            edges = zip(ink.edges[2 * here :: 2], ink.edges[2 * here + 1 :: 2], strict=True)
            for place, (left, right) in zip(at[now : now + same], edges, strict=False):
                before = own.get(place)  # one character that is two letters of print
                own[place] = (min(left, before[0]), max(right, before[1])) if before else (left, right)
            here, now = here + same, now + same
            if here == len(ink.letters) or now == len(sought):
                break
            ahead = _ahead(ink.letters, here, sought, now)
            if ahead is None:
                break
            here, now = ahead
        found[number] = own
    return found


def _ahead(letters: str, here: int, sought: str, now: int) -> tuple[int, int] | None:
    """Where a row and a text go on alike, after a few letters that one of them lacks; None where they do not."""
    for lost, added in sorted(((i, j) for i in range(_LOST + 1) for j in range(_ADDED + 1)), key=sum):
        ahead = letters[here + lost : here + lost + _SURE]
        if lost + added and ahead and sought.startswith(ahead, now + added):
            return here + lost, now + added
    if here == 0 and len(letters) > _LOST:  # what stands before it in the text is in no row
        far = sought.find(letters[_LOST // 2 :][: 2 * _SURE], now, now + _FAR)
        if far >= 0:
            return _LOST // 2, far
    return None


def _words(own: dict[int, _Edges]) -> Iterator[tuple[int, list[int]]]:
    """Places that follow each other, as words."""
    start, edges, following = 0, list[int](), -1
    for place, both in own.items():
        if place != following:
            if edges:
                yield start, edges
            start, edges = place, []
        edges += both
        following = place + 1
    if edges:
        yield start, edges


def _row(ink: Ink, words: Iterable[tuple[int, list[int]]]) -> dict[str, object]:
    turned = {"turn": ink.turn} if ink.turn else {}
    return {
        "page": ink.page,
        "top": ink.top,
        "bottom": ink.bottom,
        "words": [{"start": start, "edges": edges} for start, edges in words],
        **turned,
    }


class BoxesDamaged(CorpusError):
    """The file is not what `boxes_of` writes."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """A file that `boxes_of` wrote."""

    path: Path

    def paragraph(self, ref: Ref) -> Printed | None:
        """Where a paragraph is printed, if that is known. Raises BoxesDamaged, or OSError."""
        with self.path.open("rb") as file:
            head = self._head(file)
            start = file.tell()
            if (place := head.paragraphs.get(str(ref))) is None:
                return None
            offset, size = place
            if not offset >= 0 or not 0 <= size <= _MOST_PARAGRAPH:
                raise BoxesDamaged(f"{self.path} holds no places of letters")
            file.seek(start + offset)
            row = file.read(size)
        try:
            [kept] = _KEPT.validate_json(b"[%b]" % row)
        except ValidationError as error:
            raise BoxesDamaged(f"{self.path} holds no places of letters") from error
        numbers = {row.page for row in kept.rows}
        if not all(1 <= number <= len(head.pages) for number in numbers):
            raise BoxesDamaged(f"{self.path} names a page that is not there")
        return Printed(kept.text, kept.rows, {number: head.pages[number - 1] for number in sorted(numbers)})

    def _head(self, file: BinaryIO) -> _Head:
        try:
            [head] = _HEADS.validate_json(b"[%b]" % file.readline(_MOST_HEAD))
        except ValidationError as error:
            raise BoxesDamaged(f"{self.path} does not begin as places of letters do") from error
        if head.format != FORMAT:
            raise BoxesDamaged(f"{self.path} is of another format")
        return head


def boxed(printed: Printed, span: Span) -> dict[int, list[Box]]:
    """The boxes around a stretch of a paragraph, by page: one around words that stand beside each other in a row."""
    found: dict[int, list[Box]] = {}
    for row in printed.rows:
        edges = sorted(pair for word in row.words for pair in _within(word, span))
        near = _NEAR * (row.bottom - row.top) * _TENTHS
        for left, right in _joined(edges, near):
            held = left / _TENTHS, row.top, right / _TENTHS, row.bottom
            found.setdefault(row.page, []).append(Box(*as_seen(held, row.turn, *printed.pages[row.page])))
    return found


def _within(word: Word, span: Span) -> Iterator[_Edges]:
    for place in range(max(span.start - word.start, 0), min(span.end - word.start, len(word.edges) // 2)):
        yield word.edges[2 * place], word.edges[2 * place + 1]


def _joined(edges: Sequence[_Edges], near: float) -> Iterator[_Edges]:
    """Places from left to right, those that touch, or nearly, as one."""
    left, right = edges[0] if edges else (0, 0)
    for next_left, next_right in edges[1:]:
        if next_left - right > near:
            yield left, right
            left, right = next_left, next_right
        right = max(right, next_right)
    if edges:
        yield left, right
