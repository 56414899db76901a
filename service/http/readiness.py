"""Whether questions can be answered, for who probes: an index is loaded, and a store beside it answers.

What was found is kept for `KEPT_S`, so that probes ask the store once in that time, however many there are; questions
are never held up by it. A store that hangs is given up on in less time than a probe waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import monotonic

import anyio
from anyio import to_thread

from corpus.errors import IndexMissing, IndexRefused
from index.stores.vectors import OutsideStore, PassageStore

KEPT_S = 2.0
GIVEN_UP_S = 1.5

log = logging.getLogger("fiqra")


class Readiness:
    """What the last look at the store found, and when that was."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._of: PassageStore | None = None
        self._until = 0.0
        self._error: IndexRefused | None = None

    async def check(self, store: PassageStore) -> None:
        """Raises IndexRefused where the store does not answer; a store within the index always does."""
        if not isinstance(store, OutsideStore):
            return
        async with self._one_at_a_time:
            if store is not self._of or self._clock() >= self._until:
                error = await _looked_at(store)
                if str(error or "") != str(self._error or ""):
                    log.log(*((logging.WARNING, "not ready: %s", error) if error else (logging.INFO, "ready again")))
                self._of, self._error, self._until = store, error, self._clock() + KEPT_S
        if self._error is not None:
            raise type(self._error)(str(self._error))


async def _looked_at(store: OutsideStore) -> IndexRefused | None:
    try:
        with anyio.fail_after(GIVEN_UP_S):
            await to_thread.run_sync(store.check, abandon_on_cancel=True)
    except TimeoutError:
        return IndexMissing(f"the store of the vectors does not answer within {GIVEN_UP_S:g} s; look at it")
    except IndexRefused as error:
        return error
    return None
