"""What a request prefers: a language, and HTML or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.requests import Request

from corpus.records import Language

_MAX_RANGES = 50
_JSON = ("application/problem+json", "application/json")


def best_language(accept_language: str, offered: Sequence[Language]) -> Language:
    """The language an Accept-Language header likes best among those offered; the first where it likes none.

    >>> best_language("fr, en-GB;q=0.8, ar;q=0.5", ("ar", "en"))
    'en'
    """
    liked: dict[str, float] = {}
    for tag, quality in _ranges(accept_language):
        primary = tag.split("-")[0]
        liked[primary] = max(quality, liked.get(primary, 0.0))
    rest = liked.get("*", 0.0)
    return max(offered, key=lambda language: liked.get(language, rest), default="ar")


def preferred(request: Request, offered: Sequence[Language]) -> Language:
    """The language that a request's reader likes best among those offered."""
    return best_language(request.headers.get("accept-language", ""), offered)


def prefers_html(accept: str) -> bool:
    """Whether an Accept header likes HTML better than JSON, as a browser's does; `*/*` does not.

    >>> prefers_html("text/html,application/xhtml+xml,*/*;q=0.8"), prefers_html("*/*")
    (True, False)
    """
    liked = dict(_ranges(accept))
    return _quality("text/html", liked) > max(_quality(kind, liked) for kind in _JSON)


def best_type(accept: str, offered: Sequence[str]) -> str:
    """The media type an Accept header likes best among those offered; the first where it likes none better.

    >>> best_type("text/markdown, application/json;q=0.5", ("application/json", "text/markdown"))
    'text/markdown'
    """
    liked = dict(_ranges(accept))
    return max(offered, key=lambda kind: _quality(kind, liked))


def _quality(kind: str, liked: dict[str, float]) -> float:
    ranges = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    return next((liked[range_] for range_ in ranges if range_ in liked), 0.0)


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """Each range of an Accept… header and its quality: `en;q=0.8` → ("en", 0.8); what cannot be read is left out."""
    for part in header.lower().split(",")[:_MAX_RANGES]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        qualities = [p[2:] for p in parameters if p.startswith("q=")]
        try:
            quality = float(qualities[0]) if qualities else 1.0
        except ValueError:
            continue
        if name and 0.0 <= quality <= 1.0:
            yield name, quality
