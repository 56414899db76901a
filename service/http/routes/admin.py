"""Who may change things: callers with the operator's token. Without a token in the settings, nobody.

Who may read the metrics: callers with the token for that, or everybody where the settings hold none.

@router.post("/v1/admin/reload", dependencies=[AdminOnly], responses=ADMIN_REFUSALS)
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from service.http import problems
from service.schemas.admin import ReloadResponse
from service.state import State

_bearer = HTTPBearer(auto_error=False, scheme_name="admin token", description="`FIQRA_ADMIN_TOKEN` of the settings.")
_metrics_bearer = HTTPBearer(
    auto_error=False, scheme_name="metrics token", description="`FIQRA_METRICS_TOKEN` of the settings."
)
ADMIN_REFUSALS = problems.described(
    {401: "No token, or another one.", 403: "Admin calls are off: the settings hold no token."}
)
_NOT_TAKEN = problems.described(
    {503: "The index on disk is refused; `detail` says why and how to mend it. The old one keeps serving."}
)


async def require_admin(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None
) -> None:
    """Let only the holder of the admin token through.

    Raises HTTPException: 403 where the settings hold no token, 401 where the caller's is missing or another.
    """
    state: State = request.app.state.fiqra
    token = state.settings.admin_token
    if token is None:
        raise HTTPException(403, "admin calls are off here; the operator can set FIQRA_ADMIN_TOKEN")
    _compare(given, token, "admin")


async def require_metrics_token(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_metrics_bearer)] = None
) -> None:
    """Where the settings hold a token for the metrics, let only its holder through. Raises HTTPException: 401."""
    state: State = request.app.state.fiqra
    if state.settings.metrics_token is not None:
        _compare(given, state.settings.metrics_token, "metrics")


def _compare(given: HTTPAuthorizationCredentials | None, token: SecretStr, name: str) -> None:
    if given is None or not same_secret(given.credentials, token):
        detail = f"this call needs the {name} token: send `Authorization: Bearer …`"
        raise HTTPException(401, detail, {"www-authenticate": "Bearer"})


def same_secret(given: str, secret: SecretStr) -> bool:
    """Whether the two are the same, in a time that tells nothing of the secret, its length included.

    >>> same_secret("a", SecretStr("b")), same_secret("b", SecretStr("b"))
    (False, True)
    """
    digests = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (given, secret.get_secret_value()))
    return secrets.compare_digest(*digests)


AdminOnly = Depends(require_admin)
admin = APIRouter(
    prefix="/v1/admin", tags=["operation"], dependencies=[AdminOnly], responses=ADMIN_REFUSALS | problems.OTHERS
)


@admin.post("/reload", operation_id="reload", responses=_NOT_TAKEN)
async def reload(request: Request) -> ReloadResponse:
    """Take the current index into service; where it is refused, the one that serves keeps serving."""
    state: State = request.app.state.fiqra
    changed = await state.reload()
    return ReloadResponse(index=state.ready_engine().name, changed=changed)
