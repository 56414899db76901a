"""The first thing a request meets: its body must be small, prompt, JSON, and JSON that means one thing.

FastAPI would answer 500 to NaN or a lone surrogate; here they never reach it.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Collection, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import Overloaded
from service.http.observe import PROBES
from service.http.problems import problem, problem_of
from service.http.work_queue import WorkQueue
from service.schemas.problems import FieldError

MAX_BODY = 64 * 1024
MAX_CHAT_BODY = 512 * 1024  # a chat is sent whole each time; of what is read, 20 turns are kept
MAX_DEPTH = 32
BODILESS = {"GET", "HEAD", "OPTIONS", "DELETE"}  # a body means nothing there, and is only held to its limit


class Refused(Exception):
    """A body that is not read, with the status that says why; it becomes a problem document here."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class BodyGuard:
    """ASGI middleware that reads a request's body, checks it, and hands it on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        timeout_s: float,
        limits: Mapping[str, int] | None = None,
        uploads: Mapping[str, int] | None = None,
    ) -> None:
        """`limits` gives the paths whose bodies may have another size than MAX_BODY, in bytes.

        `uploads` gives those that take files: their bodies are counted as they arrive, and read by the route.
        """
        self._uploads = uploads or {}
        self._app = app
        self._timeout_s = timeout_s
        self._limits = limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST" and (largest := self._uploads.get(scope["path"])) is not None:
            await self._app(scope, self._counted(receive, largest), send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        try:
            async with asyncio.timeout(self._timeout_s):
                body = await self._read(headers, receive, self._limits.get(scope["path"], MAX_BODY))
            if body and scope["method"] not in BODILESS:
                _check_type(headers)
                parse(body)
        except TimeoutError:
            await problem(408, f"the body took over {self._timeout_s:g} seconds to arrive")(scope, receive, send)
        except Refused as refused:
            fields = [FieldError(loc=("body",), msg=str(refused))] if refused.status == 422 else None
            await problem(refused.status, str(refused), fields=fields)(scope, receive, send)
        else:
            await self._app(scope, replay(body, receive), send)

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """A `receive` that refuses a body that grows too large or stops arriving."""
        size, complete = 0, False

        async def counted() -> Message:
            nonlocal size, complete
            try:
                async with asyncio.timeout(None if complete else self._timeout_s):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, f"nothing of the body arrived for {self._timeout_s:g} seconds") from error
            complete = not message.get("more_body")
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413, f"the body is over {limit:,} bytes; send less")
            return message

        return counted

    async def _read(self, headers: dict[str, str], receive: Receive, limit: int) -> bytes:
        too_long = Refused(413, f"the body is over {limit:,} bytes; send less")
        declared = headers.get("content-length", "0")
        if not declared.isascii() or not declared.isdigit():
            raise Refused(400, "content-length is not a number")
        if int(declared[:20]) > limit:
            raise too_long
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(400, "the caller left before the body was complete")
            body += message.get("body", b"")
            if len(body) > limit:
                raise too_long
            if not message.get("more_body"):
                return bytes(body)


class Admission:
    """ASGI middleware that answers 503 before reading the body while the work queue is full: refusing must be cheap."""

    def __init__(self, app: ASGIApp, *, work_queue: WorkQueue, paths: Collection[str]) -> None:
        """`paths` are those whose requests wait in the work queue."""
        self._app = app
        self._lane = work_queue
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] == "http" and scope["path"] in self._paths:
            try:
                self._lane.check()
            except Overloaded as overloaded:
                await problem_of(overloaded)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then what the server has to say (that the caller left)."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _check_type(headers: dict[str, str]) -> None:
    if (encoding := headers.get("content-encoding", "identity").lower()) != "identity":
        raise Refused(415, f"content-encoding {encoding[:20]!r} is not read; send the body as it is")
    kind, _, parameters = headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").removeprefix("charset=")
    if kind.strip() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise Refused(415, "the body must have content-type application/json, in UTF-8")


def parse(body: bytes) -> Any:
    """Read JSON that every reader reads alike.

    Refused: broken UTF-8, NaN and infinities, numbers beyond a double, lone surrogates, duplicate keys, and more than
    32 levels of nesting.
    """
    try:
        text = body.decode()
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, parse_int=_small, object_pairs_hook=_distinct
        )
        _check_depth(value)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise Refused(422, f"byte {error.start} is no UTF-8") from error
    except UnicodeEncodeError as error:
        raise Refused(422, "a string holds half of a surrogate pair, which is no character") from error
    except RecursionError as error:
        raise Refused(422, f"more than {MAX_DEPTH} levels of nesting") from error
    except json.JSONDecodeError as error:
        raise Refused(422, f"no JSON: {error.msg} at character {error.pos}") from error
    except ValueError as error:
        raise Refused(422, str(error)) from error
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is beyond what a double holds")
    return number


def _small(text: str) -> int:
    if len(text) > 20:
        raise ValueError("an integer has over 20 digits")
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH + 1:
            raise ValueError(f"more than {MAX_DEPTH} levels of nesting")
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
