"""The ids of paragraphs that agents pass around, read generously: agents shorten and decorate what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from corpus.records import LANGUAGES, Language, Rendering, Report
from corpus.refs import Ref, parse_ref
from service.paragraphs.lookup import choose_report, resolve

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


def read_id(text: str, reports: Mapping[str, Report]) -> NamedParagraph:
    """The paragraph that an id means.

    Read are what `write_id` writes, with or without `fiqra://`, with or without the language; a permanent link; and a
    bare number in any of its forms. Raises UnknownReport, UnreadableReference or UnknownParagraph.

    >>> str(read_id("fiqra://kyoto-2021-workshop-4/21(k)", reports).ref)
    '21(k)'
    """
    parts = _split(text.strip()[:_LONGEST])
    path = unquote(f"{parts.netloc}{parts.path}" if parts.scheme in {"", SCHEME} else parts.path)
    is_link = path.startswith("/p/") or "p" not in reports
    path = path.strip("/").removeprefix("p/" if is_link else "")
    asked = parse_qs(parts.query).get("lang", [""])[0]
    language = next((known for known in LANGUAGES if known == asked), None)
    report_id, slash, reference = path.partition("/")
    named = bool(slash) and (report_id in reports or not report_id[:1].isdigit())  # `21/k` is a bare number
    report = choose_report(reports, report_id if named else None)
    [ref] = resolve(report, [parse_ref(reference if named else path)])
    return NamedParagraph(report, ref, language)


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
