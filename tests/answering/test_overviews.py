"""Overviews and topics: which question asks for one, what of any report recommends, and the answer of quotations.

Asked of single paragraphs, every question of `OVERVIEWS` was declined or answered from one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.records import LANGUAGES, Report
from eval.questions import load_questions
from index.build import build_index
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from service.answering.certainty import certainty
from service.answering.composed.asked import Overview, overview_asked
from service.answering.composed.recommending import recommending
from service.answering.composed.speaking import says_who_spoke
from service.answering.composed.topics import holds, topic_of
from service.answering.engine import Engine
from service.answering.messages import say
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.reports.ingest import Upload, Wanted, prepare, take_in
from service.settings import Settings
from service.state import State, load_engine
from tests.support.doubt import doubtful_question
from tests.support.paths import REPORT_ID
from tests.support.services import LOCAL

OVERVIEWS = {
    "subject": [
        "What is this report about?",
        "what's the topic of the document",
        "ما موضوع هذا التقرير؟",
        "عمّ يتحدث التقرير؟",
    ],
    "summary": [
        "Summarise the report",
        "Give me an overview",
        "tl;dr",
        "لخّص التقرير",
        "ما أبرز النقاط؟",
        "ما أهم ما جاء في التقرير؟",
    ],
    "recommendations": [
        "recommendations",
        "What does the report recommend?",
        "How many recommendations are there?",
        "What were the participants invited to consider?",
        "ما التوصيات التي دُعيت الدول الأعضاء إلى النظر فيها؟",
        "بمَ أوصى التقرير؟",
    ],
    "speakers": ["Who spoke?", "Who took the floor?", "من تكلم؟", "من المتكلمون؟"],
    "countries": ["Which countries spoke?", "ما البلدان التي تكلمت؟"],
    "parts": ["What are the parts of the report?", "How is it structured?", "ما أقسام التقرير؟", "table of contents"],
}
NO_OVERVIEW = [
    "Who moderated the workshop?",
    "What is the Kyoto Declaration about?",
    "What is document A/CONF.234/15 about?",
    "Which countries spoke after the panel on trafficking in persons?",
    "Why does the report recommend a complete ban on cryptocurrencies, and when?",
    "ما موضوع حلقة النقاش الثانية؟",
    "من تكلم في الجلسة الخامسة؟",
]
BOATS = """A/CONF.888/2

Boats of 2019

Fleet

1. The Committee met on 3 May 2019. Statements were made by the representatives of Italy and Brazil.

2. Tugboats pull barges. The Committee recommended that States inspect tugboats each year.

3. The Group made the following recommendations:

4. States should mark lifeboats.

5. Harbours keep records of lifeboats.

Crew

6. Pilots steer.

Recommendations

7. Pilots are trained in the use of radios.
"""
QAWARIB = """قوارب عام 2019

الأسطول

1- اجتمعت اللجنة في 3 أيار/مايو 2019. وتكلم ممثلو إيطاليا والبرازيل.

2- تجر القاطرات الصنادل. وأوصت اللجنة بأن تفحص الدول القاطرات كل عام.

3- وقُدمت التوصيات التالية:

(أ) أن توسم قوارب النجاة؛

(ب) أن تُحفظ سجلاتها.

