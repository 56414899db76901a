"""`/mcp`, streamable HTTP without sessions: each call stands for itself, so any worker answers any client.

The SDK takes half a second and 25 MB to import, which services without agents do not need: the first call loads it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from service.answering.asking import unless_left
from service.http.guards import replay
from service.http.problems import CALLER_LEFT, problem
from service.paragraphs.links import own_origin
from service.state import State

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATHS = ("/mcp", "/mcp/")
MAX_MCP_BODY = 256 * 1024  # a draft of 60,000 Arabic letters, and what is written around it
HEADERS = ("mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name", "last-event-id")


class _Endpoint:
    """An ASGI application at exactly this path; a mounted one would answer 307, or hide what lies beside it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state: State = scope["app"].state.fiqra
        origins = [value.decode("latin-1") for key, value in scope["headers"] if key == b"origin"]
        allowed = {*state.settings.allowed_origins, own_origin(state.settings)}
        if "*" not in allowed and not allowed.issuperset(origins):
            refusal = problem(
                403, "pages of this origin may not call; the operator can add it to FIQRA_ALLOWED_ORIGINS"
            )
            await refusal(scope, receive, send)
            return
        loaded: _Loaded = scope["app"].state.mcp
        await _while_there(await loaded.manager(), Request(scope, receive), send)


async def _while_there(manager: StreamableHTTPSessionManager, request: Request, send: Send) -> None:
    """Answer, as long as the caller is there to read it: the SDK would work on for nobody."""
    body = await request.body()

    async def nothing_more() -> Message:
        never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await never  # that the caller leaves is seen here

    async def answer() -> bool:
        await manager.handle_request(request.scope, replay(body, nothing_more), send)
        return True

    if await unless_left(request, answer()) is None:
        await Response(status_code=CALLER_LEFT)(request.scope, request.receive, send)


class _Loaded:
    """The session manager of one run of the app, made when the first call asks for it.

    It has to be left by the task that entered it, so that a task of its own holds it until `close`.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._manager: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._holder: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def manager(self) -> StreamableHTTPSessionManager:
        """The manager, running."""
        if self._manager is None or (self._manager.done() and self._manager.exception()):
            self._manager = asyncio.get_running_loop().create_future()
            self._holder = asyncio.create_task(self._hold(self._manager))
        return await asyncio.shield(self._manager)  # who leaves must not take it from the others

    async def _hold(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        try:
            manager = await to_thread.run_sync(_make_manager, self._state)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            ready.set_exception(error)
            return
        async with manager.run():
            ready.set_result(manager)
            await self._closing.wait()

    async def close(self) -> None:
        """Let go of what was loaded."""
        self._closing.set()
        if self._holder is not None:
            await self._holder


def _make_manager(state: State) -> StreamableHTTPSessionManager:
    """A manager serves once, so each run of the app has its own.

    Host names are checked for the whole app by TargetGuard, origins by the endpoint; the SDK's own check, which answers
    in plain text, is not used.
    """
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - see this module's docstring

    from service.mcp.server import build_server  # noqa: PLC0415

    server = build_server(state)
    checked_here = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(json_response=True, stateless_http=True, transport_security=checked_here)
    return server.session_manager


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """What the endpoint needs for as long as the app runs."""
    app.state.mcp = _Loaded(app.state.fiqra)
    try:
        yield
    finally:
        await app.state.mcp.close()


def install(app: FastAPI) -> None:
    """Add the route. GET, which would open a stream that nothing is ever sent on, is refused as the protocol allows."""
    endpoint = _Endpoint()
    app.router.routes += [Route(path, endpoint, methods=["POST"]) for path in PATHS]
