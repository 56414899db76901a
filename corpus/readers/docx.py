"""A Word file → its lines, with the numbers that Word itself writes before paragraphs.

In most Word files a paragraph's number is not text: it is the state of a counter, kept in the numbering part. Deleted
and moved text, comments, headers and pictures are left out and counted; footnotes and endnotes become notes. Every
other word that no line holds, as of a text box, is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentRefused
from corpus.readers.lines import DocumentLines, LineWriter, beginning, note_mark
from corpus.readers.safety import open_word
from corpus.readers.word_numbering import Numbering

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_TABLES = 8  # in each other's cells
_MOVED_AWAY = f"{W}moveFrom"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRITTEN_AS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_REFERENCES = (f"{W}footnoteReference", f"{W}endnoteReference")
_NOTES = ("footnotes", "endnotes")
_AROUND = (f"{W}sdt", f"{W}sdtContent", f"{W}customXml")  # content controls: what they hold stands in their place
_HEADING = re.compile(r"heading (\d)|title|subtitle", re.IGNORECASE)
_BESIDE = {"header": "page headers", "footer": "page footers", "comments": "comments"}
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_UNREAD = {
    f"{W}txbxContent": "a text box",
    f"{_MATHS}oMath": "a formula",
    f"{W}footnote": "text of a footnote",
    f"{W}endnote": "text of an endnote",
}
# What python-docx and lxml (SyntaxError) raise for parts that are not what they are named.
DAMAGED = (LookupError, ValueError, TypeError, AttributeError, SyntaxError)


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of a Word file. Raises DocumentRefused where it is none, or not safe to read."""
    document = open_word(data, name)
    try:
        return _Reader(document, name).lines()
    except DAMAGED as error:
        raise DocumentRefused(f"{name} is no Word document: {str(error)[:80]}") from error


