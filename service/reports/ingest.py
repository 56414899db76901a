"""Documents → a report in the library and in the index: read, compared, and only then taken in.

    plan = prepare(library, [Upload("report.docx", data, None)], Wanted("harbours"))
    plan.readings     what was read, and what a person should look at
    plan.differences  where this language's paragraphs are not those of the others
    take_in(library, plan, index)   → the name of the index that holds it

Nothing is written before `take_in`. The report, its documents and the index that holds them change in one step
(`index.disk.report_library`), or nothing does: where anything is refused, and where the process is killed at any
moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import anyio

from corpus.documents import DocumentDescription, ReadDocument, Reading
from corpus.errors import CorpusError, StructureMismatch
from corpus.isolated.reading import read_apart
from corpus.layout.told import Told, refused, told
from corpus.readers import EXPORTS
from corpus.records import Language, Original, Paragraph, Rendering, Report, Span
from corpus.structure import compare
from index.disk.report_library import WAIT_S, Decide, ReportLibrary, Source
from index.disk.shelf import Added, as_stored

MAX_LISTED = 200
# What stands for a paragraph that one language lacks, where that was accepted: a reader is told where to look.
ABSENT: dict[Language, str] = {
    "ar": "[لا ترد هذه الفقرة في الوثيقة العربية؛ يُرجع إلى النص باللغة الأخرى.]",
    "en": "[The English document does not have this paragraph; see the text in the other language.]",
}

BuildIndex = Callable[[tuple[Report, ...], tuple[Added, ...], Decide], str]
"""Builds the index of the base and the added reports and returns its name: `build_index` with its model."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it was handed in; without a language it is found out.

    `documents` is what was read of it, a language each, once that was done.
    """

    name: str
    data: bytes
    language: Language | None = None
    documents: tuple[ReadDocument, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to make of the uploads: the report's id, what the person states about them, and how strict to be.

    With `ocr`, pages of a PDF that are pictures are recognised; `offer_original` lets readers fetch the documents.
    """

    id: str
    official: bool = False
    title: str | None = None
    symbol: str | None = None
    year: int | None = None
    strict: bool = False
    force: bool = False
    ocr: bool = False
    offer_original: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking the documents in would do."""

    report: Report
    readings: tuple[Reading, ...]
    differences: tuple[Told, ...]
    sources: tuple[Source, ...]
    languages: tuple[Language, ...]
    replaces: bool


async def read_ahead(uploads: Sequence[Upload], wanted: Wanted, *, origins: bool = False) -> tuple[Upload, ...]:
    """The uploads, each with what was read of it, one after the other in processes of their own.

    With `origins` it is said where their lines come from. Raises CorpusError as reading does, or Overloaded where no
    process can be started.
    """
    return tuple([replace(upload, documents=await _read(upload, wanted, origins=origins)) for upload in uploads])


async def _read(upload: Upload, wanted: Wanted, *, origins: bool) -> tuple[ReadDocument, ...]:
    """A document, or each language of a report that fiqra exported."""
    facts = wanted.official, wanted.title, wanted.symbol, wanted.year
    given = DocumentDescription(upload.language, *facts, ocr=wanted.ocr)
    return await read_apart(upload.data, upload.name, given, strict=wanted.strict, origins=origins)


def prepare(library: ReportLibrary, uploads: Sequence[Upload], wanted: Wanted) -> Plan:
    """Join the documents to the report of that id, without writing anything; those not read ahead are read first.

    Raises DocumentRefused or NumberingError where one cannot be read, CorpusError where the id cannot be used or the
    report could not be kept. A report of that id that is there and cannot be read is replaced as a whole.
    """
    library.check_id(wanted.id)
    if any(upload.documents is None for upload in uploads):
        uploads = anyio.run(read_ahead, uploads, wanted)
    handed = [(upload, document) for upload in uploads for document in upload.documents or ()]
    read = [document for _, document in handed]
    languages = [document.rendering.language for document in read]
    if len(set(languages)) < len(languages):
        raise refused("one_language", CorpusError, languages=", ".join(languages))
    before = library.get(wanted.id)
    report, differences = _joined(wanted, before, read)
    as_stored(report)
    sources = tuple(
        Source(
            document.rendering.language,
            PurePath(upload.name).suffix.lower(),
            upload.data,
            document.text,
            document.boxes,
        )
        for upload, document in handed
    )
    return Plan(
        report,
        tuple(document.reading for document in read),
        differences,
        sources,
        tuple(languages),
        library.shelf.entry(wanted.id) is not None,
    )


def take_in(
    library: ReportLibrary, uploads: Sequence[Upload], wanted: Wanted, build: BuildIndex, *, wait_s: float = WAIT_S
) -> tuple[Plan, str]:
    """Change the report and the index that holds it, together; returns the plan and the index's name.

    Raises StructureMismatch where languages differ and `force` is not set, IndexBusy, IndexNotWritten.
    """
    with library.changing(wait_s):
        plan = prepare(library, uploads, wanted)  # the report as it is now that nobody else changes it
        if plan.differences and not wanted.force:
            raise mismatch(plan)
        with library.putting(plan.report, plan.sources) as change:
            return plan, build(library.base(), change.added, change.decide)


def take_out(
    library: ReportLibrary,
    report_id: str,
    build: BuildIndex,
    *,
    language: Language | None = None,
    wait_s: float = WAIT_S,
) -> str:
    """Remove an added report, or one language of it, from the library and the index; returns the index's name.

    Raises UnknownReport, CorpusError where it lacks the language, IndexBusy, IndexNotWritten.
    """
    with library.changing(wait_s):
        left = without(library, report_id, language) if language else None
        with library.putting(left) if left else library.removing(report_id) as change:
            return build(library.base(), change.added, change.decide)


def without(library: ReportLibrary, report_id: str, language: Language) -> Report | None:
    """An added report without one of its languages; None where nothing would be left.

    Raises UnknownReport, CorpusError where it cannot be read or lacks the language.
    """
    library.must_have(report_id)
    report = library.get(report_id)
    if report is None:
        raise CorpusError(f"{report_id} cannot be read, so that no language is taken out of it; remove it as a whole")
    if language not in report.languages:
        raise CorpusError(f"{report_id} has no text in {language}, but {' and '.join(report.languages)}")
    left = [rendering for rendering in report.renderings if rendering.language != language]
    if len(left) == 1:  # which is compared with nothing any more, and leads nobody to another text
        absent = ABSENT[left[0].language]
        left = [replace(left[0], paragraphs=tuple(p for p in left[0].paragraphs if p.text != absent))]
    return replace(report, renderings=tuple(left)) if left else None


def mismatch(plan: Plan) -> StructureMismatch:
    """The languages' differences as an error."""
    number, first = len(plan.differences), plan.differences[:3]
    what = told(
        "languages_differ",
        id=plan.report.id,
        places=told("one_difference") if number == 1 else told("differences", number=number),
        shown=Told("; ".join(each.en for each in first), "؛ ".join(each.ar for each in first)),
    )
    return StructureMismatch(what.en, what.ar, tuple(each.en for each in plan.differences))


