"""The service below a path of a real reverse proxy: `FIQRA_PUBLIC_URL=https://example.org/fiqra`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from corpus.records import Report
from service.app import build_app
from tests.support.browser import serving
from tests.support.proxy import nginx
from tests.support.server_process import free_port
from tests.support.services import build, hashed_state

BROWSER = {"accept": "text/html"}
PAGES = (
    "/",
    "/?lang=ar&q=paragraph+9",
    "/demo",
    "/docs",
    "/reports/{id}",
    "/p/{id}/21(k)?lang=en",
    "/find?ref=400",
    "/p/x/1",
)
_LINK = re.compile(r'\s(?:href|src|action)="([^"#][^"]*)"')
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
MCP = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.fixture(scope="module", params=["taken off by the proxy", "left on"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, report: Report) -> Iterator[str]:
    """Where people reach it: `http://127.0.0.1:54321/fiqra`."""
    folder, port = tmp_path_factory.mktemp("below"), free_port()
    build(folder, report)
    public = f"http://127.0.0.1:{port}/fiqra"
    with serving(build_app(hashed_state(folder, public_url=public))) as behind:
        target = f"{behind}/" if request.param == "taken off by the proxy" else behind
        with nginx(_made(folder / "nginx"), port, "/fiqra/", target):
            yield public


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_every_page_leads_below_the_path(site: str, report: Report, path: str) -> None:
    """Tried by hand: without `_ROOTED` in `Site.respond` each link leads beside the path, to the proxy's 418."""
    page = httpx.get(site + path.format(id=report.id), headers=BROWSER, timeout=60)
    links = set(_LINK.findall(page.text))
    assert page.status_code in (200, 404), page.text
    assert len(links) > 3
    own = [link for link in links if not link.startswith("http") or link.startswith(site)]
    assert own
    for link in own:
        address = link if link.startswith("http") else f"{site.removesuffix('/fiqra')}{link}"
        assert urlsplit(address).path.startswith("/fiqra/"), link
        if "/static/" in address or "/widget.js" in address or "/openapi.json" in address:
            assert httpx.get(address, timeout=60).status_code == 200, link


def test_redirects_stay_below_the_path(site: str, report: Report) -> None:
    """Tried by hand: without `_below` in `PageRoute` they leave it."""
    found = httpx.get(f"{site}/find?ref=21k&lang=en", headers=BROWSER, timeout=60)
    assert found.headers["location"].startswith(f"/fiqra/p/{report.id}/21(k)?lang=en")
    moved = httpx.get(f"{site}/p/{report.id}/21/k", headers=BROWSER, timeout=60, follow_redirects=True)
    assert (moved.status_code, moved.url.path) == (200, f"/fiqra/p/{report.id}/21(k)")


def test_calls_links_and_unfolding_work_below_the_path(site: str, report: Report) -> None:
    shown = httpx.get(f"{site}/v1/paragraphs/9?format=text", timeout=60).text
    link = shown.strip().splitlines()[-1]
    assert link.startswith(f"{site}/p/{report.id}/9?")
    assert httpx.get(link, headers=BROWSER, timeout=60).status_code == 200
    unfolded = httpx.get(f"{site}/oembed", params={"url": link}, timeout=60).json()
    assert unfolded["provider_url"] == site
    assert httpx.get(f"{site}/oembed", params={"url": link.replace("/fiqra", "")}, timeout=60).status_code == 404
    asked = httpx.post(f"{site}/v1/ask", json={"question": "What does paragraph 9 say?"}, timeout=60).json()
    assert asked["answered"]
    assert httpx.get(site + asked["citations"][0]["url"], headers=BROWSER, timeout=60).status_code == 200
    assert httpx.get(f"{site}/openapi.json", timeout=60).json()["servers"] == [{"url": "/fiqra"}]


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_agents_are_answered_below_the_path(site: str, path: str) -> None:
    """Tried by hand: with the public URL for an origin, path and all, the service's own pages are refused (403)."""
    own = {"origin": site.removesuffix("/fiqra")}
    answer = httpx.post(site + path, json=CALL, headers=MCP | own, timeout=120)
    assert answer.status_code == 200, answer.text
    assert {tool["name"] for tool in answer.json()["result"]["tools"]} >= {"ask", "fetch", "verify"}
    assert (
        httpx.post(site + path, json=CALL, headers=MCP | {"origin": "http://elsewhere.example"}, timeout=60).status_code
        == 403
    )
