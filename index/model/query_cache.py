"""Questions that were encoded lately need not be encoded again: a bounded cache of their vectors."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Literal

from index.model.embedding import Embedder, Encoding, Kind

BYTES = 8 << 20  # some 250 questions of 20 tokens
Outcome = Literal["hit", "miss"]


def _uncounted(outcome: Outcome) -> None:
    pass


class QueryCache:
    """Encodings by index and question, the least recently used dropped first. Safe to share between threads.

    Keys are digests: no question is kept. `counted` is told of each look-up whether it was a hit or a miss.
    """

    def __init__(self, limit: int = BYTES, counted: Callable[[Outcome], None] = _uncounted) -> None:
        self._limit = limit
        self._counted = counted
        self._kept: OrderedDict[bytes, Encoding] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: tuple[str, ...], encode: Callable[[], Encoding]) -> Encoding:
        """What was kept under the key, or what `encode` makes; that is kept if it fits.

        >>> import numpy as np
        >>> cache, key = QueryCache(), ("index", "Who spoke?")
        >>> encode = lambda: Encoding(np.zeros(384), np.zeros((3, 384)))
        >>> cache.get(key, encode) is cache.get(key, encode)
        True
        """
        digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
        self._counted("miss" if found is None else "hit")
        if found is None:
            found = encode()
            self._keep(digest, found)
        return found

    def _keep(self, digest: bytes, encoding: Encoding) -> None:
        with self._lock:
            if digest in self._kept or _bytes(encoding) > self._limit:
                return
            self._kept[digest] = encoding
            self.size += _bytes(encoding)
            while self.size > self._limit:
                _, dropped = self._kept.popitem(last=False)
                self.size -= _bytes(dropped)


class CachingEmbedder:
    """The embedder of one index, which takes single questions from the cache where it can."""

    def __init__(self, embedder: Embedder, index: str, queries: QueryCache) -> None:
        self._embedder = embedder
        self._index = index
        self._queries = queries
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.batch, self.parallel = embedder.batch, embedder.parallel

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        """See `Embedder.encode`."""
        if kind != "query" or len(texts) != 1:
            return self._embedder.encode(texts, kind)
        return [self._queries.get((self._index, texts[0]), lambda: self._embedder.encode(texts, kind)[0])]


def _bytes(encoding: Encoding) -> int:
    return encoding.vector.nbytes + encoding.tokens.nbytes
