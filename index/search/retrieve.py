"""A question → the paragraphs that may answer it, best first, each with the evidence of its rank.

Two stages. The first finds candidates by vectors (paragraphs and sentences) and by words, in every language the
reports have. The second reads the best of them token by token. All evidence about a paragraph, in whichever language,
belongs to one result: languages are fields of a paragraph, not rivals. Each signal becomes a z-score over the
candidates, and their weighted sum is the rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from corpus.records import Language
from corpus.symbols import symbols
from corpus.text import bare
from index.contents import IndexContents, Key
from index.model.embedding import Embedder, Encoding, Vector
from index.search.fusion import Candidates, Passage, Weights, form_of, rank
from index.search.lexical import terms
from index.search.scope import Scope, Within
from index.search.signals import COSINES, SIGNALS, SYMBOL, Signals, signal_of, standardise
from index.search.wording.answer_types import TYPES, asked_types

CANDIDATES = 200
RERANKED = 20
# Of a dozen follow-ups written for it, a half puts 11 right, a third 10, asking the two together 7.
LEANING = 0.5


_Finds = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float32]]
"""Paragraphs, by their place among all, and what speaks for each: the column of a signal, and its value."""


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
        """Find the candidates, in reading order, and measure every signal of each."""
        finds = [self._by_vectors(encoding.vector, language, within), *self._by_words(question, language, within)]
        places, columns, values = (np.concatenate(each) for each in zip(*finds, strict=True))
        found = np.unique(places)
        signals = np.full((len(found), len(SIGNALS)), np.nan, np.float32)
        np.fmax.at(signals, (np.searchsorted(found, places), columns), values)
        _complete(signals)
        if len(found):
            self._weigh_answer_types(found, signals, question)
        keys = tuple(self._contents.all_keys[place] for place in found)
        candidates = Candidates(keys, self._forms(keys, language), signals)
        self._rerank(candidates, encoding.tokens, language)
        return candidates

    def _forms(self, keys: Sequence[Key], language: Language) -> NDArray[np.int64]:
        forms = {r: form_of(self._contents.by_id[r].languages, language) for r in {report for report, _ in keys}}
        return np.array([forms[report] for report, _ in keys], np.int64)

    def _by_vectors(self, vector: Vector, language: Language, within: Within) -> _Finds:
        places = self._contents.places
        hits = self._contents.store.search(vector, CANDIDATES, Scope.of(within).rows(self._contents))
        rows = np.array([hit.row for hit in hits], np.int64)
        return places.rows[rows], places.signals(rows, language), np.array([hit.score for hit in hits], np.float32)

    def _by_words(self, question: str, language: Language, within: Within) -> Iterator[_Finds]:
        asked, words = symbols(question), terms(question)
        for other, lexical in self._contents.lexical.items():
            places = self._contents.places.documents[other]
            allowed = Scope.of(within).documents(self._contents, other)
            matches = lexical.best(words, CANDIDATES, allowed)
            documents = np.array([document for document, _ in matches], np.int64)
            scores = np.array([score for _, score in matches], np.float32)
            yield places[documents], np.full(len(matches), signal_of("lexical", other == language)), scores
            for symbol in asked:
                holders = lexical.holders(symbol, CANDIDATES, allowed)
                share = np.full(len(holders), 1 / len(asked), np.float32)
                yield places[holders], np.full(len(holders), SYMBOL), share

    def _weigh_answer_types(self, found: NDArray[np.int32], signals: Signals, question: str) -> None:
        """How much of each candidate is what is asked for, and how near to the question the paragraph before it is."""
        columns = [TYPES.index(kind) for kind in asked_types(question)]
        shares = self._contents.types[found][:, columns].max(axis=1, initial=0) / 255
        reports = self._contents.places.reports
        before = np.searchsorted(found, found - 1)  # at most its own position, where it is not a candidate
        is_before = (found[before] == found - 1) & (reports[found - 1] == reports[found])
        signals[:, SIGNALS.index("answer_type")] = shares
        signals[:, SIGNALS.index("answer_after")] = shares * np.where(is_before, _nearness(signals)[before], 0)

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
