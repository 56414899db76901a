"""Builders killed before, half-way through and after each file operation."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.durability.builder import (
    HOWS,
    NEW,
    STARTS,
    How,
    builder,
    fault_of,
    fault_of_next_build,
    forked,
    prepare,
    watched,
)


def count_operations(work: Callable[[], object]) -> list[str]:
    """The file operations of some work."""
    seen: list[str] = []
    with watched(lambda event, arguments: seen.append(f"{event} {' '.join(str(a)[-40:] for a in arguments[:2])}")):
        work()
    return seen


def die_at(work: Callable[[], object], at: int, how: How) -> None:
    """Work in this process, which is killed at operation `at`: before it, with half of its bytes written, or after."""
    count = -1
    opened: str | None = None

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count, opened
        count += 1
        if count == at and how == "half" and event == "open" and isinstance(arguments[0], str | os.PathLike):
            opened = os.fspath(arguments[0])
        if count == at + (how != "before"):
            if opened and Path(opened).is_file():
                os.truncate(opened, Path(opened).stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    with watched(watch):
        work()


def kill(every: int) -> dict[str, Any]:
    """Kill a builder at every `every`-th operation, in three ways, from three starts."""
    broken: list[str] = []
    kills = operations = 0
    for start in STARTS:
        with tempfile.TemporaryDirectory() as made:
            template = Path(made) / "template"
            old = prepare(template, start)
            new = builder(Path(made) / "new" / "index", NEW)
            counted = Path(made) / "counted"
            shutil.copytree(template, counted) if old else counted.mkdir()
            names = count_operations(partial(builder, counted / "index", NEW))
            operations += len(names)
            for at in range(0, len(names), every):
                for how in HOWS:
                    folder = Path(made) / "folder"
                    shutil.copytree(template, folder) if old else folder.mkdir()
                    status = forked(partial(die_at, partial(builder, folder / "index", NEW), at, how))
                    kills += os.WIFSIGNALED(status)
                    last = how != "before" and at == len(names) - 1  # nothing comes after it to be killed at
                    where = f"{start}: {how} {names[at]}"
                    if not os.WIFSIGNALED(status) and not last:
                        broken.append(f"{where}: not killed, {status}")
                    faults = (fault_of(folder, old, new, start), fault_of_next_build(folder, new))
                    broken += [f"{where}: {fault}" for fault in faults if fault]
                    shutil.rmtree(folder)
    return {"operations": operations, "kills": kills, "broken": broken}
