"""A service that says what a test tells it to, at the pace it is told: for answers that the real one never gives."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from service.widget.bundle import bundle
from tests.support.loopback import Quiet, listening

Event = tuple[float, str, Mapping[str, Any]]
"""How many seconds later, the event's name, and its data."""


@dataclass
class Service:
    """Where it listens; the events of its next answers, and the paragraphs and the report that it has."""

    url: str
    events: list[Event] = field(default_factory=list)
    paragraph: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(
        default_factory=lambda: {"id": "r", "renderings": [{"language": "en", "title": "Report", "questions": []}]}
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted() -> Iterator[Service]:
    """The service on a free port of the loopback, open to every origin."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._head("text/plain")

        def do_GET(self) -> None:
            if self.path == "/widget.js":
                self._head("text/javascript; charset=utf-8")
                self.wfile.write(bundle().encode())
                return
            found = {"paragraphs": [service.paragraph]} if "paragraphs" in self.path else {"reports": [service.report]}
            self._head("application/json")
            self.wfile.write(json.dumps(found).encode())

        def do_POST(self) -> None:
            service.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._head("text/event-stream")
            try:
                for delay, name, data in service.events:
                    time.sleep(delay)
                    self.wfile.write(f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n".encode())
            except OSError:
                service.left.set()

        def _head(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("access-control-allow-origin", "*")
            self.send_header("access-control-allow-headers", "content-type")
            self.end_headers()

    with listening(Handler) as url:
        service = Service(url)
        yield service


def answer(*statements: str, quote: str = "", start: int = 0, **citation: Any) -> dict[str, Any]:
    """A whole answer of statements that all rest on one quote."""
    cited = {
        "report": "r",
        "ref": "9",
        "label": "9",
        "language": "en",
        "official": True,
        "heading": ["Part"],
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "score": 1.0,
        "lead_in": None,
        "text_sha256": "0" * 64,
        "url": "/p/r/9?lang=en",
        "parallel": [],
        **citation,
    }
    said = [{"text": text, "start": 0, "end": len(text), "citations": [0]} for text in statements]
    return {
        "id": "1",
        "question": "?",
        "language": "en",
        "answered": True,
        "reason": None,
        "confidence": 0.9,
        "mode": "llm",
        "answer": " ".join(statements),
        "statements": said,
        "citations": [cited],
        "passages": [],
        "note": None,
        "index": "i",
        "timings_ms": {},
    }


def streamed(whole: Mapping[str, Any], pace: float = 0.0) -> list[Event]:
    """The events of an answer, each so many seconds after the last."""
    first, *rest = ((pace, "delta", statement) for statement in whole["statements"])
    return [(0.0, "passages", {}), first, (0.0, "citation", whole["citations"][0]), *rest, (pace, "done", whole)]


def never(seconds: float = 20.0) -> list[Event]:
    """Nothing of use for long, in steps that notice who leaves."""
    return [(0.1, "passages", {}) for _ in range(int(seconds / 0.1))]
