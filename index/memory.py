"""Settings of glibc's allocator, so that it gives freed large blocks back to the system.

By default a freed large block raises the size from which blocks have mappings of their own, up to 32 MB. After one long
question those of the model and of MaxSim then come from heaps that stay large: a service under mixed load kept 298 MB,
where 262 MB do with the sizes fixed (docs/performance.md). Threads share one heap: with heaps of their own each keeps
what its longest question took.
"""

from __future__ import annotations

import ctypes
import gc

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # M_… of malloc.h
_MAPPED_FROM, _TRIMMED_FROM = 1 << 20, 4 << 20


def return_large_blocks() -> bool:
    """Fix the sizes, for the whole process; whether the C library has them to fix (musl and macOS do not)."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    told = ((_MMAP_THRESHOLD, _MAPPED_FROM), (_TRIM_THRESHOLD, _TRIMMED_FROM), (_ARENA_MAX, 1))
    return all(mallopt(what, size) for what, size in told)


def keep_for_good() -> None:
    """Exempt what is loaded by now from Python's garbage collection.

    A full collection stops every thread while it looks at each object: 65 ms for the 110,000 of a service, in the midst
    of a question. What went out of use since the last call is let go first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
