"""Lines → title page and numbered paragraphs: the one place that knows how such a report is laid out.

What is read: `1- text`, `- 2- text`, `3. text`, `4) text` in any digits; `2 bis. text` and `٢ مكررا- النص` between two
numbers; `(أ) text` or `(a) text` below a paragraph; `(i) text` or `‘1’ text` below a sub-paragraph. After a heading
such as `Annex II` or `المرفق الثاني` the numbers may begin again. Letters count in the order of the abjad (أ ب ج د)
unless the document counts in that of the alphabet (أ ب ت ث). An unnumbered line goes on with the paragraph above it
when that paragraph's sentence is unfinished (a page break cut it), when no blank line parts them, or when it is no
heading by its looks.

Numbers that do not follow each other are refused where the caller is strict. Elsewhere each is an `Irregularity`: after
a gap the reading goes on, and a number that repeats or goes back is text of the paragraph that it stands in, since a
report often quotes a numbered list.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from corpus.errors import NumberingError
from corpus.layout.headings import MAX_DEPTH, MAX_HEADING, Headings, annex_of, looks_like_heading
from corpus.layout.markers import Marker, distance, find_marker, following, letter_of
from corpus.layout.told import Told, refused, told
from corpus.layout.wording import after_continued, closes, leads_to_a_number, range_of, uncitable
from corpus.readers.lines import FindingKind, Irregularity, Line, beginning
from corpus.records import Span
from corpus.refs import Ref
from corpus.refs.types import MAX_ANNEX

MAX_GAP = 20  # a number further ahead is a year, or a number of something else

_WITHIN = frozenset(".,;:،؛)")  # no paragraph's text begins with one
_ENDS = re.compile(r"[.؟!?؛;:…]['\"»”)*\]]*(?:\ue000[^\ue000\ue001]*\ue001)*$")


@dataclass(slots=True)
class Draft:
    """A paragraph as it grows line by line; a part is a line's text, or the cells of a table's row."""

    ref: Ref
    heading: tuple[str, ...]
    parts: list[str | tuple[str, ...]]
    start: int
    end: int

    @property
    def finished(self) -> bool:
        """Whether its last sentence is complete."""
        return not isinstance(self.parts[-1], str) or bool(_ENDS.search(self.parts[-1]))

    def add(self, line: Line) -> None:
        """Join a line that goes on with the paragraph."""
        self.parts.append(line.cells if line.kind == "row" else line.text)
        self.end = line.span.end


@dataclass(slots=True)
class Layout:
    """What the lines of a document turned out to be; `notes` are marks with their texts, in order.

    `closing` are blocks below the last paragraph, `bare` headings that no paragraph stands under.
    """

    front: list[tuple[Line, ...]] = field(default_factory=list)
    closing: list[tuple[Line, ...]] = field(default_factory=list)
    bare: list[Line] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Irregularity] = field(default_factory=list)
    joined: int = 0
    titles: tuple[str, ...] = ()


def read_layout(lines: Sequence[Line], name: str, *, strict: bool = True) -> Layout:
    """Sort the lines into the blocks of the title page and the paragraphs.

    Raises NumberingError where there is no number, or, if `strict`, where one is missing, repeated or out of order,
    with both numbers and the line.
    """
    body = [line for line in lines if line.kind != "note"]
    first = next((i for i, line in enumerate(body) if line.kind == "text" and find_marker(line.text, None)), None)
    if first is None:
        raise refused("no_numbers", NumberingError, name=name)
    reader = _Reader(name, strict, body[first:])
    reader.open(body[:first])
    for at in range(first, len(body)):
        reader.take(body, at)
    reader.close()
    if reader.hijai:
        reader.layout.findings.insert(0, Irregularity.of("letters", 0, told("alphabet")))
    reader.layout.notes = list(_notes(lines))
    return reader.layout


def span_of(block: Sequence[Line]) -> Span:
    """Where a block of lines stands in the source."""
    return Span(block[0].span.start, block[-1].span.end)


def _notes(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Each footnote with its mark; a line without one goes on with the note above it."""
    mark, parts = "", list[str]()
    for line in lines:
        if line.kind != "note":
            continue
        if line.mark and parts:
            yield mark, " ".join(parts)
            parts = []
        mark = line.mark or mark
        parts.append(line.text)
    if parts:
        yield mark, " ".join(parts)


