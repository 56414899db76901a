"""What is taken away as a Word file: a report, and the quotations of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from corpus.errors import UnreadableReference
from corpus.language import detect
from corpus.records import LANGUAGES, Language, Rendering, Report
from corpus.text import clean
from service.pages import negotiate, views
from service.pages.asking import AskedHere
from service.pages.places import read_quotes
from service.pages.routes import Lang, PageRoute, loaded_reports, read_apart
from service.pages.wording import WORDING
from service.paragraphs import word
from service.paragraphs.citing import cite_in_full
from service.paragraphs.links import origin
from service.paragraphs.lookup import choose_report, permalink

MOST_CITED = 100
_NO_PLAIN_NAME = re.compile(r"[^A-Za-z0-9.-]")

downloads = APIRouter(route_class=PageRoute, include_in_schema=False)


@downloads.api_route("/reports/{report_id}/report.docx", methods=["GET", "HEAD"])
async def report_as_word(request: Request, report_id: str, lang: Lang = None) -> Response:
    """The whole report in one language as a Word file."""
    report = choose_report(loaded_reports(request), report_id)
    own = report.rendering(lang or negotiate.preferred(request, report.languages))
    return await read_apart(
        request, lambda: _as_word(word.whole_report(report, own, claimed(own)), f"{report.id}-{own.language}")
    )


def claimed(rendering: Rendering) -> str:
    """What a file says is claimed of its text; nothing of an official one."""
    if not rendering.unofficial:
        return ""
    words = WORDING[rendering.language]
    made_from = words.language_name[rendering.translated_from] if rendering.translated_from else ""
    return words.unofficial_notice.format(language=words.language_name[rendering.language], source=made_from)


@downloads.api_route("/answer.docx", methods=["GET", "HEAD"])
async def answer_as_word(
    request: Request,
    cite: Annotated[tuple[str, ...], Query(min_length=1, max_length=MOST_CITED)],
    lang: Lang = None,
    q: AskedHere = "",
) -> Response:
    """Quotations as a Word file, each with its citation as a footnote, below the question that they answer.

    `cite` is `kyoto-2021-workshop-4/21(k):0-338`; `lang` the language that they are quoted in.
    """
    reports, before = loaded_reports(request), origin(request)
    language = lang or negotiate.preferred(request, LANGUAGES)

    def make() -> Response:
        quoted = tuple(_quoted(choose_report(reports, name), place, language, before) for name, place in _split(cite))
        first = cite[0].rpartition(":")[0]  # a name that says whence it is, in a folder of downloads
        return _as_word(word.quotations(clean(q), detect(q).language, quoted), first.replace("/", "-"))

    return await read_apart(request, make)


def _split(cited: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`kyoto-2021-workshop-4/21(k):0-338` → the report, and the place in it."""
    for each in cited:
        report, _, place = each.partition("/")
        yield report, place


def _quoted(report: Report, place: str, language: Language, before: str) -> word.Quoted:
    """The words of a place in a report. Raises UnreadableReference where it names none."""
    own = report.rendering(language)
    for ref, span in read_quotes(report, own.language, (place,)):
        link = permalink(report, own.by_ref[ref], own.language) + views.quoted_part({own.language: span}, own)
        text = own.by_ref[ref].text[span.start : span.end]
        return word.Quoted(text, own.language, cite_in_full(report, own, ref), before + link)
    raise UnreadableReference(
        f"{place[:60]!r} names no words of {report.id}; write 21(k):0-118, the first letter and the one after the last"
    )


def _as_word(content: bytes, name: str) -> Response:
    return to_keep(content, f"{name}.docx", word.MEDIA_TYPE)


def to_keep(content: bytes, name: str, media_type: str) -> Response:
    """A file to be kept under a plain name."""
    plain = _NO_PLAIN_NAME.sub("", name)
    headers = {"content-disposition": f'attachment; filename="{plain}"', "cache-control": "private, max-age=60"}
    return Response(content, media_type=media_type, headers=headers)
