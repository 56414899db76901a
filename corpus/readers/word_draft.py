r"""A Word file with a draft → its text: paragraphs, tables, text boxes and notes, without what was deleted.

draft_text(data, "draft.docx") → "First paragraph\n\n> A quotation in its style\n\nSecond …"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentRefused
from corpus.layout.told import refused
from corpus.readers.docx import DAMAGED, W, is_fallback, notes_root, own_nodes, written
from corpus.readers.safety import open_word
from corpus.text import clean

if TYPE_CHECKING:
    from docx.document import Document

MAX_DRAFT = 1024 * 1024  # characters

_QUOTE_STYLES = ("Quote", "IntenseQuote")


def draft_text(data: bytes, name: str) -> str:
    """The paragraphs, with an empty line between them. Raises DocumentRefused."""
    document = open_word(data, name)
    texts: list[str] = []
    size = 0
    try:
        for text in _read_word(document):
            texts.append(text)
            size += len(text) + 2
            if size > MAX_DRAFT:
                raise DocumentRefused(f"{name}: its text is over {MAX_DRAFT:,} characters; check it in parts")
    except DAMAGED as error:  # a part that is not what it is named
        raise refused("no_word", name=name, why=clean(str(error))[:80]) from error
    return "\n\n".join(texts)


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
