"""`2 bis` of a report that has one: looked up, asked for, cited, verified, linked to and shown, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from corpus.records import Report
from index.build import build_index
from index.disk.shelf import as_stored
from index.model.fakes import HashEmbedder
from service.app import build_app
from tests.documents.test_cases import CASES, read
from tests.support.browser import serving
from tests.support.html_pages import page
from tests.support.services import hashed_state, service


def rules() -> Report:
    """Rules with 2 bis, 2 bis (a) and (b), and 2 ter, in Arabic and English, in an annex, too."""
    english, arabic = (read(CASES / f"30c-docx-bis{infix}.docx").rendering for infix in ("", ".ar"))
    return Report(
        "ferry",
        tuple(
            replace(
                rendering,
                official=True,
                paragraphs=(
                    *rendering.paragraphs,
                    *(replace(p, ref=replace(p.ref, annex=1)) for p in rendering.paragraphs if not p.ref.level),
                ),
            )
            for rendering in (arabic, english)
        ),
    )


RULES = rules()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the rules."""
    folder = tmp_path_factory.mktemp("ferry")
    build_index(folder / "index", (RULES,), HashEmbedder(), "hash")
    return folder


@pytest.fixture(scope="module")
def ferry(folder: Path) -> Iterator[TestClient]:
    """A service on it."""
    with service(hashed_state(folder)) as opened:
        yield opened


def got(client: TestClient, reference: str, language: str = "en", status: int = 200) -> Any:
    reply = client.get(f"/v1/reports/ferry/paragraphs/{quote(reference, safe='')}", params={"lang": language})
    assert reply.status_code == status, reply.text
    return reply.json()


@pytest.mark.parametrize(
    ("written", "refs"),
    [
        ("2bis", "2bis"),
        ("2 bis", "2bis"),
        ("٢ مكرر", "2bis"),
        ("الفقرة ٢ مكررا (أ)", "2bis(a)"),
        ("2 bis (a)-(b)", "2bis(a) 2bis(b)"),
        ("٢ مكررا ثانيا", "2ter"),
        ("2 bis and ter", "2bis 2ter"),
        ("2-3", "2 2bis 2ter 3"),
        ("2 bis to 4", "2bis 2ter 3 4"),
        ("1-2bis", "1 2 2bis"),
        ("annex I, para. 2 bis", "annex1:2bis"),
        ("annex1:2-3", "annex1:2 annex1:2bis annex1:2ter annex1:3"),
    ],
)
def test_it_is_looked_up_in_any_of_its_spellings_and_lies_in_a_range(
    ferry: TestClient, written: str, refs: str
) -> None:
    assert [found["ref"] for found in got(ferry, written)["paragraphs"]] == refs.split()


def test_a_look_up_has_its_names_and_neighbours(ferry: TestClient) -> None:
    [found] = got(ferry, "2bis")["paragraphs"]
    assert (found["label"], found["eid"], found["parent"]) == ("2 bis", "para_2bis", None)
    assert (found["previous"], found["next"], found["children"]) == ("2(b)", "2bis(a)", ["2bis(a)", "2bis(b)"])
    assert found["url"].startswith("/p/ferry/2bis?lang=en&v=")
    assert found["cited"].endswith("para. 2 bis")
    [parallel] = found["parallel"]
    assert (parallel["label"], parallel["text"]) == ("2 مكررا", "الغرامة الثانية خلال سنة ستون ريالا:")
    [below] = got(ferry, "2bis(b)", "ar")["paragraphs"]
    assert (below["label"], below["parent"], below["lead_in"]) == ("2 مكررا (ب)", "2bis", parallel["text"])


@pytest.mark.parametrize(
    ("missing", "near"),
    [
        ("3bis", "no paragraph 3bis; the nearest are 3, 2ter, 4"),
        ("٢ مكررا ثالثا", "no paragraph 2quater; the nearest are 2ter, 2bis, 2"),
        ("2bis(c)", "no paragraph 2bis(c); the nearest are 2bis(b), 2bis(a)"),
        ("2 bis 5", "no paragraph 2bis 5; the nearest are 2bis, 2, 2ter"),
    ],
)
def test_one_that_there_is_not_is_told_with_the_nearest(ferry: TestClient, missing: str, near: str) -> None:
    assert near in got(ferry, missing, status=404)["detail"]


@pytest.mark.parametrize("unreadable", ["2 bisx", "2bis5", "bis", "٢ مكررا عاشرا"])
def test_what_is_none_is_refused_with_the_forms_that_are_read(ferry: TestClient, unreadable: str) -> None:
    assert "Accepted: 21, " in (detail := got(ferry, unreadable, status=422)["detail"])
    assert "2 bis, 2 مكررا" in detail


