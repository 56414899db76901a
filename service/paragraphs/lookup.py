"""Paragraphs by number: references → complete paragraphs, links and neighbours. It needs no model and no index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from urllib.parse import quote, urlencode

from corpus.errors import UnknownParagraph, UnknownReport, WhichReport
from corpus.records import Language, Paragraph, Rendering, Report
from corpus.refs import FRONT, NoRef, Ref, RefRange, Target, is_reference, parse_ref, parse_refs
from corpus.refs.numerals import MAX_INSERTED
from corpus.text import fold
from service.paragraphs.citing import cite_in_full
from service.paragraphs.documents import Documents, Named
from service.paragraphs.naming import LINKS, words
from service.paragraphs.original import document_path, original_path
from service.schemas.paragraphs import ParagraphOut
from service.schemas.reports import OriginalOut, RenderingOut, ReportOut
from service.schemas.texts import CorrectionOut, ParallelText, RecognisedOut, SpanOut

NEAREST = 3
LISTED = 20  # names in a message
_LONGEST = 300  # characters of a reference with its document
_SHOWN = 60  # characters of a document's name that a message repeats


def choose_report(reports: Mapping[str, Report], report_id: str | None) -> Report:
    """The report of that id, or the only one there is. Raises UnknownReport, naming those that are loaded."""
    if report_id is not None:
        if report_id in reports:
            return reports[report_id]
        raise UnknownReport(f"no report {report_id[:60]!r} is loaded; there is {listed(reports)}")
    if len(reports) == 1:
        return next(iter(reports.values()))
    raise UnknownReport(f"{len(reports)} reports are loaded; name one of them: {listed(reports)}")


def listed(names: Collection[str]) -> str:
    """The first names of many, for a message.

    >>> listed(["harbours", "kyoto-2021-workshop-4"]), listed([])
    ('harbours, kyoto-2021-workshop-4', 'none')
    """
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return (", ".join(islice(names, LISTED)) or "none") + more


def mentions(report: Report, words: str) -> bool:
    """Whether each of the words stands in the report's id, symbol or titles.

    >>> mentions(report, "kyoto committee"), mentions(report, "kyoto harbour"), mentions(report, "")
    (True, False, True)
    """
    titles = [block.text for rendering in report.renderings for block in rendering.front_matter]
    text = fold(" ".join([report.id, report.symbol or "", str(report.year or ""), *titles]))
    return all(word in text for word in fold(words).split())


def look_up(
    documents: Documents, report_id: str | None, reference: str, language: Language | None = None
) -> tuple[Report, tuple[Ref, ...]]:
    """A reference as people write it → the report it means and the refs that exist there.

    Raises UnknownReport, UnreadableReference or UnknownParagraph.

    >>> found, refs = look_up(Documents([report]), None, "فقرة ٩ من تقرير حلقة العمل ٤")
    >>> found.id, *map(str, refs)
    ('kyoto-2021-workshop-4', '9')
    """
    report, targets = read_reference(documents, report_id, reference, language)
    return report, resolve(report, targets)


def read_reference(
    documents: Documents, report_id: str | None, reference: str, language: Language | None = None
) -> tuple[Report, tuple[Target, ...]]:
    """A reference → the report it means and what it names there, whether that exists or not.

    A document that stands with it, `A/CONF.234/16, para. 9` or `paragraph 9 of the harbours report`, is whose it is.
    Raises UnknownReport where that is not loaded or another one than the caller asks for, WhichReport where it is
    nobody's and several are loaded, with links in that language, and UnreadableReference.
    """
    named, rest = split_document(reference, documents)
    targets = parse_refs(rest if is_reference(rest) else reference)  # what cannot be read is told whole
    if named is None or named.own:
        if report_id is None and documents.several:
            raise which_report(documents, targets, language)
        return choose_report(documents.by_id, report_id), targets
    if named.report is None:
        known = listed([report.symbol or report.id for report in documents.reports])
        raise UnknownReport(f"{named.name(reference)[:_SHOWN]!r} is not loaded here; there is {known}")
    if report_id not in {None, named.report.id}:
        choose_report(documents.by_id, report_id)
        raise UnknownReport(f"the reference is to {named.report.id}, and the call asks {report_id}; leave one out")
    return named.report, targets


def which_report(documents: Documents, targets: Sequence[Target], language: Language | None) -> WhichReport:
    """The error for a number alone, where several reports are loaded; it names those that have the paragraph."""
    choices = []
    for report in reports_having(documents.reports, targets)[:LISTED]:
        rendering = report.rendering(language)
        link = permalink(report, rendering.by_ref[parted(report, targets)[0][0]], rendering.language)
        choices.append((report.id, documents.label(report, rendering.language), link))
    number = f"{len(documents.reports)} reports are loaded; name one of them"
    return WhichReport(f"{number}: {listed(documents.by_id)}", tuple(choices))


def reports_having(reports: Iterable[Report], targets: Iterable[Target]) -> tuple[Report, ...]:
    """The reports that have any of the paragraphs."""
    bounds = [ends(target) for target in targets if not isinstance(target, NoRef)]
    return tuple(report for report in reports if any(set(each) <= report.places.keys() for each in bounds))


def split_document(reference: str, documents: Documents) -> tuple[Named | None, str]:
    """A reference with its document before or after it → that and the rest: `A/CONF.234/16, para. 9` → `para. 9`.

    What is a reference without a document, such as `annex I, para. 4`, has none.
    """
    if len(reference) > _LONGEST or is_reference(reference):
        return None, reference
    said = words(reference)
    for at, word in enumerate(said):
        if at and word.text in LINKS and (found := documents.phrase(said, at + 1)):
            return found, reference[: word.start]
        if at and word.kind == "symbol":
            return documents.phrase(said, at), reference[
                : said[at - 1].start if said[at - 1].kind == "mark" else word.start
            ]
    found = documents.phrase(said, 0)
    after = next((word for word in said if found and word.start >= found.end), None)
    if found is None or after is None:
        return None, reference
    return found, reference[after.end if after.kind == "mark" else after.start :]


def find_one(report: Report, reference: str) -> Ref:
    """A reference to one paragraph of a report. Raises UnreadableReference, or UnknownParagraph as `resolve` does."""
    targets = parse_refs(reference)
    if unknown := [target for target in targets if isinstance(target, NoRef)]:
        raise no_paragraph(report, unknown)
    [ref] = resolve(report, [parse_ref(reference)])
    return ref


def resolve(report: Report, targets: Iterable[Target]) -> tuple[Ref, ...]:
    """The refs that exist, each once, in the order asked for: a range is every paragraph of its level between its ends.

    Raises UnknownParagraph, naming each that does not exist, with the nearest that do.

    >>> [str(ref) for ref in resolve(report, parse_refs("9-11, 21(b)"))]
    ['9', '10', '11', '21(b)']
    """
    known, unknown = parted(report, targets)
    if unknown:
        raise no_paragraph(report, unknown)
    return known


def parted(report: Report, targets: Iterable[Target]) -> tuple[tuple[Ref, ...], tuple[Ref | NoRef, ...]]:
    """The refs that the targets name and the report has, each once, and what it lacks of them.

    >>> known, unknown = parted(report, parse_refs("9, 9 bis, 400"))
    >>> [*map(str, known)], [*map(str, unknown)]
    (['9'], ['9bis', '400'])
    """
    known: dict[Ref, None] = {}
    unknown: dict[Ref | NoRef, None] = {}
    for target in targets:
        if isinstance(target, NoRef):
            unknown[target] = None
            continue
        first, last = ends(target)
        if lacking := [ref for ref in (first, last) if ref not in report.places]:
            unknown |= dict.fromkeys(lacking)
        else:
            known |= dict.fromkeys(report.between(first, last))
    return tuple(known), tuple(unknown)


def ends(target: Ref | RefRange) -> tuple[Ref, Ref]:
    """The first and the last paragraph of a target, which are one for a ref."""
    return (target.first, target.last) if isinstance(target, RefRange) else (target, target)


def no_paragraph(report: Report, lacking: Sequence[Ref | NoRef]) -> UnknownParagraph:
    """The error for what a report lacks, each by itself, with the nearest that it has."""
    details: list[str] = []
    near: dict[str, None] = {}
    for ref in lacking:
        closest = ("1",) if ref == FRONT else tuple(map(str, nearest(report, ref)))
        near |= dict.fromkeys(closest)
        details.append(
            "has no title page in every language; its paragraphs begin with 1"
            if ref == FRONT
            else f"has no paragraph {ref}; the nearest are {', '.join(closest)}"
        )
    return UnknownParagraph(f"{report.id} {'; it '.join(details)}", tuple(near))


def nearest(report: Report, lacking: Ref | NoRef, count: int = NEAREST) -> tuple[Ref, ...]:
    """The refs closest to one that does not exist, closest first.

    21(l) → 21(k), 21(j), 21(i); 22 → 21, 20, 19; 3bis, where there are 2bis and 2ter → 3, 2ter, 4.
    """
    ref = lacking.near if isinstance(lacking, NoRef) else lacking
    siblings: tuple[Ref, ...] = ()
    if (parent := ref.parent) is not None and parent in report.places:
        siblings = report.children(parent) or (parent,)
    pool = siblings or _whole_around(report, ref, count)
    by_distance = sorted(pool, key=lambda r: [abs(a - b) for a, b in zip(_measures(r), _measures(ref), strict=True)])
    return tuple(by_distance[:count])


def _measures(ref: Ref) -> tuple[int, int, int, int]:
    """What tells how far two paragraphs are apart; 2 bis is as far from 2 as 2 ter from 2 bis, and further from 3."""
    return ref.annex, ref.number * (MAX_INSERTED + 1) + ref.inserted, ref.position, ref.item


def _whole_around(report: Report, ref: Ref, count: int) -> tuple[Ref, ...]:
    """As many paragraphs on either side of its number, in its annex or, where there is none such, the nearest."""

    def at(annex: int) -> int:
        return bisect_left(report.whole, Ref(ref.number, annex=annex, inserted=ref.inserted))

    beside = report.whole[max(0, at(ref.annex) - 1) : at(ref.annex) + 1]
    annex = min((other.annex for other in beside), key=lambda other: abs(other - ref.annex), default=ref.annex)
    around = report.whole[max(0, at(annex) - count) : at(annex) + count]
    return tuple(other for other in around if other.annex == annex)


def lead_in(rendering: Rendering, ref: Ref) -> str | None:
    """The text that a sub-paragraph goes on from: its paragraph's own, and for an item its sub-paragraph's after it."""
    return None if ref.parent is None else words_of(rendering, ref.parent)


def words_of(rendering: Rendering, ref: Ref) -> str:
    """A paragraph's text after what it goes on from: `(k)` alone says who is encouraged by whom to nobody."""
    above, text = lead_in(rendering, ref), rendering.by_ref[ref].text
    return f"{above} {text}" if above else text


