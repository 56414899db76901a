"""The addresses of the desk: sign in, hand documents in, look at what was read, take it in or throw it away."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from corpus.errors import CorpusError
from corpus.records import Language
from index.disk.shelf import Added
from service.answering.asking import unless_left
from service.desk import access
from service.desk.access import (
    COOKIE,
    PATH,
    SIGN_IN,
    SIGN_OUT,
    DeskRoute,
    OnlySignedIn,
    SignedIn,
    desk_of,
    frame,
    own_form,
    show,
    why_of,
)
from service.desk.account import Account
from service.desk.sessions import LASTS_S, Session
from service.desk.sheets import Sheet
from service.desk.wording import DESK
from service.http.problems import CALLER_LEFT
from service.http.routes.admin import same_secret
from service.pages.error_page import language_of
from service.pages.views import reading_path
from service.paragraphs.citing import title_of
from service.paragraphs.links import below
from service.paragraphs.lookup import choose_report
from service.reports import queue
from service.reports.exports import SUFFIX, Form, export
from service.reports.ingest import mismatch
from service.reports.intake import MAX_UPLOAD, handed_in, start_adding, start_removing, uploaded
from service.reports.jobs import Job
from service.reports.routes import job_out
from service.reports.tray import Waiting, let_go

_SMALL = 64 * 1024
ACCEPT, DISCARD, REMOVE = f"{PATH}/accept", f"{PATH}/discard", f"{PATH}/remove"
BODIES = {PATH: MAX_UPLOAD, **dict.fromkeys((SIGN_IN, SIGN_OUT, ACCEPT, DISCARD, REMOVE), _SMALL)}
"""The addresses that take forms, and how large one may be."""
_JOBS = 10
_LOOK_AGAIN_S = 2
Number = Annotated[int, Query(ge=0, le=10_000)]

desk = APIRouter(route_class=DeskRoute, include_in_schema=False)


def _to(request: Request, path: str) -> Response:
    return RedirectResponse(f"{path}?lang={language_of(request)}", 303)


@desk.post(SIGN_IN)
async def sign_in(request: Request, to: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Sign in with the admin token, and go on to the page that was asked for."""
    access.allowed(request)
    state = desk_of(request).state
    form = await request.form(max_files=0, max_fields=5)
    given, token = form.get("token"), state.settings.admin_token
    if token is None or not isinstance(given, str) or not same_secret(given.strip(), token):
        return access.sign_in_page(request, wrong=True, to=access.place_within(to))
    response = _to(request, access.place_within(to))
    secure = request.url.scheme == "https" or str(state.settings.public_url or "").startswith("https:")
    response.set_cookie(
        COOKIE,
        desk_of(request).sessions.open(),
        max_age=LASTS_S,
        path=f"{below(state.settings)}/admin",
        secure=secure,
        httponly=True,
        samesite="strict",
    )
    return response


@desk.post(SIGN_OUT)
async def sign_out(request: Request, session: SignedIn) -> Response:
    """End the session."""
    await _small_form(request, session)
    desk_of(request).sessions.close(request.cookies.get(COOKIE, ""))
    response = _to(request, PATH)
    response.delete_cookie(COOKIE, path=f"{below(desk_of(request).state.settings)}/admin")
    return response


@desk.api_route(PATH, methods=["GET", "HEAD"])
async def overview(request: Request, session: SignedIn) -> Response:
    """What waits, what is there, what was done lately, and a place to hand documents in."""
    at_desk = desk_of(request)
    library, loaded = at_desk.state.settings.library(), access.loaded(request)
    waiting = await to_thread.run_sync(at_desk.sheets.tray.look)
    added, aside = await to_thread.run_sync(library.shelf.look)
    watched = await to_thread.run_sync(queue.every, at_desk.state.settings.data_dir)
    words = DESK[language := language_of(request)]
    return await to_thread.run_sync(
        lambda: show(
            request,
            "overview.html",
            frame(request, words.title, PATH),
            session=session,
            waiting=waiting,
            watched=[(each.folder, entry) for each in watched for entry in each.entries.values() if entry.why],
            reports=[
                (report, title_of(report, language), reading_path(report, language)) for report in loaded.values()
            ],
            added={entry.id for entry in added if isinstance(entry, Added)},
            aside=aside,
            jobs=[job_out(job) for job in at_desk.state.running_jobs().recent(_JOBS)],
            wanted=None,
        )
    )


@desk.post(PATH)
async def hand_in(request: Request, session: SignedIn) -> Response:
    """Put documents on the tray, in the place of those that they mend, and go on to what is read of them."""
    tray = desk_of(request).sheets.tray
    async with uploaded(request) as form:
        fields = _filled_in(own_form(form, session))
        instead = str(fields.pop("instead", ""))
        intake, uploads = await handed_in(fields, form)
    wanted = intake.wanted()
    await to_thread.run_sync(desk_of(request).state.settings.library().check_id, wanted.id)
    entry = await to_thread.run_sync(tray.put, uploads, wanted)
    if instead:
        await to_thread.run_sync(tray.discard, instead)
    return _to(request, f"{PATH}/waiting/{entry}")


def _filled_in(form: FormData) -> dict[str, Any]:
    """The fields that something was written in, as the API has them."""
    fields: dict[str, Any] = {k: v for k, v in form.multi_items() if isinstance(v, str) and v.strip() and k != "form"}
    return {**fields, "lang": (fields["lang"],) if "lang" in fields else ()}


