"""Who is asked about by name must be named in the answer, and a statement that is only mentioned tells nothing.

Tried by hand, without `Statements`: 21 of these tests fail. A country that did not speak was answered with those that
did, and "What did … say?" with the sentence that a statement was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from index.build import build_index
from index.disk.report_library import Decide
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from index.search.wording.answer_types import asked_types
from index.search.wording.countries import countries_named, spelled_out
from service.answering.composed.speaking import only_mentions
from service.answering.composed.statements import speech_asked
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.reports.ingest import Upload, Wanted, take_in
from service.settings import Settings
from service.state import State, load_engine
from tests.support.services import LOCAL

PORTS = """A/CONF.777/3

Ports

1. The Committee considered ports.
2. The President took the floor.
3. The representative of the Republic of Korea made a statement on tugs, stressing that tugs need pilots.
4. The representatives of Kenya and Viet Nam made statements on Japan.
5. The observer for the Port Union also made a statement.
6. Pilots steer.
"""


def asked(client: TestClient, question: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": question, **more}).json()
    return answer


def refs(answer: dict[str, Any]) -> list[str]:
    return [citation["ref"] for citation in answer["citations"]]


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings, embedder = Settings(data_dir=tmp_path_factory.mktemp("ports")), HashEmbedder()

    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        return build_index(settings.index_dir, base, embedder, "hash", added=added, ready=decide)

    take_in(settings.library(), [Upload("ports.en.txt", PORTS.encode(), None)], Wanted("ports"), build)
    state = State(settings, WorkQueue(8, 10.0), load_engine(settings, embedder))
    with TestClient(build_app(state), base_url=LOCAL) as opened:
        yield opened


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Did Brazil take the floor?", "6"),
        ("Did Morocco speak at the workshop?", "4"),
        ("Did Russia speak?", "4"),
        ("Did the US make a statement?", "4"),
        ("هل أدلت فرنسا ببيان؟", "4"),
        ("هل أدلت الارجنتين ببيان؟", "8"),
        ("هل تكلمت روسيا؟", "4"),
        ("Did the representative of UNAFEI speak?", "8"),
        ("Did Brazil speak after the second panel?", "6"),
        ("Did the Chair make an opening statement?", "3"),
    ],
)
def test_who_spoke_is_told_with_the_sentence_that_says_so(client: TestClient, question: str, cited: str) -> None:
    answer = asked(client, question)
    assert refs(answer) == [cited]
    assert answer["brief"] is None


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("Did the representative of Japan speak?", None),
        ("What did the representative of Japan say?", None),
        ("هل تكلم ممثل مصر؟", None),
        ("ماذا قال ممثل اليابان؟", None),
        ("Did Spain make a statement?", None),  # somebody from Spain sat on a panel
        ("Did Brazil speak at the fourth meeting?", None),  # it did at the fifth
        ("Did the representative of UNICEF speak?", None),
        ("What did the representative of Italy say?", "6"),
        ("What did Morocco say about cybercrime?", "4"),
        ("What did UNAFEI's representative propose?", "8"),
        ("ما الذي اقترحته ممثلة معهد آسيا والشرق الأقصى؟", "8"),
        ("What did the Chair propose in the opening statement?", "3"),
        ("ماذا قال رئيس اللجنة في كلمته الافتتاحية؟", "3"),
    ],
)
def test_what_is_not_told_is_declined_with_what_is_nearest(
    client: TestClient, question: str, nearest: str | None
) -> None:
    answer = asked(client, question)
    assert answer["reason"] == "not_in_report"
    assert not answer["citations"]
    assert answer["passages"][0]["quote"]
    assert nearest in (None, answer["passages"][0]["ref"])


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What did the Chair invite the participants to consider?", "21"),
        ("What did the keynote speaker of the first panel say?", "9"),
        ("What does the report say about Morocco?", "4"),
        ("Which regional institute spoke besides Canada and Argentina?", "8"),
        ("Who came from Spain?", "3"),
    ],
)
def test_what_is_told_is_answered_as_before(client: TestClient, question: str, cited: str) -> None:
    assert refs(asked(client, question))[0] == cited


@pytest.mark.model
def test_of_several_countries_each_is_looked_for(client: TestClient) -> None:
    both = asked(client, "Did Italy and Canada speak?")
    assert (refs(both), both["note"]) == (["6", "8"], None)
    one = asked(client, "Did Egypt and Canada speak?")
    assert refs(one) == ["8"]
    assert one["note"] == "The report answers only a part of this question."


@pytest.mark.model
def test_a_list_of_panellists_does_not_tell_what_was_said(client: TestClient) -> None:
    """Before: sure, with the keynote speaker of another panel in brief."""
    assert refs(asked(client, "ماذا قال المتكلم الرئيسي في حلقة النقاش الأولى؟")) in ([], ["9"])


def test_of_another_report_too(ports: TestClient) -> None:
    """Its countries bear the names that the United Nations give them; one says what it said."""
    for country in ("South Korea", "the Republic of Korea", "Vietnam", "Kenya"):
        assert refs(asked(ports, f"Did {country} speak?", report="ports")) in (["3"], ["4"])
    assert refs(asked(ports, "Did the President take the floor?", report="ports")) == ["2"]
    assert refs(asked(ports, "Did Japan speak?", report="ports")) == []  # it was spoken on
    declined = asked(ports, "What did the President say?", report="ports")
    assert declined["reason"] == "not_in_report"
    assert declined["passages"][0]["ref"] == "2"


@pytest.mark.parametrize(
    ("sentence", "bare"),
    [
        ("Statements were made by the representatives of Italy, the Philippines and Brazil.", True),
        ("The Chair of the Committee delivered an opening statement.", True),
        ("The representative of Ghana took the floor.", True),
        ("وتكلمت أيضا ممثلة معهد آسيا والشرق الأقصى.", True),
        ("أدلى رئيس اللجنة بكلمة افتتاحية.", True),
        ("وألقى الرئيس كلمة.", True),
        ("The representative of Ghana made a statement on tugs.", False),
        ("The Chair delivered a statement, inviting all to be brief.", False),
        ("وتكلم ممثل غانا مشددا على أهمية الموانئ.", False),
        ("وأدلى الرئيس ببيان بشأن الموانئ.", False),
        ("Pilots steer.", False),
    ],
)
def test_a_sentence_that_only_mentions_a_statement_is_known(sentence: str, bare: bool) -> None:
    assert only_mentions(sentence) is bare


@pytest.mark.parametrize(
    "question",
    [
        "What does the report say about Morocco?",
        "ماذا قيل عن المغرب؟",
        "Which countries spoke besides Morocco?",
        "What did speakers say about training?",
        "Who came from Spain?",
        "What did the Chair invite the participants to consider?",
    ],
)
def test_other_questions_ask_of_no_statement(question: str) -> None:
    assert speech_asked(question) is None


def test_a_country_is_known_by_each_of_its_names() -> None:
    names = {"RU": "روسيا؛ الاتحاد الروسي; Russia; the Russian Federation", "EG": "مصر; Egypt; لمصر", "BR": "للبرازيل"}
    for code, named in names.items():
        assert all(list(countries_named(name)) == [code] for name in named.replace("؛", ";").split("; "))
    assert list(countries_named(spelled_out("the UK"))) == ["GB"]
    assert not countries_named(spelled_out("let us speak of دعم مالي"))


def test_a_question_that_names_its_country_asks_for_none() -> None:
    """Before, "representative" asked for countries: seven others were the brief answer."""
    assert "country" not in asked_types("What did the representative of Japan say?")
    assert "country" not in asked_types("من هو ممثل الإنتربول؟")
    assert "country" in asked_types("Which countries spoke besides Morocco?")
    assert "country" in asked_types("ممثلات أي دول تكلمن في الجلسة السادسة؟")
