"""The second panel is the second that a report introduces, whatever the report is, and beyond the last there is none.

Tried by hand, with `Introduced.nth` giving none: 21 of these questions were answered from another panel, or declined.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from index.build import build_index
from index.disk.report_library import Decide
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from service.answering.composed.occasion_questions import occasions_asked
from service.answering.composed.ordinals import LAST, Ordinal, ordinals
from service.answering.engine import Engine
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.reports.ingest import Upload, Wanted, take_in
from service.settings import Settings
from service.state import State, load_engine
from tests.support.services import LOCAL

# Panels that bear no number, of which one says in the next paragraph who sat on it, and one has two lists of speakers.
UNNUMBERED = """A/CONF.777/1

Harbours

Proceedings

1. The Committee held three panel discussions on harbours, each of which had several panellists.
2. The panel discussion on ferries was devoted to their insurance.
3. It was led by the following panellists: Alpha Example, Port Office; Beta Example, Boat Institute, as keynote speaker.
4. Statements were made by the representatives of Kenya and Norway.
5. The panel discussion on tugs was moderated by Gamma Example, Boat Institute.
6. Statements were made by the representatives of Chile and Japan.
7. Statements were also made by the representatives of Ghana and Peru.
8. A further panel discussion was chaired by Delta Example. It dealt with pilots.

Summary

9. Pilots steer. Tugs pull barges.
"""
NUMBERED = """A/CONF.777/2

الموانئ

الوقائع

