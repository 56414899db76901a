"""Writing so that a crash at any moment leaves the old state or the new one, never a mixture.

Everything is written beside its place, synced, and renamed into it; the folder is synced after the rename. What is
being written or removed has a name that only fiqra gives (`.partial-<nonce>-<digest of it>`), so that cleaning up
finds that and nothing else. A folder is deleted file by file as it is known to have been written; where anything else
is in it, it is put aside (`<name>.aside`) and stays.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from corpus.errors import IndexBusy, IndexNotWritten

PARTIAL = ".partial-"
ASIDE = ".aside"
_READING = ".reading"
_WHAT_TO_DO = {
    errno.ENOSPC: "make room on its volume",
    errno.EDQUOT: "raise the quota on its volume",
    errno.EROFS: "mount its volume for writing",
    errno.EACCES: "let the user that fiqra runs as write there",
    errno.EPERM: "let the user that fiqra runs as write there",
    errno.EMFILE: "raise the number of files that a process may open",
    errno.ENFILE: "raise the number of files that the system may open",
}

log = logging.getLogger("fiqra")


def sync_tree(folder: Path) -> None:
    """Force every file below the folder, and the folders themselves, to the disk."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Force a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, so that no power loss takes their names away again."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in reversed(missing):
        sync(path.parent)


def partial_name() -> str:
    """A new name for what is not finished."""
    nonce = secrets.token_hex(8)
    return f"{PARTIAL}{nonce}-{_digest(nonce)}"


def _digest(nonce: str) -> str:
    return hashlib.sha256(f"fiqra {nonce}".encode()).hexdigest()[:16]


def is_partial(name: str) -> bool:
    """Whether the name is one that fiqra gives to what it has not finished writing or removing.

    >>> is_partial(".partial-mine")
    False
    """
    nonce, _, digest = name.removeprefix(PARTIAL).partition("-")
    return name.startswith(PARTIAL) and digest == _digest(nonce)


@contextlib.contextmanager
def temporary_folder(inside: Path) -> Iterator[Path]:
    """Yield an empty folder inside that one; whatever is left of it when the block ends is removed.

    Raises IndexNotWritten where it cannot be made.
    """
    with disk_errors(inside):
        make_folder(inside)
        partial = inside / partial_name()
        partial.mkdir(0o700)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def staged_folder(inside: Path) -> Iterator[Path]:
    """`temporary_folder` for a block that only writes, so that any error of the disk is one of writing.

    Raises IndexNotWritten, with the path, where the disk refuses (full, read-only, no permission).
    """
    with temporary_folder(inside) as partial, disk_errors(inside):
        yield partial


def publish(partial: Path, folder: Path) -> None:
    """Sync a finished folder and move it to its name. What stands there under that name is put aside."""
    partial.chmod(0o755)
    sync_tree(partial)
    if os.path.lexists(folder):
        put_aside(folder)
    partial.rename(folder)
    sync(folder.parent)


def replace_text(path: Path, text: str) -> None:
    """Put `text` at `path` in one step, written beside it before. Raises IndexNotWritten where the disk refuses."""
    with disk_errors(path.parent):
        partial = path.with_name(partial_name())
        try:
            with partial.open("x", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            partial.replace(path)
            sync(path.parent)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def discard(folder: Path, known: Collection[str]) -> None:
    """Delete a folder that holds the files `known`, which fiqra wrote, and no others.

    Its name is gone at once, so that nobody sees it half deleted. Where it holds anything else, that is not fiqra's to
    delete: the folder is renamed by `put_aside`, and only the known files are deleted.
    """
    found = names_in(folder)
    if found - set(known):
        aside = put_aside(folder)
        for name in found & set(known):
            (aside / name).unlink()
        return
    doomed = folder.with_name(partial_name())
    folder.rename(doomed)
    sync(folder.parent)
    shutil.rmtree(doomed, ignore_errors=True)


def put_aside(path: Path) -> Path:
    """Take something out of the way without deleting it: `notes` → `notes.aside`. Returns where it lies now."""
    number, aside = 1, path.with_name(f"{path.name}{ASIDE}")
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.name}{ASIDE}-{number}")
    path.rename(aside)
    sync(path.parent)
    log.warning("%s is not, or not only, what fiqra wrote there; it is kept as %s", path, aside.name)
    return aside


def names_in(folder: Path) -> set[str]:
    """Every file and link below a folder, by its path in it: `{"files.json", "lexical-en/scores.npy"}`."""
    return {
        (Path(where) / name).relative_to(folder).as_posix()
        for where, folders, files in os.walk(folder)
        for name in [*files, *(name for name in folders if (Path(where) / name).is_symlink())]
    }


def leftovers(folder: Path) -> list[Path]:
    """What builds and ingests that were killed have not finished, in the folder and in those in it."""
    found = (*folder.glob(f"{PARTIAL}*"), *folder.glob(f"*/{PARTIAL}*"))
    return [path for path in found if is_partial(path.name)]


def remove_leftovers(folder: Path) -> None:
    """Clean up after builds that were killed. Only call it while holding the lock."""
    for path in leftovers(folder):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def clean_up(folder: Path) -> None:
    """Remove leftovers, unless a build runs or the disk is not to be written."""
    with contextlib.suppress(IndexBusy, IndexNotWritten), exclusive(folder):
        remove_leftovers(folder)


@contextlib.contextmanager
def exclusive(folder: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the folder's build lock. Raises IndexBusy where another build still holds it after `wait_s`.

    The lock is the operating system's, so a killed build leaves none behind.
    """
    until = time.monotonic() + wait_s
    with disk_errors(folder):
        make_folder(folder)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _locked(handle):
            if time.monotonic() >= until:
                raise IndexBusy(f"another build or ingest is writing {folder}; wait for it to end, then try again")
            time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Take a file's lock; whether nobody else has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Hold a shared lock, under which no build removes files of old indexes in the folder. Readers do not wait."""
    try:
        handle = os.open(folder / _READING, os.O_RDONLY)
    except OSError:  # nothing was ever built here, or no lock may be taken: then files may vanish while they are read
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Yield whether nobody is `reading` the folder; if so, new readers wait until the block ends."""
    with disk_errors(folder):
        handle = os.open(folder / _READING, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the system refuses below a folder into IndexNotWritten, which names the folder and what to do."""
    try:
        yield
    except OSError as error:
        raise IndexNotWritten(
            f"cannot write below {folder}{_at(error, folder)}: {error.strerror or error}; "
            f"{_WHAT_TO_DO.get(error.errno or 0, 'see to it')}, then try again; what was there before still serves"
        ) from error


def _at(error: OSError, folder: Path) -> str:
    """` (parts/1f…/tokens.npy)`: the file that an error is about; nothing for one of fiqra's own temporary names."""
    for named in (error.filename2, error.filename):
        path = Path(os.fsdecode(named)) if isinstance(named, str | bytes) else None
        if path and path != folder and not any(part.startswith(PARTIAL) for part in path.parts):
            return f" ({path.relative_to(folder) if path.is_relative_to(folder) else path})"
    return ""
