"""What a request is for: a host that is answered here, and an address that can be read.

A page of somebody else's whose name is made to lead here (DNS rebinding) calls under its own name, so that only names
that were asked for are answered. Probes are answered under any: their callers know an address and no name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.observe import PROBES
from service.http.problems import problem
from service.http.wire.addresses import host_of

_ABSOLUTE = re.compile(rb"(?i:https?)://([^/?#]*)(.*)", re.DOTALL)
_ESCAPED_WRONGLY = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class TargetGuard:
    """ASGI middleware that answers only under the names it was given; `*` is any name.

    Not `X-Forwarded-Host`: who reaches this service past the proxy could write anything there.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _to_origin_form(scope)
        if (why := self._wrong(scope)) is not None:
            await problem(400, why)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _wrong(self, scope: Scope) -> str | None:
        if not _is_escaped_well(scope.get("raw_path") or b""):
            return "the path holds a % that begins no byte, or bytes that are no UTF-8; write %25 for a %"
        if scope["path"] in PROBES:
            return None
        named = [host_of(value.decode("latin-1")) for name, value in scope["headers"] if name == b"host"]
        if None in named or len(named) > 1:
            return "the host field holds no host name, such as fiqra.example or [2001:db8::1]:8000"
        if "*" in self._hosts or (named and named[0] in self._hosts):
            return None
        which = f"the host name {str(named[0])[:80]}" if named else "a request without a host name"
        return f"{which} is not answered here; the operator can add a name to FIQRA_ALLOWED_HOSTS"


def _to_origin_form(scope: Scope) -> None:
    """Take a target such as `http://fiqra.example/docs`, which HTTP allows, apart; its host is what counts then."""
    if (absolute := _ABSOLUTE.fullmatch(scope.get("raw_path") or b"")) is None:
        return
    raw_path = absolute[2] or b"/"
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [(b"host", absolute[1]), *others]
    scope["raw_path"], scope["path"] = raw_path, unquote_to_bytes(raw_path).decode("utf-8", "replace")


def _is_escaped_well(path: bytes) -> bool:
    """Whether each % begins a byte, and the bytes are UTF-8."""
    try:
        unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return False
    return not _ESCAPED_WRONGLY.search(path)


class BelowPath:
    """The path that a proxy publishes the service below, taken off: `/fiqra/p/…` is `/p/…`.

    A proxy may have taken it off itself; then there is nothing to do.
    """

    def __init__(self, app: ASGIApp, below: str) -> None:
        self._app = app
        self._below = below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if self._below and scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self._below}/"):
            raw = scope.get("raw_path") or scope["path"].encode()
            path = scope["path"].removeprefix(self._below) or "/"
            scope = {**scope, "path": path, "raw_path": raw.removeprefix(self._below.encode()) or b"/"}
        await self._app(scope, receive, send)
