"""Reports taken in and out over HTTP, by the holder of the admin token."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import FormData, UploadFile

from corpus.errors import DocumentRefused, FiqraError, IndexMissing, Overloaded, UploadNotKept
from corpus.readers.safety import LARGEST, MIB
from corpus.records import Language, Report
from index.disk.report_library import Decide
from index.disk.shelf import Added
from service.answering.asking import unless_left
from service.http import problems
from service.http.routes.admin import ADMIN_REFUSALS, AdminOnly
from service.http.routes.dependencies import CurrentState
from service.reports import queue
from service.reports.indexing import bring_up_to_date
from service.reports.ingest import Upload, Wanted, mismatch, prepare, take_in, take_out
from service.reports.jobs import Job, Progress
from service.reports.plans import plan_json
from service.schemas import JobError, JobOut, WatchedOut
from service.state import State

PATH = "/v1/reports"
MAX_UPLOAD = LARGEST + MIB
MOST_FILES = 4
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["id", "file"],
                    "properties": {
                        "id": {"type": "string", "description": "The report's id; one that exists is added to."},
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "lang": {"type": "array", "items": {"type": "string", "enum": ["ar", "en"]}},
                        "title": {"type": "string"},
                        "symbol": {"type": "string"},
                        "year": {"type": "integer"},
                        **{name: {"type": "boolean"} for name in ("official", "strict", "force", "dry_run")},
                    },
                }
            }
        },
    }
}

_NOT_THERE = problems.described({404: "There is none of that id."})
_NOT_FITTING = problems.described(
    {
        409: "The languages differ in structure, and `force` is not set; or another build is at work.",
        413: "A document is too large.",
        507: "There is no room for the documents while they come in; `detail` says where.",
    }
)
intake = APIRouter(
    tags=["reports"],
    dependencies=[AdminOnly],
    responses=ADMIN_REFUSALS | {status: problems.REFUSALS[status] for status in (422, 503)} | problems.OTHERS,
)


class IntakeForm(BaseModel):
    """The fields of a form beside its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    lang: tuple[Language, ...] = ()
    title: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    symbol: Annotated[str, StringConstraints(max_length=80)] | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    official: bool = False
    strict: bool = False
    force: bool = False
    dry_run: bool = False

    def wanted(self) -> Wanted:
        """What the caller wants of the report."""
        return Wanted(self.id, self.official, self.title, self.symbol, self.year, self.strict, self.force)


@intake.post(
    PATH,
    operation_id="add_report",
    status_code=202,
    openapi_extra=_FORM,
    response_model=JobOut,
    responses={200: {"model": JobOut, "description": "With `dry_run`: what would be done."}, **_NOT_FITTING},
)
async def add_report(state: CurrentState, request: Request, response: Response) -> JobOut | Response:
    """Read documents, one a language, and add the report of this id; the job says what was read and how far it is.

    A document that is refused, or languages that differ without `force`, are answered at once, before any job.
    """
    try:
        form, uploads = await _read_form(request)
    except OSError as error:
        raise _not_kept(error) from error
    library, wanted = state.settings.library(), form.wanted()
    await to_thread.run_sync(library.check_id, form.id)  # before any reading, and it looks at files
    read = await unless_left(request, state.documents.read(uploads, wanted))
    if read is None:
        return Response(status_code=problems.CALLER_LEFT)
    plan = await to_thread.run_sync(partial(prepare, library, read, wanted))
    if plan.differences and not form.force:
        raise mismatch(plan)
    if form.dry_run:
        response.status_code = 200
        return JobOut(id=None, kind="ingest", report=form.id, status="done", progress=1.0, result=plan_json(plan, None))

    def work(progress: Progress) -> dict[str, Any]:
        plan, name = take_in(library, read, wanted, partial(_build, state, progress))
        return plan_json(plan, name)

    return _started(response, state.running_jobs().start("ingest", form.id, work))


