"""A report in two languages as TMX 1.4: aligned segments for translation memories.

A unit is a block of the title page; a sentence where both languages have as many sentences in the paragraph, and
otherwise the paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.chunks import sentences
from corpus.errors import CorpusError
from corpus.exchange.xml import xml_text
from corpus.records import Report
from corpus.refs import FRONT

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(report: Report) -> bytes:
    """The aligned texts. Raises CorpusError where the report has one language."""
    if len(report.renderings) < 2:
        raise CorpusError(f"{report.id} has one language, {report.languages[0]}; a translation memory needs two")
    first = report.languages[0]
    root = etree.Element("tmx", version="1.4")
    etree.SubElement(
        root,
        "header",
        creationtool="fiqra",
        creationtoolversion="1",
        segtype="sentence",
        datatype="plaintext",
        adminlang="en",
        srclang=first,
        **{"o-tmf": "fiqra"},
    )
    body = etree.SubElement(root, "body")
    for name, texts in _units(report):
        unit = etree.SubElement(body, "tu", tuid=name)
        for language, text in zip(report.languages, texts, strict=True):
            variant = etree.SubElement(unit, "tuv", {_LANG: language})
            etree.SubElement(variant, "seg").text = xml_text(text)
    doctype = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype, pretty_print=True)
    return data


def _units(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    for block in report.renderings[0].front_matter:
        titles = tuple(rendering.title(block.role) for rendering in report.renderings)
        if all(titles):
            yield f"{report.id}:{FRONT}:{block.role}", titles
    for ref in report.refs:
        texts = [rendering.by_ref[ref].text for rendering in report.renderings]
        cut = [[text[span.start : span.end] for span in sentences(text)] for text in texts]
        if len({len(pieces) for pieces in cut}) == 1:
            for number, pieces in enumerate(zip(*cut, strict=True), 1):
                yield f"{report.id}:{ref}:{number}", pieces
        else:
            yield f"{report.id}:{ref}", tuple(texts)
