"""What is read and asks no model: the reports, and their paragraphs by number, in the formats that people paste.

All of it is made and serialised in threads, through the work queue `State.reading`: a long list would hold up the
event loop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from corpus.records import Language, Report
from corpus.refs import Ref
from index.search.scope import Scope
from service.http import problems
from service.http.routes import examples
from service.http.routes.dependencies import CurrentState, Empty, Lang, ReportName, Year, state_of
from service.pages.negotiate import best_type
from service.paragraphs.completions import completions
from service.paragraphs.formats import FORMATS, MEDIA_TYPES, Excerpt, Format, write
from service.paragraphs.links import origin, shared_by
from service.paragraphs.lookup import choose_report, following_path, look_up, mentions, paragraph_out, report_out
from service.schemas.completions import CompletionsOut
from service.schemas.paragraphs import MAX_COUNT, MAX_PARAGRAPHS, ParagraphsResponse
from service.schemas.reports import ReportOut, ReportsResponse
from service.state import State

ReportId = Annotated[str, Path(max_length=200, description="The report's id.", examples=["kyoto-2021-workshop-4"])]
Reference = Annotated[
    str, Path(description="A reference, range or list; `front` is the title page.", openapi_examples=examples.REFS)
]
Limit = Annotated[
    Annotated[int, Field(ge=1, le=MAX_COUNT)] | None,
    Empty,
    Query(description="No more than so many; all where it is left out."),
]
FormatQuery = Annotated[Format | None, Empty, Query(description="What `Accept` says, else `json`.")]
PageSize = Annotated[
    Annotated[int, Field(ge=1, le=MAX_PARAGRAPHS)],
    BeforeValidator(lambda limit: MAX_PARAGRAPHS if limit == "" else limit),
    Query(description="No more than so many paragraphs; `next` leads to the following ones."),
]
Offset = Annotated[
    Annotated[int, Field(ge=0, le=MAX_COUNT)],
    BeforeValidator(lambda offset: 0 if offset == "" else offset),
    Query(description="How many paragraphs to leave out, since the calls before had them."),
]

reading = APIRouter(prefix="/v1", tags=["reading"], responses=problems.REFUSALS | problems.OTHERS)


@reading.get("/reports", operation_id="list_reports", response_model=ReportsResponse)
async def list_reports(
    state: CurrentState,
    q: Annotated[
        str, Query(max_length=200, description="Words of a title, an id or a symbol; a report must have all of them.")
    ] = "",
    lang: Annotated[Language | None, Empty, Query(description="A language that the report has.")] = None,
    year: Year = None,
    limit: Limit = None,
) -> Response:
    """List what is loaded, or what of it fits."""
    scope = Scope(language=lang, years=(year, year) if year else None)
    engine = state.ready_engine()

    def listed() -> ReportsResponse:
        fitting = (r for r in engine.contents.reports if scope.admits(r) and mentions(r, q))
        return ReportsResponse(
            reports=tuple(report_out(engine.documents, report) for report in islice(fitting, limit)),
            set_aside=tuple(entry.id for entry in engine.set_aside if entry.id not in engine.contents.by_id),
        )

    return await _as_json(state, listed)


@reading.get("/reports/{report_id}", operation_id="get_report", response_model=ReportOut)
async def get_report(state: CurrentState, report_id: ReportId) -> Response:
    """One report: title page, languages, headings, counts, and the corrections that its stored text carries."""
    documents = state.ready_engine().documents
    report = choose_report(documents.by_id, report_id)
    return await _as_json(state, lambda: report_out(documents, report))


@reading.get("/reports/{report_id}/completions", operation_id="get_completions", response_model=CompletionsOut)
async def get_completions(state: CurrentState, report_id: ReportId, lang: Lang = None) -> Response:
    """What a box may offer while somebody writes about a report, to be matched where it is written."""
    report = choose_report(state.ready_engine().documents.by_id, report_id)
    language = report.rendering(lang).language

    def listed() -> CompletionsOut:
        return CompletionsOut(report=report.id, language=language, completions=completions(report, language))

    made = await _as_json(state, listed)
    made.headers["cache-control"] = "public, max-age=300"
    return made


async def _as_json(state: State, make: Callable[[], BaseModel]) -> Response:
    """Make a response in the work queue, and serialise it there too, which takes longer than making it."""
    return await state.reading.run(lambda: Response(make().model_dump_json(), media_type="application/json"))


@dataclass(frozen=True, slots=True)
class Form:
    """What a request for paragraphs asks for, besides the reference.

    `origin` stands before links, `shared` is for `cache-control`, and `known` the ETag that the caller has already. Of
    all paragraphs that the reference names, `limit` are wanted, after the first `offset`.
    """

    language: Language | None
    format: Format
    origin: str
    shared: str
    known: str
    limit: int
    offset: int


async def read_form(
    request: Request,
    lang: Lang = None,
    format: FormatQuery = None,  # noqa: A002 - the first guess
    limit: PageSize = MAX_PARAGRAPHS,
    offset: Offset = 0,
) -> Form:
    """Read it from the request; the format is that of the address, or else what Accept prefers."""
    liked = best_type(request.headers.get("accept", ""), tuple(MEDIA_TYPES.values()))
    chosen = {MEDIA_TYPES[name]: name for name in FORMATS}[liked] if format is None else format
    shared = shared_by(state_of(request).settings)
    return Form(lang, chosen, origin(request), shared, request.headers.get("if-none-match", ""), limit, offset)


AskedForm = Annotated[Form, Depends(read_form)]
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paragraphs, in the format asked for.",
        "content": {media_type: {} for media_type in MEDIA_TYPES.values()},
        "headers": {
            "link": {
                "description": 'The address of the following paragraphs, `rel="next"`, where there are any.',
                "schema": {"type": "string"},
            }
        },
    }
}


@reading.get(
    "/paragraphs/{ref:path}",
    operation_id="get_paragraphs",
    response_model=ParagraphsResponse,
    responses=_FORMS,
)
async def get_paragraphs(
    state: CurrentState,
    ref: Reference,
    form: AskedForm,
    report: Annotated[ReportName | None, Empty, Query(description="May be left out with one loaded.")] = None,
) -> Response:
    """Look paragraphs up by any way people write their number, up to 100 a call."""
    return await _paragraphs(state, report, ref, form)


@reading.get(
    "/reports/{report_id}/paragraphs/{ref:path}",
    operation_id="get_report_paragraphs",
    response_model=ParagraphsResponse,
    responses=_FORMS,
)
async def get_report_paragraphs(
    state: CurrentState,
    report_id: ReportId,
    ref: Reference,
    form: AskedForm,
) -> Response:
    """Look paragraphs of one report up, up to 100 a call."""
    return await _paragraphs(state, report_id, ref, form)


async def _paragraphs(state: State, report_id: str | None, reference: str, form: Form) -> Response:
    documents = state.ready_engine().documents
    return await state.reading.run(
        lambda: _written(*look_up(documents, report_id, reference, form.language), reference, form)
    )


def _written(report: Report, refs: tuple[Ref, ...], reference: str, form: Form) -> Response:
    """The paragraphs that the form wants of those that the reference names."""
    end = form.offset + form.limit
    wanted = refs[form.offset : end]
    following = None
    if end < len(refs):
        form_asked = None if form.format == "json" else form.format
        limit_asked = None if form.limit == MAX_PARAGRAPHS else form.limit
        following = following_path(report, reference, end, lang=form.language, format=form_asked, limit=limit_asked)
    if form.format == "json":
        paragraphs = tuple(paragraph_out(report, ref, form.language) for ref in wanted)
        body = ParagraphsResponse(paragraphs=paragraphs, next=following).model_dump_json()
    else:
        link = form.origin + following if following else None
        body = write(Excerpt(report, report.rendering(form.language), wanted, form.origin, link), form.format)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    # The links of JSON are paths; where the address that the caller chose stands in the answer, it is his alone.
    shared = "public" if form.format == "json" and not following else form.shared
    headers = {"etag": etag, "cache-control": f"{shared}, max-age=60", "vary": "accept, accept-encoding"}
    if following:
        headers["link"] = f'<{form.origin}{following}>; rel="next"'
    if etag in (tag.strip().removeprefix("W/") for tag in form.known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[form.format], headers=headers)
