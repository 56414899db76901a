"""An error as a page: what was wrong, and links to what is there. The caller's input is not repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from corpus.errors import FiqraError, IndexRefused, UnknownParagraph, UnknownReport, UnreadableReference
from corpus.records import LANGUAGES, Language, Report
from corpus.refs import parse_ref
from service.http import problems
from service.pages import negotiate
from service.pages.front import FORMS, Link
from service.pages.site import Page, Site
from service.pages.views import Words, reading_path
from service.pages.wording import WORDING, Wording, name_of
from service.paragraphs.citing import title_of
from service.paragraphs.lookup import permalink


@dataclass(frozen=True, slots=True)
class Said:
    """An error in the words of another page than those that everybody reads: its status, its title, and why."""

    status: int
    title: str
    why: Words


def respond(
    site: Site, reports: Mapping[str, Report], request: Request, error: Exception, said: Said | None = None
) -> Response:
    """The page for an error of a page's address; one for whoever operates the service says why, too."""
    status = said.status if said else _status(error)
    language = language_of(request)
    words = WORDING[language]
    named = request.path_params.get("report_id") or request.query_params.get("report")
    report = reports.get(str(named)) or (next(iter(reports.values())) if len(reports) == 1 else None)
    title = said.title if said else words.error_titles.get(status, words.error_other)
    page = Page(language, f"{title} – fiqra", title, "", indexed=False, report_id=report.id if report else "")
    response = site.respond(
        "error.html",
        page,
        status,
        code=status,
        heading=title,
        nearest=_nearest(report, language, error),
        forms=FORMS if isinstance(error, UnreadableReference) else (),
        reports=_read(reports, language) if isinstance(error, UnknownReport) else (),
        said=said.why if said else Words(language, _said(error, words)),
    )
    if status == 503:
        response.headers["retry-after"] = str(problems.RETRY_AFTER_S)
    return response


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return problems.status_of(error) if isinstance(error, FiqraError) else 422


def _said(error: Exception, words: Wording) -> str:
    """What is wrong, where nothing better can be named than that."""
    if isinstance(error, HTTPException):
        return words.nothing_here if error.status_code == 404 else ""
    if isinstance(error, RequestValidationError):
        too_long = any(
            each["type"] == "string_too_long" and each["loc"][-1] in {"q", "after"} for each in error.errors()
        )
        return words.too_long if too_long else words.bad_address
    return words.no_index if isinstance(error, IndexRefused) else ""


def language_of(request: Request) -> Language:
    """The language asked for, or else the preferred one."""
    asked = request.query_params.get("lang")
    accepted = negotiate.best_language(request.headers.get("accept-language", ""), ("en", "ar"))
    return next((language for language in LANGUAGES if language == asked), accepted)


def _nearest(report: Report | None, language: Language, error: Exception) -> tuple[Link, ...]:
    if report is None or not isinstance(error, UnknownParagraph):
        return ()
    own = report.rendering(language)
    refs = map(parse_ref, error.nearest)
    return tuple(
        Link(Words(own.language, name_of(own, ref)), permalink(report, own.by_ref[ref], own.language)) for ref in refs
    )


def _read(reports: Mapping[str, Report], language: Language) -> tuple[Link, ...]:
    rendered = [(report, report.rendering(language).language) for report in reports.values()]
    return tuple(Link(Words(own, title_of(report, own)), reading_path(report, own)) for report, own in rendered)
