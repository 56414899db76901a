"""At most so many requests a caller, where the operator asks for it: `FIQRA_RATE_LIMIT=60/minute`.

A caller is an address, or a /64 network of IPv6, of which one customer has them all. Behind a proxy uvicorn takes the
address from `X-Forwarded-For`, and only where the proxy is listed in `FORWARDED_ALLOW_IPS`.
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from service.problems import problem

UNLIMITED = ("/livez", "/readyz", "/metrics")


class RateLimit:
    """ASGI middleware that answers 429, and when to come back, to whoever asks too often."""

    def __init__(self, app: ASGIApp, *, limit: RateLimitItem | None) -> None:
        self._app = app
        self._limit = limit
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if self._limit is None or scope["type"] != "http" or scope["path"] in UNLIMITED:
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


def caller_of(scope: Scope) -> str:
    """The address of the caller, cut to its network where it is one of IPv6.

    >>> caller_of({"client": ("2001:db8:1:2:3::4", 5)})
    '2001:db8:1:2::/64'
    """
    host = (scope.get("client") or ("unknown",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)[:64]
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
