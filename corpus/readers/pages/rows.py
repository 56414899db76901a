"""Letters on a page → rows: letters on one base line without a gap, raised digits with the row that they stand in."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from statistics import median

from corpus.readers.lines import Ink, Place, as_seen
from corpus.readers.pages.bidi import Direction
from corpus.readers.pages.ink import read_row, text_of
from corpus.readers.pages.tags import Cell
from corpus.readers.pdf_glyphs import Glyph
from corpus.readers.scans.recognise import ScannedLine

_DEEP = 0.4  # how far below its base line a letter reaches, in units of its size
_TALL, _LOW = 0.95, 0.3  # and a box around letters that does not touch the lines above and below
_GAP = 1.5  # white space that parts columns or cells, not words, in units of the letters' size


@dataclass(frozen=True, eq=False)
class Row:
    """Letters in a row, without a gap: where they stand, how large they are; `page` counts from 0.

    `spaces` are the places of its spaces, sorted; None in a document that holds none.
    """

    glyphs: tuple[Glyph, ...]
    page: int
    width: float  # of the page
    height: float
    spaces: tuple[float, ...] | None = None
    cell: Cell | None = None
    turn: int = 0  # of its letters on the page as it is seen; it stands on the page held so that they are upright

    @cached_property
    def left(self) -> float:
        """Where its first letter begins."""
        return min(g.left for g in self.glyphs)

    @cached_property
    def right(self) -> float:
        """Where its last letter ends."""
        return max(g.right for g in self.glyphs)

    @cached_property
    def base(self) -> float:
        """The height of its base line."""
        return float(median(g.base for g in self.glyphs if not g.raised))

    @cached_property
    def size(self) -> float:
        """The size of its letters."""
        return float(median(g.size for g in self.glyphs if not g.raised))

    def is_heavier(self, weight: float) -> bool:
        """Whether most of its letters are heavier than that."""
        return 2 * sum(g.weight > weight for g in self.glyphs) > len(self.glyphs)

    def text(self, direction: Direction) -> str:
        """Its text in a line that runs that way."""
        return text_of(self.glyphs, direction, self.spaces)

    def read(self, direction: Direction) -> tuple[str, Ink]:
        """The same, and where its letters stand."""
        text, letters, edges = read_row(self.glyphs, direction, self.spaces)
        top, bottom = self.height - self.base - _TALL * self.size, self.height - self.base + _LOW * self.size
        return text, Ink(self.page + 1, round(top, 1), round(bottom, 1), letters, edges, self.turn)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's letters and spaces before rows are made of them; `number` counts from 0.

    Places count from the lower left corner of what is seen of it, held so that its letters are upright; `turn` is how
    they run on it as it is seen, in degrees, and `width` and `height` are those of the page as it is held.
    """

    glyphs: Sequence[Glyph]
    spaces: Sequence[tuple[float, float]]
    number: int
    width: float
    height: float
    turn: int = 0
    scanned: Sequence[ScannedLine] = ()  # of a page without letters, where they were to be recognised

    @property
    def seen(self) -> tuple[float, float]:
        """Its width and its height as it is seen."""
        return seen_size(self.width, self.height, self.turn)


def seen_size(width: float, height: float, turn: int) -> tuple[float, float]:
    """The size of a page as it is seen, of which this is the size as it is held."""
    width, height = round(width, 1), round(height, 1)
    return (height, width) if turn in {90, 270} else (width, height)


def place_of(rows: Sequence[Row]) -> Place:
    """Where rows of one page stand."""
    first = rows[0]
    seen, height = seen_size(first.width, first.height, first.turn), round(first.height, 1)
    top, bottom = max(row.base + row.size for row in rows), min(row.base - _DEEP * row.size for row in rows)
    edges = (min(row.left for row in rows), height - top, max(row.right for row in rows), height - bottom)
    return Place(first.page + 1, *seen, *(round(edge, 1) for edge in as_seen(edges, first.turn, *seen)))


def rows_of(page: Page, *, spaced: bool) -> list[Row]:
    """Letters on one base line, cut where white space is wider than between words; those of each cell by themselves."""
    cells: dict[Cell | None, list[Glyph]] = defaultdict(list)
    for glyph in page.glyphs:
        cells[glyph.cell].append(glyph)
    spaces = sorted(page.spaces, key=lambda space: space[1]) if spaced else None
    return [row for cell, glyphs in cells.items() for row in _rows_in(glyphs, page, spaces, cell)]


