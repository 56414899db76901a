"""Who may come to the desk: whoever signed in with the admin token. Everybody else gets the page to sign in on.

Its pages are nobody else's to keep, frame or write forms for: each says `no-store`, loads nothing from elsewhere, and a
form that another page sent is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.responses import Response

from corpus.errors import FiqraError, IndexRefused
from corpus.records import LANGUAGES, Language, Report
from service.desk.sessions import Session, Sessions
from service.desk.sheets import Sheets
from service.desk.wording import DESK
from service.http import problems
from service.pages import error_page, negotiate
from service.pages.site import Page, Site
from service.pages.views import Words
from service.paragraphs.links import below, origin
from service.state import State

PATH = "/admin/reports"
SIGN_IN, SIGN_OUT = "/admin/sign-in", "/admin/sign-out"
COOKIE = "fiqra_desk"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_OWN = frozenset((None, "same-origin", "none"))  # what a browser says of a form of this page's; older ones say nothing
_WITHIN = re.compile(r"/admin/reports(?:/[\w.-]{1,80}){0,6}", re.ASCII)
OFF = "the desk is off here; the operator can set FIQRA_ADMIN_TOKEN"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk of one service holds."""

    state: State
    sessions: Sessions
    sheets: Sheets


class SignInNeeded(HTTPException):
    """Nobody is signed in, or not any more."""

    def __init__(self) -> None:
        super().__init__(401, "sign in at /admin/reports first", {"www-authenticate": 'Bearer realm="fiqra"'})


def desk_of(request: Request) -> Desk:
    """The desk of the app."""
    desk: Desk = request.app.state.desk
    return desk


def allowed(request: Request) -> None:
    """Raises HTTPException: 403 where the settings hold no token, or where another site sent the form."""
    if desk_of(request).state.settings.admin_token is None:
        raise HTTPException(403, OFF)
    if request.method == "POST" and request.headers.get("sec-fetch-site") not in _OWN:
        raise HTTPException(403, "a page of another site sent this; open /admin/reports and do it there")


async def signed_in(request: Request) -> Session:
    """The session of the caller. Raises SignInNeeded, and as `allowed` does."""
    allowed(request)
    session = desk_of(request).sessions.get(request.cookies.get(COOKIE, ""))
    if session is None:
        raise SignInNeeded
    return session


OnlySignedIn = Depends(signed_in)
SignedIn = Annotated[Session, OnlySignedIn]


def own_form(form: FormData, session: Session) -> FormData:
    """The form, if it is of a page of this session. Raises HTTPException."""
    if not session.is_own(form.get("form")):
        raise HTTPException(403, "this form is of an earlier sign-in; open the page again, and send it from there")
    return form


def place_within(given: str) -> str:
    """Where to go after signing in: a page of the desk, whatever was asked for.

    >>> place_within("/admin/reports/jobs/1f"), place_within("//example.org")
    ('/admin/reports/jobs/1f', '/admin/reports')
    """
    return given if _WITHIN.fullmatch(given) else PATH


class DeskRoute(APIRoute):
    """A route whose answers nobody keeps, and whose errors are pages for those who like HTML better than JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, with its errors caught."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await handler(request)
            except (FiqraError, RequestValidationError, HTTPException) as error:
                if not negotiate.prefers_html(request.headers.get("accept", "")):
                    raise
                response = _error(request, error)
            location = response.headers.get("location", "")
            if location.startswith("/"):
                response.headers["location"] = below(desk_of(request).state.settings) + location
            response.headers.setdefault("content-security-policy", POLICY)
            if response.headers.get("content-type") != "image/png":
                response.headers["cache-control"] = "no-store"
            return response

        return handle


def show(request: Request, template: str, page: Page, status: int = 200, **values: object) -> Response:
    """A page of the desk."""
    site: Site = request.app.state.pages
    return site.respond(template, page, status, POLICY, desk=DESK[page.language], PATH=PATH, **values)


def frame(request: Request, title: str, path: str, query: str = "") -> Page:
    """The frame of a page of the desk, in the language that is asked for or preferred."""
    language = error_page.language_of(request)
    return Page(
        language=language,
        title=f"{title} – fiqra",
        description=title,
        origin=origin(request),
        alternates={other: f"{path}?lang={other}{query}" for other in LANGUAGES},
        any_language=path,
        indexed=False,
    )


def sign_in_page(request: Request, *, wrong: bool = False, to: str = "") -> Response:
    """The page to sign in on."""
    words = DESK[error_page.language_of(request)]
    page = frame(request, words.sign_in, PATH)
    response = show(request, "sign_in.html", page, 401, wrong=wrong, to=to or request.url.path, sign_in=SIGN_IN)
    response.headers["www-authenticate"] = 'Bearer realm="fiqra"'  # a browser that knows no such scheme shows the page
    return response


def loaded(request: Request) -> Mapping[str, Report]:
    """The reports that are served."""
    try:
        return desk_of(request).state.ready_engine().contents.by_id
    except IndexRefused:
        return {}


def why_of(error: FiqraError, language: Language) -> Words:
    """What an error says, in that language if it has words for it, or else in English."""
    return Words("ar", error.detail_ar) if language == "ar" and error.detail_ar else Words("en", str(error))


def _error(request: Request, error: FiqraError | RequestValidationError | HTTPException) -> Response:
    if isinstance(error, SignInNeeded):
        return sign_in_page(request)
    language: Language = error_page.language_of(request)
    if isinstance(error, HTTPException):
        status, why = error.status_code, Words("en", str(error.detail))
    elif isinstance(error, FiqraError):
        status, why = problems.status_of(error), why_of(error, language)
    else:
        first = error.errors()[0]
        status, why = 422, Words("en", f"{'.'.join(str(part)[:40] for part in first['loc'][1:])}: {first['msg']}")
    title = DESK[language].errors.get(status, DESK[language].errors[422])
    site: Site = request.app.state.pages
    return error_page.respond(site, {}, request, error, error_page.Said(status, title, why))
