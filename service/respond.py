"""A finding → the response of the HTTP contract, with every quote checked on its way out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from time import perf_counter
from uuid import uuid4

from corpus.records import Language, Report, Span
from corpus.refs import Ref
from index.fusion import Passage
from index.scope import Within
from service.answer import Quote, write_answer
from service.engine import Engine, Finding
from service.generation.proof import Written
from service.lookup import lead_in, parallel_texts, permalink
from service.messages import say
from service.pinpoint import Pinpointer
from service.schemas import AskRequest, AskResponse, Citation, PassageOut, SearchResponse, SpanOut, Statement
from service.verify import proved

_Answer = tuple[str, tuple[Statement, ...], tuple[tuple[Quote, str], ...]]
"""The answer as one string, its statements, and the quotes that they cite, with their words."""


def answer_question(engine: Engine, request: AskRequest) -> AskResponse:
    """Ask the engine and put what it found into the contract's words. Raises UnknownReport."""
    started = perf_counter()
    finding = engine.find(request.question, request.language, request.scope(), asked_before(request))
    return respond(engine, request, finding, started, perf_counter())


def asked_before(request: AskRequest) -> list[str]:
    """What the user asked earlier in the conversation, oldest first."""
    return [turn.content for turn in request.history if turn.role == "user"]


def respond(engine: Engine, request: AskRequest, finding: Finding, started: float, found: float) -> AskResponse:
    """What was found, in the contract's words; `started` and `found` are readings of `perf_counter`."""
    reports = engine.contents.by_id
    if finding.written:
        answer, statements, checked = _in_words(finding.written, reports)
    else:
        answer, statements, checked = _in_quotes(finding.quotes, reports)
    asked = Pinpointer(request.question)
    reason = finding.reason or (None if checked else "not_in_report")
    passages = tuple(
        passage_out(reports[p.report], p.ref, finding.language, squash(p.score))
        for p in finding.passages[: request.top_k]
    )
    return AskResponse(
        id=uuid4().hex,
        question=request.question,
        language=finding.language,
        answered=reason is None,
        reason=reason,
        confidence=round(finding.confidence, 4),
        mode="llm" if finding.written else "extractive",
        answer=answer if reason is None else finding.message or say(reason, finding.language),
        statements=statements,
        citations=tuple(
            citation(reports[q.report], q, text, _score(q, finding.passages), asked.find(text)) for q, text in checked
        ),
        passages=passages,
        note=finding.note,
        index=engine.name,
        timings_ms=_timings(dict(finding.timings_ms), started, found),
    )


def _in_quotes(quotes: tuple[Quote, ...], reports: Mapping[str, Report]) -> _Answer:
    """Each quote that holds is a statement."""
    checked = proved(quotes, reports)
    written = write_answer([(text, quote.ref) for quote, text in checked])
    statements = tuple(
        Statement(text=text, start=span.start, end=span.end, citations=(i,))
        for i, ((_, text), span) in enumerate(zip(checked, written.spans, strict=True))
    )
    return written.text, statements, checked


def _in_words(written: tuple[Written, ...], reports: Mapping[str, Report]) -> _Answer:
    """Each statement whose quotes all hold, followed by its markers; a quote of several statements is cited once."""
    answer, statements, citations = "", list[Statement](), dict[Quote, str]()
    for statement in written:
        checked = dict(proved(statement.quotes, reports))
        if len(checked) < len(statement.quotes):
            continue
        citations |= {quote: text for quote, text in checked.items() if quote not in citations}
        start = len(answer) + bool(answer)
        positions = tuple(list(citations).index(quote) for quote in checked)
        statements.append(
            Statement(text=statement.text, start=start, end=start + len(statement.text), citations=positions)
        )
        markers = " ".join(f"[{quote.ref}]" for quote in checked)
        answer += f"{' ' if answer else ''}{statement.text} {markers}"
    return answer, tuple(statements), tuple(citations.items())


def search_passages(engine: Engine, query: str, language: Language | None, report: Within, k: int) -> SearchResponse:
    """Ranked passages without an answer. Raises UnknownReport."""
    started = perf_counter()
    finding = engine.search(query, language, report)
    found = perf_counter()
    return SearchResponse(
        query=query,
        language=finding.language,
        passages=tuple(
            passage_out(engine.contents.by_id[p.report], p.ref, finding.language, squash(p.score))
            for p in finding.passages[:k]
        ),
        index=engine.name,
        timings_ms=_timings(dict(finding.timings_ms), started, found),
    )


def squash(score: float) -> float:
    """A fused rank score as a number from 0 to 1 of the same order; a third of it, so that good scores stay apart.

    >>> squash(0.0)
    0.5
    """
    return round(1 / (1 + math.exp(-score / 3)), 4)


def passage_out(report: Report, ref: Ref, language: Language, score: float) -> PassageOut:
    """A passage in the answer's language, or the official one where the report lacks it."""
    rendering = report.rendering(language)
    paragraph = rendering.by_ref[ref]
    return PassageOut(
        report=report.id,
        ref=str(ref),
        language=rendering.language,
        label=ref.label(rendering.language),
        text=paragraph.text,
        score=score,
        url=permalink(report, paragraph, rendering.language),
    )


def citation(report: Report, quote: Quote, text: str, score: float, spans: Sequence[Span] = ()) -> Citation:
    """A checked quote as a citation, with its lead-in and the parallel text beside it; `spans` count in the quote."""
    rendering = report.rendering(quote.language)
    paragraph = rendering.by_ref[quote.ref]
    return Citation(
        report=report.id,
        ref=str(quote.ref),
        label=quote.ref.label(rendering.language),
        language=rendering.language,
        official=rendering.official,
        heading=paragraph.heading,
        quote=text,
        start=quote.start,
        end=quote.end,
        spans=tuple(SpanOut(start=quote.start + span.start, end=quote.start + span.end) for span in spans),
        score=score,
        lead_in=lead_in(rendering, quote.ref),
        text_sha256=paragraph.text_sha256,
        url=permalink(report, paragraph, rendering.language),
        parallel=parallel_texts(report, quote.ref, rendering.language),
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
