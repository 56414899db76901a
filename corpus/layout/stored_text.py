"""A paragraph as it was read line by line → its stored text, with notes, tables, emphasis and corrections in place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from corpus.corrections import CorrectionRow, Mended, mend
from corpus.layout.paragraphs import Draft
from corpus.readers.lines import take_out_marks
from corpus.records import Note, Paragraph, Span, Table
from corpus.text import clean

CELL, ROW = " | ", " ‖ "
_ROW_MARK, _CELL_MARK = "\ue002", "\ue003"
_TABLE_MARK = re.compile(f"[{_ROW_MARK}{_CELL_MARK}]")
_SIGNS = {_ROW_MARK: ROW, _ROW_MARK * 2: ROW, _CELL_MARK: CELL}
_HYPHEN = "\u00ad"  # what a reader leaves of a word that the end of a line cut


class Notes:
    """The footnotes of a document, handed out as their marks are met.

    A mark that several notes have, as where each page counts from 1, means the next of them.
    """

    def __init__(self, notes: Iterable[tuple[str, str]]) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)
        for mark, text in notes:
            self._texts[mark].append(clean(take_out_marks(text)[0]))
        self._met: dict[str, int] = defaultdict(int)
        self.missing: list[str] = []

    def take(self, mark: str) -> str | None:
        """The text of the note that this mark means, or None where there is none, which is remembered."""
        texts = self._texts.get(mark)
        if not texts:
            self.missing.append(mark)
            return None
        at = self._met[mark]
        self._met[mark] += 1
        return texts[min(at, len(texts) - 1)]

    @property
    def unmet(self) -> list[str]:
        """The marks of notes that no text led to."""
        return [mark for mark, texts in self._texts.items() if self._met[mark] < len(texts)]


def settle(draft: Draft, notes: Notes, rows: Iterable[CorrectionRow] = (), *, emphasis: bool = True) -> Paragraph:
    """The paragraph as it is stored; `*words*` are emphasis where the format has no other way to say so.

    >>> settle(Draft(Ref(1), (), ["One*two*", ("a", "b")], 0, 9), Notes(())).text
    'Onetwo ‖ a | b'
    """
    printed, marks = take_out_marks(clean(_joined(draft.parts)))
    plain, hung, tables = _take_out_tables(printed, marks)
    mended = mend(str(draft.ref), plain, rows) if emphasis else Mended(plain, (), ())
    return Paragraph(
        ref=draft.ref,
        text=mended.text,
        heading=tuple(clean(take_out_marks(heading)[0]) for heading in draft.heading),
        source=Span(draft.start, draft.end),
        emphasis=mended.emphasis,
        corrections=mended.corrections,
        notes=tuple(Note(mark, mended.moved(at), text) for at, mark in hung if (text := notes.take(mark)) is not None),
        tables=tuple(
            Table(tuple(tuple(Span(mended.moved(c.start), mended.moved(c.end)) for c in row) for row in table))
            for table in tables
        ),
    )


def _joined(parts: Sequence[str | tuple[str, ...]]) -> str:
    """The parts as one text: rows between marks, words that were cut put together."""
    pieces: list[str] = []
    after_row = False
    for part in parts:
        if not isinstance(part, str):
            pieces.append(_ROW_MARK + _CELL_MARK.join(map(clean, part)))
        elif pieces and pieces[-1].endswith(_HYPHEN):
            pieces[-1] = pieces[-1].removesuffix(_HYPHEN)
            pieces.append(part)
        else:
            pieces.append((_ROW_MARK * 2 if after_row else " " if pieces else "") + part)
        after_row = not isinstance(part, str)
    return "".join(pieces)


_Marks = Sequence[tuple[int, str]]
_Rows = list[tuple[Span, ...]]


def _take_out_tables(text: str, marks: _Marks) -> tuple[str, _Marks, list[_Rows]]:
    """The text with its tables in words, the note marks moved along, and each table's cells."""
    if _ROW_MARK not in text:
        return text, marks, []
    tables: list[_Rows] = []
    plain, moves, size, at = list[str](), list[tuple[int, int]](), 0, 0
    row: list[Span] = []
    in_row = in_table = False

    def end_row() -> None:
        nonlocal row
        if row:
            tables[-1].append(tuple(row))
        row = []

    for piece, sign in _pieces(text):
        bare = piece.strip()
        if in_row:
            row.append(Span(size, size + len(bare)))
        moves.append((at, size - at - (len(piece) - len(piece.lstrip()))))
        at += len(piece) + len(sign)
        plain += (bare, _SIGNS.get(sign, ""))
        size += len(bare) + len(plain[-1])
        if sign == _ROW_MARK:
            end_row()
            if not in_table:
                tables.append([])
            in_row = in_table = True
        elif sign == _ROW_MARK * 2:
            end_row()
            in_row = in_table = False
    end_row()
    starts = [start for start, _ in moves]
    shifted = [(place + moves[bisect_right(starts, place) - 1][1], mark) for place, mark in marks]
    return "".join(plain), shifted, tables


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text between signs, each with the sign after it; two row marks in a row end a table."""
    end = 0
    for found in re.finditer(f"{_ROW_MARK}{_ROW_MARK}|{_TABLE_MARK.pattern}", text):
        yield text[end : found.start()], found[0]
        end = found.end()
    yield text[end:], ""
