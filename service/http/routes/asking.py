"""The calls that ask: a question, a search, a draft to be checked. Each waits its turn in the work queue."""

from __future__ import annotations

from typing import Annotated, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator, Field

from corpus.errors import LookupFailed
from corpus.records import Language
from index.search.scope import Scope
from service.answering.asking import begin, unless_left, whole_answer
from service.answering.response import search_passages
from service.drafts.check import verify_draft
from service.http import problems
from service.http.event_stream import stream
from service.http.routes import examples
from service.http.routes.dependencies import CurrentState, Empty, Lang, ReportName, Year, state_of
from service.paragraphs.lookup import choose_report
from service.schemas.answers import AskResponse
from service.schemas.drafts import VerifyRequest, VerifyResponse
from service.schemas.feedback import FeedbackRequest
from service.schemas.passages import SearchResponse
from service.schemas.questions import MAX_QUESTION, MAX_TOP_K, AskRequest, not_empty

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

asking = APIRouter(prefix="/v1", tags=["asking"], responses=problems.REFUSALS | problems.OTHERS)


@asking.post(
    "/ask",
    operation_id="ask",
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


@asking.post("/verify", operation_id="verify", response_model=VerifyResponse)
async def verify(
    state: CurrentState, request: Request, body: Annotated[VerifyRequest, examples.DRAFTS]
) -> VerifyResponse | Response:
    """Check that a draft cites paragraphs that exist and quotes them word for word; paraphrases are left alone."""
    engine = state.ready_engine()
    documents = engine.documents
    report = choose_report(documents.by_id, body.report) if body.report or not documents.several else None
    work = state.work_queue.run(lambda: verify_draft(report, body.text, engine.name, documents=documents))
    return _or_nobody(await unless_left(request, work))


@asking.post("/feedback", operation_id="feedback", status_code=204, response_class=Response)
async def feedback(state: CurrentState, body: FeedbackRequest) -> None:
    """Say of an answer whether it was right. Taken where the operator keeps it: such answers have `feedback: true`."""
    if state.feedback is None:
        raise LookupFailed("verdicts are not kept here; the operator can set FIQRA_FEEDBACK=true")
    await to_thread.run_sync(state.feedback.judged, body.id, body.verdict)


@asking.get("/search", operation_id="search", response_model=SearchResponse)
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
