"""Every error as `application/problem+json` (RFC 9457), in one shape, whoever raised it.

The caller's input is never echoed in full: messages cut it, and validation errors leave it out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from corpus import errors
from service.schemas.problems import FieldError, Problem, ReportChoice

log = logging.getLogger("fiqra")

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[errors.FiqraError], int] = {
    errors.UnreadableReference: 422,
    errors.UnknownParagraph: 404,
    errors.UnknownReport: 404,
    errors.IndexRefused: 503,
    errors.ModelError: 503,
    errors.Overloaded: 503,
    errors.StructureMismatch: 409,
    errors.CorpusError: 422,
    errors.LookupFailed: 404,
    errors.IndexBusy: 409,
    errors.IndexNotWritten: 507,
    errors.UploadNotKept: 507,
    errors.Abandoned: 503,
    errors.FiqraError: 500,
}


def described(whats: Mapping[int | str, str]) -> dict[int | str, dict[str, Any]]:
    """Refusals for the responses of a route in the OpenAPI document: by status, what each means.

    >>> described({404: "An unknown report."})[404]["description"]
    'An unknown report.'
    """
    return {
        status: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": what} for status, what in whats.items()
    }


REFUSALS = described(
    {
        404: "An unknown report or paragraph; `nearest` names those that exist.",
        422: "Input that does not fit; `errors` says where and why.",
        503: "Too much is asked at once, or no index is loaded.",
    }
)
"""What every call may refuse."""
OTHERS = described(
    {"default": "Any other: the request is not taken (400, 405, 408, 413, 414, 415, 429, 431), or fiqra failed (500)."}
)
RETRY_AFTER_S = 2
CALLER_LEFT = 499  # nobody reads it; nginx's name for it is "client closed request"


Shape = Callable[[Problem], tuple[int, BaseModel]]
"""A problem document → the status and the body that say the same in another shape."""


class ProblemResponse(Response):
    """A problem document on its way out; on a path whose callers know another shape, in that one."""

    def __init__(self, document: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.document = document
        super().__init__(document.model_dump_json(exclude_none=True), document.status, headers, MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        reshape = _shapes(scope).get(scope["path"].removeprefix(scope.get("root_path", "")))
        if reshape is not None:
            status, body = reshape(self.document)
            kept = {name: value for name, value in self.headers.items() if not name.startswith("content-")}
            await Response(body.model_dump_json(), status, kept, "application/json")(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _shapes(scope: Scope) -> Mapping[str, Shape]:
    """The shapes of the app that answers, once `install` has been called for it."""
    shapes: Mapping[str, Shape] = getattr(scope["app"].state, "problem_shapes", {}) if "app" in scope else {}
    return shapes


def problem(  # noqa: PLR0913 - each is a member of the document
    status: int,
    detail: str,
    *,
    detail_ar: str | None = None,
    slug: str | None = None,
    fields: Sequence[FieldError] | None = None,
    nearest: tuple[str, ...] | None = None,
    choices: tuple[ReportChoice, ...] | None = None,
) -> ProblemResponse:
    """A problem document as a response."""
    title = HTTPStatus(status).phrase
    document = Problem(
        type=f"urn:fiqra:problem:{slug or title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        detail_ar=detail_ar,
        errors=tuple(fields) if fields else None,
        nearest=nearest,
        choices=choices,
    )
    headers = {"retry-after": str(RETRY_AFTER_S)} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return ProblemResponse(document, headers)


def status_of(error: errors.FiqraError) -> int:
    """The HTTP status of the nearest class of the error that has one."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def install(app: FastAPI, shapes: Mapping[str, Shape]) -> None:
    """Let the app answer every error as a problem document, and its OpenAPI document say so.

    `shapes` are the paths whose callers know errors in another shape, and what makes it of a problem document.
    """
    app.state.problem_shapes = shapes
    app.add_exception_handler(errors.FiqraError, _fiqra_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    app.openapi = _under_their_own_type(app.openapi)  # type: ignore[method-assign]  # FastAPI's way to extend it


def _under_their_own_type(openapi: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The document with problems as `application/problem+json` alone: FastAPI lists every model as its route's, too."""

    def document() -> dict[str, Any]:
        made = openapi()
        for item in made["paths"].values():
            for operation in item.values():
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    for other in content.keys() & {"application/json", "text/plain"} if MEDIA_TYPE in content else ():
                        content[MEDIA_TYPE] = content.pop(other)
        return made

    return document


def _slug(error: errors.FiqraError) -> str:
    kind = errors.UnknownReport if isinstance(error, errors.WhichReport) else type(error)  # callers know it so
    name = kind.__name__
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def problem_of(error: errors.FiqraError) -> ProblemResponse:
    """An error that fiqra raised on purpose, as a problem document."""
    nearest = error.nearest if isinstance(error, errors.UnknownParagraph) else None
    fields = (
        [FieldError(loc=("path", "ref"), msg=str(error))] if isinstance(error, errors.UnreadableReference) else None
    )
    which = error.choices if isinstance(error, errors.WhichReport) else ()
    choices = tuple(ReportChoice(report=report, report_title=title, url=url) for report, title, url in which) or None
    return problem(
        status_of(error),
        str(error),
        detail_ar=error.detail_ar,
        slug=_slug(error),
        nearest=nearest,
        fields=fields,
        choices=choices,
    )


async def _fiqra_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, errors.FiqraError):
        raise error
    return problem_of(error)


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [FieldError(loc=tuple(e["loc"]), msg=e["msg"].removeprefix("Value error, ")) for e in error.errors()]
    first = fields[0]
    where = ".".join(str(part)[:40] for part in first.loc)
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return problem(422, f"{where}: {first.msg}{more}", slug="invalid-input", fields=fields[:20])


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    details = {
        404: "nothing is here; /docs lists what is",
        405: f"{request.method} is not what this address takes; /docs lists what is",
    }
    response = problem(error.status_code, details.get(error.status_code, str(error.detail)))
    response.headers.update(error.headers or {})
    return response


def unexpected(error: Exception) -> ProblemResponse:
    """An error that nobody foresaw: logged, and said without its details."""
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return problem(500, "something went wrong on this side; the log says what")


async def _unexpected(_: Request, error: Exception) -> Response:
    return unexpected(error)
