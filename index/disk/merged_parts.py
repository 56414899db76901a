"""What a large index searches together: the vectors and the words of many added reports, merged once, memory-mapped.

Reports that came later are searched beside it, exactly; those that went are passed over. When either are more than
`REST_UP_TO` chunks, the next build merges anew: so taking one report in costs what that report costs, at any size.

    members.json     the parts that were merged, in the order of their rows, and how many rows each has
    vectors.ivf      their vectors (`index.stores.approximate`)
    lexical-en/…     their words (`index.stores.postings`)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.records import LANGUAGES, Language
from index.disk.report_parts import Part
from index.disk.sealed import MEMBERS
from index.disk.shared_folders import SealedFolder
from index.model.embedding import Vector
from index.stores.approximate import FILE, IvfStore
from index.stores.postings import Postings
from index.stores.vectors import FaissStore, Hit, PassageStore

REST_UP_TO = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """A part that was merged: its folder's name, and how many chunks and, by language, paragraphs it has."""

    name: str
    chunks: int
    documents: dict[Language, int]


_MEMBERS = TypeAdapter(tuple[Member, ...])


@dataclass(frozen=True)
class Merged:
    """The members and what searches them; a member's rows and documents follow those of the one before."""

    members: tuple[Member, ...]
    store: IvfStore
    postings: Mapping[Language, Postings]

    @classmethod
    def load(cls, folder: SealedFolder, dimension: int) -> Merged:
        """Out of a verified folder. Raises IndexDamaged or ValueError where its files do not fit each other."""
        members = read_members(folder.files[MEMBERS])
        store = IvfStore.open(folder.path / FILE, dimension, sum(member.chunks for member in members))
        postings = {
            language: Postings.load(lambda name, language=language: folder.anything(f"lexical-{language}/{name}"))  # type: ignore[misc]
            for language in LANGUAGES
            if any(member.documents.get(language) for member in members)
        }
        for language, found in postings.items():
            if len(found.lengths) != sum(member.documents.get(language, 0) for member in members):
                raise ValueError(f"the words of {folder.path} are of another number of paragraphs")
        return cls(members, store, postings)

    def rows(self, first: Mapping[str, int]) -> NDArray[np.int64]:
        """The index's number of each merged row → int64 [n], −1 of a part gone; `first` has each part's first."""
        return _numbers([(member.name, member.chunks) for member in self.members], first)

    def documents(self, language: Language, first: Mapping[str, int]) -> NDArray[np.int64]:
        """The same for the documents of a language."""
        return _numbers([(member.name, member.documents.get(language, 0)) for member in self.members], first)


class MergedStore:
    """Approximate search over what is merged, exact search over the rest, as one; see `PassageStore`."""

    def __init__(
        self, merged: IvfStore, rows: NDArray[np.int64], rest: FaissStore, rest_rows: NDArray[np.int64]
    ) -> None:
        self._sides: tuple[tuple[PassageStore, NDArray[np.int64]], ...] = ((merged, rows), (rest, rest_rows))
        self._merged = merged
        self._gone = np.flatnonzero(rows < 0)

    def search(self, query: Vector, k: int, rows: Sequence[int] | NDArray[np.int64] | None = None) -> list[Hit]:
        """Nearest chunks; see `PassageStore.search`."""
        found: list[Hit] = []
        for store, numbers in self._sides:
            if rows is not None:
                hits = store.search(query, k, np.flatnonzero(np.isin(numbers, rows)))
            elif store is self._merged:
                hits = self._merged.search(query, k, without=self._gone)
            else:
                hits = store.search(query, k)
            found += [Hit(int(numbers[hit.row]), hit.score) for hit in hits]
        return sorted(found, key=lambda hit: (-hit.score, hit.row))[: max(k, 0)]


def write(parts: Iterable[tuple[str, Part]], folder: Path) -> None:
    """Merge parts, by the names of their folders, into the folder."""
    members, vectors = [], []
    words: dict[Language, list[Sequence[str]]] = {language: [] for language in LANGUAGES}
    for name, part in parts:
        members.append(Member(name, len(part.chunks), {language: len(rows) for language, rows in part.terms.items()}))
        vectors.append(part.vectors)
        for language, rows in part.terms.items():
            words[language].extend(rows)
    (folder / MEMBERS).write_bytes(_MEMBERS.dump_json(tuple(members)))
    for language, documents in words.items():
        if documents:
            Postings.of(documents).save(folder / f"lexical-{language}")
    IvfStore.of(np.concatenate(vectors)).save(folder / FILE)


def read_members(content: bytes) -> tuple[Member, ...]:
    """What was merged. Raises ValueError."""
    return _MEMBERS.validate_json(content)


def still_serves(members: Sequence[Member], chunks: Mapping[str, int]) -> bool:
    """Whether what was merged is near enough to the parts there are, `chunks` by name."""
    merged = {member.name: member.chunks for member in members}
    gone = sum(count for name, count in merged.items() if name not in chunks)
    rest = sum(count for name, count in chunks.items() if name not in merged)
    return max(gone, rest) <= REST_UP_TO


def _numbers(counts: Sequence[tuple[str, int]], first: Mapping[str, int]) -> NDArray[np.int64]:
    runs = [
        np.arange(first[name], first[name] + count) if name in first else np.full(count, -1) for name, count in counts
    ]
    return np.concatenate([np.empty(0, np.int64), *runs]).astype(np.int64)
