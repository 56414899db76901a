"""A report as JSON Lines: the report itself, then a line for each paragraph in each language.

    {"kind": "report", "format": 2, "id": "harbours", "symbol": "A/CONF.999/7", "year": 2023, "renderings": [{…}, …]}
    {"kind": "paragraph", "language": "ar", "ref": "4(b)", "label": "4 (ب)", "eid": "para_4__subpara_b", "text": "…", …}

Everything that fiqra stores of a report is there, so that reading it back gives the same report.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.errors import CorpusError, DocumentRefused
from corpus.readers.guards import decoded
from corpus.records import LANGUAGES, Language, Paragraph, Rendering, Report, TitleBlock
from corpus.refs import FRONT, UnreadableReference, parse_ref

FORMAT = 2
_PARAGRAPH = TypeAdapter(Paragraph)
_TITLES = TypeAdapter(tuple[TitleBlock, ...])
_LANGUAGE: TypeAdapter[Language | None] = TypeAdapter(Language | None)


def write(report: Report) -> Iterator[str]:
    """The lines of a report, without line feeds."""
    head = {
        "kind": "report",
        "format": FORMAT,
        "id": report.id,
        "symbol": report.symbol,
        "year": report.year,
        "renderings": [
            {
                "language": rendering.language,
                "official": rendering.official,
                "front_matter": [asdict(block) for block in rendering.front_matter],
                "source_name": rendering.source_name,
                "source_sha256": rendering.source_sha256,
                "questions": rendering.questions,
                "translated_from": rendering.translated_from,
            }
            for rendering in report.renderings
        ],
    }
    yield json.dumps(head, ensure_ascii=False)
    for rendering in report.renderings:
        for paragraph in rendering.paragraphs:
            ref = paragraph.ref
            named = {"ref": str(ref), "label": ref.label(rendering.language), "eid": ref.eid}
            rest = {name: value for name, value in asdict(paragraph).items() if name != "ref"}
            yield json.dumps({"kind": "paragraph", "language": rendering.language, **named, **rest}, ensure_ascii=False)


def read(data: bytes, name: str) -> Report:
    """The report that `write` wrote. Raises DocumentRefused, naming the line that does not fit."""
    lines = [line for line in decoded(data, name).split("\n") if line.strip()]
    rows = [_row(line, number, name) for number, line in enumerate(lines, 1)]
    head = rows[0]
    if head.get("kind") != "report" or head.get("format") != FORMAT:
        raise DocumentRefused(f"{name}, line 1: expected a report of format {FORMAT}; export it anew")
    paragraphs: dict[str, list[Paragraph]] = {language: [] for language in LANGUAGES}
    for number, row in enumerate(rows[1:], 2):
        try:
            paragraphs[row["language"]].append(_paragraph(row))
        except (KeyError, TypeError, ValueError, UnreadableReference) as error:
            raise DocumentRefused(f"{name}, line {number} is no paragraph: {str(error)[:120]}") from error
    try:
        renderings = tuple(
            Rendering(
                language=given["language"],
                official=bool(given["official"]),
                front_matter=_TITLES.validate_python(given["front_matter"]),
                paragraphs=tuple(paragraphs[given["language"]]),
                source_name=str(given["source_name"]),
                source_sha256=str(given["source_sha256"]),
                questions=tuple(map(str, given.get("questions", ()))),
                translated_from=_LANGUAGE.validate_python(given.get("translated_from")),
            )
            for given in head["renderings"]
        )
        report = Report(str(head["id"]), renderings, head.get("symbol"), head.get("year"))
    except (KeyError, TypeError, ValidationError) as error:
        raise DocumentRefused(f"{name}, line 1 is no report: {str(error)[:120]}") from error
    check(report, name)
    return report


def check(report: Report, name: str) -> None:
    """Raises CorpusError where a report that others wrote breaks what every stage relies on."""
    if not report.renderings or not all(rendering.paragraphs for rendering in report.renderings):
        raise CorpusError(f"{name} holds a language without paragraphs")
    for rendering in report.renderings:
        refs = [paragraph.ref for paragraph in rendering.paragraphs]
        if FRONT in refs:
            raise CorpusError(f"{name}: {FRONT} is the title page, which is no paragraph; put it into front_matter")
        if refs != sorted(set(refs)):
            raise CorpusError(f"{name}: the paragraphs in {rendering.language} repeat or are out of order")
        for ref in refs:
            if ref.parent is not None and ref.parent not in rendering.by_ref:
                raise CorpusError(f"{name}: {ref} has no paragraph {ref.parent} above it in {rendering.language}")
        for paragraph in rendering.paragraphs:
            spans = [*paragraph.emphasis, *(c for t in paragraph.tables for row in t.rows for c in row)]
            places = [*(n.at for n in paragraph.notes), *(p for s in spans for p in (s.start, s.end))]
            if not paragraph.text or any(not 0 <= place <= len(paragraph.text) for place in places):
                raise CorpusError(f"{name}: paragraph {paragraph.ref} is empty, or names places beyond its text")


def _row(line: str, number: int, name: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused(f"{name}, line {number} is no JSON") from error
    if not isinstance(row, dict):
        raise DocumentRefused(f"{name}, line {number} is no JSON object")
    return row


def _paragraph(row: dict[str, Any]) -> Paragraph:
    ref = parse_ref(row["ref"])
    known = {key: row[key] for key in _FIELDS if key in row}
    return _PARAGRAPH.validate_python({**known, "ref": ref})


_FIELDS = ("text", "heading", "source", "emphasis", "corrections", "notes", "tables")
