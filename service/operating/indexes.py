"""The indexes that there are: listed, named, and gone back to. `fiqra index list | tag | rollback`.

An index holds its reports' text, so that going back to one serves what it served. The library stays as it is, and the
next build or ingest brings the index up to it again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from corpus.errors import IndexMissing, IndexRefused
from index import contents
from index.disk import durable, sealed, tags
from index.disk.shared_folders import MEND
from index.model.loading import fingerprint
from service.reports.indexing import open_store
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Row:
    """An index: its name, the names it was given, when it was written, what is in it, and whether it is current.

    `refused` says why this fiqra cannot read it.
    """

    name: str
    tags: tuple[str, ...]
    written: str
    fiqra: str
    reports: int
    paragraphs: int
    is_current: bool
    refused: str = ""


def rows(settings: Settings) -> list[Row]:
    """Every index, the newest first."""
    current = _current(settings)
    tagged = tags.read(settings.index_dir)
    found = []
    for folder in reversed(sealed.indexes(settings.index_dir)):
        names = tuple(sorted(tag for tag, name in tagged.items() if name == folder.name))
        written = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(folder.stat().st_mtime))
        try:
            m = sealed.read_manifest(folder, folder.name)
            row = Row(folder.name, names, written, m.fiqra, len(m.reports), m.paragraphs, folder.name == current)
        except IndexRefused as error:
            why = str(error).removesuffix(f"; {MEND}")  # which makes another index, and leaves this one
            row = Row(folder.name, names, written, "", 0, 0, folder.name == current, why)
        found.append(row)
    return found


def named(settings: Settings, given: str) -> str:
    """The full name of the index that a tag, or the beginning of its name, means. Raises IndexMissing."""
    there = [folder.name for folder in sealed.indexes(settings.index_dir)]
    tagged = tags.read(settings.index_dir)
    if given in tagged and tagged[given] in there:
        return tagged[given]
    begin = [name for name in there if len(given) >= 4 and name.startswith(given)]
    if len(begin) == 1:
        return begin[0]
    known = ", ".join([*tagged, *(name[:12] for name in there)]) or "none"
    raise IndexMissing(f"{given[:80]!r} names {len(begin) or 'no'} index here; there are {known}")


def tag(settings: Settings, label: str, given: str | None) -> str:
    """Give an index a name, the current one where none is meant; its full name. Raises IndexMissing, IndexBusy."""
    with durable.exclusive(settings.index_dir):
        name = sealed.current_name(settings.index_dir) if given is None else named(settings, given)
        tags.write(settings.index_dir, {**tags.read(settings.index_dir), label: name})
    return name


def untag(settings: Settings, label: str) -> None:
    """Take a name away again; the next build removes what nobody needs. Raises IndexMissing, IndexBusy."""
    with durable.exclusive(settings.index_dir):
        tagged = tags.read(settings.index_dir)
        if label not in tagged:
            raise IndexMissing(f"no index has the tag {label[:80]!r}; there are {', '.join(tagged) or 'none'}")
        tags.write(settings.index_dir, {tag: name for tag, name in tagged.items() if tag != label})


def rollback(settings: Settings, given: str) -> str:
    """Make an index current again, where it is whole and this model's; its full name. Raises IndexRefused, IndexBusy.

    A running service takes it up as it does any other.
    """
    with settings.library().changing(), durable.exclusive(settings.index_dir):
        name = named(settings, given)
        index = sealed.read(settings.index_dir, name)
        encoder = fingerprint(settings.model, settings.data_dir) or "not exported yet"
        contents.load(index, encoder, index.manifest.dimension, open_store(settings, index))
        sealed.make_current(settings.index_dir, name)
    return name


def _current(settings: Settings) -> str:
    try:
        return sealed.current_name(settings.index_dir)
    except IndexRefused:
        return ""
