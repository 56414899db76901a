"""A sealed index on disk: whole and the one asked for, or refused with the reason and the fix.

    index/CURRENT                 the name of the index in use, and a newline
    index/<name>/manifest.json    versions, model, counts, and every file's size and SHA-256
    index/<name>/…                those files and no others

An index is named by the SHA-256 of its manifest, so no byte of either can change unseen, and building the same thing
twice gives the same name.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexRefused
from index import durable

FORMAT = 2
MANIFEST = "manifest.json"
CURRENT = "CURRENT"
MEND = "run `fiqra build` to mend it"
_NAME = re.compile(r"[0-9a-f]{32}")
_MAX_MANIFEST = 64 << 20
# Files that are memory-mapped where all of them together are larger than this; they are hashed first all the same.
_MAPPABLE, MAPPED_FROM = ("/tokens.npy", "vectors.ivf"), 1 << 30

Number = TypeVar("Number", bound=np.generic)
Files = dict[str, dict[str, int | str]]
"""Every file of an index, with its size and SHA-256."""


class PartEntry(TypedDict):
    """What a manifest says of the part of one added report."""

    name: str
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
    files: Files
    base: str = ""  # the digest of what the files outside the parts are made of
    parts: dict[str, PartEntry] = field(default_factory=dict)  # by the added report's id


@dataclass(frozen=True, slots=True)
class SealedIndex:
    """A verified index: its name, its manifest and its files as they were hashed.

    Files too large to hold are not in `files`; `array` maps them.
    """

    name: str
    folder: Path
    manifest: Manifest
    files: dict[str, bytes]

    def array(self, name: str, dtype: type[Number], shape: tuple[int, ...]) -> NDArray[Number]:
        """An array of the index, of exactly that type and shape. Raises IndexDamaged otherwise."""
        file = f"{name}.npy"
        path = self.folder / file
        if file not in self.manifest.files:
            raise IndexDamaged(f"{path} is missing; {MEND}")
        array: NDArray[Number] = (
            np.load(io.BytesIO(self.files[file]), allow_pickle=False)
            if file in self.files
            else np.load(path, mmap_mode="r", allow_pickle=False)
        )
        if (array.dtype, array.shape) != (np.dtype(dtype), shape):
            raise IndexDamaged(f"{path} holds {array.dtype} {array.shape}, expected {np.dtype(dtype)} {shape}; {MEND}")
        return array


def write(index_dir: Path, manifest_of: Callable[[Files], Manifest], fill: Callable[[Path], Files]) -> str:
    """Write an index beside the others and make it the current one; the caller holds the lock.

    `fill` writes the files into the folder it gets, and returns what it knows already of files that it linked from
    another index; `manifest_of` makes the manifest of their sizes and hashes.
    Returns the index's name. Raises IndexNotWritten where the disk refuses.
    """
    with durable.staged_folder(index_dir / CURRENT) as partial:
        known = fill(partial)
        manifest = manifest_of(_describe_files(partial, known))
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        (partial / MANIFEST).write_text(text, "utf-8")
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        if not _is_whole(index_dir, name):
            durable.publish(partial, index_dir / name)
    durable.replace_text(index_dir / CURRENT, f"{name}\n")
    return name


def _is_whole(index_dir: Path, name: str) -> bool:
    """Whether that very index is already there; a damaged one is to be replaced."""
    try:
        read(index_dir, name)
    except IndexRefused:
        return False
    return True


def _describe_files(folder: Path, known: Mapping[str, dict[str, int | str]]) -> Files:
    return {
        name: known.get(name)
        or {
            "size": (folder / name).stat().st_size,
            "sha256": _digest(folder / name),
        }
        for name in _names(folder)
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def current_name(index_dir: Path) -> str:
    """What CURRENT names. Raises IndexMissing where there is none, IndexDamaged where it is not a name."""
    path = index_dir / CURRENT
    if not path.is_file():
        raise IndexMissing(f"there is no index below {index_dir}; run `fiqra build`")
    try:
        raw = path.read_bytes()[:64]
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read: {error.strerror}; {MEND}") from error
    name = raw[:-1].decode("ascii", "replace")
    if raw[-1:] != b"\n" or not _NAME.fullmatch(name):
        raise IndexDamaged(f"{path} holds {raw[:40]!r}, expected the name of an index; {MEND}")
    if not (index_dir / name).is_dir():
        raise IndexDamaged(f"{path} names {name}, and {index_dir} has no such folder; {MEND}")
    return name


def read(index_dir: Path, name: str | None = None) -> SealedIndex:
    """Read and verify an index, the current one by default. Raises IndexRefused, naming the file and the fix."""
    name = name or current_name(index_dir)
    folder = index_dir / name
    try:
        return _read(folder, name)
    except OSError as error:
        raise IndexDamaged(f"{error.filename or folder} cannot be read: {error.strerror}; {MEND}") from error


def _read(folder: Path, name: str) -> SealedIndex:
    manifest = _read_manifest(folder, name)
    if wrong := _misplaced(folder, manifest):
        raise IndexDamaged(wrong[0])
    large = {name: d for name, d in manifest.files.items() if name.endswith(_MAPPABLE)}
    mapped = large if sum(int(d["size"]) for d in large.values()) > MAPPED_FROM else {}
    for file, description in mapped.items():
        _check_file(folder / file, description, _digest)
    held = {n: _read_file(folder / n, d) for n, d in manifest.files.items() if n not in mapped}
    return SealedIndex(name, folder, manifest, held)


def manifest_of_current(index_dir: Path) -> tuple[Path, Manifest]:
    """The current index's folder and manifest; of its files only the sizes are checked. Raises IndexRefused."""
    name = current_name(index_dir)
    folder = index_dir / name
    manifest = _read_manifest(folder, name)
    for file, description in manifest.files.items():
        path = folder / file
        if not path.is_file() or path.stat().st_size != description["size"]:
            raise IndexDamaged(f"{path} is missing or cut short; {MEND}")
    return folder, manifest


