"""A file in any format → one rendering of a report, and an account of how it was read.

    read_document(data, "report.docx", Description("ar", official=True)) → (Rendering, Reading, …)

The account says what a person should look at before the report is taken in: what was counted, where numbers are
missing or come again, what was joined to the paragraph above, which footnotes hang nowhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePath

from corpus.boxes import boxes_of
from corpus.errors import NumberingError
from corpus.language import detect
from corpus.layout.furniture import LeftOut, without_furniture
from corpus.layout.paragraphs import Layout, read_layout, span_of
from corpus.layout.stored_text import Notes, settle
from corpus.layout.told import Told, refused, told
from corpus.origins import Origin, origins_of
from corpus.readers import EXPORTS, read_lines_of
from corpus.readers.lines import MAX_LISTED, Account, Irregularity, Line, take_out_marks
from corpus.readers.safety import kind_of
from corpus.readers.scans.sureness import recognition
from corpus.records import CLOSING, Language, Rendering, Report, Span, TitleBlock
from corpus.text import clean

_SYMBOL = re.compile(r"\b[A-Z]{1,6}(?:/[A-Z0-9][A-Za-z0-9.]*){1,6}\b")
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class DocumentDescription:
    """What a person states about a document on handing it in; whatever is None is looked for in the document."""

    language: Language | None
    official: bool = False
    title: str | None = None
    symbol: str | None = None
    year: int | None = None
    ocr: bool = False  # whether pages that are pictures are to be recognised


@dataclass(frozen=True, slots=True)
class Reading:
    """How a document was read: its format, what was counted, what to look at, and what its rules leave out.

    `left_out_ar` says in Arabic what `left_out` says.
    """

    name: str
    format: str
    lines: int
    paragraphs: int
    sub_paragraphs: int
    items: int
    annexes: int
    headings: int
    notes: int
    tables: int
    joined_lines: int
    findings: tuple[Irregularity, ...]
    left_out: tuple[str, ...] = ()
    left_out_ar: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A rendering, the account of its reading, and what its title page says of the whole report.

    `text` is what the paragraphs' source spans count in; `origins` is where its lines come from, where that is wanted;
    `boxes` is where its letters stand on its `pages` (`corpus.boxes`), where it has any.
    """

    rendering: Rendering
    reading: Reading
    symbol: str | None
    year: int | None
    text: str
    origins: tuple[Origin, ...] = ()
    boxes: str = ""
    pages: int = 0


def read_every(
    data: bytes, name: str, given: DocumentDescription, *, strict: bool = False, origins: bool = False
) -> list[ReadDocument]:
    """A document, or each language of a report that fiqra exported. Raises as `read_document` does."""
    kind = kind_of(data, name)
    if kind not in EXPORTS:
        return [read_document(data, name, given, strict=strict, origins=origins)]
    exchange = import_module(f"corpus.exchange.{kind}")  # it costs what no document needs
    report: Report = exchange.read(data, name)
    return [
        ReadDocument(rendering, account(rendering, name, kind), report.symbol, report.year, "")
        for rendering in report.renderings
    ]


