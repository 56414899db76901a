"""Disks that lose what was not synced."""

from __future__ import annotations

import os
import random
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import IndexRefused
from index.disk import sealed
from tests.durability.builder import (
    NEW,
    STARTS,
    Start,
    builder,
    fault_of,
    fault_of_next_build,
    prepare,
    unwatched,
    watched,
)


@dataclass
class Disk:
    """What a folder's files hold, and what of it is safe: inodes by number, names by folder.

    A file is safe as it was when it was last synced, a folder's names as they were when the folder was. Files are kept
    open so that no inode number is used twice.
    """

    root: Path
    names: dict[int, dict[str, int]] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    safe_names: dict[int, dict[str, int]] = field(default_factory=dict)
    safe_data: dict[int, bytes] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    def look(self) -> None:
        """Read the folder as it is now."""
        self._look(self.root)

    def _look(self, folder: Path) -> int:
        number = self._hold(folder)
        names: dict[str, int] = {}
        for path in folder.iterdir():
            if path.is_dir():
                names[path.name] = self._look(path)
            else:
                names[path.name] = inode = self._hold(path)
                self.data[inode] = path.read_bytes()
        self.names[number] = names
        return number

    def _hold(self, path: Path) -> int:
        inode = path.stat().st_ino
        if inode not in self.held:
            self.held[inode] = os.open(path, os.O_RDONLY)
        return inode

    def sync(self, fd: int) -> None:
        """Take what `fd` stands for as safe."""
        status = os.fstat(fd)
        if stat.S_ISDIR(status.st_mode):
            if status.st_ino in self.names:
                self.safe_names[status.st_ino] = dict(self.names[status.st_ino])
        else:
            self.safe_data[status.st_ino] = self.data.get(status.st_ino, b"")

    def all_safe(self) -> None:
        """Take everything as safe."""
        self.safe_names = {inode: dict(names) for inode, names in self.names.items()}
        self.safe_data = dict(self.data)

    def copy(self) -> Disk:
        """As it is now."""
        names = {inode: dict(found) for inode, found in self.names.items()}
        return Disk(self.root, names, dict(self.data), dict(self.safe_names), dict(self.safe_data))

    def after_power_loss(self, rng: random.Random, target: Path) -> None:
        """Write into `target` what the disk may hold: of all that is not safe, any part."""
        self._restore(self.root.stat().st_ino, rng, target)

    def _restore(self, inode: int, rng: random.Random, target: Path) -> None:
        target.mkdir()
        safe, now = self.safe_names.get(inode, {}), self.names.get(inode, {})
        for name in sorted({*safe, *now}):
            chosen = rng.choice([safe.get(name), now.get(name)])
            if chosen in self.names:
                self._restore(chosen, rng, target / name)
            elif chosen is not None:
                (target / name).write_bytes(self._content(chosen, rng))

    def _content(self, inode: int, rng: random.Random) -> bytes:
        safe, now = self.safe_data.get(inode, b""), self.data.get(inode, b"")
        if safe == now:
            return safe
        cut = rng.randrange(len(now) + 1)
        return rng.choice([safe, now, now[:cut], bytes(len(now)), now[:cut] + bytes(len(now) - cut)])


def history(folder: Path, work: Callable[[], object], ignore: str = "") -> list[Disk]:
    """The disk before each operation of some work and after the last; fsyncs of `file`s or `folder`s may be ignored."""
    disk = Disk(folder)
    disk.look()
    disk.all_safe()
    moments: list[Disk] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        with unwatched():
            disk.look()
            moments.append(disk.copy())
            if event == "fsync":
                kind = "folder" if stat.S_ISDIR(os.fstat(arguments[0]).st_mode) else "file"
                if kind != ignore:
                    disk.sync(arguments[0])

    with watched(watch):
        work()
    disk.look()
    moments.append(disk.copy())
    for fd in disk.held.values():
        os.close(fd)
    return moments


def power(losses: int, ignore: str = "") -> dict[str, Any]:
    """Simulate so many power losses, in turn from each start; after a finished build the new index must be there."""
    broken: list[str] = []
    moments: dict[Start, tuple[str | None, list[Disk]]] = {}
    with tempfile.TemporaryDirectory() as made:
        new = builder(Path(made) / "new" / "index", NEW)
        for number, start in enumerate(STARTS):
            folder = Path(made) / str(number)
            folder.mkdir()
            old_name = prepare(folder, start)
            work = partial(builder, folder / "index", NEW)
            moments[start] = (old_name, history(folder, work, ignore))
        for seed in range(losses):
            rng = random.Random(seed)
            start = STARTS[seed % len(STARTS)]
            old, disks = moments[start]
            # One in four comes after the build; the others are spread over its operations.
            at = len(disks) - 1 if rng.random() < 0.25 else rng.randrange(len(disks))
            folder = Path(made) / f"loss-{seed}"
            disks[at].after_power_loss(rng, folder)
            faults = [fault_of(folder, old, new, start), fault_of_next_build(folder, new)]
            if at == len(disks) - 1:
                faults.insert(0, _not_new(folder, new, disks[at], seed))
            broken += [f"{start}, seed {seed}, moment {at}: {fault}" for fault in faults if fault]
            shutil.rmtree(folder)
    return {"losses": losses, "moments": sum(len(disks) for _, disks in moments.values()), "broken": broken}


def _not_new(folder: Path, new: str, disk: Disk, seed: int) -> str | None:
    again = folder.with_name(f"{folder.name}-again")
    disk.after_power_loss(random.Random(-seed), again)
    try:
        name = sealed.read(again / "index").name
    except IndexRefused as error:
        return f"the build had ended, and: {error}"
    finally:
        shutil.rmtree(again)
    return None if name == new else f"the build had ended, and {name} is current"
