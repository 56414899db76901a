"""The addresses of an app, and requests as uvicorn would hand them over: what a client would mend arrives as it is."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Message

from service.http.guards import MAX_BODY

ID = b"kyoto-2021-workshop-4"
Headers = Sequence[tuple[bytes, bytes]]
LEAVES_AFTER_S = 3.0  # an answer that never ends, such as an event stream, is left then


@dataclass(frozen=True)
class Address:
    """A route: its template, its methods, and the example bodies that its schema shows."""

    path: str
    methods: frozenset[str]
    examples: tuple[Any, ...] = ()

    def with_ref(self, ref: bytes) -> bytes:
        """The template with the ref in its last gap, and a report that exists in those before."""
        gaps = re.findall(r"\{.*?\}", self.path)
        path = self.path.encode()
        for gap in gaps[:-1]:
            path = path.replace(gap.encode(), ID, 1)
        return path.replace(gaps[-1].encode(), ref, 1) if gaps else path


def addresses(app: FastAPI) -> list[Address]:
    """Every address that the app answers, mounts included."""
    document = app.openapi()

    def walk(routes: list[BaseRoute], prefix: str = "") -> Iterator[Address]:
        for route in routes:
            if isinstance(route, Mount):
                yield Address(prefix + route.path, frozenset({"GET", "POST", "DELETE"}))
                yield from walk(list(route.routes), prefix + route.path)
            elif (router := getattr(route, "original_router", None)) is not None:  # what `include_router` leaves
                yield from walk(list(router.routes), prefix)
            elif isinstance(route, Route):
                methods = frozenset(route.methods or {"GET"})
                yield Address(prefix + route.path, methods, tuple(_examples(document, prefix + route.path)))

    return [*walk(app.routes)]


def _examples(document: dict[str, Any], path: str) -> Iterator[Any]:
    operation = document["paths"].get(path.replace(":path}", "}"), {}).get("post", {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    yield from (example["value"] for example in content.get("examples", {}).values())
    if "example" in content:
        yield content["example"]
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    yield from document.get("components", {}).get("schemas", {}).get(name, {}).get("examples", [])


@dataclass
class Reply:
    """What came back, and the seconds of processor time that it took."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cpu_s: float = 0.0


async def call(app: FastAPI, method: str, target: bytes, headers: Headers = (), body: bytes = b"") -> Reply:
    """One request; the caller stays until the response is complete, or for LEAVES_AFTER_S."""
    scope = _scope(method, target, headers)
    pieces = [body[at : at + MAX_BODY] for at in range(0, len(body), MAX_BODY)] or [b""]
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": i < len(pieces) - 1} for i, piece in enumerate(pieces)
    ]
    reply, complete = Reply(), asyncio.Event()

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(complete.wait(), LEAVES_AFTER_S)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            reply.body += message.get("body", b"")
            if not message.get("more_body"):
                complete.set()

    started = time.process_time()
    with suppress(Exception):  # the middleware has sent a 500 and raises again; without it the status is 0
        await asyncio.wait_for(app(scope, receive, send), 2 * LEAVES_AFTER_S)
    reply.cpu_s = time.process_time() - started
    return reply


def _scope(method: str, target: bytes, headers: Headers) -> dict[str, Any]:
    raw_path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [*headers, *([] if any(name == b"host" for name, _ in headers) else [(b"host", b"localhost")])],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
