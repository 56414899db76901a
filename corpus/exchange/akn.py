"""One language of a report as Akoma Ntoso 3.0 XML, and back.

Sections carry the headings; `paragraph`, `subparagraph` and `point` carry the numbers, with the eIds that the HTTP
service uses; an annex is a container. Footnotes are authorial notes where they hang, a table is a table. What the
vocabulary has no place for (corrections, places in the source, roles of title blocks) is in `proprietary`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pydantic import TypeAdapter, ValidationError

from corpus.exchange.checks import STRICT, check, first_fault
from corpus.exchange.xml import xml_text
from corpus.layout.stored_text import CELL, ROW
from corpus.layout.told import refused
from corpus.readers.markup import read_xml
from corpus.records import Correction, Language, Note, Paragraph, Recognised, Rendering, Report, Span, Table, TitleBlock
from corpus.refs import FRONT, Ref
from corpus.refs.numerals import letter_name, roman
from corpus.text import alike_until

NS = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:fiqra:exchange:2"
_A, _F = f"{{{NS}}}", f"{{{OWN}}}"
_CODES: dict[Language, str] = {"ar": "ara", "en": "eng"}
_TAGS = ("paragraph", "subparagraph", "point")
_CORRECTIONS = TypeAdapter(tuple[Correction, ...], config=STRICT)
_SPANS = TypeAdapter(tuple[Span, ...], config=STRICT)
_RECOGNISED = TypeAdapter(tuple[Recognised, ...], config=STRICT)
_HEADING = TypeAdapter(tuple[str, ...], config=STRICT)
# The annex, the number, the letter and the item; and for what stands between two numbers, `2 bis`, which it is.
_REF = TypeAdapter(tuple[int, int, int, int] | tuple[int, int, int, int, int], config=STRICT)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the vocabulary has no place for."""

    id: str
    symbol: str | None
    year: int | None
    language: Language
    official: bool
    source_name: str
    source_sha256: str
    roles: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    questions: tuple[str, ...] = ()
    translated_from: Language | None = None


_FACTS = TypeAdapter(tuple[_Facts], config=STRICT)


def write(report: Report, language: Language) -> bytes:
    """The report in that language as a document."""
    rendering = report.rendering(language)
    root = etree.Element(f"{_A}akomaNtoso", nsmap={None: NS, "f": OWN})
    doc = etree.SubElement(root, f"{_A}doc", name="report")
    doc.append(_meta(report, rendering))
    if rendering.front_matter:
        preface = etree.SubElement(doc, f"{_A}preface", eId=FRONT.eid)
        for block in rendering.front_matter:
            etree.SubElement(preface, f"{_A}p").text = xml_text(block.text)
    body = etree.SubElement(doc, f"{_A}mainBody")
    _Writer(rendering, body).write()
    if not len(body):  # the title page alone: the schema has no empty body
        etree.SubElement(body, f"{_A}p")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data


def _meta(report: Report, rendering: Rendering) -> Any:
    meta = etree.Element(f"{_A}meta")
    identification = etree.SubElement(meta, f"{_A}identification", source="#fiqra")
    work = f"/akn/un/doc/{report.year or 'undated'}/{report.id}"
    code = _CODES[rendering.language]
    date = f"{report.year or 1}".zfill(4) + "-01-01"
    for level, uri in (("Work", work), ("Expression", f"{work}/{code}"), ("Manifestation", f"{work}/{code}.xml")):
        element = etree.SubElement(identification, f"{_A}FRBR{level}")
        etree.SubElement(element, f"{_A}FRBRthis", value=f"{uri}/!main")
        etree.SubElement(element, f"{_A}FRBRuri", value=uri)
        etree.SubElement(element, f"{_A}FRBRdate", date=date, name="issued")
        etree.SubElement(element, f"{_A}FRBRauthor", href="#fiqra")
        if level == "Work":
            etree.SubElement(element, f"{_A}FRBRcountry", value="un")
            if report.symbol:
                etree.SubElement(element, f"{_A}FRBRnumber", value=xml_text(report.symbol))
        if level == "Expression":
            etree.SubElement(element, f"{_A}FRBRlanguage", language=code)
    references = etree.SubElement(meta, f"{_A}references", source="#fiqra")
    etree.SubElement(
        references, f"{_A}TLCOrganization", eId="fiqra", href="/ontology/organization/fiqra", showAs="fiqra"
    )
    own = etree.SubElement(meta, f"{_A}proprietary", source="#fiqra")
    facts = {
        "id": report.id,
        "symbol": report.symbol,
        "year": report.year,
        "language": rendering.language,
        "official": rendering.official,
        "source_name": rendering.source_name,
        "source_sha256": rendering.source_sha256,
        "questions": rendering.questions,
        "translated_from": rendering.translated_from,
        "roles": [block.role for block in rendering.front_matter],
        "spans": [[block.source.start, block.source.end] for block in rendering.front_matter],
    }
    etree.SubElement(own, f"{_F}report").text = xml_text(json.dumps(facts, ensure_ascii=False))
    for paragraph in rendering.paragraphs:
        element = etree.SubElement(own, f"{_F}paragraph", of=paragraph.ref.eid)
        element.set("start", str(paragraph.source.start))
        element.set("end", str(paragraph.source.end))
        element.set("heading", xml_text(json.dumps(paragraph.heading, ensure_ascii=False)))
        if paragraph.corrections:
            element.set("corrections", xml_text(_CORRECTIONS.dump_json(paragraph.corrections).decode()))
        if paragraph.emphasis:
            element.set("emphasis", _SPANS.dump_json(paragraph.emphasis).decode())
        if paragraph.recognised:
            element.set("recognised", _RECOGNISED.dump_json((paragraph.recognised,)).decode())
        element.set("ref", json.dumps(_listed(paragraph.ref)))
    return meta


