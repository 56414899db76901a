"""Which documents hold a term, and how often: what BM25 is computed from, in memory or memory-mapped.

Stored are counts, not scores, so that what is stored stays true when documents come and go beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = np.iinfo(np.uint16).max
ARRAYS: Mapping[str, type[np.generic]] = {
    "starts": np.int64,
    "documents": np.int32,
    "counts": np.uint16,
    "lengths": np.int32,
    "letters": np.uint8,
    "letter-starts": np.int64,
}


@dataclass(frozen=True)
class Postings:
    """Term t stands in `documents[starts[t]:starts[t + 1]]`, ascending, so often as `counts` says there.

    `lengths` are the documents' numbers of terms. `letters` are all terms in UTF-8, sorted, one after the other; term t
    begins at `letter_starts[t]`.
    """

    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    letters: NDArray[np.uint8]
    letter_starts: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]]) -> Postings:
        """Count the terms of documents; a document's position is its number."""
        numbers: dict[str, int] = {}
        terms, holders, counts, lengths = [], [], [], []
        for document, words in enumerate(documents):
            found = Counter(words)
            terms.append(np.array([numbers.setdefault(word, len(numbers)) for word in found], np.int32))
            counts.append(np.fromiter((min(n, _MOST) for n in found.values()), np.uint16, len(found)))
            holders.append(np.full(len(found), document, np.int32))
            lengths.append(len(words))
        vocabulary = sorted((word.encode(), number) for word, number in numbers.items())
        rank = np.empty(len(numbers), np.int32)
        rank[[number for _, number in vocabulary]] = np.arange(len(numbers))
        held = rank[_joined(terms, np.int32)]
        order = np.argsort(held, kind="stable")
        return cls(
            np.concatenate([[0], np.cumsum(np.bincount(held, minlength=len(numbers)))]).astype(np.int64),
            _joined(holders, np.int32)[order],
            _joined(counts, np.uint16)[order],
            np.array(lengths, np.int32),
            np.frombuffer(b"".join(word for word, _ in vocabulary), np.uint8),
            np.cumsum([0, *(len(word) for word, _ in vocabulary)]).astype(np.int64),
        )

    @classmethod
    def load(cls, array: Callable[[str], NDArray[Any]]) -> Postings:
        """Out of arrays by their names. Raises ValueError where they do not fit each other."""
        found = {name: array(name) for name in ARRAYS}
        for name, dtype in ARRAYS.items():
            if found[name].ndim != 1 or found[name].dtype != np.dtype(dtype):
                raise ValueError(f"{name} is {found[name].dtype} {found[name].shape}, expected {np.dtype(dtype)} [n]")
        self = cls(*found.values())
        if len(self.starts) != len(self.letter_starts) or self.starts[-1] != len(self.documents):
            raise ValueError("the terms, their letters and their documents differ in number")
        return self

    def save(self, folder: Path) -> None:
        """Write plain NumPy arrays into a new folder."""
        folder.mkdir(parents=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name.replace("-", "_")), allow_pickle=False)

    def find(self, term: str) -> slice | None:
        """Where a term's documents and counts stand; None where no document holds it."""
        wanted = term.encode()
        at = bisect_left(range(len(self.starts) - 1), wanted, key=self._term)
        if at == len(self.starts) - 1 or self._term(at) != wanted:
            return None
        return slice(int(self.starts[at]), int(self.starts[at + 1]))

    def terms(self) -> Iterator[str]:
        """Every term, sorted by its letters' UTF-8."""
        return (self._term(number).decode() for number in range(len(self.starts) - 1))

    def _term(self, number: int) -> bytes:
        return self.letters[self.letter_starts[number] : self.letter_starts[number + 1]].tobytes()


def _joined(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *arrays])
