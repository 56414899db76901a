"""What every reader makes of a document: its lines, in reading order.

A line is what the format calls a paragraph, heading, table row or footnote; in a text file or PDF, a printed line.
An empty line parts blocks. A footnote's mark within a text stands between two characters of Unicode's private use
area, `note_mark("3")`, until `corpus.paragraphs` takes it out and remembers its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from corpus.records import Span

LineKind = Literal["text", "heading", "row", "note"]

_OPEN, _CLOSE = "\ue000", "\ue001"
NOTE_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_LABELLED = re.compile(r"(?:\(?\w{1,4}[.)]|\(\w{1,4}\)|\d{1,4}\s*[-–])")
_RESERVED = re.compile(f"[{_OPEN}{_CLOSE}]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its white space at the ends; `span` counts code points in the text read, `number` from 1.

    `level` is a heading's depth from 1, 0 where the format does not say; `mark` is a footnote's; `cells` are a row's.
    """

    text: str
    span: Span
    number: int
    kind: LineKind = "text"
    level: int = 0
    mark: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """A document as lines, and the text that their spans count in, which is kept beside the report."""

    lines: tuple[Line, ...]
    text: str


@dataclass(slots=True)
class LineWriter:
    """Collects lines from a format that has no text file of its own, and writes that text.

    >>> writer = LineWriter(); writer.add("one"); writer.add("two"); writer.done().lines[1].span
    Span(start=4, end=7)
    """

    _lines: list[Line] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _at: int = 0

    def add(
        self, text: str, kind: LineKind = "text", level: int = 0, mark: str = "", cells: tuple[str, ...] = ()
    ) -> None:
        """One more line; an empty text parts blocks."""
        shown = NOTE_MARK.sub(r"[^\1]", text)
        shown = f"[^{mark}]: {shown}" if kind == "note" else shown
        span = Span(self._at, self._at + len(shown))
        self._lines.append(Line(text, span, len(self._lines) + 1, kind, level, mark, cells))
        self._text.append(shown)
        self._at += len(shown) + 1

    def row(self, cells: tuple[str, ...]) -> None:
        """A table's row; where the table only hangs numbers beside paragraphs, the paragraph with its number."""
        if len(cells) == 2 and _LABELLED.fullmatch(cells[0]):
            self.gap()
            self.add(f"{cells[0]} {cells[1]}")
            self.gap()
        elif any(cells):
            self.add(" | ".join(cells), "row", cells=cells)

    def gap(self) -> None:
        """An empty line, unless the last one is."""
        if self._lines and self._lines[-1].text:
            self.add("")

    def done(self) -> DocumentLines:
        """All of it."""
        return DocumentLines(tuple(self._lines), "\n".join(self._text))


def note_mark(mark: str) -> str:
    """A footnote's mark as it stands within a line's text."""
    return f"{_OPEN}{mark}{_CLOSE}"


def unreserved(text: str) -> str:
    """A document's text without the two characters that note marks are written with."""
    return _RESERVED.sub("", text)


def take_out_marks(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text without its note marks, and where each stood in what is left.

    >>> take_out_marks("one" + note_mark("1") + " two")
    ('one two', ((3, '1'),))
    """
    marks: list[tuple[int, str]] = []
    plain, end = "", 0
    for found in NOTE_MARK.finditer(text):
        plain += text[end : found.start()]
        end = found.end()
        marks.append((len(plain), found[1]))
    return plain + text[end:], tuple(marks)
