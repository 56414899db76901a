"""The MCP server of a state: `build_server(state)` serves both transports.

Tools answer with types, so clients get `structuredContent` and a schema. Every `url` is absolute: clients show no
citation without one. What goes wrong on purpose is told to the agent in words it can act on.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, Literal, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import ToolAnnotations
from pydantic import AfterValidator, BaseModel, Field
from starlette.requests import Request

from corpus.errors import FiqraError
from corpus.records import Language
from corpus.refs import parse_ref
from service.answering.asking import whole_answer
from service.answering.response import search_passages
from service.drafts.check import verify_draft
from service.http.routes import examples
from service.mcp.ids import NamedParagraph, read_id, write_id
from service.mcp.schemas import Document, FoundParagraph, SearchResults
from service.paragraphs.citing import cite
from service.paragraphs.documents import Documents
from service.paragraphs.formats import as_markdown
from service.paragraphs.links import origin, public_origin
from service.paragraphs.lookup import choose_report, following_path, lead_in, look_up, paragraph_out, permalink
from service.schemas.answers import AskResponse
from service.schemas.drafts import MAX_DRAFT, VerifyResponse
from service.schemas.paragraphs import MAX_COUNT, ParagraphsResponse
from service.schemas.questions import MAX_QUESTION, MAX_TOP_K, AskRequest, not_empty
from service.state import State

INSTRUCTIONS = (
    "fiqra answers Arabic and English questions about reports whose paragraphs are numbered, with verbatim quotations. "
    "Use `ask` for an answer that is proved, or `search` and then `fetch` to read paragraphs yourself. Quote word for "
    "word, put the paragraph's number after each statement, such as [21(k)], link its url, and run `verify` on your "
    "draft before you show it. Where `answered` is false the report does not say it: say so, and cite nothing. A text "
    "that is not `official` and has `translated_from` is an unofficial rendering: say so where you quote it."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
LINKS = ("url", "next")
PARAGRAPHS = 20  # a call: an agent reads them all, and the SDK writes them twice while nobody else is answered
_Ctx = Context[Any, Any]
T = TypeVar("T", bound=BaseModel)

Words = Annotated[str, Field(max_length=MAX_QUESTION), AfterValidator(not_empty)]
Lang = Annotated[
    Literal["ar", "en"] | None, Field(description="`ar` or `en`; detected, or the report's first, if left out.")
]
ReportId = Annotated[str | None, Field(max_length=200, description="A report's id; may be left out.")]


def build_server(state: State) -> MCPServer[Any]:
    """A server whose tools ask this state, through its work queue."""
    with _root_logger_kept():
        server: MCPServer[Any] = MCPServer(
            "fiqra",
            title="fiqra · فقرة",
            version=examples.VERSION,
            instructions=INSTRUCTIONS,
            subscriptions=False,
        )
    _add_asking(server, state)
    _add_reading(server, state)
    return server


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """The SDK's constructor takes the root logger over; what the service logs is the service's affair."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """Fiqra's own errors, as an agent reads them."""
    try:
        yield
    except FiqraError as error:
        raise ToolError(str(error)) from error


def _origin(state: State, ctx: _Ctx) -> str:
    request = ctx.request_context.request
    found = origin(request) if isinstance(request, Request) else ""
    return found or public_origin(state.settings)


def absolute(answer: T, before: str) -> T:
    """The same with `before` put in front of each link that is a path, however deep.

    >>> absolute(paragraph_out(report, Ref(9), "en"), "https://fiqra.example").url
    'https://fiqra.example/p/kyoto-2021-workshop-4/9?lang=en&v=ce9f15ea'
    """

    def linked(value: object) -> object:
        if isinstance(value, BaseModel):
            return absolute(value, before)
        return tuple(map(linked, value)) if isinstance(value, tuple) else value

    updates = {
        name: before + value if name in LINKS and isinstance(value, str) and value.startswith("/") else linked(value)
        for name, value in answer
    }
    return answer.model_copy(update=updates)


def _add_asking(server: MCPServer[Any], state: State) -> None:
    @server.tool(title="Ask the report", annotations=_READ_ONLY)
    async def ask(
        ctx: _Ctx,
        question: Annotated[Words, Field(description="In Arabic or English.")],
        language: Lang = None,
        report: ReportId = None,
        top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many passages to return.")] = 3,
    ) -> AskResponse:
        """Answer a question with statements that each cite a paragraph and quote it word for word.

        `answered: false` means that the report does not answer it; then nothing is cited.
        """
        async with _told():
            request = AskRequest(question=question, language=language, report=report, top_k=top_k)
            return absolute(await whole_answer(state, request), _origin(state, ctx))

    @server.tool(title="Search paragraphs", annotations=_READ_ONLY)
    async def search(
        ctx: _Ctx,
        query: Annotated[Words, Field(description="Words or a question.")],
        language: Lang = None,
        report: ReportId = None,
        k: Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many.")] = 5,
    ) -> SearchResults:
        """Find the paragraphs nearest to a query, best first, in Arabic or English. Read one whole with `fetch`."""
        async with _told():
            engine = state.ready_engine()
            found = await state.work_queue.run(lambda: search_passages(engine, query, language, report, k))
            reports, before = engine.contents.by_id, _origin(state, ctx)
            places = ((NamedParagraph(reports[p.report], parse_ref(p.ref), p.language), p) for p in found.passages)
            return SearchResults(
                results=tuple(
                    FoundParagraph(
                        id=write_id(place.report, place.ref, p.language),
                        title=cite(place.report, place.rendering, place.ref),
                        url=before + p.url,
                        text=p.text,
                    )
                    for place, p in places
                )
            )

    @server.tool(title="Check a draft", annotations=_READ_ONLY)
    async def verify(
        ctx: _Ctx,
        text: Annotated[str, Field(min_length=1, max_length=MAX_DRAFT, description="Plain text or Markdown.")],
        report: ReportId = None,
    ) -> VerifyResponse:
        """Check every citation and quotation of a draft against the report, word by word.

        `ok` is true where all are supported; otherwise `results` holds the paragraph's true words and the difference.
        """
        async with _told():
            engine = state.ready_engine()
            documents = engine.documents
            chosen = choose_report(documents.by_id, report) if report or not documents.several else None
            checked = await state.work_queue.run(lambda: verify_draft(chosen, text, engine.name, documents=documents))
            return absolute(checked, _origin(state, ctx))


