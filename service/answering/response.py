"""A finding → the response of the HTTP contract, with every quote checked on its way out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import perf_counter
from uuid import uuid4

from corpus.records import Language, Report, Span
from corpus.refs import Ref
from index.search.fusion import Passage
from index.search.scope import Within
from service.answering.certainty import certainty
from service.answering.engine import Engine
from service.answering.extraction import write_answer
from service.answering.follow_up import leans_on
from service.answering.messages import SECTIONS, say
from service.answering.parting.joined import parts_of
from service.answering.pinpoint import Pinpointer, brief_of
from service.answering.quote_gate import proved
from service.paragraphs.aligned import counterpart
from service.paragraphs.citing import cite_in_full, marker
from service.paragraphs.documents import Documents
from service.paragraphs.lookup import corrections_out, lead_in, parallel_texts, permalink, recognised_out
from service.paragraphs.original import original_path
from service.records import Finding, Quote, Written
from service.schemas.answers import AskResponse, Brief, Citation, Reason, Section, Statement
from service.schemas.passages import PassageOut, SearchResponse
from service.schemas.questions import AskRequest
from service.schemas.texts import ParallelText, SpanOut

_Checked = tuple[tuple[Quote, str], ...]
_Answer = tuple[str, tuple[Statement, ...], _Checked]
"""The answer as one string, its statements, and the quotes that they cite, with their words."""


def asked_before(request: AskRequest) -> list[str]:
    """What the user asked earlier in the conversation, oldest first."""
    return [turn.content for turn in request.history if turn.role == "user"]


def respond(engine: Engine, request: AskRequest, finding: Finding, started: float, found: float) -> AskResponse:
    """What was found, in the contract's words; `started` and `found` are readings of `perf_counter`."""
    reports = engine.contents.by_id
    quoted = (Written(text, (quote,)) for quote, text in proved(finding.quotes, reports))
    answer, statements, checked = _compose(finding.written or tuple(quoted), engine)
    asked = Pinpointer(finding.asked or request.question)
    is_one = len(parts_of(finding.asked or request.question)) == 1  # else a brief would answer but a part
    reason = finding.reason or (None if checked else "not_in_report")
    sure = certainty(finding.confidence) if reason is None else None
    citations = tuple(
        citation(engine, q, text, _score(q, finding.passages), _spans(q, text, finding, asked)) for q, text in checked
    )
    return AskResponse(
        id=uuid4().hex,
        question=request.question,
        language=finding.language,
        answered=reason is None,
        reason=reason,
        confidence=round(finding.confidence, 4),
        certainty=sure,
        warning=say("doubtful", finding.language) if sure == "doubtful" else None,
        mode="llm" if finding.written else "extractive",
        report_title=_report_title(engine, request, finding, checked),
        answer=answer if reason is None else _refusal(engine, request, finding, reason),
        statements=statements,
        citations=citations,
        passages=_passages(engine, finding, request.top_k, declined=request.question if reason else None),
        note=_note(engine, finding, checked),
        brief=_brief(citations) if sure == "sure" and not finding.as_found and is_one else None,
        sections=_sections(finding, statements, checked),
        suggestions=finding.suggestions,
        leans_on=finding.asked or leans_on(request.question, asked_before(request)),
        index=engine.name,
        timings_ms=_timings(dict(finding.timings_ms), started, found),
    )


def _spans(quote: Quote, text: str, finding: Finding, asked: Pinpointer) -> tuple[Span, ...]:
    """The words of a quote that answer, counted in it: those that the finding marks, or those that are asked for."""
    marked = (m for m in finding.marked if (m.report, m.ref, m.language) == (quote.report, quote.ref, quote.language))
    inside = tuple(Span(m.start - quote.start, m.end - quote.start) for m in marked)
    return inside or asked.find(text)


def _brief(citations: Sequence[Citation]) -> Brief | None:
    """What answers by itself, where one citation alone has it."""
    found = []
    for place, cited in enumerate(citations):
        spans = [Span(span.start - cited.start, span.end - cited.start) for span in cited.spans]
        if span := brief_of(cited.quote, spans):
            text, start, end = cited.quote[span.start : span.end], cited.start + span.start, cited.start + span.end
            found.append(Brief(text=text, citation=place, start=start, end=end))
    return found[0] if len(found) == 1 else None


