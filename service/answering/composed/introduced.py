"""The occasions that a report introduces, one after another: its meetings, its panels, each with who spoke there.

    3. At the 4th meeting, the following panellists … → the first panel, and the meeting that is called the 4th
    4. Statements were made by …                      → which countries spoke there

A paragraph introduces an occasion where it speaks of one of its kind and names who led it, or is followed by a list of
those who spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.records import Report
from corpus.refs import Ref
from corpus.text import fold
from service.answering.composed.ordinals import LAST, ONE, Kind, Ordinal, ordinals
from service.answering.composed.overviews import Overviews
from service.answering.composed.speaking import names_who_led

_FARTHEST = 6  # paragraphs from where an occasion is named to where it says who spoke
_MAY_NAME = re.compile(r"meeting|session|panel|جلس|حلق|نقاش|مناقش|متحاور", re.IGNORECASE)
_PANEL = re.compile(r"\bpanel\b|\bpanell?ists\b|حلقه (?:ال)?نقاش|المتحاور(?:ون|ين)")
_SAME = re.compile(r"\bsame (?:meeting|session|panel)|(?:جلسه|حلقه|نقاش) (?:نفسها|ذاتها)|\b(?:نفس|ذات) ال(?:جلسه|حلقه)")
_WORD = re.compile(r"\w+")
_INSTEAD: dict[Kind, Kind] = {"meeting": "session", "session": "meeting"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an occasion is named, the numbers it bears there, and the paragraphs that say which countries spoke.

    `before` are the paragraphs from where it is named to where it says so; `has_names` where one names who led it.
    """

    report: Report
    named: Ref
    numbers: frozenset[int]
    before: tuple[Ref, ...]
    spoken: tuple[Ref, ...]
    is_panel: bool
    has_names: bool = False

    def __hash__(self) -> int:
        return hash((self.report.id, self.named, self.spoken))


