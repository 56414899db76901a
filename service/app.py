"""The HTTP service: one route a call of the contract. `build_app(state)` is all there is to start."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, TypeVar

import limits
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator, Field
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse

from corpus.records import Language
from index.scope import Scope
from service import examples, intake, observe, pages, problems, widget
from service.admin import admin
from service.asking import begin, unless_left, whole_answer
from service.depends import CurrentState, state_of
from service.drafts.check import verify_draft
from service.formats import FORMATS, MEDIA_TYPES, Cut, Format, write
from service.guards import MAX_CHAT_BODY, Admission, BodyGuard, HostGuard
from service.links import origin
from service.lookup import choose_report, look_up, mentions, paragraph_out, report_out
from service.mcp import mount as mcp
from service.openai import routes as openai
from service.openai.errors import PATH as CHAT
from service.pages.negotiate import best_type
from service.ratelimit import RateLimit
from service.respond import search_passages
from service.schemas import (
    MAX_QUESTION,
    MAX_TOP_K,
    AskRequest,
    AskResponse,
    ParagraphsResponse,
    ReportOut,
    ReportsResponse,
    SearchResponse,
    VerifyRequest,
    VerifyResponse,
    not_empty,
)
from service.state import State
from service.streaming import stream

ReportId = Annotated[str, Path(max_length=200, description="The report's id.", examples=["kyoto-2021-workshop-4"])]
Ref = Annotated[
    str, Path(description="A reference, range or list; `front` is the title page.", openapi_examples=examples.REFS)
]


def _left_out(value: object) -> object:
    """Take `?lang=` for what it says: nothing."""
    return None if value == "" else value


DEFAULT_TOP_K = 5
IN_LANE = ("/v1/ask", "/v1/search", "/v1/verify")
Empty = BeforeValidator(_left_out)
TopK = Annotated[
    int,
    BeforeValidator(lambda k: DEFAULT_TOP_K if k == "" else k),
    Query(ge=1, le=MAX_TOP_K, description="How many passages."),
]
Lang = Annotated[Language | None, Empty, Query(description="The report's first language where it is left out.")]
ReportName = Annotated[str, Field(max_length=200)]
ReportsQuery = Annotated[
    tuple[ReportName, ...], Query(max_length=100, description="May come several times; all reports where left out.")
]
# A bound stands on the number inside: on the whole it would meet the None of `?year=` too.
Year = Annotated[Annotated[int, Field(ge=1900, le=2100)] | None, Empty, Query(description="Only reports of this year.")]
Limit = Annotated[
    Annotated[int, Field(ge=1)] | None, Empty, Query(description="No more than so many; all where it is left out.")
]
FormatQuery = Annotated[Format | None, Empty, Query(description="What `Accept` says, else `json`.")]


Answer = TypeVar("Answer")

api = APIRouter(prefix="/v1", responses=problems.REFUSALS | problems.OTHERS)
operations = APIRouter(tags=["operation"])


@api.post(
    "/ask",
    operation_id="ask",
    tags=["asking"],
    response_model=AskResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": examples.STREAM}},
)
async def ask(
    state: CurrentState, request: Request, body: Annotated[AskRequest, examples.QUESTIONS]
) -> AskResponse | Response:
    """Answer a question with statements that each cite a paragraph, or say that the report does not answer."""
    if body.stream:
        return stream(state, await begin(state, body))
    return _or_nobody(await unless_left(request, whole_answer(state, body)))


@api.post("/verify", operation_id="verify", tags=["asking"], response_model=VerifyResponse)
async def verify(
    state: CurrentState, request: Request, body: Annotated[VerifyRequest, examples.DRAFTS]
) -> VerifyResponse | Response:
    """Check that a draft cites paragraphs that exist and quotes them word for word; paraphrases are left alone."""
    engine = state.ready_engine()
    report = choose_report(engine.contents.by_id, body.report)
    work = state.lane.run(lambda: verify_draft(report, body.text, engine.name))
    return _or_nobody(await unless_left(request, work))


@api.get("/search", operation_id="search", tags=["asking"], response_model=SearchResponse)
async def search(  # noqa: PLR0913, PLR0917 - each is a parameter of the contract
    request: Request,
    q: Annotated[
        str,
        Query(max_length=MAX_QUESTION, description="Words or a question.", openapi_examples=examples.QUERIES),
        AfterValidator(not_empty),
    ],
    lang: Lang = None,
    k: TopK = DEFAULT_TOP_K,
    report: ReportsQuery = (),
    having: Annotated[Language | None, Empty, Query(description="Only reports that have this language.")] = None,
    year: Year = None,
    heading: Annotated[str | None, Query(max_length=200, description="Only below headings with these words.")] = None,
) -> SearchResponse | Response:
    """Rank the paragraphs for a query, without an answer."""
    state = state_of(request)
    engine = state.ready_engine()
    wanted = frozenset(filter(None, report)) or None
    scope = Scope(wanted, having, (year, year) if year else None, heading)
    work = state.lane.run(lambda: search_passages(engine, q, lang, scope, k))
    return _or_nobody(await unless_left(request, work))


def _or_nobody(answer: Answer | None) -> Answer | Response:
    """The answer, or an empty response where nobody is left to read it."""
    return Response(status_code=problems.CALLER_LEFT) if answer is None else answer


@api.get("/reports", operation_id="list_reports", tags=["reading"])
async def list_reports(
    state: CurrentState,
    q: Annotated[
        str, Query(max_length=200, description="Words of a title, an id or a symbol; a report must have all of them.")
    ] = "",
    lang: Annotated[Language | None, Empty, Query(description="A language that the report has.")] = None,
    year: Year = None,
    limit: Limit = None,
) -> ReportsResponse:
    """List what is loaded, or what of it fits."""
    scope = Scope(language=lang, years=(year, year) if year else None)
    fitting = (r for r in state.ready_engine().contents.reports if scope.admits(r) and mentions(r, q))
    return ReportsResponse(reports=tuple(map(report_out, islice(fitting, limit))))


@api.get("/reports/{report_id}", operation_id="get_report", tags=["reading"])
async def get_report(state: CurrentState, report_id: ReportId) -> ReportOut:
    """One report: title page, languages, headings, counts, and the corrections that its stored text carries."""
    return report_out(choose_report(state.ready_engine().contents.by_id, report_id))


@dataclass(frozen=True, slots=True)
class Form:
    """How paragraphs are wanted: in which language and format, with links that begin so, unless they have this tag."""

    language: Language | None
    format: Format
    origin: str
    known: str


async def read_form(request: Request, lang: Lang = None, format: FormatQuery = None) -> Form:  # noqa: A002 - the first guess
    """The format is what the address says, or else what Accept likes best."""
    liked = best_type(request.headers.get("accept", ""), tuple(MEDIA_TYPES.values()))
    chosen = {MEDIA_TYPES[name]: name for name in FORMATS}[liked] if format is None else format
    return Form(lang, chosen, origin(request), request.headers.get("if-none-match", ""))


AskedForm = Annotated[Form, Depends(read_form)]
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paragraphs, in the format asked for.",
        "content": {media_type: {} for media_type in MEDIA_TYPES.values()},
    }
}


@api.get(
    "/paragraphs/{ref:path}",
    operation_id="get_paragraphs",
    tags=["reading"],
    response_model=ParagraphsResponse,
    responses=_FORMS,
)
async def get_paragraphs(
    state: CurrentState,
    ref: Ref,
    form: AskedForm,
    report: Annotated[ReportName | None, Empty, Query(description="May be left out with one loaded.")] = None,
) -> Response:
    """Look paragraphs up by any way people write their number."""
    return _paragraphs(state, report, ref, form)


@api.get(
    "/reports/{report_id}/paragraphs/{ref:path}",
    operation_id="get_report_paragraphs",
    tags=["reading"],
    response_model=ParagraphsResponse,
    responses=_FORMS,
)
async def get_report_paragraphs(
    state: CurrentState,
    report_id: ReportId,
    ref: Ref,
    form: AskedForm,
) -> Response:
    """Look paragraphs of one report up."""
    return _paragraphs(state, report_id, ref, form)


def _paragraphs(state: State, report_id: str | None, reference: str, form: Form) -> Response:
    report, refs = look_up(state.ready_engine().contents.by_id, report_id, reference)
    if form.format == "json":
        found = ParagraphsResponse(paragraphs=tuple(paragraph_out(report, ref, form.language) for ref in refs))
        body = found.model_dump_json()
    else:
        body = write(Cut(report, report.rendering(form.language), refs, form.origin), form.format)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "public, max-age=60", "vary": "accept, accept-encoding"}
    if etag in (tag.strip().removeprefix("W/") for tag in form.known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[form.format], headers=headers)


@operations.get("/livez", operation_id="livez")
async def livez() -> dict[str, str]:
    """Whether the process runs."""
    return {"status": "ok"}


@operations.get("/readyz", operation_id="readyz", responses={503: problems.REFUSALS[503]})
async def readyz(state: CurrentState) -> dict[str, str]:
    """Whether questions can be answered; 503 with the reason where not."""
    return {"status": "ready", "index": state.ready_engine().name}


@operations.get("/metrics", operation_id="metrics", response_class=PlainTextResponse)
async def metrics(state: CurrentState) -> Response:
    """Counts and durations, for Prometheus."""
    engine = state.engine
    reports = engine.contents.by_id if engine else ()
    return state.metrics.render(engine.name if engine else None, reports, state.lane.waiting)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: State = app.state.fiqra
    watching = asyncio.create_task(state.reloader.run()) if state.reloader else None
    async with mcp.running(app):
        yield
    if watching:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    await state.close()


def build_app(state: State) -> FastAPI:
    """The ASGI application for a state."""
    app = FastAPI(
        title="fiqra",
        version=examples.VERSION,
        summary="Answers about reports with numbered paragraphs, each sentence proved.",
        description=examples.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.fiqra = state
    app.include_router(api)
    app.include_router(openai.router)
    app.include_router(operations)
    app.include_router(admin)
    app.include_router(intake.intake)
    mcp.install(app)
    problems.install(app)
    settings = state.settings
    app.add_middleware(
        BodyGuard,
        timeout_s=settings.body_timeout_s,
        limits={CHAT: MAX_CHAT_BODY, mcp.PATH: mcp.MAX_MCP_BODY},
        uploads={intake.PATH: intake.MAX_UPLOAD},
    )
    app.add_middleware(Admission, lane=state.lane, paths=(*IN_LANE, CHAT))
    app.add_middleware(RateLimit, limit=limits.parse(settings.rate_limit) if settings.rate_limit else None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["content-type", "authorization", *mcp.HEADERS],
        expose_headers=["etag", "retry-after", observe.REQUEST_ID],
        max_age=600,
    )
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    widget.install(app)
    pages.install(app)
    observe.install(app, state.metrics)
    return app
