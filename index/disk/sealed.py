"""A sealed index on disk: whole and the one asked for, or refused with the reason and the fix.

    index/CURRENT                 the name of the index in use, and a newline
    index/<name>/manifest.json    versions, model, counts, and the folders that it consists of
    index/parts/<name>/           those folders (`index.disk.shared_folders`), shared with the indexes before and after

An index is named by the SHA-256 of its manifest, and a folder by that of its list of files, so no byte of either can
change unseen, building the same thing twice gives the same name, and an index that differs from another in one report
is one folder and one manifest more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict

from corpus.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexRefused
from index.disk import durable, shared_folders
from index.disk.shared_folders import MEND, NAME, SealedFolder

FORMAT = 7
MANIFEST = "manifest.json"
CURRENT = "CURRENT"
PARTS = "parts"
_MAX_MANIFEST = 64 << 20
TOKENS, MEMBERS = "tokens.npy", "members.json"
MAPPED_FROM = 1 << 30  # bytes of token vectors from which on they are memory-mapped; they are hashed first all the same


class PartEntry(TypedDict):
    """What a manifest says of one folder: its name, what it was made of (`key`), and what it adds."""

    name: str
    key: str
    languages: list[str]
    paragraphs: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself. `inputs` is the digest of all that went into it."""

    format: int
    fiqra: str
    inputs: str
    model: str
    model_fingerprint: str
    dimension: int
    reports: dict[str, list[str]]
    paragraphs: int
    chunks: int
    base: PartEntry  # the reports that come with fiqra, together
    parts: dict[str, PartEntry] = field(default_factory=dict)  # by the added report's id
    merged: str = ""  # the folder of `index.disk.merged_parts`, in a large index

    def names(self) -> list[str]:
        """The names of the folders that the index consists of."""
        names = [self.base["name"], *(entry["name"] for entry in self.parts.values()), self.merged]
        return list(dict.fromkeys(filter(None, names)))


@dataclass(frozen=True, slots=True)
class SealedIndex:
    """A verified index: its name, its manifest, and its folders by their names."""

    name: str
    folder: Path
    manifest: Manifest
    folders: dict[str, SealedFolder]

    @property
    def base(self) -> SealedFolder:
        """What the reports that come with fiqra make."""
        return self.folders[self.manifest.base["name"]]


def parts_of(index_dir: Path) -> Path:
    """Where the folders lie that indexes share."""
    return index_dir / PARTS


def write(index_dir: Path, manifest: Manifest) -> str:
    """Write an index whose folders are in their places, so that it can be made current; the caller holds the lock.

    Returns the index's name. Raises IndexNotWritten where the disk refuses.
    """
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    name = shared_folders.name_of(text.encode())
    if not _is_written(index_dir / name, name):
        with durable.staged_folder(index_dir) as partial:
            if (index_dir / name).is_dir():
                durable.discard(index_dir / name, {MANIFEST})
            (partial / MANIFEST).write_text(text, "utf-8")
            durable.publish(partial, index_dir / name)
    return name


def make_current(index_dir: Path, name: str) -> None:
    """Let `CURRENT` name an index. Raises IndexNotWritten where the disk refuses."""
    durable.replace_text(index_dir / CURRENT, f"{name}\n")


def _is_written(folder: Path, name: str) -> bool:
    """Whether the manifest is already there, and alone."""
    try:
        read_manifest(folder, name)
    except (IndexRefused, OSError):
        return False
    return True


def current_name(index_dir: Path) -> str:
    """What CURRENT names. Raises IndexMissing where there is none, IndexDamaged where it is not a name."""
    path = index_dir / CURRENT
    if not path.is_file():
        raise IndexMissing(f"there is no index below {index_dir}; run `fiqra build`")
    try:
        raw = path.read_bytes()[:64]
    except OSError as error:
        raise IndexDamaged(shared_folders.unreadable(error, path)) from error
    name = raw[:-1].decode("ascii", "replace")
    if raw[-1:] != b"\n" or not NAME.fullmatch(name):
        raise IndexDamaged(f"{path} holds {raw[:40]!r}, expected the name of an index; {MEND}")
    if not (index_dir / name).is_dir():
        raise IndexDamaged(f"{path} names {name}, and {index_dir} has no such folder; {MEND}")
    return name


