"""What every response says to a browser, whoever made it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {"x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}


class SecurityHeaders:
    """ASGI middleware that adds `EVERYWHERE` to each response that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in EVERYWHERE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def install(app: FastAPI) -> None:
    """Add the middleware, and the headers to the one answer that is made outside all middleware: the 500."""
    app.add_middleware(SecurityHeaders)
    unexpected = cast("Callable[[Request, Exception], Awaitable[Response]]", app.exception_handlers[Exception])

    async def with_headers(request: Request, error: Exception) -> Response:
        response = await unexpected(request, error)
        response.headers.update(EVERYWHERE)
        return response

    app.add_exception_handler(Exception, with_headers)
