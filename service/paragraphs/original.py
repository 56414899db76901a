"""Where a paragraph can be looked at in the document that it was read from: addresses, and nothing from the disk."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from corpus.records import Language, Rendering, Report, Span
from corpus.refs import Ref

IN_ORIGINAL: Mapping[Language, str] = {"en": "In the original", "ar": "في الوثيقة الأصلية"}
THE_DOCUMENT: Mapping[Language, str] = {"en": "Original document ({language})", "ar": "الوثيقة الأصلية ({language})"}
_VERSION = 8  # hex digits of the document's SHA-256 in an address, so that what it leads to may be kept for ever


def original_path(report: Report, rendering: Rendering, ref: Ref, span: Span | None = None) -> str:
    """Where it is shown: `/original/harbours/4(a)?lang=ar&start=0&end=118`; "" where nothing may be looked at.

    `span` are the words in it that are quoted.
    """
    if rendering.original is None:
        return ""
    quoted = {"start": span.start, "end": span.end} if span else {}
    return f"{bare_path(report, ref)}?{urlencode({'lang': rendering.language, **quoted})}"


def bare_path(report: Report, ref: Ref) -> str:
    """The same in whatever language: `/original/harbours/4(a)`."""
    return f"/original/{quote(report.id, safe='')}/{quote(str(ref), safe='():')}"


def document_path(report: Report, rendering: Rendering) -> str:
    """Where the document itself can be fetched: `/documents/harbours/ar`; "" where it can not."""
    offered = rendering.original is not None and rendering.original.offered
    return f"/documents/{quote(report.id, safe='')}/{rendering.language}" if offered else ""


def picture_path(report: Report, rendering: Rendering, page: int) -> str:
    """Where a page of it is, from 1, as a picture: `/pictures/harbours/ar/3?v=1f3a9c02`."""
    version = rendering.source_sha256[:_VERSION]
    return f"/pictures/{quote(report.id, safe='')}/{rendering.language}/{page}?v={version}"


def is_version(rendering: Rendering, v: str) -> bool:
    """Whether an address names the document as it is now."""
    return v == rendering.source_sha256[:_VERSION]