class _Reader:
    def __init__(self, name: str, strict: bool, body: Sequence[Line]) -> None:
        self.layout = Layout()
        self.hijai = counts_in_alphabet(body)
        self._places = _places_of_numbers(body)
        self._parted = any(
            line.kind == "heading" and line.level == 1 and annex_of(line.text) is None for line in body
        )  # into parts of level 1
        self._passed: Ref | None = None  # the last of several paragraphs that have one line
        self._waiting: list[Line] = []  # headings and closing lines since the last paragraph
        self._name = name
        self._strict = strict
        self._headings = Headings()
        self._annex, self._annex_open = 0, False  # open: its numbers may begin again
        self._after_blank = False

    def open(self, lines: Sequence[Line]) -> None:
        """Read the title page; the headings at its end, or else its last block, are those of the first paragraph."""
        blocks = list(_blocks(lines))
        styled = [line for line in lines if line.kind == "heading"]
        self.layout.titles = tuple(line.text for line in styled)
        at = len(blocks)
        if styled:
            while at > 1 and (last := blocks[at - 1][0]).kind == "heading" and not self._is_title(last, styled[0]):
                at -= 1
        elif blocks and (annex_of(blocks[-1][0].text) is not None or (at > 1 and _may_head(blocks[-1]))):
            at -= 1
        self.layout.front = [tuple(block) for block in blocks[:at]]
        for line in (line for block in blocks[at:] for line in block):
            self._heading(line)

    def _is_title(self, line: Line, first: Line) -> bool:
        """Whether a heading above the first paragraph is the report's title: the first of level 1, and the only one."""
        return line.level == 1 and line == first and not self._parted

    def take(self, body: Sequence[Line], at: int) -> None:
        """Read the next line."""
        line = body[at]
        if not line.text:
            self._after_blank = True
            return
        draft = self.layout.drafts[-1] if self.layout.drafts else None
        marker = self._marker(line, draft) if line.kind == "text" else None
        ref = self._ref(marker, body, at) if marker else None
        if marker is not None and ref is not None:
            self._open(line, marker, ref, draft)
        elif line.kind == "row":
            self._row(line, draft)
        elif line.kind == "text" and draft is not None and self._stands_for_several(line, draft):
            pass
        elif self._goes_on(body, at, draft):
            assert draft is not None  # noqa: S101 - what goes on has something to go on with
            draft.add(line)
            self.layout.joined += 1
        elif self._is_heading(body, at):
            self._heading(line)
        else:
            self._find("unplaced", line, told("above_number", text=beginning(line.text)))
        self._after_blank = False

    def close(self) -> None:
        """What is left of a part, at its end: lines that close it, and headings that no paragraph stands under."""
        for line in self._waiting:
            if line.kind == "heading" or annex_of(line.text) is not None:
                self.layout.bare.append(line)
            elif (blocks := self.layout.closing) and blocks[-1][-1].number + 1 == line.number:
                blocks[-1] = (*blocks[-1], line)
            else:
                blocks.append((line,))
        self._waiting = []

    def _open(self, line: Line, marker: Marker, ref: Ref, draft: Draft | None) -> None:
        """Begin a paragraph; or go on with the one above, whose number comes again."""
        text = line.text[marker.length :]
        if draft is not None and ref == draft.ref:
            going_on = after_continued(text)
            if going_on is None:
                draft.add(line)
            elif going_on:
                draft.add(replace(line, text=going_on))
            self.layout.joined += 1
            return
        self.layout.drafts.append(Draft(ref, self._headings.path, [text], line.span.start, line.span.end))
        self.layout.bare += [one for one in self._waiting if one.text not in self._headings.path]
        self._waiting, self._passed = [], None
        self._headings.close()

    def _marker(self, line: Line, draft: Draft | None) -> Marker | None:
        """The marker that a line begins with. Raises NumberingError for one that has no name here."""
        settled = draft is None or draft.finished or self._after_blank
        if settled and (number := uncitable(line.text)):
            raise refused(
                "between_numbers", NumberingError, name=self._name, line=str(line.number), number=repr(number)
            )
        return find_marker(line.text, draft.ref if draft else None, hijai=self.hijai)

    def _stands_for_several(self, line: Line, draft: Draft) -> bool:
        """Whether a line stands for several paragraphs that are the next, `2-4. [Deleted]`; it is listed."""
        several = range_of(line.text) if draft.finished or self._after_blank else None
        after = self._passed or draft.ref
        if several is None or replace(several.first, annex=after.annex) not in following(after):
            return False
        self._passed = replace(several.last, annex=after.annex)
        what = told("one_line", first=several.first, last=several.last, text=beginning(line.text))
        self._find("gap", line, what)
        return True

    def _row(self, line: Line, draft: Draft | None) -> None:
        if draft is None or self._headings.is_open:
            self._find("unplaced", line, told("table_above_number", text=beginning(line.text)))
        else:
            draft.add(line)

    def _goes_on(self, body: Sequence[Line], at: int, draft: Draft | None) -> bool:
        """Whether the line is the paragraph's above it."""
        line = body[at]
        if draft is None or line.kind == "heading" or self._headings.is_open:
            return False
        if not self._after_blank or not draft.finished:
            return not (self._after_blank and annex_of(line.text))
        if looks_like_heading(_block(body, at)) or closes(line.text):
            return False
        self._find("joined", line, told("joined", ref=draft.ref, text=beginning(line.text)))
        return True

    def _is_heading(self, body: Sequence[Line], at: int) -> bool:
        return body[at].kind == "heading" or self._headings.is_open is False or looks_like_heading(_block(body, at))

    def _heading(self, line: Line) -> None:
        annex = annex_of(line.text)
        if annex is not None:
            self.close()
            self._annex, self._annex_open = annex or self._annex + 1, True
            if self._annex > MAX_ANNEX:
                raise refused(
                    "many_annexes", NumberingError, name=self._name, line=str(line.number), most=str(MAX_ANNEX)
                )
        if not self._headings.add(line.text, 1 if annex is not None else line.level):
            self._find("unplaced", line, told("deep_heading", depth=MAX_DEPTH, text=beginning(line.text)))
        elif self.layout.drafts or annex is not None:
            self._waiting.append(line)

    def _ref(self, marker: Marker, body: Sequence[Line], at: int) -> Ref | None:
        """The paragraph that the marker opens, the one above where it comes again, or None for a line of text."""
        draft = self.layout.drafts[-1] if self.layout.drafts else None
        previous = draft.ref if draft else None
        text = body[at].text[marker.length :]
        if draft is not None and self._is_prose(marker, text, draft, body[at]):
            return None
        if self._annex_open and marker.number == 1 and not marker.inserted:
            self._annex_open = False
            return Ref(1, annex=self._annex)
        candidates = marker.readings(previous)
        expected = marker.expected(self._passed or previous if marker.number else previous)
        fitting = [ref for ref in candidates if ref in expected]
        if len(fitting) > 1:  # `(i)` after (h): the ninth letter, unless (ii) comes next
            fitting.sort(key=lambda ref: ref.item if self._comes_item(ref, body, at) else -ref.item, reverse=True)
        if fitting:
            return fitting[0]
        return self._out_of_order(marker, candidates, expected, draft, body[at])

    def _is_prose(self, marker: Marker, text: str, draft: Draft, line: Line) -> bool:
        """Whether the start of a printed line is within a sentence: `see paragraphs 1 and⏎3. above`, `2⏎(a), so`."""
        if draft.finished or self._after_blank:
            return False
        begun, going_on = draft.parts[0], text[:1]
        if going_on in _WITHIN or not marker.number:
            return going_on in _WITHIN
        if going_on.islower() and not (isinstance(begun, str) and begun[:1].islower()):
            return True
        if isinstance(draft.parts[-1], str) and leads_to_a_number(draft.parts[-1]):
            return True
        number, inserted = marker.number, marker.inserted
        again = _next(self._places, (number, inserted), line.number)  # the paragraph itself is still to come
        others = [(1, 0), (number + 1, 0), *([(number, inserted + 1)] if inserted else [])]
        return again < min(_next(self._places, other, line.number) for other in others)

    @staticmethod
    def _comes_item(ref: Ref, body: Sequence[Line], at: int) -> bool:
        """Whether the next marked line goes on with items: (ii)."""
        item = ref if ref.item else ref.part(max(ref.position - 1, 1), 1)
        for after in range(at + 1, len(body)):
            line = body[after]
            marker = find_marker(line.text, item) if line.kind == "text" and line.text else None
            if marker is not None:
                return any(found.item == item.item + 1 for found in marker.readings(item))
        return False

    def _out_of_order(
        self, marker: Marker, candidates: Sequence[Ref], expected: Sequence[Ref], draft: Draft | None, line: Line
    ) -> Ref | None:
        previous = draft.ref if draft else None
        after = told("paragraph", ref=previous) if previous else told("title_page")
        found = candidates[0] if candidates else None
        if self._strict and not marker.loose:
            raise refused(
                "out_of_order",
                NumberingError,
                name=self._name,
                line=str(line.number),
                found=found or marker.printed,
                after=after,
                expected=expected[0] if expected else told("none_here"),
            )
        rest = line.text[marker.length :]
        if draft is not None and found == draft.ref.part() and after_continued(rest) is not None:
            self._find("joined", line, told("goes_on", after=after, text=beginning(line.text)))
            return draft.ref
        if draft is not None and (not draft.finished or marker.loose):
            return None  # in the middle of a sentence: a line that happens to begin so
        ahead = [ref for ref in candidates if previous is None or ref > previous]
        near = [ref for ref in ahead if distance(ref, self._passed or previous) <= MAX_GAP]
        if near and self._annex == (previous.annex if previous else 0):
            self._find("gap", line, told("gap", found=near[0], after=after, expected=expected[0]))
            return near[0]
        self._find("repeat", line, told("repeat", printed=marker.printed, after=after))
        if draft is None:
            return found or Ref(1)
        return None if self._headings.is_open else draft.ref

    def _find(self, kind: FindingKind, line: Line, what: Told) -> None:
        self.layout.findings.append(Irregularity.of(kind, line.number, what))


