"""A PDF → its lines in reading order: columns one after the other, running heads left out, footnotes set apart.

A PDF holds letters with places, not text. pypdfium2 says where each letter stands; `pdf_glyphs` makes logical text of
letters in a row; this module finds the rows, the columns, and what each line is, by its place and its size. A table is
read as lines. A page without letters is a picture: such a document is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import DocumentRefused
from corpus.readers.lines import Account, DocumentLines, LineWriter
from corpus.readers.pdf_glyphs import Direction, Glyph, direction_of, mirrors_brackets, read_glyphs, text_of
from corpus.text import clean

MAX_PAGES = 2_000
MAX_GLYPHS = 3_000_000  # what a gibibyte of memory holds
MAX_ON_A_PAGE = 100_000  # five times what fits on one in the smallest print
# All in units of the letters' own size, as are the distances below.
_GAP = 1.5  # white space that parts columns or cells, not words
_NEW_BLOCK = 1.3  # of the usual distance between lines
_NEAR = 40  # rows that columns beside a line may hold before the next line of its own
_SMALL, _LARGE = 0.92, 1.06  # of the size of the text: footnotes, headings
_MARGIN = 0.12  # of the page's height: where running heads stand

_PAGE_NUMBER = re.compile(
    r"[-–—(]?\s*(?:page\s+|صفحة\s+)?\d{1,4}(?:\s*(?:/|of|من)\s*\d{1,4})?\s*[-–—)]?", re.IGNORECASE
)
_NOTE_START = re.compile(r"\ue000([^\ue001]{1,4})\ue001\s*|(\d{1,3}|\*{1,3})[./]?\s+")
_HYPHENATED = re.compile(r"(?<=[a-z])\x02$")


@dataclass(frozen=True, eq=False)
class _Row:
    """Letters in a row, without a gap: where they stand, how large they are; `page` counts from 0."""

    glyphs: tuple[Glyph, ...]
    page: int
    height: float  # of the page

    @cached_property
    def left(self) -> float:
        return min(g.left for g in self.glyphs)

    @cached_property
    def right(self) -> float:
        return max(g.right for g in self.glyphs)

    @cached_property
    def base(self) -> float:
        return float(median(g.base for g in self.glyphs if not g.raised))

    @cached_property
    def size(self) -> float:
        return float(median(g.size for g in self.glyphs if not g.raised))

    @cached_property
    def bold(self) -> bool:
        return sum(g.bold for g in self.glyphs) > len(self.glyphs) / 2


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of a PDF. Raises DocumentRefused where it is damaged, locked, or holds pictures of text."""
    writer = LineWriter()
    pages = _pages(data, name, writer.account)
    letters = [glyph for page in pages for row in page for glyph in row.glyphs]
    if len(letters) < 20:
        raise DocumentRefused(
            f"{name} holds {len(letters)} letters: its pages are pictures; run text recognition on it (OCR), "
            "or take the Word file"
        )
    mirrored = mirrors_brackets([row.glyphs for page in pages for row in page])
    direction = direction_of(letters)
    size = Counter(round(g.size * 2) / 2 for g in letters if not g.raised).most_common(1)[0][0]
    heads = _running_heads(pages, mirrored)
    for head in (row for page in pages for row in page if row in heads):
        writer.account.leave_out("running heads and page numbers", text_of(head.glyphs, direction, mirrored))
    body = [row for page in pages for row in page if row not in heads]
    printer = _Printer(size, direction, mirrored, body, writer)
    for page in pages:
        printer.page([row for row in page if row not in heads])
    return printer.done()


