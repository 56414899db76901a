"""HTTP/1.1 with patience that ends, for uvicorn: it waits for a head, for a body and for a reader without end.

- A head must arrive in time: the clock runs from the connection, or from the first byte of a later request. Framing is
  read strictly (`framing.py`), and connections are counted (`connections.py`).
- A response that goes out before the request is whole (too large, not allowed, no such route) ends the connection, and
  at most DRAIN of what is still coming is read: closed at once, TCP would take the response away from the caller.
- A caller who reads nothing of his response for READ_S is let go.

What is refused here, beside the app, looks like the app's own refusals, and is counted and logged like them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import h11
from asgi_correlation_id import correlation_id
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import CLOSE_HEADER, HIGH_WATER_LIMIT
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from service.http.metrics import Metrics
from service.http.observe import OTHER, REQUEST_ID, UNREAD, log_request
from service.http.problems import problem
from service.http.wire.addresses import network_of, unmapped
from service.http.wire.connections import EXTENSION, Connections, Slot
from service.http.wire.framing import Connection, Unreadable
from service.pages.headers import EVERYWHERE
from service.settings import Settings

SMALL = 64 * 1024  # a body that is not needed and no longer than this is read to its end, and the connection kept
DRAIN = 1024 * 1024  # what is read of any other, before the connection is closed,
DRAIN_S = 2.0  # how long that may take,
MOST_DRAINED = 64  # and how many connections may be in it at once; more are closed as they are
READ_S = 60.0
PROBE_S = 1.0  # how long a connection beyond a limit may take to say that it is a probe


def protocol(settings: Settings, metrics: Metrics) -> type[H11Protocol]:
    """The protocol class for `uvicorn.Config(http=…)`."""

    class Protocol(_Protocol):
        shared = _Shared(
            settings.head_timeout_s,
            Connections(settings.connections, settings.connections_per_address, metrics),
            metrics,
        )

    return Protocol


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the connections of a service have in common. `drained` are those that are read to be closed."""

    patience_s: float
    connections: Connections
    metrics: Metrics
    drained: set[_Protocol] = field(default_factory=set)


