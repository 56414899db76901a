"""What every reader makes of a document: its lines, in reading order.

A line is what the format calls a paragraph, heading, table row or footnote; in a text file or PDF, a printed line.
An empty line parts blocks. A footnote's mark within a text stands between two characters of Unicode's private use
area, `note_mark("3")`, until `corpus.layout.paragraphs` takes it out and remembers its place.

What a reader passes over is never silent: what people may miss is an `Irregularity`, and what its format's rules leave
out on every page (running heads, navigation, comments) is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.layout.told import Told, told
from corpus.records import Span
from corpus.refs.numerals import INSERTION
from corpus.text import seen

LineKind = Literal["text", "heading", "row", "note"]
FindingKind = Literal["gap", "repeat", "joined", "unplaced", "note", "letters", "left_out", "recognised"]

MAX_TEXT = 16 * 1024 * 1024  # characters, as many as the largest text file holds
MAX_LISTED = 1_000
_SHOWN = 60

_OPEN, _CLOSE = "\ue000", "\ue001"
NOTE_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_LABEL = rf"(?:\d{{1,4}}(?:\s{{0,3}}{INSERTION})?|([^\W\d_])\1?\u0640?|[ivxlIVXL]{{1,6}})"
LABELLED = re.compile(
    rf"{_LABEL}[.)]|\(\s*{_LABEL.replace('1?', '2?')}\s*\)|-?\s*\d{{1,4}}(?:\s{{0,3}}{INSERTION})?\s*[-–]"
)
_RESERVED = re.compile(
    "[\ue000-\ue003]"
)  # what marks of notes, rows and cells are written with, until `stored_text.settle`


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands on a printed page: the page, from 1, its size, and the line's edges from the top left.

    All in points; a line of which only the page is known has no edges, and reaches from 0 to 0.
    """

    page: int
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class Ink:
    """Letters in one row of print, in reading order and without spaces or vowels, and where each stands.

    The row is on `page`, from 1, between `top` and `bottom`, in points from the top; `edges` are a left and a right one
    for each letter, in tenths of a point from the left. Where letters run up, upside down or down the page as it is
    seen (`turn` 90, 180, 270), all this is of the page held so that they are upright: `as_seen` turns it back.
    """

    page: int
    top: float = 0.0
    bottom: float = 0.0
    letters: str = ""
    edges: Sequence[int] = ()
    turn: int = 0


