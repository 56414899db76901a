"""Where the first stage is unsure, the passages that it found are read: which comes first, and whether it answers.

What is read is little: of the first passage, and of one behind it that reading could bring to the front, the window
that is nearest to the question. Its odds are one more signal of the passage's rank; and with them the features that
confidence rests on weigh otherwise, in a logistic regression of their own: a word that the passage lacks counts less
where it was read and found to answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

from corpus.records import Language, Span
from index.contents import IndexContents, Key
from index.model.embedding import Encoding
from index.reader.network import Reader
from index.reader.windows import Window, windows
from index.search.confidence import Calibration
from index.search.fusion import Passage
from index.search.retrieve import Retrieval

READ = 2  # passages at most
MOST_ODDS = 6.0
KEPT = 1024  # paragraphs whose windows are known
ODDS, BESIDE = "odds", "beside"
"""Of the first passage, and the best of those beside it: features beside those of the first stage."""
Shapes = Callable[[tuple[Passage, ...]], Sequence[Mapping[str, float]]]
"""Passages → the features of the first of them, once for each way in which the question may be understood."""


def contenders(scores: Sequence[float], rank: float) -> int:
    """How many of the passages with these scores, best first, reading can bring to the front: READ at most.

    Odds lie between −MOST_ODDS and MOST_ODDS and count `rank` each; what is further behind than they reach stays there.

    >>> contenders([9.0, 8.5, 8.0], rank=0.05), contenders([9.0, 8.0], rank=0.05)
    (2, 1)
    """
    reach = 2 * MOST_ODDS * rank
    return sum(scores[0] - score <= reach for score in scores[:READ])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What `eval.reader.calibrate` fitted.

    It reads where the first stage's probability lies in `unsure`; an odds of 1 counts as `rank` of a passage's score.
    """

    unsure: tuple[float, float]
    rank: float
    calibration: Calibration

    def reads(self, confidence: float) -> bool:
        """Whether a reading can change anything."""
        return self.unsure[0] <= confidence <= self.unsure[1]

    def probability(self, shape: Mapping[str, float], odds: Sequence[float]) -> float:
        """That the first passage answers, by its features and the odds of those read, in their order."""
        own, *others = odds
        read = {ODDS: own, BESIDE: max(others)} if others else {ODDS: own}
        return self.calibration.probability({**shape, **read} if shape else shape)


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
        """Of each passage that contends, the log-odds that it holds an answer, −MOST_ODDS to MOST_ODDS.

        It is read in the question's language, or in the one that its report has.
        """
        first = passages[: contenders([passage.score for passage in passages], self.judgement.rank)]
        said = self._reader.read(question, [self._nearest(p, language, encoding) for p in first])
        return {
            (passage.report, passage.ref): max(-MOST_ODDS, min(MOST_ODDS, each.odds))
            for passage, each in zip(first, said, strict=True)
        }

    def answer(self, question: str, text: str) -> Span:
        """The words of a text, of a window's length, that most likely answer.

        answer("Who chaired?", "Ms. Vale chaired the meeting.") → Span(0, 8)
        """
        [said] = self._reader.read(question, [text])
        return _words(text, said.start, said.end, self._reader.length)

    def _nearest(self, passage: Passage, language: Language, encoding: Encoding) -> str:
        """The text of the window that holds the sentence which is nearest to the question, token by token."""
        found = [window for window in self._windows((passage.report, passage.ref), language) if window.rows]
        rows = [row for window in found for row in window.rows]
        scores = dict(zip(rows, map(float, self._contents.tokens.maxsim(encoding.tokens, rows)), strict=True))
        return max(found, key=lambda window: max(scores[row] for row in window.rows)).text

    def judge(
        self, question: str, language: Language, retrieval: Retrieval, before: float, shapes: Shapes
    ) -> tuple[Retrieval, float]:
        """What was found, in its order after reading, and how probable it is that the first answers.

        `before` is what the first stage thinks of the first passage.
        """
        if not retrieval.passages or not self.judgement.reads(before):
            return retrieval, before
        started = perf_counter()
        odds = self.odds(question, language, retrieval.encoding, retrieval.passages)
        ordered = self.ordered(retrieval.passages, odds)
        ranked = [odds[passage.report, passage.ref] for passage in ordered[: len(odds)]]
        after = max(self.judgement.probability(shape, ranked) for shape in shapes(ordered))
        timings = {**retrieval.timings_ms, "read": 1e3 * (perf_counter() - started)}
        return replace(retrieval, passages=ordered, timings_ms=timings), after

    def ordered(self, passages: Sequence[Passage], odds: Mapping[Key, float]) -> tuple[Passage, ...]:
        """The passages that were read by score and odds, before those that were not."""
        read, rest = passages[: len(odds)], passages[len(odds) :]
        weight = self.judgement.rank
        return (*sorted(read, key=lambda p: -(p.score + weight * odds[p.report, p.ref])), *rest)

    def _windows_of(self, key: Key, language: Language) -> tuple[Window, ...]:
        shown = self._contents.by_id[key[0]].rendering(language).language
        return windows(self._contents, key, shown, self._reader.length, self._window)


def _words(text: str, first: int, last: int, length: Callable[[str], int]) -> Span:
    """The words of a text from one token to another.

    >>> _words("Ms. Vale chaired", 1, 2, lambda text: len(text.split()))
    Span(start=4, end=16)
    """
    found = list(re.finditer(r"\S+", text))
    until = [length(text[: word.end()]) for word in found]  # how many tokens there are up to each word's end
    begins = next((word.start() for word, tokens in zip(found, until, strict=True) if tokens > first), 0)
    ends = next((word.end() for word, tokens in zip(found, until, strict=True) if tokens > last), len(text))
    return Span(begins, ends)
