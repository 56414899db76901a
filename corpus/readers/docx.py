"""A Word file → its lines, with the numbers that Word itself writes before paragraphs.

In most Word files a paragraph's number is not text: it is the state of a counter, kept in the numbering part. Text that
is deleted, moved away, hidden or struck out, tables of contents, comments, headers and pictures are left out and
counted; footnotes and endnotes become notes. Every other word that no line holds, as of a text box, is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corpus.layout.told import refused, told
from corpus.readers.lines import DocumentLines, LineWriter, beginning, hangs_numbers, note_mark
from corpus.readers.raised import lowered, raised
from corpus.readers.safety import open_word
from corpus.readers.word.numbering import Numbering
from corpus.readers.word.seen import FALLBACK, GONE, Contents, Seen, vertical
from corpus.readers.word.styles import Styles
from corpus.readers.word.symbols import symbol

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_TABLES = 8  # in each other's cells
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRITTEN_AS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SYMBOL = f"{W}sym"
_REFERENCES = (f"{W}footnoteReference", f"{W}endnoteReference")
_NOTES = ("footnotes", "endnotes")
_DELETED = (f"{W}delText",)
# Content controls and insertions: what they hold stands in their place.
_AROUND = tuple(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_BESIDE = {"header": "page_headers", "footer": "page_footers", "comments": "comments"}
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_UNREAD = {
    f"{W}txbxContent": "text_box",
    f"{_MATHS}oMath": "formula",
    f"{W}footnote": "footnote_text",
    f"{W}endnote": "endnote_text",
}
# What python-docx and lxml (SyntaxError) raise for parts that are not what they are named.
DAMAGED = (LookupError, ValueError, TypeError, AttributeError, SyntaxError)


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of a Word file. Raises DocumentRefused where it is none, or not safe to read."""
    document = open_word(data, name)
    try:
        return _Reader(document, name).lines()
    except DAMAGED as error:
        raise refused("no_word", name=name, why=str(error)[:80]) from error


@dataclass(slots=True)
class _Text:
    """A paragraph as it is seen: its number, its words, and how deep a heading it is."""

    label: str
    words: str
    level: int | None
    element: Any

    @property
    def line(self) -> str:
        return " ".join((f"{self.label}\t{self.words}" if self.label else self.words).strip().split("\n"))


