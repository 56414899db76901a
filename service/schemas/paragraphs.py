"""Paragraphs by number, complete, a portion a call."""

from __future__ import annotations

from pydantic import Field

from corpus.records import Language
from service.schemas.base import Outgoing
from service.schemas.texts import (
    Cited,
    CorrectionOut,
    InOriginal,
    Official,
    ParallelText,
    Scanned,
    SpanOut,
    TranslatedFrom,
)

MAX_PARAGRAPHS = 100  # of a reference, a call
MAX_COUNT = 1_000_000  # of anything that may be asked for or left out


class ParagraphOut(Outgoing):
    """A paragraph, complete. `previous` and `next` follow reading order, sub-paragraphs included."""

    report: str
    ref: str
    label: str
    language: Language
    official: Official
    translated_from: TranslatedFrom
    heading: tuple[str, ...]
    lead_in: str | None
    text: str
    text_sha256: str
    corrections: tuple[CorrectionOut, ...]
    recognised: Scanned = None
    eid: str
    children: tuple[str, ...]
    parent: str | None
    previous: str | None
    next: str | None
    url: str
    original: InOriginal = None
    cited: Cited = ""
    parallel: tuple[ParallelText, ...]
    source: SpanOut


class ParagraphsResponse(Outgoing):
    """The paragraphs that a reference, range or list names, in its order: up to 100 a call."""

    paragraphs: tuple[ParagraphOut, ...]
    next: str | None = Field(None, description="The path that has the following ones; null where these are the last.")
