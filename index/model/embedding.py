"""Texts → vectors: the seam that every model fits, and what it gives.

An `Encoding` holds both views of one forward pass: the text's vector, and a vector a token for the late-interaction
reranker. All vectors have unit length, so an inner product is a cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Kind = Literal["query", "passage"]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """`vector` float32 [d], and `tokens` float32 [t, d] without the special tokens and the prefix; unit length."""

    vector: Vector
    tokens: Vector


class Embedder(Protocol):
    """What turns texts into vectors.

    `fingerprint` names the model's exact weights; `dimension` is d. Many texts are encoded fastest `batch` at a time,
    in `parallel` threads.
    """

    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    @property
    def dimension(self) -> int: ...  # noqa: D102

    @property
    def batch(self) -> int: ...  # noqa: D102

    @property
    def parallel(self) -> int: ...  # noqa: D102

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        """Encode texts as queries or as passages, one encoding each, in order; of a long text a part may be read."""
        ...


def unit(vectors: Vector) -> Vector:
    """Scale the last axis to length one; a zero vector stays zero.

    >>> unit(np.array([[3.0, 4.0]], np.float32))
    array([[0.6, 0.8]], dtype=float32)
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
