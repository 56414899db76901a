"""Writes the test documents again: `python -m tests.documents.make`. The PDFs need a Chromium, as the browser tests do.

Each format has what is ugly about it: numbers in either digits and with stray spaces, automatic numbering in Word,
lists that a browser numbers, two columns and running heads in the PDF, sentences cut by the end of a page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from corpus.refs import Ref, parse_ref
from tests.documents.content import NOTES, PLACE, ROWS, RUNNING_HEAD, SYMBOL, TITLE, Row

HERE = Path(__file__).parent
_SUPERSCRIPTS = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")
_NOTE = re.compile(r"\{(\d)\}")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def printed_number(ref: Ref, language: str, ugly: int) -> str:
    """A number as a typist writes it, never twice the same way."""
    label = ref.label(language).split(" ")
    if ref.item:
        return f"({label[-1].strip('()')})" if language == "en" else label[-1]
    if ref.position:
        return [f"({ref.label(language).split('(')[1]}", f"( {ref.label(language).split('(')[1].rstrip(')')} )"][
            ugly % 2
        ]
    number = str(ref.number)
    if language == "ar":
        return [f"- {number}-", f"{number.translate(_ARABIC_DIGITS)}-", f"{number} -", f"{number}."][ugly % 4]
    return [f"{number}.", f"{number} .", f"{number})", f"- {number}-"][ugly % 4]


def text_file(language: str) -> str:
    lines = [SYMBOL, "", TITLE[language], "", PLACE[language], ""]
    pending: list[int] = []
    for at, row in enumerate(ROWS[language]):
        if row[0] == "h":
            lines += ["", row[2], ""]
        elif row[0] == "t":
            raise AssertionError("a text file has no tables")
        else:
            text = row[2]
            pending += [int(n) for n in _NOTE.findall(text)]
            text = _NOTE.sub(lambda m: m[1].translate(_SUPERSCRIPTS), text)
            number = printed_number(parse_ref(row[1]), language, at)
            before, _, after = text.partition("⏎")
            lines.append(f"{number} {before.rstrip()}")
            if after:
                lines += ["", "__________"]
                lines += [f"{n} {NOTES[language][n - 1]}" for n in pending]
                pending = []
                lines += ["", after]
    lines += ["", "__________", *(f"{n} {NOTES[language][n - 1]}" for n in pending)]
    return "\n".join(lines) + "\n"


def markdown_file(language: str) -> str:
    lines = [SYMBOL, "", f"# {TITLE[language]}", "", PLACE[language], ""]
    for row in ROWS[language]:
        if row[0] == "h":
            lines += [f"{'#' * row[1]} {row[2]}", ""]
        elif row[0] == "t":
            lines += [f"| {' | '.join(row[1][0])} |", "|" + " --- |" * len(row[1][0])]
            lines += [f"| {' | '.join(cells)} |" for cells in row[1][1:]] + [""]
        else:
            ref = parse_ref(row[1])
            number = f"{ref.number}\\." if not ref.position else printed_number(ref, language, 0)
            text = _NOTE.sub(r"[^\1]", row[2].replace("⏎", "")).replace("working", "**working**", 1)
            lines += [f"{'    ' * ref.level}{number} {text}", ""]
    lines += [f"[^{n}]: {note}" for n, note in enumerate(NOTES[language], 1)]
    return "\n".join(lines) + "\n"


def html_file(language: str) -> str:
    def note(match: re.Match[str]) -> str:
        return f'<sup><a href="#fn{match[1]}" id="ref{match[1]}">[{match[1]}]</a></sup>'

    def inline(text: str) -> str:
        return _NOTE.sub(note, html.escape(text.replace("⏎", "")))

    body = [f"<header><p>{SYMBOL}</p></header><nav><a href='/'>1. Home</a></nav>"]
    body += [f"<p>{SYMBOL}</p><h1>{TITLE[language]}</h1><p>{PLACE[language]}</p>"]
    open_lists = 0
    for row in ROWS[language]:
        level = parse_ref(row[1]).level if row[0] == "p" else 0
        while open_lists > level or (open_lists and row[0] != "p"):
            body.append("</li></ol>")
            open_lists -= 1
        if row[0] == "h":
            body.append(f"<h{row[1]}>{html.escape(row[2])}</h{row[1]}>")
        elif row[0] == "t":
            rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>" for cells in row[1])
            body.append(f"<table><tbody>{rows}</tbody></table>")
        else:
            ref = parse_ref(row[1])
            if level == 0:
                body.append(f"<p><span>{ref.number}.</span>&nbsp;{inline(row[2])}</p>")
            elif level > open_lists:
                body.append(f'<ol type="{"ai"[level - 1]}"><li>{inline(row[2])}')
                open_lists = level
            else:
                body.append(f"</li><li>{inline(row[2])}")
    notes = "".join(
        f'<li id="fn{n}"><p>{html.escape(text)} <a href="#ref{n}">↩</a></p></li>'
        for n, text in enumerate(NOTES[language], 1)
    )
    body.append(f"<section><ol>{notes}</ol></section><footer>Copyright 2023</footer>")
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{TITLE[language]}</title><style>p {{ margin: 1em }}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


_NUMBERING = """<w:numbering {ns}>
<w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{letters}"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def word_file(language: str, path: Path) -> None:
    document = Document()
    numbering = document.part.numbering_part
    letters = "arabicAbjad" if language == "ar" else "lowerLetter"
    numbering._element = parse_xml(_NUMBERING.format(ns=nsdecls("w"), letters=letters))
    document.sections[0].header.paragraphs[0].text = RUNNING_HEAD
    document.add_paragraph(SYMBOL)
    document.add_paragraph(TITLE[language], style="Title")
    document.add_paragraph(PLACE[language])
    notes: list[str] = []
    for row in ROWS[language]:
        if row[0] == "h":
            document.add_paragraph(row[2], style=f"Heading {row[1]}")
        elif row[0] == "t":
            table = document.add_table(len(row[1]), len(row[1][0]))
            for r, cells in enumerate(row[1]):
                for c, cell in enumerate(cells):
                    table.cell(r, c).text = cell
        else:
            _word_paragraph(document, row, language, notes)
    _word_notes(document, notes)
    document.core_properties.author = ""
    document.save(str(path))


