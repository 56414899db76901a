"""fiqra from Python: its own client against a real server, the library, other frameworks' retrievers, the example."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from corpus.errors import UnknownParagraph
from corpus.records import Report
from corpus.refs import parse_ref
from service.adapters.langchain import FiqraRetriever as LangChainRetriever
from service.adapters.searcher import Searcher
from service.client import LONGEST_WAIT_S, AsyncFiqra, Fiqra, Part, ServiceError
from service.in_process import Library
from service.schemas.answers import AskResponse, Citation, Statement
from service.schemas.questions import Turn
from service.state import State
from tests.support.paths import REPORT_ID, ROOT

pytestmark = [pytest.mark.model, pytest.mark.process]

QUESTION = "What are Member States encouraged to monitor?"
FOLLOW_UP = "And who moderated it?"
HISTORY = (Turn(role="user", content="What was discussed at the fourth meeting?"),)


@pytest.fixture
def fiqra(server: str) -> Iterator[Fiqra]:
    with Fiqra(server) as client:
        yield client


@pytest.fixture(scope="module")
def library(state: State) -> Library:
    return Library(state)


def same(one: AskResponse, other: AskResponse) -> bool:
    return one.model_copy(update={"id": "", "timings_ms": {}}) == other.model_copy(update={"id": "", "timings_ms": {}})


def test_every_call_answers_in_the_contracts_types(fiqra: Fiqra, server: str, report: Report) -> None:
    answer = fiqra.ask(QUESTION, top_k=2)
    assert (answer.answered, answer.citations[0].ref, len(answer.passages)) == (True, "21(k)", 2)
    assert httpx.get(fiqra.link(answer.citations[0].url), timeout=60).status_code == 200
    assert fiqra.ask(FOLLOW_UP, history=HISTORY).passages != fiqra.ask(FOLLOW_UP).passages
    assert fiqra.search("darknet", k=2, language="ar").passages[0].language == "ar"
    [paragraph] = fiqra.paragraphs("الفقرة ٢١ (ك)", language="en")
    assert paragraph.text == report.rendering("en").by_ref[parse_ref("21k")].text
    assert [p.ref for p in fiqra.paragraphs("21/a, 9-10", report=REPORT_ID)] == ["21(a)", "9", "10"]
    assert [r.id for r in fiqra.reports()] == [REPORT_ID]
    assert fiqra.verify(f"“{answer.citations[0].quote}” [21(k)]").ok


def test_a_stream_brings_the_parts_and_then_the_whole(fiqra: Fiqra) -> None:
    check_parts(list(fiqra.stream("What does paragraph 21 say?")), fiqra.ask("What does paragraph 21 say?"))


def check_parts(parts: list[Part], whole: AskResponse) -> None:
    passages, *between, last = parts
    assert isinstance(last, AskResponse)
    assert same(last, whole)
    assert passages == last.passages
    assert tuple(part for part in between if isinstance(part, Statement)) == last.statements
    assert tuple(part for part in between if isinstance(part, Citation)) == last.citations


def test_the_same_calls_awaited(server: str, fiqra: Fiqra) -> None:
    async def calls() -> None:
        async with AsyncFiqra(server) as client:
            assert same(await client.ask(QUESTION), fiqra.ask(QUESTION))
            check_parts([part async for part in client.stream(QUESTION)], fiqra.ask(QUESTION))
            assert (await client.search("darknet")).passages == fiqra.search("darknet").passages
            assert await client.paragraphs("9") == fiqra.paragraphs("9")
            assert await client.reports() == fiqra.reports()
            assert await client.verify("[21(k)]") == fiqra.verify("[21(k)]")
            with pytest.raises(ServiceError):
                await client.paragraphs("22")
            with pytest.raises(ServiceError):
                _ = [part async for part in client.stream("a", report="nowhere")]

    asyncio.run(calls())


def test_a_refusal_is_an_error_with_its_problem_document(fiqra: Fiqra) -> None:
    with pytest.raises(ServiceError) as refused:
        fiqra.paragraphs("21(l)")
    assert refused.value.problem.nearest == ("21(k)", "21(j)", "21(i)")
    assert "404" in str(refused.value)
    with pytest.raises(ServiceError, match="nowhere"):
        list(fiqra.stream("a", report="nowhere"))


class Busy:
    """Answers 503 so many times, then as the service does; keeps what it was asked."""

    def __init__(self, times: int, retry_after: str | None) -> None:
        self.left = times
        self.headers = {"retry-after": retry_after} if retry_after else {}
        self.requests = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.left:
            self.left -= 1
            problem = {"type": "x", "title": "Service Unavailable", "status": 503, "detail": "busy"}
            return httpx.Response(503, headers=self.headers, content=json.dumps(problem))
        return httpx.Response(200, json={"reports": []})


@pytest.mark.parametrize(
    ("times", "retry_after", "waits", "answered"),
    [
        (2, "2", [2.0, 2.0], True),
        (2, None, [0.5, 1.0], True),
        (1, "soon", [0.5], True),
        (4, "1", [1.0, 1.0, 1.0], False),
        (1, str(int(LONGEST_WAIT_S) + 1), [], False),
    ],
)
def test_a_busy_service_is_asked_again_when_it_says(
    times: int, retry_after: str | None, waits: list[float], answered: bool
) -> None:
    """Taken out by hand (`_wait`'s reading of Retry-After), the first row waits 0.5 and 1 seconds."""
    slept: list[float] = []
    busy = Busy(times, retry_after)
    with Fiqra(transport=httpx.MockTransport(busy), sleep=slept.append) as fiqra:
        if answered:
            assert fiqra.reports() == ()
        else:
            with pytest.raises(ServiceError, match="busy"):
                fiqra.reports()
    assert (slept, busy.requests) == (waits, len(waits) + 1)

    async def awaited() -> None:
        slept.clear()

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        async with AsyncFiqra(transport=httpx.MockTransport(Busy(times, retry_after)), sleep=sleep) as fiqra:
            [found] = await asyncio.gather(fiqra.reports(), return_exceptions=True)
            assert isinstance(found, tuple) is answered
        assert slept == waits

    asyncio.run(awaited())


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_events_are_read_however_the_bytes_are_cut(client: Any, size: int) -> None:
    body: bytes = client.post("/v1/ask", json={"question": QUESTION, "stream": True}).content
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=iter(pieces)))
    with Fiqra(transport=transport) as fiqra:
        *_, last = fiqra.stream(QUESTION)
    assert isinstance(last, AskResponse)
    assert last.answered