def _sections(finding: Finding, statements: Sequence[Statement], checked: _Checked) -> tuple[Section, ...]:
    """The sections of an overview, each with the statements that its quotes became."""
    place = {quote: i for i, (quote, _) in enumerate(checked)}
    said = {cited: at for at, statement in enumerate(statements) for cited in statement.citations}
    sections = []
    for section in finding.sections:
        found = tuple(said[place[quote]] for quote in section.quotes if quote in place)
        if found:
            title = SECTIONS[section.kind][finding.language]
            sections.append(Section(kind=section.kind, title=title, statements=found))
    return tuple(sections)


def _asked(engine: Engine, request: AskRequest, finding: Finding) -> list[Report]:
    """The reports that a finding speaks of."""
    scope = request.scope()
    return [r for r in engine.contents.reports if (r.id in finding.about if finding.about else scope.admits(r))]


def _refusal(engine: Engine, request: AskRequest, finding: Finding, reason: Reason) -> str:
    """Why there is no answer, with the name of the report that has none where several are loaded."""
    documents, language = engine.documents, finding.language
    if finding.message or reason != "not_in_report" or not documents.several:
        return finding.message or say(reason, language)
    asked = _asked(engine, request, finding)
    if len(asked) == 1:
        return say(reason, language, report=documents.label(asked[0], language))
    return say("not_in_reports", language, count=str(len(asked)), reports=documents.few(asked, language))


def _note(engine: Engine, finding: Finding, checked: _Checked) -> str | None:
    """What is to be said beside an answer; of words that were recognised in a picture, that they were."""
    reports = engine.contents.by_id
    cited = (reports[quote.report].rendering(quote.language).by_ref[quote.ref] for quote, _ in checked)
    scanned = say("recognised", finding.language) if any(paragraph.recognised for paragraph in cited) else None
    return " ".join(filter(None, (finding.note, scanned))) or None


def _report_title(engine: Engine, request: AskRequest, finding: Finding, checked: _Checked) -> str | None:
    """The short names of the reports that answer, or of those that do not; None where one report is loaded."""
    documents, language = engine.documents, finding.language
    if not documents.several:
        return None
    cited = [engine.contents.by_id[report] for report in dict.fromkeys(quote.report for quote, _ in checked)]
    found = cited or _asked(engine, request, finding)
    return documents.label(found[0], language) if len(found) == 1 else documents.few(found, language) or None


def _compose(statements: Sequence[Written], engine: Engine) -> _Answer:
    """The statements whose quotes all hold, each followed by its markers; a quote of several is cited once."""
    reports, documents = engine.contents.by_id, engine.documents
    kept = [(s, dict(checked)) for s in statements if len(checked := proved(s.quotes, reports)) == len(s.quotes)]
    cited = {quote: text for _, checked in kept for quote, text in checked.items()}
    place = {quote: i for i, quote in enumerate(cited)}
    answer = write_answer([(s.text, [_marker(q, documents) for q in checked]) for s, checked in kept])
    out = tuple(
        Statement(text=statement.text, start=span.start, end=span.end, citations=tuple(place[q] for q in checked))
        for (statement, checked), span in zip(kept, answer.spans, strict=True)
    )
    return answer.text, out, tuple(cited.items())


def _marker(quote: Quote, documents: Documents) -> str:
    return marker(str(quote.ref), quote.language, documents.label_of(quote.report, quote.language))


def search_passages(engine: Engine, query: str, language: Language | None, report: Within, k: int) -> SearchResponse:
    """Ranked passages without an answer. Raises UnknownReport."""
    started = perf_counter()
    finding = engine.search(query, language, report)
    found = perf_counter()
    return SearchResponse(
        query=query,
        language=finding.language,
        passages=_passages(engine, finding, k),
        index=engine.name,
        timings_ms=_timings(dict(finding.timings_ms), started, found),
    )