def read(index_dir: Path, name: str | None = None) -> SealedIndex:
    """Read and verify an index, the current one by default. Raises IndexRefused, naming the file and the fix.

    Whoever maps files of it afterwards holds `durable.reading` around both.
    """
    with durable.reading(index_dir):
        name = name or current_name(index_dir)
        folder = index_dir / name
        try:
            manifest = read_manifest(folder, name)
            return SealedIndex(name, folder, manifest, _read_folders(parts_of(index_dir), manifest))
        except OSError as error:
            raise IndexDamaged(shared_folders.unreadable(error, folder)) from error


def _read_folders(parts: Path, manifest: Manifest) -> dict[str, SealedFolder]:
    """Every folder; token vectors stay on the disk where they are many, and what is merged always does."""
    listed = {name: shared_folders.read_list(parts / name) for name in manifest.names()}
    tokens = sum(files[TOKENS].size for files in listed.values() if TOKENS in files)
    of_parts = {TOKENS} if tokens > MAPPED_FROM else set()
    return {
        name: shared_folders.read(parts / name, files, set(files) - {MEMBERS} if name == manifest.merged else of_parts)
        for name, files in listed.items()
    }


def manifest_of_current(index_dir: Path) -> Manifest:
    """The current index's manifest; of its folders nothing is read. Raises IndexRefused."""
    name = current_name(index_dir)
    return read_manifest(index_dir / name, name)


def faults(index_dir: Path) -> list[str]:
    """Everything that is wrong with the current index's files (`read` stops at the first); empty where it is whole.

    Each says the file, what was found and what mends it.
    """
    with durable.reading(index_dir):
        return list(_faults(index_dir))


def _faults(index_dir: Path) -> Iterator[str]:
    try:
        manifest = manifest_of_current(index_dir)
    except IndexRefused as error:
        yield str(error)
        return
    for name in manifest.names():
        if (folder := parts_of(index_dir) / name).is_dir():
            yield from shared_folders.faults(folder)
        else:
            yield f"{folder} is missing; {MEND}"


def read_manifest(folder: Path, name: str) -> Manifest:
    """The manifest of the index of that name. Raises IndexDamaged, IndexMismatch where another fiqra wrote it."""
    path = folder / MANIFEST
    content = json.loads(shared_folders.read_named(path, name, _MAX_MANIFEST))
    if content.get("format") != FORMAT:
        raise IndexMismatch(f"{path} has format {content.get('format')!r}, this fiqra reads {FORMAT}; {MEND}")
    for stranger in sorted(other.name for other in folder.iterdir() if other.name != MANIFEST):
        raise IndexDamaged(f"{folder / stranger} belongs to no index; remove it or {MEND}")
    try:
        return Manifest(**content)
    except TypeError as error:
        raise IndexMismatch(f"{path} was written by another fiqra ({error}); {MEND}") from error


def collect(index_dir: Path, keep: str, also: Collection[str] = ()) -> None:
    """Remove what no index needs; the caller holds the lock, and `keep` is current.

    Kept are that index, those that `also` names, and the newest other one, which a running service may have loaded,
    with their folders, and whatever fiqra did not write. Where an index is being read, nothing is removed: the next
    build will.
    """
    with durable.unread(index_dir) as nobody_reads, durable.disk_errors(index_dir):
        if not nobody_reads:
            return
        others = [path for path in indexes(index_dir) if path.name not in {keep, *also}]
        for path in others[:-1]:
            durable.discard(path, {MANIFEST})
        needed = set(read_manifest(index_dir / keep, keep).names())
        for path in (*others[-1:], *(index_dir / name for name in also)):
            needed.update(_folders_of(path))
        parts = parts_of(index_dir)
        for path in sorted(parts.iterdir()) if parts.is_dir() else ():
            if path.name not in needed:
                shared_folders.discard(path)


def indexes(index_dir: Path) -> list[Path]:
    """The folders of all indexes that there are, the one that was written last at the end."""
    found = [path for path in index_dir.iterdir() if _is_index(path)] if index_dir.is_dir() else []
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _is_index(folder: Path) -> bool:
    """Whether a folder is named by the manifest in it."""
    try:
        return bool(
            NAME.fullmatch(folder.name) and shared_folders.read_named(folder / MANIFEST, folder.name, _MAX_MANIFEST)
        )
    except (IndexDamaged, OSError):
        return False


def _folders_of(folder: Path) -> list[str]:
    """The folders of an index; none of one that cannot be read, which nothing will read."""
    try:
        return read_manifest(folder, folder.name).names()
    except IndexRefused:
        return []