def test_an_error_amid_a_stream_is_raised_and_a_proxys_page_explained() -> None:
    problem = b'{"type": "x", "title": "Internal Server Error", "status": 500, "detail": "broken"}'
    event = b"event: passages\ndata: []\n\nevent: error\ndata: " + problem + b"\n\n"
    with Fiqra(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=event))) as fiqra:
        parts = fiqra.stream(QUESTION)
        assert next(parts) == ()
        with pytest.raises(ServiceError, match="broken"):
            next(parts)
    page = httpx.Response(502, html="<h1>Bad Gateway</h1>")
    with (
        Fiqra(transport=httpx.MockTransport(lambda _: page)) as fiqra,
        pytest.raises(ServiceError, match="text/html"),
    ):
        fiqra.ask(QUESTION)


def test_the_library_answers_as_the_service_does(library: Library, fiqra: Fiqra) -> None:
    assert same(library.ask(QUESTION), fiqra.ask(QUESTION))
    assert same(library.ask(FOLLOW_UP, history=HISTORY), fiqra.ask(FOLLOW_UP, history=HISTORY))
    assert library.search("darknet", k=2).passages == fiqra.search("darknet", k=2).passages
    assert library.paragraphs("9-11", language="en") == fiqra.paragraphs("9-11", language="en")
    assert library.reports() == fiqra.reports()
    assert library.verify("[21(k)]") == fiqra.verify("[21(k)]")
    with pytest.raises(UnknownParagraph):
        library.paragraphs("22")


def test_the_client_loads_no_model() -> None:
    heavy = {"torch", "transformers", "sentence_transformers", "faiss", "numpy", "fastapi"}
    code = f"import sys, service.client; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("source", ["client", "library"])
def test_langchain_retrieves_paragraphs(source: str, fiqra: Fiqra, library: Library, report: Report) -> None:
    searcher: Searcher = fiqra if source == "client" else library
    retriever = LangChainRetriever(fiqra=searcher, k=3, language="en")
    documents = retriever.invoke(QUESTION)
    assert [d.metadata["ref"] for d in documents] == [
        p.ref for p in searcher.search(QUESTION, language="en", k=3).passages
    ]
    first = documents[0]
    assert (first.metadata["ref"], first.id) == ("21(k)", first.metadata["url"])
    assert first.page_content == report.rendering("en").by_ref[parse_ref("21k")].text
    assert asyncio.run(retriever.ainvoke(QUESTION)) == documents
    assert [len(found) for found in retriever.batch([QUESTION, "darknet"])] == [3, 3]

    def cite(found: list[Document]) -> str:
        return " ".join(f"[{d.metadata['ref']}]" for d in found)

    assert (retriever | RunnableLambda(cite)).invoke(QUESTION).startswith("[21(k)]")


@pytest.mark.filterwarnings("ignore")  # llama-index-core's own imports warn of what they will have to change
def test_llamaindex_retrieves_paragraphs(fiqra: Fiqra, report: Report) -> None:
    from llama_index.core.schema import MetadataMode

    from service.adapters.llamaindex import FiqraRetriever

    retriever = FiqraRetriever(fiqra, k=3, language="ar")
    nodes = retriever.retrieve(QUESTION)
    assert len(nodes) == 3
    assert nodes[0].metadata["ref"] == "21(k)"
    assert nodes[0].node_id == nodes[0].metadata["url"]
    assert nodes[0].get_content(MetadataMode.NONE) == report.rendering("ar").by_ref[parse_ref("21k")].text
    scores = [node.get_score() for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert [node.node_id for node in asyncio.run(retriever.aretrieve(QUESTION))] == [node.node_id for node in nodes]


def test_the_example_runs_to_its_end(server: str, tmp_path: Path) -> None:
    example = ROOT / "examples" / "ask_a_report.py"
    found = subprocess.run(
        [sys.executable, str(example), server], capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path
    )
    assert found.returncode == 0, found.stderr
    assert f"{server}/p/{REPORT_ID}/21(k)" in found.stdout
    assert "quotation altered [('obliged', 'encouraged')]" in found.stdout
