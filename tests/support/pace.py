"""Bounds on processor time that mean the same on a slow machine.

The bounds of the tests are seconds of a machine that runs `_workload` in `_USUAL_S`. Where that takes longer now, since
the machine is slower or shared, a bound stretches with it; it never shrinks.
"""

from __future__ import annotations

import re
import time

_USUAL_S = 0.04
_WORD = re.compile(r"[^\W\d_]+|\d+|\S")
_TEXT = "The Chair’s summary of 9 and 10 March 2021: الفقرة ٢١ (ك) (see para. 9). " * 300


def slowness() -> float:
    """How many times longer than usual the machine takes at this moment, 1.0 or more."""
    started = time.thread_time()
    _workload()
    return max(1.0, (time.thread_time() - started) / _USUAL_S)


def _workload() -> int:
    """What reading a text consists of: a regular expression, dictionaries, many small objects."""
    seen: dict[str, int] = {}
    for _ in range(10):
        for word in _WORD.finditer(_TEXT):
            seen[word[0]] = seen.get(word[0], 0) + len((word[0], word.start(), word.end()))
    return sum(seen.values())
