"""The tables that a tagged PDF says it holds: which letters stand in which cell.

A tagged PDF has a tree of what it shows (ISO 32000-1, section 14.8); a cell names the marked content that it shows, and
so does each object that paints letters.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

MAX_ELEMENTS = 100_000  # of a page's tree
MAX_DEPTH = 64
_CELLS = frozenset(("TD", "TH"))


class Cell(NamedTuple):
    """A cell of a table: which table of the page, which row of that, which cell of that, from 0."""

    table: int
    row: int
    column: int


class TableTags:
    """The cells of a page's tables by the marked content that they show."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._left = MAX_ELEMENTS
        self.cells: dict[int, Cell] = {}

    def read(self) -> dict[int, Cell]:
        """Go through the page's tree; an empty table where it has none, or an untrue one."""
        tree = pdfium.FPDF_StructTree_GetForPage(self._page)
        if not tree:
            return {}
        tables = 0
        try:
            for at in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                top = pdfium.FPDF_StructTree_GetChildAtIndex(tree, at)
                for table in self._found(top, "Table", 0):
                    for row, element in enumerate(self._found(table, "TR", 0)):
                        self._row(element, tables, row)
                    tables += 1
        finally:
            pdfium.FPDF_StructTree_Close(tree)
        return self.cells if self._left > 0 else {}

    def _row(self, element: Any, table: int, row: int) -> None:
        cells = (child for child in self._children(element) if _type(child) in _CELLS)
        for column, cell in enumerate(cells):
            for mark in self._marks(cell, 0):
                self.cells.setdefault(mark, Cell(table, row, column))

    def _found(self, element: Any, name: str, depth: int) -> Iterator[Any]:
        """The nearest elements of a type below this one, itself among them."""
        if not element or depth > MAX_DEPTH or self._left <= 0:
            return
        if _type(element) == name:
            yield element
            return
        for child in self._children(element):
            yield from self._found(child, name, depth + 1)

    def _children(self, element: Any) -> Iterator[Any]:
        for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
            self._left -= 1
            if self._left <= 0:
                return
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, at):
                yield child

    def _marks(self, element: Any, depth: int) -> Iterator[int]:
        """The marked content that an element and what is below it show."""
        if depth > MAX_DEPTH:
            return
        for at in range(max(0, pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))):
            self._left -= 1
            if (mark := pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, at)) >= 0:
                yield mark
        for child in self._children(element):
            yield from self._marks(child, depth + 1)


def _type(element: Any) -> str:
    name = ctypes.create_string_buffer(32)
    size = pdfium.FPDF_StructElement_GetType(element, name, 32)
    return name.raw[: max(0, min(size, 32) - 2)].decode("utf-16-le", "replace")
