"""A paragraph → its lines, each with its letters from left to right.

    set_lines([Piece("21- …", REGULAR, 12.0)], width=450.0, right=True) → [Line((Item(…), …), 450.0, …), …]

Lengths are in points. A line breaks where there is a space, and within a word only where it is wider than the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.typeset.faces import Cluster, Face
from service.typeset.levels import levels, visual

_SPACE = " "
_FLAT = str.maketrans(dict.fromkeys("\t\n\v\f\r\u2028\u2029", _SPACE))
_FULL = 0.85  # of a line's width: one that is emptier, before a long symbol, is left as it is


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph in one font; `rise` is how far it stands above the line, `note` the one it leads to."""

    text: str
    face: Face
    size: float
    rise: float = 0.0
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Letters that follow each other in a line: a word, a part of one, or a space."""

    piece: Piece
    clusters: tuple[Cluster, ...]
    level: int
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what stands in it and where, from left to right, how wide that is, and which notes it leads to."""

    items: tuple[tuple[Item, float], ...]
    width: float
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in its parts, or the space between two, in the order that they are read in."""

    items: tuple[Item, ...]
    is_space: bool

    @property
    def width(self) -> float:
        return sum(item.width for item in self.items)


def set_lines(pieces: Sequence[Piece], width: float, *, right: bool, justified: bool = False) -> list[Line]:
    """The lines of a paragraph that runs from right to left or not; `justified` ones are widened, but for the last."""
    lines: list[list[_Word]] = [[]]
    taken = 0.0
    for word in _fitting(_words(pieces, right=right), width):
        if taken + word.width > width and not word.is_space and lines[-1]:
            lines.append([])
            taken = 0.0
        lines[-1].append(word)
        taken += word.width
    last = len(lines) - 1
    return [_line(words, width if justified and number < last else None) for number, words in enumerate(lines)]


def _line(words: list[_Word], width: float | None) -> Line:
    """A line without the spaces at its ends, its spaces as wide as it needs to be that wide."""
    while words and words[-1].is_space:
        words.pop()
    while words and words[0].is_space:
        words.pop(0)
    taken, spaces = sum(word.width for word in words), sum(word.is_space for word in words)
    more = (width - taken) / spaces if width is not None and spaces and taken > _FULL * width else 0.0
    read = [(item, item.width + more * word.is_space) for word in words for item in word.items]
    items, left = list[tuple[Item, float]](), 0.0
    for place in visual([item.level for item, _ in read]):
        items.append((read[place][0], left))
        left += read[place][1]
    notes = tuple(dict.fromkeys(item.piece.note for item, _ in read if item.piece.note is not None))
    return Line(tuple(items), left, notes)


def _words(pieces: Sequence[Piece], *, right: bool) -> Iterator[_Word]:
    """The words and the spaces between them, in reading order."""
    text = "".join(piece.text for piece in pieces).translate(_FLAT)
    found = levels(text, int(right))
    owners = [number for number, piece in enumerate(pieces) for _ in piece.text]
    for is_space, places in groupby(range(len(text)), key=lambda at: text[at] == _SPACE):
        items = (
            _item(pieces[owner], "".join(text[at] for at in own), level)
            for (owner, level), own in groupby(places, key=lambda at: (owners[at], found[at]))
        )
        yield _Word(tuple(items), is_space)


def _item(piece: Piece, text: str, level: int) -> Item:
    clusters = piece.face.shaped(text, right=level % 2 == 1)
    return Item(piece, clusters, level, piece.size * sum(cluster.width for cluster in clusters) / 1000)


def _fitting(words: Iterator[_Word], width: float) -> Iterator[_Word]:
    """The words; one that is wider than a line, in parts that are not."""
    for word in words:
        if word.is_space or word.width <= width:
            yield word
            continue
        part, taken = list[Item](), 0.0
        for item in word.items:
            order = reversed(item.clusters) if item.level % 2 else item.clusters
            for cluster in order:
                own = Item(item.piece, (cluster,), item.level, item.piece.size * cluster.width / 1000)
                if part and taken + own.width > width:
                    yield _Word(tuple(part), is_space=False)
                    part, taken = [], 0.0
                part.append(own)
                taken += own.width
        yield _Word(tuple(part), is_space=False)
