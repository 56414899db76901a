"""The invariants of a report that every stage relies on: checked before one is stored, and when one is read back.

    check(report, "harbours")   → CorpusError: harbours, en, paragraph 4: a note hangs beyond its text …

The types say the rest (`corpus.records`); JSON is validated against them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.errors import CorpusError
from corpus.layout.headings import MAX_DEPTH
from corpus.layout.stored_text import CELL, ROW
from corpus.records import Paragraph, Rendering, Report, Span, Table
from corpus.refs import FRONT
from corpus.text import is_stored_form

FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_ID, MAX_SYMBOL = 80, 80
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check(report: Report, name: str) -> None:
    """Raises CorpusError, beginning with `name`, where a report breaks a rule that others rely on.

    Its languages must have the same paragraphs: those that one lacks are filled in before it is kept.
    """
    for fault in faults(report):
        raise CorpusError(f"{name}{fault}")
    for rendering in report.renderings:
        if tuple(paragraph.ref for paragraph in rendering.paragraphs) != report.refs:
            raise CorpusError(f"{name}: {rendering.language} has other paragraphs than {report.languages[0]}")


def faults(report: Report) -> Iterator[str]:
    """What is wrong with a report, each as the end of a sentence that begins with its name."""
    if report.year is not None and not FIRST_YEAR <= report.year <= LAST_YEAR:
        yield f": the year is {report.year}, expected {FIRST_YEAR} to {LAST_YEAR}"
    if not 0 < len(report.id) <= MAX_ID or not is_stored_form(report.id):
        yield f": the id has {len(report.id):,} characters or some that nobody sees, expected 1 to {MAX_ID}"
    if not 0 < len(report.symbol or "-") <= MAX_SYMBOL or not is_stored_form(report.symbol or ""):
        yield f": the symbol is empty, over {MAX_SYMBOL} characters, or has some that nobody sees"
    if not report.renderings:
        yield " has no language, expected one at least"
    if len(set(report.languages)) < len(report.languages):
        yield f" has a language twice ({', '.join(report.languages)})"
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
    if FRONT in refs:
        yield f": {FRONT} is the title page, which is no paragraph; it belongs into front_matter"
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
    if not text.strip():
        yield "it has no text"
    if not all(map(is_stored_form, texts)):
        yield "it has characters that nobody sees, or white space other than spaces"
    if len(paragraph.heading) > MAX_DEPTH:
        yield f"it stands below {len(paragraph.heading):,} headings, over {MAX_DEPTH}"
    if not 0 <= paragraph.source.start <= paragraph.source.end:
        yield "its place in the source is none"
    if places != sorted(places) or not all(0 <= at <= size for at in places):
        yield "a note hangs beyond its text, or before the note above it"
    if not _all_within((*paragraph.emphasis, *(c.span for c in paragraph.corrections)), size):
        yield "emphasis or a correction is beyond its text"
    if (scan := paragraph.recognised) and not (0 <= scan.confidence <= 1 and _all_within(scan.doubtful, size)):
        yield "it was recognised with a confidence that is none, or with doubt beyond its text"
    if any(correction.ref != str(paragraph.ref) for correction in paragraph.corrections):
        yield "a correction is another paragraph's"
    if not all(_is_table(text, table) for table in paragraph.tables):
        yield "a table's cells are not where its text has them"


def _all_within(spans: Iterable[Span], size: int) -> bool:
    return all(_within(span, size) for span in spans)


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
