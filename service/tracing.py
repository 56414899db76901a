"""Spans for OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT says where to; without it nothing here is imported.

    POST /v1/ask                       a request, by its route's template, in its caller's trace if that is named
      find                             what the report says
        retrieve > encode
      answer                           quotations checked, the response written
      language model

Names, routes, statuses and counts are told, and never a word that somebody asked or a report holds. The collector is
spoken to by a thread of its own; while it does not answer, spans are dropped and nobody waits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import version
from threading import Thread
from typing import TYPE_CHECKING

from corpus.records import Language
from index.contents import IndexContents
from index.model.embedding import Embedder, Encoding
from index.search.fusion import Weights
from index.search.retrieve import Retrieval, Retriever
from index.search.scope import Within
from service.generation.generator import Generator, Prompt
from service.settings import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OpenSpan
    from opentelemetry.util.types import AttributeValue
    from starlette.types import Scope

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
HTTP = "http/protobuf"
LAST_S = 2.0  # how long a service that stops tries to send what is left

Span = Callable[[str], AbstractContextManager[object]]
"""Opens a span of that name, which ends with its block."""


def untraced(_: str) -> AbstractContextManager[object]:
    """What opens no span."""
    return nullcontext()


class RequestSpan:
    """The span of a request that is being answered."""

    def __init__(self, span: OpenSpan) -> None:
        self._span = span

    def end(self, method: str, route: str, status: int, request_id: str | None) -> None:
        """Name it by what was answered, before its block ends."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra that only this needs

        self._span.update_name(f"{method} {route}")
        told: dict[str, AttributeValue] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        self._span.set_attributes(told | ({"fiqra.request_id": request_id} if request_id else {}))
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)


class Traces:
    """The spans of one service, and what sends them."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._provider = provider
        self._tracer = provider.get_tracer("fiqra")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str) -> Iterator[object]:
        """A span within the current one; of an exception in its block the kind is told, and not what it says."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra that only this needs

        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
            try:
                yield span
            except BaseException as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    @contextmanager
    def request(self, scope: Scope) -> Iterator[RequestSpan]:
        """The span of a request, in the trace that its caller names (`traceparent`), if it names one."""
        from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an extra that only this needs

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._tracer.start_as_current_span(
            "request",
            self._propagator.extract(headers),
            SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield RequestSpan(span)

    def close(self) -> None:
        """Send what is left, as far as there is time; a collector that does not answer is given up on."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(LAST_S)


class TracedRetriever(Retriever):
    """A retriever whose work is seen."""

    def __init__(self, contents: IndexContents, embedder: Embedder, weights: Weights, span: Span) -> None:
        super().__init__(contents, embedder, weights)
        self._span = span

    def search(
        self, question: str, language: Language, within: Within = None, leaning_on: str | None = None
    ) -> Retrieval:
        """See `Retriever.search`."""
        with self._span("retrieve"):
            return super().search(question, language, within, leaning_on)

    def encode(self, question: str, language: Language) -> Encoding:
        """See `Retriever.encode`."""
        with self._span("encode"):
            return super().encode(question, language)


class TracedGenerator:
    """A language model whose replies are seen to take their time."""

    def __init__(self, generator: Generator, span: Span) -> None:
        self._generator = generator
        self._span = span

    async def generate(self, prompt: Prompt) -> str:
        """See `Generator.generate`."""
        with self._span("language model"):
            return await self._generator.generate(prompt)


def open_traces() -> Traces | None:
    """What sends spans, where the environment says where to. Raises SettingsError where it cannot.

    The other variables of OpenTelemetry's count as well: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
    OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER.
    """
    if not os.environ.get(ENDPOINT):
        return None
    if (spoken := os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", HTTP)) != HTTP:
        raise SettingsError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {spoken[:40]!r}, and {HTTP} is spoken here; its port is 4318"
        )
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"{ENDPOINT} is set, and OpenTelemetry is not installed: pip install -r requirements-otel.lock"
        ) from error
    named = os.environ.get("OTEL_SERVICE_NAME") or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    about = {"service.version": version("fiqra")} | ({} if named else {"service.name": "fiqra"})
    provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)
