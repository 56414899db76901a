"""A client of a running service: `Fiqra`, and `AsyncFiqra` with the same calls awaited.

    with Fiqra("http://127.0.0.1:8000") as fiqra:
        answer = fiqra.ask("Who moderated the workshop?")

Results are the HTTP contract's own types. What the service refuses is raised as `ServiceError`, with its problem
document; a 503 is tried again after as long as `Retry-After` says. It needs httpx and pydantic, and no model.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from corpus.errors import FiqraError
from corpus.records import Language
from service.schemas.answers import AskResponse, Citation, Statement
from service.schemas.drafts import VerifyResponse
from service.schemas.paragraphs import ParagraphOut, ParagraphsResponse
from service.schemas.passages import PassageOut, SearchResponse
from service.schemas.problems import Problem
from service.schemas.questions import AskRequest, Filters, Mode, Turn
from service.schemas.reports import ReportOut, ReportsResponse

DEFAULT_URL = "http://127.0.0.1:8000"
LONGEST_WAIT_S = 30.0
T = TypeVar("T", bound=BaseModel)
Part = tuple[PassageOut, ...] | Statement | Citation | AskResponse
"""What a stream brings, in this order: the passages, then statements and their citations, then the whole answer."""

_PARTS: Mapping[str, TypeAdapter[Any]] = {
    "passages": TypeAdapter(tuple[PassageOut, ...]),
    "delta": TypeAdapter(Statement),
    "citation": TypeAdapter(Citation),
    "done": TypeAdapter(AskResponse),
}


class ServiceError(FiqraError):
    """The service refused, or failed; `problem` says why in full."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Call:
    """A request, before it is sent."""

    method: str
    path: str
    params: Mapping[str, Any] | None = None
    json: Mapping[str, Any] | None = None


class AskOptions(TypedDict, total=False):
    """What a question may come with; see `AskRequest`."""

    language: Language | None
    report: str | tuple[str, ...] | None
    filters: Filters | None
    top_k: int
    mode: Mode | None
    history: tuple[Turn, ...]


