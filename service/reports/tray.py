"""Documents that wait for a person to look at them, on disk: handed in on the page, or set aside by a program.

    tray/<id>/waiting.json    what to make of them, why they wait, and since when
    tray/<id>/0, 1, …         the documents, as they came in

An entry is a sealed folder (`index.disk.shared_folders`): written in one step, by whatever process, and gone when it is
taken in or thrown away. Nothing of it is in the library before a person says so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged, IndexNotWritten, LookupFailed, Overloaded
from corpus.layout.told import NOTHING, Told
from corpus.records import Language
from index.disk import durable, shared_folders
from service.reports.ingest import Upload, Wanted

log = logging.getLogger("fiqra")

MOST = 50
WAIT_S = 10.0
_FILE = "waiting.json"


class NothingWaiting(LookupFailed):
    """No documents of that id wait: they were taken in, thrown away, or never there."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A document's name, and the language that it was said to be in."""

    name: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class Note:
    """What is written down beside the documents: what to make of them, and why a person should look, if one must.

    An earlier fiqra wrote down why in English alone.
    """

    wanted: Wanted
    files: tuple[HandedIn, ...]
    why: str
    since: datetime
    why_ar: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry: its id, and what is written down of it."""

    id: str
    note: Note


_NOTE = TypeAdapter(Note)


class Tray:
    """The entries below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, uploads: Sequence[Upload], wanted: Wanted, why: Told = NOTHING) -> str:
        """Keep documents for a person, with why, where a program set them aside; returns the entry's id.

        Raises Overloaded where too many wait already, IndexBusy, IndexNotWritten.
        """
        if len(self.look()) >= MOST:
            raise Overloaded(f"{MOST} uploads wait to be looked at already; take some in, or throw some away")
        files = tuple(HandedIn(upload.name, upload.language) for upload in uploads)
        note = Note(wanted, files, why.en, datetime.now(UTC), why.ar)
        with durable.exclusive(self.folder, WAIT_S):
            durable.remove_leftovers(self.folder)
            with durable.staged_folder(self.folder) as partial:
                (partial / _FILE).write_bytes(_NOTE.dump_json(note))
                for number, upload in enumerate(uploads):
                    (partial / str(number)).write_bytes(upload.data)
                return shared_folders.put(partial, self.folder)

    def look(self) -> tuple[Waiting, ...]:
        """The entries, the newest first; what is no entry, or not as it was written, is not among them."""
        names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        found: list[Waiting] = []
        for name in names:
            with suppress(NothingWaiting):
                found.append(self.get(name))
        return tuple(sorted(found, key=lambda entry: entry.note.since, reverse=True))

    def get(self, entry_id: str) -> Waiting:
        """The entry of that id. Raises NothingWaiting."""
        try:
            if shared_folders.NAME.fullmatch(entry_id):
                listed = shared_folders.read_list(self.folder / entry_id)
                if _FILE in listed and shared_folders.is_as_listed(self.folder / entry_id / _FILE, listed[_FILE]):
                    return Waiting(entry_id, _NOTE.validate_json((self.folder / entry_id / _FILE).read_bytes()))
        except (IndexDamaged, ValidationError, OSError) as error:
            if (self.folder / entry_id).exists():
                log.warning("%s is not as it was written: %s", self.folder / entry_id, type(error).__name__)
        raise NothingWaiting("nothing waits under this address; it was taken in or thrown away, or was never there")

    def uploads(self, entry: Waiting) -> tuple[Upload, ...]:
        """Its documents. Raises NothingWaiting."""
        folder = self.folder / entry.id
        try:
            found = shared_folders.read(folder, shared_folders.read_list(folder)).files
            return tuple(
                Upload(file.name, found[str(number)], file.language) for number, file in enumerate(entry.note.files)
            )
        except (IndexDamaged, KeyError, OSError) as error:
            raise NothingWaiting(f"the documents in {folder} are not as they came in; hand them in again") from error

    def discard(self, entry_id: str) -> None:
        """Throw an entry away, if it is there. Raises IndexNotWritten."""
        with durable.disk_errors(self.folder), suppress(NothingWaiting):
            shared_folders.discard(self.folder / self.get(entry_id).id)


def let_go(tray: Tray, entry_id: str) -> None:
    """Throw away an entry that is taken in; a disk that refuses leaves it there, which the log says."""
    try:
        tray.discard(entry_id)
    except IndexNotWritten as error:
        log.warning("what is taken in waits still: %s", error)
