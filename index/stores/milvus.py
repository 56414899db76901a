"""Vectors and words in Milvus: the same seams as FAISS and BM25, for more paragraphs than one machine holds.

    fiqra_<name of the index>    one collection an index, filled once and never changed: a row a chunk, and with the
                                 rows that are whole paragraphs what each of their terms adds to their BM25
    fiqra                        an alias, moved to the newest in one step; for operators and other clients

A process asks for the collection of the very index that it has loaded, so a swap mixes nothing: the old collection
stays until the index after the next. The same code speaks to a file (milvus-lite, in the tests) and to a cluster.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexMismatch, IndexMissing
from corpus.records import Chunk, Language
from index.model.embedding import Vector
from index.search.lexical import Match
from index.stores.approximate import FLAT_UP_TO
from index.stores.vectors import Hit, checked_query

ALIAS = "fiqra"
PREFIX = "fiqra_"
BATCH = 1_000
PATIENCE_S = 5.0  # for one answer of Milvus's; without a bound its client tries for minutes
PROBED_S = 1.0  # the same where a probe waits for it
_MOST_RUNS = 500
_IN = {"metric_type": "IP"}


def connect(uri: str) -> Any:
    """A client of the server at `uri`, or of the file that it names. Raises IndexMissing where none answers."""
    try:
        from pymilvus import MilvusClient  # noqa: PLC0415 - an extra that only this store needs
    except ImportError as error:
        raise IndexMissing(
            "FIQRA_STORE is milvus, and pymilvus is not installed: pip install -r requirements-milvus.lock"
        ) from error
    from pymilvus.exceptions import MilvusException  # noqa: PLC0415

    try:
        return MilvusClient(uri, timeout=10)
    except (MilvusException, ValueError) as error:  # its text may quote the address whole, so that it is left out
        code = getattr(error, "code", None)
        what = type(error).__name__ + (f" {code}" if code is not None else "")
        raise IndexMissing(
            f"no Milvus answers at {address_of(uri)} ({what}); start it, or set FIQRA_MILVUS_URI"
        ) from None


def address_of(uri: str) -> str:
    """What of an address may be shown: no user, no password, no parameters.

    >>> address_of("http://root:secret@milvus:19530/default?token=secret"), address_of("var/milvus.db")
    ('http://milvus:19530', 'var/milvus.db')
    """
    try:
        parts = urlsplit(uri)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    if parts.hostname:
        return f"{parts.scheme}://{parts.hostname}{port}"
    return parts.path if not parts.scheme and "@" not in parts.path else "an address that cannot be read"


class MilvusStore:
    """Exact up to the size that FAISS is exact to, what the server chooses beyond; see `PassageStore`."""

    def __init__(self, client: Any, collection: str, dimension: int, count: int) -> None:
        self._client = client
        self._collection = collection
        self._dimension = dimension
        self._count = count

    @classmethod
    def open(cls, client: Any, index: str, dimension: int, count: int) -> MilvusStore:
        """The collection of an index. Raises IndexMissing where there is none, IndexMismatch where it is not whole."""
        name = PREFIX + index
        if not client.has_collection(name):
            raise IndexMissing(f"Milvus has no collection {name}; run `fiqra build` with FIQRA_STORE=milvus")
        client.load_collection(name)
        if (found := _rows(client, name)) != count:
            raise IndexMismatch(f"Milvus's {name} holds {found} vectors, expected {count}; run `fiqra build`")
        return cls(client, name, dimension, count)

    @classmethod
    def publish(  # noqa: PLR0913 - each is a thing of its own
        cls,
        client: Any,
        index: str,
        vectors: Vector,
        chunks: Sequence[Chunk],
        words: Mapping[int, Mapping[str, float]],
        *,
        current: str = "",
    ) -> MilvusStore:
        """Fill the collection of an index, unless it is there and whole, and move the alias to it.

        `words` are what each term adds to the BM25 of each row that is a whole paragraph. Collections but this, the one
        before and that of the index `current` go.
        """
        name = PREFIX + index
        if client.has_collection(name) and _rows(client, name) != len(vectors):
            client.drop_collection(name)  # a publication that was killed
        if not client.has_collection(name):
            _create(client, name, vectors.shape[1], len(vectors))
            for start in range(0, len(vectors), BATCH):
                client.insert(name, list(_entities(vectors, chunks, words, start)))
            client.flush(name)
            client.load_collection(name)
        store = cls.open(client, index, vectors.shape[1], len(vectors))
        before = _aliased(client)
        if before is None:
            client.create_alias(name, ALIAS)
        elif before != name:
            client.alter_alias(name, ALIAS)
        for other in client.list_collections():
            if other.startswith(PREFIX) and other not in {name, before, PREFIX + current}:
                client.drop_collection(other)
        return store

    def search(self, query: Vector, k: int, rows: Sequence[int] | NDArray[np.int64] | None = None) -> list[Hit]:
        """Nearest chunks; see `PassageStore.search`."""
        query = checked_query(query, self._dimension)
        k = min(k, self._count if rows is None else len(rows))
        if k <= 0:
            return []
        found = self.matches(
            "vector", query[0].tolist(), k, "" if rows is None else expression(np.asarray(rows, np.int64))
        )
        return [Hit(row, score) for row, score in found]

    def check(self) -> None:
        """Whether Milvus answers and has the collection at hand; one that it has yet to load, it is told to load.

        Raises IndexMissing.
        """
        from pymilvus.exceptions import MilvusException  # noqa: PLC0415 - an extra that only this store needs

        try:
            found = self._client.get_load_state(self._collection, timeout=PROBED_S)["state"].name
            if found == "NotExist":
                raise IndexMissing(f"Milvus has no collection {self._collection}; run `fiqra build`")
            if found != "Loaded":
                self._client.load_collection(self._collection, timeout=PROBED_S)
        except MilvusException as error:
            raise IndexMissing(f"Milvus does not answer ({type(error).__name__} {error.code}); start it") from error

    def words(self, language: Language, rows: NDArray[np.int64]) -> MilvusWords:
        """What finds the paragraphs of a language by their words; see `OutsideStore.words`."""
        return MilvusWords(self, language, rows)

    def matches(self, field: str, query: Any, k: int, where: str) -> list[tuple[int, float]]:
        """The rows nearest to a query in a field, with their inner products; `where` filters them.

        Raises IndexMissing where Milvus does not answer in time.
        """
        from pymilvus.exceptions import MilvusException  # noqa: PLC0415 - an extra that only this store needs

        try:
            try:
                return self._matches(field, query, k, where)
            except MilvusException:  # one that was started anew has its collections yet to load
                self._client.load_collection(self._collection, timeout=PATIENCE_S)
                return self._matches(field, query, k, where)
        except MilvusException as error:
            raise IndexMissing(f"Milvus does not answer ({type(error).__name__} {error.code}); start it") from error

    def _matches(self, field: str, query: Any, k: int, where: str) -> list[tuple[int, float]]:
        [found] = self._client.search(
            self._collection,
            data=[query],
            anns_field=field,
            limit=k,
            filter=where,
            search_params=_IN,
            output_fields=[],
            consistency_level="Strong",
            timeout=PATIENCE_S,
        )
        return [(int(hit["row"]), float(hit["distance"])) for hit in found]


class MilvusWords:
    """BM25 of a language's paragraphs, as a product of sparse vectors: a query's terms with what each adds."""

    def __init__(self, store: MilvusStore, language: Language, rows: NDArray[np.int64]) -> None:
        self._store = store
        self._language = language
        self._rows = rows
        self._documents = {int(row): document for document, row in enumerate(rows)}

    def best(self, asked: Sequence[str], k: int, among: NDArray[np.int64] | None = None) -> list[Match]:
        """The best documents; see `WordStore.best`."""
        found = self._find({dimension_of(term): float(n) for term, n in Counter(asked).items()}, k, among)
        return sorted(found, key=lambda match: (-match[1], match[0]))

    def holders(self, term: str, k: int, among: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Documents that hold a term; see `WordStore.holders`. Beyond `k`, those with the highest BM25."""
        found = self._find({dimension_of(term): 1.0}, k, among)
        return np.array(sorted(document for document, _ in found), np.int64)

    def _find(self, query: Mapping[int, float], k: int, among: NDArray[np.int64] | None) -> list[Match]:
        if not query or k <= 0 or (among is not None and not len(among)):
            return []
        where = f'language == "{self._language}"'
        if among is not None:
            where += f" and ({expression(self._rows[among])})"
        found = self._store.matches("words", dict(query), k, where)
        return [(self._documents[row], score) for row, score in found if score > 0]


