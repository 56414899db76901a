"""Token vectors, compact, and late interaction with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vector

# Tokens that are compared at a time, 0.8 MB in float32: what fits the processor's cache, whatever the index's size.
BLOCK = 512


class TokenMatch:
    """Late interaction, whatever keeps the token vectors."""

    def of_row(self, row: int) -> NDArray[np.int8]:
        """The token vectors of a row, int8 [t, d]: unit vectors times 127."""
        raise NotImplementedError

    def maxsim(self, question: Vector, rows: Sequence[int]) -> Vector:
        """Late interaction of a question's tokens, float32 [t, d], with each row's → float32 [len(rows)], −1 to 1.

        The mean, over the question's tokens, of the cosine with the row's token nearest to each: ColBERT's sum
        (Khattab and Zaharia, 2020) divided by t. A row or question without tokens has 0.
        """
        tokens = [self.of_row(row) for row in rows]
        scores = np.zeros(len(rows), np.float32)
        if not len(question):
            return scores
        filled = [i for i, found in enumerate(tokens) if len(found)]
        for block in _blocks([len(tokens[i]) for i in filled]):
            chosen = [tokens[i] for i in filled[block]]
            first = np.cumsum([0, *map(len, chosen[:-1])])
            best = np.maximum.reduceat(_cosines(chosen, question), first, axis=0)
            scores[filled[block]] = best.mean(axis=1)
        return scores

    def nearest(self, question: Vector, rows: Sequence[int]) -> Vector:
        """For each of the question's tokens, float32 [t, d], its cosine with the nearest token of any of the rows."""
        tokens = [t for t in map(self.of_row, rows) if len(t)]
        if not len(question) or not tokens:
            return np.zeros(len(question), np.float32)
        blocks = _blocks([len(t) for t in tokens])
        cosines: Vector = np.max([_cosines(tokens[block], question).max(axis=0) for block in blocks], axis=0)
        return cosines


def _cosines(tokens: Sequence[NDArray[np.int8]], question: Vector) -> Vector:
    """Those of each token of the rows with each of the question → float32 [tokens, t]."""
    cosines: Vector = np.concatenate(tokens).astype(np.float32) @ (question.T / np.float32(127))
    return cosines


def _blocks(lengths: Sequence[int]) -> Iterator[slice]:
    """Rows in blocks of some BLOCK tokens, at least one row each.

    >>> list(_blocks([BLOCK, 1, 1]))
    [slice(0, 1, None), slice(1, 3, None)]
    """
    start, held = 0, 0
    for row, length in enumerate(lengths):
        if held and held + length > BLOCK:
            yield slice(start, row)
            start, held = row, 0
        held += length
    if held:
        yield slice(start, len(lengths))


@dataclass(frozen=True)
class TokenVectors(TokenMatch):
    """A vector a token of each chunk, for late interaction.

    `values` int8 [tokens, d] holds unit vectors times 127; row r has the tokens `offsets[r]` to `offsets[r + 1]`.
    """

    values: NDArray[np.int8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Sequence[Vector]) -> TokenVectors:
        """Quantise one float32 [t, d] array a row."""
        return cls.joined([np.rint(t * 127).astype(np.int8) for t in tokens])

    @classmethod
    def joined(cls, tokens: Sequence[NDArray[np.int8]]) -> TokenVectors:
        """One array of rows that are quantised already."""
        return cls(np.concatenate(tokens), np.cumsum([0, *map(len, tokens)]).astype(np.int64))

    def of_row(self, row: int) -> NDArray[np.int8]:
        """The token vectors of a row."""
        return self.values[self.offsets[row] : self.offsets[row + 1]]


@dataclass(frozen=True)
class JoinedTokens(TokenMatch):
    """The rows of several token vectors, one after the other, without copying them together."""

    parts: tuple[TokenVectors, ...]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.cumsum([0, *(len(part.offsets) - 1 for part in self.parts)])

    def of_row(self, row: int) -> NDArray[np.int8]:
        """The token vectors of a row."""
        at = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self.parts[at].of_row(row - int(self._starts[at]))
