"""Token vectors, compact, and late interaction with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vector


@dataclass(frozen=True)
class TokenVectors:
    """A vector a token of each chunk, for late interaction.

    `values` int8 [tokens, d] holds unit vectors times 127; row r has the tokens `offsets[r]` to `offsets[r + 1]`.
    """

    values: NDArray[np.int8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: Sequence[Vector]) -> TokenVectors:
        """Quantise one float32 [t, d] array a row."""
        offsets = np.cumsum([0, *map(len, tokens)]).astype(np.int64)
        return cls(np.rint(np.concatenate(tokens) * 127).astype(np.int8), offsets)

    def maxsim(self, question: Vector, rows: Sequence[int]) -> Vector:
        """Late interaction of a question's tokens, float32 [t, d], with each row's → float32 [len(rows)], −1 to 1.

        The mean, over the question's tokens, of the cosine with the row's token nearest to each: ColBERT's sum
        (Khattab and Zaharia, 2020) divided by t. A row or question without tokens has 0.
        """
        starts, ends = self.offsets[list(rows)], self.offsets[[row + 1 for row in rows]]
        scores = np.zeros(len(rows), np.float32)
        filled = ends > starts
        if not len(question) or not filled.any():
            return scores
        at = np.concatenate([np.arange(a, b) for a, b in zip(starts[filled], ends[filled], strict=True)])
        cosines = self.values[at].astype(np.float32) @ (question.T / np.float32(127))
        first = np.concatenate([[0], np.cumsum((ends - starts)[filled])[:-1]])
        scores[filled] = np.maximum.reduceat(cosines, first, axis=0).mean(axis=1)
        return scores

    def nearest(self, question: Vector, rows: Sequence[int]) -> Vector:
        """For each of the question's tokens, float32 [t, d], its cosine with the nearest token of any of the rows."""
        at = np.concatenate([np.arange(self.offsets[row], self.offsets[row + 1]) for row in rows])
        if not len(question) or not len(at):
            return np.zeros(len(question), np.float32)
        cosines: Vector = ((question / np.float32(127)) @ self.values[at].astype(np.float32).T).max(axis=1)
        return cosines
