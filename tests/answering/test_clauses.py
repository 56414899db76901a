"""A question that asks two things is answered for each of them, from the paragraphs that answer each."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from service.answering.clauses import MOST, clauses
from service.answering.messages import say


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who moderated, and when was it held?", ("Who moderated", "when was it held?")),
        ("Who moderated? When was it held?", ("Who moderated?", "When was it held?")),
        ("What was said and who said it?", ("What was said", "who said it?")),
        ("من أدار الجلسات، ومتى عُقدت؟", ("من أدار الجلسات", "متى عُقدت؟")),
        ("من أدار الجلسات؟ وما رمز ورقة العمل؟", ("من أدار الجلسات؟", "وما رمز ورقة العمل؟")),
    ],
)
def test_two_questions_in_one_are_parted(question: str, parts: tuple[str, ...]) -> None:
    assert clauses(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who moderated the meetings?",
        "Which tools were developed by UNODC and which were supported?",  # "and which" goes on about the tools
        "What are the risks and benefits of artificial intelligence?",
        "What was said about weapons, their parts and components?",
        "ما الذي قيل عن الأسلحة وما يتصل بها؟",
        "من تكلم؟ ومن؟",  # one word is no question
        "Which tools won support? Please list them.",
        "Who? What? When? Where? Why?",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert clauses(question) == (question,)


@given(st.text(alphabet="ab ?؟,،;wo", max_size=80))
def test_parting_loses_no_letter_but_the_joint(question: str) -> None:
    parts = clauses(question)
    assert 1 <= len(parts) <= MOST
    assert all(part in question for part in parts)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Who came from INTERPOL, and what is its Innovation Centre for?", ["7", "17"]),
        ("من أدار الجلسات الثلاث، وما رمز ورقة العمل عن جائحة كوفيد-19؟", ["1(b)", "2"]),
    ],
)
def test_both_halves_are_answered_in_reading_order(client: TestClient, question: str, refs: list[str]) -> None:
    """Taken out: `parts` empty in `Engine._from_retrieval`, and paragraph 17 alone was cited."""
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert list(dict.fromkeys(citation["ref"] for citation in answer["citations"])) == refs
    assert answer["note"] is None


@pytest.mark.model
def test_where_only_one_half_is_answered_a_note_says_so(client: TestClient) -> None:
    question = "Who moderated the three meetings of the workshop, and how much were the hotel rooms in Kyoto?"
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert {citation["ref"] for citation in answer["citations"]} == {"2"}
    assert answer["note"] == say("partly", "en")
