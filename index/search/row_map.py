"""Rows and documents → the position of their paragraph, in arrays, so that hits are grouped by paragraph at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.records import LANGUAGES, Chunk, Language
from corpus.refs import Ref
from index.search.signals import signal_of

_KINDS = [(kind, language) for kind in ("paragraph", "sentence") for language in LANGUAGES]


@dataclass(frozen=True)
class RowMap:
    """`rows` int32 [chunks] and `documents`, int32 for each language: the position of each one's paragraph among all.

    `kinds` uint8 [chunks] says what each chunk is and in which language; `reports` int32 [paragraphs] numbers the
    report that each paragraph is of.
    """

    rows: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    documents: Mapping[Language, NDArray[np.int32]]
    reports: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        keys: Sequence[tuple[str, Ref]],
        chunks: Sequence[Chunk],
        documents: Mapping[Language, Sequence[tuple[str, Ref]]],
    ) -> RowMap:
        """The positions of an index's chunks and documents among its paragraphs `keys`."""
        place = {key: number for number, key in enumerate(keys)}
        kind = {pair: number for number, pair in enumerate(_KINDS)}
        report = {name: number for number, name in enumerate(dict.fromkeys(name for name, _ in keys))}
        return cls(
            np.array([place[chunk.report, chunk.ref] for chunk in chunks], np.int32),
            np.array([kind[chunk.kind, chunk.language] for chunk in chunks], np.uint8),
            {language: np.array([place[key] for key in found], np.int32) for language, found in documents.items()},
            np.array([report[name] for name, _ in keys], np.int32),
        )

    def signals(self, rows: NDArray[np.int64], asked: Language) -> NDArray[np.int64]:
        """The column of the signal that a row's similarity is, for a question in that language → int64 [rows]."""
        columns = np.array([signal_of(kind, language == asked) for kind, language in _KINDS])
        found: NDArray[np.int64] = columns[self.kinds[rows]]
        return found
