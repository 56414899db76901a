"""The reports that an operator added, on disk; a change of them and of the index is one step, or none.

    with library.changing(), library.putting(report, sources) as change:
        build(library.base(), change.added, change.decide)

A new version of a report (`index.disk.shelf`) is written beside the others, where nobody sees it, and the index of it
is built. Then the intent is written down (`index.disk.intents`), the version gets its name, and the index is made
current: that rename is the change. What does not count any more is removed; where somebody was killed, whoever comes
next does that. Removed is only what is, byte for byte, what fiqra wrote; anything else is put aside.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError, IndexBusy, IndexDamaged, IndexNotWritten, UnknownReport
from corpus.layout.told import refused
from corpus.records import Language, Report
from corpus.reports import BUNDLED, load_reports
from index.disk import durable, intents, shared_folders
from index.disk.intents import Intent
from index.disk.shelf import BOXES, FILE, ID, LINES, Added, Shelf, as_stored

WAIT_S = 600.0
_DOCUMENT = re.compile(r"(?:ar|en)-[0-9a-f]{16}\..+")

log = logging.getLogger("fiqra")


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was handed in: its ending, its bytes, and the text that paragraphs' source spans count in.

    `boxes` is where its letters stand on its pages (`corpus.boxes`), where it is printed.
    """

    language: Language
    suffix: str
    data: bytes
    text: str
    boxes: str = ""

    @property
    def stem(self) -> str:
        """`ar-5d41402abc4b2a76`: what it is kept as, but for its ending."""
        return f"{self.language}-{hashlib.sha256(self.data).hexdigest()[:16]}"


Decide = Callable[[str], None]
"""To be called with the name of the index that makes a change, when it is written and just before it is current."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the library that is prepared: what it will hold, and what makes it so with the index of that."""

    added: tuple[Added, ...]
    decide: Decide


