"""Paragraphs by number: references → complete paragraphs, links and neighbours. It needs no model and no index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

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
_SYMBOL = re.compile(r"\s*([A-Za-z]{1,6}(?:/[A-Za-z0-9.]{1,20}){1,6})\s*[,،:;]\s*")


def choose_report(reports: Mapping[str, Report], report_id: str | None) -> Report:
    """The report of that id, or the only one there is. Raises UnknownReport, naming those that are loaded."""
    known = ", ".join(reports) or "none"
    if report_id is not None:
        if report_id in reports:
            return reports[report_id]
        raise UnknownReport(f"no report {report_id[:60]!r} is loaded; there is {known}")
    if len(reports) == 1:
        return next(iter(reports.values()))
    raise UnknownReport(f"{len(reports)} reports are loaded; name one of them: {known}")


def mentions(report: Report, words: str) -> bool:
    """Whether each of the words stands in the report's id, symbol or titles.

    >>> mentions(report, "harbour 2023"), mentions(report, "")
    (True, True)
    """
    titles = [block.text for rendering in report.renderings for block in rendering.front_matter]
    text = fold(" ".join([report.id, report.symbol or "", str(report.year or ""), *titles]))
    return all(word in text for word in fold(words).split())


def names_symbol(text: str, report: Report) -> bool:
    """Whether a text names the report by its document symbol: `A/CONF.234/16, para. 12`, in any case.

    >>> names_symbol("see a/conf.234/16, para. 12", report)
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
        known = ", ".join(r.symbol for r in reports.values() if r.symbol) or "none"
        raise UnknownReport(f"no report with the symbol {found[1][:40]!r} is loaded; there is {known}")
    return report, reference[found.end() :]


def look_up(reports: Mapping[str, Report], report_id: str | None, reference: str) -> tuple[Report, tuple[Ref, ...]]:
    """A reference as people write it → the report it means and the refs that exist there.

    Raises UnknownReport, UnreadableReference or UnknownParagraph.

    >>> look_up(reports, None, "الفقرات 9-11")[1]
    (Ref(9), Ref(10), Ref(11))
    """
    named, rest = split_symbol(reference, reports)
    report = named if named and report_id is None else choose_report(reports, report_id)
    return report, resolve(report, parse_refs(rest))


def resolve(report: Report, targets: Iterable[Ref | RefRange]) -> tuple[Ref, ...]:
    """The refs that exist, each once, in the order asked for: a range is every paragraph of its level between its ends.

    Raises UnknownParagraph, with the nearest that exist.

    >>> resolve(report, parse_refs("9-11, 21(b)"))
    (Ref(9), Ref(10), Ref(11), Ref(21, 2))
    """
    found: dict[Ref, None] = {}
    for target in targets:
        if isinstance(target, Ref):
            _must_exist(report, target)
            found[target] = None
        else:
            _must_exist(report, target.first)
            _must_exist(report, target.last)
            first, last = target.first, target.last
            between = (ref for ref in report.refs if first <= ref <= last and ref.level == first.level)
            found |= dict.fromkeys(between)
    return tuple(found)


def _must_exist(report: Report, ref: Ref) -> None:
    if ref in report.citable:
        return
    if ref.is_front:
        raise UnknownParagraph(f"{report.id} has no title page in every language; its paragraphs begin with 1", ("1",))
    near = tuple(str(other) for other in nearest(report, ref))
    raise UnknownParagraph(f"{report.id} has no paragraph {ref}; the nearest are {', '.join(near)}", near)


def nearest(report: Report, ref: Ref, count: int = NEAREST) -> tuple[Ref, ...]:
    """The refs closest to one that does not exist, closest first: 21(l) → 21(k), 21(j), 21(i); 22 → 21, 20, 19."""
    siblings = report.children(ref.parent) if ref.parent else ()
    if not siblings and ref.parent in report.refs:
        siblings = (ref.parent,)
    whole = tuple(r for r in report.refs if not r.position)
    pool = siblings or tuple(r for r in whole if r.annex == ref.annex) or whole
    by_distance = sorted(pool, key=lambda r: [abs(a - b) for a, b in zip(r.order, ref.order, strict=True)])
    return tuple(by_distance[:count])


def lead_in(rendering: Rendering, ref: Ref) -> str | None:
    """The text that a sub-paragraph goes on from: its paragraph's own, and for an item its sub-paragraph's after it."""
    if ref.parent is None:
        return None
    above = lead_in(rendering, ref.parent)
    text = rendering.by_ref[ref.parent].text
    return f"{above} {text}" if above else text


def permalink(report: Report, paragraph: Paragraph, language: Language) -> str:
    """The paragraph's lasting address: `/p/kyoto-2021-workshop-4/21(k)?lang=en&v=1f3a9c02`."""
    ref = quote(str(paragraph.ref), safe="():")
    return f"/p/{report.id}/{ref}?lang={language}&v={paragraph.text_sha256[:8]}"


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
    whole = sum(not ref.position for ref in report.refs)
    return ReportOut(
        id=report.id,
        title=first.title(),
        languages=report.languages,
        headings=first.headings,
        symbol=report.symbol,
        year=report.year,
        counts={"paragraphs": whole, "sub_paragraphs": len(report.refs) - whole},
        renderings=tuple(map(_rendering_out, report.renderings)),
        url=f"/reports/{report.id}",
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
