"""Load, stopping and leaving: what waits is bounded, what runs is finished, who leaves is let go."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import faiss
import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import Message
from threadpoolctl import threadpool_info

from corpus.errors import Overloaded
from index.memory import keep_for_good
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.state import State
from tests.hostile import inputs, texts
from tests.stress import parts
from tests.support.asgi import Reply, call
from tests.support.paths import ROOT
from tests.support.server_process import running
from tests.support.services import QUESTION, hashed_state
from tests.support.sizes import size

JSON = [(b"content-type", b"application/json")]
ASK = json.dumps({"question": QUESTION}).encode()


def test_a_lane_of_two_works_at_two_questions_and_lets_the_third_wait() -> None:
    """Each of two waits for the other, which fails in a queue of one; without a limit a third is among them."""
    both, running = threading.Barrier(2, timeout=5), list[int]()

    def work() -> int:
        running.append(1)
        both.wait()
        at_once = len(running)
        both.wait()
        running.pop()
        return at_once

    async def four() -> list[int]:
        work_queue = WorkQueue(8, 5.0, 2)
        return await asyncio.gather(*(work_queue.run(work) for _ in range(4)))

    assert asyncio.run(four()) == [2, 2, 2, 2]


def calls_of(dependant: Dependant) -> Iterator[Any]:
    """A route's function and what it depends on."""
    yield dependant.call
    for dependency in dependant.dependencies:
        yield from calls_of(dependency)


