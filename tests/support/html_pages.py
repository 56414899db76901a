"""What the page tests share: a parsed page, a hostile report, and what no page may have."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import cast

from fastapi.testclient import TestClient

from corpus.records import Chunk, Correction, Language, Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from service.answering.engine import Engine
from service.http.work_queue import WorkQueue
from service.paragraphs.documents import Documents
from service.settings import Settings
from service.state import State

ID = "kyoto-2021-workshop-4"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Tree(HTMLParser):
    """Every tag with its attributes, the text, and whether tags close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self._open[-1:] in (["script"], ["style"]) else self.texts).append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag and wanted.items() <= attrs.items()]

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def page(client: TestClient, path: str, status: int = 200) -> Tree:
    response = client.get(path, headers=BROWSER, follow_redirects=False)
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Tree(response.text)


def state_of(*reports: Report) -> State:
    documents = Documents(reports)
    chunks = tuple(
        Chunk(report.id, paragraph.ref, rendering.language, "paragraph", 0, len(paragraph.text))
        for report in reports
        for rendering in report.renderings
        for paragraph in report.texts(rendering)
    )
    rows = {(chunk.report, chunk.ref, chunk.language): [row] for row, chunk in enumerate(chunks)}
    contents = SimpleNamespace(
        reports=reports, by_id=documents.by_id, chunks=chunks, sentence_rows=lambda *place: rows[place]
    )
    engine = SimpleNamespace(contents=contents, documents=documents, name="test", set_aside=())
    return State(
        Settings(),
        WorkQueue(1, 1.0),
        cast("Engine", engine),
    )


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;[x](javascript:alert(3))\u202e\u2066{{ 7*7 }}"


def hostile_report() -> Report:
    mended = Correction("1", EVIL, "read", "certain", EVIL, EVIL, Span(0, 8))
    paragraph = Paragraph(Ref(1), EVIL, (EVIL, EVIL), Span(0, 1), emphasis=(Span(2, 20),), corrections=(mended,))
    front = (TitleBlock("title", EVIL), TitleBlock('x" onload="alert(4)', EVIL))
    languages: tuple[Language, ...] = ("ar", "en")
    return Report(
        'a"><script>x',
        tuple(Rendering(language, language == "ar", front, (paragraph,), EVIL, EVIL) for language in languages),
    )


def assert_nothing_inline(tree: Tree) -> None:
    """No script or style but from files, no handlers, no script addresses."""
    assert "".join(tree.scripts).strip() == ""
    assert not tree.all("style")
    assert all(re.match(r"/static/|/widget\.js$", attrs["src"]) for attrs in tree.all("script"))
    for tag, attrs in tree.tags:
        assert not [name for name in attrs if name.startswith("on") or name in {"style", "srcdoc"}], (tag, attrs)
        for name in ("href", "src", "action"):
            assert re.match(r"(?:https?://|[/#?]|$)", attrs.get(name, "")), (tag, attrs)
