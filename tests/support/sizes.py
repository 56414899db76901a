"""How much a test does: a short form in `make test`, the whole of it in `make stress`, which sets STRESS=1."""

from __future__ import annotations

import os

STRESS = os.environ.get("STRESS") == "1"


def size(short: int, whole: int) -> int:
    """`short` in `make test`, `whole` in `make stress`.

    >>> size(20, 200)
    20
    """
    return whole if STRESS else short
