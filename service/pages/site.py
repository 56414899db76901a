"""The frame of every page: what its head says, its templates, its static files, and its response headers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from corpus.records import Language
from service.pages.headers import SPEAKING
from service.pages.marked import mended_eid, unsure_eid
from service.pages.wording import DIRECTION, NUMBER_END, OWN_NAME, WORDING, Wording
from service.paragraphs.original import IN_ORIGINAL, THE_DOCUMENT

_HERE = Path(__file__).parent
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# Only attributes have a quotation mark of their own; in text it is written as an entity.
_ROOTED = re.compile(r'(?<=\s)(href|src|action|api)="/(?!/)')

DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a careful page that embeds the widget says; the demo is its own host, so `'self'` stands for that."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the head and the frame of a page need. Paths start with `/`; `origin` makes addresses of them."""

    language: Language
    title: str
    description: str
    origin: str
    alternates: Mapping[Language, str] = field(default_factory=dict)
    any_language: str = ""  # the address without a language
    turned: Mapping[Language, str] = field(default_factory=dict)  # where the switch leads, if not to the alternates
    report_id: str = ""  # whose paragraphs the look-up form means
    choices: tuple[tuple[str, str], ...] = ()  # or else the reports to choose from: the id, and the short name
    chosen: str = ""  # the one that was chosen
    kind: str = "website"
    indexed: bool = True
    asks: bool = False  # has an ask box

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return DIRECTION[self.language]

    @property
    def switch(self) -> Mapping[Language, str]:
        """Where the switch of languages leads: the same page, and what it shows of it."""
        return self.turned or self.alternates

    @property
    def words(self) -> Wording:
        """The frame's own words in the page's language."""
        return WORDING[self.language]


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file; its address changes with its content, so that it may be kept for ever."""

    name: str
    content: bytes

    @property
    def url(self) -> str:
        """`/static/3f9a52c1d0be/site.css`."""
        return f"/static/{hashlib.sha256(self.content).hexdigest()[:12]}/{self.name}"

    def response(self) -> Response:
        """The file, to be kept for a year."""
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(self.content, media_type=_MEDIA_TYPES[Path(self.name).suffix], headers=headers)


class Site:
    """Templates and static files, read once. `shared` is who may keep a page; see `shared_by`.

    `below` is the path that the service is published below: it is put before every link that begins with `/`.
    """

    def __init__(self, shared: str, below: str = "", rooms: Sequence[Path] = ()) -> None:
        """`rooms` are folders with more `templates` and `static` files, of pages that are not everybody's."""
        self._shared = shared
        self._below = below
        files = (path for room in (_HERE, *rooms) for path in (room / "static").iterdir())
        self.assets = {path.name: Asset(path.name, path.read_bytes()) for path in files}
        self._environment = Environment(
            loader=FileSystemLoader([room / "templates" for room in (_HERE, *rooms)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            assets={name: asset.url for name, asset in self.assets.items()},
            direction_of=DIRECTION,
            own_name=OWN_NAME,
            number_end=NUMBER_END,
            mended_eid=mended_eid,
            unsure_eid=unsure_eid,
            in_original=IN_ORIGINAL,
            the_document=THE_DOCUMENT,
        )

    def asset(self, url: str) -> Asset | None:
        """The static file of exactly that address."""
        return next((asset for asset in self.assets.values() if asset.url == url), None)

    def respond(
        self, template: str, page: Page, status: int = 200, policy: str = CONTENT_SECURITY_POLICY, **values: object
    ) -> Response:
        """A page as a response, with the headers that every page has."""
        body = self._environment.get_template(template).render(page=page, words=page.words, **values)
        if self._below:
            body = _ROOTED.sub(rf'\1="{self._below}/', body)
        headers = {
            "content-security-policy": policy,
            "content-language": page.language,
            "vary": "Accept-Language, Accept",
            "cache-control": f"{self._shared}, max-age=60" if status == 200 else "no-store",
            **(SPEAKING if page.asks else {}),
        }
        return HTMLResponse(body, status, headers)


def site_of(request: Request) -> Site:
    """The site of the app that was asked."""
    site: Site = request.app.state.pages
    return site