def as_seen(
    edges: tuple[float, float, float, float], turn: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """A place's left, top, right and bottom edge on a page of that size, given those where its letters are upright.

    >>> as_seen((10, 20, 60, 32), 90, 595, 842)
    (20, 782, 32, 832)
    """
    left, top, right, bottom = edges
    if turn == 90:
        return top, height - right, bottom, height - left
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return width - bottom, left, width - top, right
    return edges


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its white space at the ends; `span` counts code points in the text read, `number` from 1.

    `level` is a heading's depth from 1, 0 where the format does not say; `mark` is a footnote's; `cells` are a row's.
    `origin` is what the reader made it of, for those who look (`corpus.origins`): a `Place`, or an element of markup.
    `words` are those of a line that was recognised in a picture, each with how sure the recogniser is of it, 0 to 1;
    `ink` is where its letters stand on printed pages.
    """

    text: str
    span: Span
    number: int
    kind: LineKind = "text"
    level: int = 0
    mark: str = ""
    cells: tuple[str, ...] = ()
    origin: object = field(default=None, compare=False, repr=False)
    words: tuple[tuple[str, float], ...] = ()
    ink: tuple[Ink, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Irregularity:
    """Something that a person should look at: where, and what was made of it; line 0 is the whole document.

    `detail` says it in English, `detail_ar` in Arabic.
    """

    kind: FindingKind
    line: int
    detail: str
    detail_ar: str

    @classmethod
    def of(cls, kind: FindingKind, line: int, what: Told) -> Irregularity:
        """One that is told in both languages."""
        return cls(kind, line, what.en, what.ar)


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """A document as lines, the text that their spans count in, which is kept beside the report, and what is not in it.

    `findings` are what people may miss of the document, `left_out` what its format's rules pass over; `pages` are the
    sizes of its printed pages in points, where it has any.
    """

    lines: tuple[Line, ...]
    text: str
    findings: tuple[Irregularity, ...] = ()
    left_out: tuple[Told, ...] = ()
    pages: tuple[tuple[float, float], ...] = ()


class TooMuchText(Exception):
    """More text comes out of a document than is read; `corpus.readers` says of which, and what to do."""


@dataclass(slots=True)
class Account:
    """What a reader does not pass on: found, where people may miss it, or counted, where a rule leaves it out.

    >>> account = Account(); heads = told("page_heads"); account.leave_out(heads, "A/1"); account.leave_out(heads, "2")
    >>> account.left_out[0].en
    'heads and numbers of pages: “A/1” and 1 more'
    """

    _found: list[Irregularity] = field(default_factory=list)
    _unlisted: int = 0
    _left_out: dict[Told, tuple[str, int]] = field(default_factory=dict)
    _taken_out: list[Told] = field(default_factory=list)

    def find(self, what: Told, line: int = 0, kind: FindingKind = "left_out") -> None:
        """List what is missing, or doubtful; beyond the first thousand, only how many they are."""
        if len(self._found) < MAX_LISTED:
            self._found.append(Irregularity.of(kind, line, what))
        else:
            self._unlisted += 1

    def leave_out(self, what: Told, text: str) -> None:
        """Count what a rule leaves out; the first of each kind is shown."""
        first, number = self._left_out.get(what, (text, 0))
        self._left_out[what] = (first, number + 1)

    def take_out(self, what: Told, text: str, line: int = 0) -> None:
        """List what a rule leaves out of this document in particular, each with its own words and its place.

        >>> account = Account(); account.take_out(told("hidden_text"), "draft", 4); account.left_out[0].en
        'hidden text, at line 4: “draft”'
        """
        if len(self._taken_out) >= MAX_LISTED:
            self.leave_out(told("more_as", what=what), text)
        elif line:
            self._taken_out.append(told("by_rule_at_line", what=what, line=line, text=beginning(text)))
        else:
            self._taken_out.append(told("by_rule", what=what, text=beginning(text)))

    def unreserved(self, text: str) -> str:
        """A document's text without the four characters that marks of notes, rows and cells are written with."""
        plain = _RESERVED.sub("", text)
        if len(plain) < len(text):
            self.leave_out(told("private_use"), plain)
        return plain

    @property
    def findings(self) -> tuple[Irregularity, ...]:
        """What was found."""
        if not self._unlisted:
            return tuple(self._found)
        return (*self._found, Irregularity.of("left_out", 0, told("more_of_kind", number=self._unlisted)))

    @property
    def left_out(self) -> tuple[Told, ...]:
        """What was left out: of the document in particular, then a kind a line."""
        kinds = (
            told("by_rule_and_more", what=what, text=beginning(text), number=number - 1)
            if number > 1
            else told("by_rule", what=what, text=beginning(text))
            for what, (text, number) in self._left_out.items()
        )
        return (*self._taken_out, *kinds)


@dataclass(slots=True)
class LineWriter:
    """Collects lines from a format that has no text file of its own, and writes that text.

    >>> writer = LineWriter(); writer.add("one"); writer.add("two"); writer.done().lines[1].span
    Span(start=4, end=7)
    """

    account: Account = field(default_factory=Account)
    origin: object = None  # of the lines that are added from here on
    _lines: list[Line] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _at: int = 0

    @property
    def number(self) -> int:
        """The number of the last line, from 1."""
        return len(self._lines)

    @property
    def texts(self) -> Iterator[str]:
        """The lines so far, with their marks of notes."""
        return (line.text for line in self._lines)

    def add(  # noqa: PLR0913, PLR0917 - what a line is
        self,
        text: str,
        kind: LineKind = "text",
        level: int = 0,
        mark: str = "",
        cells: tuple[str, ...] = (),
        ink: tuple[Ink, ...] = (),
    ) -> None:
        """One more line; an empty text parts blocks. Raises TooMuchText."""
        text = seen(text).strip()
        cells = tuple(map(seen, cells))
        shown = NOTE_MARK.sub(r"[^\1]", text)
        shown = f"[^{mark}]: {shown}" if kind == "note" else shown
        span = Span(self._at, self._at + len(shown))
        self._lines.append(Line(text, span, len(self._lines) + 1, kind, level, mark, cells, self.origin, ink=ink))
        self._text.append(shown)
        self._at += len(shown) + 1
        if self._at > MAX_TEXT:
            raise TooMuchText

    def go_on(self, sign: str) -> None:
        """End the last line with a sign, which the next one, too, must know."""
        last = self._lines[-1]
        self._lines[-1] = replace(last, text=last.text + sign)

    def row(self, cells: tuple[str, ...], *, hanging: bool = False, ink: tuple[Ink, ...] = ()) -> None:
        """A table's row; where the table only hangs numbers beside paragraphs, the paragraph with its number."""
        if hanging and len(cells) == 2 and any(cells):
            self.gap()
            self.add(f"{cells[0]} {cells[1]}".strip(), ink=ink)
            self.gap()
        elif any(cells):
            self.add(" | ".join(cells), "row", cells=cells, ink=ink)

    def recognised(self, text: str, words: tuple[tuple[str, float], ...], ink: Ink) -> None:
        """One more line, as a recogniser read it."""
        self.add(text, ink=(ink,))
        self._lines[-1] = replace(self._lines[-1], words=words)

    def gap(self) -> None:
        """An empty line, unless the last one is."""
        if self._lines and self._lines[-1].text:
            self.add("")

    def done(self, pages: Sequence[tuple[float, float]] = ()) -> DocumentLines:
        """All of it; `pages` are the sizes of those that it is printed on."""
        found, left_out = self.account.findings, self.account.left_out
        return DocumentLines(tuple(self._lines), "\n".join(self._text), found, left_out, tuple(pages))


def hangs_numbers(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether a table has no cells but numbers and the paragraphs beside them; one with a head has other cells.

    >>> hangs_numbers([("1.", "One."), ("2.", "Two.")]), hangs_numbers([("No.", "Ferry"), ("1.", "Amal")])
    (True, False)
    """
    filled = [cells for cells in rows if any(cells)]
    labelled = sum(bool(len(cells) == 2 and LABELLED.fullmatch(cells[0])) for cells in filled)
    return labelled > 0 and all(len(cells) == 2 and (not cells[0] or LABELLED.fullmatch(cells[0])) for cells in filled)


def beginning(text: str) -> str:
    """How a text begins, in quotation marks, as findings show it."""
    text = " ".join(NOTE_MARK.sub("", text[: 4 * _SHOWN]).split())
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def note_mark(mark: str) -> str:
    """A footnote's mark as it stands within a line's text."""
    return f"{_OPEN}{mark}{_CLOSE}"


def take_out_marks(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text without its note marks, and where each stood in what is left.

    >>> take_out_marks("one" + note_mark("1") + " two")
    ('one two', ((3, '1'),))
    """
    marks: list[tuple[int, str]] = []
    pieces, end, at = [], 0, 0
    for found in NOTE_MARK.finditer(text):
        pieces.append(text[end : found.start()])
        at += found.start() - end
        end = found.end()
        marks.append((at, found[1]))
    return "".join((*pieces, text[end:])), tuple(marks)
