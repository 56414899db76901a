"""`stream: true`: the events in their order, the same answer as without, and a caller who leaves stops the work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from service.answering.messages import Message as MessageName
from service.answering.messages import say
from service.app import build_app
from service.generation.generator import FakeGenerator, GeneratorFault, Prompt
from service.http import event_stream
from service.http.work_queue import WorkQueue
from service.settings import Settings
from service.state import State
from tests.support.services import LOCAL

pytestmark = pytest.mark.model

QUESTION = "What are Member States encouraged to monitor?"
MODEL_SAYS = (
    "Member States are encouraged to understand the risks of the malicious use of artificial intelligence. [21(k)]\n"
    "The moon is made of cheese. [21(k)]\n"
    "Member States are encouraged to monitor the risks posed by the malicious use of artificial intelligence. [21(k)]"
)
Event = tuple[str, Any]


def with_model(state: State, texts: Sequence[str | Exception]) -> State:
    return State(state.settings, state.work_queue, state.engine, FakeGenerator(texts))


def events(client: TestClient, **body: Any) -> list[Event]:
    response = client.post("/v1/ask", json={"question": QUESTION, "stream": True, **body})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    return read(response.text)


def read(text: str) -> list[Event]:
    """Server-sent events, as (name, data)."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    assert all(len(b) == 2 and b[0].startswith("event: ") and b[1].startswith("data: ") for b in blocks)
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


def assert_whole(found: list[Event]) -> dict[str, Any]:
    """The parts are those of the whole, in order, and a statement's citations come with it."""
    names = [name for name, _ in found]
    assert (names[0], names[-1]) == ("passages", "done")
    done: dict[str, Any] = found[-1][1]
    assert found[0][1] == done["passages"]
    assert [data for name, data in found if name == "delta"] == done["statements"]
    assert [data for name, data in found if name == "citation"] == done["citations"]
    cited = -1
    for name, data in found[1:-1]:  # a statement comes before the citations that are new with it
        if name == "delta":
            newest = max(data["citations"])
        else:
            cited += 1
            assert cited <= newest
    return done


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "id": "", "timings_ms": {}} == {**other, "id": "", "timings_ms": {}}


@pytest.mark.parametrize(
    "question",
    [QUESTION, "ما الذي تُشجّع الدول الأعضاء على رصده؟", "What does paragraph 21 say?", "Who won the 2018 World Cup?"],
)
def test_the_parts_are_the_plain_answer(client: TestClient, question: str) -> None:
    done = assert_whole(events(client, question=question))
    assert same(done, client.post("/v1/ask", json={"question": question}).json())


def test_a_declined_answer_streams_its_passages(client: TestClient) -> None:
    found = events(client, question="Who won the 2018 World Cup final?")
    assert [name for name, _ in found] == ["passages", "done"]
    assert len(found[0][1]) == 5


def test_statements_of_a_model_come_one_by_one(state: State) -> None:
    with TestClient(build_app(with_model(state, [MODEL_SAYS])), base_url=LOCAL) as client:
        found = events(client)
        plain = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert [name for name, _ in found] == ["passages", "delta", "citation", "delta", "done"]
    done = assert_whole(found)
    assert (done["mode"], done["note"], [s["citations"] for s in done["statements"]]) == ("llm", None, [[0], [0]])
    assert same(done, plain)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (GeneratorFault("timeout"), "llm_timeout"),
        (GeneratorFault("resting"), "llm_resting"),
        (KeyError("x"), "llm_failed"),
    ],
)
def test_a_model_that_fails_streams_the_quotations(
    state: State, client: TestClient, fault: Exception, message: MessageName
) -> None:
    with TestClient(build_app(with_model(state, [fault])), base_url=LOCAL) as own:
        done = assert_whole(events(own))
    assert done["note"] == say(message, "en")
    assert same({**done, "note": None}, client.post("/v1/ask", json={"question": QUESTION}).json())


@pytest.mark.parametrize(
    ("body", "status"), [({"question": ""}, 422), ({"question": "a", "report": "nowhere"}, 404), ({"top_k": 0}, 422)]
)
def test_what_is_wrong_before_the_stream_is_an_ordinary_problem(
    client: TestClient, body: dict[str, Any], status: int
) -> None:
    response = client.post("/v1/ask", json={"question": QUESTION, "stream": True, **body})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_without_an_index_a_stream_is_503() -> None:
    with TestClient(build_app(State(Settings(), WorkQueue(1, 1.0))), base_url=LOCAL) as client:
        response = client.post("/v1/ask", json={"question": QUESTION, "stream": True})
    assert (response.status_code, response.headers["content-type"]) == (503, "application/problem+json")


def test_a_fault_on_the_way_is_an_event(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(event_stream, "answers", broken)
    found = events(client)
    assert [name for name, _ in found] == ["passages", "error"]
    assert (found[1][1]["status"], "secret" in json.dumps(found)) == (500, False)


class Stuck:
    """A model that never answers, and knows when nobody waits for it any more."""

    def __init__(self) -> None:
        self.asked, self.left = asyncio.Event(), asyncio.Event()

    async def generate(self, prompt: Prompt) -> str:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()
        return prompt[-1].text


@pytest.mark.parametrize("stream", [True, False])
def test_a_caller_who_leaves_stops_the_work_and_frees_the_lane(state: State, stream: bool) -> None:
    """THREATS 20. Taken out: `unless_left` in the route; the plain question waited for the model to the end."""

    async def scenario() -> list[Message]:
        model = Stuck()
        work_queue = WorkQueue(4, 1.0)
        app = build_app(State(state.settings, work_queue, state.engine, model))
        sent: list[Message] = []
        gone = asyncio.Event()
        body = json.dumps({"question": QUESTION, "stream": stream}).encode()
        request: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if request:
                return request.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
            "path": "/v1/ask", "raw_path": b"/v1/ask", "query_string": b"", "root_path": "", "scheme": "http",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        serving = asyncio.create_task(app(scope, receive, send))
        async with asyncio.timeout(10):
            await model.asked.wait()
            assert await work_queue.run(lambda: "free") == "free"  # while the model writes, the queue serves others
            gone.set()
            await model.left.wait()
            await serving
            assert await work_queue.run(lambda: "free") == "free"
        assert work_queue.waiting == 0
        return sent

    sent = asyncio.run(scenario())
    assert b"event: done" not in b"".join(m.get("body", b"") for m in sent)


def test_a_caller_who_leaves_while_the_lane_works_frees_it(state: State) -> None:
    """Work in a thread cannot be stopped; the queue is free as soon as it ends, and nothing is asked after it."""

    async def scenario() -> None:
        work_queue, model = WorkQueue(4, 1.0), Stuck()
        own = State(state.settings, work_queue, state.engine, model)
        from service.answering.asking import whole_answer
        from service.schemas.questions import AskRequest

        task = asyncio.create_task(whole_answer(own, AskRequest(question=QUESTION)))
        await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await work_queue.run(lambda: "free") == "free"
        assert not model.asked.is_set()

    asyncio.run(scenario())
