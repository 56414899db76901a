"""The parts of `make stress`: each loads a real process and gives rows of what was promised and measured."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from eval.questions import load_questions
from index.disk import durable, sealed
from tests.hostile import inputs
from tests.stress.client import Call, Connection, Outcome, ask, at_random, closed_loop, distinct, evenly, open_loop
from tests.support.paths import ROOT
from tests.support.server_process import Process, running

REF_PATHS = ["/v1/paragraphs/21(k)", "/v1/paragraphs/9-11?lang=en", "/v1/reports", "/?lang=ar", "/docs", "/readyz"]


@dataclass(frozen=True)
class Row:
    """A promise, the bound, and what was measured; `holds` is None for what is only reported."""

    promise: str
    bound: str
    measured: str
    holds: bool | None = None


@dataclass
class Part:
    """What a part found, with the series it may be drawn from: (seconds, megabytes)."""

    name: str
    rows: list[Row] = field(default_factory=list)
    series: list[tuple[float, float]] = field(default_factory=list)

    def add(self, promise: str, bound: str, measured: str, holds: bool | None = None) -> None:
        """Add a row and say it."""
        self.rows.append(Row(promise, bound, measured, holds))
        mark = {True: "holds", False: "FAILS", None: "     "}[holds]
        print(f"{mark}  {promise}: {measured} ({bound})", flush=True)  # noqa: T201 - a program's output

    def as_json(self) -> dict[str, Any]:
        """As it is kept between runs."""
        return asdict(self)


def questions() -> list[str]:
    """The development questions, in both languages, shuffled: in their file the longest stand together."""
    found = [row.question for row in load_questions() if row.split == "dev"]
    random.Random(8).shuffle(found)
    return found


def ms(seconds: float) -> str:
    """`31.4 ms`."""
    return f"{1e3 * seconds:.1f} ms"


def load(data_dir: Path, seconds: float) -> Part:
    """One caller, 32 callers, 70 % and 200 % of capacity."""
    part = Part("load")
    with running(data_dir) as process:
        calls = distinct(questions())
        asyncio.run(closed_loop(process.port, 4, min(5, seconds), calls))  # to warm up
        alone = asyncio.run(closed_loop(process.port, 1, seconds, calls))
        many = asyncio.run(closed_loop(process.port, 32, seconds, calls))
        _callers(part, alone, many)
        capacity = many.rate
        for name, gap in (("evenly", evenly), ("at random", at_random(random.Random(8)))):
            some = asyncio.run(open_loop(process.port, 0.7 * capacity, seconds, calls, gap))
            ratio = some.percentile(99) / alone.percentile(50)
            measured = f"{ms(some.percentile(99))} = {ratio:.1f} × {ms(alone.percentile(50))}; {_statuses(some)}"
            part.add(f"p99 at 70 % of capacity, calls coming {name}", "≤ 5 × unloaded median", measured, ratio <= 5)
        asyncio.run(_overloaded(part, process, capacity, seconds, calls))
    part.add("after all of that, SIGTERM", "exit 0", "exit 0", True)  # `running` asserts it
    return part


def _callers(part: Part, alone: Outcome, many: Outcome) -> None:
    part.add("one caller", "", f"p50 {ms(alone.percentile(50))}, p99 {ms(alone.percentile(99))}, {alone.rate:.1f}/s")
    ratio = many.percentile(99) / many.percentile(50)
    p50, p99 = ms(many.percentile(50)), ms(many.percentile(99))
    part.add("p99 of 32 callers", "≤ 3 × p50", f"{p99} = {ratio:.2f} × {p50}, {many.rate:.1f}/s", ratio <= 3)
    lost = sum(many.statuses.values()) - many.statuses[200]
    part.add("answers lost with 32 callers", "none", f"{lost} of {sum(many.statuses.values())}", lost == 0)


async def _overloaded(part: Part, process: Process, capacity: float, seconds: float, calls: Iterator[Call]) -> None:
    worst = 0.0

    async def probe() -> None:
        nonlocal worst
        connection = Connection(process.port)
        while True:
            started = time.perf_counter()
            status, _ = await connection.send(Call("GET", "/livez"))
            worst = max(worst, time.perf_counter() - started if status == 200 else float("inf"))
            await asyncio.sleep(0.25)

    probing = asyncio.create_task(probe())
    twice = await open_loop(process.port, 2 * capacity, seconds, calls, evenly)
    probing.cancel()
    share = twice.rate / capacity
    measured = f"{100 * share:.0f} % ({twice.rate:.1f}/s of {capacity:.1f}/s); {_statuses(twice)}"
    part.add("answered at twice the capacity", "≥ 90 % of capacity", measured, share >= 0.9)
    honest = set(twice.statuses) <= {200, 503} and not twice.without_retry_after
    part.add("the others", "503 with Retry-After", _statuses(twice), honest)
    part.add("p99 of those answered meanwhile", "", ms(twice.percentile(99)))
    part.add("slowest /livez meanwhile", "≤ 1 s", ms(worst), worst <= 1)


def _statuses(outcome: Outcome) -> str:
    return ", ".join(f"{number} × {status or 'no reply'}" for status, number in sorted(outcome.statuses.items()))


def swaps(data_dir: Path, number: int, seconds: float) -> Part:
    """Swaps of a real process under load, noticed by watching `CURRENT`."""
    part = Part("swaps")
    folder = data_dir / "stress" / "swaps"
    names = two_indexes(data_dir, folder)

    async def scenario(process: Process) -> Outcome:
        asking = asyncio.create_task(closed_loop(process.port, 4, seconds, distinct(questions())))
        for swap in range(number):
            durable.replace_text(folder / "index" / sealed.CURRENT, f"{names[swap % 2]}\n")
            await asyncio.sleep(seconds / number)
        return await asking

    with running(folder, FIQRA_WATCH_S="0.02") as process:
        outcome = asyncio.run(scenario(process))
        taken = int(metric(process, 'fiqra_index_reloads_total{outcome="taken"}'))
        refused = int(metric(process, 'fiqra_index_reloads_total{outcome="refused"}'))
    failed = sum(outcome.statuses.values()) - outcome.statuses[200]
    measured = f"{failed} of {sum(outcome.statuses.values())} over {taken} swaps ({refused} refused)"
    part.add("requests that failed while indexes were swapped", "none", measured, failed == 0 and taken > number / 2)
    return part


def two_indexes(data_dir: Path, folder: Path) -> list[str]:
    """A data folder with the current index under two names."""
    import hashlib
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    name = sealed.current_name(data_dir / "index")
    shutil.copytree(data_dir / "index" / name, folder / "index" / name)
    shutil.copytree(sealed.parts_of(data_dir / "index"), sealed.parts_of(folder / "index"))
    (folder / "models").symlink_to((data_dir / "models").resolve())
    text = (folder / "index" / name / sealed.MANIFEST).read_text("utf-8").replace('"fiqra": "', '"fiqra": "0+', 1)
    other = hashlib.sha256(text.encode()).hexdigest()[:32]
    shutil.copytree(folder / "index" / name, folder / "index" / other)
    (folder / "index" / other / sealed.MANIFEST).write_text(text, "utf-8")
    durable.replace_text(folder / "index" / sealed.CURRENT, f"{name}\n")
    return [other, name]


def metric(process: Process, sample: str) -> float:
    """A sample of the process's /metrics."""
    import urllib.request

    with urllib.request.urlopen(f"{process.url}/metrics", timeout=30) as response:  # noqa: S310 - loopback
        text = response.read().decode()
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{sample} "))


