"""Links that leave this service: the same paths as inside it, with the address that people reach it at before them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from service.http.wire.addresses import host_of
from service.settings import Settings


def origin(request: Request) -> str:
    """`https://fiqra.example:8000`: FIQRA_PUBLIC_URL, or where the request came to.

    An empty string (links stay relative) where the request names no host, as one of HTTP/1.0 need not.
    """
    settings: Settings = request.app.state.fiqra.settings
    if settings.public_url is not None:
        return public_origin(settings)
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host}" if host_of(host) else ""


def shared_by(settings: Settings) -> str:
    """Who may keep a response that holds links of `origin`, in the words of `cache-control`: `public` or `private`.

    Where links follow the Host of a request, a cache could hand those of one caller's Host to all others.
    """
    return "private" if settings.public_url is None else "public"


def public_origin(settings: Settings) -> str:
    """The address where no request tells it: FIQRA_PUBLIC_URL, or the one that `fiqra serve` listens on."""
    return str(settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def below(settings: Settings) -> str:
    """The path that the service lies below for those who reach it: `/fiqra` of https://example.org/fiqra, or none."""
    return urlsplit(public_origin(settings)).path if settings.public_url else ""


def own_origin(settings: Settings) -> str:
    """What a browser calls the origin of the service's own pages: `https://example.org`; "" where it is unknown."""
    return public_origin(settings).removesuffix(below(settings)) if settings.public_url else ""
