"""An agent that knows nothing but MCP: the SDK's own client, over both transports, old protocol and new."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import TextContent, TextResourceContents
from pydantic import HttpUrl

from corpus.errors import FiqraError
from corpus.records import LANGUAGES, Language, Paragraph, Rendering, Report, Span
from corpus.refs import Ref, parse_ref
from index.disk.shelf import ID
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.mcp.ids import read_id, write_id
from service.mcp.server import build_server
from service.pages.views import lineage
from service.paragraphs.documents import Documents
from service.settings import Settings
from service.state import State
from tests.support.html_pages import state_of
from tests.support.paths import REPORT_ID
from tests.support.server_process import FIQRA
from tests.support.services import LOCAL

pytestmark = [pytest.mark.model, pytest.mark.process]

TOOLS = {"ask", "search", "fetch", "get_paragraph", "verify"}
HEADERS = {"accept": "application/json, text/event-stream"}


def run(journey: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        with anyio.fail_after(120):
            await journey

    anyio.run(bounded)


async def call(agent: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await agent.call_tool(tool, arguments)
    assert not result.is_error, result.content
    content: dict[str, Any] | None = result.structured_content
    assert content is not None
    return content


async def finds_fetches_and_verifies(agent: Client, origin: str, report: Report) -> None:
    """Find a paragraph, read it, quote it, have the quotation checked; then the same with a word changed."""
    tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
    assert tools.keys() == TOOLS
    for tool in tools.values():
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.output_schema
        assert tool.description
    found = (await call(agent, "search", query="monitor the risks of malicious use of artificial intelligence"))[
        "results"
    ]
    assert all({"id", "title", "url", "text"} == result.keys() and result["url"].startswith(origin) for result in found)
    [hit] = [result for result in found if "/21(k)" in result["id"]]
    document = await call(agent, "fetch", id=hit["id"])
    assert document.keys() == {"id", "title", "text", "url", "metadata"}
    paragraph = report.rendering("en").by_ref[parse_ref("21k")]
    assert (document["id"], document["url"], document["text"]) == (hit["id"], hit["url"], paragraph.text)
    assert document["metadata"]["official"] == "false"
    draft = f"“{paragraph.text.split('.')[0]}” [{document['metadata']['ref']}]"
    checked = await call(agent, "verify", text=draft)
    assert (checked["ok"], checked["counts"]["supported"]) == (True, 2)
    altered = await call(agent, "verify", text=draft.replace("encouraged", "obliged"))
    assert (altered["ok"], altered["counts"]["altered"]) == (False, 1)
    [wrong] = [result for result in altered["results"] if result["status"] == "altered"]
    assert wrong["true_text"]["url"].startswith(origin)


async def asks_and_looks_up(agent: Client, origin: str, report: Report) -> None:
    answer = await call(agent, "ask", question="ما الذي تُشجّع الدول الأعضاء على رصده؟")
    assert (answer["answered"], answer["citations"][0]["ref"], len(answer["passages"])) == (True, "21(k)", 3)
    assert answer["citations"][0]["url"].startswith(f"{origin}/p/{REPORT_ID}/21(k)?lang=ar")
    assert answer["citations"][0]["parallel"][0]["url"].startswith(origin)
    declined = await call(agent, "ask", question="Who won the 2018 World Cup final?")
    assert (declined["answered"], declined["citations"], declined["reason"]) == (False, [], "not_in_report")
    looked_up = (await call(agent, "get_paragraph", ref="الفقرات 9-11", language="en"))["paragraphs"]
    assert [p["ref"] for p in looked_up] == ["9", "10", "11"]
    assert all(p["url"].startswith(origin) for p in looked_up)
    [template] = (await agent.list_resource_templates()).resource_templates
    assert template.uri_template == "fiqra://{report}/{ref}"
    [content] = (await agent.read_resource(f"fiqra://{REPORT_ID}/21(k)")).contents
    assert isinstance(content, TextResourceContents)
    assert report.rendering("ar").by_ref[parse_ref("21k")].text in content.text
    assert f"{origin}/p/{REPORT_ID}/21(k)" in content.text
    [prompt] = (await agent.list_prompts()).prompts
    [message] = (await agent.get_prompt(prompt.name, {"question": "من تكلم؟"})).messages
    assert isinstance(message.content, TextContent)
    assert all(f"`{tool}`" in message.content.text for tool in TOOLS - {"get_paragraph"})
    assert "من تكلم؟" in message.content.text


async def is_told_what_was_wrong(agent: Client) -> None:
    for tool, arguments, told in (
        ("fetch", {"id": "21(l)"}, "the nearest are 21(k)"),
        ("fetch", {"id": "nonsense"}, "21(k)"),
        ("ask", {"question": "  "}, "is empty"),
        ("ask", {"question": "a", "report": "nowhere"}, REPORT_ID),
        ("ask", {}, "question"),
        ("search", {"query": "a", "k": 0}, "greater than or equal to 1"),
        ("get_paragraph", {"ref": "hello"}, "الفقرة"),
        ("verify", {"text": ""}, "at least 1 character"),
    ):
        result = await agent.call_tool(tool, arguments)
        [content] = result.content
        assert isinstance(content, TextContent)
        assert result.is_error
        assert told in content.text
    with pytest.raises(MCPError) as missing:
        await agent.read_resource(f"fiqra://{REPORT_ID}/22")
    assert "nearest are 21" in str(missing.value)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize("transport", ["http", "stdio"])
def test_an_agent_finds_fetches_and_verifies_a_paragraph(
    transport: str, mode: Literal["legacy", "auto"], server: str, data_dir: Path, report: Report
) -> None:
    """`legacy` shakes hands as all clients did until 2025; `auto` speaks the version of 2026-07-28."""
    origin = server if transport == "http" else "https://fiqra.example"
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "FIQRA_PUBLIC_URL": origin}
    process = StdioServerParameters(command=FIQRA, args=["mcp"], env=environment)

    async def journey() -> None:
        async with Client(f"{server}/mcp" if transport == "http" else process, mode=mode) as agent:
            assert agent.protocol_version == ("2025-11-25" if mode == "legacy" else "2026-07-28")
            assert agent.instructions
            await finds_fetches_and_verifies(agent, origin, report)
            await asks_and_looks_up(agent, origin, report)
            await is_told_what_was_wrong(agent)

    run(journey())


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_every_version_since_the_first_is_spoken(client: TestClient, version: str) -> None:
    hello = client.post("/mcp", json=initialize(version), headers=HEADERS)
    assert (hello.status_code, hello.json()["result"]["protocolVersion"]) == (200, version)
    headers = {**HEADERS, "mcp-protocol-version": version}
    listed = client.post("/mcp", json={"jsonrpc": "2.0", "id": 2, "method": "tools/list"}, headers=headers)
    assert {tool["name"] for tool in listed.json()["result"]["tools"]} == TOOLS


def initialize(version: str = "2025-11-25") -> dict[str, Any]:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


def test_the_address_is_exactly_mcp_and_hides_nothing_beside_it(client: TestClient) -> None:
    """DESIGN's two traps: a mounted application answers 307 at /mcp, one mounted at / takes every unknown path."""
    assert client.post("/mcp", json=initialize(), headers=HEADERS, follow_redirects=False).status_code == 200
    for path in ("/mcp/nowhere", "/mcpx", "/nowhere"):
        response = client.post(path, json={})
        assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_hosts_and_origins_are_those_of_the_settings(state: State) -> None:
    """Taken out by hand (the origins' check in `mount`), evil.example's page is answered."""
    settings = Settings(
        allowed_hosts=("fiqra.example",),
        allowed_origins=("https://site.example",),
        public_url=HttpUrl("https://fiqra.example"),
    )
    with TestClient(
        build_app(State(settings, state.work_queue, state.engine)), base_url="http://fiqra.example"
    ) as opened:

        def status(**headers: str) -> int:
            response = opened.post("/mcp", json=initialize(), headers={**HEADERS, **headers})
            assert response.status_code == 200 or response.headers["content-type"] == "application/problem+json"
            return response.status_code

        assert status() == 200
        assert status(origin="https://site.example") == 200
        assert status(origin="https://fiqra.example") == 200
        assert status(origin="https://evil.example") == 403
        assert status(origin="null") == 403
        assert status(host="evil.example") == 400
        wanted = {"origin": "https://site.example", "access-control-request-method": "POST"}
        preflight = opened.options("/mcp", headers={**wanted, "access-control-request-headers": "mcp-method,mcp-name"})
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (
            200,
            "https://site.example",
        )


