"""In the quote of a who, when or which question, the words that are asked for are marked."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect
from corpus.records import Rendering
from corpus.refs import parse_ref
from corpus.reports import load_report
from corpus.text import clean, fold, fold_aligned
from service.answering.pinpoint import Pinpointer

REPORT = load_report("kyoto-2021-workshop-4")
PANEL = ["Cheol-kyu Hwang", "Roderic Broadhurst", "Irakli Beridze", "Luciano Kuppens", "Arisa Ema", "Taegyung Gahng"]


def marked(question: str, ref: str) -> list[str]:
    text = REPORT.rendering(detect(question).language).by_ref[parse_ref(ref)].text
    return [text[span.start : span.end] for span in Pinpointer(question).find(text)]


@pytest.mark.parametrize(
    ("question", "ref", "words"),
    [
        ("When was the workshop held?", "1", ["10 and 11 March 2021"]),
        ("متى عُقدت حلقة العمل؟", "1", ["10 و11 آذار/مارس 2021"]),
        ("What is the symbol of the working paper?", "1(b)", ["A/CONF.234/15"]),
        ("ما رمز ورقة العمل؟", "1(b)", ["A/CONF.234/15"]),
        ("Which resolution established the committee?", "11", ["74/247"]),
        ("Who moderated the meetings?", "2", ["Phelan Wyrick", "Han-kyun Kim", "Dimosthenis Chrysikos"]),
        ("من أدار الجلسات؟", "2", ["فيلان ويريك", "هان-كيون كيم", "ديموسثينيس كريسكوس"]),
        ("Which countries spoke?", "6", ["Italy", "Philippines", "Brazil"]),
        ("ما البلدان التي تكلمت؟", "6", ["إيطاليا", "الفلبين", "البرازيل"]),
        ("Which company does Hayato Shigekawa work for?", "3", ["Chainalysis"]),
        ("إلى أي جامعة ينتمي توماس هولت؟", "3", ["جامعة ولاية ميشيغان"]),
    ],
)
def test_the_words_asked_for_are_marked(question: str, ref: str, words: list[str]) -> None:
    assert marked(question, ref) == words


def test_of_a_list_the_item_that_the_question_is_about_is_marked() -> None:
    """Taken out: `_of_item` returned all it was given, and all six panellists were marked."""
    assert marked("Who represented Chainalysis?", "3") == ["Hayato Shigekawa"]
    assert marked("Who was the keynote speaker of the fifth meeting?", "5") == ["Douglas Durán"]


def test_a_list_asked_for_as_a_whole_is_marked_as_a_whole() -> None:
    assert marked("Who were the panellists?", "7")[:6] == PANEL


@pytest.mark.parametrize("question", ["Why are guidelines necessary?", "Did Morocco speak?", "كيف يعمل البرنامج؟"])
def test_other_questions_mark_nothing(question: str) -> None:
    assert marked(question, "4") == []


def test_what_the_question_says_already_is_not_marked() -> None:
    """Taken out: the comparison with the question's own words, and Morocco was marked."""
    assert "Morocco" not in marked("Which countries spoke besides Morocco?", "4")


@given(st.text(alphabet="ab ;:,.ABéتُر٢/1آ", max_size=60), st.sampled_from(["who", "when", "which countries", "متى"]))
def test_marks_lie_in_the_quote_in_order_and_apart(quote: str, question: str) -> None:
    end = 0
    for span in Pinpointer(question).find(quote):
        assert end <= span.start < span.end <= len(quote)
        end = span.end


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Mn")), max_size=40).map(clean))
def test_folding_with_positions_finds_the_place_of_each_letter(text: str) -> None:
    folded, origins = fold_aligned(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(character in fold(text[at]) or character == " " for character, at in zip(folded, origins, strict=True))


@pytest.mark.parametrize("rendering", REPORT.renderings, ids=lambda rendering: rendering.language)
def test_folding_with_positions_folds_the_report_as_folding_does(rendering: Rendering) -> None:
    for paragraph in rendering.paragraphs:
        assert fold_aligned(paragraph.text)[0].strip() == fold(paragraph.text)


@pytest.mark.model
@pytest.mark.parametrize("question", ["Who moderated the three meetings?", "من أدار الجلسات الثلاث؟"])
def test_the_api_counts_marks_in_the_paragraph(client: TestClient, question: str) -> None:
    answer = client.post("/v1/ask", json={"question": question}).json()
    [citation] = answer["citations"]
    text = REPORT.rendering(answer["language"]).by_ref[parse_ref(citation["ref"])].text
    names = [text[span["start"] : span["end"]] for span in citation["spans"]]
    assert names in (["Phelan Wyrick", "Han-kyun Kim", "Dimosthenis Chrysikos"], marked(question, "2"))
    assert all(citation["start"] <= s["start"] < s["end"] <= citation["end"] for s in citation["spans"])