@pytest.mark.parametrize("written", ["2 bis", "2Bis", "٢ مكررا", "٢/مكررا", "para_2bis", "2 (bis)"])
def test_a_link_leads_to_its_own(ferry: TestClient, written: str) -> None:
    reply = ferry.get(f"/p/ferry/{quote(written)}?lang=ar", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (308, "/p/ferry/2bis?lang=ar")
    assert ferry.get(f"/p/ferry/{quote(written)}/a", follow_redirects=False).headers["location"] == "/p/ferry/2bis(a)"


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        ("2 bis", "2bis 2bis(a) 2bis(b)", "A second fine within a year is sixty crowns: [2bis] In summer; [2bis(a)]"),
        ("What does paragraph 2 ter say?", "2ter", "A third fine is eighty crowns. [2ter]"),
        ("٢ مكرر (أ)", "2bis(a)", "في الصيف؛ [2bis(a)]"),
        ("ماذا جاء في الفقرة ٢ مكررا ثانيا؟", "2ter", "الغرامة الثالثة ثمانون ريالا. [2ter]"),
    ],
)
def test_a_question_that_names_it_is_answered_from_it(ferry: TestClient, question: str, cited: str, said: str) -> None:
    answer = ferry.post("/v1/ask", json={"question": question}).json()
    assert [citation["ref"] for citation in answer["citations"]] == cited.split()
    assert said in answer["answer"]


@pytest.mark.parametrize(
    ("draft", "status", "refs"),
    [
        ("“A third fine is eighty crowns” (para. 2 ter).", "supported", ["2ter"]),
        ("“A third fine is eighty crowns” [2ter].", "supported", ["2ter"]),
        ("“A third fine is eighty crowns” [2 bis (a)].", "not_found", ["2bis(a)"]),
        ("“A third fine is ninety crowns” (paragraph 2 ter).", "altered", ["2ter"]),
        ("«الغرامة الثالثة ثمانون ريالا» (الفقرة ٢ مكررا ثانيا).", "supported", ["2ter"]),
        ("“A third fine is eighty crowns” (paras. 2 bis to 3).", "supported", ["2bis-3"]),
    ],
)
def test_a_draft_that_cites_it_is_checked(ferry: TestClient, draft: str, status: str, refs: list[str]) -> None:
    results = ferry.post("/v1/verify", json={"text": draft}).json()["results"]
    [quotation] = [result for result in results if result["kind"] == "quotation"]
    assert (quotation["status"], quotation["refs"]) == (status, refs)
    assert all(result["status"] == "supported" for result in results if result["kind"] == "citation")


@pytest.mark.parametrize(
    ("language", "number", "annexed"), [("en", "2 bis.", "2 ter."), ("ar", "2 مكررا-", "2 مكررا ثانيا-")]
)
def test_pages_number_it_as_a_document_does(ferry: TestClient, language: str, number: str, annexed: str) -> None:
    tree = page(ferry, f"/reports/ferry?lang={language}")
    assert {"para_2bis", "para_2bis__subpara_a", "att_1__para_2bis"} <= set(tree.ids())
    assert number in tree.text
    assert f" {annexed} " in page(ferry, f"/p/ferry/annex1:2ter?lang={language}").text
    assert "2 bis" in page(ferry, "/p/ferry/2ter?lang=en").text  # what comes before it


@pytest.mark.browser
def test_a_long_number_leaves_its_text_room(folder: Path, browser: Browser) -> None:
    """Before, it ran into its text. With a column of one width and no break, it does again."""
    overlapping = """() => [...document.querySelectorAll('.text')].filter((text) => {
        const [number, words] = text.children, range = document.createRange();
        range.selectNodeContents(number.querySelector('bdi').lastChild);  // before it, what only a screen reader says
        const a = range.getBoundingClientRect();
        range.selectNodeContents(words);
        const b = range.getBoundingClientRect();
        return a.width && b.width && a.left < b.right && b.left < a.right;
    }).map((text) => text.textContent.trim())"""
    with serving(build_app(hashed_state(folder))) as url, browser.new_page() as shown:
        for width in (375, 1440):
            shown.set_viewport_size({"width": width, "height": 800})
            for path in ("/reports/ferry", "/p/ferry/2ter", "/p/ferry/annex1:2ter"):
                for language in ("ar", "en"):
                    shown.goto(f"{url}{path}?lang={language}")
                    assert shown.evaluate(overlapping) == []
                    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_kept_of_it_comes_back() -> None:
    """`as_stored` reads back what it writes, and refuses what would not come back the same."""
    assert b'"inserted": 1' in as_stored(RULES)
