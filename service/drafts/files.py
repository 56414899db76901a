r"""A file with a draft → its text, safely.

    read_draft(Path("draft.docx")) → Draft(text="First paragraph\n\nSecond …", name="draft.docx", unit="paragraph")

Of a Word file, the paragraphs, tables, text boxes and notes are read; deleted text is not. `corpus.readers.safety`
opens it, or refuses to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentRefused, FiqraError
from corpus.readers.docx import W, is_fallback, notes_root, own_nodes, written
from corpus.readers.safety import MAX_UNPACKED, open_word
from corpus.text import clean

if TYPE_CHECKING:
    from docx.document import Document

MAX_TEXT = 1024 * 1024  # bytes of a text file, characters of a Word file's text

_QUOTE_STYLES = ("Quote", "IntenseQuote")


class DraftRefused(FiqraError):
    """The file is no draft that can be read; the message says why, and what can."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a file. `unit` is what its places are counted in: lines, or a Word file's paragraphs."""

    text: str
    name: str
    unit: str = "line"

    def place(self, start: int) -> int:
        """The number of the line or paragraph that the character at `start` is in, from 1."""
        return self.text.count("\n\n" if self.unit == "paragraph" else "\n", 0, start) + 1


def read_draft(path: Path) -> Draft:
    """The text of a .txt, .md or .docx file, or of standard input for `-`. Raises DraftRefused."""
    if str(path) == "-":
        return Draft(_decoded(sys.stdin.buffer.read(MAX_TEXT + 1), "standard input"), "-")
    kind = path.suffix.lower()
    if kind not in (".txt", ".md", ".docx"):
        raise DraftRefused(f"{path.name}: {kind or 'a name without extension'} is not read; .txt, .md and .docx are")
    limit = MAX_UNPACKED if kind == ".docx" else MAX_TEXT
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise DraftRefused(f"{path}: {error.strerror}") from error
    if kind != ".docx":
        return Draft(_decoded(data, path.name), path.name)
    if len(data) > limit:
        raise DraftRefused(f"{path.name} is over {limit:,} bytes")
    text = "\n\n".join(_word_paragraphs(data, path.name))
    if len(text) > MAX_TEXT:
        raise DraftRefused(f"{path.name}: its text is over {MAX_TEXT:,} characters; check it in parts")
    return Draft(text, path.name, "paragraph")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_TEXT:
        raise DraftRefused(f"{name} is over {MAX_TEXT:,} bytes; check it in parts")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DraftRefused(f"{name}: byte {error.start} is no UTF-8; save the file as UTF-8 text") from error


def _word_paragraphs(data: bytes, name: str) -> list[str]:
    try:
        document = open_word(data, name)
    except DocumentRefused as error:
        raise DraftRefused(str(error)) from error
    try:
        return list(_read_word(document))
    except (KeyError, ValueError, SyntaxError, AttributeError) as error:  # a part that is not what it is named
        raise DraftRefused(f"{name} is no Word document: {clean(str(error))[:80]}") from error


def _read_word(document: Document) -> Iterator[str]:
    yield from _paragraphs(document.element.body)
    for part in ("footnotes", "endnotes"):
        if (root := notes_root(document, part)) is not None:
            yield from _paragraphs(root)


def _paragraphs(root: Any) -> Iterator[str]:
    """The text of every paragraph; one in a quotation style gets the mark of a block quote."""
    for paragraph in root.iter(f"{W}p"):
        if is_fallback(paragraph):
            continue
        text = "".join(map(written, own_nodes(paragraph))).replace("\n", " ")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        quoted = style is not None and style.get(f"{W}val") in _QUOTE_STYLES
        yield f"> {text}" if quoted and text.strip() else text
