"""A plain text file → its lines, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import CorpusError
from corpus.records import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its white space at the ends; `span` counts code points in the file, `number` starts at 1."""

    text: str
    span: Span
    number: int


def read_lines(data: bytes, name: str) -> tuple[Line, ...]:
    r"""The lines of a UTF-8 text file, empty ones included, so that blank lines still part blocks.

    Raises CorpusError for what is not text, naming the first byte that is wrong.

    >>> read_lines(b"  1- one\n", "a.txt")
    (Line(text='1- one', span=Span(start=2, end=8), number=1),)
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{name}: byte {error.start} is no UTF-8 text; save the document as UTF-8 and try again"
        ) from error
    if "\0" in text:
        raise CorpusError(f"{name}: a NUL stands at character {text.index(chr(0))}; this is no text file")
    lines = []
    at = 0
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        bare = raw.strip()
        start = at + len(raw) - len(raw.lstrip()) if bare else at
        lines.append(Line(bare, Span(start, start + len(bare)), number))
        at += len(raw)
    return tuple(lines)