class Introduced:
    """Reads the occasions of the reports of one index, each report once."""

    def __init__(self, overviews: Overviews) -> None:
        self._overviews = overviews
        self._read: dict[tuple[str, Kind], tuple[Occasion, ...]] = {}
        self._called: dict[str, frozenset[Ordinal]] = {}

    def between(self, report: Report) -> Iterator[Occasion]:
        """Each paragraph before one that lists countries that spoke, from the list before on, as an occasion."""
        before = -1
        for ref in self._overviews.who_spoke(report, countries=True):
            place = report.places[ref]
            for named in report.refs[max(before + 1, place - _FARTHEST) : place]:
                yield Occasion(report, named, frozenset(), (named,), (ref,), is_panel=False)
            before = place

    def nth(self, report: Report, ordinal: Ordinal, *, of_all: bool = False) -> tuple[Occasion, ...]:
        """The one that bears a number; where the report counts them otherwise or not, the one in that place.

        "The first meeting" is none where meetings are the 4th to 6th, unless it is the first `of_all`, of the workshop.
        """
        occasions, counts = self._of_kind(report, ordinal.kind)
        if ordinal.number == LAST:
            return occasions[-1:]
        if bearing := tuple(each for each in occasions if ordinal.number in each.numbers):
            return bearing
        in_order = all(not each.numbers or place in each.numbers for place, each in enumerate(occasions, 1))
        return occasions[ordinal.number - 1 :][:1] if ordinal.number and (in_order or of_all or not counts) else ()

    def is_beyond(self, ordinal: Ordinal | None, reports: Sequence[Report]) -> bool:
        """Whether there are occasions of a kind, and none that is called or counted so."""
        if ordinal is None or not ordinal.kind:
            return False
        same = {ordinal, Ordinal(_INSTEAD.get(ordinal.kind, ordinal.kind), ordinal.number)}
        called = any(same & self._calls(report) for report in reports)
        return not called and any(self._of_kind(report, ordinal.kind)[0] for report in reports)

    def names(self, report: Report, ref: Ref) -> bool:
        """Whether a paragraph names who led a discussion, in any language."""
        return any(names_who_led(text) for text in _texts(report, ref))

    def _of_kind(self, report: Report, kind: Kind) -> tuple[tuple[Occasion, ...], bool]:
        """The occasions of a kind, and whether the report calls them so: its "meetings" are the sessions it has."""
        if occasions := self._of(report, kind):
            return occasions, True
        return (self._of(report, _INSTEAD[kind]), False) if kind in _INSTEAD else ((), False)

    def _calls(self, report: Report) -> frozenset[Ordinal]:
        """What a report calls by number, wherever it does."""
        if report.id not in self._called:
            texts = (text for ref in report.refs for text in _texts(report, ref) if _MAY_NAME.search(text))
            self._called[report.id] = frozenset(each for text in texts for each in ordinals(text))
        return self._called[report.id]

    def _of(self, report: Report, kind: Kind) -> tuple[Occasion, ...]:
        if (report.id, kind) not in self._read:
            self._read[report.id, kind] = tuple(self._introduce(report, kind))
        return self._read[report.id, kind]

    def _introduce(self, report: Report, kind: Kind) -> Iterator[Occasion]:
        """The occasions of a kind in reading order, each with the lists before the next one."""
        spoken = [report.places[ref] for ref in self._overviews.who_spoke(report, countries=True)]
        found = self._one_each(report, kind, spoken)
        for occasion, following in pairwise([*found, None]):
            if occasion is None:
                return
            start = report.places[occasion.named]
            stop = report.places[following.named] if following else len(report.refs)
            lists: list[int] = []
            for place in spoken:
                if start <= place < stop and place - (lists[-1] if lists else start) <= _FARTHEST:
                    lists.append(place)
            end = max(start + 1, lists[0]) if lists else min(stop, start + 2)
            yield replace(occasion, before=report.refs[start:end], spoken=tuple(report.refs[place] for place in lists))

    def _one_each(self, report: Report, kind: Kind, spoken: Sequence[int]) -> list[Occasion]:
        """The paragraphs that introduce, without those that say more of the occasion that the one before introduces."""
        found: list[Occasion] = []
        for place, ref in enumerate(report.refs):
            texts = [text for text in _texts(report, ref) if _MAY_NAME.search(text)]
            if not any(_speaks_of(text, kind) for text in texts):
                continue
            has_names = any(map(names_who_led, texts))
            if not has_names and not any(place <= each <= place + _FARTHEST for each in spoken):
                continue
            numbers = frozenset(n for text in texts for k, n in ordinals(text) if k == kind)
            if found and _goes_on(found[-1], report, place, numbers, spoken, has_names=has_names):
                found[-1] = replace(found[-1], has_names=found[-1].has_names or has_names)
            else:
                found.append(Occasion(report, ref, numbers, (), (), kind == "panel", has_names))
        return found


def _texts(report: Report, ref: Ref) -> Iterator[str]:
    return (rendering.by_ref[ref].text for rendering in report.renderings)


def _speaks_of(text: str, kind: Kind) -> bool:
    """Whether a text speaks of one of a kind: of a panel also where it only has panellists."""
    folded = fold(text)
    if _SAME.search(folded):
        return False
    if kind == "panel":
        return bool(_PANEL.search(folded))
    return any(ONE.get(word.removeprefix("و")) == kind for word in _WORD.findall(folded))


def _goes_on(  # noqa: PLR0913 - two paragraphs, compared
    before: Occasion, report: Report, place: int, numbers: frozenset[int], spoken: Sequence[int], *, has_names: bool
) -> bool:
    """Whether a paragraph says more of the occasion before: no list between, no other number, not two with names."""
    apart = any(report.places[before.named] <= each < place for each in spoken)
    return not apart and not (has_names and before.has_names) and (not numbers or numbers == before.numbers)
