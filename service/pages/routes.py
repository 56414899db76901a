"""The addresses of the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from corpus.errors import FiqraError, IndexRefused, UnreadableReference, WhichReport
from corpus.records import LANGUAGES, Language, Report
from corpus.refs import RefRange
from corpus.text import clean
from index.contents import IndexContents
from service.answering.asking import unless_left, whole_answer
from service.http.problems import CALLER_LEFT
from service.pages import api_reference, asking, error_page, front, negotiate, parts, views
from service.pages.asking import Asked
from service.pages.oembed import embed
from service.pages.places import MOST_PLACES, MOST_WORDS, Sought, seek
from service.pages.reading_pages import one_paragraph, shortened, whole_report
from service.pages.site import DEMO_POLICY, Page, site_of
from service.pages.wording import WORDING
from service.paragraphs.documents import Documents
from service.paragraphs.links import below, origin, shared_by
from service.paragraphs.lookup import (
    choose_report,
    permalink,
    read_reference,
    resolve,
)
from service.state import State

Lang = Annotated[Language | None, Query()]
PartNumber = Annotated[int, Query(ge=1)]
MOST_LISTED = 200
MOST_CHOICES = 50  # of a menu; of more reports the name is written, or asked for with the paragraph


class PageRoute(APIRoute):
    """A route whose errors are pages too, for those who like HTML better than JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, with its errors caught."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return _below(request, await handler(request))
            except (FiqraError, RequestValidationError) as error:
                if not negotiate.prefers_html(request.headers.get("accept", "")):
                    raise
                return error_page.respond(site_of(request), _loaded(request), request, error)

        return handle


def _below(request: Request, response: Response) -> Response:
    """The response; a redirect leads below the path that the service is published below."""
    location = response.headers.get("location", "")
    if location.startswith("/"):
        state: State = request.app.state.fiqra
        response.headers["location"] = below(state.settings) + location
    return response


pages = APIRouter(route_class=PageRoute, include_in_schema=False)


def _contents(request: Request) -> IndexContents:
    """What is loaded. Raises IndexMissing as long as nothing is."""
    state: State = request.app.state.fiqra
    return state.ready_engine().contents


def _documents(request: Request) -> Documents:
    """The reports by what people call them. Raises IndexMissing as long as nothing is loaded."""
    state: State = request.app.state.fiqra
    return state.ready_engine().documents


def loaded_reports(request: Request) -> dict[str, Report]:
    """The reports by their id. Raises IndexMissing as long as nothing is loaded."""
    return _contents(request).by_id


def _loaded(request: Request) -> Mapping[str, Report]:
    try:
        return loaded_reports(request)
    except IndexRefused:
        return {}


def _choices(request: Request, language: Language) -> tuple[tuple[str, str], ...]:
    """The reports that a menu offers: none where there is one, or more than a menu can hold."""
    state: State = request.app.state.fiqra
    if state.engine is None or not 1 < len(state.engine.documents.reports) <= MOST_CHOICES:
        return ()
    documents = state.engine.documents
    return tuple((report.id, documents.label(report, language)) for report in documents.reports)


async def read_apart(request: Request, make: Callable[[], Response]) -> Response:
    """Make a page in a thread, through the work queue `State.reading`: it would hold up the event loop."""
    state: State = request.app.state.fiqra
    return await state.reading.run(make)


@pages.api_route("/", methods=["GET", "HEAD"])
async def front_page(request: Request, asked: Asked, lang: Lang = None) -> Response:
    """What is loaded, and a place to ask."""
    reports = tuple(loaded_reports(request).values())
    language = lang or negotiate.preferred(request, reports[0].languages if reports else LANGUAGES)
    words = WORDING[language]
    page = Page(
        language=language,
        title=f"fiqra · فقرة – {words.tagline}",
        description=words.tagline,
        origin=origin(request),
        alternates={other: f"/?lang={other}" for other in LANGUAGES},
        any_language="/",
        turned={other: f"/?{urlencode([('lang', other), *asked.kept])}" for other in LANGUAGES},
        choices=_choices(request, language),
        chosen=choose_report(loaded_reports(request), asked.report).id if asked.report else "",
        indexed=not asked.kept,
        asks=True,
    )
    state: State = request.app.state.fiqra
    answer = None
    if question := clean(asked.q):
        response = await unless_left(request, whole_answer(state, asked.request()))
        if response is None:
            return Response(status_code=CALLER_LEFT)
        answer = asking.answered(response, language)
        page = replace(page, title=f"{question} – fiqra", description=shortened(asking.first_words(response)))

    def make() -> Response:
        cards = tuple(front.card(each, language, several=len(reports) > 1) for each in reports)
        return site_of(request).respond(
            "front.html", page, cards=cards, forms=front.FORMS, answer=answer, asked=question or asked.begun(language)
        )

    return await read_apart(request, make)


