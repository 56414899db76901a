"""The addresses of the original: a paragraph on its printed page, pages as pictures, and the document itself."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from corpus.records import Language, Rendering, Report, Span
from corpus.refs import Ref
from service.answering.asking import unless_left
from service.http.problems import CALLER_LEFT
from service.originals.kept import NoOriginal, Originals
from service.originals.pictures import Pictures
from service.originals.shown import figures
from service.originals.wording import ORIGINALS
from service.pages import negotiate
from service.pages.marked import quoted_span
from service.pages.reading_pages import shortened
from service.pages.routes import Lang, PageRoute, loaded_reports, read_apart
from service.pages.site import Page, site_of
from service.pages.views import quoted_part, reading_path
from service.pages.wording import name_of
from service.paragraphs.citing import title_of
from service.paragraphs.links import origin
from service.paragraphs.lookup import choose_report, find_one, permalink
from service.paragraphs.original import bare_path, document_path, is_version, original_path

_FOR_EVER, _A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

originals = APIRouter(route_class=PageRoute, include_in_schema=False)


@originals.api_route("/original/{report_id}/{reference:path}", methods=["GET", "HEAD"])
async def in_original(request: Request, report_id: str, reference: str, lang: Lang = None) -> Response:
    """A paragraph where it is printed, in boxes; `start` and `end` are the words of it that are quoted."""
    report = choose_report(loaded_reports(request), report_id)
    return await read_apart(request, lambda: _page(request, report, reference, lang))


def _page(request: Request, report: Report, reference: str, lang: Language | None) -> Response:
    ref = find_one(report, reference.strip("/"))
    own = report.rendering(lang or negotiate.preferred(request, report.languages))
    kept: Originals = request.app.state.originals
    printed = kept.printed(report, own, ref)
    if reference != str(ref):
        query = request.scope["query_string"].decode("latin-1")
        return RedirectResponse(f"{bare_path(report, ref)}{f'?{query}' if query else ''}", 308)
    text = own.by_ref[ref].text
    quoted = quoted_span(text, request.query_params.get("start"), request.query_params.get("end"))
    span = quoted or Span(0, len(text))
    title = ORIGINALS[own.language].title.format(name=name_of(own, ref))
    others = {r.language: path for r in report.renderings if (path := original_path(report, r, ref))}
    return site_of(request).respond(
        "original.html",
        Page(
            language=own.language,
            title=f"{title} – {title_of(report, own.language)}",
            description=shortened(text[span.start : span.end]),
            origin=origin(request),
            alternates=others,
            any_language=bare_path(report, ref),
            report_id=report.id,
            indexed=False,
        ),
        said=ORIGINALS[own.language],
        heading=title,
        own=own,
        report_title=title_of(report, own.language),
        report_path=reading_path(report, own.language),
        trail=own.by_ref[ref].heading,
        quote=text[span.start : span.end],
        short=shortened(text[span.start : span.end]),
        figures=tuple(figures(report, own, ref, printed, span)) if printed else (),
        document=document_path(report, own),
        back=_back(report, own, ref, quoted),
    )


def _back(report: Report, own: Rendering, ref: Ref, quoted: Span | None) -> str:
    marking = quoted_part({own.language: quoted}, own) if quoted else ""
    return permalink(report, own.by_ref[ref], own.language) + marking


@originals.api_route("/pictures/{report_id}/{language}/{page}", methods=["GET", "HEAD"])
async def picture(request: Request, report_id: str, language: Language, page: int, v: str = "") -> Response:
    """A page of the document, without what people laid over it."""
    report = choose_report(loaded_reports(request), report_id)
    own = _in(report, language)
    if own.original is None or not 1 <= page <= own.original.pages:
        raise NoOriginal(f"there is no such page of {report.id} to look at")
    kept: Originals = request.app.state.originals
    pictures: Pictures = request.app.state.pictures
    document = (await to_thread.run_sync(kept.of, report, own)).document
    png = await unless_left(request, pictures.get(document, page))
    if png is None:
        return Response(status_code=CALLER_LEFT)
    headers = {"cache-control": _FOR_EVER if is_version(own, v) else _A_MINUTE}
    return Response(png, media_type="image/png", headers=headers)


@originals.api_route("/documents/{report_id}/{language}", methods=["GET", "HEAD"])
async def document(request: Request, report_id: str, language: Language) -> Response:
    """The document that a language was read from, where readers may have it; to be kept, and never shown in place."""
    report = choose_report(loaded_reports(request), report_id)
    own = _in(report, language)
    if not document_path(report, own):
        raise NoOriginal(f"the document that {report.id} was read from is not offered here")
    kept: Originals = request.app.state.originals
    path = (await to_thread.run_sync(kept.of, report, own)).document
    return FileResponse(
        path,
        media_type=_MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        filename=own.source_name,
        headers={"cache-control": _A_MINUTE},
    )


def _in(report: Report, language: Language) -> Rendering:
    """The rendering in exactly that language. Raises NoOriginal."""
    own = report.rendering(language)
    if own.language != language:
        raise NoOriginal(f"{report.id} has no text in that language")
    return own