def _listed(ref: Ref) -> list[int]:
    """A ref as `_REF` has it: 2bis(a) → 0, 2, 1, 0, 1."""
    return [ref.annex, ref.number, ref.position, ref.item, *([ref.inserted] if ref.inserted else [])]


class _Writer:
    """Writes paragraphs into sections that follow their headings."""

    def __init__(self, rendering: Rendering, body: Any) -> None:
        self._rendering = rendering
        self._body = body
        self._sections = 0
        self._children: dict[Ref, list[Paragraph]] = defaultdict(list)
        for paragraph in rendering.paragraphs:
            if (parent := paragraph.ref.parent) is not None:
                self._children[parent].append(paragraph)

    def write(self) -> None:
        path: tuple[str, ...] = ()
        stack: list[Any] = [self._body]
        annex = 0
        for paragraph in self._rendering.paragraphs:
            if paragraph.ref.level:
                continue
            if paragraph.ref.annex != annex:
                annex = paragraph.ref.annex
                holder = etree.SubElement(self._body, f"{_A}hcontainer", name="annex", eId=f"att_{annex}")
                path, stack = (), [holder]
            if paragraph.heading != path:
                common = next(
                    (i for i, (a, b) in enumerate(zip(path, paragraph.heading, strict=False)) if a != b),
                    min(len(path), len(paragraph.heading)),
                )
                if common == len(paragraph.heading):  # back up to a heading that has sections in it already
                    common = max(0, common - 1)
                stack = stack[: common + 1]
                for heading in paragraph.heading[common:]:
                    self._sections += 1
                    section = etree.SubElement(stack[-1], f"{_A}section", eId=f"sec_{self._sections}")
                    etree.SubElement(section, f"{_A}heading").text = xml_text(heading)
                    stack.append(section)
                path = paragraph.heading
            self._paragraph(stack[-1], paragraph)

    def _paragraph(self, parent: Any, paragraph: Paragraph) -> None:
        ref = paragraph.ref
        element = etree.SubElement(parent, f"{_A}{_TAGS[ref.level]}", eId=ref.eid)
        etree.SubElement(element, f"{_A}num").text = self._number(ref)
        children = self._children.get(ref, ())
        holder = etree.SubElement(element, f"{_A}{'intro' if children else 'content'}")
        for piece in _pieces(paragraph):
            holder.append(piece)
        for child in children:
            self._paragraph(element, child)

    def _number(self, ref: Ref) -> str:
        language = self._rendering.language
        if ref.item:
            return f"({roman(ref.item)})"
        return f"({letter_name(ref.position, language)})" if ref.position else f"{ref.number_in(language)}."


def _pieces(paragraph: Paragraph) -> Iterator[Any]:
    """The text between tables as `p`, with its notes, and the tables."""
    at = 0
    for table in paragraph.tables:
        start, end = table.rows[0][0].start, table.rows[-1][-1].end
        if start > at + len(ROW) or not at:
            yield _prose(paragraph, at, max(at, start - len(ROW)))
        yield _table(paragraph, table)
        at = end + len(ROW)
    if at < len(paragraph.text) or not paragraph.tables:
        yield _prose(paragraph, at, len(paragraph.text))


def _prose(paragraph: Paragraph, start: int, end: int) -> Any:
    element = etree.Element(f"{_A}p")
    _fill(element, paragraph, start, end)
    return element


def _fill(element: Any, paragraph: Paragraph, start: int, end: int) -> None:
    """Write `text[start:end]` into an element, each note where it hangs."""
    at, last = start, None
    for number, note in enumerate(paragraph.notes, 1):
        if start <= note.at <= end:
            last = _append(element, last, paragraph.text[at : note.at])
            marked = etree.SubElement(
                element,
                f"{_A}authorialNote",
                marker=xml_text(note.mark),
                eId=f"{paragraph.ref.eid}__authorialNote_{number}",
            )
            etree.SubElement(marked, f"{_A}p").text = xml_text(note.text)
            last, at = marked, note.at
    _append(element, last, paragraph.text[at:end])


