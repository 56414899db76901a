r"""A file with a draft → its text, safely.

    read_draft(Path("draft.docx")) → Draft(text="First paragraph\n\nSecond …", name="draft.docx", unit="paragraph")

Text is decoded here. A Word file takes parsers, and is read in a process of its own: its paragraphs, tables, text boxes
and notes, without what was deleted.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import anyio

from corpus.errors import DocumentRefused, FiqraError
from corpus.isolated.reading import draft_apart
from corpus.readers.safety import MAX_UNPACKED

MAX_TEXT = 1024 * 1024  # bytes of a text file; as many characters are read of a Word file


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
    try:
        return Draft(anyio.run(draft_apart, data, path.name), path.name, "paragraph")
    except DocumentRefused as error:
        raise DraftRefused(str(error)) from error


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_TEXT:
        raise DraftRefused(f"{name} is over {MAX_TEXT:,} bytes; check it in parts")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DraftRefused(f"{name}: byte {error.start} is no UTF-8; save the file as UTF-8 text") from error
