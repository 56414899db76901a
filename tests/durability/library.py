"""Changes of the library that are killed or lose power: a report, its documents and the index change together or not.

Each change is made of a library of two reports and its index. After each fault, and before anybody mends anything, the
library and the index agree; settled, the documents are those of before or of after, byte for byte, nothing is left
behind, and the next change leaves it at that.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from corpus.errors import IndexNotWritten
from corpus.records import LANGUAGES, Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from index import contents
from index.build import build_index
from index.disk import durable, sealed
from index.disk.agreement import doubts
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from service.reports.ingest import Upload, Wanted, take_in, take_out
from tests.durability.builder import HOWS, forked
from tests.durability.kills import count_operations, die_at
from tests.durability.power import Disk, history

State = dict[str, tuple[str, frozenset[str]]]
"""By a report's id: the SHA-256 of what it was read as, and those of the documents that are kept with it."""
EMBEDDER = HashEmbedder(8)
REFUSED = 3  # how a process ends whose change the disk refused
ENGLISH = b"Ports\n\n1. Tugboats pull barges.\n2. Cranes lift crates.\n"
ARABIC = "موانئ\n\n1- القاطرات تسحب الصنادل.\n2- الرافعات ترفع الصناديق.\n".encode()
CHANGED = ENGLISH.replace(b"barges", b"rafts")
TINY = tuple(
    Rendering(
        language,
        language == "en",
        (TitleBlock("title", "Tiny"),),
        (Paragraph(Ref(1), "Boats.", (), Span(0, 9)),),
        "t.txt",
        "0" * 64,
    )
    for language in LANGUAGES
)


class Small(ReportLibrary):
    """A library whose base is one paragraph."""

    def base(self) -> tuple[Report, ...]:
        """The report that stands for those that come with fiqra."""
        return (Report("tiny", TINY),)


def library_in(folder: Path) -> Small:
    """The library of a data folder."""
    return Small(folder / "reports")


def build(
    folder: Path, base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide, *, check: bool = False
) -> str:
    """Build the index of a data folder."""
    return build_index(folder / "index", base, EMBEDDER, "hash", added=added, check=check, ready=decide)


def ingest(folder: Path, report: str, *documents: tuple[str, bytes]) -> None:
    """Take documents in, all under one file's name."""
    uploads = [Upload("report.txt", data, "ar" if language == "ar" else "en") for language, data in documents]
    take_in(library_in(folder), uploads, Wanted(report), partial(build, folder))


def remove(folder: Path, report: str) -> None:
    """Take a report out."""
    take_out(library_in(folder), report, partial(build, folder))


def refused(folder: Path) -> None:
    """A change whose index cannot be made current, at the last moment."""

    def full(*_: object) -> None:
        raise IndexNotWritten("no room")

    with patch.object(sealed, "make_current", full), suppress(IndexNotWritten):
        ingest(folder, "ports", ("en", CHANGED))


CHANGES: dict[str, Callable[[Path], None]] = {
    "ingest": lambda folder: ingest(folder, "new", ("en", CHANGED), ("ar", ARABIC)),
    "re-ingest": lambda folder: ingest(folder, "ports", ("en", CHANGED)),
    "remove": lambda folder: remove(folder, "ports"),
    "rollback": refused,
}


def void(_: object) -> None:
    """Nothing of it."""


def make_template(folder: Path) -> None:
    """A library of two reports, one of them in two languages, and its index."""
    build(folder, library_in(folder).base(), (), void)
    ingest(folder, "ports", ("en", ENGLISH), ("ar", ARABIC))
    ingest(folder, "other", ("en", CHANGED))


def state_of(folder: Path) -> State:
    """What the library holds: every document that lies anywhere below `reports/`, under its report's id."""
    found: State = {}
    for entry in library_in(folder).added():
        kept = (path for path in (folder / "reports" / entry.id).rglob("*") if path.is_file() and path.suffix == ".txt")
        found[entry.id] = (entry.digest, frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in kept))
    return found


def served(folder: Path) -> list[str]:
    """The reports in the index of a data folder, without `tiny`."""
    loaded = contents.load(sealed.read(folder / "index"), EMBEDDER.fingerprint, EMBEDDER.dimension)
    return sorted(report.id for report in loaded.reports if report.id != "tiny")


def version(folder: Path, report: str) -> Path:
    """The folder that a report lies in."""
    [found] = library_in(folder).shelf.versions(report)
    return found


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path; locks are left out."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in {".lock", ".reading"})
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def disagreements(folder: Path) -> Iterator[str]:
    """What readers would see that does not fit together, whoever was killed."""
    shelf = library_in(folder).shelf
    yield from shelf.faults()
    index = sealed.read(folder / "index")
    loaded = contents.load(index, EMBEDDER.fingerprint, EMBEDDER.dimension)
    yield from (doubt.why for doubt in doubts(shelf, index.manifest, loaded.centres))
    served = {report.id: report for report in loaded.reports if report.id != "tiny"}
    if served != {entry.id: entry.load() for entry in shelf.look()[0]}:
        yield f"{sorted(served)} are served"


