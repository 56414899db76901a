"""A web page → its lines: headings, paragraphs, list items with the numbers that a browser shows, tables, footnotes.

The page's frame (headers, navigation, footers, buttons) is left out and counted; other text that no line holds, and
what the parser gives up on or a broken tag swallows, is listed or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

from corpus.errors import DocumentRefused
from corpus.readers.html_source import RAW, Source
from corpus.readers.lines import NOTE_MARK, DocumentLines, LineWriter, beginning, note_mark
from corpus.refs.numerals import LATIN, roman

_INVISIBLE = {"script", "style", "head"}
_FRAME = {
    "header": "page headers",
    "nav": "navigation",
    "footer": "page footers",
    "button": "buttons",
    "template": "templates",
}
_LISTED = {"aside", "form", "noscript"}
_SKIPPED = {*_INVISIBLE, *_FRAME, *_LISTED}
_BLOCKS = {
    *("html body main article section div p blockquote figure figcaption ul ol li dl dt dd table thead tbody".split()),
    *("tfoot tr pre hr address h1 h2 h3 h4 h5 h6 details summary center".split()),
}
_HEADING = re.compile(r"h([1-6])")
_CHARSET = re.compile(rb"charset\s*=\s*(?:[\"']\s*)?([\w-]+)", re.IGNORECASE)
_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_NOTE_SIGN = re.compile(r"\[?([\w*†‡]{1,4})\]?")
_LONGEST_SIGN = 40  # white space included
MAX_DEPTH = 256  # libxml2's own


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of an HTML file.

    Raises DocumentRefused where its letters cannot be told, it declares entities, or the parser gives up on it.
    """
    page = _text(data, name)
    if _ENTITY.search(page):
        raise DocumentRefused(f"{name} declares entities, which no report needs; save it anew")
    # The bytes of the page anew: lxml takes no text that declares an encoding, and this one is known by now.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(page.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise DocumentRefused(f"{name} is no HTML that can be read: {str(error)[:80]}") from error
    _refuse_where_it_gave_up(parser, name)
    writer = LineWriter()
    roots = (root, *root.itersiblings())  # what stands after `</html>` begins another
    Source.read(page, writer.account).compare("".join(map(_tree_text, roots)))
    return _Reader(roots, writer).lines()


def _refuse_where_it_gave_up(parser: Any, name: str) -> None:
    for entry in parser.error_log:
        if entry.level_name == "FATAL":
            if "depth" in entry.message:
                raise DocumentRefused(f"{name} nests its elements over {MAX_DEPTH} deep; save it in a plainer form")
            why = " ".join(entry.message.split())[:80]
            raise DocumentRefused(f"{name}, line {entry.line}: the parser gave up ({why}); save it in a plainer form")