def counts_in_alphabet(body: Sequence[Line]) -> bool:
    """Whether letters of a document follow each other as in the alphabet, ب ت ث, and not as in the abjad, ب ج د."""
    letters = [letter for line in body if line.kind == "text" and (letter := letter_of(line.text))]
    pairs = list(itertools.pairwise(letters))
    return pairs.count(("ب", "ت")) > pairs.count(("ب", "ج"))


_Number = tuple[int, int]
"""A number, and what is put in after it: 2 bis is (2, 1)."""


def _places_of_numbers(body: Sequence[Line]) -> dict[_Number, list[int]]:
    """The numbers that lines begin with, each with the numbers of those lines."""
    places: dict[_Number, list[int]] = {}
    for line in body:
        marker = find_marker(line.text, None) if line.kind == "text" and line.text else None
        if marker is not None:
            places.setdefault((marker.number, marker.inserted), []).append(line.number)
    return places


def _next(places: Mapping[_Number, Sequence[int]], number: _Number, after: int) -> float:
    """The first line below `after` that begins with that number; infinity where none does."""
    lines = places.get(number, ())
    at = bisect_right(lines, after)
    return lines[at] if at < len(lines) else inf


def _may_head(block: Sequence[Line]) -> bool:
    """Whether the last block of a title page is the heading of the first paragraph; `Recalling …,` is none."""
    return looks_like_heading([line.text for line in block])


def _block(body: Sequence[Line], at: int) -> list[str]:
    """The lines from here to the next blank one, or to one with a number; no more than are too many for a heading."""
    block: list[str] = []
    size = 0
    while at < len(body) and size <= MAX_HEADING:
        line = body[at]
        if not line.text or (block and (line.kind != "text" or find_marker(line.text, Ref(1)))):
            break
        block.append(line.text)
        size += len(line.text)
        at += 1
    return block


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (not line.text or line.kind != block[-1].kind or line.kind == "heading"):
            yield block
            block = []
        if line.text:
            block.append(line)
    if block:
        yield block
