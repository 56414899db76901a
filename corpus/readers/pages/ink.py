"""Letters in a row → its text in reading order, and where on the page the ink of each of its letters stands."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from typing import TypeAlias

from corpus.readers.lines import note_mark
from corpus.readers.pages.bidi import RAISED, Direction, brackets_turned, in_order
from corpus.readers.pdf_glyphs import Glyph
from corpus.text import inked

# White space between words, in units of the letters' size, where the file holds no spaces. An alef that does not join
# leaves 0.17 within a word, DejaVu's space is 0.32 wide.
_SPACE: dict[str, float] = {"ltr": 0.15, "rtl": 0.24}
_WIDE, _WIDE_IN_LATIN = 0.55, 0.2  # and where it does hold spaces: between Arabic letters, and beside others
_MARKS = re.compile(rf"(?:{RAISED}(.))+")
_FURTHEST = 65_535  # tenths of a point: as much as two bytes hold, and six times a page of A0

Edges: TypeAlias = "array[int]"
"""A left and a right edge for each letter, in tenths of a point from the left of the page."""


class _Piece(str):
    """The letters of one glyph, which goes along where they are put in order."""

    __slots__ = ("glyph",)
    glyph: Glyph


def read_row(
    glyphs: Sequence[Glyph], direction: Direction, spaces: Sequence[float] | None = None
) -> tuple[str, str, Edges]:
    """Its text, raised digits as note marks; and the letters in it that have ink, with the edges of each.

    `spaces` are the places of the row's spaces, sorted; None where the file holds none, and gaps must tell.
    """
    pieces = in_order(_pieces(glyphs, direction, spaces), direction)
    read = brackets_turned(pieces, direction)
    letters, edges = list[str](), array("H")
    for piece, as_read in zip(pieces, read, strict=True):
        if isinstance(piece, _Piece) and (own := inked(as_read)):
            letters.append(own)
            left, right = piece.glyph.left, piece.glyph.right
            if len(own) == 1:
                edges.append(_tenths(10 * left))
                edges.append(_tenths(10 * right))
            else:
                edges.extend(spread(own, left, right))
    return _joined(read), "".join(letters), edges


def text_of(glyphs: Sequence[Glyph], direction: Direction, spaces: Sequence[float] | None = None) -> str:
    """The text of letters in a row, as `read_row` reads it."""
    return _joined(brackets_turned(in_order(_pieces(glyphs, direction, spaces), direction), direction))


def _joined(pieces: Sequence[str]) -> str:
    text = "".join(pieces)
    return _MARKS.sub(lambda m: note_mark(m[0].replace(RAISED, "")), text) if RAISED in text else text


def spread(letters: str, left: float, right: float) -> Edges:
    """The edges of letters that share a place, in reading order: each gets as much of it.

    >>> spread("ab", 10.0, 12.0), spread("لا", 10.0, 12.0)
    (array('H', [100, 110, 110, 120]), array('H', [110, 120, 100, 110]))
    """
    first, width = 10 * left, 10 * (right - left) / len(letters)
    places = range(len(letters))
    edges = array("H")
    for place in reversed(places) if unicodedata.bidirectional(letters[0]) in {"R", "AL"} else places:
        edges.append(_tenths(first + place * width))
        edges.append(_tenths(first + (place + 1) * width))
    return edges


def _tenths(value: float) -> int:
    whole = round(value)
    return whole if 0 <= whole <= _FURTHEST else min(max(whole, 0), _FURTHEST)


def _pieces(glyphs: Sequence[Glyph], direction: Direction, spaces: Sequence[float] | None) -> list[str]:
    """The letters and the spaces between words, from left to right."""
    pieces: list[str] = []
    previous: Glyph | None = None
    at = 0
    for glyph in sorted(glyphs, key=lambda g: g.left):
        if previous is not None:
            gap = (glyph.left - previous.right) / max(previous.size, glyph.size)
            spaced = False
            while spaces and at < len(spaces) and spaces[at] <= glyph.left + 0.01:
                spaced = spaced or spaces[at] > previous.left
                at += 1
            narrow = _SPACE[direction] * (1.3 if previous.raised != glyph.raised else 1.0)
            wide = _WIDE if _is_arabic(previous) and _is_arabic(glyph) else _WIDE_IN_LATIN
            if spaced or gap > (narrow if spaces is None else wide):
                pieces.append(" ")
        if glyph.raised:
            pieces.append(f"{RAISED}{glyph.text}")
        else:
            piece = _Piece(glyph.text)
            piece.glyph = glyph
            pieces.append(piece)
        previous = glyph
    return pieces


def _is_arabic(glyph: Glyph) -> bool:
    return unicodedata.bidirectional(glyph.text[0]) == "AL"
