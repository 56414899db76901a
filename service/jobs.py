"""Long work that a caller starts and looks in on: one job at a time, in order, the last ones remembered."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from anyio import to_thread

from corpus.errors import FiqraError, LookupFailed, Overloaded

log = logging.getLogger("fiqra")

JobStatus = Literal["queued", "running", "done", "failed"]
Progress = Callable[[int, int], None]
KEPT = 200
MOST_WAITING = 20


class UnknownJob(LookupFailed):
    """No job of that id; the last 200 are remembered, until the service is started again."""


@dataclass(slots=True)
class Job:
    """A piece of work: what it is for, how far it is, and what came of it, or the error that ended it."""

    kind: str
    report: str
    id: str = field(default_factory=lambda: uuid4().hex)
    status: JobStatus = "queued"
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = None
    error: FiqraError | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class Jobs:
    """The jobs of one service. `after` runs when one has succeeded: the new index is taken into service."""

    def __init__(self, after: Callable[[], Awaitable[object]]) -> None:
        self._after = after
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, job_id: str) -> Job:
        """The job of that id. Raises UnknownJob."""
        if job_id not in self._jobs:
            raise UnknownJob(f"no job {job_id[:40]!r}; the last {KEPT} since this service was started are remembered")
        return self._jobs[job_id]

    def start(self, kind: str, report: str, work: Callable[[Progress], dict[str, Any]]) -> Job:
        """Queue blocking work, which runs in a thread. Raises Overloaded where too many wait."""
        if len(self._tasks) >= MOST_WAITING:
            raise Overloaded(f"{MOST_WAITING} jobs are waiting already; try again when some are done")
        job = Job(kind, report)
        self._jobs[job.id] = job
        while len(self._jobs) > KEPT:
            self._jobs.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._run(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def finish(self) -> None:
        """Wait for what runs, as when the service stops: a report is whole or not there either way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, job: Job, work: Callable[[Progress], dict[str, Any]]) -> None:
        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total

        async with self._one_at_a_time:
            job.status = "running"
            try:
                job.result = await to_thread.run_sync(work, progress)
                await self._after()
                job.status = "done"
            except FiqraError as error:
                job.error, job.status = error, "failed"
            except Exception as error:  # what nobody foresaw ends the job, not the service
                log.error("unexpected %s in job %s", type(error).__name__, job.id, exc_info=error)
                job.error, job.status = FiqraError("something went wrong on this side; the log says what"), "failed"
