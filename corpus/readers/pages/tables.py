"""Which lines of a page are rows of a table: cells that stand below each other, line after line.

Numbers that hang beside their paragraphs stand below each other, too: two cells a line, the first a number each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers.pages.rows import Row
from corpus.readers.lines import LABELLED

_NEAR = 0.8  # of the letters' size: how exactly cells stand below each other
_FEWEST = 2  # rows
_LEADER = re.compile(r"(?:[.·_]\s?){4}|…")

Line = Sequence[Row]


def tables_of(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Where tables begin and end among the lines of a page, in reading order."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if len(lines[at]) > 1:
            widest = lines[at]
            while end < len(lines) and _goes_on(lines, at, end, widest):
                widest = lines[end] if len(lines[end]) > len(widest) else widest
                end += 1
            while end > at + 1 and len(lines[end - 1]) == 1:  # a paragraph below the table
                end -= 1
        if end - at >= _FEWEST and sum(len(line) > 1 for line in lines[at:end]) >= _FEWEST and _is_table(lines[at:end]):
            found.append((at, end))
            at = end
        else:
            at += 1
    return found


def _goes_on(lines: Sequence[Line], start: int, at: int, widest: Line) -> bool:
    """Whether a line is one of the table that begins at `start`: its cells stand below those of the widest line."""
    line, above = lines[at], lines[at - 1]
    if line[0].page != above[0].page or above[0].base - line[0].base > 4 * line[0].size or line[0].base > above[0].base:
        return False
    if len(line) == 1 and (line[0].right - line[0].left > 0.6 * _width(widest) or _is_first(line[0], widest)):
        return False
    return (
        all(any(_below(cell, column) for column in widest) for cell in line)
        or all(any(_below(cell, column) for cell in line) for column in widest)
        or (len(line) == len(widest) and all(_overlaps(cell, column) for cell, column in zip(_sorted(line), _sorted(widest), strict=True)))
    )


def _sorted(line: Line) -> list[Row]:
    return sorted(line, key=lambda cell: cell.left)


def _overlaps(cell: Row, column: Row) -> bool:
    return cell.left < column.right and column.left < cell.right


def _is_first(cell: Row, widest: Line) -> bool:
    """Whether a cell by itself stands where a line of text would begin."""
    return abs(cell.left - min(c.left for c in widest)) < cell.size or abs(
        cell.right - max(c.right for c in widest)
    ) < cell.size


def _width(line: Line) -> float:
    return max(cell.right for cell in line) - min(cell.left for cell in line)


def _below(cell: Row, column: Row) -> bool:
    near = _NEAR * max(cell.size, column.size)
    middles = (cell.left + cell.right) / 2, (column.left + column.right) / 2
    return (
        abs(cell.left - column.left) < near
        or abs(cell.right - column.right) < near
        or abs(middles[0] - middles[1]) < near
    )


def _is_table(lines: Sequence[Line]) -> bool:
    """Whether these lines are more than numbers that hang beside their paragraphs, and no table of contents."""
    texts = [[cell.text("ltr").strip() for cell in line] for line in lines]
    if any(_LEADER.search(text) for line in texts for text in line):
        return False
    for line in texts:
        words = [text for text in line if not _is_label(text)]
        if len(line) > 1 and (len(words) > 1 or not words):
            return True
    return False


def _is_label(text: str) -> bool:
    """Whether a cell holds the number of a paragraph: `1.`, `(a)`, and `.1`, as one stands in a line of Arabic."""
    turned = text[::-1].translate(str.maketrans("()", ")("))
    return bool(LABELLED.fullmatch(text) or LABELLED.fullmatch(turned))


def merged(lines: Sequence[Line]) -> list[list[list[Row]]]:
    """The rows of a table, each cell the printed lines that it takes: a line without a first cell goes on with its row."""
    columns = max(lines, key=len)
    ordered = sorted(columns, key=lambda cell: cell.left)
    rows: list[list[list[Row]]] = []
    for line in lines:
        placed: list[list[Row]] = [[] for _ in ordered]
        for cell in line:
            nearest = min(range(len(ordered)), key=lambda i: _apart(cell, ordered[i]))
            placed[nearest].append(cell)
        if rows and len(line) < len(ordered) and _is_rest(line, ordered):
            for cells, more in zip(rows[-1], placed, strict=True):
                cells += more
        else:
            rows.append(placed)
    return rows


def _is_rest(line: Line, ordered: Line) -> bool:
    """Whether a line goes on with the cells above it: it has neither the first nor the last of the columns."""
    ends = (ordered[0], ordered[-1])
    return len(line) == 1 and not any(_below(cell, end) for cell in line for end in ends)


def _apart(cell: Row, column: Row) -> float:
    overlap = min(cell.right, column.right) - max(cell.left, column.left)
    return -overlap if overlap > 0 else min(abs(cell.left - column.right), abs(column.left - cell.right)) + 1_000
