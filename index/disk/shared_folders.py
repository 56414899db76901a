"""Folders named by what they hold: written once, shared by every index that names them, never changed.

    parts/<name>/files.json    the size and SHA-256 of every other file; <name> is this one's own SHA-256
    parts/<name>/…             those files and no others

No byte can change unseen, and two indexes that hold the same thing hold it once.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged
from index.disk import durable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIST = "files.json"
MEND = "run `fiqra build` to mend it"
NAME = re.compile(r"[0-9a-f]{32}")
_MAX_LIST = 1 << 20

Number = TypeVar("Number", bound="np.generic")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a list says of one file."""

    size: int
    sha256: str


Files = dict[str, FileEntry]
_FILES = TypeAdapter(Files)


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A verified folder: what is listed, and the files as they were hashed.

    Files too large to hold are not in `files`; `array` and `path` give them as they lie on the disk.
    """

    path: Path
    listed: Files
    files: Mapping[str, bytes]

    def anything(self, name: str) -> NDArray[Any]:
        """An array of the folder, whatever its type and shape. Raises IndexDamaged where there is none."""
        import numpy as np  # noqa: PLC0415 - half a second that `fiqra show`, which lists folders, should not cost

        file = f"{name}.npy"
        if file not in self.listed:
            raise IndexDamaged(f"{self.path / file} is missing; {MEND}")
        found: NDArray[Any] = (
            np.load(io.BytesIO(self.files[file]), allow_pickle=False)
            if file in self.files
            else np.load(self.path / file, mmap_mode="r", allow_pickle=False)
        )
        return found

    def array(self, name: str, dtype: type[Number], shape: tuple[int, ...]) -> NDArray[Number]:
        """An array of the folder, of exactly that type and shape. Raises IndexDamaged otherwise."""
        import numpy as np  # noqa: PLC0415 - see above

        array: NDArray[Number] = self.anything(name)
        if (array.dtype, array.shape) != (np.dtype(dtype), shape):
            raise IndexDamaged(
                f"{self.path / name}.npy holds {array.dtype} {array.shape}, expected {np.dtype(dtype)} {shape}; {MEND}"
            )
        return array


def put(partial: Path, parts: Path) -> str:
    """List a finished folder's files and move it among the others; returns its name."""
    name = seal(partial)
    place(partial, parts, name)
    return name


def seal(partial: Path) -> str:
    """List a finished folder's files in it; returns the name that this gives it."""
    listed = {name: _describe(partial / name) for name in sorted(durable.names_in(partial))}
    content = _FILES.dump_json(listed, indent=1)
    (partial / LIST).write_bytes(content)
    return name_of(content)


def place(partial: Path, parts: Path, name: str) -> None:
    """Move a listed folder among the others; one of the same name that is whole stays, since others may read it."""
    if is_whole(parts / name):
        return
    durable.make_folder(parts)
    if (parts / name).is_dir():
        durable.discard(parts / name, durable.names_in(partial))
    durable.publish(partial, parts / name)


def discard(folder: Path) -> bool:
    """Remove a folder that its list gives its name: one of fiqra's. Whether it is; others stay as they are."""
    try:
        known = {*read_list(folder), LIST}
    except (IndexDamaged, OSError):
        return False
    durable.discard(folder, known)
    return True


def name_of(content: bytes) -> str:
    """The name of the folder with that list, or of the index with that manifest: 32 hex digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def read_list(folder: Path) -> Files:
    """What a folder should hold. Raises IndexDamaged where the list is not the one that the folder is named by."""
    content = read_named(folder / LIST, folder.name, _MAX_LIST)
    try:
        return _FILES.validate_json(content)
    except ValidationError as error:
        raise IndexDamaged(f"{folder / LIST} is no list of files; {MEND}") from error


def read_named(path: Path, name: str, most: int) -> bytes:
    """A file whose content gives the name. Raises IndexDamaged where it is missing, larger than `most`, or altered."""
    if not path.is_file() or path.stat().st_size > most:
        raise IndexDamaged(f"{path} is missing or over {most} bytes; {MEND}")
    content = path.read_bytes()
    if name_of(content) != name:
        raise IndexDamaged(f"{path} was altered: its SHA-256 does not begin with {name}; {MEND}")
    return content


def read(folder: Path, listed: Files, mapped: Collection[str] = ()) -> SealedFolder:
    """The folder, every file verified and held but those to be mapped. Raises IndexDamaged, naming the file."""
    for fault in _misplaced(folder, listed):
        raise IndexDamaged(fault)
    held = {}
    for name, entry in listed.items():
        if name in mapped:
            _check(folder / name, entry)
        else:
            held[name] = _read_file(folder / name, entry)
    return SealedFolder(folder, listed, held)


def is_whole(folder: Path) -> bool:
    """Whether every byte of the folder is what it was."""
    return folder.is_dir() and not any(faults(folder))


def is_as_listed(path: Path, entry: FileEntry) -> bool:
    """Whether a file is, byte for byte, what a list says of it."""
    try:
        _check(path, entry)
    except (IndexDamaged, OSError):
        return False
    return True


def faults(folder: Path) -> Iterator[str]:
    """Everything that is wrong with a folder: the file, what was found and what mends it."""
    try:
        listed = read_list(folder)
        yield from _misplaced(folder, listed)
    except IndexDamaged as error:
        yield str(error)
        return
    except OSError as error:
        yield unreadable(error, folder)
        return
    for name, entry in listed.items():
        try:
            if (folder / name).exists():
                _check(folder / name, entry)
        except IndexDamaged as error:
            yield str(error)
        except OSError as error:
            yield unreadable(error, folder / name)


def unreadable(error: OSError, path: Path) -> str:
    """What the system said, with the path and the fix."""
    return f"{error.filename or path} cannot be read: {error.strerror}; {MEND}"


def _misplaced(folder: Path, listed: Files) -> list[str]:
    """What is missing from the folder, and what is there and should not be."""
    present = durable.names_in(folder) - {LIST}
    return [f"{folder / name} is missing; {MEND}" for name in sorted(set(listed) - present)] + [
        f"{folder / name} is not in {LIST}; remove it or {MEND}" for name in sorted(present - set(listed))
    ]


def _describe(path: Path) -> FileEntry:
    return FileEntry(path.stat().st_size, digest(path))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_file(path: Path, entry: FileEntry) -> bytes:
    _check_size(path, entry)
    data = path.read_bytes()
    _check_digest(path, entry, hashlib.sha256(data).hexdigest())
    return data


def _check(path: Path, entry: FileEntry) -> None:
    _check_size(path, entry)
    _check_digest(path, entry, digest(path))


def _check_size(path: Path, entry: FileEntry) -> None:
    if (size := path.stat().st_size) != entry.size:
        raise IndexDamaged(f"{path} has {size} bytes, expected {entry.size}; {MEND}")


def _check_digest(path: Path, entry: FileEntry, digest: str) -> None:
    if digest != entry.sha256:
        raise IndexDamaged(f"{path} was altered: its SHA-256 is {digest[:16]}…, expected {entry.sha256[:16]}…; {MEND}")
