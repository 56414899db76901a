"""A long range, a long report, a long answer: each comes in portions, which say where the next one is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi.testclient import TestClient

from corpus.refs import parse_ref
from corpus.refs.numerals import LATIN
from service.client import AsyncFiqra, Fiqra
from service.pages import parts
from service.schemas.paragraphs import ParagraphOut
from service.state import State
from tests.support.html_pages import BROWSER, assert_nothing_inline, page
from tests.support.large import ID, large_report
from tests.support.services import LOCAL, service

AGENT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def client(large: State) -> Iterator[TestClient]:
    with service(large) as opened:
        yield opened


def test_a_long_range_comes_in_pages(client: TestClient) -> None:
    """A hundred a call; `next` leads through all of them."""
    path: str | None = f"/v1/reports/{ID}/paragraphs/1-250?lang=en"
    refs, calls = list[str](), 0
    while path:
        response = client.get(path)
        page = response.json()
        refs += [paragraph["ref"] for paragraph in page["paragraphs"]]
        assert response.links.get("next", {}).get("url") == (page["next"] and LOCAL + page["next"])
        assert {paragraph["language"] for paragraph in page["paragraphs"]} == {"en"}
        path, calls = page["next"], calls + 1
    assert refs == [str(number) for number in range(1, 251)]
    assert calls == 3


@pytest.mark.parametrize("form", ["text", "md", "bibtex", "csl-json", "akn"])
def test_every_format_has_pages_and_says_where_the_next_is(client: TestClient, form: str) -> None:
    """In the header; text and Markdown, which people read, say it at their end too."""
    path = f"/v1/paragraphs/{quote('الفقرات ١-٢٠')}?format={form}"
    first = client.get(f"{path}&limit=15")
    following = first.links["next"]["url"]
    assert f"format={form}" in following
    assert (following in first.text) == (form in {"text", "md"})
    last = client.get(following)
    assert "next" not in last.links
    assert "→" not in last.text
    whole = client.get(path)
    assert len(whole.text) > len(first.text) > len(last.text)
    assert last.text.strip("[]")[-200:] in whole.text or form == "akn"


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=101", "offset=-1", "limit=x", f"offset={10**30}", f"limit={10**30}"]
)
def test_a_page_that_cannot_be_is_refused(client: TestClient, asked: str) -> None:
    assert client.get(f"/v1/paragraphs/1-250?{asked}").status_code == 422


def test_a_page_after_the_last_is_empty(client: TestClient) -> None:
    for asked in ("offset=250", f"offset={10**6}"):
        assert client.get(f"/v1/paragraphs/1-250?{asked}").json() == {"paragraphs": [], "next": None}
    assert len(client.get("/v1/paragraphs/1-250?limit=&offset=").json()["paragraphs"]) == 100


def test_the_client_reads_all_pages(client: TestClient) -> None:
    """However many calls that takes."""

    async def read() -> tuple[ParagraphOut, ...]:
        async with AsyncFiqra(LOCAL, transport=httpx.ASGITransport(client.app)) as fiqra:
            return await fiqra.paragraphs("1-250, 7(a)-(bb)")

    assert [p.ref for p in asyncio.run(read())] == [*map(str, range(1, 251)), *(f"7({x})" for x in LATIN)]
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=client.get(str(request.url)).content))
    with Fiqra(LOCAL, transport=transport) as fiqra:
        assert [p.ref for p in fiqra.paragraphs("1-250", language="en")] == [*map(str, range(1, 251))]


def test_an_agent_reads_a_long_range_in_pages(client: TestClient) -> None:
    """Twenty a call, and an absolute `next` that shows the offset."""

    def read(offset: int) -> dict[str, Any]:
        called = {"name": "get_paragraph", "arguments": {"ref": "1-50", "offset": offset}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
        found: dict[str, Any] = client.post("/mcp", json=body, headers=AGENT).json()["result"]["structuredContent"]
        return found

    pages = [read(offset) for offset in (0, 20, 40)]
    assert [len(page["paragraphs"]) for page in pages] == [20, 20, 10]
    assert pages[0]["next"] == f"{LOCAL}/v1/reports/{ID}/paragraphs/1-50?limit=20&offset=20"
    assert pages[2]["next"] is None


def test_a_long_answer_is_cut_and_says_so(client: TestClient) -> None:
    """Before there was a bound, paragraph 7 with its 1,120 parts was an answer of three megabytes."""
    whole = client.post("/v1/ask", json={"question": "What does paragraph 7 say?"}).json()
    assert (len(whole["statements"]), len(whole["citations"])) == (100, 100)
    assert "The first 100 sentences" in whole["note"]
    assert client.post("/v1/ask", json={"question": "What does paragraph 8 say?"}).json()["note"] is None


# ---------------------------------------------------------------------------------------------------- the reading page


def test_a_long_report_is_read_in_parts(client: TestClient) -> None:
    """Each paragraph stands at its anchor on one of the parts, and headings go on from part to part."""
    report, found, path = large_report(), list[str](), f"/reports/{ID}?lang=en"
    for _ in range(3):
        tree = page(client, path)
        assert_nothing_inline(tree)
        assert [count for count in Counter(tree.ids()).values() if count > 1] == []
        rows = [attrs["id"] for attrs in tree.all("div") if attrs.get("class", "").startswith("row paragraph")]
        found += rows[-parts.PARAGRAPHS :]
        assert 0 <= len(rows) - parts.PARAGRAPHS <= 2  # what the first goes on from
        assert len(tree.all("a", **{"aria-current": "page"})) == 1
        [following] = tree.all("a", rel="next")
        path = following["href"]
    assert found == [ref.eid for ref in report.refs[: 3 * parts.PARAGRAPHS]]
    assert page(client, f"/reports/{ID}?part=99&lang=en").all("a", rel="next") == []


def test_every_anchor_of_a_long_report_leads_somewhere_without_a_script(client: TestClient) -> None:
    """`/reports/large#para_8000` is on the first page: the paragraph itself, or a link to where it stands."""
    report = large_report()
    first = page(client, f"/reports/{ID}?lang=ar")
    assert {ref.eid for ref in report.refs} <= set(first.ids())
    for ref in (report.refs[parts.PARAGRAPHS], parse_ref("7(bb)(xxxix)"), parse_ref("8000"), parse_ref("annex1:844")):
        [link] = first.all("a", id=ref.eid)
        where, _, anchor = link["href"].partition("#")
        assert anchor == ref.eid
        assert anchor in page(client, f"/reports/{ID}{where}").ids()


def test_links_into_a_long_report_name_the_part(client: TestClient) -> None:
    """From the look-up form, from a paragraph's page and from the table of corrections."""
    found = client.get("/find?ref=7990-8000&lang=en", headers=BROWSER, follow_redirects=False).headers["location"]
    part, _, anchor = found.partition("#")
    assert anchor == "para_7990"
    assert anchor in page(client, part).ids()
    tree = page(client, f"/p/{ID}/7(bb)?lang=en")
    assert tree.all("a", href=f"/reports/{ID}?lang=en&part=6#para_7__subpara_bb")
    corrected = page(client, f"/reports/{ID}?lang=en&part=3")
    links = [attrs["href"] for attrs in corrected.all("a") if "part=3#" in attrs["href"]]
    assert links
    assert {link.partition("#")[2] for link in links} <= set(corrected.ids())


def test_a_part_that_begins_in_the_middle_shows_what_it_goes_on_from(client: TestClient) -> None:
    """Part 3 begins with an item of 7(j): 7 and 7(j) stand above it."""
    report = large_report()
    first = report.refs[2 * parts.PARAGRAPHS]
    assert first.item
    tree = page(client, f"/reports/{ID}?lang=en&part=3")
    rows = [attrs["id"] for attrs in tree.all("div") if attrs.get("class", "").startswith("row paragraph")]
    assert rows[:3] == ["para_7", "para_7__subpara_j", first.eid]


@pytest.mark.parametrize("part", ["0", "-1", "x", "1.5"])
def test_a_part_that_is_no_number_is_refused(client: TestClient, part: str) -> None:
    assert client.get(f"/reports/{ID}?part={part}", headers=BROWSER).status_code == 422