def _add_reading(server: MCPServer[Any], state: State) -> None:
    @server.tool(title="Read a paragraph found", annotations=_READ_ONLY)
    async def fetch(
        ctx: _Ctx,
        id: Annotated[str, Field(min_length=1, max_length=500, description="An `id` of `search`.")],  # noqa: A002 - connectors call it so
    ) -> Document:
        """Read one paragraph word for word, by the id that `search` gave."""
        async with _told():
            documents, before = state.ready_engine().documents, _origin(state, ctx)
            return await state.reading.run(lambda: _document(read_id(id, documents), before))

    @server.tool(title="Look paragraphs up by number", annotations=_READ_ONLY)
    async def get_paragraph(
        ctx: _Ctx,
        ref: Annotated[str, Field(min_length=1, max_length=200, description="21(k), الفقرة ٢١ (ك), 9-11, 9,12 …")],
        language: Lang = None,
        report: ReportId = None,
        offset: Annotated[int, Field(ge=0, le=MAX_COUNT, description="How many to leave out at the beginning.")] = 0,
    ) -> ParagraphsResponse:
        """Look paragraphs up by any way people write their number: a reference, a range or a list.

        Up to 20 a call; where `next` is not null more follow, and it shows the `offset` to go on with.
        """
        async with _told():
            documents, before = state.ready_engine().documents, _origin(state, ctx)
            return await state.reading.run(lambda: _looked_up(documents, report, ref, language, offset, before))

    @server.resource("fiqra://{report}/{ref}", title="A paragraph", mime_type="text/markdown")
    async def paragraph(report: str, ref: str, ctx: _Ctx) -> str:
        """A paragraph by number, with its citation and its link, in the report's first language."""
        before = _origin(state, ctx)
        try:
            documents = state.ready_engine().documents
            return await state.reading.run(lambda: _markdown(read_id(f"{report}/{ref}", documents), before))
        except FiqraError as error:
            raise ResourceNotFoundError(str(error)) from error

    @server.prompt(title="Answer with citations")
    def cite_paragraphs(question: str) -> str:
        """Answer a question from the report, each statement quoted and cited, and the draft checked."""
        return _PROMPT.format(question=question)


_PROMPT = """Answer this from the reports that fiqra holds, in the language of the question:

{question}

1. Call `ask` with the question. If `answered` is false, say that the report does not answer it, name the nearest
   paragraphs from `passages`, and stop. Cite nothing as an answer.
2. If you need more context, call `search`, then `fetch` on the ids that help. Read before you quote.
3. Write short statements. Quote word for word, inside quotation marks, and put the paragraph's number after each
   statement, such as [21(k)]. Say which texts are unofficial renderings.
4. Call `verify` with your draft. Mend whatever is not `supported` with the words of `true_text`, and verify again.
5. Under the answer, list each paragraph cited with its url.
"""


def _looked_up(  # noqa: PLR0913, PLR0917 - each is a parameter of the tool
    documents: Documents,
    report_id: str | None,
    reference: str,
    language: Language | None,
    offset: int,
    before: str,
) -> ParagraphsResponse:
    report, refs = look_up(documents, report_id, reference)
    end = offset + PARAGRAPHS
    found = ParagraphsResponse(
        paragraphs=tuple(paragraph_out(report, ref, language) for ref in refs[offset:end]),
        next=following_path(report, reference, end, lang=language, limit=PARAGRAPHS) if end < len(refs) else None,
    )
    return absolute(found, before)


def _markdown(place: NamedParagraph, before: str) -> str:
    return as_markdown(place.report, place.rendering, place.ref, before)


def _document(place: NamedParagraph, before: str) -> Document:
    rendering, ref = place.rendering, place.ref
    paragraph = rendering.by_ref[ref]
    above, children = lead_in(rendering, ref), place.report.children(ref)
    metadata = {
        "report": place.report.id,
        "ref": str(ref),
        "label": rendering.label(ref),
        "language": rendering.language,
        "official": "true" if rendering.official else "false",
        "heading": " / ".join(paragraph.heading),
        "text_sha256": paragraph.text_sha256,
    }
    if rendering.translated_from:
        metadata["translated_from"] = rendering.translated_from
    if above:
        metadata["lead_in"] = above
    if children:
        metadata["children"] = ", ".join(write_id(place.report, child, rendering.language) for child in children)
    return Document(
        id=write_id(place.report, ref, rendering.language),
        title=cite(place.report, rendering, ref),
        text=paragraph.text,
        url=before + permalink(place.report, paragraph, rendering.language),
        metadata=metadata,
    )
