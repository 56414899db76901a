"""One question, from request to answer: searched and proved in the work queue, the language model asked outside it.

    begin → find and quote → (generate → prove statement by statement, or fall back) → answers that grow

An answer exists before the model is asked. Whatever becomes of the model, that answer goes out, and `note` says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

import anyio
from anyio.from_thread import start_blocking_portal
from starlette.requests import Request

from corpus.errors import Overloaded
from service.answering.engine import Engine
from service.answering.follow_up import leans_on
from service.answering.messages import Message, say
from service.answering.response import asked_before, respond
from service.generation.claims import read_claims, says_no_answer
from service.generation.generator import Generator, GeneratorFault
from service.generation.prompt import room_for, write_prompt
from service.records import Finding, Written
from service.schemas import AskRequest, AskResponse
from service.state import State

log = logging.getLogger("fiqra")
T = TypeVar("T")

# What is left of the second after FIQRA_LLM_TIMEOUT_S when the reply is in; a statement takes about 40 ms to prove.
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
        finding = engine.find(request.question, request.language, request.scope(), asked_before(request))
        found = perf_counter()
        return Asked(engine, request, finding, respond(engine, request, finding, started, found), started, found)

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
        yield answer
    state.metrics.took(answer.timings_ms)
    state.metrics.answered(answer.language, answer.reason or "answered")
    state.metrics.rejected.labels("quote").inc(max(0, len(asked.finding.quotes) - len(asked.quoted.citations)))


async def _growing(state: State, asked: Asked) -> AsyncIterator[AskResponse]:
    wanted = asked.request.mode == "llm" or (asked.request.mode is None and state.generator is not None)
    if not wanted or not asked.quoted.answered:
        yield asked.quoted
        return
    written: tuple[Written, ...] = ()
    try:
        async for statement in _statements(state, asked):
            written = (*written, statement)
            yield asked.answer(replace(asked.finding, written=written))
        if not written:
            raise _Unproved("llm_unproved")
    except _Unproved as unproved:
        if not written:
            note = say(unproved.why, asked.finding.language)
            yield asked.answer(
                replace(asked.finding, note=f"{asked.finding.note} {note}" if asked.finding.note else note)
            )


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


async def _statements(state: State, asked: Asked) -> AsyncIterator[Written]:
    """The statements of the model's reply that the report proves, one by one. Raises _Unproved where it has none."""
    if state.generator is None:
        raise _Unproved("llm_absent")
    deadline = anyio.current_time() + state.settings.llm_timeout_s + PROVING_S
    report = asked.engine.contents.by_id[asked.finding.quotes[0].report]
    language = report.rendering(asked.finding.language).language
    near = [p.ref for p in asked.finding.passages[:PASSAGES] if p.report == report.id]
    refs = room_for([*(q.ref for q in asked.finding.quotes), *near], report, language)
    question = asked.request.question
    earlier = leans_on(question, asked_before(asked.request))
    prompt = write_prompt(f"{earlier} {question}" if earlier else question, report, refs, language)
    output = await _generated(state.generator, prompt, deadline)
    if says_no_answer(output):
        raise _Unproved("llm_silent")
    prover = asked.engine.prover
    for claim in read_claims(output):
        try:
            with anyio.fail_after(deadline - anyio.current_time()):
                statement = await state.work_queue.run(partial(prover.prove, claim, report, refs, language))
        except TimeoutError:
            raise _Unproved("llm_timeout") from None
        except Overloaded:
            raise _Unproved("llm_failed") from None
        except Exception as error:  # a text that breaks a check must not take the answer away
            log.error("a statement could not be checked: %s", type(error).__name__, exc_info=error)
            continue
        if statement is not None:
            yield statement
        else:
            state.metrics.rejected.labels("statement").inc()


async def _generated(generator: Generator, prompt: str, deadline: float) -> str:
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
