"""uvicorn that keeps the promise of `FIQRA_GRACE_S`: whatever still runs then is given up, and the process ends.

Giving up is safe at any moment: a change of the library or the index is whole or not made
(`index.disk.report_library`).
"""

from __future__ import annotations

import logging
import os
from threading import Timer
from types import FrameType

import uvicorn

from service.state import State

LAST_S = 0.25
log = logging.getLogger("fiqra")


class Server(uvicorn.Server):
    """Tells the state at once when it is told to stop, so that nothing new begins while connections are finished."""

    def __init__(self, config: uvicorn.Config, state: State) -> None:
        super().__init__(config)
        self._state = state

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT has come."""
        if not self.should_exit:
            self._state.stop()
            last = Timer(self._state.settings.grace_s - LAST_S, _end)
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


def _end() -> None:
    """A thread cannot be stopped from outside, and the interpreter waits for each: so end without it."""
    log.warning("the grace is over: what still runs is given up")
    logging.shutdown()
    os._exit(0)
