"""Pages of documents as pictures: drawn one at a time in a process with limits; the last ones are kept."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from corpus.isolated.reading import picture_apart
from corpus.isolated.wire import Limits
from corpus.readers.safety import MIB
from service.reports.reading_room import Turns

KEPT = 16 * MIB  # a page of print has about 100 KB, one of a scan ten times that
WAITING, WAIT_S = 32, 20.0
LIMITS = Limits(cpu_s=20, wall_s=60, answer=32 * MIB)
_Key = tuple[str, int]


class Pictures:
    """The pictures of one service."""

    def __init__(self, kept: int = KEPT) -> None:
        self._turns = Turns("pictures of pages", WAITING, WAIT_S)
        self._kept = kept
        self._size = 0
        self._pictures: OrderedDict[_Key, bytes] = OrderedDict()

    async def get(self, document: Path, page: int) -> bytes:
        """A page of a PDF, from 1, as a PNG. Raises DocumentRefused or Overloaded.

        The document's name says which it is, whatever the report's version that it lies in.
        """
        key = document.name, page
        if (known := self._known(key)) is not None:
            return known
        async with self._turns.next():
            if (known := self._known(key)) is None:  # who came before has not asked for the same
                known = await picture_apart(document, document.name, page, limits=LIMITS)
                self._keep(key, known)
        return known

    def _known(self, key: _Key) -> bytes | None:
        """A picture that is kept, which becomes the last to go."""
        if key in self._pictures:
            self._pictures.move_to_end(key)
        return self._pictures.get(key)

    def _keep(self, key: _Key, picture: bytes) -> None:
        self._pictures[key] = picture
        self._size += len(picture)
        while self._size > self._kept:
            _, gone = self._pictures.popitem(last=False)
            self._size -= len(gone)
