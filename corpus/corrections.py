"""Mended misreadings: a paragraph as printed → as stored, with every change still visible.

The source file is never touched. Each row of the table names a paragraph, the printed words, the words read, how
certain that is, and why, in both languages; the printed words must stand in that paragraph exactly once, so a row can
neither miss nor hit twice. Marks of emphasis are taken out before, so that a row may reach over one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.errors import CorrectionError
from corpus.records import Certainty, Correction, Span

_EMPHASIS = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One row of a corrections table."""

    ref: str
    printed: str
    read: str
    certainty: Certainty
    why: str
    why_ar: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A stored text and what was done to it; the spans count in `text`.

    `marks` are the offsets of the emphasis marks in the printed text. `moves` are pairs: an offset in the printed text
    without those marks, and by how many characters everything after it is shifted in `text`.
    """

    text: str
    corrections: tuple[Correction, ...]
    emphasis: tuple[Span, ...]
    marks: tuple[int, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()

    def moved(self, at: int) -> int:
        """Where a place in the printed text stands in `text`."""
        return _moved(at - bisect_left(self.marks, at), self.moves)


def mend(ref: str, printed: str, rows: Iterable[CorrectionRow]) -> Mended:
    """Apply a paragraph's rows and take out its `*emphasis*` marks.

    Raises CorrectionError where a row does not fit exactly one place.

    >>> mend("9", "the *Guied*.", [CorrectionRow("9", "Guied", "Guide", "certain", "misread", "…")]).text
    'the Guide.'
    """
    marks = tuple(at for found in _EMPHASIS.finditer(printed) for at in (found.start(), found.end() - 1))
    plain = _EMPHASIS.sub(r"\1", printed)
    edits = sorted(((_place(ref, plain, row), row) for row in rows), key=lambda edit: edit[0].start)
    corrections: list[Correction] = []
    text, end = "", 0
    for place, row in edits:
        if place.start < end:
            raise CorrectionError(f"paragraph {ref}: two corrections overlap at {plain[place.start : place.end]!r}")
        text += plain[end : place.start]
        stands = Span(len(text), len(text) + len(row.read))
        corrections.append(Correction(ref, row.printed, row.read, row.certainty, row.why, row.why_ar, stands))
        text += row.read
        end = place.end
    by = accumulate(len(row.read) - (place.end - place.start) for place, row in edits)
    moves = tuple(zip((place.start for place, _ in edits), by, strict=True))
    edges = [_moved(mark - before, moves) for before, mark in enumerate(marks)]
    emphasis = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Mended(text + plain[end:], tuple(corrections), emphasis, marks, moves)


def _moved(at: int, moves: Sequence[tuple[int, int]]) -> int:
    """An offset after the shifts of `moves`; one inside replaced words keeps its distance from their end."""
    before = bisect_left(moves, at, key=lambda move: move[0])
    return at + (moves[before - 1][1] if before else 0)


def _place(ref: str, printed: str, row: CorrectionRow) -> Span:
    found = printed.count(row.printed) if row.printed else 0
    if found != 1:
        raise CorrectionError(
            f"paragraph {ref}: the printed words {row.printed!r} stand there {found} times, expected once; "
            "give the row a longer phrase or remove it"
        )
    start = printed.index(row.printed)
    return Span(start, start + len(row.printed))
