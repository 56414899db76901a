"""Which countries spoke on an occasion that is named in another paragraph: before theirs, and not in it.

    5. At the 5th meeting, the panel discussion on trafficking was led by …
    6. Statements were made by the representatives of Italy and Brazil.

    "Which countries spoke after the panel on trafficking?" → paragraph 6, which follows paragraph 5

Reports say once where they are and go on from there. So an occasion is the paragraphs from one list of speakers to the
next, and what a question says of the occasion must stand in one of them: each word, each number with what it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.records import Report
from corpus.refs import Ref
from corpus.text import fold
from index.search.lexical import terms
from index.search.numbers import numbers_said
from index.search.scope import Scope
from service.answering.composed.asked import occasion_asked
from service.answering.composed.overviews import Overviews
from service.answering.composed.topics import quoted_passages
from service.answering.messages import say
from service.records import Finding, Question

CONFIDENCE = 0.7  # a rule found it, in two steps: likely, and no more
Numbered = tuple[str, str]
"""What is counted, and the number."""
_LONGEST = 6  # paragraphs from where an occasion is named to where it says who spoke
_COUNTED = {
    **dict.fromkeys("meeting meetings session sessions جلسه الجلسه جلسات الجلسات جلستها جلساتها".split(), "meeting"),
    **dict.fromkeys("panel panels discussion نقاش النقاش مناقشه المناقشه".split(), "panel"),
    **dict.fromkeys("country countries state states delegation delegations دول دوله بلدان وفود".split(), "countries"),
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A paragraph that may name an occasion, and the one that says who spoke there."""

    report: Report
    named: Ref
    spoken: Ref


class Occasions:
    """Finds who spoke where, in the reports of one index."""

    def __init__(self, overviews: Overviews) -> None:
        self._overviews = overviews

    def find(self, question: Question, within: Scope) -> Finding | None:
        """The countries of the occasion that a question names; None where it names none, or none that there was.

        Where it holds for several, such as panels with the same panellist, those of each.
        """
        asked = occasion_asked(question.text)
        if asked is None:
            return None
        wanted = {term for word in asked.split() if not numbers_said(word) for term in terms(word)}
        counted = {number for number in numbered(question.text) if number[0] != "countries"}
        if not wanted and not counted:
            return None
        held = [
            occasion
            for report in self._overviews.reports(within)
            for occasion in self._of(report)
            if self._holds(occasion, wanted, counted, question)
        ]
        said = dict.fromkeys((occasion.report, occasion.spoken) for occasion in held)
        quotes = tuple(q for place in said for q in self._overviews.countries(*place, question.language))
        if not quotes:
            return None
        comma = "، " if question.language == "ar" else ", "
        refs = comma.join(occasion.named.label(question.language) for occasion in held)
        return Finding(
            question.language,
            CONFIDENCE,
            quotes,
            quoted_passages(quotes),
            note=say("occasion", question.language, refs=refs),
            as_found=True,
            marked=self._overviews.named_in(quotes),
        )

    def _of(self, report: Report) -> Iterator[_Occasion]:
        """Each paragraph before one that lists countries that spoke, from the list before on."""
        before = -1
        for ref in self._overviews.who_spoke(report, countries=True):
            place = report.places[ref]
            for named in report.refs[max(before + 1, place - _LONGEST) : place]:
                yield _Occasion(report, named, ref)
            before = place

    def _holds(self, occasion: _Occasion, wanted: set[str], counted: set[Numbered], question: Question) -> bool:
        text = occasion.report.rendering(question.asked_in).by_ref[occasion.named].text
        known = numbered(text)
        known |= {("", number) for _, number in known}
        return wanted <= set(terms(text)) and counted <= known


def numbered(text: str) -> set[Numbered]:
    """Each number of a text with what it counts: a meeting, a panel, countries, or nothing that is known.

    >>> sorted(numbered("Which two States spoke at the fifth meeting?")), sorted(numbered("وفي الجلسة الخامسة"))
    ([('countries', '2'), ('meeting', '5')], [('meeting', '5')])
    """
    words = [word.removeprefix("و") for word in _WORD.findall(fold(text))]
    found: set[Numbered] = set()
    for place, word in enumerate(words):
        beside = (words[place + 1 : place + 2], words[max(0, place - 1) : place])  # what follows it, or goes before
        counted = next((_COUNTED[near[0]] for near in beside if near and near[0] in _COUNTED), "")
        found |= {(counted, number) for number in numbers_said(word)}
    return found
