"""A long report as several pages: so many paragraphs each, since a page of ten thousand is no page.

The first page of them has an anchor for each paragraph of the others, so that `/reports/long#para_450` leads to it from
anywhere, as `/reports/short#para_4` does, and without a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from corpus.records import Language, Report
from corpus.refs import Ref

PARAGRAPHS = 200  # a part: half a megabyte of HTML and a tenth of a second


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a report, from `first` to `last` in the labels of the page's language."""

    number: int
    first: str
    last: str


class Anchor(NamedTuple):
    """A paragraph's anchor on the first part, which leads to where it is."""

    eid: str
    part: int
    label: str


def count_of(report: Report) -> int:
    """How many parts a report has; one for most."""
    return -(-len(report.refs) // PARAGRAPHS)


def part_of(report: Report, ref: Ref) -> int:
    """The number of the part that a paragraph is in, from 1."""
    return max(report.places[ref], 0) // PARAGRAPHS + 1


def refs_of(report: Report, number: int) -> tuple[Ref, ...]:
    """The paragraphs of a part, in reading order."""
    return report.refs[(number - 1) * PARAGRAPHS : number * PARAGRAPHS]


def parts_of(report: Report, language: Language) -> tuple[Part, ...]:
    """Every part of a report."""
    parts = ((number, refs_of(report, number)) for number in range(1, count_of(report) + 1))
    label = report.rendering(language).label
    return tuple(Part(number, label(refs[0]), label(refs[-1])) for number, refs in parts)


def elsewhere(report: Report, language: Language) -> Iterator[Anchor]:
    """An anchor for each paragraph that the first part lacks.

    >>> from dataclasses import replace
    >>> english = report.rendering("en")
    >>> many = tuple(replace(english.paragraphs[0], ref=Ref(number)) for number in range(1, PARAGRAPHS + 2))
    >>> next(elsewhere(Report("long", (replace(english, paragraphs=many),)), "en"))
    Anchor(eid='para_201', part=2, label='201')
    """
    label = report.rendering(language).label
    for place, ref in enumerate(report.refs[PARAGRAPHS:], PARAGRAPHS):
        yield Anchor(ref.eid, place // PARAGRAPHS + 1, label(ref))