def _word_paragraph(document: Any, row: Row, language: str, notes: list[str]) -> None:
    ref = parse_ref(row[1])
    paragraph = document.add_paragraph()
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{ref.level}"/><w:numId w:val="{ref.annex + 1}"/></w:numPr>')
    )
    for piece in re.split(r"(\{\d\}|⏎)", row[2]):
        if piece == "⏎":  # the second half is a paragraph of its own, without a number
            paragraph = document.add_paragraph()
        elif found := _NOTE.fullmatch(piece):
            notes.append(NOTES[language][int(found[1]) - 1])
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(len(notes) + 1))
            paragraph.add_run()._r.append(reference)
        elif piece:
            middle = len(piece) // 2  # Word cuts runs anywhere
            paragraph.add_run(piece[:middle]).bold = bool(middle % 2)
            paragraph.add_run(piece[middle:])
    if language == "en" and ref.number == 2:
        paragraph._p.append(
            parse_xml(f'<w:del {nsdecls("w")} w:id="9"><w:r><w:delText> Deleted words.</w:delText></w:r></w:del>')
        )


def _word_notes(document: Any, notes: list[str]) -> None:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    items = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:t xml:space="preserve"> {html.escape(text)}</w:t></w:r></w:p>'
        "</w:footnote>"
        for n, text in enumerate(notes, 2)
    )
    blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{items}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


