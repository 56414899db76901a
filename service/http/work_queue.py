"""Blocking work in threads: so much at a time, a bounded number of callers waiting, and 503 for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import Semaphore, to_thread

from corpus.errors import Overloaded

T = TypeVar("T")


class WorkQueue:
    """Runs blocking work in a thread, `width` at a time. More than `queue` waiting, or too long a wait, is refused."""

    def __init__(self, queue: int, timeout_s: float, width: int = 1) -> None:
        self._free = Semaphore(width)
        self._queue = queue
        self._timeout_s = timeout_s

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return self._free.statistics().tasks_waiting

    def check(self) -> None:
        """Raises Overloaded where as many wait as may."""
        if self.waiting >= self._queue:
            raise Overloaded(f"{self._queue} calls are waiting already; try again in a moment")

    async def run(self, work: Callable[[], T]) -> T:
        """The work's result. Raises Overloaded where it cannot begin in time.

        Who is cancelled waits no longer, and gives his turn to the next. A thread cannot be stopped: work that has
        begun is done to its end, for nobody, and keeps its place until then, so that never more than `width` run.
        """
        self.check()
        try:
            with anyio.fail_after(self._timeout_s):
                await self._free.acquire()
        except TimeoutError as error:
            raise Overloaded(f"the call waited over {self._timeout_s:g} seconds; try again in a moment") from error
        running = asyncio.ensure_future(to_thread.run_sync(work))
        running.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(running)
