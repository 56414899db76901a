"""A deterministic stand-in for the model: for tests, and for trying fiqra's machinery without one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from corpus.text import fold
from index.model.embedding import Encoding, Kind, unit


class HashEmbedder:
    """A vector a word, from the word's hash; a text's vector is their mean. Texts that share words are near.

    >>> HashEmbedder().encode(["two words"], "query")[0].tokens.shape
    (2, 16)
    """

    def __init__(self, dimension: int = 16) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash-embedder-{dimension}"
        self.batch, self.parallel = 4, 1

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:  # noqa: ARG002 - the seam's signature
        """See `Embedder.encode`."""
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> Encoding:
        words = fold(text).split() or [""]
        tokens = np.stack([self._word(word) for word in words])
        return Encoding(unit(tokens.mean(axis=0)), tokens)

    def _word(self, word: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:8], "big")
        vector: np.ndarray[tuple[int], np.dtype[np.float32]] = unit(
            np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        )
        return vector
