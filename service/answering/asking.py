"""One question, from request to answer: searched and proved in the work queue, the language model asked outside it.

    begin → find and quote → (generate → prove statement by statement, or fall back) → answers that grow

An answer exists before the model is asked. Whatever becomes of the model, that answer goes out, and `note` says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from anyio.from_thread import start_blocking_portal
from starlette.requests import Request

from corpus.errors import Overloaded
from corpus.records import Language, Report
from corpus.refs import Ref
from service.answering.engine import Engine
from service.answering.follow_up import leans_on
from service.answering.messages import Message, say
from service.answering.response import asked_before, respond
from service.generation.claims import Claim, Offered, read_claims, says_no_answer
from service.generation.generator import Generator, GeneratorFault, Prompt
from service.generation.prompt import DOUBTFUL, choose, write_prompt
from service.generation.proof import Wanted
from service.records import Finding, Written
from service.schemas.answers import AskResponse
from service.schemas.questions import AskRequest
from service.state import State

log = logging.getLogger("fiqra")
T = TypeVar("T")

# What is left of the second after FIQRA_LLM_TIMEOUT_S when the reply is in; a statement takes a millisecond to prove.
PROVING_S = 0.7
PASSAGES = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was found to it, with the answer in quotations that it has in any case."""

    engine: Engine
    request: AskRequest
    finding: Finding
    quoted: AskResponse
    started: float
    found: float

    def answer(self, finding: Finding) -> AskResponse:
        """The response for another finding to the same question, under the same id."""
        response = respond(self.engine, self.request, finding, self.started, self.found)
        return response.model_copy(update={"id": self.quoted.id})


class _Unproved(Exception):
    """The language model gave no statement that could be proved; `why` is what the answer's note says of it."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


async def begin(state: State, request: AskRequest) -> Asked:
    """Find what the report says. Raises UnknownReport, IndexMissing or Overloaded."""
    engine = state.ready_engine()

    if state.settings.log_questions:
        log.info("question", extra={"question": request.question})
    asked = perf_counter()

    def work() -> Asked:
        started = perf_counter()
        state.metrics.took({"wait": 1e3 * (started - asked)})
        with state.span("find"):
            finding = engine.find(request.question, request.language, request.scope(), asked_before(request))
        found = perf_counter()
        with state.span("answer"):
            quoted = respond(engine, request, finding, started, found)
        return Asked(engine, request, finding, quoted, started, found)

    return await state.work_queue.run(work)


async def answers(state: State, asked: Asked) -> AsyncIterator[AskResponse]:
    """The answer as it grows by proved statements; the last one is the whole.

    >>> async def statements(question: str) -> list[int]:
    ...     asked = await begin(state, AskRequest(question=question))
    ...     return [len(answer.statements) async for answer in answers(state, asked)]
    >>> asyncio.run(statements("Who moderated the workshop?"))  # without a language model: the quotations, at once
    [1]
    """
    answer = asked.quoted
    async for answer in _growing(state, asked):
        yield answer if state.feedback is None else answer.model_copy(update={"feedback": True})
    if state.feedback is not None:
        await to_thread.run_sync(state.feedback.answered, answer)
    state.metrics.took(answer.timings_ms)
    state.metrics.answered(answer.language, answer.reason or "answered")
    state.metrics.rejected.labels("quote").inc(max(0, len(asked.finding.quotes) - len(asked.quoted.citations)))


async def _growing(state: State, asked: Asked) -> AsyncIterator[AskResponse]:
    wanted = asked.request.mode == "llm" or (asked.request.mode is None and state.generator is not None)
    if not wanted or not asked.quoted.answered or asked.finding.as_found:
        yield asked.quoted
        return
    written: tuple[Written, ...] = ()
    try:
        async for statements, refused in _statements(state, asked):
            written = statements
            yield asked.answer(replace(asked.finding, written=written, note=_note(asked, refused)))
        if not written:
            raise _Unproved("llm_unproved")
    except _Unproved as unproved:
        if not written:
            note = say(unproved.why, asked.finding.language)
            yield asked.answer(
                replace(asked.finding, note=f"{asked.finding.note} {note}" if asked.finding.note else note)
            )


def _note(asked: Asked, refused: int) -> str | None:
    """The finding's own note, and how many of the model's statements gave way to the report's words."""
    replaced = say("llm_replaced", asked.finding.language, count=str(refused)) if refused else None
    return " ".join(filter(None, (asked.finding.note, replaced))) or None


async def whole_answer(state: State, request: AskRequest) -> AskResponse:
    """The answer, whole."""
    asked = await begin(state, request)
    last = asked.quoted
    async for answer in answers(state, asked):
        last = answer
    return last


def answer_now(state: State, request: AskRequest) -> AskResponse:
    """The same for callers without an event loop: the command line, the Python library, the evaluation."""
    with start_blocking_portal() as portal:
        return portal.call(whole_answer, state, request)