@pages.api_route("/demo", methods=["GET", "HEAD"])
async def demo(request: Request, lang: Lang = None) -> Response:
    """The widget on a page that looks like somebody else's, under the policy that a careful site would set."""
    language = lang or negotiate.preferred(request, LANGUAGES)
    words = WORDING[language]
    page = Page(
        language=language,
        title=words.demo_title,
        description=words.demo_about,
        origin=origin(request),
        choices=_choices(request, language),
        asks=True,
    )
    return await read_apart(request, lambda: site_of(request).respond("demo.html", page, policy=DEMO_POLICY))


@pages.api_route("/reports", methods=["GET", "HEAD"])
async def list_of_reports(request: Request, lang: Lang = None) -> Response:
    """The reports that are loaded, each with its ways to read it."""
    reports = tuple(loaded_reports(request).values())
    language = lang or negotiate.preferred(request, LANGUAGES)
    words = WORDING[language]
    page = Page(
        language=language,
        title=f"{words.reports} – fiqra",
        description=words.tagline,
        origin=origin(request),
        alternates={other: f"/reports?lang={other}" for other in LANGUAGES},
        any_language="/reports",
        choices=_choices(request, language),
    )

    def make() -> Response:
        cards = tuple(front.card(each, language, several=len(reports) > 1) for each in reports[:MOST_LISTED])
        return site_of(request).respond("reports.html", page, cards=cards)

    return await read_apart(request, make)


@pages.api_route("/reports/{report_id}", methods=["GET", "HEAD"])
async def reading_page(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    request: Request,
    report_id: str,
    lang: Lang = None,
    part: PartNumber = 1,
    find: Annotated[str, Query(max_length=MOST_WORDS)] = "",
    quote: Annotated[tuple[str, ...], Query(max_length=MOST_PLACES)] = (),
    marked: Annotated[str, Query(max_length=MOST_WORDS)] = "",
) -> Response:
    """The whole report as people read it; of a long one, a part of it: the last one for a number beyond it.

    `find` are words, `quote` sentences, and `marked` paragraphs to mark.
    """
    report = choose_report(loaded_reports(request), report_id)
    contents = _contents(request)
    sought = Sought(clean(find), quote, clean(marked))
    part = min(part, parts.count_of(report))
    return await read_apart(request, lambda: whole_report(request, contents, report, lang, part, sought))


@pages.api_route("/p/{report_id}/{reference:path}", methods=["GET", "HEAD"])
async def paragraph_page(request: Request, report_id: str, reference: str, lang: Lang = None) -> Response:
    """One paragraph in its surroundings; other ways to write its number lead to the canonical one.

    `v`, `start` and `end` are not declared: whatever they hold, the paragraph is shown.
    """
    report = choose_report(loaded_reports(request), report_id)
    if not reference.strip("/"):
        return RedirectResponse(views.reading_path(report, lang))
    contents = _contents(request)
    return await read_apart(request, lambda: one_paragraph(request, contents, report, reference, lang))


@pages.get("/oembed")
async def oembed(
    request: Request,
    url: Annotated[str, Query(max_length=2_000)],
    maxwidth: int | None = None,
    format: Literal["json", "xml"] = "json",  # noqa: A002 - oEmbed's word
) -> Response:
    """What a permanent link unfolds to where it is pasted, as oEmbed has it."""
    if format == "xml":  # the one other that there is; 501 is what oEmbed asks for
        raise HTTPException(501, "oEmbed answers in JSON here; leave format out")
    reports = loaded_reports(request)

    def make() -> Response:
        found = embed(url, reports, origin(request), max(1, maxwidth) if maxwidth else None)
        state: State = request.app.state.fiqra
        headers = {"cache-control": f"{shared_by(state.settings)}, max-age=3600"}
        return Response(found.model_dump_json(), media_type="application/json", headers=headers)

    return await read_apart(request, make)


@pages.api_route("/find", methods=["GET", "HEAD"])
async def find(request: Request, ref: str = "", lang: Lang = None, report: str | None = None) -> Response:
    """Where the look-up form leads: to the paragraph, or to the first of several or of words on the reading page.

    A number alone, where several reports are loaded, leads to a page that asks which one is meant.
    """
    documents = _documents(request)
    return await read_apart(request, lambda: _found(request, documents, report or None, ref, lang))