def test_an_unknown_origin_is_refused_with_the_settings_as_they_come(client: TestClient) -> None:
    headers = {**HEADERS, "origin": "http://localhost"}  # what a rebound name looks like
    assert client.post("/mcp", json=initialize(), headers=headers).status_code == 403


def test_an_app_may_run_twice(state: State) -> None:
    app = build_app(state)
    for _ in range(2):
        with TestClient(app, base_url=LOCAL) as opened:
            assert opened.post("/mcp", json=initialize(), headers=HEADERS).status_code == 200


def test_a_full_lane_and_a_missing_index_are_told(state: State) -> None:
    """Blocking work waits in the queue. Taken out by hand (`run` in `search`), it answers while the queue is full."""

    async def journey() -> None:
        async with Client(build_server(State(Settings(), WorkQueue(0, 1.0), state.engine))) as agent:
            for tool, arguments in (("ask", {"question": "a"}), ("search", {"query": "a"}), ("verify", {"text": "a"})):
                result = await agent.call_tool(tool, arguments)
                assert result.is_error
                assert "try again" in str(result.content)
        async with Client(build_server(State(Settings(), WorkQueue(1, 1.0)))) as agent:
            assert "fiqra build" in str((await agent.call_tool("get_paragraph", {"ref": "9"})).content)

    run(journey())