def routes_of(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Every route of FastAPI's, those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from routes_of(router.routes)


def test_nothing_of_a_route_goes_through_a_thread_on_its_way(folder: Path) -> None:
    """FastAPI sends what is not awaited through one, dependencies too: a hop a question. Made `def`, one fails."""
    calls = [c for route in routes_of(build_app(hashed_state(folder)).routes) for c in calls_of(route.dependant)]
    assert len(calls) > 30
    assert [c for c in calls if not iscoroutinefunction(c) and not iscoroutinefunction(type(c).__call__)] == []


def slowed(state: State, seconds: float) -> list[int]:
    """Let every question take so long; how many were on the processor at once, each time one began."""
    engine = state.ready_engine()
    find, at_once, together = engine.find, [0], list[int]()

    def slow(*arguments: object) -> object:
        at_once[0] += 1
        together.append(at_once[0])
        time.sleep(seconds)
        at_once[0] -= 1
        return find(*arguments)  # type: ignore[arg-type]

    engine.find = slow  # type: ignore[method-assign, assignment]
    return together


async def ask(app: FastAPI) -> Reply:
    return await call(app, "POST", b"/v1/ask", JSON, ASK)


def test_a_full_queue_is_503_with_retry_after_and_health_stays_green(folder: Path) -> None:
    """Three may wait; eight ask. Taken out by hand (the queue's bound in `WorkQueue`), all eight are answered."""
    state = hashed_state(folder, queue=3)
    slowed(state, 0.1)
    app = build_app(state)

    async def scenario() -> tuple[list[Reply], Reply]:
        asking = [asyncio.create_task(ask(app)) for _ in range(8)]
        await asyncio.sleep(0.05)
        health = await call(app, "GET", b"/livez")
        return await asyncio.gather(*asking), health

    replies, health = asyncio.run(scenario())
    assert health.status == 200
    assert sorted(reply.status for reply in replies) == [200] * 4 + [503] * 4
    for refused in (reply for reply in replies if reply.status == 503):
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["content-type"] == "application/problem+json"


def test_who_waits_too_long_is_told_so() -> None:
    """Taken out by hand (the bound on the wait in `WorkQueue`), the second is answered when the first is done."""

    async def scenario() -> None:
        work_queue = WorkQueue(5, 0.05)
        first = asyncio.create_task(work_queue.run(lambda: time.sleep(0.3)))
        await asyncio.sleep(0.02)
        with pytest.raises(Overloaded, match=r"over 0\.05 seconds"):
            await work_queue.run(lambda: None)
        await first

    asyncio.run(scenario())


def test_one_question_at_a_time_is_on_the_processor(folder: Path) -> None:
    """Taken out by hand (a queue of width 4), four are."""
    state = hashed_state(folder)
    together = slowed(state, 0.01)
    app = build_app(state)

    async def scenario() -> list[Reply]:
        return await asyncio.gather(*(ask(app) for _ in range(12)))

    assert {reply.status for reply in asyncio.run(scenario())} == {200}
    assert together == [1] * 12


def test_a_search_keeps_to_the_thread_that_asks(folder: Path) -> None:
    """OpenMP keeps its number of threads a thread: what the main thread was told does not hold in the queue's.

    Taken out by hand (`search_alone`, `calm_numpy`), FAISS and NumPy take as many as there are cores.
    """
    engine = hashed_state(folder).ready_engine()

    def threads() -> list[int]:
        faiss.omp_set_num_threads(2)
        engine.search("firearms", "en", None)
        numpy = [pool["num_threads"] for pool in threadpool_info() if "numpy" in pool["filepath"]]
        return [faiss.omp_get_max_threads(), *numpy]

    with ThreadPoolExecutor(1) as pool:
        assert set(pool.submit(threads).result()) == {1}


def test_who_leaves_is_not_answered(folder: Path) -> None:
    """Ten ask and nine of them leave while they wait: one question is worked on.

    Taken out by hand (`unless_left`), all ten are.
    """
    state = hashed_state(folder)
    together = slowed(state, 0.2)
    app = build_app(state)
    scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST"}
    scope |= {"scheme": "http", "path": "/v1/ask", "raw_path": b"/v1/ask", "query_string": b"", "root_path": ""}
    scope |= {"headers": [*JSON, (b"host", b"localhost")], "client": ("127.0.0.1", 1), "state": {}}
    scope |= {"server": ("127.0.0.1", 2)}

    async def leaving() -> None:
        messages: list[Message] = [
            {"type": "http.disconnect"},
            {"type": "http.request", "body": ASK, "more_body": False},
        ]

        async def receive() -> Message:
            if len(messages) == 1:
                await asyncio.sleep(0.05)
            return messages.pop()

        async def send(message: Message) -> None:
            pass

        await app(dict(scope), receive, send)

    async def scenario() -> Reply:
        first = asyncio.create_task(ask(app))
        await asyncio.sleep(0.02)
        await asyncio.gather(*(leaving() for _ in range(9)))
        return await first

    assert asyncio.run(scenario()).status == 200
    assert together == [1]


@pytest.mark.process
@pytest.mark.model
def test_a_service_told_to_stop_finishes_what_runs(data_dir: Path) -> None:
    """Questions are under way when SIGTERM comes: each that had begun is answered, and the process ends with 0.

    Taken out by hand (a grace of 0), they get 500. A connection that was never taken up may be refused.
    """
    statuses: list[int] = []

    def one(url: str) -> None:
        with suppress(httpx.TransportError):
            statuses.append(httpx.post(f"{url}/v1/ask", json={"question": QUESTION}, timeout=120).status_code)

    with running(data_dir, FIQRA_GRACE_S="100", FIQRA_QUEUE_TIMEOUT_S="100") as process:
        asking = [threading.Thread(target=one, args=(process.url,)) for _ in range(16)]
        for thread in asking:
            thread.start()
        begun = 0.0
        while begun < 4 and not statuses:
            begun = parts.metric(process, "fiqra_requests_running") - 1  # but for this one
        process.server.terminate()
        for thread in asking:
            thread.join(120)
    assert set(statuses) == {200}
    assert len(statuses) >= begun


@pytest.mark.process
@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_short_soak_leaves_memory_descriptors_and_threads_flat(data_dir: Path) -> None:
    """Twelve seconds of the load that `make stress` keeps up for half an hour; memory may still be settling.

    Tried by hand: with a file that each request leaves open, descriptors go from 24 to 64, and it fails.
    """
    part = parts.soak(data_dir, size(12, 60), rate=4)
    found = {row.promise: row for row in part.rows}
    for promise in ("descriptors", "threads", "calls without an answer, or 5xx other than an honest 503"):
        assert found[promise].holds, found[promise].measured


@pytest.mark.process
@pytest.mark.model
def test_thirty_two_callers_lose_no_answer(data_dir: Path) -> None:
    """A short closed loop against the real model; `make stress` measures the percentiles."""
    from tests.stress.client import closed_loop, distinct

    with running(data_dir, FIQRA_QUEUE_TIMEOUT_S="100") as process:
        outcome = asyncio.run(closed_loop(process.port, 32, 4, distinct(parts.questions())))
    assert set(outcome.statuses) == {200}
    assert outcome.statuses[200] >= 32


# ----------------------------------------------------------------------------------------------------------- questions


def test_what_is_no_question_is_declined_with_a_reason(folder: Path) -> None:
    """Nothing to ask, another language: every reply is a refusal (422) or an answer whose `reason` says why not.

    Taken out by hand (`not_a_question` in the engine), emoji are answered from the nearest paragraph.
    """
    app = build_app(hashed_state(folder))
    nothing = [text for text in texts("questions")[:24] if text[0] not in "﷽ﷺﷻ"]  # which stand for words
    foreign = [text for text in texts("questions") if text.startswith(("鼓励", "회원국", "К чему", "सदस्य"))]
    assert (len(nothing) > 15, len(foreign)) == (True, 4)

    async def scenario() -> list[Reply]:
        bodies = [json.dumps({"question": text}).encode() for text in [*nothing, *foreign]]
        return [await call(app, "POST", b"/v1/ask", JSON, body) for body in bodies]

    for text, reply in zip([*nothing, *foreign], asyncio.run(scenario()), strict=True):
        if reply.status != 422:
            answer = json.loads(reply.body)
            assert (reply.status, answer["answered"]) == (200, False), text
            assert answer["reason"] in {"not_a_question", "other_language", "not_in_report", "unknown_paragraph"}
            assert answer["answer"]
            assert answer["citations"] == []


def test_no_path_of_a_callers_is_opened(folder: Path) -> None:
    """Every file that the app opens while hostile refs, reports and targets come in lies where it should.

    Tried by hand: with `Site.asset` reading whatever name comes, `static/..` is opened.
    """
    app = build_app(hashed_state(folder))
    opened: list[str] = []
    watching = [True]

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and watching[0]:
            opened.append(str(arguments[0]))

    sys.addaudithook(audit)

    async def scenario() -> None:
        for target in inputs("paths"):
            await call(app, "GET", target)
        for raw in inputs("refs"):
            ref = quote(raw, safe="/%()").encode()
            await call(app, "GET", b"/v1/paragraphs/" + ref)
            await call(app, "GET", b"/v1/reports/" + ref + b"/paragraphs/" + ref)
            await call(app, "GET", b"/static/" + ref + b"/" + ref)

    try:
        asyncio.run(scenario())
    finally:
        watching[0] = False
    code = (str(ROOT), sys.prefix, sys.base_prefix, str(folder), "/proc/self")
    strange = [path for path in opened if not path.startswith(code) and not path.isdigit()]
    assert [path for path in strange if "passwd" in path or path.startswith("/etc")] == []
    assert [path for path in opened if ".." in Path(path).parts] == []


def test_what_is_loaded_is_kept_out_of_the_collectors_rounds(folder: Path) -> None:
    """Without the freezing a round looks at all of it again, with every thread waiting."""
    state = hashed_state(folder)
    try:
        keep_for_good()
        loaded = {id(thing) for thing in gc.get_objects()}
        assert id(state.ready_engine().contents.by_id) not in loaded
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


class Full(WorkQueue):
    """A work queue in which as many wait as may."""

    @property
    def waiting(self) -> int:
        return self._queue


def test_what_would_wait_in_vain_is_refused_before_its_body_is_read(folder: Path) -> None:
    """A body that is no JSON gets 503 while the work queue is full; without `Admission` it is read, and gets 422."""
    state = hashed_state(folder)
    app = build_app(state)
    free = asyncio.run(call(app, "POST", b"/v1/ask", JSON, b"no json"))
    state.work_queue = Full(1, 1.0)
    app = build_app(state)
    full = asyncio.run(call(app, "POST", b"/v1/ask", JSON, b"no json"))
    beside = asyncio.run(call(app, "GET", b"/v1/paragraphs/21(k)"))
    assert (free.status, full.status, beside.status) == (422, 503, 200)
    assert full.headers["retry-after"]
