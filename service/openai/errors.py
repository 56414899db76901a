"""A problem document → an error as OpenAI's clients read it."""

from __future__ import annotations

from http import HTTPStatus

from service.openai.schemas import OpenAIError, OpenAIFault
from service.schemas.problems import Problem

PATH = "/v1/chat/completions"
_PREFIX = "urn:fiqra:problem:"


def in_openai_shape(problem: Problem) -> tuple[int, OpenAIError]:
    """The status and the body. What is 422 elsewhere is 400, as OpenAI's own service has it.

    >>> unknown = Problem(type=f"{_PREFIX}unknown-report", title="Not Found", status=404, detail="no such model")
    >>> status, body = in_openai_shape(unknown)
    >>> status, body.error.type, body.error.param, body.error.code
    (404, 'invalid_request_error', 'model', 'model_not_found')
    """
    status = HTTPStatus.BAD_REQUEST if problem.status == 422 else problem.status
    code, param = problem.type.removeprefix(_PREFIX).replace("-", "_"), None
    if code == "unknown_report":
        code, param = "model_not_found", "model"
    elif problem.errors:
        param = ".".join(str(part) for part in problem.errors[0].loc if part != "body")[:80] or None
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    return status, OpenAIError(error=OpenAIFault(message=problem.detail, type=kind, param=param, code=code))
