r"""A file with a draft → its text, safely.

    read_draft(Path("draft.docx")) → Draft(text="First paragraph\n\nSecond …", name="draft.docx", unit="paragraph")

A Word file is a zip archive of XML: it is unpacked only where all of it together is small, and python-docx parses it
with entities left unresolved. Its paragraphs, tables, text boxes and notes are read; deleted text is not.
"""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from corpus.errors import FiqraError
from corpus.text import clean

MAX_TEXT = 1024 * 1024  # bytes of a text file, characters of a Word file's text
MAX_UNPACKED = 50 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOVED_AWAY = f"{_W}moveFrom"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRITTEN_AS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
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
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise DraftRefused(f"{name} unpacks to {unpacked:,} bytes, over {MAX_UNPACKED:,}")
        return list(_read_word(data))
    # What python-docx, lxml (SyntaxError) and zipfile raise for an archive that is damaged, encrypted or no Word file.
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, AttributeError, OSError) as error:
        raise DraftRefused(f"{name} is no Word document: {clean(str(error))[:80]}") from error
    except (RuntimeError, NotImplementedError) as error:
        raise DraftRefused(f"{name} is encrypted or packed in a way that is not read") from error


def _read_word(data: bytes) -> Iterator[str]:
    document = Document(io.BytesIO(data))
    yield from _paragraphs(document.element.body)
    notes = (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)
    for relation in document.part.rels.values():
        if relation.reltype in notes and not relation.is_external:
            yield from _paragraphs(parse_xml(relation.target_part.blob))


def _paragraphs(root: Any) -> Iterator[str]:
    """The text of every paragraph; one in a quotation style gets the mark of a block quote."""
    for paragraph in root.iter(f"{_W}p"):
        if any(True for _ in paragraph.iterancestors(_FALLBACK)):
            continue  # an older copy of a text box
        text = "".join(_pieces(paragraph, paragraph)).replace("\n", " ")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        quoted = style is not None and style.get(f"{_W}val") in _QUOTE_STYLES
        yield f"> {text}" if quoted and text.strip() else text


def _pieces(element: Any, paragraph: Any) -> Iterator[str]:
    for node in element.iter(f"{_W}t", *_WRITTEN_AS):
        owner = next(node.iterancestors(f"{_W}p", _MOVED_AWAY))
        if owner is paragraph:  # and neither a text box within it nor words that were moved away
            yield node.text or "" if node.tag == f"{_W}t" else _WRITTEN_AS[node.tag]
