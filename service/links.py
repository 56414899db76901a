"""Links that leave this service: the same paths as inside it, with the address that people reach it at before them."""

from __future__ import annotations

import re

from starlette.requests import Request

from service.settings import Settings

_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def origin(request: Request) -> str:
    """`https://fiqra.example:8000`: FIQRA_PUBLIC_URL, or where the request came to.

    An empty string (links stay relative) where the Host header is no host name.
    """
    settings: Settings = request.app.state.fiqra.settings
    if settings.public_url is not None:
        return public_origin(settings)
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host}" if _HOST.fullmatch(host) else ""


def shared_by(settings: Settings) -> str:
    """Who may keep a response that holds links of `origin`, in the words of `cache-control`: `public` or `private`.

    Where links follow the Host of a request, a cache could hand those of one caller's Host to all others.
    """
    return "private" if settings.public_url is None else "public"


def public_origin(settings: Settings) -> str:
    """The address where no request tells it: FIQRA_PUBLIC_URL, or the one that `fiqra serve` listens on."""
    return str(settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
