"""Questions that name paragraphs by number: which paragraphs answer, and what is said where they do not."""

from __future__ import annotations

import pytest

from service.answering.certainty import certainty
from service.answering.engine import Engine
from service.records import Finding

pytestmark = pytest.mark.model


def refs(found: Finding) -> list[str]:
    """What is quoted, each once, in order."""
    return list(dict.fromkeys(str(quote.ref) for quote in found.quotes))


@pytest.mark.parametrize("text", ["21(a)", "21a", "21 A", "See 21(a)", "21 (a) please", "٢١(أ)", "21(أ)?"])
def test_a_paragraph_typed_alone_is_shown_though_its_letter_is_a_word(engine: Engine, text: str) -> None:
    """Tried by hand: with digits left out of small talk's words, those in Latin letters are greeted."""
    assert refs(engine.find(text, None, None)) == ["21(a)"]


@pytest.mark.parametrize("text", ["9(a)", "21u", "21(u)?"])
def test_a_paragraph_that_is_not_there_is_told_though_its_letter_is_a_word(engine: Engine, text: str) -> None:
    assert engine.find(text, None, None).reason == "unknown_paragraph"


@pytest.mark.parametrize(
    "text",
    [
        "What does paragraph 15 say about cryptocurrencies?",
        "Does paragraph 4 mention Japan?",
        "Is Japan mentioned in paragraph 4?",
        "In paragraph 12, who moderated the workshop on boats?",
        "هل ذكرت الفقرة ٤ اليابان؟",
        "ماذا تقول الفقرة ١٥ عن العملات المشفرة؟",
    ],
)
def test_a_paragraph_that_has_none_of_the_words_is_not_sure_to_answer(engine: Engine, text: str) -> None:
    """Tried by hand: unrelated sentences of it were an answer of 1.0, without a note."""
    found = engine.find(text, None, None)
    said = "لا يرد أي من الألفاظ" if found.language == "ar" else "None of the words"
    assert found.note is not None
    assert found.note.startswith(said)
    assert certainty(found.confidence) == "doubtful"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What does paragraph 21 say about firearms?", ["21(b)", "21(c)", "21(d)", "21(e)"]),
        ("ماذا تقول الفقرة ٢١ عن الأسلحة النارية؟", ["21(b)", "21(c)", "21(d)", "21(e)"]),
        ("What does paragraph 21 say about AI?", ["21(g)", "21(j)", "21(k)"]),
        ("Does paragraph 4 mention Morocco?", ["4"]),
        ("هل ذكرت الفقرة ٤ المغرب؟", ["4"]),
        ("Who spoke, according to paragraph 4?", ["4"]),
        ("من تكلم بحسب الفقرة ٤؟", ["4"]),
        ("When did the workshop take place, by paragraph 1?", ["1"]),
    ],
)
def test_a_paragraph_that_has_the_words_answers_with_the_sentences_that_hold_them(
    engine: Engine, text: str, expected: list[str]
) -> None:
    """Tried by hand: all of paragraph 21 came."""
    found = engine.find(text, None, None)
    assert (refs(found), found.confidence, found.note) == (expected, 1.0, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("third subparagraph of para 21", ["21(c)"]),
        ("What is the last sub-paragraph of paragraph 21?", ["21(k)"]),
        ("paragraph 21, second sub-paragraph", ["21(b)"]),
        ("the last two sub-paragraphs of paragraph 1", ["1(c)", "1(d)"]),
        ("آخر فقرة فرعية من الفقرة ٢١", ["21(k)"]),
        ("الفقرة الفرعية الثالثة من الفقرة ٢١", ["21(c)"]),
        ("ثالث فقرة فرعية في الفقرة ٢١", ["21(c)"]),
        ("the penultimate paragraph", ["20"]),
        ("What does the second to last paragraph say?", ["20"]),
        ("الفقرة قبل الأخيرة", ["20"]),
        ("the first two paragraphs", ["1", "1(a)", "1(b)", "1(c)", "1(d)", "2"]),
    ],
)
def test_paragraphs_are_named_by_their_place(engine: Engine, text: str, expected: list[str]) -> None:
    """Tried by hand: without what is counted, each is answered by all of the paragraph, or declined."""
    assert refs(engine.find(text, None, None)) == expected


