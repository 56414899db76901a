"""What waits on the tray, read: the last few are kept, so that turning a page reads nothing again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from anyio import to_thread

from corpus.documents import ReadDocument
from service.reports.ingest import Plan, Upload, prepare
from service.reports.tray import Tray, Waiting
from service.state import State

K = TypeVar("K")
V = TypeVar("V")
_SHEETS, _PICTURES = 4, 60  # of them, kept; a page's picture has about 100 KB


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry of the tray as it was read, and what taking it in would do."""

    waiting: Waiting
    uploads: tuple[Upload, ...]
    plan: Plan

    @property
    def documents(self) -> tuple[tuple[int, ReadDocument], ...]:
        """Each language that was read, with the number of the upload that holds it."""
        return tuple((n, document) for n, upload in enumerate(self.uploads) for document in upload.documents or ())


class Sheets:
    """The sheets of one service."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()

    @property
    def tray(self) -> Tray:
        """What waits."""
        return Tray(self._state.settings.tray_dir)

    async def get(self, entry_id: str) -> Sheet:
        """An entry, read. Raises NothingWaiting, CorpusError where it cannot be read, Overloaded."""
        waiting = await to_thread.run_sync(self.tray.get, entry_id)
        if entry_id not in self._sheets:
            uploads = await to_thread.run_sync(self.tray.uploads, waiting)
            wanted = waiting.note.wanted
            library = self._state.settings.library()
            await to_thread.run_sync(library.check_id, wanted.id)  # before any reading
            read = await self._state.documents.read(uploads, wanted, origins=True)
            plan = await to_thread.run_sync(partial(prepare, library, read, wanted))
            self._sheets[entry_id] = Sheet(waiting, read, plan)
        return _kept(self._sheets, entry_id, _SHEETS)

    async def picture(self, entry_id: str, upload: int, page: int) -> bytes:
        """A page of one of its documents as a PNG. Raises NothingWaiting, DocumentRefused, Overloaded."""
        waiting = await to_thread.run_sync(self.tray.get, entry_id)
        key = entry_id, upload, page
        if key not in self._pictures:
            uploads = await to_thread.run_sync(self.tray.uploads, waiting)
            self._pictures[key] = await self._state.documents.draw(uploads[upload], page)
        return _kept(self._pictures, key, _PICTURES)


def _kept(shelf: OrderedDict[K, V], key: K, most: int) -> V:
    """What is asked for, which becomes the last to go."""
    shelf.move_to_end(key)
    while len(shelf) > most:
        shelf.popitem(last=False)
    return shelf[key]
