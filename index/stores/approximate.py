"""Approximate search for more vectors than a flat index answers in time: an inverted file of 8-bit vectors, on disk.

FAISS's `IVF…,SQ8`: k-means parts the vectors into lists, a query reads the lists nearest to it, and each component is
a byte. The file is memory-mapped, so that what is resident is what questions touch. `docs/scaling.md` has what was
measured and the rule: exact up to `FLAT_UP_TO` rows, this beyond (`index.disk.merged_parts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from index.model.embedding import Vector
from index.stores.vectors import Hit, checked_query, hits_of
from index.threads import search_alone, train_together

FLAT_UP_TO = 50_000
FILE = "vectors.ivf"
PROBES = 48
_TRAINED_ON = 40  # vectors a list; FAISS wants at least 39
_RANDOM = 7


class IvfStore:
    """Approximate search in a memory-mapped file; a search among given rows is exact over their 8-bit vectors."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._ivf = faiss.extract_index_ivf(index)
        self._ivf.nprobe = min(PROBES, self._ivf.nlist)

    @classmethod
    def of(cls, vectors: Vector) -> IvfStore:
        """A store of float32 [n, d] unit vectors, in memory."""
        train_together()
        count, dimension = vectors.shape
        lists = lists_for(count)
        index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(_RANDOM).choice(count, min(count, _TRAINED_ON * lists), replace=False)
        index.train(np.ascontiguousarray(vectors[np.sort(sample)], np.float32))
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path, dimension: int, count: int) -> IvfStore:
        """Map the file that `save` wrote. Raises IndexDamaged where it holds other vectors.

        The caller has checked its hash: a mapped file that was cut short would end the process, not raise.
        """
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexDamaged(f"{path} cannot be read ({error}); run `fiqra build`") from error
        if not isinstance(index, faiss.IndexIVF) or (index.d, index.ntotal) != (dimension, count):
            raise IndexDamaged(
                f"{path} holds {index.ntotal} vectors of {index.d}, expected {count} of {dimension}; run `fiqra build`"
            )
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the file."""
        faiss.write_index(self._index, str(path))

    def search(
        self,
        query: Vector,
        k: int,
        rows: Sequence[int] | NDArray[np.int64] | None = None,
        without: NDArray[np.int64] | None = None,
    ) -> list[Hit]:
        """Nearest chunks, see `PassageStore.search`; or those of all rows but some."""
        query = checked_query(query, self._index.d)
        k = min(k, self._index.ntotal if rows is None else len(rows))
        if k <= 0:
            return []
        search_alone()
        chosen = faiss.SearchParametersIVF()
        chosen.nprobe = self._ivf.nprobe
        if rows is not None:
            # Few rows lie in any list: all lists are read, but only these rows' vectors are compared.
            selected = faiss.IDSelectorBatch(np.asarray(rows, np.int64))
            chosen.sel, chosen.nprobe = selected, self._ivf.nlist
        elif without is not None and len(without):
            passed_over = faiss.IDSelectorBatch(np.asarray(without, np.int64))
            chosen.sel = faiss.IDSelectorNot(passed_over)
        return hits_of(*self._index.search(query, k, params=chosen), self._index.ntotal)


def lists_for(count: int) -> int:
    """How many lists: twice the square root of the number of vectors, as a power of two, up to 4,096.

    >>> lists_for(1_000_000)
    2048
    """
    return int(2 ** min(12, max(2, round(np.log2(2 * max(count, 1) ** 0.5)))))