class ReportLibrary:
    """The added reports below a folder, beside the folder `index`. Whoever changes them holds `changing`."""

    def __init__(self, folder: Path, bundled: Path = BUNDLED) -> None:
        self.folder = folder
        self.shelf = Shelf(folder)
        self._bundled = bundled

    def base(self) -> tuple[Report, ...]:
        """The reports that come with fiqra."""
        return load_reports(self._bundled)

    def added(self) -> tuple[Added, ...]:
        """The added reports that have a version to use, in the order of their ids; the log names the others."""
        added, aside = self.shelf.look()
        for entry in aside:
            _warn(entry.id, entry.why)
        return added

    def all(self) -> tuple[Report, ...]:
        """Every report that can be read, those that come with fiqra first; the log names the others."""
        return (*self.base(), *filter(None, (self.get(entry.id) for entry in self.added())))

    def by_id(self) -> dict[str, Report]:
        """The same by their ids."""
        return {report.id: report for report in self.all()}

    def get(self, report_id: str) -> Report | None:
        """An added report; None where there is none of that id, or where it cannot be read, which the log says."""
        while True:
            entry = self.shelf.entry(report_id)
            try:
                if isinstance(entry, Added):
                    return entry.load()
                if entry is not None:
                    _warn(entry.id, entry.why)
            except CorpusError as error:
                if self.shelf.entry(report_id) != entry:
                    continue  # another version has taken its place meanwhile
                _warn(report_id, str(error))
            return None

    def check_id(self, report_id: str) -> None:
        """Raises CorpusError where the id is no id, or a report that comes with fiqra has it."""
        if not ID.fullmatch(report_id):
            raise refused("no_report_id", CorpusError, id=repr(report_id[:80]))
        if report_id in {report.id for report in self.base()}:
            raise refused("not_changed", CorpusError, id=report_id)

    def must_have(self, report_id: str) -> None:
        """Raises UnknownReport where no added report has that id, CorpusError where it comes with fiqra."""
        if self.shelf.entry(report_id) is None:
            if report_id in {report.id for report in self.base()}:
                raise refused("not_removed", CorpusError, id=report_id)
            raise UnknownReport(f"no added report has the id {report_id[:80]!r}")

    @contextmanager
    def changing(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold the library's lock; waits for another ingest, then raises IndexBusy."""
        with durable.exclusive(self.folder, wait_s):
            self._put_in_order()
            yield

    def settle(self) -> None:
        """End a change that was broken off, and clean up; not where one is under way or the disk is not written."""
        if self.folder.is_dir():
            with suppress(IndexBusy, IndexNotWritten), durable.exclusive(self.folder):
                self._put_in_order()

    @contextmanager
    def putting(self, report: Report, sources: Sequence[Source] = ()) -> Iterator[Change]:
        """Make this the report of its id, with the documents it was read from, by the index built in the block.

        Raises CorpusError where it cannot be kept as it is, IndexNotWritten.
        """
        before = self.shelf.versions(report.id)
        content = as_stored(report)
        with durable.temporary_folder(self.folder) as partial:
            with durable.disk_errors(self.folder):
                (partial / FILE).write_bytes(content)
                self._write_documents(partial, report, sources, before)
                name = shared_folders.seal(partial)

            def decide(index: str) -> None:
                self._intend(report.id, before, name, index)
                with durable.disk_errors(self.folder):
                    version = self.folder / report.id / name
                    if version.exists() and not shared_folders.is_whole(version):
                        durable.put_aside(version)  # so that nothing of it is lost where this is killed
                    shared_folders.place(partial, version.parent, name)

            entry = Added(report.id, partial / FILE, hashlib.sha256(content).hexdigest())
            with self._ended():
                yield Change(self._with(report.id, entry), decide)

    @contextmanager
    def removing(self, report_id: str) -> Iterator[Change]:
        """Take an added report out, readable or not, by the index built in the block. Raises UnknownReport."""
        self.must_have(report_id)
        before = self.shelf.versions(report_id)
        with self._ended():
            yield Change(self._with(report_id), lambda index: self._intend(report_id, before, None, index))

    def put(self, report: Report, sources: Sequence[Source] = ()) -> None:
        """Keep a report that no index holds yet: for many before one build."""
        with self.putting(report, sources) as change:
            change.decide(intents.current(self.folder))

    def _with(self, report_id: str, *entries: Added) -> tuple[Added, ...]:
        """The added reports with these in the place of one."""
        others = (entry for entry in self.added() if entry.id != report_id)
        return tuple(sorted((*others, *entries), key=lambda entry: entry.id))

    def _intend(self, report_id: str, before: Sequence[Path], after: str | None, index: str) -> None:
        names = tuple(path.name for path in before)
        if names != (after,):  # the same again is no change
            intents.write(self.folder, Intent(report_id, names, after, index))

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """End the change of the block, whether it was made or not."""
        try:
            yield
        except BaseException:
            with suppress(IndexNotWritten):
                self._end()
            raise
        try:
            self._end()
        except IndexNotWritten as error:
            log.warning("the change is made; what it leaves behind goes with the next one: %s", error)

    def _end(self) -> None:
        """End the change whose intent lies there: what it took out of use, or did not put into use, is removed."""
        with durable.disk_errors(self.folder):
            intent = intents.read(self.folder)
            if intent is None:
                return
            for name in intents.out_of_use(self.folder, intent):
                self._remove(self.folder / intent.report / name)
            with suppress(OSError):  # other things are in it, or it is gone
                (self.folder / intent.report).rmdir()
            intents.withdraw(self.folder)

    def _remove(self, version: Path) -> None:
        """Delete a version that is, byte for byte, as it was written; put anything else aside."""
        if shared_folders.is_whole(version):
            shared_folders.discard(version)
        elif version.exists():
            durable.put_aside(version)

    def _put_in_order(self) -> None:
        """End what was broken off; the caller holds the lock."""
        with durable.disk_errors(self.folder):
            try:
                if intent := intents.read(self.folder):
                    fate = "made" if intents.is_made(self.folder, intent) else "not made"
                    log.warning("a change of the report %s was broken off: it is %s", intent.report, fate)
                durable.remove_leftovers(self.folder)
                self._end()
            except IndexDamaged as error:  # what was meant is not known, so that nothing may go
                log.error("%s; it is kept beside it, and so is what was not finished", error)
                for path in (self.folder / intents.FILE, *durable.leftovers(self.folder)):
                    durable.put_aside(path)
            for path in sorted(self.folder.glob(f"*/{FILE}")):
                try:
                    self._bring_up(path)
                except (CorpusError, IndexDamaged) as error:
                    _warn(path.parent.name, str(error))

    def _bring_up(self, path: Path) -> None:
        """Seal what an earlier fiqra kept right in the report's folder.

        Raises CorpusError or IndexDamaged where that cannot be read; it stays as it is.
        """
        folder = path.parent
        if self.shelf.versions(folder.name) == (path,):
            Added(folder.name, path, shared_folders.digest(path)).load()
            with durable.temporary_folder(self.folder) as partial:
                for file in (path, *(file for file in folder.iterdir() if _DOCUMENT.fullmatch(file.name))):
                    shutil.copyfile(file, partial / file.name)
                shared_folders.put(partial, folder)
        for version in self.shelf.versions(folder.name):
            listed = shared_folders.read_list(version)
            for name in sorted(listed, key=lambda name: name == FILE):  # the last to go: it says that this is one
                if shared_folders.is_as_listed(folder / name, listed[name]):
                    (folder / name).unlink()
        durable.sync(folder)

    def _write_documents(
        self, partial: Path, report: Report, sources: Sequence[Source], before: Sequence[Path]
    ) -> None:
        """The documents handed in, and of those that were there what they do not replace, in languages that stay."""
        replaced = {source.language for source in sources}
        languages = set(report.languages) - replaced
        named = {f"{rendering.language}-{rendering.source_sha256[:16]}" for rendering in report.renderings}
        for version in before:
            with suppress(IndexDamaged):  # then all of it is put aside
                for name, entry in shared_folders.read_list(version).items():
                    is_kept = name.split(".")[0] in named or name[:2] in languages
                    if _DOCUMENT.fullmatch(name) and is_kept and shared_folders.is_as_listed(version / name, entry):
                        shutil.copyfile(version / name, partial / name)
        for source in sources:
            (partial / f"{source.stem}{source.suffix}").write_bytes(source.data)
            if source.text:
                (partial / f"{source.stem}{LINES}").write_text(source.text, "utf-8")
            if source.boxes:
                (partial / f"{source.stem}{BOXES}").write_text(source.boxes, "ascii")


def _warn(report_id: str, why: str) -> None:
    log.warning("the report %s is set aside: %s", report_id, why)
