"""Callers that cost little beside the service they load: HTTP/1.1 on bare asyncio streams, loopback alone."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent."""

    method: str
    target: str
    body: bytes = b""

    @property
    def data(self) -> bytes:
        """The request's bytes."""
        head = f"{self.method} {self.target} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        if self.body:
            head += f"content-type: application/json\r\ncontent-length: {len(self.body)}\r\n"
        return f"{head}\r\n".encode() + self.body


def ask(question: str) -> Call:
    """A question."""
    return Call("POST", "/v1/ask", json.dumps({"question": question}).encode())


@dataclass
class Outcome:
    """What became of a load: how often each status came, seconds to each 200, and how long it went on."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    took_s: float = 0.0
    without_retry_after: int = 0

    def note(self, status: int, head: bytes, seconds: float) -> None:
        """Count a reply; status 0 is none."""
        self.statuses[status] += 1
        if status == 200:
            self.seconds.append(seconds)
        if status == 503 and b"\r\nretry-after: " not in head.lower():
            self.without_retry_after += 1

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.statuses[200] / self.took_s

    def percentile(self, percent: float) -> float:
        """The seconds that so many per cent of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")


class Connection:
    """One connection to a port of the loopback, opened when it is first needed and after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, call: Call) -> tuple[int, bytes]:
        """The status and head of the reply, whose body is read; 0 where there is none."""
        kept = self._streams is not None
        try:
            return await asyncio.wait_for(self._send(call), PATIENCE_S)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            self.close()
            # The server may have closed a connection that was kept too long; whoever keeps one tries again.
            return await self.send(call) if kept else (0, b"")

    async def _send(self, call: Call) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(call.data)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        if b"content-length" in fields:
            await reader.readexactly(int(fields[b"content-length"]))
        elif fields.get(b"transfer-encoding") == b"chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        if fields.get(b"connection") == b"close":
            self.close()
        return int(head.split(b" ", 2)[1]), head

    async def hang_up(self, call: Call, after_s: float) -> None:
        """Send the call, wait so long, and go."""
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(call.data)
            await asyncio.sleep(after_s)
            writer.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def closed_loop(port: int, callers: int, seconds: float, calls: Iterator[Call]) -> Outcome:
    """So many callers, each asking again as soon as it is answered."""
    outcome, started = Outcome(), perf_counter()

    async def caller() -> None:
        connection = Connection(port)
        while perf_counter() - started < seconds:
            sent = perf_counter()
            status, head = await connection.send(next(calls))
            outcome.note(status, head, perf_counter() - sent)
        connection.close()

    await asyncio.gather(*(caller() for _ in range(callers)))
    outcome.took_s = perf_counter() - started
    return outcome


async def open_loop(
    port: int, rate: float, seconds: float, calls: Iterator[Call], gap: Callable[[float], float]
) -> Outcome:
    """Calls that come whether or not earlier ones are answered; their time runs from when they were due."""
    outcome, started = Outcome(), perf_counter()
    idle: list[Connection] = []
    sending: set[asyncio.Task[None]] = set()

    async def one(due: float, call: Call) -> None:
        connection = idle.pop() if idle else Connection(port)
        status, head = await connection.send(call)
        outcome.note(status, head, perf_counter() - due)
        idle.append(connection)

    due = started
    while (due := due + gap(rate)) < started + seconds:
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due, next(calls)))
        sending.add(task)
        task.add_done_callback(sending.discard)
    await asyncio.gather(*sending)
    outcome.took_s = perf_counter() - started
    for connection in idle:
        connection.close()
    return outcome


def evenly(rate: float) -> float:
    """The seconds between calls that come like a clock's strokes."""
    return 1 / rate


def at_random(rng: random.Random) -> Callable[[float], float]:
    """The seconds between calls that come independently of each other: a Poisson process."""
    return rng.expovariate


def distinct(questions: list[str]) -> Iterator[Call]:
    """The questions in turn, each made another by a word of its own, so that no cache answers."""
    return (ask(f"{questions[number % len(questions)]} zq{number}x") for number in count())
