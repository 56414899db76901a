"""The ids of paragraphs that agents pass around, read generously: agents shorten and decorate what they are given."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from corpus.records import LANGUAGES, Language, Rendering, Report
from corpus.refs import Ref, parse_ref
from service.paragraphs.documents import Documents
from service.paragraphs.lookup import choose_report, find_one, look_up, split_document

SCHEME = "fiqra"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class NamedParagraph:
    """A paragraph of a report, and the language that was asked for."""

    report: Report
    ref: Ref
    language: Language | None

    @property
    def rendering(self) -> Rendering:
        """The report in that language, or in its first one."""
        return self.report.rendering(self.language)


def write_id(report: Report, ref: Ref, language: Language) -> str:
    """`kyoto-2021-workshop-4/21(k)?lang=en`."""
    return f"{report.id}/{ref}?lang={language}"


def read_id(text: str, documents: Documents) -> NamedParagraph:
    """The paragraph that an id means.

    Read are what `write_id` writes, with or without `fiqra://`, with or without the language; a permanent link; and a
    reference in any of its forms, with or without its document. Raises UnknownReport, UnreadableReference or
    UnknownParagraph.

    >>> str(read_id("fiqra://kyoto-2021-workshop-4/21(k)", Documents([report])).ref)
    '21(k)'
    """
    reports = documents.by_id
    parts = _split(text.strip()[:_LONGEST])
    path = unquote(f"{parts.netloc}{parts.path}" if parts.scheme in {"", SCHEME} else parts.path)
    if parts.scheme in {"http", "https"} and "/p/" in path:
        path = path[path.index("/p/") :]  # below whatever path the service is published
    is_link = path.startswith("/p/") or "p" not in reports
    path = path.strip("/").removeprefix("p/" if is_link else "")
    asked = parse_qs(parts.query).get("lang", [""])[0]
    language = next((known for known in LANGUAGES if known == asked), None)
    report_id, slash, reference = path.partition("/")
    if report_id in reports:
        report = reports[report_id]
        return NamedParagraph(report, find_one(report, reference), language)
    document, _ = split_document(path, documents)
    if slash and document is None and not report_id[:1].isdigit():  # `21/k` is a bare number
        choose_report(reports, report_id)
    report, refs = look_up(documents, None, path)
    if len(refs) != 1:
        parse_ref(path)  # which says that it names several
    return NamedParagraph(report, refs[0], language)


def _split(text: str) -> SplitResult:
    """The text as an address; what has another scheme (`annex1:3`), or a bracket for a host, is a path."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = None
    if parts and parts.scheme in {"", SCHEME, "http", "https"}:
        return parts
    path, _, query = text.partition("?")
    return SplitResult("", "", path, query, "")
