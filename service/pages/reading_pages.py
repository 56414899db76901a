"""The two pages that show a report's words: the whole of it, or a part; and one paragraph in its surroundings."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from corpus.records import Language, Paragraph, Report
from corpus.refs import FRONT, Ref
from index.contents import IndexContents
from service.pages import negotiate, parts, views
from service.pages.marked import quoted_span
from service.pages.places import NOWHERE, Places, Sought, one_quote, quotes_in, seek
from service.pages.site import Page, site_of
from service.pages.wording import name_of
from service.paragraphs.citing import title_of
from service.paragraphs.formats import MEDIA_TYPES
from service.paragraphs.links import origin
from service.paragraphs.lookup import find_one, paragraph_path, permalink
from service.typeset.press import fits

_DESCRIPTION_LENGTH = 200


def whole_report(  # noqa: PLR0913, PLR0917 - what the address says
    request: Request, contents: IndexContents, report: Report, lang: Language | None, part: int, sought: Sought
) -> Response:
    """The report as people read it, or a part of it, with what is sought marked."""
    language = report.rendering(lang or negotiate.preferred(request, report.languages)).language
    own = report.rendering(language)
    refs = parts.refs_of(report, part)
    page = Page(
        language=language,
        title=title_of(report, language),
        description=own.title("subject") or own.paragraphs[0].text[:_DESCRIPTION_LENGTH],
        origin=origin(request),
        alternates={other: views.reading_path(report, other, part) for other in report.languages},
        any_language=views.reading_path(report, part=part),
        turned={
            other: views.reading_path(report, other, part, _turned(contents, report, language, other, sought).query)
            for other in report.languages
        },
        report_id=report.id,
        kind="article",
        indexed=not sought.query,
    )
    places = seek(contents, report, language, sought)
    rows = tuple(views.reading_rows(report, refs, language, page.origin, places))
    several = parts.count_of(report) > 1
    return site_of(request).respond(
        "report.html",
        page,
        own=own,
        source=views.source_of(report, own),
        others=views.other_renderings(report, language),
        lacks=_lacks(report, lang),
        documents=views.documents(report, language),
        as_pdf=fits(own),
        title_rows=views.title_rows(report, language),
        front=views.entry_of(report, FRONT, language, page.origin) if FRONT in report.citable else None,
        rows=rows,
        headings=tuple(row for row in rows if isinstance(row, views.HeadingRow)),
        corrections=views.corrections(report, language, (*views.lineage(refs[0]), *refs)),
        names=views.names(report, language, refs),
        mended_base="",
        parts=tuple(
            (each, views.reading_path(report, language, each.number, sought.query))
            for each in parts.parts_of(report, language)
        ),
        part=part,
        elsewhere=parts.elsewhere(report, language) if several and part == 1 else None,
        sought=sought,
        jumps=_jumps(report, language, sought, places),
        found_count=own.numbered(f"{len(places.jumps)}{'+' if places.cut_short else ''}"),
        unmarked=views.reading_path(report, language, part),
    )


def _jumps(report: Report, language: Language, sought: Sought, places: Places) -> tuple[tuple[str, str], ...]:
    """A label and an address for each paragraph that has a place: that of its first."""
    label = report.rendering(language).label
    first: dict[Ref, str] = {}
    for jump in places.jumps:
        first.setdefault(jump.ref, jump.anchor)
    return tuple(
        (label(ref), f"{views.reading_path(report, language, parts.part_of(report, ref), sought.query)}#{anchor}")
        for ref, anchor in first.items()
    )


def _turned(contents: IndexContents, report: Report, language: Language, other: Language, sought: Sought) -> Sought:
    """The same for a page in another language: what is quoted there says what was quoted here."""
    if language == other or not sought.quotes:
        return sought
    return replace(sought, quotes=quotes_in(contents, report, language, other, sought.quotes))


def one_paragraph(
    request: Request, contents: IndexContents, report: Report, reference: str, lang: Language | None
) -> Response:
    """One paragraph in its surroundings, with what the link quotes marked; or a redirect to its canonical address."""
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
    places = NOWHERE
    if quoted and not changed:
        places = one_quote(contents, report, ref, language, quoted)
        turned = {
            each.language: permalink(report, each.by_ref[ref], each.language) + views.quoted_part(places.quoted, each)
            for each in report.renderings
        }
        page = replace(page, description=shortened(paragraph.text[quoted.start : quoted.end]), turned=turned)
    before, after = report.neighbours(ref)
    return site_of(request).respond(
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
        name=name_of(own, ref),
        around=views.surroundings(report, ref, language, page.origin, places),
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
        title=f"{name_of(report.rendering(language), ref)} – {title_of(report, language)}",
        description=shortened(report.rendering(language).by_ref[ref].text),
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
    return next(made_from, None) or negotiate.preferred(request, report.languages)


def _is_version(paragraph: Paragraph, v: str) -> bool:
    return len(v) >= 8 and paragraph.text_sha256.startswith(v.lower())


def _neighbour(report: Report, ref: Ref | None, language: Language) -> tuple[str, str] | None:
    """The label and the permanent link of a neighbour."""
    if ref is None:
        return None
    rendering = report.rendering(language)
    return rendering.label(ref), permalink(report, rendering.by_ref[ref], language)


def shortened(text: str) -> str:
    """The beginning of a text, for the description of a page."""
    if len(text) <= _DESCRIPTION_LENGTH:
        return text
    return text[:_DESCRIPTION_LENGTH].rpartition(" ")[0] + "…"


def _lacks(report: Report, lang: Language | None) -> Language | None:
    """The language that was asked for, where the report lacks it."""
    return lang if lang and lang not in report.languages else None