class _Reader:
    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._styles = Styles(document)
        self._numbering = Numbering.of(document, self._styles)
        self._seen = Seen(self._styles)
        self._contents = Contents(self._styles)
        self._writer = LineWriter()
        self._account = self._writer.account
        self._notes: list[tuple[str, str, str]] = []  # which part, its id there, the mark as read
        self._gone_notes: set[tuple[str, str]] = set()  # those that only what is not seen leads to
        self._read: set[Any] = set()  # the nodes of text that a line, a note or the account holds
        self._unmapped: list[str] = []  # fonts of symbols that no character is known for

    def lines(self) -> DocumentLines:
        body = self._document.element.body
        self._blocks(body)
        roots = {part: root for part in _NOTES if (root := notes_root(self._document, part)) is not None}
        texts = {part: {note.get(f"{W}id"): note for note in root} for part, root in roots.items()}
        for part, identifier, mark in self._notes:
            note = texts.get(part, {}).get(identifier)
            if note is not None:
                self._writer.origin = note
                self._writer.add(self._note_text(note), "note", mark=mark)
        for part, identifier in sorted(self._gone_notes - {(part, at) for part, at, _ in self._notes}):
            if (note := texts.get(part, {}).get(identifier)) is not None:
                self._account.take_out(told("unseen_notes"), self._note_text(note))
        for root in (body, *roots.values()):
            self._list_unread(root)
        self._count_left_out(body)
        return self._writer.done()

    def _blocks(self, parent: Any) -> None:
        for block in self._joined(_within(parent, f"{W}p", f"{W}tbl", f"{W}altChunk")):
            if isinstance(block, _Text):
                self._paragraph(block)
            elif block.tag == f"{W}tbl":
                self._writer.gap()
                self._table(block)
                self._writer.gap()
            else:
                self._account.find(told("document_within"), self._writer.number)

    def _joined(self, blocks: Iterable[Any]) -> Iterator[Any]:
        """The blocks, paragraphs as they are seen: one without an end that is seen goes on in the next.

        Its number and its style are those of the first of them that has words, or else of the last.
        """
        open_: list[tuple[Any, str]] = []
        for block in blocks:
            if block.tag != f"{W}p":
                yield from self._closed(open_)
                open_ = []
                yield block
            elif self._contents.holds(block):
                self._take_out_whole(block, "contents")
            else:
                open_.append((block, self._words(block)))
                if self._seen.ends(block):
                    yield self._as_one(open_)
                    open_ = []
        yield from self._closed(open_)

    def _closed(self, open_: list[tuple[Any, str]]) -> Iterator[_Text]:
        """What is left open at the end of a cell or of the document, or above a table: a paragraph if it has words."""
        if any(words.strip() for _, words in open_):
            yield self._as_one(open_)

    def _as_one(self, paragraphs: list[tuple[Any, str]]) -> _Text:
        first = next((element for element, words in paragraphs if words.strip()), paragraphs[-1][0])
        if len(paragraphs) > 1 and (text := "".join(words for _, words in paragraphs)).strip():
            self._account.take_out(told("unseen_end"), text, self._writer.number + 1)
        words = "".join(words for _, words in paragraphs)
        return _Text(self._numbering.label(first), words, self._level(first), first)

    def _paragraph(self, text: _Text) -> None:
        self._writer.origin = text.element
        self._writer.gap()
        if not text.words.strip():
            if text.label:
                self._account.find(told("number_without_words", label=text.label), self._writer.number)
            return
        # A heading that Word numbers ("I.", "A.") keeps its number as text, as people see it.
        self._writer.add(text.line, "text" if text.level is None else "heading", text.level or 0)
        self._writer.gap()

    def _level(self, element: Any) -> int | None:
        outline = element.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None and int(outline.get(f"{W}val", "9")) < 9:
            return int(outline.get(f"{W}val")) + 1
        return self._styles.heading_level(self._styles.of_paragraph(element))

    def _table(self, element: Any, deep: int = 1) -> None:
        """Row by row; a table within a cell comes after the row that it stands in."""
        if deep > MAX_TABLES:
            raise refused("nested_tables", name=self._name, most=str(MAX_TABLES))
        rows: list[tuple[tuple[str, ...], list[Any], Any]] = []
        for row in _within(element, f"{W}tr"):
            if not self._seen.row(row):
                self._take_out_whole(row, "unseen_rows")
                continue
            cells, nested = [], list[Any]()
            for cell in _within(row, f"{W}tc"):
                if not self._seen.cell(cell):
                    self._take_out_whole(cell, "deleted_cells")
                    continue
                blocks = list(self._joined(_within(cell, f"{W}p", f"{W}tbl")))
                texts = (block.line for block in blocks if isinstance(block, _Text))
                cells.append(" ".join(filter(None, texts)))
                nested += [block for block in blocks if not isinstance(block, _Text)]
            rows.append((tuple(cells), nested, row))
        hanging = hangs_numbers([cells for cells, _, _ in rows])
        for texts_of_cells, tables, row in rows:
            self._writer.origin = row
            self._writer.row(texts_of_cells, hanging=hanging)
            for table in tables:
                self._table(table, deep + 1)

    def _words(self, paragraph: Any) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, paragraph: Any) -> Iterator[str]:
        unseen: dict[str, list[str]] = {}
        for node in own_nodes(paragraph, _SYMBOL, *_REFERENCES, *_DELETED):
            self._read.add(node)
            reason = self._seen.why_not(node, paragraph)
            if node.tag in _REFERENCES:
                part, identifier = _NOTES[_REFERENCES.index(node.tag)], str(node.get(f"{W}id"))
                if reason is not None:
                    self._gone_notes.add((part, identifier))
                    continue
                mark = str(len(self._notes) + 1)
                self._notes.append((part, identifier, mark))
                yield note_mark(mark)
            elif reason is not None or node.tag in _DELETED:
                unseen.setdefault(reason or GONE[f"{W}del"], []).append(node.text or "" if node.tag != _SYMBOL else "")
            else:
                yield self._account.unreserved(self._written(node))
        for reason, texts in unseen.items():
            if (text := "".join(texts)).strip():
                self._account.take_out(told(reason), text, self._writer.number + 1)

    def _written(self, node: Any) -> str:
        """A node's text as it is seen; a symbol as the character that its font shows."""
        if node.tag == _SYMBOL:
            font = str(node.get(f"{W}font", ""))
            character = symbol(font, str(node.get(f"{W}char", "")))
            if not character:
                self._unmapped.append(font)
            return character
        text = written(node)
        place = vertical(node)
        return raised(text) if place == "superscript" else lowered(text) if place == "subscript" else text

    def _note_text(self, note: Any) -> str:
        texts = ("".join(self._pieces(paragraph)).strip() for paragraph in note if paragraph.tag == f"{W}p")
        return " ".join(" ".join(filter(None, texts)).split())

    def _take_out_whole(self, element: Any, what: str) -> None:
        """Leave out all text of an element, by a rule."""
        nodes = [node for node in element.iter(f"{W}t", *_DELETED) if node not in self._read]
        self._read.update(nodes)
        if (text := " ".join(node.text or "" for node in nodes)).strip():
            self._account.take_out(told(what), text, self._writer.number)

    def _list_unread(self, root: Any) -> None:
        """List every text that is in no line, once for what holds it; copies for older programs do not count."""
        nodes = (node for node in root.iter(f"{W}t", f"{_MATHS}t", *_DELETED) if node not in self._read)
        for holder, texts in groupby(nodes, _holder):
            text = "".join(node.text or "" for node in texts)
            if holder.tag in GONE and text.strip():
                self._account.take_out(told(GONE[holder.tag]), text)
            elif holder.tag != FALLBACK and text.strip():
                what = told(_UNREAD.get(holder.tag, "text"))
                self._account.find(told("left_out", what=what, text=beginning(text)))

    def _count_left_out(self, body: Any) -> None:
        """Count what Word files hold besides their text."""
        for picture in body.iter(*_PICTURES):
            named = next((e.get("descr") or e.get("name") for e in picture.iter() if e.get("name")), None)
            self._account.leave_out(told("pictures"), named or "")
        if fonts := self._unmapped:
            self._account.find(told("symbols", number=len(fonts), font=repr(fonts[0])))
        for relation in self._document.part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if kind in _BESIDE and not relation.is_external:
                texts = (node.text or "" for node in _root(relation.target_part).iter(f"{W}t"))
                if text := " ".join(texts).strip():
                    self._account.leave_out(told(_BESIDE[kind]), text)
        if unread := self._numbering.unread:
            self._account.find(told("style_numbers", number=unread))


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
    special = (FALLBACK, *GONE, *_UNREAD)
    return next((one for tag in special for one in above if one.tag == tag), above[0])


def own_nodes(paragraph: Any, *more: str) -> Iterator[Any]:
    """A paragraph's nodes of text: neither those of a text box within it nor, unless asked for, what is deleted."""
    gone = () if set(more) & set(_DELETED) else tuple(GONE)
    for node in paragraph.iter(f"{W}t", *_WRITTEN_AS, *more):
        if next(node.iterancestors(f"{W}p", *gone), None) is paragraph:
            yield node


def written(node: Any) -> str:
    """A node's text as it is written: a tab as a tab, a break as a line feed."""
    return node.text or "" if node.tag == f"{W}t" else _WRITTEN_AS[node.tag]


def is_fallback(paragraph: Any) -> bool:
    """Whether it is an older copy of a text box."""
    return any(True for _ in paragraph.iterancestors(FALLBACK))


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
