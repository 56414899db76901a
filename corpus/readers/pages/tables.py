"""Which lines of a page are rows of a table: cells that stand below each other, line after line.

Numbers that hang beside their paragraphs stand below each other, too: two cells a line, the first a number each time.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from corpus.readers.lines import LABELLED
from corpus.readers.pages.rows import Row

_RIVER = 0.4  # of the letters' size: the least white space that runs down between two columns
_FEWEST = 2  # rows with more than one cell
_APART = 5  # of the letters' size: how far below each other two lines of a table stand at most
_LEADER = re.compile(r"(?:[.·_]\s?){4}|…")

Line = Sequence[Row]
_Span = tuple[float, float]


def tables_of(lines: Sequence[Line], *, rtl: bool = False) -> list[tuple[int, int]]:
    """Where tables begin and end among the lines of a page, in reading order."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        end = _end(lines, at, rtl=rtl) if len(lines[at]) > 1 else at
        if sum(len(line) > 1 for line in lines[at:end]) >= _FEWEST and _is_table(lines[at:end]):
            found.append((at, end))
            at = end
        else:
            at += 1
    return found


def _end(lines: Sequence[Line], start: int, *, rtl: bool) -> int:
    """The line after the last one of the table that begins here: white space runs down between the same columns."""
    rivers = _gaps(lines[start])
    cells = sorted(lines[start], key=lambda cell: cell.left)
    first = cells[-1] if rtl else cells[0]
    end = at = start + 1
    while at < len(lines):
        line, above = lines[at], lines[at - 1]
        if line[0].page != above[0].page or not 0 < above[0].base - line[0].base < _APART * line[0].size:
            break
        if len(line) == len(rivers) + 1:
            joined = [(max(a, c), min(b, d)) for (a, b), (c, d) in zip(rivers, _gaps(line), strict=True)]
            if any(right - left < _RIVER * line[0].size for left, right in joined):
                break
            rivers, end = joined, at + 1
        elif (
            len(line) > len(rivers) + 1
            or any(_crosses(cell, rivers) for cell in line)
            or (len(line) == 1 and _in_column_of(line[0], first, rivers))
        ):
            break
        at += 1
    while end < at and len(lines[end]) < len(rivers) + 1:  # the rest of the last row's cells
        end += 1
    return end


def _gaps(line: Line) -> list[_Span]:
    cells = sorted(line, key=lambda cell: cell.left)
    return [(cell.right, after.left) for cell, after in itertools.pairwise(cells)]


def _crosses(cell: Row, rivers: Sequence[_Span]) -> bool:
    return any(cell.left < (left + right) / 2 < cell.right for left, right in rivers)


def _in_column_of(cell: Row, other: Row, rivers: Sequence[_Span]) -> bool:
    return all((cell.left < middle) == (other.left < middle) for middle in (sum(river) / 2 for river in rivers))


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
    """The rows of a table, each cell the printed lines that it takes; a line of middle cells goes on with its row."""
    columns = max(lines, key=len)
    ordered = sorted(columns, key=lambda cell: cell.left)
    rows: list[list[list[Row]]] = []
    for line in lines:
        placed: list[list[Row]] = [[] for _ in ordered]
        for cell in line:
            nearest = min(range(len(ordered)), key=lambda i: _apart(cell, ordered[i]))
            placed[nearest].append(cell)
        if rows and len(line) < len(ordered) and _is_rest(line, ordered):
            rows[-1] = [[*cells, *more] for cells, more in zip(rows[-1], placed, strict=True)]
        else:
            rows.append(placed)
    return rows


def _is_rest(line: Line, ordered: Line) -> bool:
    """Whether a line goes on with the cells above it: it has neither the first nor the last of the columns."""
    return len(line) == 1 and not any(_overlaps(line[0], end) for end in (ordered[0], ordered[-1]))


def _overlaps(cell: Row, column: Row) -> bool:
    return cell.left < column.right and column.left < cell.right


def _apart(cell: Row, column: Row) -> float:
    overlap = min(cell.right, column.right) - max(cell.left, column.left)
    return -overlap if overlap > 0 else min(abs(cell.left - column.right), abs(column.left - cell.right)) + 1_000
