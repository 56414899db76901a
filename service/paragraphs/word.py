"""Quotations and whole reports as Word files: citations and notes are real footnotes, Arabic runs from right to left.

python-docx writes the document; it has no footnotes, so their part is written here (ECMA-376, 17.11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from lxml import etree

from corpus.records import CLOSING, Language, Paragraph, Rendering, Report
from service.paragraphs.citing import title_of
from service.paragraphs.printing import number_of, with_notes

MEDIA_TYPE = CONTENT_TYPE.WML_DOCUMENT_MAIN.removesuffix(".main+xml")
_FONT = "Times New Roman"  # which every Word has, with Arabic letters
_TAG: Mapping[Language, str] = {"ar": "ar-SA", "en": "en-GB"}
_IN_LINKS = "%:/?#[]@!$&'()*+,;="  # what stands for itself in a link; a quotation mark would end the field
_SEPARATORS = {"separator": "-1", "continuationSeparator": "0"}  # which Word wants before the notes, and their ids


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a report, how they are cited, and where they stand."""

    text: str
    language: Language
    cited: str
    url: str


class _Writer:
    """A document as it grows, and its footnotes. python-docx's own paragraphs take longer the more there are."""

    def __init__(self, title: str, language: Language) -> None:
        self._document = _template(title, language)
        self._end = self._document.sections[0]._sectPr
        self._notes: list[tuple[str, str, Language]] = []  # what it says, its link, its language

    def paragraph(self, text: str, language: Language, style: str = "", indent: int = 0) -> etree._Element:
        """A paragraph in the direction of its language; `indent` counts in twentieths of a point."""
        block = OxmlElement("w:p")
        self._end.addprevious(block)
        _properties(block, language, style, indent)
        _words(block, text, language)
        return block

    def footnote(self, block: etree._Element, text: str, url: str, language: Language) -> None:
        """A mark at the end of a paragraph, and the note that it leads to."""
        self._notes.append((text, url, language))
        run = _sub(block, "r")
        _sub(_sub(run, "rPr"), "rStyle", val="FootnoteReference")
        _sub(run, "footnoteReference", id=str(len(self._notes)))

    def save(self) -> bytes:
        """The file."""
        if self._notes:
            main = self._document.part
            part = Part(
                PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, _footnotes(self._notes), main.package
            )
            main.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
            separated = OxmlElement("w:footnotePr")
            for number in _SEPARATORS.values():
                _sub(separated, "footnote", id=number)
            settings = self._document.settings.element
            settings.find(qn("w:compat")).addprevious(separated)
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()


def quotations(question: str, asked_in: Language, quoted: Sequence[Quoted]) -> bytes:
    """A question and the quotations that answer it, each with its citation as a footnote."""
    writer = _Writer(question, asked_in)
    if question:
        writer.paragraph(question, asked_in, "Heading1")
    for each in quoted:
        block = writer.paragraph(each.text, each.language)
        writer.footnote(block, each.cited, each.url, each.language)
    return writer.save()


def whole_report(report: Report, rendering: Rendering, notice: str) -> bytes:
    """A report in one language, with its notes as footnotes; `notice` says what is claimed of the text."""
    language = rendering.language
    writer = _Writer(title_of(report, language), language)
    for block in rendering.front_matter:
        if block.role != CLOSING:
            writer.paragraph(block.text, language, "Title" if block.role == "title" else "")
    if notice:
        writer.paragraph(notice, language, "IntenseQuote")
    above: tuple[str, ...] = ()
    for paragraph in rendering.paragraphs:
        for level, heading in enumerate(paragraph.heading):
            if paragraph.heading[: level + 1] != above[: level + 1]:
                writer.paragraph(heading, language, f"Heading{min(level + 1, 9)}")
        above = paragraph.heading
        _numbered(writer, rendering, paragraph)
    if closing := rendering.title(CLOSING):
        writer.paragraph(closing, language)
    return writer.save()


def _numbered(writer: _Writer, rendering: Rendering, paragraph: Paragraph) -> None:
    language = rendering.language
    number = number_of(rendering, paragraph.ref)
    block = writer.paragraph(f"{number}\u00a0", language, indent=480 * paragraph.ref.level)
    for text, note in with_notes(paragraph):
        _words(block, text, language)
        if note:
            writer.footnote(block, note.text, "", language)


def _template(title: str, language: Language) -> Docx:
    """An empty document, on A4."""
    document = Document()
    document.core_properties.title = title[:255]
    document.core_properties.author = ""
    document.core_properties.language = _TAG[language]
    document.styles["Title"].font.size = Pt(18)
    for name in ("Normal", "Title", "Intense Quote", *(f"Heading {level}" for level in range(1, 10))):
        _in_font(document.styles[name])
    note = document.styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)  # Word looks for the two by name
    note.base_style = document.styles["Normal"]
    note.font.size = Pt(9)
    _in_font(note)
    document.styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if language == "ar":
        section._sectPr.find(qn("w:docGrid")).addprevious(OxmlElement("w:bidi"))
    return document


def _in_font(style: ParagraphStyle) -> None:
    """One font for both scripts, Arabic somewhat larger; in black."""
    style.font.name = _FONT
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)
    size = style.font.size.pt if style.font.size else 11
    larger = OxmlElement("w:szCs", {qn("w:val"): str(round(2 * size * 1.2))})
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    properties.insert_element_before(larger, "w:highlight", "w:u", "w:effect", "w:rtl", "w:cs", "w:lang")


def _footnotes(notes: Sequence[tuple[str, str, Language]]) -> bytes:
    """The part that holds them."""
    root = etree.Element(qn("w:footnotes"), nsmap={"w": nsmap["w"]})
    for kind, number in _SEPARATORS.items():
        _sub(_sub(_sub(_sub(root, "footnote", id=number, type=kind), "p"), "r"), kind)
    for place, (text, url, language) in enumerate(notes, 1):
        block = _sub(_sub(root, "footnote", id=str(place)), "p")
        _properties(block, language, "FootnoteText")
        mark = _sub(block, "r")
        _sub(_sub(mark, "rPr"), "rStyle", val="FootnoteReference")
        _sub(mark, "footnoteRef")
        _words(block, f" {text}{' ' if url else ''}", language)
        if url:
            _words(_sub(block, "fldSimple", instr=f'HYPERLINK "{quote(url, safe=_IN_LINKS)}"'), url, "en")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _properties(block: etree._Element, language: Language, style: str = "", indent: int = 0) -> None:
    """What a paragraph looks like, in the order that the schema wants."""
    properties = _sub(block, "pPr")
    if style:
        _sub(properties, "pStyle", val=style)
    if language == "ar":
        _sub(properties, "bidi")
    if indent:
        _sub(properties, "ind", start=str(indent))


def _words(parent: etree._Element, text: str, language: Language) -> None:
    """More words at the end of a paragraph, a break for each new line."""
    run = _sub(parent, "r")
    properties = _sub(run, "rPr")
    if language == "ar":
        _sub(properties, "rtl")
        _sub(properties, "lang", bidi=_TAG[language])
    else:
        _sub(properties, "lang", val=_TAG[language])
    for i, line in enumerate(text.split("\n")):
        if i:
            _sub(run, "br")
        words = _sub(run, "t")
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        words.text = line


def _sub(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, qn(f"w:{name}"), {qn(f"w:{key}"): value for key, value in attributes.items()})
