"""HTTP/1.1 with patience that ends: a head must arrive in time, connections are counted, refusals have one shape.

uvicorn waits for a head without end, so that a thousand callers who send a byte a minute would hold a thousand
connections. Here the clock runs from the connection, or from the first byte of a later request, to the end of the head.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.h11_impl import H11Protocol

from service.problems import problem


def protocol(head_timeout_s: float, connections: int) -> type[H11Protocol]:
    """The protocol class for `uvicorn.Config(http=…)`."""

    class Protocol(_Protocol):
        patience_s = head_timeout_s
        limit = connections

    return Protocol


class _Protocol(H11Protocol):
    patience_s: float
    limit: int
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > self.limit:
            self._refuse(503, f"over {self.limit} connections are open; try again in a moment")
        else:
            self._start()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._awaits_head():
            self._stop()
        elif self._deadline is None and not self.transport.is_closing():
            self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the signature is uvicorn's
        self._refuse(400, "this is no HTTP request, or its head is over 64 KiB")

    def _awaits_head(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _start(self) -> None:
        self._deadline = self.loop.call_later(self.patience_s, self._late)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if self._awaits_head() and not self.transport.is_closing():
            self._refuse(408, f"the head of the request took over {self.patience_s:g} seconds to arrive")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer beside the state machine, which has no request to answer, and close."""
        response = problem(status, detail)
        headers = [*response.raw_headers, (b"connection", b"close")]
        head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        status_line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
        self.transport.write(status_line + head + b"\r\n" + bytes(response.body))
        self.transport.close()