async def _statements(state: State, asked: Asked) -> AsyncIterator[tuple[tuple[Written, ...], int]]:
    """What goes out of the model's reply, as it grows, and how many of its statements were replaced by quotations.

    The quotations come last, and a sentence that a statement cites already is not quoted again. A reply of which
    nothing is proved ends in the answer in quotations. Raises _Unproved there.
    """
    if state.generator is None:
        raise _Unproved("llm_absent")
    deadline = anyio.current_time() + state.settings.llm_timeout_s + PROVING_S
    try:
        offer = await _in_time(state, deadline, partial(_offer, asked))
    except _Unproved:
        raise
    except Exception as error:
        log.error("no sentences could be offered: %s", type(error).__name__, exc_info=error)
        raise _Unproved("llm_failed") from None
    output = await _generated(state.generator, offer.prompt, deadline)
    if says_no_answer(output):
        raise _Unproved("llm_silent")
    shown: tuple[Written, ...] = ()
    replaced: list[Written] = []
    for claim in read_claims(output, offer.sentences):
        statement = await _settled(state, asked.engine, claim, offer, deadline)
        if statement in shown or (len(shown) >= offer.most and not claim.is_sentence):
            continue
        if statement is not None and not statement.is_quotation:
            shown = (*shown, statement)
            yield shown, 0
            continue
        state.metrics.rejected.labels("statement").inc()
        replaced += [statement] if statement else []
    if shown and replaced:
        cited = {written.quotes for written in shown}
        quotations = {written.quotes: written for written in replaced if written.quotes not in cited}
        yield (*shown, *quotations.values()), len(replaced)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a model is sent for a question, and what its reply may rest on.

    Of words that it only picked, no more than `most` statements are made, as many as the answer in quotations has.
    """

    report: Report
    language: Language
    given: tuple[Ref, ...]
    sentences: tuple[Offered, ...]
    prompt: Prompt
    wanted: Wanted
    most: int


def _offer(asked: Asked) -> _Offer:
    engine, finding = asked.engine, asked.finding
    report = engine.contents.by_id[finding.quotes[0].report]
    language = report.rendering(finding.language).language
    near = [p.ref for p in finding.passages[:PASSAGES] if p.report == report.id]
    earlier = leans_on(asked.request.question, asked_before(asked.request))
    question = f"{earlier} {asked.request.question}" if earlier else asked.request.question
    tokens = engine.encode(question).tokens
    quotes = [quote for quote in finding.quotes if quote.report == report.id]
    is_doubtful = finding.confidence < DOUBTFUL
    sentences = choose(engine.contents, tokens, quotes, near if is_doubtful else ())
    prompt = write_prompt(question, sentences, language, may_decline=is_doubtful)
    given = tuple(dict.fromkeys([*(s.ref for s in sentences), *(q.ref for q in quotes), *near]))
    return _Offer(report, language, given, sentences, prompt, engine.wanted(question), len(quotes))


async def _settled(state: State, engine: Engine, claim: Claim, offer: _Offer, deadline: float) -> Written | None:
    """The same in time; None where a text breaks a check, which must not take the answer away. Raises _Unproved."""
    try:
        return await _in_time(state, deadline, partial(_settle, engine, claim, offer))
    except _Unproved:
        raise
    except Exception as error:
        log.error("a statement could not be checked: %s", type(error).__name__, exc_info=error)
        return None


def _settle(engine: Engine, claim: Claim, offer: _Offer) -> Written | None:
    """A claim as it goes out: proved, or the sentence that it cites, or not at all; words alone with what is around."""
    about = (claim, offer.report, offer.given, offer.language)
    if claim.is_sentence:
        return engine.prover.prove(*about) or engine.prover.instead(*about)
    return engine.prover.around(*about, offer.wanted) or engine.prover.instead(*about)


async def _in_time(state: State, deadline: float, work: Callable[[], T]) -> T:
    """The work's result, from the work queue, before the deadline. Raises _Unproved where it comes too late."""
    try:
        with anyio.fail_after(deadline - anyio.current_time()):
            return await state.work_queue.run(work)
    except TimeoutError:
        raise _Unproved("llm_timeout") from None
    except Overloaded:
        raise _Unproved("llm_failed") from None


async def _generated(generator: Generator, prompt: Prompt, deadline: float) -> str:
    try:
        with anyio.fail_after(deadline - anyio.current_time()):
            return await generator.generate(prompt)
    except TimeoutError:
        raise _Unproved("llm_timeout") from None
    except GeneratorFault as fault:
        known: dict[str, Message] = {"timeout": "llm_timeout", "resting": "llm_resting"}
        raise _Unproved(known.get(fault.reason, "llm_failed")) from None
    except Exception as error:  # noqa: BLE001 - whatever a generator raises, the answer is there already
        log.error("unexpected %s from the language model", type(error).__name__)
        raise _Unproved("llm_failed") from None


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of the work, or None where the caller left: then it is cancelled, and gives up its turn."""
    left = asyncio.ensure_future(_left(request))
    doing = asyncio.ensure_future(work)
    try:
        await asyncio.wait({left, doing}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        left.cancel()
        doing.cancel()
        await asyncio.gather(left, doing, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
