"""Connections are counted, all of them and each caller's, and who has all he may have is refused the next.

A connection beyond a limit is not turned away at once: its head is awaited for a moment, since probes are answered
whoever holds the rest. SPARE connections may be in that state; of more, the one that has waited longest has to go.

A connection counts for the address that it comes from. Where that is a proxy listed in `FORWARDED_ALLOW_IPS`, each of
its requests counts for the caller whom it names, and what it keeps open in between for nobody: all callers come
through one address there, and it needs as many connections as they do.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.metrics import Metrics
from service.http.observe import PROBES
from service.http.problems import problem
from service.http.wire.addresses import caller_of

log = logging.getLogger("fiqra")
SPARE = 32
LINE_EVERY_S = 10.0  # a flood of connections is no flood of lines in the log
EXTENSION = "fiqra.slot"
_NOBODY = ""

Limit = Literal["address", "all"]


class Connections:
    """The connections of one service: at most `most`, and at most `each` for a caller."""

    def __init__(self, most: int, each: int, metrics: Metrics) -> None:
        self._most, self._each = most, each
        self._metrics = metrics
        self._open = 0
        self._held: Counter[str] = Counter()
        self._beyond: dict[Slot, None] = {}  # in the order in which they came
        self._said, self._unsaid = float("-inf"), 0

    def enter(self, peer: str, turn_away: Callable[[], None]) -> Slot:
        """Count a new connection; `turn_away` ends it where it is beyond a limit and many come after it."""
        slot = Slot(self, peer, turn_away)
        if self.limit_met(peer) is None:
            self.hold(slot, peer)
        else:
            self._beyond[slot] = None
            if len(self._beyond) > SPARE:
                oldest = next(iter(self._beyond))
                del self._beyond[oldest]
                oldest.turn_away()
        return slot

    def limit_met(self, caller: str) -> Limit | None:
        """What forbids the caller one more."""
        if caller != _NOBODY and self._held[caller] >= self._each:
            return "address"
        return "all" if self._open >= self._most else None

    def hold(self, slot: Slot, caller: str) -> None:
        """Count the connection for a caller."""
        self._beyond.pop(slot, None)
        slot.holder = caller
        self._held[caller] += 1
        self._open += 1

    def let_go(self, slot: Slot) -> None:
        """Count it for nobody, and in no sum."""
        self._beyond.pop(slot, None)
        if slot.holder is not None:
            self._open -= 1
            self._held[slot.holder] -= 1
            if not self._held[slot.holder]:
                del self._held[slot.holder]
            slot.holder = None

    def refused(self, caller: str, limit: Limit) -> str:
        """Note that a connection is turned away; why, in a sentence."""
        self._metrics.connections_refused.labels(limit).inc()
        self._unsaid += 1
        if (now := monotonic()) - self._said >= LINE_EVERY_S:
            extra = {"number": self._unsaid, "limit": limit, "address": caller}
            log.warning("connections refused since the last such line", extra=extra)
            self._said, self._unsaid = now, 0
        which = f"{self._each} connections from your address" if limit == "address" else f"{self._most} connections"
        return f"{which} are open, and no more may be; try again in a moment"


class Slot:
    """One connection in the count. `holder` is whom it counts for: None as long as it is beyond a limit."""

    def __init__(self, connections: Connections, peer: str, turn_away: Callable[[], None]) -> None:
        self._connections = connections
        self._peer = peer
        self._left = False
        self.holder: str | None = None
        self.turn_away = turn_away

    def claim(self, caller: str) -> str | None:
        """Let it count for the caller of a request; why that cannot be, or None."""
        if self.holder == caller or self._left:
            return None
        self._connections.let_go(self)
        if (limit := self._connections.limit_met(caller)) is not None:
            return self._connections.refused(caller, limit)
        self._connections.hold(self, caller)
        return None

    def rest(self) -> None:
        """The request is answered: what a proxy keeps open counts for nobody."""
        if self.holder not in {None, _NOBODY, self._peer}:
            self._connections.let_go(self)
            self._connections.hold(self, _NOBODY)

    def refused(self) -> str:
        """Note that it is turned away for the address that it came from; why, in a sentence."""
        return self._connections.refused(self._peer, self._connections.limit_met(self._peer) or "all")

    def leave(self) -> None:
        """Count it no more: it is closed."""
        self._left = True
        self._connections.let_go(self)


class ConnectionGuard:
    """ASGI middleware that refuses what comes over a connection beyond a limit, unless it is a probe."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        slot: Slot | None = scope.get("extensions", {}).get(EXTENSION)
        if slot is None or scope["path"] in PROBES:
            await self._app(scope, receive, send)
        elif (why := slot.claim(caller_of(scope))) is not None:
            await problem(503, why)(scope, receive, send)
        else:
            try:
                await self._app(scope, receive, send)
            finally:
                slot.rest()
