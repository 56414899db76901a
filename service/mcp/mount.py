"""`/mcp`, streamable HTTP without sessions: each call stands for itself, so any worker answers any client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.mcp.server import build_server
from service.problems import problem
from service.state import State

PATH = "/mcp"
MAX_MCP_BODY = 256 * 1024  # a draft of 60,000 Arabic letters, and what is written around it
HEADERS = ("mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name", "last-event-id")


class _Endpoint:
    """An ASGI application at exactly this path; a mounted one would answer 307, or hide what lies beside it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state: State = scope["app"].state.fiqra
        origins = [value.decode("latin-1") for key, value in scope["headers"] if key == b"origin"]
        allowed = {*state.settings.allowed_origins, str(state.settings.public_url or "").rstrip("/")}
        if "*" not in allowed and not allowed.issuperset(origins):
            refusal = problem(
                403, "pages of this origin may not call; the operator can add it to FIQRA_ALLOWED_ORIGINS"
            )
            await refusal(scope, receive, send)
            return
        manager: StreamableHTTPSessionManager = scope["app"].state.mcp
        await manager.handle_request(scope, receive, send)


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """What the endpoint needs for as long as the app runs. A manager serves once, so each run has its own.

    Host names are checked for the whole app by HostGuard, origins by the endpoint; the SDK's own check, which answers
    in plain text, is not used.
    """
    server = build_server(app.state.fiqra)
    checked_here = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(json_response=True, stateless_http=True, transport_security=checked_here)
    app.state.mcp = server.session_manager
    async with server.session_manager.run():
        yield


def install(app: FastAPI) -> None:
    """Add the route. GET, which would open a stream that nothing is ever sent on, is refused as the protocol allows."""
    app.router.routes.append(Route(PATH, _Endpoint(), methods=["POST"]))
