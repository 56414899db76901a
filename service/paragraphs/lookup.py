"""Paragraphs by number: references → complete paragraphs, links and neighbours. It needs no model and no index."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from urllib.parse import quote, urlencode

from corpus.errors import UnknownParagraph, UnknownReport
from corpus.records import Language, Paragraph, Rendering, Report
from corpus.refs import Ref, RefRange, parse_refs
from corpus.symbols import symbols
from corpus.text import fold
from service.schemas import (
    CorrectionOut,
    ParagraphOut,
    ParallelText,
    RenderingOut,
    ReportOut,
    SpanOut,
)

NEAREST = 3
LISTED = 20  # names in a message
_SYMBOL = re.compile(r"\s*([A-Za-z]{1,6}(?:/[A-Za-z0-9.]{1,20}){1,6})\s*[,،:;]\s*")


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


def names_symbol(text: str, report: Report) -> bool:
    """Whether a text names the report by its document symbol: `A/CONF.234/16, para. 12`, in any case.

    >>> names_symbol("see a/conf.234/16, para. 12", Report("final", report.renderings, "A/CONF.234/16"))
    True
    """
    return report.symbol is not None and fold(report.symbol) in symbols(text)


def split_symbol(reference: str, reports: Mapping[str, Report]) -> tuple[Report | None, str]:
    """A reference with a document symbol before it → that report and the rest: `A/CONF.234/16, para. 9` → `para. 9`.

    Raises UnknownReport where the symbol is no loaded report's.
    """
    found = _SYMBOL.match(reference)
    if found is None:
        return None, reference
    report = next((r for r in reports.values() if r.symbol and fold(r.symbol) == fold(found[1])), None)
    if report is None:
        known = listed([r.symbol for r in reports.values() if r.symbol])
        raise UnknownReport(f"no report with the symbol {found[1][:40]!r} is loaded; there is {known}")
    return report, reference[found.end() :]


def look_up(reports: Mapping[str, Report], report_id: str | None, reference: str) -> tuple[Report, tuple[Ref, ...]]:
    """A reference as people write it → the report it means and the refs that exist there.

    Raises UnknownReport, UnreadableReference or UnknownParagraph.

    >>> found, refs = look_up(reports, None, "الفقرات 9-11")
    >>> found.id, *map(str, refs)
    ('kyoto-2021-workshop-4', '9', '10', '11')
    """
    named, rest = split_symbol(reference, reports)
    report = named if named and report_id is None else choose_report(reports, report_id)
    return report, resolve(report, parse_refs(rest))


def resolve(report: Report, targets: Iterable[Ref | RefRange]) -> tuple[Ref, ...]:
    """The refs that exist, each once, in the order asked for: a range is every paragraph of its level between its ends.

    Raises UnknownParagraph, with the nearest that exist.

    >>> [str(ref) for ref in resolve(report, parse_refs("9-11, 21(b)"))]
    ['9', '10', '11', '21(b)']
    """
    found: dict[Ref, None] = {}
    for target in targets:
        first, last = ends(target)
        for ref in (first, last):
            if ref not in report.places:
                raise no_paragraph(report, ref)
        found |= dict.fromkeys(report.between(first, last))
    return tuple(found)


def ends(target: Ref | RefRange) -> tuple[Ref, Ref]:
    """The first and the last paragraph of a target, which are one for a ref."""
    return (target.first, target.last) if isinstance(target, RefRange) else (target, target)


def no_paragraph(report: Report, ref: Ref) -> UnknownParagraph:
    """The error for a paragraph that a report lacks, with the nearest that it has."""
    if ref.is_front:
        detail = f"{report.id} has no title page in every language; its paragraphs begin with 1"
        return UnknownParagraph(detail, ("1",))
    near = tuple(str(other) for other in nearest(report, ref))
    return UnknownParagraph(f"{report.id} has no paragraph {ref}; the nearest are {', '.join(near)}", near)


def nearest(report: Report, ref: Ref, count: int = NEAREST) -> tuple[Ref, ...]:
    """The refs closest to one that does not exist, closest first: 21(l) → 21(k), 21(j), 21(i); 22 → 21, 20, 19."""
    siblings: tuple[Ref, ...] = ()
    if (parent := ref.parent) is not None and parent in report.places:
        siblings = report.children(parent) or (parent,)
    pool = siblings or _whole_around(report, ref, count)
    by_distance = sorted(pool, key=lambda r: [abs(a - b) for a, b in zip(r.order, ref.order, strict=True)])
    return tuple(by_distance[:count])


def _whole_around(report: Report, ref: Ref, count: int) -> tuple[Ref, ...]:
    """As many paragraphs on either side of its number, in its annex or, where there is none such, the nearest."""

    def at(annex: int) -> int:
        return bisect_left(report.whole, Ref(ref.number, annex=annex))

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
            label=ref.label(other.language),
            lead_in=lead_in(other, ref),
            text=other.by_ref[ref].text,
            corrections=corrections_out(other.by_ref[ref]),
            url=permalink(report, other.by_ref[ref], other.language),
        )
        for other in report.renderings
        if other.language != language
    )


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
        label=ref.label(rendering.language),
        language=rendering.language,
        official=rendering.official,
        translated_from=rendering.translated_from,
        heading=paragraph.heading,
        lead_in=lead_in(rendering, ref),
        text=paragraph.text,
        text_sha256=paragraph.text_sha256,
        corrections=corrections_out(paragraph),
        eid=ref.eid,
        children=tuple(map(str, report.children(ref))),
        parent=str(ref.parent) if ref.parent else None,
        previous=str(before) if before else None,
        next=str(after) if after else None,
        url=permalink(report, paragraph, rendering.language),
        parallel=parallel_texts(report, ref, rendering.language),
        source=SpanOut(start=paragraph.source.start, end=paragraph.source.end),
    )


def report_out(report: Report) -> ReportOut:
    """What is loaded of a report."""
    first = report.renderings[0]
    whole = len(report.whole)
    return ReportOut(
        id=report.id,
        title=first.title(),
        languages=report.languages,
        headings=first.headings,
        symbol=report.symbol,
        year=report.year,
        counts={"paragraphs": whole, "sub_paragraphs": len(report.refs) - whole},
        renderings=tuple(map(_rendering_out, report.renderings)),
        url=f"/reports/{quote(report.id, safe='')}",
    )


def _rendering_out(rendering: Rendering) -> RenderingOut:
    return RenderingOut(
        language=rendering.language,
        official=rendering.official,
        translated_from=rendering.translated_from,
        title=rendering.title(),
        title_page={block.role: block.text for block in rendering.front_matter},
        headings=rendering.headings,
        source_sha256=rendering.source_sha256,
        questions=rendering.questions,
        corrections=tuple(c for paragraph in rendering.paragraphs for c in corrections_out(paragraph)),
    )