def permalink(report: Report, paragraph: Paragraph, language: Language) -> str:
    """The paragraph's lasting address: `/p/kyoto-2021-workshop-4/21(k)?lang=en&v=1f3a9c02`."""
    return f"{paragraph_path(report, paragraph.ref, language)}&v={paragraph.text_sha256[:8]}"


def paragraph_path(report: Report, ref: Ref, language: Language | None = None) -> str:
    """The canonical address of a paragraph, whatever its text: `/p/kyoto-2021-workshop-4/21(k)?lang=en`."""
    path = f"/p/{quote(report.id, safe='')}/{quote(str(ref), safe='():')}"
    return path + (f"?lang={language}" if language else "")


def following_path(report: Report, reference: str, offset: int, **asked: object) -> str:
    """The path of the call that goes on with a reference: `/v1/reports/harbours/paragraphs/1-250?lang=en&offset=100`.

    `asked` are the parameters of the call before; those that are None were left out.
    """
    query = urlencode({name: value for name, value in asked.items() if value is not None} | {"offset": offset})
    return f"/v1/reports/{quote(report.id, safe='')}/paragraphs/{quote(reference, safe='():,')}?{query}"


def parallel_texts(report: Report, ref: Ref, language: Language) -> tuple[ParallelText, ...]:
    """The paragraph in the report's other languages."""
    return tuple(
        ParallelText(
            language=other.language,
            official=other.official,
            translated_from=other.translated_from,
            label=other.label(ref),
            lead_in=lead_in(other, ref),
            text=other.by_ref[ref].text,
            corrections=corrections_out(other.by_ref[ref]),
            recognised=recognised_out(other.by_ref[ref]),
            url=permalink(report, other.by_ref[ref], other.language),
            cited=cite_in_full(report, other, ref),
        )
        for other in report.renderings
        if other.language != language
    )


