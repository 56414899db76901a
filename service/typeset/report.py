"""A whole report as PDF, in one language: what its Word file says, on pages."""

from __future__ import annotations

from corpus.records import CLOSING, Paragraph, Rendering
from service.paragraphs.printing import number_of, with_notes
from service.typeset.faces import BOLD, REGULAR
from service.typeset.lines import Piece
from service.typeset.pages import Pages, Style

_SIZE, _TITLE, _MARK, _RISE = 12.0, 18.0, 8.0, 4.5
_HEADINGS = (15.0, 13.5, 12.5)  # by level, the last for all below
_INDENT = 24.0


def whole_report(title: str, rendering: Rendering, notice: str) -> bytes:
    """A report in one language; `notice` says what is claimed of the text."""
    pages = Pages(title, rendering.language, rendering.numbered, right=rendering.language == "ar")
    for block in rendering.front_matter:
        if block.role == CLOSING:
            continue
        is_title = block.role == "title"
        for line in block.text.split("\n"):
            piece = Piece(line, BOLD, _TITLE) if is_title else Piece(line, REGULAR, _SIZE)
            pages.add([piece], Style("H1" if is_title else "P", above=10.0, centred=True))
    if notice:
        pages.add([Piece(notice, REGULAR, _SIZE - 1.5)], Style(above=18.0, centred=True))
    above: tuple[str, ...] = ()
    for paragraph in rendering.paragraphs:
        for level, heading in enumerate(paragraph.heading):
            if paragraph.heading[: level + 1] != above[: level + 1]:
                size = _HEADINGS[min(level, len(_HEADINGS) - 1)]
                pages.add([Piece(heading, BOLD, size)], Style(f"H{min(level + 2, 6)}", above=16.0), title=heading)
        above = paragraph.heading
        _numbered(pages, rendering, paragraph)
    if closing := rendering.title(CLOSING):
        pages.add([Piece(closing, REGULAR, _SIZE)], Style(above=18.0))
    return pages.save()


def _numbered(pages: Pages, rendering: Rendering, paragraph: Paragraph) -> None:
    """A paragraph behind its number, its notes at the foot of the page."""
    pieces = [Piece(f"{number_of(rendering, paragraph.ref)} ", REGULAR, _SIZE)]
    notes: list[str] = []
    for text, note in with_notes(paragraph):
        pieces.append(Piece(text, REGULAR, _SIZE))
        if note:
            pieces.append(Piece(note.mark, REGULAR, _MARK, _RISE, len(notes)))
            notes.append(f"{note.mark} {note.text}")
    style = Style(indent=_INDENT * paragraph.ref.level, above=8.0, justified=True)
    pages.add(pieces, style, notes)
