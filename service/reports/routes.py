"""Reports taken in and out over HTTP, by the holder of the admin token."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from corpus.records import Language
from service.answering.asking import unless_left
from service.http import problems
from service.http.routes.admin import ADMIN_REFUSALS, AdminOnly
from service.http.routes.dependencies import CurrentState
from service.reports import queue
from service.reports.ingest import mismatch, prepare, without
from service.reports.intake import read_form, start_adding, start_removing
from service.reports.jobs import Job
from service.reports.plans import plan_json
from service.schemas.admin import JobError, JobOut, WatchedOut

PATH = "/v1/reports"
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
                        "ocr": {
                            "type": "boolean",
                            "description": "Recognise pages of a PDF that are pictures of text.",
                        },
                        "offer_original": {"type": "boolean", "description": "Let readers fetch the documents."},
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
    form, uploads = await read_form(request)
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
    return _started(response, start_adding(state, read, wanted))


@intake.delete(PATH + "/{report_id}", operation_id="remove_report", status_code=202, responses=_NOT_THERE)
async def remove_report(
    state: CurrentState,
    response: Response,
    report_id: Annotated[str, Path(max_length=200)],
    lang: Annotated[Language | None, Query(description="This language of it alone.")] = None,
) -> JobOut:
    """Take an added report, or one language of it, out of the library and the index."""
    if lang:  # refused at once where there is no such text
        await to_thread.run_sync(without, state.settings.library(), report_id, lang)
    return _started(response, start_removing(state, report_id, lang))


@intake.get("/v1/jobs/{job_id}", operation_id="get_job", responses=_NOT_THERE)
async def get_job(state: CurrentState, job_id: Annotated[str, Path(max_length=200)]) -> JobOut:
    """How far a job is, and what came of it."""
    return job_out(state.running_jobs().get(job_id))


@intake.get("/v1/admin/watched", operation_id="list_watched")
async def list_watched(state: CurrentState) -> WatchedOut:
    """The reports that `fiqra watch` has set aside for a person, each with its account, and those that wait."""
    return await to_thread.run_sync(lambda: queue.listing(queue.every(state.settings.data_dir)))


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
        error=JobError(status=problems.status_of(error), detail=str(error), detail_ar=error.detail_ar)
        if error
        else None,
    )
