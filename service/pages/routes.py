"""The addresses of the pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from corpus.errors import FiqraError, IndexRefused, WhichReport
from corpus.records import LANGUAGES, Language, Paragraph, Report
from corpus.refs import FRONT, Ref, RefRange
from corpus.text import clean
from service.answering.asking import unless_left, whole_answer
from service.http.problems import CALLER_LEFT
from service.pages import api_reference, error_page, front, negotiate, parts, views
from service.pages.marked import quoted_span
from service.pages.oembed import embed
from service.pages.site import DEMO_POLICY, Page, Site
from service.pages.wording import WORDING, name_of
from service.paragraphs.citing import title_of
from service.paragraphs.documents import Documents
from service.paragraphs.formats import MEDIA_TYPES
from service.paragraphs.links import below, origin, shared_by
from service.paragraphs.lookup import (
    choose_report,
    find_one,
    paragraph_path,
    permalink,
    read_reference,
    resolve,
)
from service.schemas import MAX_QUESTION, AskRequest
from service.state import State

Lang = Annotated[Language | None, Query()]
PartNumber = Annotated[int, Query(ge=1)]
AskedHere = Annotated[str, Query(max_length=MAX_QUESTION)]
_DESCRIPTION_LENGTH = 200
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
                return error_page.respond(_site(request), _loaded(request), request, error)

        return handle


def _below(request: Request, response: Response) -> Response:
    """The response; a redirect leads below the path that the service is published below."""
    location = response.headers.get("location", "")
    if location.startswith("/"):
        state: State = request.app.state.fiqra
        response.headers["location"] = below(state.settings) + location
    return response


pages = APIRouter(route_class=PageRoute, include_in_schema=False)


def _site(request: Request) -> Site:
    site: Site = request.app.state.pages
    return site


def _reports(request: Request) -> dict[str, Report]:
    """The reports by their id. Raises IndexMissing as long as nothing is loaded."""
    state: State = request.app.state.fiqra
    return state.ready_engine().contents.by_id


def _loaded(request: Request) -> Mapping[str, Report]:
    try:
        return _reports(request)
    except IndexRefused:
        return {}


def _choices(request: Request, language: Language) -> tuple[tuple[str, str], ...]:
    """The reports that a menu offers: none where there is one, or more than a menu can hold."""
    state: State = request.app.state.fiqra
    if state.engine is None or not 1 < len(state.engine.documents.reports) <= MOST_CHOICES:
        return ()
    documents = state.engine.documents
    return tuple((report.id, documents.label(report, language)) for report in documents.reports)


def _preferred(request: Request, offered: tuple[Language, ...]) -> Language:
    return negotiate.best_language(request.headers.get("accept-language", ""), offered)


def _lacks(report: Report, lang: Language | None) -> Language | None:
    """The language that was asked for, where the report lacks it."""
    return lang if lang and lang not in report.languages else None


async def _read(request: Request, make: Callable[[], Response]) -> Response:
    """Make a page in a thread, through the work queue `State.reading`: it would hold up the event loop."""
    state: State = request.app.state.fiqra
    return await state.reading.run(make)


@pages.api_route("/", methods=["GET", "HEAD"])
async def front_page(request: Request, lang: Lang = None, q: AskedHere = "", report: str = "") -> Response:
    """What is loaded, and a place to ask. `q` is a question to answer, for those whose browser runs no script.

    `report` is whom to ask, all of them where it is left out.
    """
    reports = tuple(_reports(request).values())
    language = lang or _preferred(request, reports[0].languages if reports else LANGUAGES)
    words = WORDING[language]
    page = Page(
        language=language,
        title=f"fiqra · فقرة – {words.tagline}",
        description=words.tagline,
        origin=origin(request),
        alternates={other: f"/?lang={other}" for other in LANGUAGES},
        any_language="/",
        choices=_choices(request, language),
        chosen=choose_report(_reports(request), report).id if report else "",
        indexed=not q,
    )
    state: State = request.app.state.fiqra
    answer = None
    if clean(q):
        response = await unless_left(request, whole_answer(state, AskRequest(question=q, report=report or None)))
        if response is None:
            return Response(status_code=CALLER_LEFT)
        answer = front.answered(response, language)

    def make() -> Response:
        cards = tuple(front.card(each, language, several=len(reports) > 1) for each in reports)
        return _site(request).respond("front.html", page, cards=cards, forms=front.FORMS, answer=answer, asked=clean(q))

    return await _read(request, make)


@pages.api_route("/demo", methods=["GET", "HEAD"])
async def demo(request: Request, lang: Lang = None) -> Response:
    """The widget on a page that looks like somebody else's, under the policy that a careful site would set."""
    language = lang or _preferred(request, LANGUAGES)
    words = WORDING[language]
    page = Page(
        language=language,
        title=words.demo_title,
        description=words.demo_about,
        origin=origin(request),
        choices=_choices(request, language),
    )
    return await _read(request, lambda: _site(request).respond("demo.html", page, policy=DEMO_POLICY))