class _Protocol(H11Protocol):
    shared: _Shared

    _slot: Slot
    _late: asyncio.TimerHandle | None = None  # while a head, or the rest of a body that is not needed, is awaited
    _stuck: asyncio.TimerHandle | None = None  # while the caller has something to read
    _reads = False  # whether he has read some of it since the clock was set
    _end: asyncio.TimerHandle | None = None  # since the connection was ended
    _over = 0  # bytes that came after that

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn: Connection = Connection()
        self.app = partial(self._answer, self.app)

    # ------------------------------------------------------------------------------------------- what asyncio tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        host = "unknown"
        if self.client is not None:
            host = unmapped(self.client[0])
            self.client = (host, self.client[1])
        self._slot = self.shared.connections.enter(network_of(host), self._turn_away)
        self._start(self.shared.patience_s if self._slot.holder is not None else PROBE_S)

    def data_received(self, data: bytes) -> None:
        if self._end is not None:
            self._over += len(data)
            if self._over > DRAIN:
                self.transport.close()
            return
        super().data_received(data)
        if not self._awaits():
            self._stop()
        elif self._late is None and not self._is_over():
            self._start(self.shared.patience_s)

    def connection_lost(self, exc: Exception | None) -> None:
        for clock in (self._late, self._stuck, self._end):
            if clock is not None:
                clock.cancel()
        self.shared.drained.discard(self)
        self._slot.leave()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._reads = True

    # -------------------------------------------------------------------------------------------- what uvicorn calls

    def handle_events(self) -> None:
        super().handle_events()
        # uvicorn stops reading where another request comes before this one is answered, and so does not see that the
        # caller leaves. While what waits is little, the connection is read on.
        if self.conn.their_state is h11.DONE and len(self.conn.trailing_data[0]) <= HIGH_WATER_LIMIT:
            self.flow.resume_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch_reader()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the signature is uvicorn's
        fault = self.conn.fault
        if isinstance(fault, Unreadable):
            self._refuse(fault.error_status_hint, str(fault))
        else:
            self._refuse(400, "this is no request of HTTP/1.1, or its body is not what its head says")

    def shutdown(self) -> None:
        if self._end is not None:
            self.transport.close()
        else:
            super().shutdown()

    async def _answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """The app, told of the connection's place in the count; its response ends the connection where it has to."""
        scope["extensions"] = {EXTENSION: self._slot}
        cycle = self.cycle

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and self._ends_with(cycle, message["status"]):
                others = [field for field in message.get("headers", []) if field[0] != CLOSE_HEADER[0]]
                message = {**message, "headers": [*others, CLOSE_HEADER]}
                if cycle.more_body:
                    cycle.transport = _Ending(self.transport, self._close)  # type: ignore[assignment]
            await send(message)

        await app(scope, receive, sending)

    def _ends_with(self, cycle: RequestResponseCycle, status: int) -> bool:
        """Whether a connection ends with a response: it is beyond a limit, or more of a body may come than is read."""
        if self._slot.holder is None or not cycle.more_body:
            return self._slot.holder is None
        if status == HTTPStatus.REQUEST_TIMEOUT or cycle.waiting_for_100_continue:
            return True
        length = dict(cycle.scope["headers"]).get(b"content-length")
        return length is None or int(length) > SMALL

    # ------------------------------------------------------------------------------------------------------- patience

    def _awaits(self) -> bool:
        """Whether a head is awaited, or the rest of a body whose request is answered already."""
        rest = self.conn.their_state is h11.SEND_BODY and self.cycle is not None and self.cycle.response_complete
        return self.conn.their_state is h11.IDLE or rest

    def _start(self, seconds: float) -> None:
        self._late = self.loop.call_later(seconds, self._is_late, seconds)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _is_late(self, seconds: float) -> None:
        self._late = None
        if self._slot.holder is None:
            self._turn_away()
        else:
            self._refuse(408, f"the head of the request took over {seconds:g} seconds to arrive")

    def _turn_away(self) -> None:
        """End a connection beyond a limit, unless it has said by now what it is there for."""
        if self.conn.their_state is h11.IDLE and not self._is_over():
            self._refuse(503, self._slot.refused(), logged=False)

    def _watch_reader(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        if waiting and self._stuck is None:
            self._reads = False
            self._stuck = self.loop.call_later(READ_S, self._look_at_reader, waiting)

    def _look_at_reader(self, waiting: int) -> None:
        self._stuck = None
        if self._reads or self.transport.get_write_buffer_size() < waiting:
            self._watch_reader()
        else:
            self.transport.abort()

    # -------------------------------------------------------------------------------------------------------- the end

    def _is_over(self) -> bool:
        return self._end is not None or self.transport.is_closing()

    def _refuse(self, status: int, detail: str, *, logged: bool = True) -> None:
        """Answer beside the state machine, which has no request to answer, and end the connection."""
        if self._is_over():
            return
        cycle = self.cycle
        if cycle is None or (cycle.response_complete and not cycle.more_body):
            self.transport.write(self._written(status, detail, noted=True, logged=logged))
        elif not cycle.response_started:  # the app has the request, and notes what becomes of it
            self.transport.write(self._written(status, detail, noted=False))
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self._close()

    def _written(self, status: int, detail: str, *, noted: bool, logged: bool = False) -> bytes:
        """The bytes of a refusal like those of the app, counted and logged where `noted` and `logged` say so."""
        request_id = uuid4().hex
        response = problem(status, detail)
        response.headers.update({**EVERYWHERE, REQUEST_ID: request_id, "connection": "close"})
        if noted:
            self.shared.metrics.requests.labels(OTHER, UNREAD, str(status)).inc()
        if logged:
            token = correlation_id.set(request_id)
            log_request(OTHER, UNREAD, status)
            correlation_id.reset(token)
        headers = [*self.server_state.default_headers, *response.raw_headers]
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(), *(b": ".join(field) for field in headers)]
        return b"\r\n".join([*lines, b"", bytes(response.body)])

    def _close(self) -> None:
        """Close, once the caller has had a moment to read what was written; what he still sends goes nowhere."""
        if self._is_over():
            return
        self._stop()
        if len(self.shared.drained) >= MOST_DRAINED:
            self.transport.close()
            return
        self.shared.drained.add(self)
        self._end = self.loop.call_later(DRAIN_S, self.transport.close)
        with suppress(OSError):  # he has left
            self.transport.write_eof()
        self.flow.resume_reading()
        self._watch_reader()


class _Ending:
    """What a response is written to that ends its connection: how that is closed is the protocol's affair."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = close
