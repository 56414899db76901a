"""Small documents that ask for much: gigabytes, minutes, or a parser that gives up half way.

    nested_forms(26)     a PDF of 4 KB whose page draws 2²⁶ letters
    nested_tables(80)    a Word file of some KB whose tables stand in each other's cells

Each is a whole document, with numbered paragraphs, so that only its harm is a reason to refuse it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from docx import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = f'xmlns:w="{W}"'
_ROOTS = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "document": "document"}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, **parts: str) -> bytes:
    """A Word file with this body, and these parts (`styles`, `numbering`, `footnotes`) in the place of its own."""
    buffer = io.BytesIO()
    Document().save(buffer)
    with zipfile.ZipFile(buffer) as plain:
        files = {name: plain.read(name) for name in plain.namelist()}
    files["word/document.xml"] = _part("document", f"<w:body>{body}</w:body>")
    for name, inner in parts.items():
        files[f"word/{name}.xml"] = _part(name, inner)
        if name == "footnotes":
            _relate(files, "footnotes")
    return packed(files)


def _part(root: str, inner: str) -> bytes:
    return f"{_DECLARATION}<w:{root} {_NS}>{inner}</w:{root}>".encode()


def _relate(files: dict[str, bytes], name: str) -> None:
    relation = f'<Relationship Id="rId99" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
    rels = "word/_rels/document.xml.rels"
    files[rels] = files[rels].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    override = f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'
    types = "[Content_Types].xml"
    files[types] = files[types].replace(b"</Types>", f"{override}</Types>".encode())


def packed(files: dict[str, bytes]) -> bytes:
    """The files as a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def nested_tables(deep: int, text: str = "words " * 4000) -> bytes:
    """Tables in the cells of tables, with a long text in the innermost and its number in each."""
    table = paragraph(text)
    for _ in range(deep):
        table = f"<w:tbl><w:tr><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"
    return word(paragraph("1. One.") + table + paragraph("2. Two."))


def many_styles(styles: int, paragraphs: int) -> bytes:
    """As many styles as one likes, and paragraphs in the last of them."""
    defined = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:name w:val="Style {n}"/></w:style>' for n in range(styles)
    )
    used = f'<w:pStyle w:val="S{styles - 1}"/>'
    return word("".join(paragraph(f"{n}. Text.", used) for n in range(1, paragraphs + 1)), styles=defined)


def many_footnotes(notes: int) -> bytes:
    """A footnote a paragraph."""
    texts = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:t>Note {n}.</w:t></w:r></w:p></w:footnote>' for n in range(1, notes + 1)
    )
    body = "".join(
        f'<w:p><w:r><w:t>{n}. Text.</w:t></w:r><w:r><w:footnoteReference w:id="{n}"/></w:r></w:p>'
        for n in range(1, notes + 1)
    )
    return word(body, footnotes=texts)


def pdf(objects: Iterable[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def stream(content: bytes, keys: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (keys, len(content), content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def page_of(content: bytes, *more: bytes, resources: bytes = b"", annotations: bytes = b"") -> bytes:
    """A PDF of one page; `more` are objects from 6 on, which its resources and annotations may name."""
    drawn = b"/Contents 4 0 R/Annots[%b]/Resources<</Font<</F 5 0 R>>%b>>" % (annotations, resources)
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%b>>" % drawn,
            stream(content),
            FONT,
            *more,
        ]
    )


def pages_of(*contents: bytes) -> bytes:
    """A PDF with a page for each content."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", FONT]
    kids = []
    for content in contents:
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        objects += [stream(content), page % (len(objects) + 1)]
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (b" ".join(kids), len(kids))
    return pdf(objects)


def nested_forms(deep: int, twice: int = 2) -> bytes:
    """Forms that each draw the next one twice or more, down to a line of text."""
    text = b"BT /F 12 Tf 40 700 Td (1. One is a paragraph of some words.) Tj ET"
    kinds = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<"
    forms = [stream(b"/X Do " * twice, kinds + b"/XObject<</X %d 0 R>>>>" % (7 + level)) for level in range(deep)]
    last = stream(text, kinds + b"/Font<</F 5 0 R>>>>")
    return page_of(b"/X Do", *forms, last, resources=b"/XObject<</X 6 0 R>>")


def open_links(number: int) -> bytes:
    """Markdown links that nothing closes."""
    return b"1. " + b"[a](" * number


def combining_marks(size: int) -> bytes:
    """A letter with marks of two classes in turn, so that putting them in order costs the square of their number."""
    return ("1. a" + "\u0301\u0316" * (size // 4)).encode()


def nested_bold(deep: int) -> bytes:
    """HTML whose inline elements are nested, with paragraphs before and after."""
    return b"<p>1. One.</p><p>" + b"<b>" * deep + b"deep" + b"</b>" * deep + b"</p><p>2. Two.</p><p>3. Three.</p>"
