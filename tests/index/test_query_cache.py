"""Questions encoded lately are not encoded again; nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from corpus.records import Report
from index.model.embedding import Encoding, Kind
from index.model.fakes import HashEmbedder
from index.model.query_cache import QueryCache
from service.settings import Settings
from service.state import State, load_engine
from tests.support.services import QUESTION, build, hashed_state, service


class Counting(HashEmbedder):
    """Notes what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        self.encoded += texts
        return super().encode(texts, kind)


def remembering(folder: Path) -> tuple[State, Counting]:
    state, embedder = hashed_state(folder), Counting()
    load = partial(load_engine, Settings(data_dir=folder), embedder, QueryCache(counted=state.metrics.query))
    state.engine = load()
    assert state.reloader is not None
    state.reloader._load = load
    return state, embedder


def counted(metrics: str, outcome: str) -> float:
    sample = f'fiqra_query_vectors_total{{outcome="{outcome}"}}'
    [line] = [line for line in metrics.splitlines() if line.startswith(sample)]
    return float(line.split()[-1])


def test_the_same_question_again_is_not_encoded(tmp_path: Path, report: Report) -> None:
    """However it is spaced. Taken out by hand (`_keep`), it is encoded twice."""
    build(tmp_path, report)
    state, embedder = remembering(tmp_path)
    with service(state) as client:
        first, second, third = (
            client.post("/v1/ask", json={"question": question}).json()
            for question in (QUESTION, QUESTION, f"  {QUESTION.replace(' ', '  ')} ")
        )
        metrics = client.get("/metrics").text
    assert len(embedder.encoded) == 1
    assert first["passages"] == second["passages"] == third["passages"] != []
    assert counted(metrics, "miss") == 1
    assert counted(metrics, "hit") >= 2
    assert "Member States" not in metrics


def test_a_new_index_does_not_see_the_vectors_of_the_old(tmp_path: Path, report: Report) -> None:
    """Taken out by hand (the index's name in the key), nothing is encoded."""
    build(tmp_path, report)
    state, embedder = remembering(tmp_path)
    with service(state) as client:
        client.post("/v1/ask", json={"question": QUESTION})
        build(tmp_path, report, kind=1)
        assert client.portal is not None
        assert client.portal.call(state.reload)
        embedder.encoded.clear()
        client.post("/v1/ask", json={"question": QUESTION})
    assert len(embedder.encoded) == 1


def test_the_cache_stays_within_its_bytes() -> None:
    """Taken out by hand (the loop of `_keep`), 1,000 encodings stay; one too large for it is never kept."""
    cache = QueryCache(10_000)
    small, large = (Encoding(np.ones(100, np.float32), np.ones((n, 100), np.float32)) for n in (1, 100))
    for number in range(1_000):
        cache.get((str(number),), lambda: small)
        assert cache.size <= 10_000
    assert cache.size == 12 * 800
    cache.get(("large",), lambda: large)
    assert cache.size == 12 * 800


def test_what_was_asked_last_stays_longest() -> None:
    """Taken out by hand (`move_to_end`), the first is gone."""
    cache = QueryCache(1_600)
    made: list[str] = []

    def ask(question: str) -> None:
        def encode() -> Encoding:
            made.append(question)
            return Encoding(np.ones(100, np.float32), np.ones((1, 100), np.float32))

        cache.get((question,), encode)

    for question in ("first", "second", "first", "third", "first"):
        ask(question)
    assert made == ["first", "second", "third"]