@pytest.mark.parametrize(
    "text", ["the last paragraph", "Show me the final paragraph", "الفقرة الأخيرة", "آخر فقرة في التقرير"]
)
def test_the_last_paragraph_is_the_last_number_with_all_that_is_below_it(engine: Engine, text: str) -> None:
    found = refs(engine.find(text, None, None))
    assert (found[0], found[-1]) == ("21", "21(k)")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("What is the second sentence of paragraph 9?", [1]),
        ("In paragraph 9, what is the last sentence?", [5]),
        ("the second and third sentences of para. 9", [1, 2]),
        ("the last two sentences of paragraph 9", [4, 5]),
        ("sentence 3 of paragraph 9", [2]),
        ("ما الجملة الثانية من الفقرة ٩؟", [1]),
        ("آخر جملة في الفقرة ٩", [5]),
        ("أول جملتين من الفقرة ٩", [0, 1]),
    ],
)
def test_sentences_are_named_by_their_place(engine: Engine, text: str, places: list[int]) -> None:
    """Tried by hand: without what is counted, three others of its six sentences answer."""
    found = engine.find(text, None, None)
    every = engine.find("الفقرة ٩" if found.language == "ar" else "paragraph 9", None, None).quotes
    assert found.quotes == tuple(every[place] for place in places)


def test_a_place_beyond_the_last_is_told(engine: Engine) -> None:
    for text in ("the ninth sentence of paragraph 9", "الجملة التاسعة من الفقرة ٩"):
        found = engine.find(text, None, None)
        assert (found.reason, "6" in found.message) == ("unknown_paragraph", True)
    some = engine.find("the sixth and seventh sentences of paragraph 9", None, None)
    assert len(some.quotes) == 1
    assert some.note is not None
    assert "paragraph 9; the number of sentences there is 6" in some.note
    assert "21(o)" in engine.find("the fifteenth sub-paragraph of paragraph 21", None, None).message
    assert "9(a)" in engine.find("the first sub-paragraph of paragraph 9", None, None).message


@pytest.mark.parametrize(
    "text", ["paragraph 0", "What does paragraph 0 say?", "ماذا تقول الفقرة 0؟", "paragraph 12345"]
)
def test_a_number_that_no_paragraph_has_is_told(engine: Engine, text: str) -> None:
    """Tried by hand: without `beyond`, "paragraph 0" is told to have none of the report's words."""
    assert engine.find(text, None, None).reason == "unknown_paragraph"


@pytest.mark.parametrize(
    "text", ["the last paragraph of the Kyoto Declaration", "Who was the keynote speaker of the last panel discussion?"]
)
def test_what_is_last_elsewhere_is_not_the_last_paragraph(engine: Engine, text: str) -> None:
    assert "21(k)" not in refs(engine.find(text, None, None))


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        (["What does paragraph 21 (b) say?"], "and (c)?", ["21(c)"]),
        (["ماذا تقول الفقرة ٢١ (ب)؟"], "و(ج)؟", ["21(c)"]),
        (["21(b)"], "What about (d) and (e)?", ["21(d)", "21(e)"]),
        (["الفقرة ٢١ (ب)"], "وماذا عن الفقرة الفرعية (ج)؟", ["21(c)"]),
        (["21(b)"], "and the next one?", ["21(c)"]),
        (["الفقرة ٢١ (ب)"], "والتالية؟", ["21(c)"]),
        (["paragraph 9"], "and the one before?", ["8"]),
        (["الفقرة ٩"], "وما قبلها؟", ["8"]),
        (["Summarise paragraphs 9 to 11"], "the next paragraph", ["12"]),
        (["What does paragraph 9 say?"], "and 10?", ["10"]),
        (["ماذا تقول الفقرة ٩؟"], "و١٠؟", ["10"]),
        (["21(b)", "and (c)?", "And in Arabic?"], "and the next?", ["21(d)"]),
        (["21(b)"], "and the last one?", ["21(k)"]),
        (["paragraph 21"], "the last sub-paragraph?", ["21(k)"]),
        (["paragraph 9"], "and the second sentence?", ["9"]),
    ],
)
def test_a_question_goes_on_from_the_paragraph_before(
    engine: Engine, before: list[str], text: str, expected: list[str]
) -> None:
    """Tried by hand: where the questions before are not handed on, each is declined or answered from elsewhere."""
    found = engine.find(text, None, None, before)
    assert (refs(found), found.confidence) == (expected, 1.0)


def test_what_goes_on_beyond_the_last_is_told(engine: Engine) -> None:
    assert "22" in engine.find("and the next one?", None, None, ["paragraph 21"]).message
    assert "21 (ل)" in engine.find("والتالية؟", None, None, ["٢١ (ك)"]).message


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("Which countries spoke at the fifth meeting?", "and the next one?"),
        ("Who moderated the workshop?", "and (c)?"),
        ("paragraph 9", "and 2021?"),
        ("paragraph 9", "and 12 countries?"),
        ("paragraph 9", "Who moderated the workshop?"),
        ("paragraph 9", "k"),
        ("What does paragraph 9 of the Kyoto Declaration say?", "and (c)?"),
    ],
)
def test_what_goes_on_from_no_paragraph_is_asked_as_ever(engine: Engine, before: str, text: str) -> None:
    found = engine.find(text, None, None, [before])
    assert found.confidence < 1
    assert found.reason != "unknown_paragraph"