4- وأشار المتكلمون إلى الأحوال الجوية.
"""


def read(text: str, folder: Path) -> Report:
    library = ReportLibrary(folder / "reports")
    return prepare(library, [Upload("boats.txt", text.encode())], Wanted("boats")).report


def answer(client: TestClient, question: str, **asked: str) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **asked})
    assert reply.status_code == 200
    found: dict[str, Any] = reply.json()
    return found


def refs(found: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(citation["ref"] for citation in found["citations"]))


@pytest.mark.parametrize(("kind", "question"), [(kind, q) for kind, questions in OVERVIEWS.items() for q in questions])
def test_a_question_that_asks_for_an_overview_is_known(kind: str, question: str) -> None:
    asked = overview_asked(question)
    assert asked is not None
    assert (asked.kind, asked.topic) == (kind, "")


@pytest.mark.parametrize("question", NO_OVERVIEW)
def test_a_question_of_its_own_is_none(question: str) -> None:
    assert overview_asked(question) is None


def test_hardly_a_development_question_is_taken_for_an_overview() -> None:
    questions = [q.question for q in load_questions() if q.split == "dev"]
    taken = [question for question in questions if (asked := overview_asked(question)) and not asked.topic]
    assert set(taken) <= {"ما عنوان التقرير؟", "What is the title of the report?"}  # which an overview answers


def test_recommendations_can_be_on_a_topic() -> None:
    assert overview_asked("List all recommendations on firearms") == Overview("recommendations", "firearms")
    assert overview_asked("ما التوصيات المتعلقة بالأسلحة النارية؟") == Overview("recommendations", "بالاسلحه الناريه")


def test_what_recommends_is_known_by_lead_in_heading_or_words(report: Report, tmp_path: Path) -> None:
    assert [str(ref) for ref in recommending(report)] == ["21", *(f"21({letter})" for letter in "abcdefghijk")]
    english = recommending(read(BOATS, tmp_path))
    assert {str(ref): whole for ref, whole in english.items()} == {
        "2": False,
        "3": True,
        "4": True,
        "5": True,
        "7": True,
    }
    arabic = recommending(read(QAWARIB, tmp_path))
    assert {str(ref): whole for ref, whole in arabic.items()} == {"2": False, "3": True, "3(a)": True, "3(b)": True}


def test_who_spoke_is_known_in_both_languages() -> None:
    assert says_who_spoke("وتكلم ممثلو إيطاليا والبرازيل.", countries=True)
    assert says_who_spoke("Statements were made by the representatives of Italy and Brazil.", countries=True)
    assert not says_who_spoke("The three meetings were moderated by the following experts: …")
    assert not says_who_spoke("وأشار متكلمون إلى إيطاليا.")


def test_a_topic_is_what_is_left_of_a_question_that_asks_nothing_else() -> None:
    assert topic_of("What was said about 3D printing?") == "3D printing"
    assert topic_of("And what about the darknet?") == "darknet"
    assert topic_of("ماذا قيل عن الأطفال؟") == "الأطفال"
    assert topic_of("Who came from Facebook?") is None
    assert holds("Member States should use artificial intelligence.", "AI")
    assert not holds("Member States should use it.", "AI")


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that holds the bundled report, one of boats, and one in Arabic alone."""
    folder = tmp_path_factory.mktemp("boats")
    settings, embedder = Settings(data_dir=folder), HashEmbedder()

    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        return build_index(settings.index_dir, base, embedder, "hash", added=added, ready=decide)

    for name, text in (("boats", BOATS), ("qawarib", QAWARIB)):
        take_in(settings.library(), [Upload(f"{name}.txt", text.encode(), None)], Wanted(name), build)
    state = State(settings, WorkQueue(8, 10.0), load_engine(settings, embedder))
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as opened:
        yield opened


def test_any_report_is_summed_up_by_its_own_words(boats: TestClient) -> None:
    found = answer(boats, "Summarise the report", report="boats")
    kinds = {
        section["kind"]: [found["statements"][i]["text"] for i in section["statements"]]
        for section in found["sections"]
    }
    assert kinds["subject"][0] == "Boats of 2019"
    assert kinds["parts"][1:] == ["Pilots steer.", "Pilots are trained in the use of radios."]
    assert kinds["speakers"] == ["Statements were made by the representatives of Italy and Brazil."]
    assert kinds["recommendations"][0] == "The Committee recommended that States inspect tugboats each year."
    assert found["note"].endswith("has 3 parts, each with its paragraphs: Fleet (1–5); Crew (6); Recommendations (7).")
    for citation in found["citations"]:
        assert citation["quote"]


def test_a_report_in_one_language_answers_a_question_in_the_other_and_says_so(boats: TestClient) -> None:
    found = answer(boats, "What does the report recommend?", report="qawarib")
    assert (found["answered"], found["language"], refs(found)) == (True, "en", ["2", "3", "3(a)", "3(b)"])
    assert {citation["language"] for citation in found["citations"]} == {"ar"}
    assert "not available in English" in found["note"]


def test_several_reports_are_filtered_together(boats: TestClient) -> None:
    assert refs(answer(boats, "List all recommendations on lifeboats")) == ["4", "5"]
    both = answer(boats, "What is recommended?")
    assert {citation["report"] for citation in both["citations"]} == {"boats", "kyoto-2021-workshop-4", "qawarib"}