1. عُقدت ثلاث جلسات بشأن الموانئ.
2. وفي الجلسة الحادية عشرة أدارت حلقة النقاش المعنية بالعبّارات السيدة ألفا.
3. وتكلم ممثلا كينيا والنرويج.
4. وفي الجلسة الثانية عشرة أدار حلقة النقاش المعنية بالقاطرات السيد بيتا.
5. وتكلمت ممثلتا شيلي واليابان.
"""


def reading(text: str, language: str, folder: Path) -> Iterator[TestClient]:
    settings, embedder = Settings(data_dir=folder), HashEmbedder()

    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        return build_index(settings.index_dir, base, embedder, "hash", added=added, ready=decide)

    take_in(settings.library(), [Upload(f"harbours.{language}.txt", text.encode(), None)], Wanted("harbours"), build)
    state = State(settings, WorkQueue(8, 10.0), load_engine(settings, embedder))
    with TestClient(build_app(state), base_url=LOCAL) as opened:
        yield opened


@pytest.fixture(scope="module")
def unnumbered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from reading(UNNUMBERED, "en", tmp_path_factory.mktemp("unnumbered"))


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from reading(NUMBERED, "ar", tmp_path_factory.mktemp("numbered"))


def cited(client: TestClient, question: str, *before: str) -> list[str]:
    history = [{"role": "user", "content": turn} for turn in before]
    answer = client.post("/v1/ask", json={"question": question, "report": "harbours", "history": history}).json()
    assert answer["answered"] == bool(answer["citations"])
    return list(dict.fromkeys(citation["ref"] for citation in answer["citations"]))


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Which countries spoke after the first panel?", ["4"]),
        ("Which countries spoke after panel 2?", ["6", "7"]),
        ("Which countries spoke after the first and second panels?", ["4", "6", "7"]),
        ("Which countries spoke after the third panel?", []),
        ("Which countries spoke after the fourth panel?", []),
        ("Who led the 1st panel discussion?", ["3"]),
        ("Who was the keynote speaker of the first panel?", ["3"]),
        ("Who moderated the second panel?", ["5"]),
        ("Who chaired the last panel?", ["8"]),
        ("Who chaired the fourth panel?", []),
    ],
)
def test_panels_without_numbers_are_counted(unnumbered: TestClient, question: str, refs: list[str]) -> None:
    assert cited(unnumbered, question) == refs


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("ما الدول التي تكلمت في الجلسة الثانية عشرة؟", ["5"]),
        ("ما الدول التي تكلمت في الجلسة ١١؟", ["3"]),
        ("ما الدول التي تكلمت في الجلستين الحادية عشرة والثانية عشرة؟", ["3", "5"]),
        ("ما الدول التي تكلمت في الجلسة الثانية؟", []),  # it is the twelfth that is the second here
        ("ما الدول التي تكلمت في الجلسة الثالثة عشرة؟", []),
        ("ما الدول التي تكلمت بعد حلقة النقاش الثانية؟", ["5"]),
        ("من أدار حلقة النقاش الثانية؟", ["4"]),
        ("من أدار حلقة النقاش الثالثة؟", []),
    ],
)
def test_meetings_are_called_by_the_numbers_that_they_bear(
    numbered: TestClient, question: str, refs: list[str]
) -> None:
    assert cited(numbered, question) == refs


def test_a_question_goes_on_to_another_occasion(unnumbered: TestClient, numbered: TestClient) -> None:
    """Tried by hand, without the questions before: declined, or the countries of all."""
    first = "Which countries spoke after the first panel?"
    assert cited(unnumbered, "And after the second?", first) == ["6", "7"]
    assert cited(unnumbered, "And after the first?", first, "And after the second?") == ["4"]
    assert cited(unnumbered, "And after the seventh?", first) == []
    assert cited(unnumbered, "and the next one?", first) == ["6", "7"]
    assert cited(unnumbered, "Which countries spoke there?", "Who moderated the second panel?") == ["6", "7"]
    assert cited(unnumbered, "Which countries spoke there?") == ["4", "6", "7"]
    assert cited(numbered, "والثانية عشرة؟", "ما الدول التي تكلمت في الجلسة الحادية عشرة؟") == ["5"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Who led the second panel discussion?", ["5"]),
        ("Who was the keynote speaker of the second panel?", ["5"]),
        ("Who spoke in the first panel discussion?", ["3"]),
        ("من أدار حلقة النقاش الأولى؟", ["3"]),
        ("من كان المتكلم الرئيسي في حلقة النقاش الثالثة؟", ["7"]),
        ("من أدار حلقة النقاش الرابعة؟", []),
        ("Who led the fourth panel?", []),
        ("How many panellists led the second panel?", ["5"]),
        ("كم متحاورا أدار حلقة النقاش الثانية؟", ["5"]),
        ("Who spoke at the fifth meeting?", ["5", "6"]),
        ("Which countries spoke after the second panel?", ["6"]),
        ("كم دولة تكلمت بعد حلقة النقاش الثانية؟", ["6"]),
        ("Which countries spoke at the fifth and sixth meetings?", ["6", "8"]),
        ("ما الدول التي تكلمت في الجلستين الخامسة والسادسة؟", ["6", "8"]),
        ("Which countries spoke at the first meeting of the workshop?", ["4"]),
        (
            "Which countries spoke after the panel on trafficking and after the one on artificial intelligence?",
            ["6", "8"],
        ),
    ],
)
def test_the_occasions_of_the_real_report(engine: Engine, question: str, refs: list[str]) -> None:
    assert list(dict.fromkeys(str(quote.ref) for quote in engine.find(question, None, None).quotes)) == refs


@pytest.mark.model
def test_a_keynote_speaker_is_named_in_brief(client: TestClient) -> None:
    """Before: Cheol-kyu Hwang, of the third panel."""
    answer = client.post("/v1/ask", json={"question": "Who was the keynote speaker of the second panel?"}).json()
    assert answer["brief"]["text"] == "Douglas Durán"


@pytest.mark.model
def test_of_two_occasions_the_one_that_was_is_told(engine: Engine) -> None:
    found = engine.find("Which countries spoke at the sixth and seventh meetings?", None, None)
    assert [str(quote.ref) for quote in found.quotes] == ["8"]
    assert found.note is not None
    assert found.note.endswith("only a part of this question.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the 5th meeting", [("meeting", 5)]),
        ("the two panels, the three meetings", []),
        ("4 panels", []),
        ("الجلسات الثلاث", []),
        ("panel 2, session III", [("panel", 2), ("session", 3)]),
        ("meetings 5 and 6", [("meeting", 5), ("meeting", 6)]),
        ("its 4th to 6th meetings", [("meeting", 4), ("meeting", 5), ("meeting", 6)]),
        ("حلقتا النقاش الأولى والثانية", [("panel", 1), ("panel", 2)]),
        ("الجلسة الأخيرة", [("meeting", LAST)]),
        ("workshop 4", []),
    ],
)
def test_what_is_called_by_a_number(text: str, found: list[Ordinal]) -> None:
    assert list(ordinals(text)) == found


@pytest.mark.parametrize(
    "question",
    [
        "What did the keynote speaker of the second panel say?",
        "Who took the minutes of the sixth meeting?",
        "Who moderated the three meetings?",
        "When was the fifth meeting held?",
        "بم أُجيب في حلقة النقاش الثانية؟",
    ],
)
def test_other_questions_are_looked_for(question: str) -> None:
    assert occasions_asked(question) is None