def left_behind(folder: Path) -> list[str]:
    """What nobody needs: half-written and half-removed things, intents, versions beside the one in use."""
    used = {path.parent for path in (entry.path for entry in library_in(folder).added())}
    reports = folder / "reports"
    strays = [path for path in reports.glob("*/*") if path not in used]
    hidden = [path for path in reports.iterdir() if path.name.startswith(".") and path.name != ".lock"]
    empty = [path for path in reports.iterdir() if path.is_dir() and not any(path.iterdir())]
    unfinished = (folder / "index").rglob(f"{durable.PARTIAL}*")
    return [str(path.relative_to(folder)) for path in (*strays, *hidden, *empty, *unfinished)]


def faults_of(folder: Path, allowed: list[State]) -> Iterator[str]:
    """What is wrong with a data folder after a fault in which a change may or may not have been made."""
    try:
        yield from (f"unsettled: {fault}" for fault in disagreements(folder))
        library = library_in(folder)
        library.settle()
        settled = state_of(folder)
        if settled not in allowed:
            yield f"neither before nor after: {sorted(settled)}"
        yield from (f"settled: {fault}" for fault in disagreements(folder))
        ingest(folder, "third", ("en", ENGLISH))
        after = state_of(folder)
        if {name: held for name, held in after.items() if name != "third"} != settled or "third" not in after:
            yield f"the next ingest makes {sorted(after)} of {sorted(settled)}"
        yield from (f"after the next: {fault}" for fault in disagreements(folder))
        yield from (f"left behind: {name}" for name in left_behind(folder))
    except Exception as error:  # noqa: BLE001 - anything is what is looked for
        yield f"{type(error).__name__}: {error}"


def points(steps: list[str], every: int) -> list[int]:
    """Every so many operations, and the one that makes the change."""
    made = [at for at, step in enumerate(steps) if step.startswith("os.rename") and step.endswith(sealed.CURRENT)]
    return sorted({*range(0, len(steps), every), *made})


def kill_changes(every: int) -> dict[str, Any]:
    """Kill each change at every `every`-th file operation and at the one that makes it, in three ways."""
    broken: list[str] = []
    kills = operations = 0
    with tempfile.TemporaryDirectory() as made:
        template = Path(made) / "template"
        make_template(template)
        before = state_of(template)
        for name, change in CHANGES.items():
            counted = Path(shutil.copytree(template, Path(made) / f"counted-{name}"))
            steps = count_operations(partial(change, counted))
            after = state_of(counted)
            operations += len(steps)
            for at in points(steps, every):
                for how in HOWS:
                    folder = Path(shutil.copytree(template, Path(made) / "folder"))
                    status = forked(partial(die_at, partial(change, folder), at, how))
                    kills += os.WIFSIGNALED(status)
                    allowed = [before, after] if os.WIFSIGNALED(status) else [after]
                    broken += [f"{name}, {how} {steps[at]}: {fault}" for fault in faults_of(folder, allowed)]
                    shutil.rmtree(folder)
    return {"operations": operations, "kills": kills, "broken": broken}


def power_changes(losses: int, ignore: str = "") -> dict[str, Any]:
    """Simulate so many power losses, in turn during each change; one that had ended must have been made."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        template = Path(made) / "template"
        make_template(template)
        before = state_of(template)
        moments: dict[str, tuple[State, list[Disk]]] = {}
        for name, change in CHANGES.items():
            folder = Path(shutil.copytree(template, Path(made) / name))
            disks = history(folder, partial(change, folder), ignore)
            moments[name] = (state_of(folder), disks)
        for seed in range(losses):
            rng = random.Random(seed)
            name = list(CHANGES)[seed % len(CHANGES)]
            after, disks = moments[name]
            at = len(disks) - 1 if rng.random() < 0.25 else rng.randrange(len(disks))
            folder = Path(made) / f"loss-{seed}"
            disks[at].after_power_loss(rng, folder)
            allowed = [after] if at == len(disks) - 1 else [before, after]
            broken += [f"{name}, seed {seed}, moment {at}: {fault}" for fault in faults_of(folder, allowed)]
            shutil.rmtree(folder)
    return {"losses": losses, "moments": sum(len(disks) for _, disks in moments.values()), "broken": broken}


def full_changes(count: int) -> dict[str, Any]:
    """A disk that takes no file over so many bytes: nothing is changed, the error says where, and nothing is left."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        template = Path(made) / "template"
        make_template(template)
        before = state_of(template)
        changed = Path(shutil.copytree(template, Path(made) / "changed"))
        CHANGES["re-ingest"](changed)
        biggest = max(path.stat().st_size for path in changed.rglob("*") if path.is_file())
        for point in range(count):
            for name in ("ingest", "re-ingest", "remove"):
                folder = Path(shutil.copytree(template, Path(made) / "folder"))
                limit = biggest * point * point // count**2  # most of the files are small
                code = os.waitstatus_to_exitcode(forked(partial(_on_full_disk, CHANGES[name], folder, limit)))
                allowed = [before] if code == REFUSED else [state_of(folder)]
                if code not in {0, REFUSED} or (code == 0 and state_of(folder) == before):
                    broken.append(f"{name}, {limit} bytes: exit {code}")
                broken += [f"{name}, {limit} bytes: {fault}" for fault in faults_of(folder, allowed)]
                shutil.rmtree(folder)
    return {"points": count, "broken": broken}


def _on_full_disk(change: Callable[[Path], None], folder: Path, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        change(folder)
    except IndexNotWritten as error:
        places = (f"cannot write below {folder / place}" for place in ("reports", "index"))
        os._exit(REFUSED if any(place in str(error) for place in places) and durable.PARTIAL not in str(error) else 4)