@pytest.mark.model
@pytest.mark.parametrize("question", [q for questions in OVERVIEWS.values() for q in questions])
def test_an_overview_is_made_of_quotations(client: TestClient, question: str) -> None:
    found = answer(client, question)
    assert found["answered"]
    assert found["warning"] is None
    for citation in found["citations"]:
        paragraph = client.get(
            citation["url"].split("?")[0].replace("/p/", "/v1/reports/").replace(REPORT_ID, f"{REPORT_ID}/paragraphs")
        )
        assert paragraph.status_code == 200
    said = sorted({position for section in found["sections"] for position in section["statements"]})
    assert said == list(range(len(found["statements"])))


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("List all recommendations on firearms", ["21(b)", "21(c)", "21(d)", "21(e)"]),
        ("ما التوصيات المتعلقة بالأسلحة النارية؟", ["21(b)", "21(c)", "21(d)", "21(e)"]),
        ("What does the report recommend on human trafficking?", ["21(f)", "21(g)"]),
        ("recommendations about child abuse", ["21(i)"]),
        ("Which countries spoke?", ["4", "6", "8"]),
        ("أي البلدان أخذت الكلمة؟", ["4", "6", "8"]),
        ("Who spoke?", ["3", "4", "5", "6", "7", "8"]),
        ("من تكلم؟", ["3", "4", "5", "6", "7", "8"]),
        ("9", ["9"]),
        ("9-11", ["9", "10", "11"]),
        ("21k", ["21(k)"]),
        ("٢١ك", ["21(k)"]),
        ("privacy", ["10"]),
        ("الخصوصية", ["10"]),
        ("corruption", ["21(e)"]),
        ("What should Member States do?", ["21", *(f"21({letter})" for letter in "abcdefghijk")]),
        ("ماذا ينبغي للدول الأعضاء أن تفعل؟", ["21", *(f"21({letter})" for letter in "abcdefghijk")]),
        ("list the panellists", ["3", "4", "5", "6", "7", "8"]),
        ("proceedings", [str(number) for number in range(1, 9)]),
        ("ملخص الرئيس", [str(number) for number in range(9, 22)]),
        ("Chair's summary", [str(number) for number in range(9, 22)]),
        ("What is the report's title?", ["front", "1"]),
    ],
)
def test_what_is_asked_for_in_few_words_is_all_found(client: TestClient, question: str, wanted: list[str]) -> None:
    assert sorted(refs(answer(client, question))) == sorted(wanted)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "language"),
    [("give me para 21(b) in Arabic", "ar"), ("الفقرة ٩ بالإنكليزية", "en"), ("9 in Arabic", "ar")],
)
def test_a_paragraph_comes_in_the_language_that_is_asked_for(client: TestClient, question: str, language: str) -> None:
    found = answer(client, question)
    assert found["confidence"] == 1
    assert {citation["language"] for citation in found["citations"]} == {found["language"]} == {language}


@pytest.mark.model
def test_a_number_that_is_no_paragraph_is_said_to_be_none_and_a_year_is_looked_for(client: TestClient) -> None:
    assert answer(client, "25")["reason"] == "unknown_paragraph"
    assert answer(client, "2021")["reason"] != "unknown_paragraph"


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["asdfgh", "hgfd kjh", "lkjhgfdsa poiuytrewq", "qwertyuiop", "ضصثقفغ", "شسيبل", "banana", "bitcoin", "موز"]
)
def test_words_that_the_report_has_not_are_declined(client: TestClient, text: str) -> None:
    found = answer(client, text)
    assert not found["answered"]
    assert found["suggestions"]


@pytest.mark.model
def test_the_examples_of_the_pages_are_not_called_doubtful(client: TestClient, report: Report) -> None:
    for rendering in report.renderings:
        for question in rendering.questions:
            found = answer(client, question)
            assert (found["answered"], found["warning"]) == (True, None), question


@pytest.mark.model
def test_a_doubtful_answer_comes_with_a_warning_in_its_language(client: TestClient) -> None:
    for language in LANGUAGES:
        found = answer(client, doubtful_question(client, language))
        assert (found["certainty"], found["warning"]) == ("doubtful", say("doubtful", language))
    declined = answer(client, "What is the price of bread?")
    assert (declined["certainty"], declined["warning"]) == (None, None)


def test_certainty_has_three_classes() -> None:
    assert [certainty(p) for p in (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)] == [
        "doubtful",
        "doubtful",
        "likely",
        "likely",
        "sure",
        "sure",
    ]


@pytest.mark.model
def test_a_list_in_arabic_is_parted_by_arabic_semicolons(engine: Engine) -> None:
    """The parts of a report, and the places of an answer before. Tried by hand: with "; ", both fail."""
    asked = "ما أقسام التقرير؟", "من تكلم؟"
    parts = engine.find(asked[0], None, None).note
    places = engine.find("أين ورد ذلك؟", None, None, asked[1:]).note
    for note in (parts, places):
        assert note is not None
        assert "؛ " in note
        assert ";" not in note
