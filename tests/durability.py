"""Builders that are killed and machines that lose power, at every file operation: a program that prints what broke.

    python -m tests.durability kill --every 10     a real builder, killed by SIGKILL
    python -m tests.durability power --losses 200  what a disk may hold after writes that were not synced are lost
    python -m tests.durability race                six builders at once
    python -m tests.durability full                a disk that takes so many bytes and no more

A file operation is an opening for writing, fsync, rename, removal, mkdir, chmod or lock below the index folder, as
Python's audit hooks report them. After each fault the folder must hold the old index or the new one, whole, and the
next build must succeed and clean up. The model's part is done beforehand, so that a builder's life is its file
operations.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from corpus.errors import FiqraError, IndexBusy, IndexMissing, IndexNotWritten, IndexRefused
from corpus.records import Report
from corpus.reports import load_reports
from index import build, durable, sealed
from index.contents import IndexContents
from index.fakes import HashEmbedder
from index.library import Library
from tests.services import base_of

How = Literal["before", "half", "after"]
Start = Literal["nothing", "an index", "a damaged index"]
STARTS: tuple[Start, ...] = ("nothing", "an index", "a damaged index")
HOWS: tuple[How, ...] = ("before", "half", "after")
_WRITES = os.O_WRONLY | os.O_RDWR
_EVENTS = {"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "fcntl.flock"}
REPORTS = load_reports()


class Builder:
    """Builds the index that a seed names, with an added report in it; the base is computed the first time."""

    def __init__(self) -> None:
        self._ready: dict[int, IndexContents] = {}
        self._holds_added = tempfile.TemporaryDirectory()  # beside what is watched
        library = Library(Path(self._holds_added.name))
        library.put(replace(REPORTS[0], id="added"))
        self._added = library.added()
        self._compute = build.index_reports
        build.index_reports = self._look_up

    def _look_up(self, reports: tuple[Report, ...], embedder: Any, progress: Any = None) -> IndexContents:
        if embedder.dimension not in self._ready:
            self._ready[embedder.dimension] = self._compute(reports, embedder, progress)
        return self._ready[embedder.dimension]

    def __call__(self, index_dir: Path, dimension: int) -> str:
        return build.build_index(index_dir, REPORTS, HashEmbedder(dimension), "hash", added=self._added)


OLD, NEW = 8, 16
builder = Builder()
_watcher: Callable[[str, tuple[Any, ...]], None] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
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


# ---------------------------------------------------------------------------------------------------------------- kills


def count_operations(folder: Path) -> list[str]:
    """The file operations of one build."""
    seen: list[str] = []
    with watched(lambda event, arguments: seen.append(f"{event} {str(arguments[0])[-40:]}")):
        builder(folder / "index", NEW)
    return seen


def build_and_die(folder: Path, at: int, how: How) -> None:
    """Build in this process, which is killed at operation `at`: before it, with half of its bytes written, or after."""
    count = -1
    opened: str | None = None

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count, opened
        count += 1
        if count == at and how == "half" and event == "open" and isinstance(arguments[0], str):
            opened = arguments[0]
        if count == at + (how != "before"):
            if opened and Path(opened).is_file():
                os.truncate(opened, Path(opened).stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    with watched(watch):
        builder(folder / "index", NEW)


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
            names = count_operations(counted)
            operations += len(names)
            for at in range(0, len(names), every):
                for how in HOWS:
                    folder = Path(made) / "folder"
                    shutil.copytree(template, folder) if old else folder.mkdir()
                    status = forked(lambda at=at, how=how, folder=folder: build_and_die(folder, at, how))  # type: ignore[misc]
                    kills += os.WIFSIGNALED(status)
                    last = how != "before" and at == len(names) - 1  # nothing comes after it to be killed at
                    where = f"{start}: {how} {names[at]}"
                    if not os.WIFSIGNALED(status) and not last:
                        broken.append(f"{where}: not killed, {status}")
                    faults = (fault_of(folder, old, new, start), fault_of_next_build(folder, new))
                    broken += [f"{where}: {fault}" for fault in faults if fault]
                    shutil.rmtree(folder)
    return {"operations": operations, "kills": kills, "broken": broken}


# --------------------------------------------------------------------------------------------------------- power losses


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


def history(folder: Path, ignore: str = "") -> list[Disk]:
    """The disk before each operation of a build and after the last; fsyncs of `file`s or `folder`s may be ignored."""
    disk = Disk(folder)
    disk.look()
    disk.all_safe()
    moments: list[Disk] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        global _watcher  # noqa: PLW0603 - reading the folder must not be watched
        mine, _watcher = _watcher, None
        disk.look()
        moments.append(disk.copy())
        if event == "fsync":
            kind = "folder" if stat.S_ISDIR(os.fstat(arguments[0]).st_mode) else "file"
            if kind != ignore:
                disk.sync(arguments[0])
        _watcher = mine

    with watched(watch):
        builder(folder / "index", NEW)
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
            moments[start] = (prepare(folder, start), history(folder, ignore))
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


# ---------------------------------------------------------------------------------------------------- races, full disks


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


def main() -> None:
    """Run one kind of fault and print what broke as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["kill", "power", "race", "full"])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--losses", type=int, default=200)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--ignore", choices=["", "file", "folder"], default="")
    given = parser.parse_args()
    sys.addaudithook(_audit)
    found = {
        "kill": lambda: kill(given.every),
        "power": lambda: power(given.losses, given.ignore),
        "race": lambda: race(6),
        "full": lambda: full(given.points),
    }[given.kind]()
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
