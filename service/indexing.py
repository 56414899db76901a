"""The reports, the settings and a model → an index that is current, in the store that the settings name."""

from __future__ import annotations

from collections.abc import Callable

from corpus.records import Report
from index import contents, sealed
from index.build import build_index
from index.embedder import Embedder
from index.library import Added
from index.milvus_store import MilvusStore, connect
from index.store import PassageStore
from service.settings import Settings

Progress = Callable[[int, int], None]


def bring_up_to_date(  # noqa: PLR0913 - each is a thing of its own
    settings: Settings,
    embedder: Embedder,
    base: tuple[Report, ...],
    added: tuple[Added, ...],
    progress: Progress | None = None,
    *,
    check: bool = False,
) -> str:
    """Build the index, and publish its vectors where they are kept elsewhere. Returns its name.

    `check` reads again what is taken over from the index before. Raises IndexBusy, IndexNotWritten, IndexMissing.
    """
    name = build_index(settings.index_dir, base, embedder, settings.model, progress, added=added, check=check)
    if settings.store == "milvus":
        loaded_from = sealed.read(settings.index_dir, name)
        loaded = contents.load(loaded_from, embedder.fingerprint, embedder.dimension)
        client = connect(settings.milvus_uri or "")
        vectors = contents.vectors_of(loaded_from, embedder.dimension)
        MilvusStore.publish(client, name, vectors, loaded.chunks)
        client.close()
    return name


def open_store(settings: Settings, index: sealed.SealedIndex) -> PassageStore | None:
    """The store that the settings name, where it is not the index's own. Raises IndexMissing, IndexMismatch."""
    if settings.store == "faiss":
        return None
    manifest = index.manifest
    return MilvusStore.open(connect(settings.milvus_uri or ""), index.name, manifest.dimension, manifest.chunks)
