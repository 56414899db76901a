"""A new index taken into service while the old one answers.

The new one is read and verified beside the old; where it holds, one assignment puts it in its place, and whoever was
being answered is answered from the index that they started with. Where it does not hold, the old one keeps serving.
Three things ask for it: `POST /v1/admin/reload`, SIGHUP, and a change of `CURRENT`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from anyio import to_thread

from corpus.errors import FiqraError
from index.disk import sealed
from index.memory import keep_for_good
from service.answering.engine import Engine
from service.http.metrics import Metrics

log = logging.getLogger("fiqra")

Load = Callable[[], Engine]
_Stamp = tuple[int, int, int] | None


class Serving(Protocol):
    """What answers questions: a service's state, as far as a new index concerns it."""

    engine: Engine | None
    metrics: Metrics


class Reloader:
    """Replaces the engine that serves.

    `load` reads and verifies the current index, in a thread; `watch_s` is how often to look for one, 0 for never.
    """

    def __init__(self, serving: Serving, load: Load, index_dir: Path, watch_s: float) -> None:
        self._serving = serving
        self._load = load
        self._index_dir = index_dir
        self._watch_s = watch_s
        self._one_at_a_time = asyncio.Lock()
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._seen: _Stamp = None

    async def reload(self) -> bool:
        """Take the current index into service; whether it is another than before.

        Raises IndexRefused or ModelError with the reason where it does not hold; then nothing has changed.
        """
        async with self._one_at_a_time:
            before = self._serving.engine
            current = await to_thread.run_sync(sealed.current_name, self._index_dir)
            if before is not None and before.full_name == current:
                return False
            try:
                engine = await to_thread.run_sync(self._load)
            except FiqraError as error:
                log.error("the new index is refused, what served before keeps serving: %s", error)
                self._serving.metrics.reloads.labels("refused").inc()
                raise
            self._serving.engine = engine
            self._serving.metrics.reloads.labels("taken").inc()
            await to_thread.run_sync(keep_for_good)
            log.info("index %s now serves", engine.name)
            return True

    def ask(self) -> None:
        """Have the index reloaded soon; may be called from a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._asked.set)

    async def run(self) -> None:
        """Reload whenever asked to and whenever `CURRENT` changes, until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), self._watch_s or None)
            stamp = await to_thread.run_sync(self._stamp)
            if self._asked.is_set() or stamp != self._seen:
                self._asked.clear()
                self._seen = stamp
                try:
                    await self.reload()
                except FiqraError as error:
                    log.debug("not reloaded: %s", error)
                except Exception as error:  # a fault of one index must not end the watch for the next
                    log.error("unexpected %s while reloading", type(error).__name__, exc_info=error)

    def _stamp(self) -> _Stamp:
        """What tells one `CURRENT` from the next: it is replaced as a whole, never written into."""
        try:
            status = (self._index_dir / sealed.CURRENT).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
