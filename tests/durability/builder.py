"""A builder whose file operations are watched, and what is wrong with the folder that it leaves."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from corpus.errors import FiqraError, IndexMissing, IndexRefused
from corpus.records import Report
from corpus.reports import load_reports
from index import build
from index.build import index_reports
from index.contents import IndexContents
from index.disk import durable, sealed
from index.disk.report_library import ReportLibrary
from index.model.fakes import HashEmbedder
from tests.support.services import base_of

How = Literal["before", "half", "after"]
Start = Literal["nothing", "an index", "a damaged index"]
STARTS: tuple[Start, ...] = ("nothing", "an index", "a damaged index")
HOWS: tuple[How, ...] = ("before", "half", "after")
_WRITES = os.O_WRONLY | os.O_RDWR
_EVENTS = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "fcntl.flock"}
REPORTS = load_reports()


class Builder:
    """Builds the index that a seed names, with an added report in it; the base is computed the first time.

    Only while it builds is the base looked up: what others build in this process is their own.
    """

    def __init__(self) -> None:
        self._ready: dict[int, IndexContents] = {}
        self._holds_added = tempfile.TemporaryDirectory()  # beside what is watched
        library = ReportLibrary(Path(self._holds_added.name))
        library.put(replace(REPORTS[0], id="added"))
        self._added = library.added()

    def _look_up(self, reports: tuple[Report, ...], embedder: Any, progress: Any = None) -> IndexContents:
        if embedder.dimension not in self._ready:
            self._ready[embedder.dimension] = index_reports(reports, embedder, progress)
        return self._ready[embedder.dimension]

    def __call__(self, index_dir: Path, dimension: int) -> str:
        with patch.object(build, "index_reports", self._look_up):
            return build.build_index(index_dir, REPORTS, HashEmbedder(dimension), "hash", added=self._added)


OLD, NEW = 8, 16
builder = Builder()
_watcher: Callable[[str, tuple[Any, ...]], None] | None = None


def audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watcher is not None:
        is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES
        if event in _EVENTS or is_write:
            _watcher(event, arguments)


@contextmanager
def watched(watch: Callable[[str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Call `watch` just before each file operation of the block."""
    global _watcher  # noqa: PLW0603 - an audit hook cannot be taken off again
    real = os.fsync

    def fsync(fd: int) -> None:
        if _watcher is not None:
            _watcher("fsync", (fd,))
        real(fd)

    os.fsync = fsync  # type: ignore[assignment]  # called with descriptors alone
    _watcher = watch
    try:
        yield
    finally:
        _watcher = None
        os.fsync = real


@contextmanager
def unwatched() -> Iterator[None]:
    """What is done in the block is not watched."""
    global _watcher  # noqa: PLW0603 - see above
    mine, _watcher = _watcher, None
    try:
        yield
    finally:
        _watcher = mine


def prepare(folder: Path, start: Start) -> str | None:
    """Put the start's index into the folder; its name."""
    if start == "nothing":
        return None
    name = builder(folder / "index", OLD)
    if start == "a damaged index":
        name = builder(folder / "index", NEW)
        (base_of(folder / "index") / "chunks.json").write_bytes(b"[]")
    return name


def fault_of(folder: Path, old: str | None, new: str, start: Start) -> str | None:
    """What is wrong with the folder after a fault, or None."""
    try:
        name = sealed.read(folder / "index").name
    except IndexMissing:
        return None if start == "nothing" else "there is no index any more"
    except IndexRefused as error:
        return None if start == "a damaged index" else f"refused: {error}"
    except Exception as error:  # noqa: BLE001 - anything else is what is looked for
        return f"{type(error).__name__}: {error}"
    return None if name in {old, new} else f"another index: {name}"


def fault_of_next_build(folder: Path, new: str) -> str | None:
    """What the next build does not mend, or None."""
    try:
        name = builder(folder / "index", NEW)
        read = sealed.read(folder / "index").name
    except Exception as error:  # noqa: BLE001 - anything is what is looked for
        return f"the next build: {type(error).__name__}: {error}"
    left = [path.name for path in (folder / "index").iterdir() if path.name.startswith(durable.PARTIAL)]
    if (name, read) != (new, new):
        return f"the next build made {name}, {read} is current"
    return f"left behind: {left}" if left else None


def forked(work: Callable[[], None]) -> int:
    """Run the work in a child; its wait status."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except FiqraError:
            os._exit(3)
        except BaseException:  # noqa: BLE001 - a child must not run on as a second parent
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]
