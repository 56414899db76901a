"""The HTTP service: one route a call of the contract. `build_app(state)` is all there is to start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import limits
from fastapi import APIRouter, FastAPI, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator, Field
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse

from corpus.records import Language
from index.search.scope import Scope
from service import pages, widget
from service.answering.asking import begin, unless_left, whole_answer
from service.answering.response import search_passages
from service.drafts.check import verify_draft
from service.http import observe, problems
from service.http.event_stream import stream
from service.http.guards import MAX_CHAT_BODY, Admission, BodyGuard
from service.http.rate_limit import RateLimit
from service.http.routes import examples
from service.http.routes.admin import admin
from service.http.routes.dependencies import CurrentState, Empty, Lang, ReportName, Year, state_of
from service.http.routes.reading import reading
from service.http.targets import TargetGuard
from service.http.wire.connections import ConnectionGuard
from service.mcp import mount as mcp
from service.openai import routes as openai
from service.openai.errors import PATH as CHAT
from service.paragraphs.lookup import choose_report
from service.reports import routes
from service.schemas import (
    MAX_QUESTION,
    MAX_TOP_K,
    AskRequest,
    AskResponse,
    SearchResponse,
    VerifyRequest,
    VerifyResponse,
    not_empty,
)
from service.state import State

DEFAULT_TOP_K = 5
QUEUED = ("/v1/ask", "/v1/search", "/v1/verify")
TopK = Annotated[
    Annotated[int, Field(ge=1, le=MAX_TOP_K)],
    BeforeValidator(lambda k: DEFAULT_TOP_K if k == "" else k),
    Query(description="How many passages."),
]
ReportsQuery = Annotated[
    tuple[ReportName, ...], Query(max_length=100, description="May come several times; all reports where left out.")
]

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
        asked = await unless_left(request, begin(state, body))
        return _or_nobody(None if asked is None else stream(state, asked))
    return _or_nobody(await unless_left(request, whole_answer(state, body)))


@api.post("/verify", operation_id="verify", tags=["asking"], response_model=VerifyResponse)
async def verify(
    state: CurrentState, request: Request, body: Annotated[VerifyRequest, examples.DRAFTS]
) -> VerifyResponse | Response:
    """Check that a draft cites paragraphs that exist and quotes them word for word; paraphrases are left alone."""
    engine = state.ready_engine()
    report = choose_report(engine.contents.by_id, body.report)
    work = state.work_queue.run(lambda: verify_draft(report, body.text, engine.name))
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
    work = state.work_queue.run(lambda: search_passages(engine, q, lang, scope, k))
    return _or_nobody(await unless_left(request, work))


def _or_nobody(answer: Answer | None) -> Answer | Response:
    """The answer, or an empty response where nobody is left to read it."""
    return Response(status_code=problems.CALLER_LEFT) if answer is None else answer


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
    return state.metrics.render(engine.name if engine else None, reports, state.work_queue.waiting)


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
        openapi_url=None,  # `pages` has it, made once
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.fiqra = state
    app.include_router(api)
    app.include_router(reading)
    app.include_router(openai.router)
    app.include_router(operations)
    app.include_router(admin)
    app.include_router(routes.intake)
    mcp.install(app)
    problems.install(app)
    settings = state.settings
    app.add_middleware(
        BodyGuard,
        timeout_s=settings.body_timeout_s,
        limits={CHAT: MAX_CHAT_BODY, mcp.PATH: mcp.MAX_MCP_BODY},
        uploads={routes.PATH: routes.MAX_UPLOAD},
    )
    app.add_middleware(Admission, work_queue=state.work_queue, paths=(*QUEUED, CHAT))
    app.add_middleware(RateLimit, limit=limits.parse(settings.rate_limit) if settings.rate_limit else None)
    app.add_middleware(ConnectionGuard)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["content-type", "authorization", *mcp.HEADERS],
        expose_headers=["etag", "link", "retry-after", observe.REQUEST_ID],
        max_age=600,
    )
    app.add_middleware(TargetGuard, hosts=settings.answered_hosts)
    widget.install(app)
    pages.install(app)
    observe.install(app, state.metrics)
    return app