def read_document(
    data: bytes, name: str, given: DocumentDescription, *, strict: bool = False, origins: bool = False
) -> ReadDocument:
    """Read a file. Raises DocumentRefused where it cannot be read, NumberingError where it has no numbers.

    If `strict`, anything that the account would list is refused.
    """
    kind, document = read_lines_of(data, name, ocr=given.ocr, language=given.language)
    lines, furniture = without_furniture(document.lines)
    layout = read_layout(lines, name, strict=strict)
    notes = Notes(layout.notes)
    paragraphs = tuple(settle(draft, notes, emphasis=kind in {"txt", "md"}) for draft in layout.drafts)
    paragraphs = recognition(paragraphs, document.lines)
    if (language := given.language) is None:
        language = detect(" ".join(paragraph.text for paragraph in paragraphs[:20])[:2_000]).language
    front = _front(layout, given.title)
    printed = " ".join(block.text for block in front)
    rendering = Rendering(
        language=language,
        official=given.official,
        front_matter=front,
        paragraphs=paragraphs,
        source_name=PurePath(name).name,
        source_sha256=hashlib.sha256(data).hexdigest(),
    )
    findings = (
        *layout.findings,
        *(Irregularity.of("note", 0, told("mark_without_note", mark=repr(mark))) for mark in notes.missing),
        *(Irregularity.of("note", 0, told("note_without_mark", mark=repr(mark))) for mark in notes.unmet),
    )
    findings = (*document.findings, *_some(findings))  # each of them no more than anybody looks at
    left_out = (*document.left_out, *_left_out(layout, furniture))
    reading = replace(
        account(rendering, name, kind),
        lines=len(document.lines),
        joined_lines=layout.joined,
        findings=findings,
        left_out=tuple(what.en for what in left_out),
        left_out_ar=tuple(what.ar for what in left_out),
    )
    if strict and findings:
        first = Told(findings[0].detail, findings[0].detail_ar)
        raise refused("strict", NumberingError, name=name, what=first)
    symbol = _SYMBOL.search(printed)
    years = [int(year) for year in _YEAR.findall(printed)]
    return ReadDocument(
        rendering,
        reading,
        given.symbol or (symbol[0] if symbol else None),
        given.year or max(years, default=None),
        document.text,
        tuple(origins_of(document.lines)) if origins else (),
        boxes_of(document.pages, rendering, document.lines),
        len(document.pages),
    )


def _left_out(layout: Layout, furniture: Sequence[LeftOut]) -> tuple[Told, ...]:
    """What is no paragraph's text, beside what the reader left out: listed with its place."""
    account = Account()
    for what, text, line in furniture:
        account.take_out(what, text, line)
    for block in layout.closing:
        account.take_out(told("closing_lines"), _block_text(block), block[0].number)
    for heading in layout.bare:
        account.take_out(told("bare_heading"), heading.text, heading.number)
    return account.left_out


def _some(findings: tuple[Irregularity, ...]) -> tuple[Irregularity, ...]:
    """The findings, or the first thousand and how many more there are."""
    if len(findings) <= MAX_LISTED:
        return findings
    more = told("more", number=len(findings) - MAX_LISTED)
    return (*findings[:MAX_LISTED], Irregularity.of(findings[MAX_LISTED].kind, 0, more))


def _front(layout: Layout, title: str | None) -> tuple[TitleBlock, ...]:
    """The blocks of the title page.

    The one with the role `title` is the one given, the first heading, or the first of three words that is no symbol.
    """
    printed = [(_block_text(block), span_of(block)) for block in layout.front]
    found = [(text, span) for text, span in printed if text]
    texts = [text for text, _ in found]
    styled = [clean(take_out_marks(text)[0]) for text in layout.titles]
    if title:
        chosen = clean(title)
        found = found if chosen in texts else [(chosen, Span(0, 0)), *found]
    else:
        named = (text for text in texts if len(text.split()) >= 3 and not _SYMBOL.fullmatch(text))
        chosen = next((text for text in styled if text in texts), None) or next(named, texts[0] if texts else "")
    blocks = []
    for number, (text, span) in enumerate(found, 1):
        blocks.append(TitleBlock("title" if text == chosen else f"block_{number}", text, span))
    closing = (TitleBlock(CLOSING, text, span_of(block)) for block in layout.closing if (text := _block_text(block)))
    return (*blocks, *closing)


def _block_text(block: Sequence[Line]) -> str:
    return clean(take_out_marks(" ".join(line.text for line in block))[0]).strip("*")


def account(rendering: Rendering, name: str, kind: str) -> Reading:
    """What a rendering holds, counted."""
    refs = [paragraph.ref for paragraph in rendering.paragraphs]
    return Reading(
        name=PurePath(name).name,
        format=kind,
        lines=0,
        paragraphs=sum(ref.level == 0 for ref in refs),
        sub_paragraphs=sum(ref.level == 1 for ref in refs),
        items=sum(ref.level == 2 for ref in refs),
        annexes=len({ref.annex for ref in refs if ref.annex}),
        headings=len(rendering.headings),
        notes=sum(len(paragraph.notes) for paragraph in rendering.paragraphs),
        tables=sum(len(paragraph.tables) for paragraph in rendering.paragraphs),
        joined_lines=0,
        findings=(),
    )
