"""Centring: the mean of all vectors of a kind is subtracted from each of them.

A multilingual encoder puts every text of one language, and every question as against every passage, into a narrow
cone: cosines crowd into 0.70 to 0.88, and a short passage in another language can be near everything. Subtracting the
mean of the kind before comparing (Mu and Viswanath, 2018, "All-but-the-Top", without its second step) opens the cone.
On XQuAD's development articles it lifts MaxSim's hit@1 from .874 to .902 (English question, Arabic text) and from
.842 to .863 (the other way), and changes nothing within a language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.model.embedding import Encoding, Vector, unit


@dataclass(frozen=True, slots=True)
class Centre:
    """The mean of the vectors, and of the token vectors, of one kind of text: float32 [d] each."""

    vector: Vector
    token: Vector

    @classmethod
    def of(cls, encodings: Sequence[Encoding]) -> Centre:
        """The centre of some encodings, at least one."""
        tokens = np.concatenate([encoding.tokens for encoding in encodings])
        return cls(
            np.mean([encoding.vector for encoding in encodings], axis=0, dtype=np.float32),
            tokens.mean(axis=0, dtype=np.float32) if len(tokens) else np.zeros_like(encodings[0].vector),
        )

    def apply(self, encoding: Encoding) -> Encoding:
        """The encoding less the centre, scaled to unit length again.

        >>> centre = Centre(np.float32([0, 1]), np.float32([0, 0]))
        >>> centre.apply(Encoding(np.float32([3, 1]), np.float32([[0, 2]]))).vector
        array([1., 0.], dtype=float32)
        """
        return Encoding(unit(encoding.vector - self.vector), unit(encoding.tokens - self.token))