def dimension_of(term: str) -> int:
    """The dimension of a term in the sparse vectors: 1 to 2³² − 2, so that two terms hardly ever share one."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest()) % (2**32 - 2) + 1


def expression(rows: NDArray[np.int64]) -> str:
    """Rows as a filter: a report's are a run of numbers, so a few comparisons do.

    >>> expression(np.array([3, 4, 5, 9]))
    '(row >= 3 and row <= 5) or row == 9'
    """
    ordered = np.unique(rows)
    breaks = np.flatnonzero(np.diff(ordered) > 1)
    firsts, lasts = ordered[np.r_[0, breaks + 1]], ordered[np.r_[breaks, len(ordered) - 1]]
    if len(firsts) > _MOST_RUNS:
        return f"row in {ordered.tolist()}"
    return " or ".join(
        f"row == {a}" if a == b else f"(row >= {a} and row <= {b})" for a, b in zip(firsts, lasts, strict=True)
    )


def _create(client: Any, name: str, dimension: int, count: int) -> None:
    from pymilvus import DataType  # noqa: PLC0415

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    for field, length in (("report", 80), ("ref", 40), ("language", 8), ("kind", 16)):
        schema.add_field(field, DataType.VARCHAR, max_length=length)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT" if count <= FLAT_UP_TO else "AUTOINDEX", **_IN)
    index.add_index("words", index_type="SPARSE_INVERTED_INDEX", **_IN)
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")


def _entities(
    vectors: Vector, chunks: Sequence[Chunk], words: Mapping[int, Mapping[str, float]], start: int
) -> Iterator[dict[str, Any]]:
    for row in range(start, min(start + BATCH, len(vectors))):
        chunk = chunks[row]
        yield {
            "row": row,
            "vector": vectors[row].tolist(),
            # Milvus takes no empty sparse vector: a dimension that no term has stands for none.
            "words": {dimension_of(term): weight for term, weight in words.get(row, {}).items()} or {0: 1.0},
            "report": chunk.report,
            "ref": str(chunk.ref),
            "language": chunk.language,
            "kind": chunk.kind,
        }


def _rows(client: Any, name: str) -> int:
    return int(client.get_collection_stats(name)["row_count"])


def _aliased(client: Any) -> str | None:
    """The collection that the alias names, or None where there is no alias yet."""
    from pymilvus.exceptions import MilvusException  # noqa: PLC0415

    try:
        return str(client.describe_alias(ALIAS)["collection_name"])
    except MilvusException:
        return None