class _Calls:
    """The calls of the contract as requests: what both clients share."""

    def __init__(self, base_url: str, timeout_s: float, retries: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._retries = retries

    def link(self, path: str) -> str:
        """The absolute address of a `url` in a result.

        >>> Fiqra("https://fiqra.example").link("/p/kyoto-2021-workshop-4/9?lang=en&v=1f3a9c02")
        'https://fiqra.example/p/kyoto-2021-workshop-4/9?lang=en&v=1f3a9c02'
        """
        return self._base_url + path

    def _wait(self, response: httpx.Response, tried: int) -> float | None:
        """How long to wait before the next try, in seconds; None where there shall be none."""
        if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or tried >= self._retries:
            return None
        asked = response.headers.get("retry-after", "")
        wait = float(asked) if asked.isascii() and asked.isdigit() else 0.5 * 2**tried
        return wait if wait <= LONGEST_WAIT_S else None


def _ask(question: str, options: AskOptions, *, stream: bool) -> Call:
    return Call("POST", "/v1/ask", json=AskRequest(question=question, stream=stream, **options).model_dump(mode="json"))


def _search(query: str, language: Language | None, report: str | None, k: int) -> Call:
    return Call("GET", "/v1/search", _given(q=query, lang=language, report=report, k=k))


def _paragraphs(reference: str, language: Language | None, report: str | None) -> Call:
    return Call("GET", f"/v1/paragraphs/{quote(reference, safe='')}", _given(lang=language, report=report))


def _verify(text: str, report: str | None) -> Call:
    return Call("POST", "/v1/verify", json={"text": text, "report": report})


def _given(**params: object) -> dict[str, object]:
    return {name: value for name, value in params.items() if value is not None}


def _error(response: httpx.Response) -> ServiceError:
    try:
        return ServiceError(Problem.model_validate_json(response.content))
    except ValidationError:  # a proxy's page, not fiqra's
        kind = response.headers.get("content-type", "nothing")
        detail = f"{response.url.host} answered with {kind}, not as fiqra does"
        return ServiceError(
            Problem(type="about:blank", title=response.reason_phrase, status=response.status_code, detail=detail)
        )


def _read(response: httpx.Response, model: type[T]) -> T:
    if not response.is_success:
        raise _error(response)
    return model.model_validate_json(response.content)


class _Events:
    """Server-sent events out of bytes as they come. Lines end at line feeds alone: a quotation may hold other ends."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> Iterator[Part]:
        """The parts that are complete now. Raises ServiceError for an `error` event."""
        *blocks, self._kept = (self._kept + data).split(b"\n\n")
        for block in blocks:
            fields = dict(line.partition(b": ")[::2] for line in block.split(b"\n"))
            name, content = fields.get(b"event", b"").decode(), fields.get(b"data", b"")
            if name == "error":
                raise ServiceError(Problem.model_validate_json(content))
            if name in _PARTS:
                yield _PARTS[name].validate_json(content)


class Fiqra(_Calls):
    """A client that waits. `transport` and `sleep` are passed in where tests need their own.

    Used in a `with` block, it closes its connections:

        with Fiqra() as fiqra:
            print(fiqra.paragraphs("21(k)", language="en")[0].text)  # Member States are encouraged to monitor …
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        timeout_s: float = 60.0,
        retries: int = 3,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(base_url, timeout_s, retries)
        self._http = httpx.Client(base_url=self._base_url, timeout=timeout_s, transport=transport)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """The answer with its citations, or `answered` false. Raises ServiceError, and httpx.TransportError."""
        return _read(self._send(_ask(question, options, stream=False)), AskResponse)

    def stream(self, question: str, **options: Unpack[AskOptions]) -> Iterator[Part]:
        """The answer in parts, each as soon as it is proved; the last one is the whole. Raises ServiceError."""
        response = self._send(_ask(question, options, stream=True), stream=True)
        try:
            if not response.is_success:
                response.read()
                raise _error(response)
            events = _Events()
            for data in response.iter_bytes():
                yield from events.feed(data)
        finally:
            response.close()

    def search(
        self, query: str, *, language: Language | None = None, report: str | None = None, k: int = 5
    ) -> SearchResponse:
        """Ranked passages, no answer. Raises ServiceError."""
        return _read(self._send(_search(query, language, report, k)), SearchResponse)

    def paragraphs(
        self, reference: str, *, language: Language | None = None, report: str | None = None
    ) -> tuple[ParagraphOut, ...]:
        """The paragraphs that a reference, range or list names, all of them, however many calls that takes.

        Raises ServiceError; `problem.nearest` names others.
        """
        call: Call | None = _paragraphs(reference, language, report)
        found: list[ParagraphOut] = []
        while call:
            page = _read(self._send(call), ParagraphsResponse)
            found += page.paragraphs
            call = Call("GET", page.next) if page.next else None
        return tuple(found)

    def reports(self) -> tuple[ReportOut, ...]:
        """What is loaded. Raises ServiceError."""
        return _read(self._send(Call("GET", "/v1/reports")), ReportsResponse).reports

    def verify(self, text: str, *, report: str | None = None) -> VerifyResponse:
        """Whether a draft cites and quotes correctly. Raises ServiceError."""
        return _read(self._send(_verify(text, report)), VerifyResponse)

    def _send(self, call: Call, *, stream: bool = False) -> httpx.Response:
        tried = 0
        while True:
            request = self._http.build_request(call.method, call.path, params=call.params, json=call.json)
            response = self._http.send(request, stream=stream)
            if (wait := self._wait(response, tried)) is None:
                return response
            response.close()
            self._sleep(wait)
            tried += 1


class AsyncFiqra(_Calls):
    """The same calls, awaited.

    A stream is read part by part:

        async with AsyncFiqra() as fiqra:
            async for part in fiqra.stream("Who moderated the workshop?"):
                ...
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        timeout_s: float = 60.0,
        retries: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(base_url, timeout_s, retries)
        self._http = httpx.AsyncClient(base_url=self._base_url, timeout=timeout_s, transport=transport)
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """See `Fiqra.ask`."""
        call = _ask(question, options, stream=False)
        return _read(await self._send(call), AskResponse)

    async def stream(self, question: str, **options: Unpack[AskOptions]) -> AsyncIterator[Part]:
        """See `Fiqra.stream`."""
        response = await self._send(_ask(question, options, stream=True), stream=True)
        try:
            if not response.is_success:
                await response.aread()
                raise _error(response)
            events = _Events()
            async for data in response.aiter_bytes():
                for part in events.feed(data):
                    yield part
        finally:
            await response.aclose()

    async def search(
        self, query: str, *, language: Language | None = None, report: str | None = None, k: int = 5
    ) -> SearchResponse:
        """See `Fiqra.search`."""
        return _read(await self._send(_search(query, language, report, k)), SearchResponse)

    async def paragraphs(
        self, reference: str, *, language: Language | None = None, report: str | None = None
    ) -> tuple[ParagraphOut, ...]:
        """See `Fiqra.paragraphs`."""
        call: Call | None = _paragraphs(reference, language, report)
        found: list[ParagraphOut] = []
        while call:
            page = _read(await self._send(call), ParagraphsResponse)
            found += page.paragraphs
            call = Call("GET", page.next) if page.next else None
        return tuple(found)

    async def reports(self) -> tuple[ReportOut, ...]:
        """See `Fiqra.reports`."""
        return _read(await self._send(Call("GET", "/v1/reports")), ReportsResponse).reports

    async def verify(self, text: str, *, report: str | None = None) -> VerifyResponse:
        """See `Fiqra.verify`."""
        return _read(await self._send(_verify(text, report)), VerifyResponse)

    async def _send(self, call: Call, *, stream: bool = False) -> httpx.Response:
        tried = 0
        while True:
            request = self._http.build_request(call.method, call.path, params=call.params, json=call.json)
            response = await self._http.send(request, stream=stream)
            if (wait := self._wait(response, tried)) is None:
                return response
            await response.aclose()
            await self._sleep(wait)
            tried += 1
