"""A web page → its lines: headings, paragraphs, list items with the numbers that a browser shows, tables, footnotes.

The page's frame (headers, navigation, footers, buttons) is left out and counted, and so is what its reader does not see
or sees struck out; other text that no line holds, and what the parser gives up on or a broken tag swallows, is listed
or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

from corpus.layout.told import Told, refused, told
from corpus.readers.html_numbers import Counters, ListCounter, list_kind
from corpus.readers.html_source import RAW, Source
from corpus.readers.html_style import Sheet, TooMuchStyle
from corpus.readers.lines import NOTE_MARK, DocumentLines, LineWriter, beginning, hangs_numbers, note_mark
from corpus.readers.raised import lowered, raised

_INVISIBLE = {"script", "style", "head"}
_FRAME = {
    "header": "page_headers",
    "nav": "navigation",
    "footer": "page_footers",
    "button": "buttons",
    "template": "templates",
    **dict.fromkeys(("select", "datalist", "progress", "meter"), "form_controls"),
    **dict.fromkeys(("svg", "canvas", "audio", "video", "object"), "players"),
    **dict.fromkeys(("rp", "annotation", "annotation-xml"), "other_readings"),
}
_STRUCK = {"del", "s", "strike"}
_TOC_NAMES = {"toc", "table-of-contents", "doc-toc"}
_BREAK = "\x1e"  # a <br>, within the text of a block
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
        raise refused("entities", name=name)
    # The bytes of the page anew: lxml takes no text that declares an encoding, and this one is known by now.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(page.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise refused("no_html", name=name, why=str(error)[:80]) from error
    _refuse_where_it_gave_up(parser, name)
    writer = LineWriter()
    roots = (root, *root.itersiblings())  # what stands after `</html>` begins another
    Source.read(page, writer.account).compare("".join(map(_tree_text, roots)))
    try:
        return _Reader(roots, writer).lines()
    except TooMuchStyle:
        raise refused("costly_styles", name=name) from None


def _refuse_where_it_gave_up(parser: Any, name: str) -> None:
    for entry in parser.error_log:
        if entry.level_name == "FATAL":
            if "depth" in entry.message:
                raise refused("nested_elements", name=name, most=str(MAX_DEPTH))
            why = " ".join(entry.message.split())[:80]
            raise refused("gave_up", name=name, line=str(entry.line), why=why)


def _text(data: bytes, name: str) -> str:
    """The page's characters: in UTF-8, or in what it declares itself to be in."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:2048])
        try:
            text = data.decode(declared[1].decode("ascii") if declared else "utf-8")
        except (UnicodeDecodeError, LookupError) as error:
            raise refused("no_encoding", name=name) from error
    if "\0" in text:
        raise refused("nul_in_page", name=name, at=str(text.index(chr(0))))
    return text


def _tree_text(root: Any) -> str:
    """All text of a tree but that of scripts and the like."""
    return "".join(text for e in root.iter() for text in ("" if e.tag in RAW else e.text or "", e.tail or ""))


_OF_A_TABLE = told("table_text")


