"""What an operator's Prometheus reads at `/metrics`: counts, durations and the index, and never a caller's words.

Labels hold words from short lists alone (a route's template, a status, a language), so that the number of series is
bounded whatever callers send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from corpus.records import Language

# Seconds. One inference takes 4 to 40 ms on two cores, and a question may wait 10 s.
BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """One service's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = self._counter("requests", "Requests, by their route.", "method", "route", "status")
        self.request_seconds = self._durations("request_seconds", "From a request to the end of its response.", "route")
        self.stage_seconds = self._durations("stage_seconds", "The stages of an answer.", "stage")
        self.answers = self._counter("answers", "Questions, by what became of them.", "language", "outcome")
        self.rejected = self._counter("citations_rejected", "Held back by the last gate: it was not proved.", "what")
        self.reloads = self._counter("index_reloads", "Attempts to take a new index into service.", "outcome")
        self.queries = self._counter("query_vectors", "Questions, by whether their vectors were kept.", "outcome")
        self.connections_refused = self._counter(
            "connections_refused", "Connections turned away, by the limit that was met.", "limit"
        )
        self.running = self._gauge("requests_running", "Requests that are being answered.")
        self.waiting = self._gauge("lane_waiting", "Questions that wait for their turn.")
        self.index = self._gauge("index_info", "1 for the index that serves.", "index", "reports")
        for outcome in ("taken", "refused"):
            self.reloads.labels(outcome)
        for limit in ("address", "all"):
            self.connections_refused.labels(limit)
        for outcome in ("hit", "miss"):
            self.queries.labels(outcome)
        for what in ("quote", "statement"):
            self.rejected.labels(what)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"fiqra_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"fiqra_{name}", about, labels, registry=self.registry)

    def _durations(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(f"fiqra_{name}", about, labels, buckets=BUCKETS, registry=self.registry)

    def took(self, stages_ms: Mapping[str, float]) -> None:
        """Count the durations of an answer's stages, given in milliseconds."""
        for stage, milliseconds in stages_ms.items():
            self.stage_seconds.labels(stage).observe(milliseconds / 1e3)

    def query(self, outcome: str) -> None:
        """Count a look-up of a question's vectors: `hit` or `miss`."""
        self.queries.labels(outcome).inc()

    def answered(self, language: Language, outcome: str) -> None:
        """Count a question: `answered`, or the reason why not."""
        self.answers.labels(language, outcome).inc()

    def render(self, index: str | None, reports: Iterable[str], waiting: int) -> Response:
        """Everything, in the text format of Prometheus."""
        self.waiting.set(waiting)
        self.index.clear()
        if index is not None:
            self.index.labels(index, str(len(list(reports)))).set(1)
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)
