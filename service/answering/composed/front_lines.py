"""Questions that a line of the title page answers by its role: where and when a congress was, and a document's date.

    "Where was the Fourteenth Congress held?" → "Kyoto, Japan, 7-12 March 2021"
    "متى صدرت هذه الوثيقة؟"                    → the masthead, with "11 March 2021"

The line says nothing of what it is, so its words are not what it is found by. Any word beside those of the question's
frame and of the congress's name makes it another question: "the Fifteenth Congress", "the meeting of Committee II".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from corpus.records import Rendering
from corpus.refs import FRONT
from corpus.text import fold, folded
from index.contents import IndexContents
from index.search.scope import Scope
from service.answering.composed.topics import COMPOSED, quoted_passages
from service.records import Finding, Question, Quote

Role = Literal["masthead", "place_and_dates"]


_WORD = re.compile(r"[^\W_]+")
_WHERE = folded("where city country place venue location أين مدينة المدينة بلد البلد دولة مكان")
_WHEN = folded("when date dates dated day days متى تاريخ التاريخ تواريخ")
_HELD = folded(
    "held hold hosted convened take took taken takes place happen happened meet met عقد انعقد ينعقد عقدت انعقدت انعقاد"
    " جرى صار"
)
_CONGRESS = folded("congress congress's conference المؤتمر مؤتمر للمؤتمر")
_GATHERING = _CONGRESS | folded("meeting الاجتماع اجتماع")  # "When was the meeting held?" may be any of them
_ISSUED = folded(
    "issued issue published publish released bear bears dated carry carries صدر صدرت صدور نشر نشرت إصدار يحمل تحمل"
)
_DATE = folded("date dates dated تاريخ التاريخ تواريخ")
_DOCUMENT = folded("document document's report report's الوثيقة وثيقة للوثيقة التقرير تقرير للتقرير المستند")
_FRAME = folded(
    "the a un this in on at of and was is were did does do it what which year month exactly please"
    " في ما هو هي هذا هذه أي ومتى وأين على من كان كانت تم اليوم السنة"
)


class FrontLines:
    """Finds the lines of title pages in one index."""

    def __init__(self, contents: IndexContents) -> None:
        self._contents = contents

    def find(self, question: Question, within: Scope) -> Finding | None:
        """The line that answers, of each report that has it in the question's language; None where none does."""
        words = _WORD.findall(fold(question.text))
        role = _role_asked(frozenset(words))
        quotes = tuple(
            quote
            for report in self._contents.reports
            if role and within.heading is None and within.admits(report) and report.citable != report.refs
            for quote in _lines(report.id, report.rendering(question.language), role, words)
            if quote.language == question.language
        )
        if not quotes:
            return None
        return Finding(question.language, COMPOSED, quotes, quoted_passages(quotes), as_found=True)


def _role_asked(words: frozenset[str]) -> Role | None:
    """The role of the line that answers, as far as the words of a question say."""
    if words & _DOCUMENT and words & _WHEN and words & (_ISSUED | _DATE):
        return "masthead"
    if words & _HELD and words & _WHERE and words & _GATHERING:
        return "place_and_dates"
    return "place_and_dates" if words & _CONGRESS and words & _WHEN and words & (_HELD | _DATE) else None


def _lines(report: str, rendering: Rendering, role: Role, words: Sequence[str]) -> Iterator[Quote]:
    """The line of that role, where no word of the question is about anything else."""
    of_congress = f"{rendering.title('congress')} {rendering.title('place_and_dates')}"
    named = frozenset(_WORD.findall(fold(of_congress)))
    known = _DOCUMENT | _ISSUED if role == "masthead" else _GATHERING | _HELD | _WHERE | named
    if not known.union(_FRAME, _WHEN).issuperset(words):
        return
    for block, line in zip(rendering.front_matter, rendering.front_lines, strict=True):
        if block.role == role:
            yield Quote(report, FRONT, rendering.language, line.start, line.end)
