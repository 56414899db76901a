"""Writing so that a crash at any moment leaves the old state or the new one, never a mixture.

Everything is written beside its place, synced, and renamed into it; the folder is synced after the rename.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import IndexBusy, IndexNotWritten

PARTIAL = ".partial-"
_READING = ".reading"


def sync_tree(folder: Path) -> None:
    """Force every file below the folder, and the folders themselves, to the disk."""
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
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
        _sync(path.parent)


@contextlib.contextmanager
def staged_folder(near: Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside `near`; whatever is left of it when the block ends is removed.

    Raises IndexNotWritten, with the path, where the disk refuses (full, read-only, no permission).
    """
    with _disk_errors(near):
        make_folder(near.parent)
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=near.parent))
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def publish(partial: Path, folder: Path) -> None:
    """Sync a finished folder and move it to its name. What stood there under that name is replaced."""
    partial.chmod(0o755)
    sync_tree(partial)
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)
    _sync(folder.parent)


def replace_text(path: Path, text: str, staged_in: Path | None = None) -> None:
    """Put `text` at `path` in one step; it is written beside it, or in another folder of that disk, before.

    Raises IndexNotWritten where the disk refuses.
    """
    with _disk_errors(path):
        handle, partial = tempfile.mkstemp(prefix=PARTIAL, dir=staged_in or path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), 0o644)  # mkstemp's files are the owner's alone
                os.fsync(file.fileno())
            Path(partial).replace(path)
            _sync(path.parent)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise


def remove_leftovers(folder: Path) -> None:
    """Clean up after builds that were killed. Only call it while holding the lock."""
    for path in folder.glob(f"{PARTIAL}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def clean_up(folder: Path) -> None:
    """Remove leftovers, unless a build runs or the disk is not to be written."""
    with contextlib.suppress(IndexBusy, IndexNotWritten), exclusive(folder):
        remove_leftovers(folder)


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder's build lock. Raises IndexBusy at once where another build holds it.

    The lock is the operating system's, so a killed build leaves none behind.
    """
    with _disk_errors(folder):
        make_folder(folder)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise IndexBusy(
            f"another build is writing {folder}; wait for it to end, then run `fiqra build` again"
        ) from error
    finally:
        os.close(handle)


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Keep what an index in the folder consists of from being removed as no longer needed. Readers do not wait."""
    try:
        handle = os.open(folder / _READING, os.O_RDONLY)
    except OSError:  # nothing was ever built here, or another may not be kept from it: then files may vanish, as before
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Whether nobody is `reading` the folder; if so, whoever begins to waits until the block ends."""
    with _disk_errors(folder):
        handle = os.open(folder / _READING, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_free = True
    except BlockingIOError:
        is_free = False
    try:
        yield is_free
    finally:
        os.close(handle)


@contextlib.contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise IndexNotWritten(
            f"cannot write {where}: {error.strerror or error}; the index that was there still serves"
        ) from error