def _rows_in(
    glyphs: Sequence[Glyph], page: Page, spaces: Sequence[tuple[float, float]] | None, cell: Cell | None
) -> list[Row]:
    lines: list[list[Glyph]] = []
    marks = [glyph for glyph in glyphs if unicodedata.combining(glyph.text[0])]
    for glyph in sorted((g for g in glyphs if not unicodedata.combining(g.text[0])), key=lambda g: -g.base):
        near = next(
            (row for row in lines[-4:] if abs(row[0].base - glyph.base) < 0.25 * min(row[0].size, glyph.size)), None
        )
        if near is None:
            lines.append([glyph])
        else:
            near.append(glyph)
    lines = _with_marks(lines, marks)
    heights = [height for _, height in spaces or ()]
    found: list[Row] = []
    for printed in _with_raised(lines):
        line = _printed_once(sorted(printed, key=lambda g: g.left))
        base, size = median(g.base for g in line if not g.raised), max(g.size for g in line)
        near_by = (spaces or ())[bisect_left(heights, base - 0.25 * size) : bisect_right(heights, base + 0.25 * size)]
        places = sorted(x for x, _ in near_by)
        for part in _parts(line, size):
            left, right = part[0].left, max(g.right for g in part)
            within = tuple(places[bisect_left(places, left) : bisect_right(places, right)])
            known = within if spaces is not None else None
            found.append(Row(tuple(part), page.number, page.width, page.height, known, cell, page.turn))
    return found


def _printed_once(line: Sequence[Glyph]) -> list[Glyph]:
    """A line without the letters that are printed over themselves, as some programs do for bold ones."""
    found: list[Glyph] = []
    for glyph in line:
        if found and found[-1].text == glyph.text and abs(found[-1].left - glyph.left) < 0.08 * glyph.size:
            continue
        found.append(glyph)
    return found


def _with_marks(lines: list[list[Glyph]], marks: Sequence[Glyph]) -> list[list[Glyph]]:
    """Each vowel or other mark with the letter that it stands on or below; without one, it is a line of its own."""
    if not marks:
        return lines
    bases = [(-line[0].base, number) for number, line in enumerate(lines)]  # from the top of the page, as they come
    for line in lines:
        line.sort(key=lambda g: g.left)
    lost = []
    for mark in marks:
        near = bases[
            bisect_left(bases, (-mark.base - mark.size, -1)) : bisect_right(bases, (-mark.base + mark.size, inf))
        ]
        found = [(at, home) for _, at in near if (home := _letter_under(lines[at], mark)) is not None]
        if not found:
            lost.append([mark])
            continue
        at, home = min(found, key=lambda one: abs(lines[one[0]][one[1]].base - mark.base))
        letter = lines[at][home]
        lines[at][home] = replace(letter, text=letter.text + mark.text)
    return sorted((*lines, *lost), key=lambda line: -line[0].base)


def _letter_under(line: Sequence[Glyph], mark: Glyph) -> int | None:
    """The letter of a line that stands where the middle of a mark is."""
    middle = (mark.left + mark.right) / 2
    at = bisect_right(line, middle, key=lambda g: g.left)
    near = [
        place
        for place in range(max(0, at - 3), min(len(line), at + 1))
        if line[place].left - 0.3 * mark.size < middle < line[place].right + 0.3 * mark.size
    ]
    if not near:
        return None
    return min(
        near,
        key=lambda place: (
            max(line[place].left - middle, middle - line[place].right, 0.0) * 1_000
            + abs((line[place].left + line[place].right) / 2 - middle)
        ),
    )


def _parts(line: Sequence[Glyph], size: float) -> list[Sequence[Glyph]]:
    parts: list[Sequence[Glyph]] = []
    start, reach = 0, line[0].right
    for at in range(1, len(line)):
        if line[at].left - reach > _GAP * size:
            parts.append(line[start:at])
            start = at
        reach = max(reach, line[at].right)
    return [*parts, line[start:]]


def _with_raised(rows: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Small digits above a base line go to the row that they stand in, marked as raised."""
    kept: list[list[Glyph]] = []
    raised: list[list[Glyph]] = []
    for row in rows:
        text = "".join(g.text for g in row)
        small = len(text) <= 12 and all(c.isdecimal() or c in "*†," for c in text)
        (raised if small else kept).append(row)
    for row in raised:
        for glyph in row:
            home = [
                other
                for other in kept
                if 0 < glyph.base - other[0].base < 0.8 * max(g.size for g in other)
                and glyph.size < 0.9 * max(g.size for g in other)
                and any(abs(glyph.left - g.right) < g.size or abs(g.left - glyph.right) < g.size for g in other)
            ]
            if home:
                min(home, key=lambda other: glyph.base - other[0].base).append(replace(glyph, raised=True))
            else:
                kept.append([glyph])
    merged: list[list[Glyph]] = []
    for row in kept:  # digits that belonged to no row are a row together again
        same = next((r for r in merged if len(row) == 1 and abs(r[0].base - row[0].base) < 0.1 * row[0].size), None)
        if same is None:
            merged.append(row)
        else:
            same.extend(row)
    return merged
