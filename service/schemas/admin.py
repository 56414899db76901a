"""What the holder of the admin token is told: the index that serves, long work, and folders that are watched."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from service.schemas.base import Outgoing


class ReloadResponse(Outgoing):
    """Which index serves, and whether it was changed by the call."""

    index: str
    changed: bool


class JobError(Outgoing):
    """Why a job failed, with the status that its error has elsewhere; `detail_ar` says it in Arabic, if anything."""

    status: int
    detail: str
    detail_ar: str | None = None


class JobOut(Outgoing):
    """A piece of long work: how far it is, 0 to 1, and what came of it.

    An ingest's `result` has what was read (`readings`), how the languages differ, and the index that holds it;
    `left_out_ar`, `differences_ar` and a finding's `detail_ar` say in Arabic what the key without `_ar` says.
    """

    id: str | None
    kind: str
    report: str
    status: Literal["queued", "running", "done", "failed"]
    progress: Annotated[float, Field(ge=0, le=1)]
    result: dict[str, Any] | None = None
    error: JobError | None = None


class WatchedReport(Outgoing):
    """A report of a watched folder that waits, is set aside for a person, or has gone and is still in the library.

    `account` is what was read, as an ingest's `result` has it; `command` takes in all the same what is set aside, and
    takes out what has gone. `why_ar` says in Arabic what `why` says, where there are words for it.
    """

    report: str
    standing: Literal["waiting", "aside", "gone"]
    since: str
    documents: tuple[str, ...]
    why: str | None = None
    why_ar: str | None = None
    account: dict[str, Any] | None = None
    command: str | None = None


class WatchedFolder(Outgoing):
    """A folder that `fiqra watch` takes reports in from: how many are taken in, and which are not."""

    folder: str
    taken: int
    reports: tuple[WatchedReport, ...]


class WatchedOut(Outgoing):
    """Every folder that is or was watched."""

    folders: tuple[WatchedFolder, ...]