def _passages(engine: Engine, finding: Finding, count: int, *, declined: str | None = None) -> tuple[PassageOut, ...]:
    """The first passages, in the answer's language; of a question that is declined, each with its nearest sentence."""
    documents, first = engine.documents, finding.passages[:count]
    found = [passage_out(documents, p.report, p.ref, finding.language, squash(p.score)) for p in first]
    if declined is None:
        return tuple(found)
    nearest = proved(engine.nearest_sentences(declined, finding.language, first), engine.contents.by_id)
    quoted = {(q.report, str(q.ref)): {"quote": text, "start": q.start, "end": q.end} for q, text in nearest}
    return tuple(passage.model_copy(update=quoted.get((passage.report, passage.ref), {})) for passage in found)


def squash(score: float) -> float:
    """A fused rank score as a number from 0 to 1 of the same order; a third of it, so that good scores stay apart.

    >>> squash(0.0)
    0.5
    """
    return round(1 / (1 + math.exp(-score / 3)), 4)


def passage_out(documents: Documents, report_id: str, ref: Ref, language: Language, score: float) -> PassageOut:
    """A passage in the answer's language, or the first one where the report lacks it."""
    report = documents.by_id[report_id]
    rendering = report.rendering(language)
    paragraph = rendering.by_ref[ref]
    return PassageOut(
        report=report.id,
        report_title=documents.label_of(report.id, language),
        ref=str(ref),
        language=rendering.language,
        label=rendering.label(ref),
        text=paragraph.text,
        recognised=recognised_out(paragraph),
        score=score,
        url=permalink(report, paragraph, rendering.language),
    )


def citation(engine: Engine, quote: Quote, text: str, score: float, spans: Sequence[Span] = ()) -> Citation:
    """A checked quote as a citation, with its lead-in and the parallel text beside it; `spans` count in the quote."""
    documents = engine.documents
    report = documents.by_id[quote.report]
    rendering = report.rendering(quote.language)
    paragraph = rendering.by_ref[quote.ref]
    return Citation(
        report=report.id,
        report_title=documents.label_of(report.id, quote.language),
        ref=str(quote.ref),
        label=rendering.label(quote.ref),
        language=rendering.language,
        official=rendering.official,
        translated_from=rendering.translated_from,
        heading=paragraph.heading,
        quote=text,
        start=quote.start,
        end=quote.end,
        spans=tuple(SpanOut(start=quote.start + span.start, end=quote.start + span.end) for span in spans),
        score=score,
        lead_in=lead_in(rendering, quote.ref),
        text_sha256=paragraph.text_sha256,
        corrections=corrections_out(paragraph),
        recognised=recognised_out(paragraph),
        url=permalink(report, paragraph, rendering.language),
        original=original_path(report, rendering, quote.ref, Span(quote.start, quote.end)) or None,
        cited=cite_in_full(report, rendering, quote.ref),
        parallel=_parallel(engine, report, quote),
    )


def _parallel(engine: Engine, report: Report, quote: Quote) -> tuple[ParallelText, ...]:
    """The paragraph in the other languages, and where each says what is quoted."""
    said, language = Span(quote.start, quote.end), report.rendering(quote.language).language
    return tuple(
        text.model_copy(update={"start": there.start, "end": there.end})
        for text in parallel_texts(report, quote.ref, language)
        for there in [counterpart(engine.contents, report.id, quote.ref, language, said, text.language)]
    )


def _score(quote: Quote, passages: tuple[Passage, ...]) -> float:
    """A citation has the score of the passage that it was cut from."""
    return next((squash(p.score) for p in passages if (p.report, p.ref) == (quote.report, quote.ref)), 1.0)


def _timings(stages: dict[str, float], started: float, found: float) -> dict[str, float]:
    ended = perf_counter()
    return {
        **{name: round(value, 2) for name, value in stages.items()},
        "retrieve": round(1e3 * (found - started), 2),
        "answer": round(1e3 * (ended - found), 2),
        "total": round(1e3 * (ended - started), 2),
    }
