"""Builders at once, and disks that are full."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from corpus.errors import IndexBusy, IndexNotWritten
from index.disk import durable, sealed
from tests.durability.builder import (
    NEW,
    OLD,
    builder,
    fault_of_next_build,
    forked,
    prepare,
)


def race(builders: int) -> dict[str, Any]:
    """So many builders at once: each succeeds or is refused as busy, and a whole index is current at the end."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        index_dir = Path(made) / "index"
        names = {builder(Path(made) / str(dimension) / "index", dimension) for dimension in (OLD, NEW)}
        children = []
        for number in range(builders):
            child = os.fork()
            if child == 0:
                os._exit(_build_or_busy(index_dir, (OLD, NEW)[number % 2]))
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        if not set(codes) <= {0, 3} or 0 not in codes:
            broken.append(f"exit codes {codes}")
        if (current := sealed.read(index_dir).name) not in names:
            broken.append(f"{current} is current")
    return {"builders": builders, "built": codes.count(0), "busy": codes.count(3), "broken": broken}


def _build_or_busy(index_dir: Path, dimension: int) -> int:
    try:
        builder(index_dir, dimension)
    except IndexBusy:
        return 3
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is printed
        print(type(error).__name__, error, file=sys.stderr)  # noqa: T201 - a program's output
        return 1
    return 0


def full(points: int) -> dict[str, Any]:
    """A disk that takes no file over so many bytes: the old index serves, the error says the path, nothing is left."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        template = Path(made) / "template"
        old = prepare(template, "an index")
        new = builder(Path(made) / "new" / "index", NEW)
        biggest = max(p.stat().st_size for p in (Path(made) / "new").rglob("*") if p.is_file())
        for point in range(points):
            folder = Path(shutil.copytree(template, Path(made) / "folder"))
            limit = biggest * point // points
            code = os.waitstatus_to_exitcode(forked(lambda limit=limit, folder=folder: _on_full_disk(folder, limit)))  # type: ignore[misc]
            left = [p.name for p in (folder / "index").iterdir() if p.name.startswith(durable.PARTIAL)]
            if code != 0 or left or sealed.read(folder / "index").name != old:
                broken.append(f"{limit} bytes: exit {code}, left {left}")
            if fault := fault_of_next_build(folder, new):
                broken.append(f"{limit} bytes: {fault}")
            shutil.rmtree(folder)
    return {"points": points, "broken": broken}


def _on_full_disk(folder: Path, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        builder(folder / "index", NEW)
    except IndexNotWritten as error:
        if str(folder) in str(error) and "still serves" in str(error) and "None" not in str(error):
            return
        os._exit(4)
    os._exit(5)