@pages.api_route("/reports/{report_id}", methods=["GET", "HEAD"])
async def reading_page(request: Request, report_id: str, lang: Lang = None, part: PartNumber = 1) -> Response:
    """The whole report as people read it; of a long one, a part of it: the last one for a number beyond it."""
    report = choose_report(_reports(request), report_id)
    return await _read(request, lambda: _reading_page(request, report, lang, min(part, parts.count_of(report))))


def _reading_page(request: Request, report: Report, lang: Language | None, part: int) -> Response:
    language = report.rendering(lang or _preferred(request, report.languages)).language
    own = report.rendering(language)
    refs = parts.refs_of(report, part)
    page = Page(
        language=language,
        title=title_of(report, language),
        description=own.title("subject") or own.paragraphs[0].text[:_DESCRIPTION_LENGTH],
        origin=origin(request),
        alternates={other: views.reading_path(report, other, part) for other in report.languages},
        any_language=views.reading_path(report, part=part),
        report_id=report.id,
        kind="article",
    )
    rows = tuple(views.reading_rows(report, refs, language, page.origin))
    several = parts.count_of(report) > 1
    return _site(request).respond(
        "report.html",
        page,
        own=own,
        source=views.source_of(report, own),
        others=views.other_renderings(report, language),
        lacks=_lacks(report, lang),
        title_rows=views.title_rows(report, language),
        front=views.entry_of(report, FRONT, language, page.origin) if FRONT in report.citable else None,
        rows=rows,
        headings=tuple(row for row in rows if isinstance(row, views.HeadingRow)),
        corrections=views.corrections(report, language, (*views.lineage(refs[0]), *refs)),
        names=views.names(report, language, refs),
        mended_base="",
        parts=tuple(
            (each, views.reading_path(report, language, each.number)) for each in parts.parts_of(report, language)
        ),
        part=part,
        elsewhere=parts.elsewhere(report, language) if several and part == 1 else None,
    )


@pages.api_route("/p/{report_id}/{reference:path}", methods=["GET", "HEAD"])
async def paragraph_page(request: Request, report_id: str, reference: str, lang: Lang = None) -> Response:
    """One paragraph in its surroundings; other ways to write its number lead to the canonical one.

    `v`, `start` and `end` are not declared: whatever they hold, the paragraph is shown.
    """
    report = choose_report(_reports(request), report_id)
    if not reference.strip("/"):
        return RedirectResponse(views.reading_path(report, lang))
    return await _read(request, lambda: _paragraph_page(request, report, reference, lang))


def _paragraph_page(request: Request, report: Report, reference: str, lang: Language | None) -> Response:
    ref = find_one(report, reference.strip("/"))
    if reference != str(ref):
        query = request.scope["query_string"].decode("latin-1")
        return RedirectResponse(paragraph_path(report, ref) + (f"?{query}" if query else ""), 308)
    v = request.query_params.get("v", "")
    language = _language_of_link(request, report, ref, lang, v)
    if (data := _data_path(request, report, ref, language)) is not None:
        return RedirectResponse(data, 303, {"vary": "Accept-Language, Accept"})
    own = report.rendering(language)
    paragraph = own.by_ref[ref]
    changed = bool(v) and not _is_version(paragraph, v)
    quoted = quoted_span(paragraph.text, request.query_params.get("start"), request.query_params.get("end"))
    page = _paragraph_frame(request, report, ref, language)
    if quoted and not changed:
        page = replace(page, description=_shortened(paragraph.text[quoted.start : quoted.end]))
    before, after = report.neighbours(ref)
    return _site(request).respond(
        "paragraph.html",
        page,
        oembed=f"{page.origin}/oembed?{urlencode({'url': f'{page.origin}{request.url.path}?{request.url.query}'})}",
        own=own,
        source=views.source_of(report, own),
        others=views.other_renderings(report, language),
        lacks=_lacks(report, lang),
        changed=changed,
        quote_lost=changed and quoted is not None,
        report_title=title_of(report, language),
        report_path=views.reading_path(report, language),
        in_report=views.place_path(report, ref, language),
        heading=paragraph.heading,
        name=name_of(ref, language),
        around=views.surroundings(report, ref, language, page.origin, None if changed else quoted),
        previous=_neighbour(report, before, language),
        next=_neighbour(report, after, language),
        corrections=views.corrections(report, language, [ref]),
        names=views.names(report, language, [ref]),
        mended_base=views.reading_path(report, language, parts.part_of(report, ref)),
    )


