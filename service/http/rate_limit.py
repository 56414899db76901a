"""At most so many requests a caller, where the operator asks for it: `FIQRA_RATE_LIMIT=60/minute`.

A caller is an address, or a /64 network of IPv6 (`addresses.py`). Behind a proxy uvicorn takes the address from
`X-Forwarded-For`, and only where the proxy is listed in `FORWARDED_ALLOW_IPS`.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.observe import PROBES
from service.http.problems import problem
from service.http.wire.addresses import caller_of


class RateLimit:
    """ASGI middleware that answers 429, and when to come back, to whoever asks too often."""

    def __init__(self, app: ASGIApp, *, limit: RateLimitItem | None) -> None:
        self._app = app
        self._limit = limit
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if self._limit is None or scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        caller = caller_of(scope)
        if await self._limiter.hit(self._limit, caller):
            await self._app(scope, receive, send)
            return
        again = (await self._limiter.get_window_stats(self._limit, caller)).reset_time
        response = problem(429, f"over {self._limit} from your address; try again later")
        response.headers["retry-after"] = str(max(1, math.ceil(again - time.time())))
        await response(scope, receive, send)
