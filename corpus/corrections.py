"""Mended misreadings: a paragraph as printed → as stored, with every change still visible.

The source file is never touched. Each row of the table names a paragraph, the printed words, the words read and why;
the printed words must stand in that paragraph exactly once, so a row can neither miss nor hit twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from corpus.errors import CorrectionError
from corpus.records import Correction, Span

_EMPHASIS = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One row of a corrections table."""

    ref: str
    printed: str
    read: str
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A stored text and what was done to it; the spans count in `text`.

    A move is a place in the printed text from which on everything stands so much further on in `text`.
    """

    text: str
    corrections: tuple[Correction, ...]
    emphasis: tuple[Span, ...]
    moves: tuple[tuple[int, int], ...] = ()

    def moved(self, at: int) -> int:
        """Where a place in the printed text stands in `text`."""
        before = bisect_right(self.moves, at, key=lambda move: move[0])
        return at + (self.moves[before - 1][1] if before else 0)


_Edit = tuple[int, int, str, CorrectionRow | None]


def mend(ref: str, printed: str, rows: Iterable[CorrectionRow]) -> Mended:
    """Apply a paragraph's rows and take out its `*emphasis*` marks.

    Raises CorrectionError where a row does not fit exactly one place.

    >>> mend("9", "the *Guied*.", [CorrectionRow("9", "Guied", "Guide", "misread")]).text
    'the Guide.'
    """
    edits: list[_Edit] = [(*_place(ref, printed, row), row.read, row) for row in rows]
    stars = list(_EMPHASIS.finditer(printed))
    edits += [(at, at + 1, "", None) for star in stars for at in (star.start(), star.end() - 1)]
    edits.sort(key=lambda edit: edit[0])
    corrections: list[Correction] = []
    marks: list[int] = []
    text, end = "", 0
    for start, stop, read, row in edits:
        if start < end:
            raise CorrectionError(f"paragraph {ref}: two corrections overlap at {printed[start:stop]!r}")
        text += printed[end:start]
        end = stop
        if row is None:
            marks.append(len(text))
        else:
            corrections.append(Correction(ref, row.printed, read, row.why, Span(len(text), len(text) + len(read))))
        text += read
    emphasis = tuple(Span(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True))
    by = accumulate(len(read) - (stop - start) for start, stop, read, _ in edits)
    moves = tuple(zip((stop for _, stop, _, _ in edits), by, strict=True))
    return Mended(text + printed[end:], tuple(corrections), emphasis, moves)


def _place(ref: str, printed: str, row: CorrectionRow) -> tuple[int, int]:
    found = printed.count(row.printed) if row.printed else 0
    if found != 1:
        raise CorrectionError(
            f"paragraph {ref}: the printed words {row.printed!r} stand there {found} times, expected once; "
            "give the row a longer phrase or remove it"
        )
    start = printed.index(row.printed)
    return start, start + len(row.printed)