def _append(element: Any, last: Any, text: str) -> Any:
    text = xml_text(text)
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    return last


def _table(paragraph: Paragraph, table: Table) -> Any:
    element = etree.Element(f"{_A}table")
    for row in table.rows:
        tr = etree.SubElement(element, f"{_A}tr")
        for cell in row:
            p = etree.SubElement(etree.SubElement(tr, f"{_A}td"), f"{_A}p")
            _fill(p, paragraph, cell.start, cell.end)
    return element


def read(data: bytes, name: str) -> Report:
    """The report, in one language, that `write` wrote. Raises DocumentRefused for any other document."""
    try:
        root = read_xml(data, name)
        facts = root.findtext(f".//{_F}report")
        if root.tag != f"{_A}akomaNtoso" or facts is None:
            raise refused("not_exported", name=name)
        report = _report(root, facts)
    except ValidationError as error:
        raise refused("no_akn", name=name, why=first_fault(error)) from error
    # What elements raise that lack others or hold other ones; SyntaxError is lxml's for what is no XML.
    except (SyntaxError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise refused("no_akn", name=name, why=str(error)[:120]) from error
    check(report, name)
    _all_of_it(root, report, name)
    return report


def _all_of_it(root: Any, report: Report, name: str) -> None:
    """Refuse a document that says more than was read of it, or something else: words of another program, or by hand."""
    said, read_back = _said(root), _said(etree.fromstring(write(report, report.languages[0])))
    if said != read_back:
        at = alike_until(said, read_back)
        raise refused("changed_akn", name=name, said=said[at : at + 40], read=read_back[at : at + 40])


def _said(root: Any) -> str:
    """The text of a document without its white space."""
    parts = (part for tag in ("preface", "mainBody") for part in root.iterfind(f"{_A}doc/{_A}{tag}"))
    return "".join("".join("".join(part.itertext()).split()) for part in parts)


def _report(root: Any, written: str) -> Report:
    [facts] = _FACTS.validate_json(f"[{written}]")
    texts = [p.text or "" for p in root.iterfind(f"{_A}doc/{_A}preface/{_A}p")]
    front = tuple(
        TitleBlock(role, text, Span(*span)) for role, text, span in zip(facts.roles, texts, facts.spans, strict=True)
    )
    elements = {e.get("eId"): e for tag in _TAGS for e in root.iter(f"{_A}{tag}")}
    rendering = Rendering(
        language=facts.language,
        official=facts.official,
        front_matter=front,
        paragraphs=tuple(_read_paragraph(own, elements[own.get("of")]) for own in root.iter(f"{_F}paragraph")),
        source_name=facts.source_name,
        source_sha256=facts.source_sha256,
        questions=facts.questions,
        translated_from=facts.translated_from,
    )
    return Report(facts.id, (rendering,), facts.symbol, facts.year)


def _read_paragraph(own: Any, element: Any) -> Paragraph:
    annex, number, position, item, *inserted = _REF.validate_json(own.get("ref"))
    holder = element.find(f"{_A}intro")
    holder = element.find(f"{_A}content") if holder is None else holder
    text, notes, tables = "", list[Note](), list[Table]()
    for piece in holder:
        if piece.tag == f"{_A}p":
            text += ROW if text else ""
            text += _read_inline(piece, len(text), notes)
            continue
        rows = []
        for tr in piece:
            text += ROW
            cells: list[Span] = []
            for td in tr:
                text += CELL if cells else ""
                cell = _read_inline(td[0], len(text), notes)
                cells.append(Span(len(text), len(text) + len(cell)))
                text += cell
            rows.append(tuple(cells))
        tables.append(Table(tuple(rows)))
    return Paragraph(
        ref=Ref(number, position, item, annex, *inserted),
        text=text,
        heading=_HEADING.validate_json(own.get("heading")),
        source=Span(int(own.get("start")), int(own.get("end"))),
        emphasis=_SPANS.validate_json(own.get("emphasis", "[]")),
        corrections=_CORRECTIONS.validate_json(own.get("corrections", "[]")),
        notes=tuple(notes),
        tables=tuple(tables),
        recognised=next(iter(_RECOGNISED.validate_json(own.get("recognised", "[]"))), None),
    )


def _read_inline(element: Any, at: int, notes: list[Note]) -> str:
    text = element.text or ""
    for note in element:
        notes.append(Note(str(note.get("marker", "")), at + len(text), note.findtext(f"{_A}p") or ""))
        text += note.tail or ""
    return text
