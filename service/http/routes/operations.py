"""The calls of whoever operates the service: does it live, is it ready, what has it done."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from starlette.responses import PlainTextResponse

from service.http import problems
from service.http.routes.admin import require_metrics_token
from service.http.routes.dependencies import CurrentState

operations = APIRouter(tags=["operation"])


@operations.get("/livez", operation_id="livez")
async def livez() -> dict[str, str]:
    """Whether the process runs."""
    return {"status": "ok"}


@operations.get("/readyz", operation_id="readyz", responses={503: problems.REFUSALS[503]})
async def readyz(state: CurrentState) -> dict[str, str]:
    """Whether questions can be answered; 503 with the reason where not."""
    engine = state.ready_engine()
    await state.readiness.check(engine.contents.store)
    return {"status": "ready", "index": engine.name}


@operations.get(
    "/metrics",
    operation_id="metrics",
    response_class=PlainTextResponse,
    dependencies=[Depends(require_metrics_token)],
    responses=problems.described({401: "The settings hold a token for the metrics; this call has another, or none."}),
)
async def metrics(state: CurrentState) -> Response:
    """Counts and durations, for Prometheus."""
    engine = state.engine
    reports = engine.contents.by_id if engine else ()
    return state.metrics.render(engine.name if engine else None, reports, state.work_queue.waiting)