def read_some(folder: Path, manifest: Manifest, prefix: str) -> SealedIndex:
    """The files of an index that begin with `prefix`, verified. Raises IndexRefused."""
    chosen = {name: d for name, d in manifest.files.items() if name.startswith(prefix)}
    return SealedIndex(
        folder.name, folder, manifest, {name: _read_file(folder / name, d) for name, d in chosen.items()}
    )


def link_files(source: Path, manifest: Manifest, prefix: str, target: Path, *, check: bool) -> Files | None:
    """Link the files of an index that begin with `prefix` into another; None where one is not what it was.

    `check` reads them again, as when an index is mended; otherwise their sizes were checked with the manifest.
    """
    chosen = {name: d for name, d in manifest.files.items() if name.startswith(prefix)}
    if not chosen or (check and not all(_is_good(source / name, d) for name, d in chosen.items())):
        return None
    for name in chosen:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(source / name, target / name)
    return chosen


def _is_good(path: Path, description: dict[str, int | str]) -> bool:
    return path.is_file() and path.stat().st_size == description["size"] and _digest(path) == description["sha256"]


def _misplaced(folder: Path, manifest: Manifest) -> list[str]:
    """What is missing from the folder, and what is there and should not be."""
    present = set(_names(folder)) - {MANIFEST}
    return [f"{folder / name} is missing; {MEND}" for name in sorted(set(manifest.files) - present)] + [
        f"{folder / name} is not in the manifest; remove it or {MEND}" for name in sorted(present - set(manifest.files))
    ]


def faults(index_dir: Path) -> list[str]:
    """Everything that is wrong with the current index's files (`read` stops at the first); empty where it is whole.

    Each says the file, what was found and what mends it.
    """
    try:
        name = current_name(index_dir)
        folder = index_dir / name
        manifest = _read_manifest(folder, name)
        found = _misplaced(folder, manifest)
    except IndexRefused as error:
        return [str(error)]
    for file, description in manifest.files.items():
        try:
            if (folder / file).exists():
                _check_file(folder / file, description, _digest)
        except IndexRefused as error:
            found.append(str(error))
        except OSError as error:
            found.append(f"{error.filename or folder / file} cannot be read: {error.strerror}; {MEND}")
    return found


def _read_manifest(folder: Path, name: str) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file() or path.stat().st_size > _MAX_MANIFEST:
        raise IndexDamaged(f"{path} is missing or over {_MAX_MANIFEST} bytes; {MEND}")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest()[:32] != name:
        raise IndexDamaged(f"{path} was altered: its SHA-256 does not begin with {name}; {MEND}")
    content = json.loads(raw)
    if content.get("format") != FORMAT:
        raise IndexMismatch(f"{path} has format {content.get('format')!r}, this fiqra reads {FORMAT}; {MEND}")
    try:
        return Manifest(**content)
    except TypeError as error:
        raise IndexMismatch(f"{path} was written by another fiqra ({error}); {MEND}") from error


def _read_file(path: Path, description: dict[str, int | str]) -> bytes:
    data = path.read_bytes() if path.stat().st_size == description["size"] else b""
    _check_file(path, description, lambda _: hashlib.sha256(data).hexdigest())
    return data


def _check_file(path: Path, description: dict[str, int | str], digest_of: Callable[[Path], str]) -> None:
    size = path.stat().st_size
    if size != description["size"]:
        raise IndexDamaged(f"{path} has {size} bytes, expected {description['size']}; {MEND}")
    digest = digest_of(path)
    if digest != description["sha256"]:
        raise IndexDamaged(
            f"{path} was altered: its SHA-256 is {digest[:16]}…, expected {str(description['sha256'])[:16]}…; {MEND}"
        )


def remove_others(index_dir: Path, keep: str) -> None:
    """Remove every index but `keep` and the newest other one, which a running service may still be reading."""
    others = [
        path for path in index_dir.iterdir() if path.is_dir() and _NAME.fullmatch(path.name) and path.name != keep
    ]
    for path in sorted(others, key=lambda p: p.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)
