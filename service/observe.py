"""Each request gets an id, is counted and timed, and leaves one line in the log: where it went, never what it asked."""

from __future__ import annotations

import logging
from time import perf_counter
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics

log = logging.getLogger("fiqra")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UNMATCHED = "unmatched"
REQUEST_ID = "x-request-id"


class Observe:
    """ASGI middleware: counts, times and logs requests by the template of their route."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500  # what is answered outside, where the app raises before it answers

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.running.inc()
        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.running.dec()
            seconds = perf_counter() - started
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = route_of(scope)
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            quiet = route in {"/livez", "/readyz", "/metrics"} and status == 200
            log.log(
                logging.DEBUG if quiet else logging.INFO,
                "request",
                extra={"method": method, "route": route, "status": status, "ms": round(1e3 * seconds, 1)},
            )


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, `/v1/paragraphs/{ref:path}`; one word for all others."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else UNMATCHED


def install(app: FastAPI, metrics: Metrics) -> None:
    """Watch every request of the app. Call it last: what is added later stays unseen."""
    app.add_middleware(Observe, metrics=metrics)
    app.add_middleware(
        CorrelationIdMiddleware,
        header_name=REQUEST_ID,
        generator=lambda: uuid4().hex,
        validator=_is_plain,
        transformer=lambda given: given,
    )


def _is_plain(given: str) -> bool:
    """Whether a caller's own request id may stand in a log: short, and of letters, digits, `-`, `_` and `.` alone."""
    return 0 < len(given) <= 64 and given.isascii() and all(c.isalnum() or c in "-_." for c in given)
