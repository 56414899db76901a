"""Who leaves before his turn gives it up at once, on every route that leads into the lane, over a real socket."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from corpus.records import Report
from service.http.work_queue import WorkQueue
from service.state import State
from tests.http.test_load_and_stopping import slowed
from tests.support.services import QUESTION, build, counted, eventually, hashed_state
from tests.support.wire import ASK, get, post, wired

MODERN = "2026-07-28"
_META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
}


def tool(name: str, arguments: dict[str, Any], version: str = "") -> bytes:
    """An agent's call of a tool, in the older protocol or the newer."""
    params = {"name": name, "arguments": arguments, **({"_meta": _META} if version else {})}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    newer = (f"mcp-protocol-version: {version}", "mcp-method: tools/call", f"mcp-name: {name}") if version else ()
    return post("/mcp", body, "accept: application/json, text/event-stream", *newer)


def chat(*, stream: bool) -> bytes:
    messages = [{"role": "user", "content": QUESTION}]
    return post("/v1/chat/completions", json.dumps({"model": "fiqra", "messages": messages, "stream": stream}).encode())


DRAFT = {"text": "“Member States are encouraged to monitor” (para. 21 (k))"}
CALLS = {
    "ask": post("/v1/ask", ASK),
    "ask, streaming": post("/v1/ask", json.dumps({"question": QUESTION, "stream": True}).encode()),
    "chat": chat(stream=False),
    "chat, streaming": chat(stream=True),
    "search": get(f"/v1/search?q={quote(QUESTION)}"),
    "verify": post("/v1/verify", json.dumps(DRAFT).encode()),
    "page": get(f"/?q={quote(QUESTION)}"),
    "mcp ask": tool("ask", {"question": QUESTION}),
    "mcp search": tool("search", {"query": QUESTION}),
    "mcp verify": tool("verify", DRAFT),
    "mcp ask, newer": tool("ask", {"question": QUESTION}, MODERN),
    "ask, and another request after it": post("/v1/ask", ASK),
}
LEAVERS = 20


class Watched(WorkQueue):
    """A lane that counts what it runs, and how many at once, and takes so long over each."""

    def __init__(self, seconds: float) -> None:
        super().__init__(64, 10.0)
        self.seconds, self.begun, self.at_once, self.most = seconds, 0, 0, 0

    async def run(self, work: Any) -> Any:
        def slow() -> Any:
            self.begun, self.at_once = self.begun + 1, self.at_once + 1
            self.most = max(self.most, self.at_once)
            time.sleep(self.seconds)
            self.at_once -= 1
            return work()

        return await super().run(slow)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, report: Report) -> State:
    folder = tmp_path_factory.mktemp("leaving")
    build(folder, report)
    state = hashed_state(folder)
    state.work_queue = Watched(0.15)
    return state


def test_what_waits_for_callers_who_have_left_is_not_done(state: State) -> None:
    """Twenty send a call and leave while the first is worked at: that one is finished, and the next caller is next.

    Tried by hand: without `unless_left` around `begin` (streaming), around the page's answer, or around the SDK's, all
    twenty are worked at; without the reading on in `handle_events`, those with a request behind are.
    """
    work_queue = state.work_queue
    assert isinstance(work_queue, Watched)
    with wired(state) as wire:
        for name, call in CALLS.items():
            connections = [wire.connect() for _ in range(LEAVERS)]
            work_queue.begun = work_queue.most = 0
            for connection in connections:
                connection.sendall(call)
            assert eventually(lambda: work_queue.waiting >= LEAVERS - 3), name
            for connection in connections:
                if "after it" in name:
                    connection.sendall(get("/livez"))
                    time.sleep(0.002)  # it is to arrive by itself
                connection.close()
            assert wire.one(post("/v1/ask", ASK, "connection: close")).status == 200
            assert work_queue.waiting == 0, name
            assert (work_queue.begun <= 5, work_queue.most) == (True, 1), (name, work_queue.begun, work_queue.most)


def test_who_leaves_is_noted_as_such(state: State) -> None:
    """Tried by hand: without the response in `_while_there`, an agent who leaves counts as a fault of the service."""

    def left() -> float:
        routes = (("GET", "/"), ("POST", "/v1/ask"), ("POST", "/mcp"))
        return sum(counted(state, "requests", method=m, route=route, status="499") for m, route in routes)

    before = left()
    with wired(state) as wire:
        for name in ("page", "ask, streaming", "mcp ask"):
            with wire.connect() as connection:
                connection.sendall(CALLS[name])
                time.sleep(0.05)
        assert eventually(lambda: left() == before + 3)


def test_work_that_is_abandoned_keeps_its_place_until_it_is_done() -> None:
    """A thread cannot be stopped. Tried by hand: awaited without `shield`, the next begins while it still runs."""
    running, together = 0, list[int]()
    lock = threading.Lock()

    def work() -> None:
        nonlocal running
        with lock:
            running += 1
            together.append(running)
        time.sleep(0.1)
        with lock:
            running -= 1

    async def scenario() -> None:
        work_queue = WorkQueue(20, 5.0, 2)
        for _ in range(4):
            asking = [asyncio.ensure_future(work_queue.run(work)) for _ in range(4)]
            await asyncio.sleep(0.03)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        await work_queue.run(work)

    asyncio.run(scenario())
    assert max(together) == 2


def test_one_who_asks_after_64_who_left_is_answered_at_once(tmp_path: Path, report: Report) -> None:
    """Streams, as a browser opens and closes them. Before: all 64 were worked at first."""
    build(tmp_path, report)
    state = hashed_state(tmp_path)
    together = slowed(state, 0.1)
    with wired(state) as wire:
        connections = [wire.connect() for _ in range(64)]
        for connection in connections:
            connection.sendall(CALLS["ask, streaming"])
        assert eventually(lambda: state.work_queue.waiting > 50)
        for connection in connections:
            connection.close()
        assert wire.one(post("/v1/ask", ASK, "connection: close")).status == 200
    assert len(together) < 12
