"""Questions about the answer before: whether it is sure, where it stands, the same in the other language; greetings.

Asked of the report, "Are you sure?" was answered from paragraph 19, and "And in Arabic?" in English.
"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from corpus.refs import parse_ref
from service.answering.about_answers import asks_about_answer
from tests.support.doubt import doubtful_question

SURE = [
    "Are you sure?",
    "Really?",
    "is that true?",
    "How do you know that?",
    "هل أنت متأكد؟",
    "كيف عرفت ذلك؟",
    "هل هذا صحيح؟",
]
PLACE = [
    "Which paragraph is that?",
    "where does it say that",
    "source?",
    "أي فقرة هذه؟",
    "أين ورد ذلك؟",
    "وفي أي فقرة؟",
]
ARABIC = ["And in Arabic?", "Arabic please", "Can you translate that into Arabic?", "وبالعربية؟", "ترجمها إلى العربية"]
ENGLISH = ["And in English?", "the English version", "وبالإنكليزية؟", "بالإنجليزية", "أريد الجواب بالإنكليزية"]
OF_THE_REPORT = [
    "Which paragraph speaks of firearms?",
    "Where was the workshop held?",
    "Who spoke in Arabic?",
    "Is the Arabic text official?",
    "What about artificial intelligence?",
    "How sure are panellists of their evidence?",
    "في أي جلسة نوقشت الأسلحة النارية؟",
]


def ask(client: TestClient, *questions: str) -> dict[str, Any]:
    history: list[dict[str, str]] = []
    found: dict[str, Any] = {}
    for question in questions:
        found = client.post("/v1/ask", json={"question": question, "history": history}).json()
        history += [{"role": "user", "content": question}, {"role": "assistant", "content": found["answer"]}]
    return found


def cited(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(citation["ref"], citation["language"]) for citation in found["citations"]]


@pytest.mark.parametrize(
    ("question", "aim", "language"),
    [
        *((question, "sure", None) for question in SURE),
        *((question, "place", None) for question in PLACE),
        *((question, "language", "ar") for question in ARABIC),
        *((question, "language", "en") for question in ENGLISH),
    ],
)
def test_a_question_about_the_answer_is_known(question: str, aim: str, language: str | None) -> None:
    about = asks_about_answer(question)
    assert about is not None
    assert (about.aim, about.language) == (aim, language)


@pytest.mark.parametrize("question", OF_THE_REPORT)
def test_a_question_of_the_report_is_none(question: str) -> None:
    assert asks_about_answer(question) is None


@pytest.mark.model
def test_the_answer_is_shown_in_its_place_with_how_sure_it_is(client: TestClient, report: Report) -> None:
    first = ask(client, "Who represented Chainalysis?")
    found = ask(client, "Who represented Chainalysis?", "Are you sure?")
    assert found["answered"]
    assert found["confidence"] == first["confidence"]
    percent = f"{round(100 * first['confidence'])} per cent"
    assert percent in found["note"]
    [place], [before] = found["citations"], first["citations"]
    assert place["start"] <= before["start"]
    assert place["end"] >= before["end"]
    text = report.rendering("en").by_ref[parse_ref(place["ref"])].text
    assert text[place["start"] : place["end"]] == place["quote"]
    assert [text[s["start"] : s["end"]] for s in place["spans"]] == [before["quote"]]


@pytest.mark.model
def test_the_same_citations_come_in_the_other_language(client: TestClient) -> None:
    english = ask(client, "Why are ethical guidelines on artificial intelligence needed?")
    arabic = ask(client, "Why are ethical guidelines on artificial intelligence needed?", "And in Arabic?")
    assert arabic["language"] == "ar"
    assert cited(arabic) == [(ref, "ar") for ref, _ in cited(english)]
    back = ask(
        client, "Why are ethical guidelines on artificial intelligence needed?", "And in Arabic?", "وبالإنكليزية؟"
    )
    assert [c["quote"] for c in back["citations"]] == [c["quote"] for c in english["citations"]]
    declined = ask(client, "What is the price of bread?", "بالعربية")
    assert (declined["answered"], declined["language"]) == (False, "ar")
    assert declined["answer"].startswith("لا يجيب التقرير")


@pytest.mark.model
def test_an_overview_keeps_its_sections_in_the_other_language(client: TestClient) -> None:
    found = ask(client, "Summarise the report", "وبالعربية؟")
    assert [section["kind"] for section in found["sections"]] == ["subject", "parts", "speakers", "recommendations"]
    assert {language for _, language in cited(found)} == {"ar"}


@pytest.mark.model
def test_where_it_stands_is_told_as_a_citation(client: TestClient) -> None:
    found = ask(client, "Who moderated the meetings?", "Which paragraph is that?")
    assert cited(found) == [("2", "en")]
    assert "Report of Committee II: workshop 4, para. 2" in found["note"]


@pytest.mark.model
def test_a_topic_after_another_question_is_found(client: TestClient) -> None:
    found = ask(client, "Who moderated the meetings?", "What about artificial intelligence?")
    assert found["certainty"] == "sure"
    assert all("artificial intelligence" in citation["quote"].lower() for citation in found["citations"])


@pytest.mark.model
@pytest.mark.parametrize("question", ["Are you sure?", "وبالعربية؟", "Which paragraph is that?"])
def test_without_an_answer_before_it_there_is_nothing_to_go_back_to(client: TestClient, question: str) -> None:
    found = ask(client, question)
    assert (found["answered"], found["reason"], found["citations"]) == (False, "not_a_question", [])
    assert found["suggestions"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("greeting", "begins"),
    [("hello", "Hello."), ("مرحبا", "مرحباً."), ("Thanks!", "You are welcome."), ("شكرا", "على الرحب")],
)
def test_a_greeting_is_returned_with_questions_that_are_answered(
    client: TestClient, greeting: str, begins: str
) -> None:
    found = ask(client, greeting)
    assert (found["answered"], found["reason"]) == (False, "not_a_question")
    assert found["answer"].startswith(begins)
    assert found["suggestions"]
    for suggestion in found["suggestions"]:
        assert suggestion in found["answer"]
        assert ask(client, suggestion)["answered"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "brief"),
    [
        ("When was the workshop held?", "10 and 11 March 2021"),
        ("Who was the panellist from Chainalysis?", "Hayato Shigekawa"),
        ("من مثّل شركة Chainalysis؟", "هياتو شيغيكوا"),
        ("How many panellists discussed ethical considerations?", "Two panellists"),
        ("Why are ethical guidelines on artificial intelligence needed?", None),
    ],
)
def test_the_words_that_answer_by_themselves_stand_apart(client: TestClient, question: str, brief: str | None) -> None:
    found = ask(client, question)
    if brief is None:
        assert found["brief"] is None
        return
    quote = found["citations"][found["brief"]["citation"]]
    at = found["brief"]["start"] - quote["start"]
    assert found["brief"]["text"] == brief == quote["quote"][at : at + len(brief)]


@pytest.mark.model
def test_a_doubtful_answer_begins_with_its_warning_in_a_chat(client: TestClient) -> None:
    asked = {"model": "fiqra", "messages": [{"role": "user", "content": doubtful_question(client, "en")}]}
    message = client.post("/v1/chat/completions", json=asked).json()["choices"][0]["message"]
    assert message["content"].startswith("This may not be what you asked about.")
    for annotation in message["annotations"]:
        marked = annotation["url_citation"]
        assert message["content"][marked["start_index"] : marked["end_index"]].startswith("[")


@pytest.mark.model
def test_a_long_row_of_questions_about_one_answer_is_read_once(client: TestClient) -> None:
    history = [{"role": "user", "content": "Are you sure?"}] * 19
    found = client.post("/v1/ask", json={"question": "Really?", "history": history}).json()
    assert found["reason"] == "not_a_question"
    history[0] = {"role": "user", "content": "What is the price of bread?"}
    history[5] = {"role": "user", "content": "And in Arabic?"}
    assert client.post("/v1/ask", json={"question": "Really?", "history": history}).json()["reason"] == "not_in_report"
