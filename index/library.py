"""The reports that an operator added, on disk: one folder each, changed in one step or not at all.

    reports/<id>/report.json           the report as it was read, which the index is made of
    reports/<id>/<language>-<hash>.…   the document it was read from, untouched, and the text that its spans count in

`report.json` is replaced by a rename. What a killed ingest leaves besides it is no report, and the next one removes it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import CorpusError, IndexBusy, UnknownReport
from corpus.records import Language, Report
from corpus.reports import BUNDLED, load_reports
from index import durable

ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
FILE = "report.json"
WAIT_S = 600.0

_REPORT = TypeAdapter(Report)
_SEEN = ".seen.json"
_Identity = tuple[int, int, int]
"""What tells a file from the one that is put in its place: inode, size and time of change in nanoseconds."""
_SEEN_FILES = TypeAdapter(dict[str, tuple[_Identity, str]])


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was handed in: its name, its bytes, and the text that paragraphs' source spans count in."""

    language: Language
    suffix: str
    data: bytes
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Added:
    """An added report that need not be read yet: its id, its file and the file's SHA-256."""

    id: str
    path: Path
    digest: str

    def load(self) -> Report:
        """The report. Raises CorpusError, naming the file, where it is damaged."""
        try:
            return _REPORT.validate_json(self.path.read_bytes())
        except (ValidationError, OSError) as error:
            raise CorpusError(f"{self.path} is damaged; ingest {self.id} again, or remove that folder") from error


class Library:
    """The added reports below a folder. Whoever changes them holds `changing`."""

    def __init__(self, folder: Path, bundled: Path = BUNDLED) -> None:
        self.folder = folder
        self._bundled = bundled

    def base(self) -> tuple[Report, ...]:
        """The reports that come with fiqra."""
        return load_reports(self._bundled)

    def added(self) -> tuple[Added, ...]:
        """The added reports, in the order of their ids."""
        found = sorted(self.folder.glob(f"*/{FILE}")) if self.folder.is_dir() else []
        return tuple(_entry(path) for path in found)

    def added_as_seen(self) -> tuple[Added, ...]:
        """The same, at the cost of a look at each: a file that is the very one hashed before is not read again.

        The caller holds `changing`. What was seen is kept in a file of its own, which may be lost or damaged.
        """
        seen, now = self._seen(), {}
        found = []
        for path in sorted(self.folder.glob(f"*/{FILE}")):
            status = path.stat()
            identity = (status.st_ino, status.st_size, status.st_mtime_ns)
            before = seen.get(path.parent.name)
            entry = Added(path.parent.name, path, before[1]) if before and before[0] == identity else _entry(path)
            now[entry.id] = (identity, entry.digest)
            found.append(entry)
        if now != seen:
            durable.replace_text(self.folder / _SEEN, _SEEN_FILES.dump_json(now).decode())
        return tuple(found)

    def _seen(self) -> dict[str, tuple[_Identity, str]]:
        try:
            return _SEEN_FILES.validate_json((self.folder / _SEEN).read_bytes())
        except (ValidationError, OSError):
            return {}

    def all(self) -> tuple[Report, ...]:
        """Every report there is, those that come with fiqra first."""
        return (*self.base(), *(report.load() for report in self.added()))

    def get(self, report_id: str) -> Report | None:
        """An added report, or None where there is none of that id."""
        path = self.folder / report_id / FILE
        return _entry(path).load() if ID.fullmatch(report_id) and path.is_file() else None

    def check_id(self, report_id: str) -> None:
        """Raises CorpusError where the id is no id, or a report that comes with fiqra has it."""
        if not ID.fullmatch(report_id):
            raise CorpusError(
                f"{report_id[:80]!r} is no report id; 1 to 80 of a-z, 0-9, '.', '_', '-', the first a letter or digit"
            )
        if report_id in {report.id for report in self.base()}:
            raise CorpusError(f"{report_id} comes with fiqra and is not changed here; choose another id")

    @contextmanager
    def changing(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold the library's lock; waits for another ingest, then raises IndexBusy."""
        until = time.monotonic() + wait_s
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(durable.exclusive(self.folder))
                    break
                except IndexBusy:
                    if time.monotonic() >= until:
                        raise
                time.sleep(0.1)
            self._clean()
            yield

    def put(self, report: Report, sources: tuple[Source, ...] = ()) -> None:
        """Make this the report of its id, with the documents it was read from. Raises IndexNotWritten."""
        folder = self.folder / report.id
        with durable.staged_folder(folder) as partial:
            for source in sources:
                stem = f"{source.language}-{source.sha256[:16]}"
                (partial / f"{stem}{source.suffix}").write_bytes(source.data)
                (partial / f"{stem}.lines.txt").write_text(source.text, "utf-8")
            durable.sync_tree(partial)
            folder.mkdir(exist_ok=True)
            for path in partial.iterdir():
                path.replace(folder / path.name)
            durable.replace_text(folder / FILE, _REPORT.dump_json(report, indent=1).decode(), self.folder)
        self._drop_strangers(folder, report)

    def must_have(self, report_id: str) -> None:
        """Raises UnknownReport where no added report has that id, CorpusError where it comes with fiqra."""
        if self.get(report_id) is None:
            if report_id in {report.id for report in self.base()}:
                raise CorpusError(f"{report_id} comes with fiqra and is not removed")
            raise UnknownReport(f"no added report has the id {report_id[:80]!r}")

    def remove(self, report_id: str) -> None:
        """Take an added report out. Raises UnknownReport."""
        self.must_have(report_id)
        folder = self.folder / report_id
        (folder / FILE).unlink()
        shutil.rmtree(folder, ignore_errors=True)

    def _drop_strangers(self, folder: Path, report: Report) -> None:
        """Remove documents that no rendering was read from."""
        kept = {f"{r.language}-{r.source_sha256[:16]}" for r in report.renderings}
        for path in folder.iterdir():
            if path.name != FILE and path.name.split(".")[0] not in kept:
                path.unlink(missing_ok=True)

    def _clean(self) -> None:
        """Remove what a killed ingest left: temporary folders, and folders without a report."""
        durable.remove_leftovers(self.folder)
        for folder in self.folder.iterdir():
            if not (folder / FILE).exists() and folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)


def _entry(path: Path) -> Added:
    with path.open("rb") as file:
        return Added(path.parent.name, path, hashlib.file_digest(file, "sha256").hexdigest())
