"""What a paragraph is in print, on paper or in a Word file: a number before its text, and notes below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.records import Language, Note, Paragraph, Rendering
from corpus.refs import Ref

_END: Mapping[Language, str] = {"ar": "-", "en": "."}  # of a paragraph's number


def number_of(rendering: Rendering, ref: Ref) -> str:
    """What stands before a paragraph in print: `21.`, `21-`, `(k)`."""
    label = rendering.label(ref)
    return label.rpartition(" ")[2] if ref.level else f"{label}{_END[rendering.language]}"


def with_notes(paragraph: Paragraph) -> Iterator[tuple[str, Note | None]]:
    """The text in pieces, each up to a note, and the note."""
    at = 0
    for note in sorted(paragraph.notes, key=lambda note: note.at):
        yield paragraph.text[at : note.at], note
        at = note.at
    yield paragraph.text[at:], None
