"""What every stage relies on in a report, asked of one that comes from elsewhere before anything is made of it.

check(report, "a.jsonl")   → DocumentRefused: a.jsonl, en, paragraph 4: a note hangs beyond its text
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ConfigDict, ValidationError

from corpus.errors import DocumentRefused
from corpus.layout.headings import MAX_DEPTH
from corpus.layout.stored_text import CELL, ROW
from corpus.records import Paragraph, Rendering, Report, Span, Table
from corpus.text import is_stored_form

STRICT = ConfigDict(extra="forbid", strict=True)
"""How records are read: every field there, of its own type, and none that nobody knows."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_ID, MAX_SYMBOL = 80, 80
_SHA256 = re.compile(r"[0-9a-f]{64}")


def first_fault(error: ValidationError) -> str:
    """What is wrong first, and where: `year: Input should be a valid integer`."""
    fault = error.errors(include_url=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return f"no JSON ({fault['msg'].removeprefix('Invalid JSON: ')[:80]})"
    if fault["type"] == "dataclass_type" and len(fault["loc"]) == 1:
        return "no JSON object"
    place = ".".join(str(part) for part in fault["loc"][1:])
    return f"{place[:80]}: {fault['msg'][:120]}"


def check(report: Report, name: str) -> None:
    """Raises DocumentRefused, naming the paragraph, where a report is none that fiqra could have written."""
    for fault in _faults(report):
        raise DocumentRefused(f"{name}{fault}; mend it, or export the report anew")


def _faults(report: Report) -> Iterator[str]:
    if report.year is not None and not FIRST_YEAR <= report.year <= LAST_YEAR:
        yield f": the year is {report.year}, expected {FIRST_YEAR} to {LAST_YEAR}"
    if not 0 < len(report.id) <= MAX_ID or not is_stored_form(report.id):
        yield f": the id has {len(report.id):,} characters or some that nobody sees, expected 1 to {MAX_ID}"
    if not 0 < len(report.symbol or "-") <= MAX_SYMBOL or not is_stored_form(report.symbol or ""):
        yield f": the symbol is empty, over {MAX_SYMBOL} characters, or has some that nobody sees"
    if not report.renderings or len(set(report.languages)) < len(report.languages):
        yield f" has {len(report.renderings)} languages, expected at least one, and each once"
    for rendering in report.renderings:
        for fault in _faults_of_rendering(rendering):
            yield f", {rendering.language}{fault}"


def _faults_of_rendering(rendering: Rendering) -> Iterator[str]:
    if not rendering.paragraphs:
        yield ": the language has no paragraphs"
    blocks = [text for block in rendering.front_matter for text in (block.role, block.text)]
    if not all(map(is_stored_form, [*blocks, *rendering.questions, rendering.source_name])):
        yield ": the title page, a question or the source's name has characters that nobody sees"
    if not _SHA256.fullmatch(rendering.source_sha256):
        yield ": source_sha256 is no SHA-256 of 64 hex digits"
    refs = [paragraph.ref for paragraph in rendering.paragraphs]
    if refs != sorted(set(refs)):
        yield ": the paragraphs repeat or are out of order"
    known = set(refs)
    for paragraph in rendering.paragraphs:
        if paragraph.ref.parent is not None and paragraph.ref.parent not in known:
            yield f": {paragraph.ref} has no paragraph {paragraph.ref.parent} above it"
        for fault in _faults_of_paragraph(paragraph):
            yield f", paragraph {paragraph.ref}: {fault}"


def _faults_of_paragraph(paragraph: Paragraph) -> Iterator[str]:
    text, size = paragraph.text, len(paragraph.text)
    places = [note.at for note in paragraph.notes]
    texts = [text, *paragraph.heading, *(part for note in paragraph.notes for part in (note.mark, note.text))]
    texts += [part for c in paragraph.corrections for part in (c.printed, c.read, c.why)]
    if not text:
        yield "it is empty"
    if not all(map(is_stored_form, texts)):
        yield "it has characters that nobody sees, or white space other than spaces"
    if len(paragraph.heading) > MAX_DEPTH:
        yield f"it stands below {len(paragraph.heading):,} headings, over {MAX_DEPTH}"
    if not 0 <= paragraph.source.start <= paragraph.source.end:
        yield "its place in the source is none"
    if places != sorted(places) or not all(0 <= at <= size for at in places):
        yield "a note hangs beyond its text, or before the note above it"
    if not all(_within(span, size) for span in (*paragraph.emphasis, *(c.span for c in paragraph.corrections))):
        yield "emphasis or a correction is beyond its text"
    if any(correction.ref != str(paragraph.ref) for correction in paragraph.corrections):
        yield "a correction is another paragraph's"
    if not all(_is_table(text, table) for table in paragraph.tables):
        yield "a table's cells are not where its text has them"


def _within(span: Span, size: int) -> bool:
    return 0 <= span.start <= span.end <= size


def _is_table(text: str, table: Table) -> bool:
    """Whether a row mark stands before each row of cells, and a cell mark between them."""
    end: int | None = None
    for row in table.rows:
        for number, cell in enumerate(row):
            before = CELL if number else ROW
            at = cell.start - len(before)
            if not _within(cell, len(text)) or at < 0 or text[at : cell.start] != before or end not in {None, at}:
                return False
            end = cell.end
    return bool(table.rows) and all(table.rows)