@pytest.mark.parametrize(
    "written",
    [
        f"{REPORT_ID}/21(k)?lang=en",
        f"fiqra://{REPORT_ID}/21(k)?lang=en",
        f"fiqra://{REPORT_ID}/21%28k%29",
        f"{REPORT_ID}/21(k)",
        f"https://fiqra.example/p/{REPORT_ID}/21(k)?lang=en&v=1f3a9c02",
        f"/p/{REPORT_ID}/21(k)?lang=en",
        "21(k)",
        "21/k",
        "الفقرة ٢١ (ك)",
    ],
)
def test_an_id_is_read_however_an_agent_puts_it(report: Report, written: str) -> None:
    place = read_id(written, Documents([report]))
    assert (place.report, str(place.ref)) == (report, "21(k)")
    assert place.language in ({"en"} if "lang=en" in written else {None})


def test_what_was_written_is_read_back(report: Report) -> None:
    for ref in report.refs:
        for language in report.languages:
            place = read_id(write_id(report, ref, language), Documents([report]))
            assert (place.ref, place.language) == (ref, language)


@given(st.text(max_size=60))
@example("//[")
@example("annex1:3")
@example("fiqra://")
def test_whatever_is_given_as_an_id_is_read_or_refused_with_a_reason(report: Report, text: str) -> None:
    with suppress(FiqraError):
        assert read_id(text, Documents([report])).ref in report.refs


IDS = st.from_regex(ID, fullmatch=True)
NUMBERS = st.integers(1, 9999)
REFS = st.builds(Ref, NUMBERS) | st.builds(Ref, NUMBERS, st.integers(1, 28), st.integers(0, 39), st.integers(0, 39))


@given(
    st.sets(IDS, max_size=4),
    IDS | st.sampled_from(["2021-report", "21", "p", "fiqra", "7.", "0_0", "annex1", "v1"]),
    REFS,
    st.sampled_from(LANGUAGES),
    st.sampled_from(["{}", "fiqra://{}", "/p/{}", "https://fiqra.example/p/{}", " {} "]),
)
@example({"p"}, "x", Ref(21, 11), "en", "/p/{}")
@example(set(), "p", Ref(21), "en", "{}")
def test_an_id_is_read_back_whatever_a_report_is_called(
    others: set[str], name: str, ref: Ref, language: Language, form: str
) -> None:
    """Ids may begin with a digit, be a number or a word that addresses have."""
    report = with_paragraph(name, ref)
    reports = {**{other: with_paragraph(other, Ref(1)) for other in others}, name: report}
    place = read_id(form.format(write_id(report, ref, language)), Documents(reports.values()))
    assert (place.report, place.ref, place.language) == (report, ref, language)


def with_paragraph(name: str, ref: Ref) -> Report:
    """A report of a paragraph and those above it."""
    paragraphs = tuple(Paragraph(each, "a", (), Span(0, 1)) for each in (*lineage(ref), ref))
    return Report(name, tuple(Rendering(lang, lang == "ar", (), paragraphs, "x", "0") for lang in LANGUAGES))


def test_an_agent_reads_a_report_whose_id_begins_with_a_digit() -> None:
    """Through the client, as a tool and as a resource."""
    report = with_paragraph("2021-report.v1_a", Ref(21, 11))

    async def journey() -> None:
        async with Client(build_server(state_of(report, with_paragraph("other", Ref(1))))) as agent:
            name = "2021-report.v1_a/21(k)"
            assert (await call(agent, "fetch", id=name))["id"] == f"{name}?lang=ar"
            [content] = (await agent.read_resource(f"fiqra://{name}")).contents
            assert isinstance(content, TextResourceContents)
            assert "2021-report" in content.text

    run(journey())


def test_who_calls_no_tool_does_not_load_the_sdk() -> None:
    """Taken out by hand (the SDK imported at the head of `mount`), it is there."""
    script = "import sys, service.app; print('mcp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False"
