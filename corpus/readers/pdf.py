"""A PDF → its lines in reading order: columns one after the other, running heads left out, footnotes set apart.

A PDF holds letters with places, not text. pypdfium2 says where each letter stands; `pages.rows` finds the rows,
`pages.bidi` makes logical text of letters in a row, `pages.margins` tells what is no text, `pages.tables` which lines
are rows of a table; this module finds the columns, and what each line is, by its place and its size. A page without
letters is a picture: such a document is refused, unless it is to be recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.layout.markers import find_marker
from corpus.layout.told import refused, told
from corpus.readers.lines import DocumentLines, Ink, LineWriter, Place, hangs_numbers
from corpus.readers.pages.bidi import Direction
from corpus.readers.pages.margins import PAGE_NUMBER, line_numbers, running_heads, without_watermarks
from corpus.readers.pages.rows import Row, place_of, rows_of
from corpus.readers.pages.tables import merged, tables_of
from corpus.readers.pdf_glyphs import HEAVY, Glyph, direction_of
from corpus.readers.pdf_pages import FEW, pages_of
from corpus.readers.scans.recognise import Recogniser, how_to_read, write_scanned
from corpus.text import count_letters

# All in units of the letters' own size, as are the distances below.
_NEW_BLOCK = 1.3  # of the usual distance between lines
_NEAR = 40  # rows that columns beside a line may hold before the next line of its own
_SMALL, _LARGE = 0.92, 1.06  # of the size of the text: footnotes, headings
_BOLD = 1.25  # of the usual weight of the document's letters
_SPACED = 0.04  # spaces a letter, in a file that holds spaces

_Printed = tuple[str, tuple[Ink, ...]]  # the text of a line, and where its letters stand
_NOTE_START = re.compile(r"\ue000([^\ue001]{1,4})\ue001\s*|(\d{1,3}|\*{1,3})[./]?\s+")
_HYPHENATED = re.compile(r"(?<=[a-z])\x02$")
_JOINED_WORDS = frozenset(("and", "or", "to"))  # "first- and second-class"


def read(data: bytes, name: str, recogniser: Recogniser | None = None) -> DocumentLines:
    """The lines of a PDF; pages without letters are read by the recogniser, where there is one.

    Raises DocumentRefused where it is damaged, locked, or holds pictures of text and nothing to read them with.
    """
    writer = LineWriter()
    account = writer.account
    read_pages = pages_of(data, name, account, recogniser)
    letters = [glyph for page in read_pages for glyph in page.glyphs]
    sizes = [page.seen for page in read_pages]
    if len(letters) < FEW:
        if recogniser is None:
            raise refused("only_pictures", name=name, number=str(len(letters)), fix=how_to_read())
        for picture in read_pages:
            write_scanned(picture.scanned, picture.number + 1, writer)
        return writer.done(sizes)
    spaced = sum(len(page.spaces) for page in read_pages) > _SPACED * len(letters)
    size = Counter(round(g.size * 2) / 2 for g in letters).most_common(1)[0][0]
    pages = [rows_of(page, spaced=spaced) for page in without_watermarks(read_pages, size, account)]
    direction = direction_of(letters)
    heads = running_heads(pages)
    for head in (row for page in pages for row in page if row in heads):
        account.leave_out(told("running_heads"), head.text(direction))
    for number, page in enumerate(pages):
        counted = line_numbers([row for row in page if row not in heads])
        for row in sorted(counted, key=lambda row: -row.base):
            account.leave_out(told("line_numbers"), row.text("ltr"))
        pages[number] = [row for row in page if row not in heads and row not in counted]
    printer = _Printer(size, direction, _bold_from(letters), [row for page in pages for row in page], writer)
    for read_page, rows in zip(read_pages, pages, strict=True):
        printer.page(rows)
        if read_page.scanned:
            printer.end_heading()
            write_scanned(read_page.scanned, read_page.number + 1, writer)
    return printer.done(sizes)


def _bold_from(letters: Sequence[Glyph]) -> float:
    """The weight above which letters are bold: fonts state weights so differently that only a document compares."""
    usual = Counter(g.weight for g in letters).most_common(1)[0][0]
    return float("inf") if usual == HEAVY else max(599.0, _BOLD * usual)


class _Printer:
    """Writes the lines of page after page."""

    def __init__(self, size: float, direction: Direction, bold: float, rows: Sequence[Row], writer: LineWriter) -> None:
        self._size, self._direction, self._bold = size, direction, bold
        self._writer = writer
        self._notes: list[tuple[str, str, Place]] = []
        large = sorted({round(row.size) for row in rows if row.size > _LARGE * size}, reverse=True)
        self._levels = {size: level for level, size in enumerate(large, 1)}
        self._leading = _leading(rows, size)
        self._heading: list[_Printed] = []
        self._heading_level = 0
        self._heading_place: Place | None = None

    def page(self, rows: Sequence[Row]) -> None:
        """One page: its columns, then its footnotes; tables that the file names where they begin."""
        tagged: dict[int, list[Row]] = {}
        for row in rows:
            if row.cell is not None:
                tagged.setdefault(row.cell.table, []).append(row)
        rows = [row for row in rows if row.cell is None]
        waiting = sorted(tagged.values(), key=lambda table: -max(row.base for row in table))
        body = [row for row in rows if row.size >= _SMALL * self._size]
        small = [row for row in rows if row.size < _SMALL * self._size]
        notes = [row for row in small if all(not _above(row, other) for other in body)]
        set_apart = set(notes)
        lines = self._ordered([row for row in rows if row not in set_apart])
        tables = dict(tables_of(lines, rtl=self._direction == "rtl"))
        at = 0
        while at < len(lines):
            while waiting and max(row.base for row in waiting[0]) > lines[at][0].base:
                self._tagged_table(waiting.pop(0))
            if (end := tables.get(at)) is not None:
                self._table(lines[at:end])
                at = end
            else:
                self._print(lines[at])
                at += 1
        for table in waiting:
            self._tagged_table(table)
        for line in self._ordered(notes):
            self._note(line)
        self._above: Sequence[Row] | None = None

    def done(self, sizes: Sequence[tuple[float, float]]) -> DocumentLines:
        """All that was printed, on pages of these sizes; the footnotes last."""
        self.end_heading()
        for mark, text, place in self._notes:
            self._writer.origin = place
            self._writer.add(text, "note", mark=mark)
        return self._writer.done(sizes)

    def _ordered(self, rows: Sequence[Row]) -> list[list[Row]]:
        """Lines in reading order, each the rows that stand on it: bands of columns between rows that cross them."""
        gutter = _gutter(rows)
        lines: list[list[Row]] = []
        band: list[Row] = []
        for row in sorted(rows, key=lambda r: (-r.base, r.left)):
            if gutter is not None and row.left < gutter < row.right:
                lines += self._columns(band, gutter)
                band = []
                lines += _on_lines([row])
            else:
                band.append(row)
        return lines + self._columns(band, gutter)

    def _columns(self, band: Sequence[Row], gutter: float | None) -> list[list[Row]]:
        if gutter is None:
            return _on_lines(band)
        left, right = [r for r in band if r.right <= gutter], [r for r in band if r.left >= gutter]
        columns = (right, left) if self._direction == "rtl" else (left, right)
        return [line for column in columns for line in _on_lines(column)]

    _above: Sequence[Row] | None = None
    _cut = False  # whether the line above ends within a document's symbol

    def _print(self, line: Sequence[Row]) -> None:
        text, ink = self._read(line)
        size = max(row.size for row in line)
        level = self._levels.get(round(size), 0) if size > _LARGE * self._size else 0
        bold = all(row.is_heavier(self._bold) for row in line) and not level
        apart = self._above is not None and not self._follows(self._above, line)
        self._above = line
        if level or (bold and not PAGE_NUMBER.fullmatch(text)):
            level = level or len(self._levels) + 1
            if self._heading and (apart or level != self._heading_level):
                self.end_heading()
            self._heading.append((text, ink))
            self._heading_level, self._heading_place = level, place_of(line)
            return
        self.end_heading()
        self._writer.origin = place_of(line)
        if apart:
            self._writer.gap()
        text = _HYPHENATED.sub("\u00ad", text).replace("\x02", "-")
        if self._cut and not apart and text[:1].isalnum() and text.split(" ", 1)[0] not in _JOINED_WORDS:
            self._writer.go_on("\u00ad")
        self._cut = _is_cut(text)
        self._writer.add(text, ink=ink)

    def _tagged_table(self, rows: Sequence[Row]) -> None:
        """The rows of a table that the file names, cell by cell."""
        cells: dict[tuple[int, int], list[Row]] = {}
        for row in rows:
            if row.cell is not None:
                cells.setdefault((row.cell.row, row.cell.column), []).append(row)
        width = 1 + max(column for _, column in cells)
        read = [
            [[self._read(line) for line in _on_lines(cells.get((at, column), ()))] for column in range(width)]
            for at in sorted({at for at, _ in cells})
        ]
        self._write_rows(read, place_of(rows))
        self._above = None

    def _write_rows(self, rows: Sequence[Sequence[Sequence[_Printed]]], place: Place) -> None:
        """Rows of cells, each of the lines that stand in it."""
        self.end_heading()
        self._writer.origin = place
        self._writer.gap()
        texts = [tuple(" ".join(text for text, _ in cell) for cell in row) for row in rows]
        hanging = hangs_numbers(texts)
        for row, cells in zip(rows, texts, strict=True):
            ink = tuple(one for cell in row for _, inks in cell for one in inks)
            self._writer.row(cells, hanging=hanging, ink=ink)
        self._writer.gap()
        self._cut = False

    def _table(self, lines: Sequence[list[Row]]) -> None:
        """The rows of a table, its cells in reading order."""
        rows = (row[::-1] if self._direction == "rtl" else row for row in merged(lines))
        read = [[[self._read([part]) for part in cell] for cell in row] for row in rows]
        self._write_rows(read, place_of([row for line in lines for row in line]))
        self._above = lines[-1]

    def end_heading(self) -> None:
        """Write the heading that is open; bold words with a paragraph's number that end as a sentence are none."""
        text = " ".join(text for text, _ in self._heading)
        if text:
            bold_alone = self._heading_level > len(self._levels)
            is_text = bold_alone and find_marker(text, None) is not None and text[-1] in _SENTENCE_ENDS
            self._writer.origin = self._heading_place
            self._writer.gap()
            ink = tuple(one for _, inks in self._heading for one in inks)
            self._writer.add(text, "text" if is_text else "heading", 0 if is_text else self._heading_level, ink=ink)
            self._writer.gap()
        self._heading = []

    def _note(self, line: Sequence[Row]) -> None:
        text, ink = self._read(line)
        if start := _NOTE_START.match(text):
            self._notes.append((start[1] or start[2], text[start.end() :], place_of(line)))
        elif self._notes:
            mark, before, place = self._notes.pop()
            self._notes.append((mark, f"{before} {text}", place))
        else:
            self._writer.origin = place_of(line)
            self._writer.add(text, ink=ink)

    def _read(self, line: Sequence[Row]) -> _Printed:
        """A line's text, and where its letters stand."""
        direction = _direction_of_line(line, self._direction)
        read = [row.read(direction) for row in sorted(line, key=lambda r: r.left, reverse=direction == "rtl")]
        return " ".join(text for text, _ in read).strip(), tuple(ink for _, ink in read)

    def _follows(self, above: Sequence[Row], line: Sequence[Row]) -> bool:
        """Whether no more white space than usual parts two lines; the start of a column or page parts nothing."""
        distance = above[0].base - line[0].base
        return above[0].page != line[0].page or distance <= 0 or distance <= _NEW_BLOCK * self._leading


