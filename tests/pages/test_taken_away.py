"""What is taken away: links that unfold, Word files with footnotes, records for reference managers."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from urllib.parse import quote

import pytest
from docx import Document
from fastapi.testclient import TestClient
from lxml import etree

from corpus.readers import docx as docx_reader
from corpus.records import Language, Note, Paragraph, Rendering, Report, Span
from corpus.refs import Ref, parse_ref
from service.paragraphs.word import Quoted, quotations, whole_report
from tests.support.doubt import doubtful_question
from tests.support.html_pages import BROWSER, ID, page

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUESTION: dict[Language, str] = {
    "en": "What are Member States encouraged to monitor?",
    "ar": "ما الذي تُشجّع الدول الأعضاء على رصده؟",
}


def parts(content: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {
            name: etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "footnotes", "settings")
        }


@pytest.mark.model
@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_answer_is_downloaded_as_word_with_its_citation_as_a_footnote(
    client: TestClient, report: Report, language: Language
) -> None:
    """The link stands on the page that is answered without a script."""
    tree = page(client, f"/?lang={language}&q={quote(QUESTION[language])}")
    [link] = [a["href"] for a in tree.all("a") if a["href"].startswith("/answer.docx")]
    answer = client.get(link)
    assert answer.headers["content-disposition"] == 'attachment; filename="kyoto-2021-workshop-4-21k.docx"'
    found = parts(answer.content)
    paragraph = report.rendering(language).by_ref[parse_ref("21(k)")]
    question, said = Document(BytesIO(answer.content)).paragraphs
    assert question.text == QUESTION[language]
    assert said.text == paragraph.text
    notes = found["footnotes"].findall(f"{W}footnote")
    assert [note.get(f"{W}id") for note in notes] == ["-1", "0", "1"]
    text = "".join(notes[-1].itertext())
    assert f"/p/{ID}/21(k)?lang={language}&v={paragraph.text_sha256[:8]}&start=0&end={len(paragraph.text)}" in text
    assert ("7-12 March 2021, para. 21 (k)" if language == "en" else "مارس 2021، الفقرة 21 (ك)") in text
    [mark] = found["document"].iter(f"{W}footnoteReference")
    assert mark.get(f"{W}id") == "1"
    right_to_left = len(list(found["document"].iter(f"{W}bidi")))
    assert right_to_left == (3 if language == "ar" else 0)  # two paragraphs, and the section
    assert found["settings"].find(f"{W}footnotePr") is not None


@pytest.mark.model
@pytest.mark.parametrize(
    ("cite", "status"),
    [(f"{ID}/99:0-4", 422), (f"{ID}/9:4-99999", 422), ("nowhere/9:0-4", 404), ("", 404), (f"{ID}/9:-1-4", 422)],
)
def test_what_no_report_says_gets_into_no_word_file(client: TestClient, cite: str, status: int) -> None:
    assert client.get("/answer.docx", params={"lang": "en", "cite": cite}).status_code == status
    assert client.get("/answer.docx?lang=en").status_code == 422


@pytest.mark.model
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_report_as_word_is_read_back_as_the_same_paragraphs(
    client: TestClient, report: Report, language: Language
) -> None:
    content = client.get(f"/reports/{ID}/report.docx?lang={language}").content
    said = "\n".join(line.text for line in docx_reader.read(content, "report.docx").lines)
    for paragraph in report.rendering(language).paragraphs:
        assert paragraph.text in said, paragraph.ref
    assert ("Unofficial rendering." in said) == (language == "en")


def test_notes_of_a_report_are_footnotes() -> None:
    paragraph = Paragraph(Ref(1), "One two.", (), Span(0, 8), notes=(Note("1", 3, "See <resolution> 74/247 & so on."),))
    rendering = Rendering("en", True, (), (paragraph,), "x", "0" * 64)
    found = parts(whole_report(Report("r", (rendering,)), rendering, ""))
    texts = ["".join(note.itertext()).strip() for note in found["footnotes"].findall(f"{W}footnote")]
    assert texts == ["", "", "See <resolution> 74/247 & so on."]
    body = "".join(found["document"].itertext())
    assert body.replace("\u00a0", " ").strip() == "1. One two."


def test_a_link_cannot_end_the_field_that_it_stands_in() -> None:
    content = quotations('"', "en", [Quoted("a", "en", "b", 'https://x.example/?a"b\\ \\l "c')])
    [field] = parts(content)["footnotes"].iter(f"{W}fldSimple")
    assert field.get(f"{W}instr") == 'HYPERLINK "https://x.example/?a%22b%5C%20%5Cl%20%22c"'


@pytest.mark.model
def test_a_link_to_an_answer_unfolds_to_its_first_quotation(client: TestClient) -> None:
    """Tried by hand: with the description of the front page, it says what fiqra is instead."""
    tree = page(client, f"/?lang=en&q={quote(QUESTION['en'])}&report={ID}")
    assert tree.all("meta", property="og:title", content=f"{QUESTION['en']} – fiqra")
    [description] = tree.all("meta", property="og:description")
    assert description["content"].startswith("“Member States are encouraged to monitor and understand")
    assert tree.all("a", hreflang="ar")[0]["href"].startswith("/?lang=ar&q=What+are")
    follow_up = page(client, f"/?lang=en&q=And who moderated it?&after={quote('What happened at the 4th meeting?')}")
    assert follow_up.all("h2", id="asked")


@pytest.mark.model
def test_without_a_script_an_answer_shows_the_other_language_and_its_doubts(client: TestClient, report: Report) -> None:
    tree = page(client, f"/?lang=en&q={quote(QUESTION['en'])}")
    assert report.rendering("ar").by_ref[parse_ref("21(k)")].text in tree.text
    assert "may not be what you asked about" not in tree.text
    assert (
        "may not be what you asked about" in page(client, f"/?lang=en&q={quote(doubtful_question(client, 'en'))}").text
    )


@pytest.mark.model
def test_a_browser_sees_a_page_where_there_is_nothing(client: TestClient) -> None:
    """Tried by hand: without the handler, a person is shown a problem document."""
    assert "There is no page at this address." in page(client, "/nope?lang=en", 404).text
    assert client.get("/nope").headers["content-type"] == "application/problem+json"
    assert client.get("/v1/nope", headers=BROWSER).headers["content-type"] == "application/problem+json"
    assert page(client, "/reports?lang=ar").all("a", href=f"/reports/{ID}?lang=ar")
    long = page(client, f"/?lang=en&q={'x' * 2001}", 422)
    assert "longer than 2,000 characters" in long.text


@pytest.mark.model
def test_a_citation_is_downloaded_for_reference_managers(client: TestClient) -> None:
    tree = page(client, f"/p/{ID}/21(k)?lang=en")
    links = {a["download"]: a["href"] for a in tree.all("a") if "download" in a}
    assert set(links) == {f"{ID}-21k.{ending}" for ending in ("bib", "ris", "json")}
    ris = client.get(links[f"{ID}-21k.ris"])
    assert ris.headers["content-type"].partition(";")[0] == "application/x-research-info-systems"
    lines = ris.text.split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines if line)
    assert (lines[0], lines[-2]) == ("TY  - RPRT", "ER  - ")
    assert "SE  - 21 (k)" in lines


@pytest.mark.model
def test_a_paragraph_leads_to_a_question_about_it(client: TestClient) -> None:
    [link] = {a["href"] for a in page(client, f"/p/{ID}/21(k)?lang=en").all("a") if "about=" in a["href"]}
    [field] = page(client, link).all("input", name="q")
    assert field["value"] == "In paragraph 21 (k), "
    answer = client.post("/v1/ask", json={"question": field["value"] + "what is to be monitored?"}).json()
    assert {citation["ref"] for citation in answer["citations"]} == {"21(k)"}
