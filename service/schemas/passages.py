"""What retrieval returns, with an answer and without one."""

from __future__ import annotations

from corpus.records import Language
from service.schemas.base import Outgoing
from service.schemas.texts import ReportTitle, Scanned


class PassageOut(Outgoing):
    """A paragraph that retrieval returned. `score`, 0 to 1, orders the passages of one response.

    Where a question is declined, `quote` is the sentence nearest to it, `text[start:end]`; else these three are null.
    """

    report: str
    report_title: ReportTitle = None
    ref: str
    language: Language
    label: str
    text: str
    recognised: Scanned = None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    score: float
    url: str


class SearchResponse(Outgoing):
    """Ranked passages, one a paragraph, without an answer."""

    query: str
    language: Language
    passages: tuple[PassageOut, ...]
    index: str
    timings_ms: dict[str, float]