def _joined(wanted: Wanted, before: Report | None, read: Sequence[ReadDocument]) -> tuple[Report, tuple[Told, ...]]:
    """The report with the new renderings in it, an official or else the fullest first, and how they differ."""
    new = {
        document.rendering.language: replace(document.rendering, original=_original(document, wanted, before))
        for document in read
    }
    kept = [r for r in before.renderings if r.language not in new] if before else []
    renderings = sorted([*kept, *new.values()], key=lambda r: (not r.official, -len(r.paragraphs), r.language))
    first = renderings[0]
    differences: list[Told] = []
    for position, other in enumerate(renderings[1:], 1):
        differences += compare(first, other)
        renderings[position] = aligned(first, other)
    symbols = [document.symbol for document in read if document.symbol]
    years = [document.year for document in read if document.year]
    symbol = wanted.symbol or (before.symbol if before and before.symbol else next(iter(symbols), None))
    year = wanted.year or (before.year if before and before.year else next(iter(years), None))
    return Report(wanted.id, tuple(renderings), symbol, year), tuple(differences[:MAX_LISTED])


def _original(document: ReadDocument, wanted: Wanted, before: Report | None) -> Original | None:
    """What readers may look at of a document; of an export, what they might of the document that it was read from."""
    rendering = document.rendering
    if document.reading.format not in EXPORTS:
        return Original(document.pages, wanted.offer_original) if document.pages or wanted.offer_original else None
    kept = before.renderings if before else ()
    same = (r.original for r in kept if (r.language, r.source_sha256) == (rendering.language, rendering.source_sha256))
    return next(same, None)


def aligned(first: Rendering, other: Rendering) -> Rendering:
    """The other rendering with exactly the first one's paragraphs: what it lacks is ABSENT, what is beyond is left out.

    Differences are accepted by a person, who has seen them listed; the document itself is kept beside the report.
    """
    by_ref = other.by_ref
    text = ABSENT[other.language]
    missing = {p.ref: Paragraph(p.ref, text, p.heading, Span(0, 0)) for p in first.paragraphs if p.ref not in by_ref}
    if not missing and len(by_ref) == len(first.paragraphs):
        return other
    return replace(other, paragraphs=tuple(by_ref.get(p.ref) or missing[p.ref] for p in first.paragraphs))
