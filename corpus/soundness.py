"""The invariants of a report that every stage relies on: checked before one is stored, and when one is read back.

The types say the rest (`corpus.records`); JSON is validated against them first.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import CorpusError
from corpus.records import Paragraph, Rendering, Report

YEARS = range(1, 10_000)


def check(report: Report, name: str) -> None:
    """Raises CorpusError, beginning with `name`, where the report breaks a rule that others rely on."""
    for fault in _faults(report):
        raise CorpusError(f"{name}: {fault}")


def _faults(report: Report) -> Iterator[str]:
    if not report.renderings:
        yield "the report has no language"
        return
    if len(set(report.languages)) < len(report.languages):
        yield f"one language comes twice ({', '.join(report.languages)})"
    if report.year is not None and report.year not in YEARS:
        yield f"{report.year} is no year"
    for rendering in report.renderings:
        yield from _rendering_faults(rendering)
        if tuple(paragraph.ref for paragraph in rendering.paragraphs) != report.refs:
            yield f"{rendering.language} has other paragraphs than {report.languages[0]}"


def _rendering_faults(rendering: Rendering) -> Iterator[str]:
    where = f"in {rendering.language}"
    if not rendering.paragraphs:
        yield f"there is no paragraph {where}"
    refs = [paragraph.ref for paragraph in rendering.paragraphs]
    if refs != sorted(set(refs)):
        yield f"paragraphs repeat or are out of order {where}"
    for ref in refs:
        if ref.parent is not None and ref.parent not in rendering.by_ref:
            yield f"{ref} has no paragraph {ref.parent} above it {where}"
    for paragraph in rendering.paragraphs:
        if not paragraph.text.strip():
            yield f"paragraph {paragraph.ref} has no text {where}"
        if any(not 0 <= start <= end <= len(paragraph.text) for start, end in _places(paragraph)):
            yield f"paragraph {paragraph.ref} names a place beyond its text {where}"


def _places(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """The (start, end) of everything that points into the paragraph's text: emphasis, cells, corrections, notes."""
    cells = (cell for table in paragraph.tables for row in table.rows for cell in row)
    for span in (*paragraph.emphasis, *cells, *(correction.span for correction in paragraph.corrections)):
        yield span.start, span.end
    for note in paragraph.notes:
        yield note.at, note.at
