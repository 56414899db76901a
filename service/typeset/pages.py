"""Paragraphs → pages: where each line stands, its notes at the foot of its page, a number below."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.typeset.faces import REGULAR
from service.typeset.lines import Line, Piece, set_lines
from service.typeset.pdf import Block, Page, PdfFile

WIDTH, HEIGHT = 595.28, 841.89  # A4, in points
_MARGIN, _FOOT = 72.0, 40.0
_LEADING = 1.7  # of the letters' size: marks above and below letters need the room
_NOTE_SIZE, _ABOVE_NOTES = 9.5, 14.0
_LINES_AFTER_HEADING = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set; lengths in points."""

    kind: str = "P"
    indent: float = 0.0
    above: float = 0.0
    centred: bool = False
    justified: bool = False


class Pages:
    """A file as it is filled, paragraph after paragraph; `number` writes a page's number in the text's own digits."""

    def __init__(self, title: str, language: str, number: Callable[[str], str], *, right: bool) -> None:
        self.file = PdfFile(title, language)
        self._number, self._right = number, right
        self._page: Page | None = None
        self._base = 0.0  # of the last line on the page
        self._foot: deque[tuple[Line, Block]] = deque()  # lines of notes of the page, and those that no more fit on it
        self._fitting = 0  # how many of those fit
        self._used = 0.0  # their height

    def add(self, pieces: Sequence[Piece], style: Style, notes: Sequence[str] = (), title: str = "") -> None:
        """A paragraph, with the notes that its pieces lead to; `title` is what a list of contents calls it."""
        width = WIDTH - 2 * _MARGIN - style.indent
        lines = set_lines(pieces, width, right=self._right, justified=style.justified)
        block = self.file.block(style.kind, title)
        leading = _LEADING * max(piece.size for piece in pieces)
        together = len(lines) + _LINES_AFTER_HEADING if title else min(len(lines), 2)
        if self._page is None or self._room() < style.above + together * leading:
            self._next_page()
        else:
            self._base -= style.above
        for line in lines:
            mine = [own for note in line.notes for own in self._note(notes[note])]
            if self._room() < leading + (self._height(mine[:1]) if mine else 0.0):
                self._next_page()
            self._base -= leading
            self._put(line, self._base, block, style)
            for own in mine:
                self._hang(*own)

    def save(self) -> bytes:
        """The file."""
        while self._foot and self._page is not None:
            self._next_page()
        self._close()
        return self.file.save()

    def _put(self, line: Line, base: float, block: Block | None, style: Style) -> None:
        page = self._page
        assert page is not None  # noqa: S101 - a line is put on the page that was begun for it
        inner = WIDTH - 2 * _MARGIN - style.indent
        free = inner - line.width
        left = _MARGIN + (0.0 if self._right else style.indent)
        page.show(line, left + (free / 2 if style.centred else free if self._right else 0.0), base, block)

    def _room(self) -> float:
        """The height that is left between the last line and the notes."""
        return self._base - _MARGIN - self._used

    def _note(self, text: str) -> list[tuple[Line, Block]]:
        block = self.file.block("Note")
        lines = set_lines([Piece(text, REGULAR, _NOTE_SIZE)], WIDTH - 2 * _MARGIN, right=self._right)
        return [(line, block) for line in lines]

    def _height(self, lines: Sequence[object]) -> float:
        return len(lines) * _LEADING * _NOTE_SIZE + (0.0 if self._used else _ABOVE_NOTES)

    def _hang(self, line: Line, block: Block) -> None:
        """A line of a note at the foot of the page, or of the next one where there is no room any more."""
        self._foot.append((line, block))
        if self._room() >= self._height([line]) and len(self._foot) == self._fitting + 1:
            self._used += self._height([line])
            self._fitting += 1

    def _next_page(self) -> None:
        """Begin a page; what was left of notes comes first on it, at its foot, and takes half of it at most."""
        self._close()
        self._page = self.file.page(WIDTH, HEIGHT)
        self._base, self._used, self._fitting = HEIGHT - _MARGIN, 0.0, 0
        half = (HEIGHT - 2 * _MARGIN) / 2
        while self._fitting < len(self._foot) and self._used + self._height([None]) <= half:
            self._used += self._height([None])
            self._fitting += 1

    def _close(self) -> None:
        """Write what stands at the foot of the page."""
        if self._page is None:
            return
        base = _MARGIN + self._used - (_ABOVE_NOTES if self._used else 0.0)
        for _ in range(self._fitting):
            base -= _LEADING * _NOTE_SIZE
            line, block = self._foot.popleft()
            self._put(line, base, block, Style())
        self._fitting = 0
        numbered = [Piece(self._number(str(self._page.number + 1)), REGULAR, _NOTE_SIZE)]
        [number] = set_lines(numbered, WIDTH, right=self._right)
        self._put(number, _FOOT, None, Style(centred=True))