class _Reader:
    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._numbering = Numbering.of(document)
        self._levels = _heading_levels(document)
        self._writer = LineWriter()
        self._account = self._writer.account
        self._notes: list[tuple[str, str, str]] = []  # which part, its id there, the mark as read
        self._read: set[Any] = set()  # the nodes of text that a line or a note holds

    def lines(self) -> DocumentLines:
        body = self._document.element.body
        self._blocks(body)
        roots = {part: root for part in _NOTES if (root := notes_root(self._document, part)) is not None}
        texts = {part: {note.get(f"{W}id"): note for note in root} for part, root in roots.items()}
        for part, identifier, mark in self._notes:
            note = texts.get(part, {}).get(identifier)
            if note is not None:
                self._writer.add(self._note_text(note), "note", mark=mark)
        for root in (body, *roots.values()):
            self._list_unread(root)
        self._count_left_out(body)
        return self._writer.done()

    def _blocks(self, parent: Any) -> None:
        for child in _within(parent, f"{W}p", f"{W}tbl", f"{W}altChunk"):
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._writer.gap()
                self._table(child)
                self._writer.gap()
            else:
                self._account.find("a document within the document is not read; copy its text in", self._writer.number)

    def _paragraph(self, element: Any) -> None:
        text = self._text(element)
        label = self._numbering.label(element)
        if not text.strip() and not label:
            self._writer.gap()
            return
        level = self._level(element)
        # A heading that Word numbers ("I.", "A.") keeps its number as text, as people see it.
        self._writer.gap()
        line = f"{label}\t{text}".strip() if label else text.strip()
        self._writer.add(" ".join(line.split("\n")), "text" if level is None else "heading", level or 0)
        self._writer.gap()

    def _level(self, element: Any) -> int | None:
        properties = element.find(f"{W}pPr")
        outline = None if properties is None else properties.find(f"{W}outlineLvl")
        if outline is not None and int(outline.get(f"{W}val", "9")) < 9:
            return int(outline.get(f"{W}val")) + 1
        return self._levels.get(element.style or "")  # python-docx resolves the identifier

    def _table(self, element: Any, deep: int = 1) -> None:
        """Row by row; a table within a cell comes after the row that it stands in."""
        if deep > MAX_TABLES:
            raise DocumentRefused(
                f"{self._name} has tables nested over {MAX_TABLES} deep in each other; save it in a plainer form"
            )
        for row in _within(element, f"{W}tr"):
            cells, nested = [], []
            for cell in _within(row, f"{W}tc"):
                blocks = list(_within(cell, f"{W}p", f"{W}tbl"))
                texts = (self._text(block).strip() for block in blocks if block.tag == f"{W}p")
                cells.append(" ".join(filter(None, texts)))
                nested += [block for block in blocks if block.tag == f"{W}tbl"]
            self._writer.row(tuple(cells))
            for table in nested:
                self._table(table, deep + 1)

    def _text(self, paragraph: Any) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, paragraph: Any) -> Iterator[str]:
        for node in own_nodes(paragraph, *_REFERENCES):
            self._read.add(node)
            if node.tag in _REFERENCES:
                mark = str(len(self._notes) + 1)
                self._notes.append((_NOTES[_REFERENCES.index(node.tag)], node.get(f"{W}id"), mark))
                yield note_mark(mark)
            else:
                yield self._account.unreserved(written(node))

    def _note_text(self, note: Any) -> str:
        nodes = [[*own_nodes(paragraph)] for paragraph in note]
        self._read.update(node for paragraph in nodes for node in paragraph)
        texts = ("".join(map(written, paragraph)).strip() for paragraph in nodes)
        return " ".join(" ".join(filter(None, texts)).split())

    def _list_unread(self, root: Any) -> None:
        """List every text that is in no line, once for what holds it; copies for older programs do not count."""
        nodes = (node for node in root.iter(f"{W}t", f"{_MATHS}t") if node not in self._read)
        for holder, texts in groupby(nodes, _holder):
            text = "".join(node.text or "" for node in texts)
            if holder.tag == _MOVED_AWAY:
                self._account.leave_out("text that was moved elsewhere", text)
            elif holder.tag != _FALLBACK and text.strip():
                self._account.find(f"{_UNREAD.get(holder.tag, 'text')} is left out: {beginning(text)}")

    def _count_left_out(self, body: Any) -> None:
        """Count what Word files hold besides their text."""
        for node in body.iter(f"{W}delText"):
            self._account.leave_out("deleted text", node.text or "")
        for picture in body.iter(*_PICTURES):
            named = next((e.get("descr") or e.get("name") for e in picture.iter() if e.get("name")), None)
            self._account.leave_out("pictures", named or "")
        if fonts := [symbol.get(f"{W}font", "") for symbol in body.iter(f"{W}sym")]:
            self._account.find(f"{len(fonts):,} symbols of the font {fonts[0]!r} and its like are left out; type them")
        for relation in self._document.part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if kind in _BESIDE and not relation.is_external:
                texts = (node.text or "" for node in _root(relation.target_part).iter(f"{W}t"))
                if text := " ".join(texts).strip():
                    self._account.leave_out(_BESIDE[kind], text)
        if unread := self._numbering.unread:
            self._account.find(f"{unread:,} paragraphs have numbers of a list style, which are not read; type them")


def _within(parent: Any, *tags: str) -> Iterator[Any]:
    """The children with these tags, those within content controls too."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _AROUND:
            yield from _within(child, *tags)


def _holder(node: Any) -> Any:
    """What holds a text that is in no line: a copy for older programs, moved text, a text box, or its paragraph."""
    above = list(node.iterancestors())
    special = (_FALLBACK, _MOVED_AWAY, *_UNREAD)
    return next((one for tag in special for one in above if one.tag == tag), above[0])


def _heading_levels(document: Document) -> dict[str, int]:
    """The identifiers of the styles of headings, each with its level; of two with one identifier, the first counts."""
    named = {style.style_id: style.name or "" for style in reversed(list(document.styles)) if style.style_id}
    found = {identifier: _HEADING.match(name) for identifier, name in named.items()}
    return {identifier: int(match[1] or 1) for identifier, match in found.items() if match}


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
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{part}") and not relation.is_external:
            return _root(relation.target_part)
    return None


def _root(part: Any) -> Any:
    """A part's XML, which python-docx has parsed of the parts that it knows."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - python-docx is loaded by now

    return part.element if hasattr(part, "element") else parse_xml(part.blob)
