"""What lies in the library's folder: each report's version to use, or why there is none.

    reports/<id>/<version>/              a sealed folder (`index.disk.shared_folders`), written once and never changed
        report.json                      the report as it was read, which the index is made of
        <language>-<hash>.docx, …        the document it was read from, untouched, named by its SHA-256
        <language>-<hash>.lines.txt      the text that its spans count in
        <language>-<hash>.boxes.jsonl    where its letters stand on its pages (`corpus.boxes`), where it is a PDF

Anything else there is somebody's, and neither read nor touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from corpus import soundness
from corpus.errors import CorpusError, IndexDamaged
from corpus.records import Report
from index.disk import intents, shared_folders
from index.disk.shared_folders import MEND, NAME

ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
FILE, LINES, BOXES = "report.json", ".lines.txt", ".boxes.jsonl"
Found = TypeVar("Found")
AGAIN = "ingest it again, or `fiqra remove` it"

_REPORT = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class Added:
    """An added report that need not be read yet: its id, its file and the SHA-256 that this should have."""

    id: str
    path: Path
    digest: str

    @property
    def is_sealed(self) -> bool:
        """Whether it lies in a version's folder; an earlier fiqra put its files right into the report's."""
        return self.path.parent.name != self.id

    def content(self) -> bytes:
        """The file. Raises CorpusError, with what to do, where it is not what it was."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise CorpusError(f"{self.path} cannot be read: {error.strerror}; {AGAIN}") from error
        if (found := hashlib.sha256(content).hexdigest()) != self.digest:
            raise CorpusError(
                f"{self.path} was altered: its SHA-256 is {found[:16]}…, expected {self.digest[:16]}…; {AGAIN}"
            )
        return content

    def load(self) -> Report:
        """The report. Raises CorpusError, naming the file and what to do, where it is not what it should be."""
        try:
            report = _REPORT.validate_json(self.content())
        except ValidationError as error:
            raise CorpusError(f"{self.path} holds no report: {_first(error)}; {AGAIN}") from error
        if report.id != self.id:
            raise CorpusError(f"{self.path} holds the report {report.id[:80]!r}, expected {self.id}; {AGAIN}")
        try:
            soundness.check(report, str(self.path))
        except CorpusError as error:
            raise CorpusError(f"{error}; {AGAIN}") from error
        return report


@dataclass(frozen=True, slots=True)
class SetAside:
    """A report that cannot be used as it lies on the disk: its id, and why, with what mends it."""

    id: str
    why: str


def as_stored(report: Report) -> bytes:
    """What is kept of a report, read back and checked. Raises CorpusError where it would not come back the same."""
    try:
        content = _REPORT.dump_json(report, indent=1, warnings="none")
        back = _REPORT.validate_json(content)
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise CorpusError(f"{report.id}: the report holds what cannot be kept: {str(error)[:120]}") from error
    except ValidationError as error:
        raise CorpusError(f"{report.id}: the report holds what cannot be kept: {_first(error)}") from error
    if back != report:
        raise CorpusError(f"{report.id}: the report would not be read back as it is, so that it cannot be kept")
    soundness.check(back, report.id)
    return content


def _first(error: ValidationError) -> str:
    """`renderings.0.official: Input should be a valid boolean`."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part)[:40] for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _in_use(report_id: str, version: Path) -> Added:
    if version.name == FILE:
        return Added(report_id, version, shared_folders.digest(version))
    listed = shared_folders.read_list(version)
    if FILE not in listed:
        raise CorpusError(f"{version} lists no {FILE}")
    return Added(report_id, version / FILE, listed[FILE].sha256)


class Shelf:
    """The reports below a folder. A change that is under way, or was broken off, is seen as made or as not begun."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self) -> tuple[tuple[Added, ...], tuple[SetAside, ...]]:
        """The reports that have a version to use, in the order of their ids, and those that have not; none is read.

        Raises CorpusError where the folder itself cannot be read.
        """
        found = self._undisturbed(self._entries)
        added = tuple(entry for entry in found if isinstance(entry, Added))
        return added, tuple(entry for entry in found if isinstance(entry, SetAside))

    def entry(self, report_id: str) -> Added | SetAside | None:
        """The report of that id."""
        return self._undisturbed(lambda hidden: self._entry(report_id, hidden))

    def versions(self, report_id: str) -> tuple[Path, ...]:
        """What there is of a report: a folder, or the file that an earlier fiqra wrote; more by somebody's hand.

        Raises CorpusError where that cannot be seen.
        """
        try:
            return self._versions(report_id, self._hidden())
        except OSError as error:
            raise CorpusError(f"{error.filename or report_id} cannot be read: {error.strerror}; see to it") from error

    def faults(self) -> Iterator[str]:
        """Everything that is wrong with the files: which, what was found and what to do."""
        added, aside = self.look()
        yield from (entry.why for entry in aside)
        for entry in added:
            wrong = [
                fault.removesuffix(MEND) + AGAIN
                for fault in shared_folders.faults(entry.path.parent)
                if entry.is_sealed
            ]
            try:
                entry.load()
            except CorpusError as error:
                wrong = wrong or [str(error)]
            yield from wrong

    def _undisturbed(self, read: Callable[[Collection[Path]], Found]) -> Found:
        """What `read` finds, which gets the versions to pass over, while no change is made."""
        while True:
            before = self._moment()
            found = read(before[1])
            if self._moment() == before:
                return found

    def _moment(self) -> tuple[int, Collection[Path]]:
        """Another one after each change: when names in the folder changed last, and the versions to pass over."""
        try:
            return self.folder.stat().st_mtime_ns, self._hidden()
        except OSError:
            return 0, ()

    def _hidden(self) -> Collection[Path]:
        """The versions that a change which has not ended takes out of use, or has not yet put into use."""
        try:
            intent = intents.read(self.folder)
        except IndexDamaged:
            return ()
        return [self.folder / intent.report / n for n in intents.out_of_use(self.folder, intent)] if intent else ()

    def _entries(self, hidden: Collection[Path]) -> list[Added | SetAside]:
        try:
            names = sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []
        except OSError as error:
            raise CorpusError(f"{self.folder} cannot be read: {error.strerror}; see to it") from error
        return [entry for name in names if (entry := self._entry(name, hidden))]

    def _entry(self, report_id: str, hidden: Collection[Path]) -> Added | SetAside | None:
        folder = self.folder / report_id
        try:
            versions = self._versions(report_id, hidden)
            if len(versions) > 1:
                names = " and ".join(path.name for path in versions)
                raise CorpusError(f"{folder} holds {names}, expected one version")
            return _in_use(report_id, versions[0]) if versions else None
        except (CorpusError, IndexDamaged) as error:
            why = str(error).removesuffix(f"; {MEND}")
        except OSError as error:
            why = f"{error.filename or folder} cannot be read: {error.strerror}"
        return SetAside(report_id, f"{why}; {AGAIN}")

    def _versions(self, report_id: str, hidden: Collection[Path]) -> tuple[Path, ...]:
        folder = self.folder / report_id
        if not ID.fullmatch(report_id) or not folder.is_dir():
            return ()
        sealed = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
        flat = [folder / FILE] if not sealed and (folder / FILE).is_file() else []
        return tuple(path for path in (*sealed, *flat) if path not in hidden)
