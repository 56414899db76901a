"""Each request gets an id, is counted and timed, and leaves one line in the log: where it went, never what it asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from time import perf_counter
from uuid import uuid4

from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.metrics import Metrics
from service.tracing import RequestSpan, Traces

log = logging.getLogger("fiqra")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER = "other"
UNMATCHED = "unmatched"
UNREAD = "unread"  # refused before there was a request that could be read
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""What an operator's programs ask: answered whatever else is refused, and too often to be worth a line each time."""
REQUEST_ID = "x-request-id"


Template = tuple[str, re.Pattern[str]]


class Observe:
    """ASGI middleware: counts, times and logs requests by the template of their route."""

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, templates: Sequence[Template], traces: Traces | None = None
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._templates = templates
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._traces is None or scope["path"] in PROBES:
            await self._observed(scope, receive, send, None)
        else:
            with self._traces.request(scope) as span:
                await self._observed(scope, receive, send, span)

    async def _observed(self, scope: Scope, receive: Receive, send: Send, span: RequestSpan | None) -> None:
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
            method = scope["method"] if scope["method"] in METHODS else OTHER
            route, seconds = route_of(scope, self._templates), perf_counter() - started
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            log_request(method, route, status, seconds)
            if span is not None:
                span.end(method, route, status, correlation_id.get())


def log_request(method: str, route: str, status: int, seconds: float | None = None) -> None:
    """Leave a request's line in the log."""
    quiet = route in PROBES and status == 200
    took = {} if seconds is None else {"ms": round(1e3 * seconds, 1)}
    extra = {"method": method, "route": route, "status": status, **took}
    log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=extra)


def route_of(scope: Scope, templates: Sequence[Template]) -> str:
    """The template of the route that takes the request, `/v1/paragraphs/{ref:path}`; one word for all others.

    What was refused on its way to the router has no route yet; its path tells where it would have gone.
    """
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str) and path:
        return path
    return next((template for template, pattern in templates if pattern.match(scope["path"])), UNMATCHED)


def install(app: FastAPI, metrics: Metrics, traces: Traces | None) -> None:
    """Watch every request of the app. Call it last: what is added later stays unseen."""
    templates = [(str(route.path), route.path_regex) for route in iter_route_contexts(app.routes)]
    app.add_middleware(Observe, metrics=metrics, templates=templates, traces=traces)
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