def _text(data: bytes, name: str) -> str:
    """The page's characters: in UTF-8, or in what it declares itself to be in."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:2048])
        try:
            text = data.decode(declared[1].decode("ascii") if declared else "utf-8")
        except (UnicodeDecodeError, LookupError) as error:
            raise DocumentRefused(
                f"{name} is neither UTF-8 nor in the encoding it declares; save it as UTF-8"
            ) from error
    if "\0" in text:
        raise DocumentRefused(f"{name}: a NUL stands at character {text.index(chr(0))}; save it as UTF-8 text")
    return text


def _tree_text(root: Any) -> str:
    """All text of a tree but that of scripts and the like."""
    return "".join(text for e in root.iter() for text in ("" if e.tag in RAW else e.text or "", e.tail or ""))


class _Reader:
    def __init__(self, roots: tuple[Any, ...], writer: LineWriter) -> None:
        self._roots = roots
        self._writer = writer
        self._account = writer.account
        self._notes = dict(self._find_notes())
        self._signs = set(self._notes.values())
        self._holding: set[Any] = set()  # the elements with a block in them
        for root in roots:
            for block in root.iter(*_BLOCKS):
                for above in block.iterancestors():
                    if above in self._holding:
                        break
                    self._holding.add(above)

    def _find_notes(self) -> Iterator[tuple[Any, str]]:
        """The elements that hold footnotes, each with its mark: what a link in superscript leads to."""
        named: dict[str, Any] = {}
        for root in self._roots:
            for element in root.iter():
                named.setdefault(str(element.get("id")), element)
        for root in self._roots:
            for link in root.iterfind(".//a[@href]"):
                element = named.get(str(link.get("href"))[1:]) if str(link.get("href")).startswith("#") else None
                sign = None if element is None else _sign(link)
                if element is None or sign is None or not _raised(link):
                    continue
                holder = element if element.tag in _BLOCKS else next(_blocks_above(element), element)
                if all(above is not holder for above in (link, *link.iterancestors())):
                    yield holder, sign

    def lines(self) -> DocumentLines:
        for root in self._roots:
            self._block(root)
        for element, mark in self._notes.items():
            text = NOTE_MARK.sub("", " ".join("".join(self._pieces(element)).split()))
            own = re.match(rf"\[?{re.escape(mark)}\]?[.:)/]?\s+", text)
            self._writer.add(text[own.end() if own else 0 :].rstrip("↩︎^ "), "note", mark=mark)
        return self._writer.done()

    def _block(self, element: Any, label: str = "") -> None:
        """Write an element's own text and its blocks, in order."""
        heading = _HEADING.fullmatch(str(element.tag))
        inline = [element.text or ""]

        def flush() -> None:
            nonlocal label
            text = " ".join("".join(inline).split())
            inline.clear()
            if text:
                self._writer.gap()
                line = f"{label} {text}" if label else text
                self._writer.add(line, "heading" if heading else "text", int(heading[1]) if heading else 0)
                self._writer.gap()
                label = ""

        counter = _Counter(element)
        for child in element:
            if not isinstance(child.tag, str) or child in self._notes:
                pass
            elif child.tag in _SKIPPED:
                self._skip(child)
            elif child.tag == "table":
                flush()
                self._writer.gap()
                self._table(child)
                self._writer.gap()
            elif child.tag in _BLOCKS:
                flush()
                nested = counter.label(child) if child.tag == "li" else label
                label = "" if child.tag != "li" else label
                self._block(child, nested)
            elif child in self._holding:
                flush()
                self._block(child, label)
            else:
                inline.extend(self._pieces(child))
            inline.append(child.tail or "")
        flush()

    def _table(self, table: Any) -> None:
        """Row by row; a table within a cell comes after the row that it stands in. What is in no cell is listed."""
        self._list(table.text)
        for child in table:
            if child.tag in {"thead", "tbody", "tfoot"}:
                self._table(child)
            elif child.tag == "tr":
                self._row(child)
            else:
                self._list(self._unread(child))
            self._list(child.tail)

    def _row(self, row: Any) -> None:
        self._list(row.text)
        nested: list[Any] = []
        cells = []
        for child in row:
            if child.tag in {"td", "th"}:
                cells.append(" ".join("".join(self._pieces(child, nested)).split()))
            else:
                self._list(self._unread(child))
            self._list(child.tail)
        self._writer.row(tuple(cells))
        for table in nested:
            self._table(table)

    def _pieces(self, element: Any, tables: list[Any] | None = None) -> list[str]:
        """The text of inline elements, with marks where links lead to notes; tables within are put aside."""
        pieces: list[str] = []
        self._collect(element, pieces, tables)
        return pieces

    def _collect(self, element: Any, pieces: list[str], tables: list[Any] | None) -> None:
        if element.tag == "br":
            pieces.append(" ")
            return
        if element.tag in {"sup", "a"} and element not in self._notes:
            link = element if element.tag == "a" else element.find(".//a[@href]")
            sign = None if link is None else _sign(element)
            if link is not None and sign in self._signs and str(link.get("href", "")).startswith("#"):
                pieces.append(note_mark(str(sign)))
                return
        if element.tag == "img" and element.get("alt"):
            self._account.leave_out("pictures", element.get("alt"))
        pieces.append(self._account.unreserved(element.text or ""))
        for child in element:
            if child.tag == "table" and tables is not None:
                tables.append(child)
                pieces.append(" ")
            elif isinstance(child.tag, str) and child.tag in _SKIPPED:
                self._skip(child)
            elif isinstance(child.tag, str):
                self._collect(child, pieces, tables)
            pieces.append(self._account.unreserved(child.tail or ""))

    def _skip(self, element: Any) -> None:
        """Count or list an element that is passed over, unless there is nothing to read in it."""
        text = "" if element.tag in _INVISIBLE else self._unread(element)
        if not text.strip():
            return
        if element.tag in _FRAME:
            self._account.leave_out(_FRAME[element.tag], text)
        else:
            self._list(text, f"<{element.tag}>")

    def _list(self, text: str | None, where: str = "a table, in none of its cells,") -> None:
        if text and text.strip():
            self._account.find(f"text of {where} is left out: {beginning(text)}", self._writer.number)

    def _unread(self, element: Any) -> str:
        """An element's text without that of its notes, which are read elsewhere."""
        if element in self._notes or element.tag in RAW or not isinstance(element.tag, str):
            return ""
        return (element.text or "") + "".join(self._unread(child) + (child.tail or "") for child in element)


def _sign(element: Any) -> str | None:
    """The footnote's mark that an element shows, if it shows one and nothing else."""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > _LONGEST_SIGN:
            return None
    found = _NOTE_SIGN.fullmatch(text.strip())
    return found[1] if found else None


def _raised(link: Any) -> bool:
    return any(element.tag == "sup" for element in (link, *link.iterancestors(), *link.iter()))


def _blocks_above(element: Any) -> Iterator[Any]:
    return (above for above in element.iterancestors() if above.tag in _BLOCKS)


class _Counter:
    """What a browser writes before the items of an ordered list."""

    def __init__(self, element: Any) -> None:
        self._ordered = element.tag == "ol"
        self._kind = str(element.get("type", "1"))
        self._nested = self._ordered and any(above.tag in {"ol", "ul"} for above in element.iterancestors())
        start = str(element.get("start", "1"))
        self._next = int(start) if start.isdecimal() and len(start) < 5 else 1

    def label(self, item: Any) -> str:
        if not self._ordered:
            return ""
        value = str(item.get("value", ""))
        at = int(value) if value.isdecimal() and len(value) < 5 else self._next
        self._next = at + 1
        if self._kind in {"a", "A"} and 1 <= at <= len(LATIN):
            return f"({LATIN[at - 1]})"
        if self._kind in {"i", "I"} and 1 <= at < 40:
            return f"({roman(at)})"
        return f"({at})" if self._nested else f"{at}."
