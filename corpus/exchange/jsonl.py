"""A report as JSON Lines: the report itself, then a line for each paragraph in each language.

    {"kind": "report", "format": 2, "id": "harbours", "symbol": "A/CONF.999/7", "year": 2023, "renderings": [{…}, …]}
    {"kind": "paragraph", "language": "ar", "ref": "4(b)", "label": "4 (ب)", "eid": "para_4__subpara_b", "text": "…", …}

Everything that fiqra stores of a report is there, so that reading it back gives the same report. What is read back is
held to that: a field of another type, one that nobody knows, or a line that is missing is refused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.exchange.checks import STRICT, check, first_fault
from corpus.layout.told import Told, refused, told
from corpus.readers.safety import decoded
from corpus.records import Correction, Language, Note, Paragraph, Recognised, Rendering, Report, Span, Table, TitleBlock
from corpus.refs import UnreadableReference, parse_ref

FORMAT = 2
_NOT_SCANNED = ("recognised", None)  # which readers of older exports know nothing of
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _RenderingHead:
    """A rendering without its paragraphs; `paragraphs` is how many follow, which older exports do not say."""

    language: Language
    official: bool
    front_matter: tuple[TitleBlock, ...]
    source_name: str
    source_sha256: str
    questions: tuple[str, ...] = ()
    translated_from: Language | None = None
    paragraphs: int | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    kind: Literal["report"]
    format: Literal[2]
    id: str
    renderings: tuple[_RenderingHead, ...]
    symbol: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph; `label` and `eid` say again what `ref` says."""

    kind: Literal["paragraph"]
    language: Language
    ref: str
    text: str
    heading: tuple[str, ...]
    source: Span
    label: str | None = None
    eid: str | None = None
    emphasis: tuple[Span, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    tables: tuple[Table, ...] = ()
    recognised: Recognised | None = None

    def paragraph(self) -> Paragraph:
        """The record. Raises ValueError or UnreadableReference where its names disagree."""
        ref = parse_ref(self.ref)
        for given, meant in ((self.ref, str(ref)), (self.label, ref.label(self.language)), (self.eid, ref.eid)):
            if given not in {None, meant}:
                raise ValueError(f"it is called {str(given)[:40]!r}, expected {meant!r}")
        return Paragraph(
            ref,
            self.text,
            self.heading,
            self.source,
            self.emphasis,
            self.corrections,
            self.notes,
            self.tables,
            self.recognised,
        )


# A list of one, since only a type without settings of its own takes these.
_HEADS = TypeAdapter(tuple[_Head], config=STRICT)
_ROWS = TypeAdapter(tuple[_Row], config=STRICT)


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
                "paragraphs": len(rendering.paragraphs),
            }
            for rendering in report.renderings
        ],
    }
    yield json.dumps(head, ensure_ascii=False)
    for rendering in report.renderings:
        for paragraph in rendering.paragraphs:
            ref = paragraph.ref
            named = {"ref": str(ref), "label": ref.label(rendering.language), "eid": ref.eid}
            rest = {n: value for n, value in asdict(paragraph).items() if n != "ref" and (n, value) != _NOT_SCANNED}
            yield json.dumps({"kind": "paragraph", "language": rendering.language, **named, **rest}, ensure_ascii=False)


def read(data: bytes, name: str) -> Report:
    """The report that `write` wrote. Raises DocumentRefused, naming the line that does not fit."""
    lines = ((number, line) for number, line in enumerate(decoded(data, name).split("\n"), 1) if line.strip())
    _, first = next(lines, (1, ""))
    head = _record(_HEADS, first, name, 1, told("expected_report", number=str(FORMAT)))
    paragraphs: dict[Language, list[Paragraph]] = defaultdict(list)
    for number, line in lines:
        row = _record(_ROWS, line, name, number, told("expected_paragraph"))
        try:
            paragraphs[row.language].append(row.paragraph())
        except (ValueError, UnreadableReference) as error:
            raise refused("line_no_paragraph", name=name, line=number, why=str(error)[:120]) from error
    report = _report(head, paragraphs, name)
    check(report, name)
    return report


def _report(head: _Head, paragraphs: dict[Language, list[Paragraph]], name: str) -> Report:
    named = [given.language for given in head.renderings]
    if strange := sorted(set(paragraphs) - set(named)):
        raise refused("unnamed_language", name=name, language=strange[0])
    for given in head.renderings:
        number = len(paragraphs[given.language])
        if given.paragraphs is not None and given.paragraphs != number:
            raise refused(
                "missing_paragraphs", name=name, number=number, language=given.language, expected=given.paragraphs
            )
    renderings = tuple(
        Rendering(
            language=given.language,
            official=given.official,
            front_matter=given.front_matter,
            paragraphs=tuple(paragraphs[given.language]),
            source_name=given.source_name,
            source_sha256=given.source_sha256,
            questions=given.questions,
            translated_from=given.translated_from,
        )
        for given in head.renderings
    )
    return Report(head.id, renderings, head.symbol, head.year)


def _record(records: TypeAdapter[tuple[T]], line: str, name: str, number: int, expected: Told) -> T:
    """A line as a record. Raises DocumentRefused with the first thing that is wrong with it."""
    try:
        [record] = records.validate_json(f"[{line}]")
        json.loads(line, object_pairs_hook=_each_once)
    except ValidationError as error:
        raise refused("no_record", name=name, line=number, why=first_fault(error), expected=expected) from error
    except _Twice as error:
        raise refused("field_twice", name=name, line=number, field=repr(str(error)[:40])) from error
    return record


class _Twice(Exception):
    """A field of a record that comes again; its name."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return dict(pairs)
