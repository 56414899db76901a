"""Whether, where and in which paragraph the report mentions something: answered as the topic alone is.

Of 41 such questions 33 were declined, though "What does the report say about …?" was answered at .90.
"""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.answering.composed.topics import topic_of, topic_sought

MENTIONED = [
    (
        "SHERLOC",
        ["Which paragraph mentions SHERLOC?", "Where in the report is SHERLOC mentioned?", "paragraph on SHERLOC"],
    ),
    (
        "cryptocurrencies",
        [
            "Does the report mention cryptocurrencies?",
            "Does it talk about the cryptocurrencies at all?",
            "Are cryptocurrencies mentioned anywhere in this report?",
            "Find the paragraphs that mention cryptocurrencies",
        ],
    ),
    (
        "privacy",
        [
            "Where is privacy mentioned?",
            "Where does the report mention privacy?",
            "what's said about privacy",
            "whats said about privacy",
            "In which paragraph is privacy discussed?",
            "How often is privacy mentioned?",
            "And where can I read about privacy?",
        ],
    ),
    (
        "corruption",
        [
            "Does the report discuss corruption?",
            "Does the document say anything about corruption?",
            "Is there any mention of corruption in the report?",
            "Has corruption been mentioned?",
            "What paragraph is about corruption?",
        ],
    ),
    (
        "الفساد",
        [
            "هل ورد ذكر الفساد؟",
            "هل ذُكر الفساد في التقرير؟",
            "هل يذكر التقرير الفساد؟",
            "هل تطرق هذا التقرير إلى الفساد؟",
            "هل يتحدث التقرير عن الفساد؟",
            "هل في التقرير شيء عن الفساد؟",
            "أين ورد ذكر الفساد؟",
            "كم مرة ذكر الفساد؟",
            "اي الفقرات تتحدث عن الفساد",
        ],
    ),
    ("بوابة شيرلوك", ["أين وردت بوابة شيرلوك في التقرير؟", "الفقرة المتعلقة ببوابة شيرلوك"]),
    ("العملات المشفرة", ["ما الفقرات التي تذكر العملات المشفرة؟", "وفي أي فقرة وردت العملات المشفرة؟"]),
    ("إدارة المخزونات", ["أي فقرة تتناول إدارة المخزونات؟", "ما هي الفقرة التي تشير إلى إدارة المخزونات؟"]),
]
ABSENT = [
    "Does the report mention ransomware?",
    "Does the report mention bitcoin?",
    "Where is terrorism mentioned?",
    "Which paragraph discusses climate change?",
    "Does the report mention Egypt?",
    "هل يذكر التقرير برامج الفدية؟",
    "أين ورد ذكر الإرهاب؟",
    "أي فقرة تتناول تغير المناخ؟",
]
NO_TOPIC = [
    "Does the report mention how many people attended?",
    "Does the report mention whether it rained?",
    "Does the report say that it rained?",
    "Which paragraph says who moderated the workshop?",
    "Who mentioned privacy?",
    "When was privacy discussed?",
    "Where was the workshop held?",
    "Is the report available in Arabic?",
    "هل يذكر التقرير كم دولة حضرت؟",
    "هل يذكر التقرير ما إذا أمطرت؟",
    "هل ورد أن المطر نزل؟",
    "من ذكر الخصوصية؟",
    "أين عقدت حلقة العمل؟",
    "في أي جلسة نوقشت الأسلحة النارية؟",
]


@pytest.mark.parametrize(("topic", "question"), [(topic, q) for topic, questions in MENTIONED for q in questions])
def test_the_words_around_are_no_part_of_the_topic(topic: str, question: str) -> None:
    """Tried by hand: the frames as they were, and every one of these fails."""
    assert topic_of(question) == topic


@pytest.mark.parametrize("question", NO_TOPIC)
def test_what_asks_something_of_a_topic_is_none(question: str) -> None:
    assert topic_of(question) is None


def test_only_who_asks_whether_it_is_mentioned_wants_the_word() -> None:
    assert topic_sought("Is bitcoin mentioned?") == "bitcoin"
    assert topic_sought("What was said about bitcoin?") is None
    assert topic_sought("ماذا قيل عن الفساد؟") is None


@pytest.mark.model
@pytest.mark.parametrize(("topic", "question"), [(topic, questions[0]) for topic, questions in MENTIONED])
def test_it_is_answered_as_the_topic_alone_is(client: TestClient, topic: str, question: str) -> None:
    """Tried by hand: the frames as they were, and seven of the eight are declined."""
    asked, alone = (client.post("/v1/ask", json={"question": text}).json() for text in (question, topic))
    assert asked["answered"]
    assert asked["citations"][0]["ref"] == alone["citations"][0]["ref"]
    assert asked["note"] == alone["note"]


@pytest.mark.model
@pytest.mark.parametrize("question", ABSENT)
def test_what_no_paragraph_has_a_word_of_is_not_mentioned(client: TestClient, question: str) -> None:
    """Tried by hand: without `topic_sought` "bitcoin" is answered with the paragraph on cryptocurrencies."""
    found = client.post("/v1/ask", json={"question": question}).json()
    assert (found["answered"], found["reason"]) == (False, "not_in_report")
