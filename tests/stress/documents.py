"""Documents that mean harm, sent one after the other to a real process, while it is asked questions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import httpx

from tests.documents import harmful
from tests.stress.client import Outcome, closed_loop, distinct, evenly, open_loop
from tests.stress.parts import Part, ms, questions, sample
from tests.support.children import children
from tests.support.server_process import Process, running

TOKEN = "a-token-of-the-stress-test"
SHARE = 0.5  # of the capacity, so that what the questions leave is what a reading gets


def sent() -> list[tuple[str, bytes]]:
    """What is sent: each is read to its end, or to the limit that it meets."""
    return [
        ("forms.pdf", harmful.nested_forms(24)),
        ("letters.pdf", harmful.nested_forms(13)),
        ("tables.docx", harmful.nested_tables(8, "words " * 100_000)),
        ("styles.docx", harmful.many_styles(5000, 5000)),
        ("footnotes.docx", harmful.many_footnotes(5000)),
        ("links.md", harmful.open_links(200_000)),
        ("marks.txt", harmful.combining_marks(2_000_000)),
        ("lines.txt", b"1. One.\n" * 300_000),
        ("bold.html", b"<p>1. One.</p>" + b"<b>" * 240 + b"<i>x</i>" * 200_000),
        ("deep.jsonl", b"[" * 1_000_000),
    ]


def documents(data_dir: Path, seconds: float) -> Part:
    """Questions at half the capacity, first alone and then beside readings that take all they may."""
    part = Part("documents")
    with running(data_dir, FIQRA_ADMIN_TOKEN=TOKEN) as process:
        calls = distinct(questions())
        asyncio.run(closed_loop(process.port, 4, min(5, seconds), calls))  # to warm up
        capacity = asyncio.run(closed_loop(process.port, 8, seconds, calls)).rate
        idle = asyncio.run(open_loop(process.port, SHARE * capacity, seconds, calls, evenly))
        before = sample(process, 0).megabytes
        beside, replies, most = asyncio.run(_beside(process, SHARE * capacity, max(seconds, 40)))
        after = sample(process, 0).megabytes
        left = len(children(process.server.pid))
    ratio = beside.percentile(95) / idle.percentile(95)
    measured = f"{ms(beside.percentile(95))} = {ratio:.2f} × {ms(idle.percentile(95))}, at {SHARE * capacity:.1f}/s"
    part.add("p95 of questions while documents are read", "≤ 2 × idle", measured, ratio <= 2)
    lost = sum(beside.statuses.values()) - beside.statuses[200]
    part.add("questions not answered meanwhile", "none", f"{lost} of {sum(beside.statuses.values())}", lost == 0)
    wrong = [status for status in replies if status not in {200, 422}]
    part.add("documents read or refused", "200 or 422", f"{len(replies)}, of them {len(wrong)} otherwise", not wrong)
    part.add(
        "processes that read at a time", "one, and none afterwards", f"{most}, then {left}", (most, left) == (1, 0)
    )
    grown = after / before - 1
    part.add("the service's own memory", "within 25 %", f"{before:.0f} → {after:.0f} MB", grown <= 0.25)
    return part


async def _beside(process: Process, rate: float, seconds: float) -> tuple[Outcome, list[int], int]:
    """The questions' outcome, the uploads' statuses, and the most processes that were seen to read at once."""
    replies: list[int] = []
    most = 0

    async def upload() -> None:
        async with httpx.AsyncClient(base_url=process.url, timeout=600) as client:
            for name, data in cycle(sent()):
                form = {"id": "stress", "dry_run": "true", "lang": "en"}
                headers = {"authorization": f"Bearer {TOKEN}"}
                reply = await client.post("/v1/reports", data=form, files={"file": (name, data)}, headers=headers)
                replies.append(reply.status_code)

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, len(await asyncio.to_thread(children, process.server.pid)))
            await asyncio.sleep(0.5)

    async with _running(upload(), upload(), watch()):
        outcome = await open_loop(process.port, rate, seconds, distinct(questions()), evenly)
    await asyncio.sleep(1)
    return outcome, replies, most


@asynccontextmanager
async def _running(*work: object) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(one) for one in work]  # type: ignore[call-overload]  # coroutines, all of them
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
