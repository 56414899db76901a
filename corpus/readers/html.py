"""A web page → its lines: headings, paragraphs, list items with the numbers that a browser shows, tables, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

from corpus.errors import DocumentRefused
from corpus.numerals import LATIN, roman
from corpus.readers.guards import no_entities
from corpus.readers.lines import NOTE_MARK, DocumentLines, LineWriter, note_mark, unreserved

_SKIPPED = {"script", "style", "nav", "header", "footer", "aside", "template", "noscript", "head", "form", "button"}
_BLOCKS = {
    *("html body main article section div p blockquote figure figcaption ul ol li dl dt dd table thead tbody".split()),
    *("tfoot tr pre hr address h1 h2 h3 h4 h5 h6 details summary center".split()),
}
_HEADING = re.compile(r"h([1-6])")
_CHARSET = re.compile(rb"charset\s*=\s*(?:[\"']\s*)?([\w-]+)", re.IGNORECASE)
_NOTE_SIGN = re.compile(r"\[?([\w*†‡]{1,4})\]?")
MAX_DEPTH = 200


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of an HTML file. Raises DocumentRefused where its letters cannot be told or it declares entities."""
    no_entities(data, name, doctype=True)
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(_text(data, name), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise DocumentRefused(f"{name} is no HTML that can be read: {str(error)[:80]}") from error
    return _Reader(root).lines()


def _text(data: bytes, name: str) -> str:
    """The page's characters: in UTF-8, or in what it declares itself to be in."""
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:2048])
    try:
        return data.decode(declared[1].decode("ascii") if declared else "utf-8").replace("\0", "")
    except (UnicodeDecodeError, LookupError) as error:
        raise DocumentRefused(f"{name} is neither UTF-8 nor in the encoding it declares; save it as UTF-8") from error


class _Reader:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._writer = LineWriter()
        self._notes = dict(self._find_notes())

    def _find_notes(self) -> Iterator[tuple[Any, str]]:
        """The elements that hold footnotes, each with its mark: what a link in superscript leads to."""
        for link in self._root.iterfind(".//a[@href]"):
            target = str(link.get("href"))
            sign = _NOTE_SIGN.fullmatch("".join(link.itertext()).strip())
            raised = any(e.tag == "sup" for e in (link, *link.iterancestors(), *link.iter()))
            if target.startswith("#") and sign and raised and target[1:]:
                for element in self._root.xpath("//*[@id=$name]", name=target[1:]):
                    holder = element if element.tag in _BLOCKS else next(_blocks_above(element), element)
                    if link not in holder.iter():
                        yield holder, sign[1]

    def lines(self) -> DocumentLines:
        self._block(self._root, 0)
        for element, mark in self._notes.items():
            text = NOTE_MARK.sub("", " ".join("".join(self._pieces(element)).split()))
            own = re.match(rf"\[?{re.escape(mark)}\]?[.:)/]?\s+", text)
            self._writer.add(text[own.end() if own else 0 :].rstrip("↩︎^ "), "note", mark=mark)
        return self._writer.done()

    def _block(self, element: Any, depth: int, label: str = "") -> None:
        """Write an element's own text and its blocks, in order."""
        if depth > MAX_DEPTH:
            raise DocumentRefused(f"the page nests its elements over {MAX_DEPTH} deep; save it in a plainer form")
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
            if not isinstance(child.tag, str) or child.tag in _SKIPPED or child in self._notes:
                pass
            elif child.tag == "table":
                flush()
                self._table(child)
            elif child.tag in _BLOCKS:
                flush()
                nested = counter.label(child) if child.tag == "li" else label
                label = "" if child.tag != "li" else label
                self._block(child, depth + 1, nested)
            elif any(isinstance(e.tag, str) and e.tag in _BLOCKS for e in child.iter()):
                flush()
                self._block(child, depth + 1, label)
            else:
                inline.extend(self._pieces(child))
            inline.append(child.tail or "")
        flush()

    def _table(self, table: Any) -> None:
        self._writer.gap()
        for row in table.iter("tr"):
            cells = tuple(" ".join("".join(self._pieces(c)).split()) for c in row if c.tag in {"td", "th"})
            self._writer.row(cells)
        self._writer.gap()

    def _pieces(self, element: Any) -> Iterator[str]:
        """The text of inline elements, with marks where links lead to notes."""
        if element.tag == "br":
            yield " "
            return
        if element.tag in {"sup", "a"} and element not in self._notes:
            link = element if element.tag == "a" else element.find(".//a[@href]")
            sign = _NOTE_SIGN.fullmatch("".join(element.itertext()).strip())
            if (
                link is not None
                and sign
                and sign[1] in self._notes.values()
                and str(link.get("href", "")).startswith("#")
            ):
                yield note_mark(sign[1])
                return
        yield unreserved(element.text or "")
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                yield from self._pieces(child)
            yield unreserved(child.tail or "")


def _blocks_above(element: Any) -> Iterator[Any]:
    return (above for above in element.iterancestors() if above.tag in _BLOCKS)


class _Counter:
    """What a browser writes before the items of an ordered list."""

    def __init__(self, element: Any) -> None:
        self._ordered = element.tag == "ol"
        self._kind = str(element.get("type", "1"))
        self._nested = any(above.tag in {"ol", "ul"} for above in element.iterancestors())
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