def _found(
    request: Request, documents: Documents, report_id: str | None, reference: str, lang: Language | None
) -> Response:
    try:
        found, targets = read_reference(documents, report_id, reference, lang)
    except WhichReport as which:
        liked = negotiate.best_type(request.headers.get("accept", ""), ("text/html", "application/json"))
        if not which.choices or liked != "text/html":
            raise
        return _which_page(request, which, lang or negotiate.preferred(request, LANGUAGES))
    except UnreadableReference:
        words = clean(reference)
        if not words or len(words) > MOST_WORDS or not negotiate.prefers_html(request.headers.get("accept", "")):
            raise
        return _words_found(request, report_id, words, lang)
    language = found.rendering(lang or negotiate.preferred(request, found.languages)).language
    refs = resolve(found, targets)
    if len(targets) == 1 and not isinstance(targets[0], RefRange):
        return RedirectResponse(permalink(found, found.rendering(language).by_ref[refs[0]], language), 303)
    sought = Sought(refs=",".join(map(str, targets)))
    return RedirectResponse(views.place_path(found, refs[0], language, sought.query), 303)


def _words_found(request: Request, report_id: str | None, words: str, lang: Language | None) -> Response:
    """Where the look-up form leads for words that are no reference: to the first place that has them, in the report.

    Of several reports, to a page that names those that have them.
    """
    contents, documents = _contents(request), _documents(request)
    sought = Sought(words)
    if report_id is None and documents.several:
        language = lang or negotiate.preferred(request, LANGUAGES)
        having = [each for each in documents.reports[:MOST_CHOICES] if seek(contents, each, language, sought).jumps]
        links = [
            front.Link(
                views.Words(language, documents.label(each, language)),
                views.reading_path(each, language, 1, sought.query),
            )
            for each in having
        ]
        title = WORDING[language].which_title if links else WORDING[language].found_nothing.format(words=words)
        page = Page(language, title, title, origin(request), choices=_choices(request, language), indexed=False)
        about = WORDING[language].which_words if links else ""
        return site_of(request).respond("which.html", page, links=links, title=title, about=about)
    report = choose_report(documents.by_id, report_id)
    language = report.rendering(lang or negotiate.preferred(request, report.languages)).language
    jumps = seek(contents, report, language, sought).jumps
    part = parts.part_of(report, jumps[0].ref) if jumps else 1
    path = views.reading_path(report, language, part, sought.query)
    return RedirectResponse(f"{path}#{jumps[0].anchor}" if jumps else path, 303)


def _which_page(request: Request, which: WhichReport, language: Language) -> Response:
    title = WORDING[language].which_title
    page = Page(language, title, title, origin(request), choices=_choices(request, language), indexed=False)
    links = [front.Link(views.Words(language, label), path) for _, label, path in which.choices]
    return site_of(request).respond("which.html", page, links=links, title=title, about=WORDING[language].which_about)


@pages.api_route("/docs", methods=["GET", "HEAD"])
async def docs(request: Request, lang: Lang = None) -> Response:
    """The API reference."""
    language = lang or negotiate.preferred(request, ("en", "ar"))
    words = WORDING[language]
    page = Page(
        language=language,
        title=f"{words.api_title} – fiqra",
        description=words.api_about,
        origin=origin(request),
        alternates={other: f"/docs?lang={other}" for other in LANGUAGES},
        any_language="/docs",
        choices=_choices(request, language),
    )
    api: api_reference.Described = request.app.state.api
    return await read_apart(request, lambda: site_of(request).respond("reference.html", page, reference=api.reference))


@pages.api_route("/openapi.json", methods=["GET", "HEAD"])
async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    api: api_reference.Described = request.app.state.api
    return await read_apart(request, lambda: Response(api.document, media_type="application/json"))


@pages.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
async def static(request: Request, digest: str, name: str) -> Response:
    """A static file; an address of other content is unknown."""
    asset = site_of(request).asset(f"/static/{digest}/{name}")
    if asset is None:
        raise HTTPException(404)
    return asset.response()


def install_not_found(app: FastAPI) -> None:
    """Let a browser see a page where there is nothing; programs, and the calls below `/v1`, keep their documents."""
    in_documents = cast("Callable[[Request, Exception], Awaitable[Response]]", app.exception_handlers[HTTPException])

    async def in_a_page(request: Request, error: Exception) -> Response:
        is_call = request.url.path.removeprefix(request.scope.get("root_path", "")).startswith("/v1/")
        if is_call or request.method != "GET" or not negotiate.prefers_html(request.headers.get("accept", "")):
            return await in_documents(request, error)
        return error_page.respond(site_of(request), _loaded(request), request, error)

    app.add_exception_handler(HTTPException, in_a_page)
