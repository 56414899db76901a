"""The operators that show a line (ISO 32000-1, 9.4): glyphs by their numbers, and what moves the pen between them.

Programs that copy text take a wide move for a space. So within a word the pen goes forward by the room that a glyph's
number says it takes, marks included, and is moved only backwards and between words.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.typeset.faces import Glyph
from service.typeset.fonts import Font, Fonts
from service.typeset.lines import Item, Line
from service.typeset.objects import string

_AT_ONCE = 1_000  # glyphs; programs read strings of 32,767 bytes
_Placed = tuple[Glyph, str, int]
"""A glyph, the text of its own that it stands for, and where it stands from the beginning of its word."""


def operators(line: Line, fonts: Fonts) -> list[str]:
    """A line from left to right, each letter once: `["/F0 12 Tf 0.000 Ts", "[<00010002>-250<0003>] TJ"]`."""
    writing = _Writing()
    for item, left in line.items:
        writing.item(item, left, fonts.of(item.piece.face))
    writing.show()
    return writing.said


def _placed(item: Item) -> Iterator[tuple[str, tuple[_Placed, ...]]]:
    """The glyphs; those that are one text together come with it."""
    at = 0
    for cluster in item.clusters:
        several = len(cluster.glyphs) > 1
        own = "" if several else cluster.text
        yield cluster.text if several else "", tuple((glyph, own, at + glyph.across) for glyph in cluster.glyphs)
        at += cluster.width


class _Writing:
    def __init__(self) -> None:
        self.said: list[str] = []
        self._pen = 0.0
        self._shown: list[str] = []
        self._state: tuple[str, float, float] | None = None

    def item(self, item: Item, left: float, font: Font) -> None:
        """A word, or a space."""
        size, rise = item.piece.size, item.piece.rise
        placed = list(_placed(item))
        starts = [at for _, own in placed for _, _, at in own]
        ends = iter([*starts[1:], sum(cluster.width for cluster in item.clusters)])
        for said_once, own in placed:
            if said_once:
                self.show()
                self.said.append(f"/Span << /ActualText {string(said_once)} >> BDC")
            for glyph, text, at in own:
                self._set(font.name, size, rise + size * glyph.up / 1000)
                self._move(left + size * at / 1000, size)
                room = max(next(ends) - at, 0)
                if len(self._shown) > _AT_ONCE:
                    self.show()
                self._shown.append(font.number(glyph.number, text, room))
                self._pen += size * room / 1000
            if said_once:
                self.show()
                self.said.append("EMC")

    def _set(self, font: str, size: float, rise: float) -> None:
        if (state := (font, size, rise)) != self._state:
            self.show()
            self.said.append(f"/{font} {size:g} Tf {rise:.3f} Ts")
            self._state = state

    def _move(self, wanted: float, size: float) -> None:
        if moved := round(1000 * (self._pen - wanted) / size):
            self._shown.append(f">{moved}<")
            self._pen -= moved * size / 1000

    def show(self) -> None:
        """Write what is to be shown, `0001`, `>-250<`, `0002` as `[<0001>-250<0002>] TJ`."""
        if self._shown:
            self.said.append(f"[<{''.join(self._shown)}>] TJ".replace("<>", ""))
            self._shown = []