def recognised_out(paragraph: Paragraph) -> RecognisedOut | None:
    """How sure a recogniser was of a paragraph, where one read it."""
    if (scan := paragraph.recognised) is None:
        return None
    doubtful = tuple(SpanOut(start=span.start, end=span.end) for span in scan.doubtful)
    return RecognisedOut(confidence=scan.confidence, doubtful=doubtful)


def corrections_out(paragraph: Paragraph) -> tuple[CorrectionOut, ...]:
    """The misreadings that a paragraph's text mends, in order."""
    return tuple(
        CorrectionOut(
            ref=c.ref,
            printed=c.printed,
            read=c.read,
            certainty=c.certainty,
            why=c.why,
            why_ar=c.why_ar,
            start=c.span.start,
            end=c.span.end,
        )
        for c in paragraph.corrections
    )


def paragraph_out(report: Report, ref: Ref, language: Language | None) -> ParagraphOut:
    """Everything about one paragraph, in the language asked for or else the report's first."""
    rendering = report.rendering(language)
    paragraph = rendering.by_ref[ref]
    before, after = report.neighbours(ref)
    return ParagraphOut(
        report=report.id,
        ref=str(ref),
        label=rendering.label(ref),
        language=rendering.language,
        official=rendering.official,
        translated_from=rendering.translated_from,
        heading=paragraph.heading,
        lead_in=lead_in(rendering, ref),
        text=paragraph.text,
        text_sha256=paragraph.text_sha256,
        corrections=corrections_out(paragraph),
        recognised=recognised_out(paragraph),
        eid=ref.eid,
        children=tuple(map(str, report.children(ref))),
        parent=str(ref.parent) if ref.parent else None,
        previous=str(before) if before else None,
        next=str(after) if after else None,
        url=permalink(report, paragraph, rendering.language),
        original=original_path(report, rendering, ref) or None,
        cited=cite_in_full(report, rendering, ref),
        parallel=parallel_texts(report, ref, rendering.language),
        source=SpanOut(start=paragraph.source.start, end=paragraph.source.end),
    )


def report_out(documents: Documents, report: Report) -> ReportOut:
    """What is loaded of a report."""
    first = report.renderings[0]
    whole = len(report.whole)
    return ReportOut(
        id=report.id,
        title=first.title(),
        short_titles={language: documents.label(report, language) for language in report.languages},
        languages=report.languages,
        headings=first.headings,
        symbol=report.symbol,
        year=report.year,
        counts={"paragraphs": whole, "sub_paragraphs": len(report.refs) - whole},
        renderings=tuple(_rendering_out(report, rendering) for rendering in report.renderings),
        url=f"/reports/{quote(report.id, safe='')}",
    )


def _rendering_out(report: Report, rendering: Rendering) -> RenderingOut:
    shown = rendering.original
    return RenderingOut(
        language=rendering.language,
        official=rendering.official,
        translated_from=rendering.translated_from,
        title=rendering.title(),
        title_page={block.role: block.text for block in rendering.front_matter},
        headings=rendering.headings,
        source_sha256=rendering.source_sha256,
        original=OriginalOut(pages=shown.pages, document=document_path(report, rendering) or None) if shown else None,
        questions=rendering.questions,
        corrections=tuple(c for paragraph in rendering.paragraphs for c in corrections_out(paragraph)),
    )