def _pages(data: bytes, name: str, account: Account) -> list[list[_Row]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        hint = "locked with a password" if "assword" in str(error) else "no PDF that can be read, or damaged"
        raise DocumentRefused(f"{name} is {hint}; save it anew, without a password") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentRefused(f"{name} has {len(document):,} pages, over {MAX_PAGES:,}; split the report")
        pages, letters = [], 0
        for number in range(len(document)):
            page = document[number]
            glyphs = _letters(page, number, name, account)
            letters += len(glyphs)
            if letters > MAX_GLYPHS:
                raise DocumentRefused(f"{name} holds over {MAX_GLYPHS:,} letters; split the report")
            pages.append(_rows(glyphs, number, page.get_height()))
            page.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentRefused(f"{name} is damaged: {clean(str(error))[:80]}; save it anew") from error
    finally:
        document.close()
    return pages


def _letters(page: pypdfium2.PdfPage, number: int, name: str, account: Account) -> list[Glyph]:
    """The letters of a page; what of it could not be read is listed."""
    textpage = page.get_textpage()
    if (count := pdfium.FPDFText_CountChars(textpage.raw)) > MAX_ON_A_PAGE:
        raise DocumentRefused(
            f"{name}, page {number + 1}, holds {count:,} letters, over the {MAX_ON_A_PAGE:,} that are read of a page; "
            "print it anew"
        )
    found = read_glyphs(textpage, account)
    textpage.close()
    where = f"page {number + 1}"
    if not found.glyphs:
        account.find(f"{where} holds no letters; if it is a picture of text, run text recognition on it (OCR)")
    if found.lost:
        account.find(f"{where}: {found.lost:,} letters are left out, which the file gives no meaning or no place")
    if found.guessed:
        account.find(f"{where}: {found.guessed:,} letters are a guess, since the file does not say what they mean")
    if written := sum(_is_written(page, at) for at in range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        account.find(
            f"{where}: {written:,} text boxes or form fields that were laid over it are not read; print it anew"
        )
    return found.glyphs


def _is_written(page: pypdfium2.PdfPage, at: int) -> bool:
    """Whether that annotation is text of its own, and no link, highlight or comment."""
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind in {pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET}


def _rows(glyphs: Sequence[Glyph], page: int, height: float) -> list[_Row]:
    """Letters on one base line, cut where white space is wider than between words."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: -g.base):
        near = next(
            (row for row in rows[-4:] if abs(row[0].base - glyph.base) < 0.25 * min(row[0].size, glyph.size)), None
        )
        if near is None:
            rows.append([glyph])
        else:
            near.append(glyph)
    rows = _with_raised(rows)
    found: list[_Row] = []
    for row in rows:
        row.sort(key=lambda g: g.left)
        largest = max(g.size for g in row)
        start, reach = 0, row[0].right
        for at in range(1, len(row)):
            if row[at].left - reach > _GAP * largest:
                found.append(_Row(tuple(row[start:at]), page, height))
                start = at
            reach = max(reach, row[at].right)
        found.append(_Row(tuple(row[start:]), page, height))
    return found


def _on_one_base(one: Glyph, other: Glyph) -> bool:
    return abs(one.base - other.base) < 0.25 * min(one.size, other.size)


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


def _running_heads(pages: Sequence[Sequence[_Row]], mirrored: bool) -> set[_Row]:
    """Rows in the margins that come again on other pages, digits aside, and page numbers."""

    def pattern(row: _Row) -> str:
        return re.sub(r"\d+", "#", clean(text_of(row.glyphs, direction_of(row.glyphs), mirrored)))

    margins = [row for page in pages for row in page if _in_margin(row)]
    counts = Counter((pattern(row), round(row.base / 4)) for row in margins)
    return {
        row
        for row in margins
        if counts[pattern(row), round(row.base / 4)] > max(1, len(pages) // 3)
        or _PAGE_NUMBER.fullmatch(clean(text_of(row.glyphs, "ltr", mirrored)))
    }


def _in_margin(row: _Row) -> bool:
    """Whether a row stands in the margin above or below the text."""
    return not _MARGIN * row.height <= row.base <= (1 - _MARGIN) * row.height


class _Printer:
    """Writes the lines of page after page."""

    def __init__(
        self, size: float, direction: Direction, mirrored: bool, rows: Sequence[_Row], writer: LineWriter
    ) -> None:
        self._size, self._direction, self._mirrored = size, direction, mirrored
        self._writer = writer
        self._notes: list[tuple[str, str]] = []
        large = sorted({round(row.size) for row in rows if row.size > _LARGE * size}, reverse=True)
        self._levels = {size: level for level, size in enumerate(large, 1)}
        self._leading = _leading(rows, size)
        self._heading: list[str] = []
        self._heading_level = 0

    def page(self, rows: Sequence[_Row]) -> None:
        """One page: its columns, then its footnotes."""
        body = [row for row in rows if row.size >= _SMALL * self._size]
        small = [row for row in rows if row.size < _SMALL * self._size]
        notes = [row for row in small if all(not _above(row, other) for other in body)]
        set_apart = set(notes)
        for line in self._ordered([row for row in rows if row not in set_apart]):
            self._print(line)
        for line in self._ordered(notes):
            self._note(line)
        self._above: Sequence[_Row] | None = None

    def done(self) -> DocumentLines:
        """All that was printed; the footnotes last."""
        self._end_heading()
        for mark, text in self._notes:
            self._writer.add(text, "note", mark=mark)
        return self._writer.done()

    def _ordered(self, rows: Sequence[_Row]) -> list[list[_Row]]:
        """Lines in reading order, each the rows that stand on it: bands of columns between rows that cross them."""
        gutter = _gutter(rows)
        lines: list[list[_Row]] = []
        band: list[_Row] = []
        for row in sorted(rows, key=lambda r: (-r.base, r.left)):
            if gutter is not None and row.left < gutter < row.right:
                lines += self._columns(band, gutter)
                band = []
                lines += _on_lines([row])
            else:
                band.append(row)
        return lines + self._columns(band, gutter)

    def _columns(self, band: Sequence[_Row], gutter: float | None) -> list[list[_Row]]:
        if gutter is None:
            return _on_lines(band)
        left, right = [r for r in band if r.right <= gutter], [r for r in band if r.left >= gutter]
        columns = (right, left) if self._direction == "rtl" else (left, right)
        return [line for column in columns for line in _on_lines(column)]

    _above: Sequence[_Row] | None = None

    def _print(self, line: Sequence[_Row]) -> None:
        text = self._text(line)
        size = max(row.size for row in line)
        level = self._levels.get(round(size), 0) if size > _LARGE * self._size else 0
        bold = all(row.bold for row in line) and not level
        apart = self._above is not None and not self._follows(self._above, line)
        self._above = line
        if level or (bold and not _PAGE_NUMBER.fullmatch(text)):
            level = level or len(self._levels) + 1
            if self._heading and (apart or level != self._heading_level):
                self._end_heading()
            self._heading.append(text)
            self._heading_level = level
            return
        self._end_heading()
        if apart:
            self._writer.gap()
        self._writer.add(_HYPHENATED.sub("\u00ad", text).replace("\x02", "-"))

    def _end_heading(self) -> None:
        if self._heading:
            self._writer.gap()
            self._writer.add(" ".join(self._heading), "heading", self._heading_level)
            self._writer.gap()
        self._heading = []

    def _note(self, line: Sequence[_Row]) -> None:
        text = self._text(line)
        if start := _NOTE_START.match(text):
            self._notes.append((start[1] or start[2], text[start.end() :]))
        elif self._notes:
            mark, before = self._notes.pop()
            self._notes.append((mark, f"{before} {text}"))
        else:
            self._writer.add(text)

    def _text(self, line: Sequence[_Row]) -> str:
        direction = direction_of([g for row in line for g in row.glyphs], self._direction)
        ordered = sorted(line, key=lambda r: r.left, reverse=direction == "rtl")
        return " ".join(text_of(row.glyphs, direction, self._mirrored) for row in ordered).strip()

    def _follows(self, above: Sequence[_Row], line: Sequence[_Row]) -> bool:
        """Whether no more white space than usual parts two lines; the start of a column or page parts nothing."""
        distance = above[0].base - line[0].base
        return above[0].page != line[0].page or distance <= 0 or distance <= _NEW_BLOCK * self._leading


def _above(row: _Row, other: _Row) -> bool:
    """Whether `row` stands above `other`, in one column with it."""
    return row.base > other.base and row.left < other.right and other.left < row.right


def _on_lines(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Rows on one base line put together."""
    lines: list[list[_Row]] = []
    for row in sorted(rows, key=lambda r: -r.base):
        if lines and abs(lines[-1][0].base - row.base) < 0.3 * row.size:
            lines[-1].append(row)
        else:
            lines.append([row])
    return lines


def _leading(rows: Sequence[_Row], size: float) -> float:
    """The usual distance between lines of the text: from each to the next one below it, in its own column."""
    text = sorted((row for row in rows if abs(row.size - size) < 0.5), key=lambda r: (r.page, -r.base))
    gaps = [gap for at, row in enumerate(text) if (gap := _gap_below(row, text[at + 1 : at + _NEAR], size)) is not None]
    return _lower_median(gaps) if gaps else 1.2 * size


def _gap_below(row: _Row, later: Sequence[_Row], size: float) -> float | None:
    """How far below the row the next one of its column is, or None where that is further than lines are apart."""
    for other in later:
        gap = row.base - other.base
        if other.page != row.page or gap >= 2.5 * size:
            return None
        if gap > 0.5 * size and other.left < row.right and row.left < other.right:
            return gap
    return None


def _lower_median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 3]  # paragraphs' own distances are the upper part


def _gutter(rows: Sequence[_Row]) -> float | None:
    """The middle of the white space between two columns, or None where there is one column."""
    if len(rows) < 4:
        return None
    left, right = min(r.left for r in rows), max(r.right for r in rows)
    best: tuple[int, float] | None = None
    steps = 80
    for step in range(steps // 4, 3 * steps // 4):
        at = left + (right - left) * step / steps
        crossing = sum(r.left < at < r.right for r in rows)
        before, after = [r for r in rows if r.right <= at], [r for r in rows if r.left >= at]
        # Both sides hold lines of text, not the short cells or hanging numbers of a single column.
        wide = min((sum(r.right - r.left > 0.25 * (right - left) for r in side) for side in (before, after)), default=0)
        if wide >= 3 and crossing <= 0.25 * len(rows) and (best is None or crossing < best[0]):
            best = crossing, at
    return best[1] if best else None
