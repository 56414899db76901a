"""Where the first stage is unsure, the passages that it found are read: which comes first, and whether it answers.

What is read is little: the windows of the first passages that are nearest to the question. A passage's `odds` are
those of the window that speaks most for an answer. They are one more signal of its rank; and how probable it is that
the first passage answers is a logistic regression on what was thought before, its odds, and the best odds beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

from corpus.records import Language
from index.contents import IndexContents, Key
from index.model.embedding import Encoding
from index.reader.network import Reader
from index.reader.windows import Window, nearest, windows
from index.search.fusion import Passage
from index.search.retrieve import Retrieval

READ = (2, 1, 1)  # windows of the first passage, of the second, of the third
MOST_ODDS = 6.0
KEPT = 1024  # paragraphs whose windows are known


@dataclass(frozen=True, slots=True)
class Judgement:
    """What `eval.reader.calibrate` fitted.

    It reads where the first stage's probability lies in `unsure`; an odds of 1 counts as `rank` of a passage's score.
    """

    unsure: tuple[float, float]
    rank: float
    intercept: float
    before: float
    first: float
    beside: float
    threshold: float

    def reads(self, confidence: float) -> bool:
        """Whether a reading can change anything."""
        return self.unsure[0] <= confidence <= self.unsure[1]

    def probability(self, confidence: float, odds: Sequence[float]) -> float:
        """That the first passage answers, by what was thought before and the odds of those read, in their order."""
        own, *others = odds
        return expit(
            self.intercept
            + self.before * logit(confidence)
            + self.first * own
            + self.beside * max(others, default=-MOST_ODDS)
        )


class SecondLook:
    """Reads passages of one index."""

    def __init__(self, reader: Reader, contents: IndexContents, judgement: Judgement, window: int) -> None:
        self._reader = reader
        self._contents = contents
        self._window = window
        self.judgement = judgement
        self._windows = lru_cache(KEPT)(self._windows_of)

    def odds(
        self, question: str, language: Language, encoding: Encoding, passages: Sequence[Passage]
    ) -> dict[Key, float]:
        """Of each of the first passages, the log-odds that it holds an answer, −MOST_ODDS to MOST_ODDS.

        It is read in the question's language, or in the one that its report has.
        """
        read: list[tuple[Key, Window]] = []
        for passage, count in zip(passages, READ, strict=False):
            found = self._windows((passage.report, passage.ref), language)
            rows = [row for window in found for row in window.rows]
            scores = dict(zip(rows, map(float, self._contents.tokens.maxsim(encoding.tokens, rows)), strict=True))
            read += [((passage.report, passage.ref), window) for window in nearest(found, scores, count)]
        said = self._reader.read(question, [window.text for _, window in read])
        odds: dict[Key, float] = {}
        for (key, _), each in zip(read, said, strict=True):
            bounded = max(-MOST_ODDS, min(MOST_ODDS, each.odds))
            odds[key] = max(bounded, odds.get(key, bounded))
        return odds

    def judge(
        self,
        question: str,
        language: Language,
        retrieval: Retrieval,
        confidence: Callable[[tuple[Passage, ...]], float],
    ) -> tuple[Retrieval, float]:
        """What was found, in its order after reading, and how probable it is that the first answers.

        `confidence` is what the first stage thinks of the first of some passages.
        """
        passages = retrieval.passages
        before = confidence(passages)
        if not passages or not self.judgement.reads(before):
            return retrieval, before
        started = perf_counter()
        odds = self.odds(question, language, retrieval.encoding, passages)
        ordered = self.ordered(passages, odds)
        if ordered[0] is not passages[0]:
            before = confidence(ordered)
        ranked = [odds[passage.report, passage.ref] for passage in ordered[: len(odds)]]
        timings = {**retrieval.timings_ms, "read": 1e3 * (perf_counter() - started)}
        return replace(retrieval, passages=ordered, timings_ms=timings), self.judgement.probability(before, ranked)

    def ordered(self, passages: Sequence[Passage], odds: Mapping[Key, float]) -> tuple[Passage, ...]:
        """The passages that were read by score and odds, before those that were not."""
        read, rest = passages[: len(odds)], passages[len(odds) :]
        weight = self.judgement.rank
        return (*sorted(read, key=lambda p: -(p.score + weight * odds[p.report, p.ref])), *rest)

    def _windows_of(self, key: Key, language: Language) -> tuple[Window, ...]:
        shown = self._contents.by_id[key[0]].rendering(language).language
        return windows(self._contents, key, shown, self._reader.length, self._window)


def logit(probability: float) -> float:
    """The logarithm of the odds, of a probability that is neither 0 nor 1 but may come near.

    >>> logit(0.5), round(logit(0.0), 1)
    (0.0, -6.9)
    """
    bounded = max(1e-3, min(1 - 1e-3, probability))
    return math.log(bounded / (1 - bounded))


def expit(odds: float) -> float:
    """The probability of which these are the log-odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
