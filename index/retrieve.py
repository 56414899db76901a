"""A question → the paragraphs that may answer it, best first, each with the evidence of its rank.

Two stages. The first finds candidates by vectors (paragraphs and sentences) and by words, in every language the
reports have. The second reads the best of them token by token. All evidence about a paragraph, in whichever language,
belongs to one result: languages are fields of a paragraph, not rivals. Each signal becomes a z-score over the
candidates, and their weighted sum is the rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from corpus.records import Language
from corpus.refs import Ref
from index.contents import IndexContents, Key
from index.embedder import Embedder, Encoding, Vector

# What speaks for a paragraph. "same" is the question's language, "other" the parallel text's.
SIGNALS = (
    "paragraph_same",
    "sentence_same",
    "lexical_same",
    "maxsim_same",
    "paragraph_other",
    "sentence_other",
    "lexical_other",
    "maxsim_other",
)
CANDIDATES = 200
RERANKED = 24

Signals = NDArray[np.float32]
"""float32 [candidates, len(SIGNALS)]; NaN where a signal was not measured."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a z-score of each signal counts, in the order of SIGNALS, and where the figures came from."""

    values: tuple[float, ...]
    source: str

    def without(self, *stages: str) -> Weights:
        """The same weights with the signals whose names begin so switched off."""
        kept = (0.0 if name.startswith(stages) else w for name, w in zip(SIGNALS, self.values, strict=True))
        return Weights(tuple(kept), self.source)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that retrieval returned.

    `score` is the weighted mean of its signals' z-scores: comparable within one retrieval, without a unit. `signals`
    are the raw values behind it: cosines, and BM25 for the lexical ones.
    """

    report: str
    ref: Ref
    score: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The candidates, best first, with the question's encoding and the milliseconds that each stage took."""

    passages: tuple[Passage, ...]
    encoding: Encoding
    timings_ms: Mapping[str, float]


class Retriever:
    """Searches one index with the model that built it."""

    def __init__(self, contents: IndexContents, embedder: Embedder, weights: Weights) -> None:
        self._contents = contents
        self._embedder = embedder
        self._weights = weights
        self._documents = {
            language: {key: number for number, key in enumerate(keys)} for language, keys in contents.keys.items()
        }

    def search(self, question: str, language: Language, report: str | None = None) -> Retrieval:
        """Rank the paragraphs of one report, or of all, for a question asked in `language`."""
        started = perf_counter()
        encoding = self.encode(question)
        encoded = perf_counter()
        keys, signals = self._candidates(question, encoding.vector, language, report)
        found = perf_counter()
        self._rerank(keys, signals, encoding.tokens, language)
        scores = fuse(signals, self._weights)
        order = np.argsort(-scores, kind="stable")
        ended = perf_counter()
        passages = tuple(
            Passage(keys[i][0], keys[i][1], float(scores[i]), dict(zip(SIGNALS, map(float, signals[i]), strict=True)))
            for i in order
        )
        return Retrieval(
            passages,
            encoding,
            {"encode": 1e3 * (encoded - started), "find": 1e3 * (found - encoded), "rerank": 1e3 * (ended - found)},
        )

    def encode(self, question: str) -> Encoding:
        """The question as the model sees it."""
        return self._embedder.encode([question], "query")[0]

    def _candidates(
        self, question: str, vector: Vector, language: Language, report: str | None
    ) -> tuple[list[Key], Signals]:
        """The first stage: what the vectors find, and what the words find."""
        rows: dict[Key, dict[int, float]] = {}
        chunks = self._contents.chunks
        allowed = None if report is None else np.array([i for i, c in enumerate(chunks) if c.report == report])
        for hit in self._contents.store.search(vector, CANDIDATES, allowed):
            chunk = chunks[hit.row]
            signal = _signal(chunk.kind, chunk.language == language)
            row = rows.setdefault((chunk.report, chunk.ref), {})
            row[signal] = max(hit.score, row.get(signal, -1.0))
        for other, lexical in self._contents.lexical.items():
            signal = _signal("lexical", other == language)
            scores = lexical.scores(question)
            for document in np.argsort(-scores, kind="stable")[:CANDIDATES]:
                key = self._contents.keys[other][document]
                if scores[document] > 0 and report in (None, key[0]):
                    rows.setdefault(key, {})[signal] = float(scores[document])
        signals = np.full((len(rows), len(SIGNALS)), np.nan, np.float32)
        for i, row in enumerate(rows.values()):
            signals[i, list(row)] = list(row.values())
        _complete(signals)
        return list(rows), signals

    def _rerank(self, keys: Sequence[Key], signals: Signals, question: Vector, language: Language) -> None:
        """The second stage: MaxSim of the question's tokens float32 [t, d] with the best candidates' own."""
        best = np.argsort(-fuse(signals, self._weights), kind="stable")[:RERANKED]
        for other, tokens in self._contents.tokens.items():
            signal = _signal("maxsim", other == language)
            for i in best:
                if (document := self._documents[other].get(keys[i])) is not None:
                    signals[i, signal] = maxsim(question, tokens.row(document))


def _signal(kind: str, same: bool) -> int:
    return SIGNALS.index(f"{kind}_{'same' if same else 'other'}")


def _complete(signals: Signals) -> None:
    """A paragraph of one sentence is its sentence; a word that a paragraph lacks scores 0."""
    for side in (True, False):
        sentence, paragraph = _signal("sentence", side), _signal("paragraph", side)
        whole = np.isnan(signals[:, sentence])
        signals[whole, sentence] = signals[whole, paragraph]
        lexical = signals[:, _signal("lexical", side)]
        lexical[np.isnan(lexical)] = 0


def maxsim(question: Vector, passage: Vector) -> float:
    """The mean, over the question's tokens, of the cosine with the passage token nearest to each.

    ColBERT's late interaction (Khattab and Zaharia, 2020), divided by the number of tokens: −1 to 1.

    >>> maxsim(np.eye(2, dtype=np.float32), np.array([[1, 0]], np.float32))
    0.5
    """
    if not len(question) or not len(passage):
        return 0.0
    return float((question @ passage.T).max(axis=1).mean())


def fuse(signals: Signals, weights: Weights) -> NDArray[np.float32]:
    """Weighted mean of each signal's z-scores over the candidates → float32 [candidates].

    What was not measured counts as the lowest that was: a candidate left out of a stage cannot gain by it.
    """
    total = np.zeros(len(signals), np.float32)
    for column, weight in zip(signals.T, weights.values, strict=True):
        measured = column[~np.isnan(column)]
        if weight and len(measured) > 1 and (spread := measured.std()) > 0:
            total += weight * (np.where(np.isnan(column), measured.min(), column) - measured.mean()) / spread
    return total / (sum(weights.values) or 1.0)
