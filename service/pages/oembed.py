"""oEmbed: a permanent link pasted elsewhere unfolds to the paragraph, or to the words that the link quotes.

GET /oembed?url=https://fiqra.example/p/kyoto-2021-workshop-4/21(k)?lang=en → a block quote with its citation
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BaseModel, ConfigDict

from corpus.errors import UnknownReport
from corpus.records import LANGUAGES, Report
from service.pages.marked import quoted_span
from service.pages.wording import DIRECTION
from service.paragraphs.citing import cite
from service.paragraphs.lookup import choose_report, find_one, permalink

_WIDTH, _LINE = 600, 24


class Embed(BaseModel):
    """A `rich` oEmbed response (oembed.com, 2.3.4.4); `html` brings no script and no style of its own."""

    model_config = ConfigDict(frozen=True)

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    title: str
    provider_name: Literal["fiqra"] = "fiqra"
    provider_url: str
    cache_age: int = 3600
    html: str
    width: int
    height: int


def embed(url: str, reports: Mapping[str, Report], origin: str, width: int | None) -> Embed:
    """What a permanent link of this service unfolds to; `width` is the most it may have, in pixels.

    Raises UnknownReport for another address, UnknownParagraph and UnreadableReference for a paragraph that is not here.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    start, _, path = unquote(parts.path).partition("/p/")
    report_id, slash, reference = path.partition("/")
    if not slash or f"{parts.scheme}://{parts.netloc}{start}" != origin:
        raise UnknownReport("url is not a permanent link of this service, such as …/p/kyoto-2021-workshop-4/21(k)")
    report = choose_report(reports, report_id)
    ref = find_one(report, reference)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    rendering = report.rendering(next((known for known in LANGUAGES if known == asked.get("lang")), None))
    paragraph = rendering.by_ref[ref]
    link = permalink(report, paragraph, rendering.language)
    span = None
    if paragraph.text_sha256[:8] == asked.get("v", ""):
        span = quoted_span(paragraph.text, asked.get("start"), asked.get("end"))
    words = paragraph.text[span.start : span.end] if span else paragraph.text
    cited = cite(report, rendering, ref)
    wide = min(width or _WIDTH, _WIDTH)
    direction = DIRECTION[rendering.language]
    return Embed(
        title=cited,
        provider_url=origin,
        html=f'<blockquote lang="{rendering.language}" dir="{direction}" cite="{escape(origin + link)}">'
        f'<p>{escape(words)}</p><footer><a href="{escape(origin + link)}">{escape(cited)}</a></footer></blockquote>',
        width=wide,
        height=_LINE * (4 + len(words) * 9 // wide),
    )
