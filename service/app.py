"""The HTTP service, put together: routes, and what stands before them. `build_app(state)` is all there is to start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import limits
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from service import desk, originals, pages, widget
from service.http import observe, problems
from service.http.guards import MAX_CHAT_BODY, Admission, BodyGuard
from service.http.rate_limit import RateLimit
from service.http.routes import examples
from service.http.routes.admin import admin
from service.http.routes.asking import QUEUED, asking
from service.http.routes.operations import operations
from service.http.routes.reading import reading
from service.http.targets import BelowPath, TargetGuard
from service.http.wire.connections import ConnectionGuard
from service.mcp import mount as mcp
from service.openai import routes as openai
from service.openai.errors import PATH as CHAT
from service.openai.errors import in_openai_shape
from service.paragraphs.links import below
from service.reports import routes as reports
from service.reports.intake import MAX_UPLOAD
from service.state import State
from service.typeset import routes as typeset


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
        openapi_url=None,  # `pages` serves it, made only once
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.fiqra = state
    app.include_router(asking)
    app.include_router(reading)
    app.include_router(openai.router)
    app.include_router(operations)
    app.include_router(admin)
    app.include_router(reports.intake)
    mcp.install(app)
    problems.install(app, {CHAT: in_openai_shape})
    settings = state.settings
    app.add_middleware(
        BodyGuard,
        timeout_s=settings.body_timeout_s,
        limits={CHAT: MAX_CHAT_BODY, **dict.fromkeys(mcp.PATHS, mcp.MAX_MCP_BODY)},
        uploads={reports.PATH: MAX_UPLOAD, **desk.BODIES},
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
    app.add_middleware(BelowPath, below=below(settings))
    widget.install(app)
    desk.install(app)
    originals.install(app)
    typeset.install(app)
    pages.install(app, [desk.ROOM, originals.ROOM])
    observe.install(app, state.metrics, state.traces)
    return app
