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
from corpus.symbols import symbols
from corpus.text import bare
from index.answer_types import TYPES, asked_types
from index.contents import IndexContents, Key
from index.embedder import Embedder, Encoding, Vector
from index.fusion import Candidates, Passage, Weights, form_of, rank
from index.scope import Scope, Within
from index.signals import COSINES, SIGNALS, SYMBOL, Signals, signal_of, standardise

CANDIDATES = 200
RERANKED = 40
# Of a dozen follow-ups written for it, a half puts 11 right, a third 10, asking the two together 7.
LEANING = 0.5


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
        self._rows = {key: row for row, key in enumerate(contents.all_keys)}

    def search(
        self, question: str, language: Language, within: Within = None, leaning_on: str | None = None
    ) -> Retrieval:
        """Rank the paragraphs of one report, of a scope, or of all, for a question asked in `language`.

        A follow-up is ranked by its own evidence and, for LEANING of the weight, that of the question it leans on.
        """
        started = perf_counter()
        encoding = self.encode(question, language)
        encoded = perf_counter()
        candidates = self.measure(question, encoding, language, within)
        support = self._support(candidates.keys, leaning_on, language, within) if leaning_on else None
        passages = rank(candidates, self._weights, support)
        ended = perf_counter()
        return Retrieval(passages, encoding, {"encode": 1e3 * (encoded - started), "rank": 1e3 * (ended - encoded)})

    def _support(self, keys: Sequence[Key], earlier: str, language: Language, within: Within) -> NDArray[np.float32]:
        """What the earlier question says for each of the candidates → float32 [candidates]."""
        others = self.measure(earlier, self.encode(earlier, language), language, within)
        scores = dict(zip(others.keys, others.scores(self._weights), strict=True))
        least = min(scores.values(), default=0.0)
        return np.array([LEANING * scores.get(key, least) for key in keys], np.float32)

    def encode(self, question: str, language: Language) -> Encoding:
        """The question as the model sees it, seen from the centre of questions in its language."""
        [encoding] = self._embedder.encode([bare(question)], "query")
        return self._contents.background[language].centre.apply(encoding)

    def measure(self, question: str, encoding: Encoding, language: Language, within: Within = None) -> Candidates:
        """Find the candidates and measure every signal of each."""
        found: dict[Key, dict[int, float]] = {}
        self._find_by_vectors(found, encoding.vector, language, within)
        self._find_by_words(found, question, language, within)
        signals = np.full((len(found), len(SIGNALS)), np.nan, np.float32)
        for i, values in enumerate(found.values()):
            signals[i, list(values)] = list(values.values())
        keys = tuple(found)
        languages = {report: self._contents.by_id[report].languages for report in {report for report, _ in keys}}
        forms = np.array([form_of(languages[report], language) for report, _ in keys], np.int64)
        _complete(signals)
        if keys:
            self._weigh_answer_types(keys, signals, question)
        candidates = Candidates(keys, forms, signals)
        self._rerank(candidates, encoding.tokens, language)
        return candidates

    def _find_by_vectors(
        self, found: dict[Key, dict[int, float]], vector: Vector, language: Language, within: Within
    ) -> None:
        chunks = self._contents.chunks
        allowed = Scope.of(within).rows(self._contents)
        for hit in self._contents.store.search(vector, CANDIDATES, allowed):
            chunk = chunks[hit.row]
            signal = signal_of(chunk.kind, chunk.language == language)
            values = found.setdefault((chunk.report, chunk.ref), {})
            values[signal] = max(hit.score, values.get(signal, -1.0))

    def _find_by_words(
        self, found: dict[Key, dict[int, float]], question: str, language: Language, within: Within
    ) -> None:
        asked = symbols(question)
        for other, lexical in self._contents.lexical.items():
            keys = self._contents.keys[other]
            allowed = Scope.of(within).documents(self._contents, other)
            for document, score in lexical.best(question, CANDIDATES, allowed):
                found.setdefault(keys[document], {})[signal_of("lexical", other == language)] = score
            for symbol in asked:
                for document in lexical.holders(symbol, CANDIDATES, allowed):
                    values = found.setdefault(keys[document], {})
                    values[SYMBOL] = max(values.get(SYMBOL, 0.0), 1 / len(asked))

    def _weigh_answer_types(self, keys: Sequence[Key], signals: Signals, question: str) -> None:
        """How much of each candidate is what is asked for, and how near to the question the paragraph before it is."""
        rows = [self._rows[key] for key in keys]
        columns = [TYPES.index(kind) for kind in asked_types(question)]
        shares = self._contents.types[rows][:, columns].max(axis=1, initial=0) / 255
        places = [(report, row) for (report, _), row in zip(keys, rows, strict=True)]
        nearness = dict(zip(places, _nearness(signals), strict=True))
        signals[:, SIGNALS.index("answer_type")] = shares
        signals[:, SIGNALS.index("answer_after")] = shares * [nearness.get((r, row - 1), 0) for r, row in places]

    def _rerank(self, candidates: Candidates, question: Vector, language: Language) -> None:
        """MaxSim of the question's tokens float32 [t, d] with the tokens of the best candidates, in each language."""
        keys, signals = candidates.keys, candidates.signals
        best = np.argsort(-candidates.scores(self._weights), kind="stable")[:RERANKED]
        read = [(i, other) for i in best for other in self._contents.by_id[keys[i][0]].languages]
        rows = [self._contents.rows[(*keys[i], other)] for i, other in read]
        scores = self._contents.tokens.maxsim(question, [row for found in rows for row in found])
        at = 0
        for (i, other), found in zip(read, rows, strict=True):
            whole, sentences = scores[at], scores[at + 1 : at + len(found)]
            signals[i, signal_of("maxsim", other == language)] = whole
            signals[i, signal_of("maxsim_sentence", other == language)] = (
                sentences.max(initial=-1.0) if len(sentences) else whole
            )
            at += len(found)


def _nearness(signals: Signals) -> NDArray[np.float32]:
    """The mean cosine of each candidate, from 0 for the farthest to 1 for the nearest → float32 [candidates]."""
    means = standardise(signals[:, COSINES]).mean(axis=1)
    spread = means.max() - means.min()
    nearness: NDArray[np.float32] = (means - means.min()) / spread if spread > 0 else np.zeros_like(means)
    return nearness


def _complete(signals: Signals) -> None:
    """A paragraph of one sentence is its sentence; a word or symbol that a paragraph lacks scores 0."""
    for side in (True, False):
        sentence, paragraph = signal_of("sentence", side), signal_of("paragraph", side)
        whole = np.isnan(signals[:, sentence])
        signals[whole, sentence] = signals[whole, paragraph]
    for column in (signal_of("lexical", True), signal_of("lexical", False), SYMBOL):
        signals[np.isnan(signals[:, column]), column] = 0
