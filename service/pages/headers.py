"""What every response says to a browser, whoever made it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import cast

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    # What is no page loads nothing and is framed by nobody; a page says itself what it needs.
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

SPEAKING = {"permissions-policy": EVERYWHERE["permissions-policy"].replace("microphone=()", "microphone=(self)")}
"""What a page with an ask box says: there a question may be spoken, where the browser turns speech into text."""

# The router sends a caller from `/docs/` to the address that the Host header names; a path says the same and can't be
# poisoned. What could be read as another host stays as it is.
_PLACE = re.compile(r"^https?://[^/]*(/(?![/\\]).*)$")


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
                if "location" in headers:
                    headers["location"] = _PLACE.sub(r"\1", headers["location"])
            await send(message)

        await self._app(scope, receive, with_headers)


def install(app: FastAPI) -> None:
    """Add the middleware, and the headers to the one answer that is made outside all middleware: the 500."""
    app.add_middleware(SecurityHeaders)
    unexpected = cast("Callable[[Request, Exception], Awaitable[Response]]", app.exception_handlers[Exception])

    async def with_headers(request: Request, error: Exception) -> Response:
        response = await unexpected(request, error)
        response.headers.update(EVERYWHERE)
        if given := correlation_id.get():
            response.headers["x-request-id"] = given
        return response

    app.add_exception_handler(Exception, with_headers)
