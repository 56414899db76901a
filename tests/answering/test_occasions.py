"""Which countries spoke where: the occasion is named in one paragraph, and they are in a later one.

Before, each of these was answered from the paragraph of the panel, or declined.
"""

from __future__ import annotations

import pytest

from corpus.records import LANGUAGES, Language
from corpus.refs import parse_ref
from service.answering.composed.occasion_questions import occasions_asked
from service.answering.composed.occasions import CONFIDENCE
from service.answering.engine import Engine
from service.answering.messages import say


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "language", "spoken", "named"),
    [
        ("Which countries spoke at the 5th meeting?", "en", "6", "5"),
        ("which delegations took the floor at the fifth meeting", "en", "6", "5"),
        ("Which countries spoke after the panel on trafficking?", "en", "6", "5"),
        ("Which two States spoke after the panel on artificial intelligence?", "en", "8", "7"),
        ("How many countries spoke after the panel on trafficking?", "en", "6", "5"),
        ("كم دولة تكلمت في الجلسة الخامسة؟", "ar", "6", "5"),
        ("ما البلدان التي تكلمت في الجلسة الخامسة؟", "ar", "6", "5"),
        ("ما الدول التي أدلت ببيانات بعد حلقة النقاش المعنية بالاتجار بالأشخاص؟", "ar", "6", "5"),
        ("أي دول تكلمت بعد حلقة النقاش المعنية بالعملات المشفرة؟", "ar", "4", "3"),
    ],
)
def test_the_countries_of_an_occasion_are_found_behind_it(
    engine: Engine, question: str, language: Language, spoken: str, named: str
) -> None:
    found = engine.find(question, None, None)
    assert [str(quote.ref) for quote in found.quotes] == [spoken]
    assert found.confidence == CONFIDENCE
    assert found.note == say("occasion", language, refs=parse_ref(named).label(language))


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Which countries spoke at the 7th meeting?",  # there was none
        "Which countries spoke after the panel on fisheries?",  # nor that
        "Which countries spoke after the 4th panel discussion?",  # there were three
        "Which countries spoke at the third meeting?",  # those of the report are the 4th to 6th
        "ما الدول التي تكلمت بعد حلقة النقاش الرابعة؟",
        "Which countries spoke on 12 March at the meeting?",
        "ما الدول التي تكلمت في الجلسة السابعة؟",
        "ما الدول التي تكلمت بعد حلقة النقاش المعنية بمصائد الأسماك؟",
    ],
)
def test_of_an_occasion_that_is_not_named_no_countries_are_told(engine: Engine, question: str) -> None:
    found = engine.find(question, None, None)
    assert not {str(quote.ref) for quote in found.quotes} & {"4", "6", "8"}


@pytest.mark.parametrize(
    "question",
    [
        "Which countries spoke?",  # an overview
        "Which countries spoke about cybercrime?",  # what was said, and no occasion
        "Which countries spoke before the panel on trafficking?",
        "Which countries spoke against the panel's proposal?",
        "Which countries didn't take the floor at the fifth meeting?",
        "أي دول غير إيطاليا تكلمت في الجلسة الخامسة؟",
        "Who moderated the panel on trafficking?",
        "ما الدول التي تكلمت عن الجريمة السيبرانية في الجلسة؟",
        "Which European countries spoke at the 4th meeting?",  # of all that spoke, some: paragraph 3 has "European"
        "Which Latin American countries spoke at the 5th meeting?",
        "أي الدول الأوروبية تكلمت في الجلسة الرابعة؟",
        "Which countries spoke at the meeting after the 5th meeting?",  # the one after it
        "ما الدول التي تكلمت في الجلسة بعد الجلسة الخامسة؟",
        "Which countries spoke at the sixth meeting of Committee I?",  # and not of Committee II
        "Which countries' panellists spoke at the 5th meeting?",
        "",
    ],
)
def test_what_asks_something_else_names_no_occasion(question: str) -> None:
    """Tried by hand, without what is new: each of the last seven questions named one."""
    assert occasions_asked(question) is None


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("ما الدول التي تكلمت بعد حلقة النقاش المعنية بالذكاء الاصطناعي؟", ["كندا", "الأرجنتين"]),
        ("Which countries spoke after the panel on artificial intelligence?", ["Canada", "Argentina"]),
    ],
)
def test_the_countries_are_marked_in_both_languages(engine: Engine, question: str, named: list[str]) -> None:
    """Before, no country was in an Arabic answer's `spans`."""
    found = engine.find(question, None, None)
    [report] = engine.contents.reports
    texts = {language: report.rendering(language).by_ref for language in LANGUAGES}
    assert [texts[m.language][m.ref].text[m.start : m.end] for m in found.marked] == named


@pytest.mark.model
def test_an_overview_of_the_countries_marks_each(engine: Engine) -> None:
    for question in ("Which countries spoke?", "ما الدول التي تكلمت؟"):
        found = engine.find(question, None, None)
        assert len(found.marked) == 7 + 3 + 2


@pytest.mark.model
def test_where_several_occasions_are_meant_each_is_told(engine: Engine) -> None:
    """Irakli Beridze sat on two panels. Before, only the countries after one of them came."""
    found = engine.find("Which countries spoke after the panel led by Irakli Beridze?", None, None)
    assert [str(quote.ref) for quote in found.quotes] == ["6", "8"]
    assert found.note == say("occasion", "en", refs="5, 7")
