"""Where each line of a document comes from, for a person who looks: its place on a page, or its markup.

    origins_of(document.lines) → (Origin(12, Span(340, 398), Place(1, 595.3, …)), …)

A text file's lines have their span in the file, and need no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.readers.lines import Line, Place
from corpus.records import Span

LONGEST = 1_200  # characters of markup that are shown of one line
_BEFORE = 200  # of them, how many may stand before the line's own words
_BUDGET = 32 * 1024 * 1024  # of markup that is written out to be cut; blocks in each other are written again
_NOISE = re.compile(r' (?:xmlns:|w:rsid|w14:)\w*="[^"]*"')


@dataclass(frozen=True, slots=True)
class Origin:
    """A line's number and its span in the text that was read, and where it stands on a page, or what it is made of."""

    number: int
    span: Span
    place: Place | None = None
    markup: str = ""


def origins_of(lines: Sequence[Line]) -> Iterator[Origin]:
    """The origins of the lines that hold words."""
    written: dict[Any, str] = {}
    budget = _BUDGET
    for line in lines:
        if not line.text:
            continue
        if line.origin is None or isinstance(line.origin, Place):
            yield Origin(line.number, line.span, line.origin)
            continue
        if line.origin not in written:
            written[line.origin] = _markup(line.origin) if budget > 0 else ""
            budget -= len(written[line.origin])
        yield Origin(line.number, line.span, None, _around(written[line.origin], line.text))


def _markup(element: Any) -> str:
    """An element as it is written, without the names of its namespaces and what a program counts changes by."""
    from lxml import etree  # noqa: PLC0415 - an element is here, so that it is loaded

    return _NOISE.sub("", str(etree.tostring(element, encoding="unicode", with_tail=False)))


def _around(markup: str, text: str) -> str:
    """The markup, or so much of it as is shown, from somewhat before the line's own words.

    >>> len(_around("<p>" + "a" * 5_000 + " Tugboats pull.</p>", "Tugboats pull."))
    218
    """
    if len(markup) <= LONGEST:
        return markup
    word = max(text.split()[:8], key=len, default=text)
    start = max(markup.find(word) - _BEFORE, 0)
    return markup[start : start + LONGEST]