class _Reader:
    def __init__(self, roots: tuple[Any, ...], writer: LineWriter) -> None:
        self._roots = roots
        self._writer = writer
        self._account = writer.account
        self._sheet = Sheet.of(style.text or "" for root in roots for style in root.iter("style"))
        self._counters = Counters(self._sheet)
        self._rows: list[tuple[tuple[str, ...], list[Any], Any]] = []  # cells, tables in them, and the element
        for link in (link for root in roots for link in root.iter("link")):
            if "stylesheet" in str(link.get("rel", "")).lower():
                self._account.leave_out(told("style_sheets"), str(link.get("href", "")))
        self._unseen = dict(self._find_unseen())
        self._unseen_signs: set[str] = set()  # the marks of notes that text that is not seen leads to
        self._notes = dict(self._find_notes())
        self._signs = set(self._notes.values())
        self._holding: set[Any] = set()  # the elements with a block in them
        for root in roots:
            for block in root.iter(*_BLOCKS):
                for above in block.iterancestors():
                    if above in self._holding:
                        break
                    self._holding.add(above)

    def _find_unseen(self) -> Iterator[tuple[Any, str]]:
        """The outermost elements that nobody sees, each with what to call it."""
        stack = list(reversed(self._roots))
        while stack:
            element = stack.pop()
            if isinstance(element.tag, str) and (reason := self._why_unseen(element)) is not None:
                yield element, reason
            else:
                stack += reversed(element)

    def _why_unseen(self, element: Any) -> str | None:
        style = self._sheet.style(element)
        display = style.get("display", "").lower()
        if display == "none" or (element.get("hidden") is not None and not display):
            return "hidden_text"
        if style.get("visibility", "").lower() in {"hidden", "collapse"} or style.get("mso-hide", "").lower() == "all":
            return "hidden_text"
        if element.tag == "dialog" and element.get("open") is None:
            return "hidden_text"
        decoration = f"{style.get('text-decoration', '')} {style.get('text-decoration-line', '')}"
        if element.tag in _STRUCK or "line-through" in decoration:
            return "struck_text"
        return "contents" if _is_contents(element) else None

    def _is_unseen(self, element: Any) -> bool:
        return any(one in self._unseen for one in (element, *element.iterancestors()))

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
                    if self._is_unseen(link):
                        self._unseen_signs.add(sign)
                    yield holder, sign

    def lines(self) -> DocumentLines:
        for root in self._roots:
            self._block(root)
        met = {mark for line in self._writer.texts for mark in NOTE_MARK.findall(line)}
        for element, mark in self._notes.items():
            text = NOTE_MARK.sub("", " ".join("".join(self._pieces(element)).split()))
            own = re.match(rf"\[?{re.escape(mark)}\]?[.:)/]?\s+", text)
            text = text[own.end() if own else 0 :].rstrip("↩︎^ ")
            self._writer.origin = element
            if mark in met or not self._led_to_unseen(mark):
                self._writer.add(text, "note", mark=mark)
            else:
                self._account.take_out(told("unseen_notes"), text)
        return self._writer.done()

    def _led_to_unseen(self, mark: str) -> bool:
        """Whether only text that is not seen leads to the note of that mark."""
        return mark in self._unseen_signs

    def _block(self, element: Any, label: str = "") -> None:
        """Write an element's own text and its blocks, in order."""
        inline = [self._counters.enter(element), self._plain(element.text, element)]
        counter = ListCounter(element, list_kind(self._sheet.style(element)) if element.tag == "ol" else "")
        for child in element:
            if not isinstance(child.tag, str) or child in self._notes:
                pass
            elif child in self._unseen or child.tag in _SKIPPED:
                self._leave_out(child)
            elif child.tag in _BLOCKS or child in self._holding:
                label = self._flush(inline, element, label)
                label = self._inner(child, counter, label)
            else:
                inline.extend(self._pieces(child))
            inline.append(self._plain(child.tail, element))
        self._flush(inline, element, label)
        self._counters.leave()

    def _inner(self, child: Any, counter: ListCounter, label: str) -> str:
        """Write a block within a block; the label that is left for what comes after it."""
        if child.tag == "table":
            self._writer.gap()
            self._whole_table(child)
            self._writer.gap()
        elif child.tag == "li":
            self._block(child, counter.label(child, list_kind(self._sheet.style(child))))
        else:
            self._block(child, label)
            return "" if child.tag in _BLOCKS else label
        return label

    def _flush(self, inline: list[str], element: Any, label: str) -> str:
        """Write the text of a block so far, a line for each that a break ends; the label that is left."""
        heading = _HEADING.fullmatch(str(element.tag))
        texts = [" ".join(line.split()) for line in "".join(inline).split(_BREAK)]
        inline.clear()
        if heading:
            texts = [" ".join(filter(None, texts))]
        if not any(texts):
            return label
        self._writer.origin = element
        self._writer.gap()
        for text in texts:
            if not text:
                self._writer.gap()
                continue
            line = f"{label} {text}" if label else text
            self._writer.add(line, "heading" if heading else "text", int(heading[1]) if heading else 0)
            label = ""
        self._writer.gap()
        return label

    def _plain(self, text: str | None, element: Any) -> str:
        """Text between tags; in preformatted text, line by line."""
        plain = self._account.unreserved(text or "")
        return plain.replace("\n", _BREAK) if element.tag == "pre" else plain

    def _whole_table(self, table: Any) -> None:
        """Its rows; in a table that only hangs numbers beside paragraphs, these."""
        outer, self._rows = self._rows, []
        self._table(table)
        rows, self._rows = self._rows, outer
        hanging = hangs_numbers([cells for cells, _, _ in rows]) and not any(True for _ in table.iter("th"))
        for cells, nested, row in rows:
            self._writer.origin = row
            self._writer.row(cells, hanging=hanging)
            for inner in nested:
                self._whole_table(inner)

    def _table(self, table: Any) -> None:
        """Row by row; a table within a cell comes after the row that it stands in. What is in no cell is listed."""
        self._list(table.text)
        for child in table:
            if child in self._unseen:
                self._take_out(child)
            elif child.tag in {"thead", "tbody", "tfoot"}:
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
            if child in self._unseen:
                self._take_out(child)
            elif child.tag in {"td", "th"}:
                cells.append(" ".join("".join(self._pieces(child, nested)).replace(_BREAK, " ").split()))
            else:
                self._list(self._unread(child))
            self._list(child.tail)
        self._rows.append((tuple(cells), nested, row))

    def _pieces(self, element: Any, tables: list[Any] | None = None) -> list[str]:
        """The text of inline elements, with marks where links lead to notes; tables within are put aside."""
        pieces: list[str] = []
        self._collect(element, pieces, tables)
        return pieces

    def _collect(self, element: Any, pieces: list[str], tables: list[Any] | None) -> None:
        if element.tag == "br":
            pieces.append(_BREAK)
            return
        if (mark := self._mark(element)) is not None:
            pieces.append(note_mark(mark))
            return
        if element.tag == "img" and element.get("alt"):
            self._account.leave_out(told("pictures"), element.get("alt"))
        start = len(pieces)
        pieces += (self._counters.enter(element), self._account.unreserved(element.text or ""))
        for child in element:
            if child not in self._notes and (child in self._unseen or child.tag in _SKIPPED):
                self._leave_out(child)
            elif child.tag == "table" and tables is not None:
                tables.append(child)
                pieces.append(" ")
            elif isinstance(child.tag, str):
                self._collect(child, pieces, tables)
            pieces.append(self._account.unreserved(child.tail or ""))
        self._counters.leave()
        if element.tag in {"sup", "sub"} and len(element) == 0:
            pieces[start:] = [(raised if element.tag == "sup" else lowered)("".join(pieces[start:]))]

    def _mark(self, element: Any) -> str | None:
        """The footnote's mark that an element is, if it is one."""
        if element.tag not in {"sup", "a"} or element in self._notes:
            return None
        link = element if element.tag == "a" else element.find(".//a[@href]")
        sign = None if link is None else _sign(element)
        leads = link is not None and sign in self._signs and str(link.get("href", "")).startswith("#")
        return sign if leads else None

    def _leave_out(self, element: Any) -> None:
        if element in self._unseen:
            self._take_out(element)
        else:
            self._skip(element)

    def _take_out(self, element: Any) -> None:
        """List an element that nobody sees."""
        if (text := self._unread(element)).strip():
            self._account.take_out(told(self._unseen[element]), text, self._writer.number + 1)

    def _skip(self, element: Any) -> None:
        """Count or list an element that is passed over, unless there is nothing to read in it."""
        text = "" if element.tag in _INVISIBLE else self._unread(element)
        if not text.strip():
            return
        if element.tag in _FRAME:
            self._account.leave_out(told(_FRAME[element.tag]), text)
        else:
            self._list(text, told("element_text", tag=element.tag))

    def _list(self, text: str | None, what: Told = _OF_A_TABLE) -> None:
        if text and text.strip():
            self._account.find(told("left_out", what=what, text=beginning(text)), self._writer.number)

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


def _is_contents(element: Any) -> bool:
    """Whether an element calls itself a table of contents and holds links to the page's own places, and little else."""
    if element.tag not in _BLOCKS:
        return False
    names = {str(element.get("id", "")), str(element.get("role", "")), *str(element.get("class", "")).split()}
    if not {name.lower() for name in names} & _TOC_NAMES:
        return False
    links = [link for link in element.iter("a") if str(link.get("href", "")).startswith("#")]
    linked = sum(len("".join(link.itertext()).strip()) for link in links)
    return bool(links) and 2 * linked >= len("".join(element.itertext()).strip())