_PDF_STYLE = """
@page { size: A4; margin: 0 } body { margin: 0; font: 11pt/1.35 'DejaVu Sans' }
.page { position: relative; height: 296mm; page-break-after: always; overflow: hidden }
.head, .foot { position: absolute; left: 20mm; right: 20mm; font-size: 9pt } .head { top: 10mm } .foot { bottom: 8mm }
.text { position: absolute; top: 22mm; left: 20mm; right: 20mm; height: 225mm }
.two { column-count: 2; column-gap: 9mm; column-fill: balance }
.notes { position: absolute; bottom: 16mm; left: 20mm; right: 20mm; font-size: 8pt; border-top: 0.5pt solid; }
p { margin: 0 0 2.4mm } .notes p { margin: 0 } h1 { font-size: 15pt } h2 { font-size: 13pt } h3 { font-size: 12pt }
h1, h2, h3 { margin: 3mm 0 2mm } sup { font-size: 7pt; line-height: 0 } td { padding: 0 4mm 1mm 0 }
table { margin-bottom: 2.4mm; border-collapse: collapse }
.one { margin-inline-start: 6mm } .deep { margin-inline-start: 12mm }
"""


def pdf_pages(language: str) -> Iterator[str]:
    """Pages, the second and third in two columns; each ends where the content says so."""

    def inline(text: str) -> str:
        return _NOTE.sub(r"<sup>\1</sup>", html.escape(text))

    pages: list[tuple[list[str], list[int]]] = [([], [])]
    pages[0][0].append(f"<p>{SYMBOL}</p><h1>{TITLE[language]}</h1><p>{PLACE[language]}</p>")
    for at, row in enumerate(ROWS[language]):
        body = pages[-1][0]
        if row[0] == "h":
            body.append(f"<h{row[1]}>{html.escape(row[2])}</h{row[1]}>")
        elif row[0] == "t":
            raise AssertionError("a table in a PDF is lines")
        else:
            ref = parse_ref(row[1])
            number = printed_number(ref, language, at if language == "en" else 1)
            before, _, after = row[2].partition("⏎")
            style = ("", ' class="one"', ' class="deep"')[ref.level]
            body.append(f"<p{style}>{html.escape(number)} {inline(before)}</p>")
            pages[-1][1].extend(int(n) for n in _NOTE.findall(before))
            if after:
                pages.append(([f"<p>{inline(after)}</p>"], [int(n) for n in _NOTE.findall(after)]))
    for page, (body, notes) in enumerate(pages, 1):
        listed = "".join(f"<p><sup>{n}</sup> {html.escape(NOTES[language][n - 1])}</p>" for n in notes)
        yield (
            f'<div class="page"><div class="head">{RUNNING_HEAD}</div>'
            f'<div class="text{" two" if page > 1 else ""}">{"".join(body)}</div>'
            f'<div class="notes">{listed}</div><div class="foot">{page}/{len(pages)}</div></div>'
        )


def pdf_file(language: str, path: Path) -> None:
    from tests.support.browser import launched

    direction = "rtl" if language == "ar" else "ltr"
    page_html = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><style>{_PDF_STYLE}</style>'
        + "".join(pdf_pages(language))
    )
    with launched() as browser:
        page = browser.new_page()
        page.set_content(page_html)
        path.write_bytes(page.pdf(prefer_css_page_size=True))


def without_tables(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row[0] != "t"]


def main() -> None:
    for language in ("en", "ar"):
        whole = ROWS[language]
        (HERE / f"report.{language}.md").write_text(markdown_file(language), "utf-8")
        (HERE / f"report.{language}.html").write_text(html_file(language), "utf-8")
        word_file(language, HERE / f"report.{language}.docx")
        ROWS[language] = without_tables(whole)
        (HERE / f"report.{language}.txt").write_text(text_file(language), "utf-8")
        pdf_file(language, HERE / f"report.{language}.pdf")
        ROWS[language] = whole


if __name__ == "__main__":
    main()
