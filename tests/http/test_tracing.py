"""Spans go where OTEL_EXPORTER_OTLP_ENDPOINT says, without anybody's words; without it nothing is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.settings import SettingsError
from service.tracing import ENDPOINT, open_traces, untraced
from tests.support.paths import ROOT
from tests.support.server_process import free_port, running
from tests.support.services import build, eventually, hashed_state

SECRET = "zqx-nobody-may-read-this"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Collector:
    """An OTLP receiver: keeps what is posted to `/v1/traces`, parsed by OpenTelemetry's own messages."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.url = ""

    def spans(self) -> list[Any]:
        trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
        found = []
        for body in list(self.bodies):
            message = trace_service.ExportTraceServiceRequest.FromString(body)
            found += [span for r in message.resource_spans for s in r.scope_spans for span in s.spans]
        return found

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans() if span.name == name]


@contextmanager
def collecting() -> Iterator[Collector]:
    kept = Collector()

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                import gzip

                kept.bodies.append(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Receive) as there:
        kept.url = f"http://127.0.0.1:{there.server_address[1]}"
        thread = threading.Thread(target=there.serve_forever)
        thread.start()
        try:
            yield kept
        finally:
            there.shutdown()
            thread.join()


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.mark.model
def test_a_question_is_seen_as_spans_within_its_callers_trace(data_dir: Path) -> None:
    """Names, routes and statuses, in the trace that the caller names; of the question no word, nor of the answer."""
    pytest.importorskip("opentelemetry.sdk", reason="an extra; `make setup` installs it")
    with collecting() as collector:
        settings = {ENDPOINT: collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_SERVICE_NAME": "harbours"}
        with running(data_dir, **settings) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "of-the-caller"}
            question = {"question": f"Who moderated the workshop? {SECRET}"}
            answer = client.post("/v1/ask", json=question, headers=headers).json()
            client.get(f"/v1/paragraphs/{SECRET}")
            client.get("/readyz")
            assert eventually(lambda: len(collector.named("GET /v1/paragraphs/{ref:path}")) == 1, 20)
            [request] = collector.named("POST /v1/ask")
    assert request.trace_id.hex() == TRACE
    told = attributes(request)
    assert (told["http.route"], told["http.response.status_code"]) == ("/v1/ask", 200)
    assert told["fiqra.request_id"] == "of-the-caller"
    by_id = {span.span_id: span for span in collector.spans()}
    parents = {(span.name, by_id[span.parent_span_id].name) for span in by_id.values() if span.parent_span_id in by_id}
    assert parents >= {
        ("find", "POST /v1/ask"),
        ("answer", "POST /v1/ask"),
        ("retrieve", "find"),
        ("encode", "retrieve"),
    }
    assert not [span for span in by_id.values() if "readyz" in span.name]
    everything = b"".join(collector.bodies)
    assert b"harbours" in everything
    for words in (SECRET, "moderated", answer["citations"][0]["quote"][:30] if answer["citations"] else "workshop"):
        assert words.encode() not in everything


def test_a_language_model_is_seen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="an extra; `make setup` installs it")
    import anyio

    from service.generation.generator import FakeGenerator, Turn
    from service.tracing import TracedGenerator

    with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        traces = open_traces()
        assert traces
        asked = [Turn("user", SECRET)]
        assert anyio.run(TracedGenerator(FakeGenerator([SECRET]), traces.span).generate, asked) == SECRET
        with pytest.raises(ZeroDivisionError):
            anyio.run(TracedGenerator(FakeGenerator([ZeroDivisionError(SECRET)]), traces.span).generate, asked)
        traces.close()
        well, failed = collector.named("language model")
    assert failed.status.message == "ZeroDivisionError"
    assert well.end_time_unix_nano >= well.start_time_unix_nano
    assert SECRET.encode() not in b"".join(collector.bodies)


def test_a_collector_that_is_not_there_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the end of a service: it is given up on. Tried by hand: waited for, it takes 8 seconds."""
    pytest.importorskip("opentelemetry.sdk", reason="an extra; `make setup` installs it")
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    monkeypatch.setattr("service.tracing.LAST_S", 0.2)
    before = set(threading.enumerate())
    traces = open_traces()
    assert traces
    begun = time.process_time()
    for _ in range(3_000):  # more than are kept
        with traces.span("find"):
            pass
    assert time.process_time() - begun < 3
    begun = time.monotonic()
    traces.close()
    assert time.monotonic() - begun < 5
    assert eventually(lambda: set(threading.enumerate()) <= before, 30)


def test_without_the_variable_nothing_is_loaded(tmp_path: Path, report: Any) -> None:
    """Not a module of OpenTelemetry's SDK or of an exporter. (Its API comes with `mcp`, which loads it.)"""
    build(tmp_path, report)
    state = hashed_state(tmp_path)
    assert (state.traces, state.span) == (None, untraced)
    code = (
        "import sys; from service import app, state, tracing; assert tracing.open_traces() is None; "
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])"
    )
    environment = {name: value for name, value in os.environ.items() if name != ENDPOINT}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_cannot_be_sent_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:4317")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(SettingsError, match="http/protobuf"):
        open_traces()
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_PROTOCOL")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"requirements-otel\.lock"):
        open_traces()