def _data_path(request: Request, report: Report, ref: Ref, language: Language) -> str | None:
    """Where the paragraph is in the format that the caller likes better than a page, as a reference manager does.

    `Accept: application/x-bibtex` → `/v1/reports/kyoto-2021-workshop-4/paragraphs/9?lang=en&format=bibtex`
    """
    liked = negotiate.best_type(request.headers.get("accept", ""), ("text/html", *MEDIA_TYPES.values()))
    if liked == "text/html":
        return None
    chosen = next(name for name, media_type in MEDIA_TYPES.items() if media_type == liked)
    return f"/v1/reports/{report.id}/paragraphs/{ref}?{urlencode({'lang': language, 'format': chosen})}"


def _paragraph_frame(request: Request, report: Report, ref: Ref, language: Language) -> Page:
    return Page(
        language=language,
        title=f"{name_of(ref, language)} – {title_of(report, language)}",
        description=_shortened(report.rendering(language).by_ref[ref].text),
        origin=origin(request),
        alternates={other: paragraph_path(report, ref, other) for other in report.languages},
        any_language=paragraph_path(report, ref),
        report_id=report.id,
        kind="article",
    )


def _language_of_link(request: Request, report: Report, ref: Ref, lang: Language | None, v: str) -> Language:
    """The language asked for; else the one whose text the link was made from; else the preferred one."""
    if lang:
        return report.rendering(lang).language
    made_from = (rendering.language for rendering in report.renderings if _is_version(rendering.by_ref[ref], v))
    return next(made_from, None) or _preferred(request, report.languages)


def _is_version(paragraph: Paragraph, v: str) -> bool:
    return len(v) >= 8 and paragraph.text_sha256.startswith(v.lower())


def _neighbour(report: Report, ref: Ref | None, language: Language) -> tuple[str, str] | None:
    """The label and the permanent link of a neighbour."""
    if ref is None:
        return None
    return ref.local_label(language), permalink(report, report.rendering(language).by_ref[ref], language)


def _shortened(text: str) -> str:
    if len(text) <= _DESCRIPTION_LENGTH:
        return text
    return text[:_DESCRIPTION_LENGTH].rpartition(" ")[0] + "…"


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
    reports = _reports(request)

    def make() -> Response:
        found = embed(url, reports, origin(request), max(1, maxwidth) if maxwidth else None)
        state: State = request.app.state.fiqra
        headers = {"cache-control": f"{shared_by(state.settings)}, max-age=3600"}
        return Response(found.model_dump_json(), media_type="application/json", headers=headers)

    return await _read(request, make)


@pages.api_route("/find", methods=["GET", "HEAD"])
async def find(request: Request, ref: str = "", lang: Lang = None, report: str | None = None) -> Response:
    """Where the look-up form leads: to the paragraph, or to the first of several on the reading page.

    A number alone, where several reports are loaded, leads to a page that asks which one is meant.
    """
    state: State = request.app.state.fiqra
    documents = state.ready_engine().documents
    return await _read(request, lambda: _found(request, documents, report or None, ref, lang))


def _found(
    request: Request, documents: Documents, report_id: str | None, reference: str, lang: Language | None
) -> Response:
    try:
        found, targets = read_reference(documents, report_id, reference, lang)
    except WhichReport as which:
        liked = negotiate.best_type(request.headers.get("accept", ""), ("text/html", "application/json"))
        if not which.choices or liked != "text/html":
            raise
        return _which_page(request, which, lang or _preferred(request, LANGUAGES))
    language = found.rendering(lang or _preferred(request, found.languages)).language
    refs = resolve(found, targets)
    if len(targets) == 1 and not isinstance(targets[0], RefRange):
        return RedirectResponse(permalink(found, found.rendering(language).by_ref[refs[0]], language), 303)
    return RedirectResponse(views.place_path(found, refs[0], language), 303)


def _which_page(request: Request, which: WhichReport, language: Language) -> Response:
    title = WORDING[language].which_title
    page = Page(language, title, title, origin(request), choices=_choices(request, language), indexed=False)
    links = [front.Link(views.Words(language, label), path) for _, label, path in which.choices]
    return _site(request).respond("which.html", page, links=links)


@pages.api_route("/docs", methods=["GET", "HEAD"])
async def docs(request: Request, lang: Lang = None) -> Response:
    """The API reference."""
    language = lang or _preferred(request, ("en", "ar"))
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
    return await _read(request, lambda: _site(request).respond("reference.html", page, reference=api.reference))


@pages.api_route("/openapi.json", methods=["GET", "HEAD"])
async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    api: api_reference.Described = request.app.state.api
    return await _read(request, lambda: Response(api.document, media_type="application/json"))


@pages.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
async def static(request: Request, digest: str, name: str) -> Response:
    """A static file; an address of other content is unknown."""
    asset = _site(request).asset(f"/static/{digest}/{name}")
    if asset is None:
        raise HTTPException(404)
    return asset.response()
