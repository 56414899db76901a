"""The reports, the settings and a model → an index that is current, in the store that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from corpus.errors import IndexNotWritten, IndexRefused
from corpus.records import Report
from index import contents
from index.build import build_index
from index.disk import built, sealed
from index.disk.report_library import Decide
from index.disk.shelf import Added
from index.model.embedding import Embedder
from index.stores.milvus import MilvusStore, connect
from index.stores.vectors import OutsideStore
from service.settings import Settings

Progress = Callable[[int, int], None]


def fill_data_dir(settings: Settings) -> None:
    """Copy what the data folder lacks from the one that was built before, where the settings name one.

    On a disk that refuses, nothing is copied; what misses it then says so.
    """
    if settings.built_dir is not None:
        with suppress(IndexNotWritten):
            built.fill(settings.data_dir, settings.built_dir)


def bring_up_to_date(  # noqa: PLR0913 - each is a thing of its own
    settings: Settings,
    embedder: Embedder,
    base: tuple[Report, ...],
    added: tuple[Added, ...],
    progress: Progress | None = None,
    *,
    decide: Decide | None = None,
    check: bool = False,
) -> str:
    """Build the index, and first publish its vectors and words where they are kept elsewhere. Returns its name.

    `check` reads again what is taken over from the index before. Raises IndexBusy, IndexNotWritten, IndexMissing.
    """

    def ready(name: str) -> None:
        if settings.store == "milvus":
            _publish(settings, embedder, name)
        if decide is not None:
            decide(name)

    return build_index(
        settings.index_dir, base, embedder, settings.model, progress, added=added, check=check, ready=ready
    )


def is_published(settings: Settings, name: str) -> bool:
    """Whether an index's vectors and words are where the settings want them: another may have been named before."""
    if settings.store == "faiss":
        return True
    try:
        open_store(settings, sealed.read(settings.index_dir, name))
    except IndexRefused:
        return False
    return True


def _publish(settings: Settings, embedder: Embedder, name: str) -> None:
    """Put an index's vectors and words into Milvus. Raises IndexMissing where none answers."""
    index = sealed.read(settings.index_dir, name)
    loaded = contents.load(index, embedder.fingerprint, embedder.dimension)
    vectors = contents.vectors_of(index, embedder.dimension)
    client = _connected(settings)
    current = ""
    with suppress(IndexRefused):  # then none is served
        current = sealed.current_name(settings.index_dir)
    MilvusStore.publish(client, name, vectors, loaded.chunks, contents.weights_of(loaded), current=current)
    client.close()


def open_store(settings: Settings, index: sealed.SealedIndex) -> OutsideStore | None:
    """The store that the settings name, where it is not the index's own. Raises IndexMissing, IndexMismatch."""
    if settings.store == "faiss":
        return None
    manifest = index.manifest
    return MilvusStore.open(_connected(settings), index.name, manifest.dimension, manifest.chunks)


def _connected(settings: Settings) -> Any:
    return connect(settings.milvus_uri.get_secret_value() if settings.milvus_uri else "")
