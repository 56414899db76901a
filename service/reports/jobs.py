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

from corpus.errors import Abandoned, FiqraError, LookupFailed, Overloaded

log = logging.getLogger("fiqra")

JobStatus = Literal["queued", "running", "done", "failed"]
Progress = Callable[[int, int], None]
KEPT = 200
MOST_WAITING = 20
UNWIND_S = 0.5
NOT_BEGUN = "it had not begun: nothing is changed; send it again"


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
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping = self._given_up = False

    def get(self, job_id: str) -> Job:
        """The job of that id. Raises UnknownJob."""
        if job_id not in self._jobs:
            raise UnknownJob(f"no job {job_id[:40]!r}; the last {KEPT} since this service was started are remembered")
        return self._jobs[job_id]

    def recent(self, number: int) -> tuple[Job, ...]:
        """The last of them, newest first."""
        return tuple(reversed(self._jobs.values()))[:number]

    def start(self, kind: str, report: str, work: Callable[[Progress], dict[str, Any]]) -> Job:
        """Queue blocking work, which runs in a thread. Raises Overloaded where too many wait, Abandoned at the end."""
        if self._stopping:
            raise Abandoned("the service was told to stop; send it to the next one")
        if len(self._tasks) >= MOST_WAITING:
            raise Overloaded(f"{MOST_WAITING} jobs are waiting already; try again when some are done")
        job = Job(kind, report)
        self._jobs[job.id] = job
        while len(self._jobs) > KEPT:
            self._jobs.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._run(job, work))
        self._tasks[job.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.id, None))
        return job

    async def ended(self, job: Job) -> None:
        """Wait until a job is done or has failed."""
        if task := self._tasks.get(job.id):
            await asyncio.wait([task])

    def stop(self) -> None:
        """Begin no other job; may be called from a signal handler."""
        self._stopping = True

    async def finish(self, within_s: float) -> None:
        """Abandon what has not begun, wait for what runs, and then give that up: a change is whole or not made."""
        self.stop()
        for job in [job for job in self._jobs.values() if job.status == "queued"]:
            _abandon(job, NOT_BEGUN)
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=max(0.0, within_s))
        self._given_up = True
        if self._tasks:  # a job that reports its progress ends there, in good order
            _, stuck = await asyncio.wait(self._tasks.values(), timeout=UNWIND_S)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    async def _run(self, job: Job, work: Callable[[Progress], dict[str, Any]]) -> None:
        def progress(done: int, total: int) -> None:
            if self._given_up:
                raise Abandoned(f"{job.kind} of {job.report} was given up after {done} of {total} steps")
            job.done, job.total = done, total

        async with self._one_at_a_time:
            if self._stopping:
                _abandon(job, NOT_BEGUN)
                return
            job.status = "running"
            try:
                job.result = await to_thread.run_sync(work, progress, abandon_on_cancel=True)
                await self._after()
                job.status = "done"
            except Abandoned:
                _abandon(job, "it was not done in time: nothing is changed; send it again")
            except asyncio.CancelledError:
                _abandon(job, "it did not end in time; the list of reports says whether all of it is done, or nothing")
            except FiqraError as error:
                job.error, job.status = error, "failed"
            except Exception as error:  # what nobody foresaw ends the job, not the service
                log.error("unexpected %s in job %s", type(error).__name__, job.id, exc_info=error)
                job.error, job.status = FiqraError("something went wrong on this side; the log says what"), "failed"


def _abandon(job: Job, why: str) -> None:
    if job.status in {"queued", "running"}:
        job.error = Abandoned(f"the service was told to stop, and {why}")
        job.status = "failed"
        log.warning("the %s of %s (job %s) is abandoned: %s", job.kind, job.report, job.id, why)