def _is_cut(text: str) -> bool:
    """Whether the end of a line cut a word or a symbol after its sign: `COVID-`, `A/CONF.`, `https://port.test/?`."""
    word = text[-200:].rpartition(" ")[2].lstrip("([«")
    if len(word) < 2 or not word.isascii() or not word[0].isalnum():
        return False
    if word[-1] == "-":
        return word[-2].isalnum()
    if "://" in word:
        return not word[-1].isalnum()
    return "/" in word and word[0].isupper() and word[-1] in "./"


def _direction_of_line(line: Sequence[Row], usual: Direction) -> Direction:
    """Which way a line runs: as the document does, unless it is a line of the other script, full stop included."""
    letters = "".join(g.text for row in line for g in row.glyphs)
    arabic, latin, _ = count_letters(letters)
    if usual == "ltr":
        return "rtl" if arabic > latin else "ltr"
    if arabic or not latin:
        return "rtl"
    glyphs = [g for row in line for g in row.glyphs]
    last, first = max(glyphs, key=lambda g: g.right), min(glyphs, key=lambda g: g.left)
    return "ltr" if last.text in _STOPS and first.text not in _STOPS else "rtl"


_SENTENCE_ENDS = frozenset(".:;،؛؟?!")
_STOPS = frozenset(".,:;!?")


def _above(row: Row, other: Row) -> bool:
    """Whether `row` stands above `other`, in one column with it."""
    return row.base > other.base and row.left < other.right and other.left < row.right


def _on_lines(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows on one base line put together."""
    lines: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: -r.base):
        if lines and abs(lines[-1][0].base - row.base) < 0.3 * row.size:
            lines[-1].append(row)
        else:
            lines.append([row])
    return lines


def _leading(rows: Sequence[Row], size: float) -> float:
    """The usual distance between lines of the text: from each to the next one below it, in its own column."""
    text = sorted((row for row in rows if abs(row.size - size) < 0.5), key=lambda r: (r.page, -r.base))
    gaps = [gap for at, row in enumerate(text) if (gap := _gap_below(row, text[at + 1 : at + _NEAR], size)) is not None]
    return _lower_median(gaps) if gaps else 1.2 * size


def _gap_below(row: Row, later: Sequence[Row], size: float) -> float | None:
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


def _gutter(rows: Sequence[Row]) -> float | None:
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
