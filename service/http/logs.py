r"""One line of JSON a record, on standard error; what a caller wrote cannot end a line or pose as another.

    {"time": "2026-11-24T22:10:00.123+00:00", "level": "INFO", "logger": "fiqra", "message": "request",
     "request_id": "0f3a…", "method": "POST", "route": "/v1/ask", "status": 200, "ms": 31.4}

Every character beyond ASCII is written as an escape, so control characters and direction marks reach no terminal. No
question is logged at INFO unless FIQRA_LOG_QUESTIONS asks for it; an exception is logged without its message, which
may hold a caller's words, except at DEBUG.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

from asgi_correlation_id import CorrelationIdFilter
from pythonjsonlogger.json import JsonFormatter

from service.terminal import plain

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Lines(JsonFormatter):
    def __init__(self, *, with_messages: bool) -> None:
        super().__init__(
            ["levelname", "name", "message", "correlation_id"],
            rename_fields={"levelname": "level", "name": "logger", "correlation_id": "request_id"},
            timestamp="time",
            json_ensure_ascii=True,
        )
        self._with_messages = with_messages

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is logging's
        if self._with_messages or ei[0] is None:
            return str(super().formatException(ei))
        return "".join([*traceback.format_tb(ei[2]), ei[0].__qualname__])


class _ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


def configure(level: str, stream: TextIO | None = None, *, for_people: bool = False) -> None:
    """Send every logger's records there, as JSON; libraries speak up from WARNING on.

    `for_people`: the time and the message alone, for who looks on at a terminal.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_ForPeople() if for_people else _Lines(with_messages=level == "DEBUG"))
    handler.addFilter(CorrelationIdFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it raises too, over pages, at every probe
    for name in ("fiqra", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)


def fields(**values: Any) -> dict[str, Any]:
    """What a record says beside its message: `log.info("request", extra=fields(status=200))`.

    >>> fields(status=200)
    {'status': 200}
    """
    return values
