"""Lines → title page and numbered paragraphs: the one place that knows how such a report is laid out.

What is read: `1- text`, `- 2- text`, `3. text`, `4) text` in any digits; `(أ) text` or `(a) text`. An unnumbered
line goes on with the paragraph above it when that paragraph's sentence is unfinished (a page break cut it) or when
no blank line parts them; otherwise it is a heading. Headings that follow each other directly nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.errors import NumberingError
from corpus.readers.txt import Line
from corpus.refs import Ref, UnreadableReference, parse_ref
from corpus.text import latin_digits

_NUMBERED = re.compile(r"(?:-\s*)?(\d{1,4})\s*[-.)\u2013]\s+(?=\S)")
_LETTERED = re.compile(r"\(\s*([^\W\d_]{1,3}\u0640?)\s*\)\s+(?=\S)")
_FINISHED = re.compile(r"[.؟!?؛;:…]['\"»”)*\]]*$")


@dataclass(slots=True)
class Draft:
    """A paragraph as it grows line by line."""

    ref: Ref
    heading: tuple[str, ...]
    parts: list[str]
    start: int
    end: int

    @property
    def finished(self) -> bool:
        """Whether its last sentence is complete."""
        return bool(_FINISHED.search(self.parts[-1]))

    def add(self, line: Line) -> None:
        """Join a line that goes on with the paragraph."""
        self.parts.append(line.text)
        self.end = line.span.end


@dataclass(slots=True)
class Layout:
    """What the lines of a document turned out to be."""

    front: list[tuple[str, ...]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def read_layout(lines: Sequence[Line], name: str) -> Layout:
    """Sort the lines into the blocks of the title page and the paragraphs.

    Raises NumberingError where a number is missing, repeated or out of order, with both numbers and the line.
    """
    layout = Layout()
    first = next((i for i, line in enumerate(lines) if _NUMBERED.match(latin_digits(line.text))), None)
    if first is None:
        raise NumberingError(f"{name}: no numbered paragraph found; expected lines such as '1- …' or '1. …'")
    layout.front = list(_blocks(lines[:first]))
    heading = layout.front.pop() if layout.front else ()
    after_blank, open_heading = False, True
    for line in lines[first:]:
        if not line.text:
            after_blank = True
            continue
        ref, length = _marker(line, layout.drafts, name)
        if ref is not None:
            layout.drafts.append(Draft(ref, heading, [line.text[length:]], line.span.start, line.span.end))
            open_heading = False
        elif not open_heading and (not after_blank or not layout.drafts[-1].finished):
            layout.drafts[-1].add(line)
        else:
            heading = (*heading, line.text) if open_heading else (line.text,)
            open_heading = True
        after_blank = False
    return layout


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    block: list[str] = []
    for line in lines:
        if line.text:
            block.append(line.text)
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def _marker(line: Line, drafts: Sequence[Draft], name: str) -> tuple[Ref | None, int]:
    """The ref that the line opens and how long its marker is, or (None, 0)."""
    previous = drafts[-1].ref if drafts else None
    if numbered := _NUMBERED.match(latin_digits(line.text)):
        found = Ref(int(numbered[1])) if int(numbered[1]) else None
        expected = Ref(previous.number + 1) if previous else Ref(1)
        _must_follow(found, numbered[1], expected, previous, line, name)
        return expected, numbered.end()
    if previous and (lettered := _LETTERED.match(line.text)):
        expected = Ref(previous.number, previous.position + 1)
        _must_follow(_sub_paragraph(previous.number, lettered[1]), lettered[1], expected, previous, line, name)
        return expected, lettered.end()
    return None, 0


def _sub_paragraph(number: int, letter: str) -> Ref | None:
    try:
        return parse_ref(f"{number}({letter})")
    except UnreadableReference:
        return None


def _must_follow(  # noqa: PLR0913, PLR0917 - every value is in the message
    found: Ref | None, printed: str, expected: Ref, previous: Ref | None, line: Line, name: str
) -> None:
    if found == expected:
        return
    after = f"paragraph {previous}" if previous else "the title page"
    raise NumberingError(
        f"{name}, line {line.number}: found paragraph {found or printed} after {after}, expected {expected}; "
        "mend the numbering of the document, then read it again"
    )
