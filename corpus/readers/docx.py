"""A Word file → its lines, with the numbers that Word itself writes before paragraphs.

In most Word files a paragraph's number is not text: it is the state of a counter, kept in the numbering part. Deleted
and moved text, comments, headers and text boxes are left out; footnotes and endnotes become notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentRefused
from corpus.readers.guards import open_word
from corpus.readers.lines import DocumentLines, LineWriter, note_mark, unreserved
from corpus.readers.word_numbering import Numbering

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOVED_AWAY = f"{W}moveFrom"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRITTEN_AS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_REFERENCES = (f"{W}footnoteReference", f"{W}endnoteReference")
_HEADING = re.compile(r"heading (\d)|title|subtitle", re.IGNORECASE)


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of a Word file. Raises DocumentRefused where it is none, or not safe to read."""
    document = open_word(data, name)
    try:
        return _Reader(document).lines()
    except (KeyError, ValueError, AttributeError) as error:
        raise DocumentRefused(f"{name} is no Word document: {str(error)[:80]}") from error


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbering = Numbering.of(document)
        self._writer = LineWriter()
        self._notes: list[tuple[str, str, str]] = []  # which part, its id there, the mark as read

    def lines(self) -> DocumentLines:
        self._blocks(self._document.element.body)
        for part, identifier, mark in self._notes:
            self._writer.add(self._note_text(part, identifier), "note", mark=mark)
        return self._writer.done()

    def _blocks(self, parent: Any) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in {f"{W}sdt", f"{W}sdtContent"}:  # a content control around blocks
                self._blocks(child)

    def _paragraph(self, element: Any) -> None:
        text = self._text(element)
        label = self._numbering.label(element)
        if not text.strip() and not label:
            self._writer.gap()
            return
        level = self._heading_level(element)
        # A heading that Word numbers ("I.", "A.") keeps its number as text, as people see it.
        self._writer.gap()
        line = f"{label}\t{text}".strip() if label else text.strip()
        self._writer.add(" ".join(line.split("\n")), "text" if level is None else "heading", level or 0)
        self._writer.gap()

    def _heading_level(self, element: Any) -> int | None:
        properties = element.find(f"{W}pPr")
        outline = None if properties is None else properties.find(f"{W}outlineLvl")
        if outline is not None and int(outline.get(f"{W}val", "9")) < 9:
            return int(outline.get(f"{W}val")) + 1
        style = element.style  # python-docx resolves the identifier
        named = next((s.name for s in self._document.styles if s.style_id == style), "") if style else ""
        found = _HEADING.match(named or "")
        return int(found[1] or 1) if found else None

    def _table(self, element: Any) -> None:
        self._writer.gap()
        for row in element.iter(f"{W}tr"):
            cells = tuple(
                " ".join(filter(None, (self._text(p).strip() for p in cell.iter(f"{W}p"))))
                for cell in row.iterchildren(f"{W}tc")
            )
            self._writer.row(cells)
        self._writer.gap()

    def _text(self, paragraph: Any) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, paragraph: Any) -> Iterator[str]:
        for node in own_nodes(paragraph, *_REFERENCES):
            if node.tag in _REFERENCES:
                mark = str(len(self._notes) + 1)
                part = "footnotes" if node.tag == _REFERENCES[0] else "endnotes"
                self._notes.append((part, node.get(f"{W}id"), mark))
                yield note_mark(mark)
            else:
                yield unreserved(written(node))

    def _note_text(self, part: str, identifier: str) -> str:
        root = notes_root(self._document, part)
        notes = () if root is None else root
        note = next((note for note in notes if note.get(f"{W}id") == identifier), ())
        texts = ("".join(map(written, own_nodes(p))).strip() for p in note)
        return " ".join(" ".join(filter(None, texts)).split())


def own_nodes(paragraph: Any, *more: str) -> Iterator[Any]:
    """A paragraph's nodes of text: neither those of a text box within it nor words that were moved away."""
    for node in paragraph.iter(f"{W}t", *_WRITTEN_AS, *more):
        if next(node.iterancestors(f"{W}p", _MOVED_AWAY), None) is paragraph:
            yield node


def written(node: Any) -> str:
    """A node's text as it is written: a tab as a tab, a break as a line feed."""
    return node.text or "" if node.tag == f"{W}t" else _WRITTEN_AS[node.tag]


def is_fallback(paragraph: Any) -> bool:
    """Whether it is an older copy of a text box."""
    return any(True for _ in paragraph.iterancestors(_FALLBACK))


def notes_root(document: Document, part: str) -> Any | None:
    """The XML of the `footnotes` or `endnotes`, or None where there are none."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - python-docx is loaded by now

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{part}") and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None
