"""Where vectors are searched: the `PassageStore` seam and its FAISS implementation.

FAISS is trusted with arithmetic alone. It answers id −1 where it has nothing, asserts on a wrong dimension, and reads
a damaged file without complaint, so shapes, finiteness and ids are checked on this side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from corpus.records import Language
from index.model.embedding import Vector
from index.search.lexical import WordStore
from index.threads import search_alone


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk, by its row, and the inner product of its vector with the query's: a cosine, −1 to 1."""

    row: int
    score: float


class PassageStore(Protocol):
    """What finds the nearest chunks of a query."""

    def search(self, query: Vector, k: int, rows: Sequence[int] | NDArray[np.int64] | None = None) -> list[Hit]:
        """The `k` chunks nearest to `query` float32 [d], best first; only among `rows` where given."""
        ...


@runtime_checkable
class OutsideStore(PassageStore, Protocol):
    """A store beside the index, which keeps the words too."""

    def check(self) -> None:
        """Whether a question would be answered now. Raises IndexRefused with the reason; takes milliseconds."""
        ...

    def words(self, language: Language, rows: NDArray[np.int64]) -> WordStore:
        """What finds the paragraphs of a language by words; document r is the paragraph of row `rows[r]`."""
        ...


class FaissStore:
    """Exact search: `IndexIDMap2` over a flat inner product. Row numbers are the ids."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Vector) -> FaissStore:
        """A store of float32 [n, d] unit vectors."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.arange(len(vectors), dtype=np.int64))
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes, dimension: int, count: int) -> FaissStore:
        """Read back what `to_bytes` wrote. Raises IndexDamaged where it is not an index of that shape."""
        try:
            index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        except RuntimeError as error:
            raise IndexDamaged(f"vectors.faiss cannot be read ({error}); run `fiqra build`") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise IndexDamaged(f"vectors.faiss holds a {type(index).__name__}, expected IndexIDMap2; run `fiqra build`")
        if (index.d, index.ntotal) != (dimension, count):
            raise IndexDamaged(
                f"vectors.faiss holds {index.ntotal} vectors of {index.d}, expected {count} of {dimension}; "
                "run `fiqra build`"
            )
        if not np.array_equal(faiss.vector_to_array(index.id_map), np.arange(count)):
            raise IndexDamaged("vectors.faiss numbers its vectors in another way; run `fiqra build`")
        if not _of_unit_length(faiss.downcast_index(index.index).reconstruct_n(0, count)):
            raise IndexDamaged("vectors.faiss holds vectors that are not of unit length; run `fiqra build`")
        return cls(index)

    def vectors(self) -> Vector:
        """All vectors, float32 [n, d], in the order of their rows."""
        found: Vector = faiss.downcast_index(self._index.index).reconstruct_n(0, self._index.ntotal)
        return found

    def to_bytes(self) -> bytes:
        """The index as FAISS serialises it."""
        return bytes(faiss.serialize_index(self._index))

    def search(self, query: Vector, k: int, rows: Sequence[int] | NDArray[np.int64] | None = None) -> list[Hit]:
        """Nearest chunks; see `PassageStore.search`. Raises ValueError on a query of another shape or not finite."""
        query = checked_query(query, self._index.d)
        k = min(k, self._index.ntotal if rows is None else len(rows))
        if k <= 0:
            return []
        search_alone()
        selected = None
        if rows is not None:
            selected = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.asarray(rows, np.int64)))  # type: ignore[call-arg]
        return hits_of(*self._index.search(query, k, params=selected), self._index.ntotal)


def checked_query(query: Vector, dimension: int) -> Vector:
    """A query as FAISS takes it, float32 [1, d]. Raises ValueError on one of another shape or not finite."""
    if query.shape != (dimension,) or not np.isfinite(query).all():
        raise ValueError(f"a query is {dimension} finite numbers, not {query.shape}")
    return np.ascontiguousarray(query[None], np.float32)


def hits_of(scores: Vector, ids: NDArray[np.int64], count: int) -> list[Hit]:
    """FAISS's answer to one query as hits, without the −1 that stands for nothing."""
    return [Hit(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if 0 <= i < count]


def _of_unit_length(vectors: Vector) -> bool:
    """Whether every vector has length one, or is the zero that stands for a text without words."""
    lengths = np.linalg.norm(vectors, axis=1)
    return bool(np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0)))
