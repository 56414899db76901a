"""Token vectors, compact, and late interaction with them.

A paragraph's tokens are those of its sentences, each encoded by itself: on the development questions that finds as
much as tokens of the paragraph's own pass beside them, and takes half the room and half the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.chunks import sentence_counts
from corpus.records import Chunk
from index.model.embedding import Vector

# Tokens that are compared at a time, 0.8 MB in float32: what fits the processor's cache, whatever the index's size.
BLOCK = 512


@dataclass(frozen=True)
class _Stretch:
    """Tokens `start` to `end` of an array, and the rows whose tokens lie among them: (position, start, end) each."""

    values: NDArray[np.int8]
    start: int
    end: int
    rows: list[tuple[int, int, int]] = field(default_factory=list)

    def holds(self, values: NDArray[np.int8], start: int, end: int) -> bool:
        return values is self.values and self.start <= start and end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


class TokenMatch:
    """Late interaction (MaxSim), however the token vectors are kept."""

    def place(self, row: int) -> tuple[NDArray[np.int8], int, int]:
        """The array that holds a row's tokens, int8 [n, d], unit vectors times 127; where they begin and end in it."""
        raise NotImplementedError

    def of_row(self, row: int) -> NDArray[np.int8]:
        """The token vectors of a row, int8 [t, d]."""
        values, start, end = self.place(row)
        return values[start:end]

    def maxsim(self, question: Vector, rows: Sequence[int]) -> Vector:
        """Late interaction of a question's tokens, float32 [t, d], with each row's → float32 [len(rows)], −1 to 1.

        The mean, over the question's tokens, of the cosine with the row's token nearest to each: ColBERT's sum
        (Khattab and Zaharia, 2020) divided by t. A row or question without tokens has 0. Sentences that come after
        their paragraph are not compared again.
        """
        scores = np.zeros(len(rows), np.float32)
        if not len(question):
            return scores
        for stretches in _blocks(self._stretches(rows)):
            cosines = _cosines(stretches, question)
            positions, edges, at = [], list[int](), 0
            for stretch in stretches:
                for position, start, end in stretch.rows:
                    positions.append(position)
                    edges += (at + start - stretch.start, at + end - stretch.start)
                at += len(stretch)
            # Between the edges of one row and those of the next stands what nobody asked for.
            scores[positions] = np.maximum.reduceat(cosines, edges, axis=0)[::2].mean(axis=1)
        return scores

    def nearest(self, question: Vector, rows: Sequence[int]) -> Vector:
        """For each of the question's tokens, float32 [t, d], its cosine with the nearest token of any of the rows.

        −1 where they have none.
        """
        best = np.full(len(question), -1, np.float32)
        for values, start, end in map(self.place, rows):
            for at in range(start, end, BLOCK):
                cosines = values[at : min(at + BLOCK, end)].astype(np.float32) @ (question.T / np.float32(127))
                np.maximum(best, cosines.max(axis=0), out=best)
        return best

    def _stretches(self, rows: Iterable[int]) -> Iterator[_Stretch]:
        """The tokens of the rows; those among the tokens of the row before are not read again."""
        last: _Stretch | None = None
        for position, row in enumerate(rows):
            values, start, end = self.place(row)
            if start == end:
                continue
            if last is None or not last.holds(values, start, end):
                if last is not None:
                    yield last
                last = _Stretch(values, start, end)
            last.rows.append((position, start, end))
        if last is not None:
            yield last


def _cosines(stretches: Sequence[_Stretch], question: Vector) -> Vector:
    """Those of each token with each of the question, float32 [tokens + 1, t]; the last row is −1 throughout."""
    tokens = np.concatenate([stretch.values[stretch.start : stretch.end] for stretch in stretches])
    cosines = np.full((len(tokens) + 1, len(question)), -1, np.float32)
    np.matmul(tokens.astype(np.float32), question.T / np.float32(127), out=cosines[:-1])
    return cosines


def _blocks(stretches: Iterable[_Stretch]) -> Iterator[list[_Stretch]]:
    """Stretches in blocks of some BLOCK tokens, at least one each."""
    block, held = list[_Stretch](), 0
    for stretch in stretches:
        if block and held + len(stretch) > BLOCK:
            yield block
            block, held = [], 0
        block.append(stretch)
        held += len(stretch)
    if block:
        yield block


@dataclass(frozen=True)
class TokenVectors(TokenMatch):
    """A vector a token of each chunk, for late interaction.

    `values` int8 [tokens, d] holds unit vectors times 127; row r has the tokens `spans[r, 0]` to `spans[r, 1]`.
    """

    values: NDArray[np.int8]
    spans: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Sequence[Vector]) -> TokenVectors:
        """Quantise one float32 [t, d] array a row."""
        return cls._joined([quantised(t) for t in tokens], [0] * len(tokens))

    @classmethod
    def of_chunks(cls, chunks: Sequence[Chunk], tokens: Sequence[NDArray[np.int8]]) -> TokenVectors:
        """Rows that are quantised already; a paragraph of several sentences has the tokens of theirs instead of its."""
        counts = sentence_counts(chunks)
        return cls._joined([t[:0] if count else t for t, count in zip(tokens, counts, strict=True)], counts)

    @classmethod
    def _joined(cls, tokens: Sequence[NDArray[np.int8]], counts: Sequence[int]) -> TokenVectors:
        """One array of them; row r reaches to the end of the `counts[r]` rows after it."""
        ends = np.cumsum([len(t) for t in tokens], dtype=np.int64)
        starts = np.concatenate([[0], ends[:-1]])
        return cls(np.concatenate(tokens), np.stack([starts, ends[np.arange(len(tokens)) + counts]], axis=1))

    def place(self, row: int) -> tuple[NDArray[np.int8], int, int]:
        """See `TokenMatch.place`."""
        start, end = self.spans[row].tolist()
        return self.values, start, end


def quantised(tokens: Vector) -> NDArray[np.int8]:
    """Unit vectors float32 [t, d] in a byte a number."""
    rounded: NDArray[np.int8] = np.rint(tokens * 127).astype(np.int8)
    return rounded


@dataclass(frozen=True)
class JoinedTokens(TokenMatch):
    """The rows of several token vectors, one after the other, without copying them together."""

    parts: tuple[TokenVectors, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *np.cumsum([len(part.spans) for part in self.parts]).tolist()]

    def place(self, row: int) -> tuple[NDArray[np.int8], int, int]:
        """See `TokenMatch.place`."""
        at = bisect_right(self._starts, row) - 1
        return self.parts[at].place(row - self._starts[at])