@dataclass(frozen=True)
class Sample:
    """A process at a moment."""

    at_s: float
    megabytes: float
    descriptors: int
    threads: int


def sample(process: Process, started: float) -> Sample:
    """What the system says of the process now."""
    proc = Path(f"/proc/{process.server.pid}")
    status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
    descriptors = sum(1 for _ in (proc / "fd").iterdir())
    megabytes = int(status["VmRSS"].split()[0]) / 1024
    return Sample(time.perf_counter() - started, megabytes, descriptors, int(status["Threads"]))


def soak(data_dir: Path, seconds: float, rate: float) -> Part:
    """Mixed load at a steady pace: questions, look-ups, pages, drafts, streams, hostile bodies, callers who hang up."""
    part = Part("soak")
    with running(data_dir, FIQRA_LOG_LEVEL="WARNING") as process:
        outcome, samples = asyncio.run(_soak(process, seconds, rate))
    settled = [s for s in samples if s.at_s > seconds * 0.15] or samples
    tenth = max(1, len(settled) // 10)
    before, after = settled[:tenth], settled[-tenth:]
    first, last = (sum(s.megabytes for s in some) / len(some) for some in (before, after))
    growth = last / first - 1
    minutes = f"over {seconds / 60:.1f} minutes, {sum(outcome.statuses.values())} calls"
    part.add("memory", "within 5 %", f"{first:.0f} → {last:.0f} MB ({100 * growth:+.1f} %) {minutes}", growth <= 0.05)
    for what in ("descriptors", "threads"):
        numbers = [max(getattr(s, what) for s in some) for some in (before, after)]
        flat = numbers[1] <= numbers[0] + 2
        part.add(what, "flat", f"{numbers[0]} → {numbers[1]}, {minutes}", flat)
    refused = outcome.statuses[503] - outcome.without_retry_after
    broken = {status: n for status, n in outcome.statuses.items() if status == 0 or status >= 500}
    broken = {status: n for status, n in broken.items() if status != 503 or n > refused}
    part.add(
        "calls without an answer, or 5xx other than an honest 503",
        "none",
        f"{broken or 'none'}; {_statuses(outcome)}",
        not broken,
    )
    part.series = [(s.at_s, s.megabytes) for s in samples]
    return part


async def _soak(process: Process, seconds: float, rate: float) -> tuple[Outcome, list[Sample]]:
    started, samples = time.perf_counter(), list[Sample]()

    async def watch() -> None:
        while True:
            samples.append(sample(process, started))
            await asyncio.sleep(max(0.5, seconds / 360))

    async def leave() -> None:
        for number in count():
            await Connection(process.port).hang_up(ask(f"Who spoke? zq{number}"), 0.005)
            await asyncio.sleep(2)

    beside = [asyncio.create_task(watch()), asyncio.create_task(leave())]
    outcome = await open_loop(process.port, rate, seconds, mixed(), evenly)
    for task in beside:
        task.cancel()
    return outcome, samples


def mixed() -> Iterator[Call]:
    """Of twenty calls ten are questions, two of them streamed, four look-ups and pages, two drafts, four hostile."""
    asked, hostile = questions(), [body for body in inputs("bodies") if len(body) <= 65_536]
    draft = json.dumps({"text": "“Member Nations are encouraged to monitor” (para. 21 (k))."}).encode()
    for number in count():
        question = f"{asked[number % len(asked)]} zq{number}"
        for turn in range(20):
            if turn < 8:
                yield ask(f"{question}{turn}")
            elif turn < 10:
                body = json.dumps({"question": f"{question}{turn}", "stream": True}).encode()
                yield Call("POST", "/v1/ask", body)
            elif turn < 14:
                yield Call("GET", REF_PATHS[(number + turn) % len(REF_PATHS)])
            elif turn < 16:
                yield Call("POST", "/v1/verify", draft)
            else:
                yield Call("POST", "/v1/ask", hostile[(4 * number + turn) % len(hostile)] or b"{}")


def suites() -> Part:
    """The whole forms of the tests whose short forms are part of `make test`."""
    part = Part("faults and hostile input")
    for files, promise in (
        (["tests/durability/test_durability.py"], "builders killed, power lost, disks full, files damaged"),
        (["tests/http/test_reload.py"], "200 swaps under load, bad indexes refused"),
        (["tests/hostile/test_hostile.py"], "every hostile input at every address"),
        (["tests/hostile/test_fuzz.py"], "generated requests, references, documents and drafts"),
    ):
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", *files]
        environment = {**os.environ, "STRESS": "1"}
        result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
        last = next((line for line in reversed(result.stdout.splitlines()) if line.strip()), "nothing")
        part.add(promise, "all pass", last, result.returncode == 0)
        if result.returncode:
            print(result.stdout[-6000:], flush=True)  # noqa: T201 - a program's output
    return part