@intake.delete(PATH + "/{report_id}", operation_id="remove_report", status_code=202, responses=_NOT_THERE)
async def remove_report(
    state: CurrentState, response: Response, report_id: Annotated[str, Path(max_length=200)]
) -> JobOut:
    """Take an added report out of the library and the index."""
    library = state.settings.library()
    library.must_have(report_id)

    def work(progress: Progress) -> dict[str, Any]:
        return {"removed": report_id, "index": take_out(library, report_id, partial(_build, state, progress))[:12]}

    return _started(response, state.running_jobs().start("remove", report_id, work))


@intake.get("/v1/jobs/{job_id}", operation_id="get_job", responses=_NOT_THERE)
async def get_job(state: CurrentState, job_id: Annotated[str, Path(max_length=200)]) -> JobOut:
    """How far a job is, and what came of it."""
    return job_out(state.running_jobs().get(job_id))


@intake.get("/v1/admin/watched", operation_id="list_watched")
async def list_watched(state: CurrentState) -> WatchedOut:
    """The reports that `fiqra watch` has set aside for a person, each with its account, and those that wait."""
    return await to_thread.run_sync(lambda: queue.listing(queue.every(state.settings.data_dir)))


def _build(
    state: State,
    progress: Progress,
    base: tuple[Report, ...],
    added: tuple[Added, ...],
    decide: Decide,
) -> str:
    if state.embedder is None:
        raise IndexMissing("this service was started without a model, so that it can index nothing")
    return bring_up_to_date(state.settings, state.embedder, base, added, progress, decide=decide)


def _started(response: Response, job: Job) -> JobOut:
    response.headers["location"] = f"/v1/jobs/{job.id}"
    return job_out(job)


def job_out(job: Job) -> JobOut:
    """A job in the contract's words."""
    finished = {"done": 1.0, "failed": 1.0}.get(job.status, 0.0)
    error = job.error
    return JobOut(
        id=job.id,
        kind=job.kind,
        report=job.report,
        status=job.status,
        progress=round(job.done / job.total, 4) if job.total and not finished else finished,
        result=job.result,
        error=JobError(status=problems.status_of(error), detail=str(error)) if error else None,
    )


async def _read_form(request: Request) -> tuple[IntakeForm, list[Upload]]:
    """The form's fields and files. Raises RequestValidationError, or HTTPException for a body that is no such form."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "send the documents as multipart/form-data, in fields named `file`")
    async with request.form(max_files=MOST_FILES, max_fields=20, max_part_size=64 * 1024) as form:
        files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
        fields = _fields(form)
        try:
            read = IntakeForm.model_validate(fields)
        except ValidationError as error:
            raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
        if not files or (read.lang and len(read.lang) != len(files)):
            detail = (
                f"{len(files)} files and {len(read.lang)} lang; send `file` once a language, and `lang` once a file"
            )
            raise RequestValidationError([{"loc": ("body", "file"), "msg": detail, "type": "value_error"}])
        uploads = []
        for position, file in enumerate(files):
            if (file.size or 0) > LARGEST:
                raise DocumentRefused(f"a file has {file.size:,} bytes, over {LARGEST:,}; split the report")
            name = (file.filename or "document").replace("\\", "/").rsplit("/", 1)[-1][:120]
            uploads.append(Upload(name, await file.read(), read.lang[position] if read.lang else None))
        return read, uploads


def _not_kept(error: OSError) -> FiqraError:
    """Why the documents could not be laid down while they came in: starlette puts what is large into files."""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return Overloaded("too many files are open here to take the documents in; try again in a moment")
    where = tempfile.tempdir or "the folder for temporary files"
    return UploadNotKept(
        f"the documents cannot be laid down in {where} while they come in ({error.strerror or error}): "
        "make room there, or start fiqra with TMPDIR naming a folder that has it, then send them again"
    )


def _fields(form: FormData) -> Mapping[str, Any]:
    """The form's text fields; `lang` may come again."""
    fields: dict[str, Any] = {key: value for key, value in form.multi_items() if key not in {"file", "lang"}}
    return {**fields, "lang": tuple(form.getlist("lang"))}