@desk.api_route(PATH + "/waiting/{entry_id}", methods=["GET", "HEAD"])
async def look(request: Request, session: SignedIn, entry_id: str, doc: Number = 0, part: Number = 1) -> Response:
    """What was read of an entry: each paragraph beside where it comes from; or why it cannot be read."""
    sheets = desk_of(request).sheets
    waiting = await to_thread.run_sync(sheets.tray.get, entry_id)
    try:
        sheet = await unless_left(request, sheets.get(entry_id))
    except CorpusError as error:
        return await to_thread.run_sync(_refused_page, request, session, waiting, error)
    if sheet is None:
        return Response(status_code=CALLER_LEFT)
    return await to_thread.run_sync(_sheet_page, request, session, sheet, doc, part)


def _refused_page(request: Request, session: Session, waiting: Waiting, error: CorpusError) -> Response:
    page = frame(request, DESK[language_of(request)].refused, f"{PATH}/waiting/{waiting.id}")
    why = why_of(error, page.language)
    return show(request, "refused.html", page, 422, session=session, waiting=waiting, why=why)


def _sheet_page(request: Request, session: Session, sheet: Sheet, doc: int, part: int) -> Response:
    doc = min(doc, len(sheet.documents) - 1)
    upload, document = sheet.documents[doc]
    account = Account(document, sheet.plan.report)
    part = min(max(part, 1), account.parts)
    words = DESK[language_of(request)]
    path = f"{PATH}/waiting/{sheet.waiting.id}"
    name = document.rendering.source_name
    return show(
        request,
        "sheet.html",
        frame(request, words.read_as.format(name=name), path, f"&doc={doc}&part={part}"),
        session=session,
        waiting=sheet.waiting,
        plan=sheet.plan,
        path=path,
        documents=[(n, read.rendering) for n, (_, read) in enumerate(sheet.documents)],
        doc=doc,
        part=part,
        account=account,
        rows=list(account.rows(part)),
        reading=document.reading,
        rendering=document.rendering,
        counts=[(words.counts[name], number) for name in words.counts if (number := getattr(document.reading, name))],
        pictures=f"{path}/pictures/{upload}",
    )


@desk.api_route(
    PATH + "/waiting/{entry_id}/pictures/{upload}/{page}", methods=["GET", "HEAD"], dependencies=[OnlySignedIn]
)
async def picture(request: Request, entry_id: str, upload: int, page: int) -> Response:
    """A page of a PDF as it is printed."""
    waiting = await to_thread.run_sync(desk_of(request).sheets.tray.get, entry_id)
    if not 0 <= upload < len(waiting.note.files):
        raise HTTPException(404, "there is no such document here")
    png = await unless_left(request, desk_of(request).sheets.picture(entry_id, upload, page))
    if png is None:
        return Response(status_code=CALLER_LEFT)
    return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=600"})


@desk.post(ACCEPT)
async def accept(request: Request, session: SignedIn) -> Response:
    """Take an entry in, as it was shown."""
    form = await _small_form(request, session)
    at_desk = desk_of(request)
    sheet = await at_desk.sheets.get(str(form.get("entry", "")))
    wanted = replace(sheet.waiting.note.wanted, force="force" in form)
    if sheet.plan.differences and not wanted.force:
        raise mismatch(sheet.plan)
    entry, tray = sheet.waiting.id, at_desk.sheets.tray
    job = start_adding(at_desk.state, sheet.uploads, wanted, lambda: let_go(tray, entry))
    return _to(request, f"{PATH}/jobs/{job.id}")


@desk.post(DISCARD)
async def discard(request: Request, session: SignedIn) -> Response:
    """Throw an entry away."""
    form = await _small_form(request, session)
    await to_thread.run_sync(desk_of(request).sheets.tray.discard, str(form.get("entry", "")))
    return _to(request, PATH)


@desk.post(REMOVE)
async def remove(request: Request, session: SignedIn) -> Response:
    """Take a report out."""
    form = await _small_form(request, session)
    job = start_removing(desk_of(request).state, str(form.get("report", "")))
    return _to(request, f"{PATH}/jobs/{job.id}")


@desk.api_route(PATH + "/jobs/{job_id}", methods=["GET", "HEAD"])
async def job_page(request: Request, session: SignedIn, job_id: str) -> Response:
    """How far a job is; looked at again by itself until it is done."""
    job: Job = desk_of(request).state.running_jobs().get(job_id)
    words, shown = DESK[language_of(request)], job_out(job)
    report = access.loaded(request).get(job.report)
    page = frame(request, f"{words.job_kinds[job.kind]}: {job.report}", f"{PATH}/jobs/{job.id}")
    response = show(
        request,
        "job.html",
        page,
        session=session,
        job=shown,
        why=why_of(job.error, page.language) if job.error else None,
        report_path=reading_path(report, page.language) if report and job.kind == "ingest" else "",
    )
    if shown.status in {"queued", "running"}:
        response.headers["refresh"] = str(_LOOK_AGAIN_S)
    return response


@desk.api_route(PATH + "/export/{report_id}", methods=["GET", "HEAD"], dependencies=[OnlySignedIn])
async def export_report(
    request: Request, report_id: str, form: Form = "jsonl", text: Language | None = None
) -> Response:
    """A report as a file; `text` is the language of one that holds a single language."""
    report = choose_report(access.loaded(request), report_id)
    language = report.rendering(text).language
    data = await to_thread.run_sync(export, report, form, language)
    name = f"{report.id}.{language}{SUFFIX[form]}" if form == "akn" else f"{report.id}{SUFFIX[form]}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


async def _small_form(request: Request, session: Session) -> FormData:
    """A form without files, of a page of this session. Raises HTTPException."""
    return own_form(await request.form(max_files=0, max_fields=10), session)
