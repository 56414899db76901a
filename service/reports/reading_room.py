"""Documents that are handed in over HTTP: read one at a time, apart from the questions, a few waiting their turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio

from corpus.errors import Overloaded
from corpus.isolated.reading import picture_apart
from service.reports.ingest import Upload, Wanted, read_ahead

MOST_WAITING = 8
LONGEST_WAIT_S = 60.0


class Turns:
    """One caller at a time; where too many wait, or one waits too long, it is refused. `what` names what they want."""

    def __init__(self, what: str, waiting: int, wait_s: float) -> None:
        self._free = anyio.Semaphore(1)
        self._what = what
        self._waiting = waiting
        self._wait_s = wait_s

    @asynccontextmanager
    async def next(self) -> AsyncIterator[None]:
        """The caller's turn. Raises Overloaded."""
        if self._free.statistics().tasks_waiting >= self._waiting:
            raise Overloaded(f"{self._waiting} {self._what} wait already; try again in a minute")
        try:
            with anyio.fail_after(self._wait_s):
                await self._free.acquire()
        except TimeoutError as error:
            raise Overloaded(
                f"{self._what} waited over {self._wait_s:g} seconds for their turn; try again later"
            ) from error
        try:
            yield
        finally:
            self._free.release()


class ReadingRoom:
    """Reads the uploads of one request at a time."""

    def __init__(self, waiting: int = MOST_WAITING, wait_s: float = LONGEST_WAIT_S) -> None:
        self._turns = Turns("uploads", waiting, wait_s)

    async def read(self, uploads: Sequence[Upload], wanted: Wanted, *, origins: bool = False) -> tuple[Upload, ...]:
        """The uploads with what was read of each, and where its lines come from, if that is wanted.

        Raises CorpusError as reading does, or Overloaded.
        """
        async with self._turns.next():
            return await read_ahead(uploads, wanted, origins=origins)

    async def draw(self, upload: Upload, page: int) -> bytes:
        """A page of a PDF, from 1, as a PNG. Raises DocumentRefused or Overloaded."""
        async with self._turns.next():
            return await picture_apart(upload.data, upload.name, page, notes=True)
