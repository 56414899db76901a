"""What is loaded: each report, in each of its languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus.records import Language
from service.schemas.base import Outgoing
from service.schemas.texts import CorrectionOut, Official, TranslatedFrom


class OriginalOut(Outgoing):
    """What may be looked at of the document: how many pages are shown, and where it can be fetched, if it may be."""

    pages: int
    document: str | None = None


class RenderingOut(Outgoing):
    """A report in one language. `title_page` gives each block of it by its role, `questions` a few that it answers."""

    language: Language
    official: Official
    translated_from: TranslatedFrom
    title: str
    title_page: dict[str, str]
    headings: tuple[str, ...]
    source_sha256: str
    original: OriginalOut | None = None
    questions: tuple[str, ...]
    corrections: tuple[CorrectionOut, ...]


class ReportOut(Outgoing):
    """What is loaded of a report."""

    id: str
    title: str
    short_titles: Annotated[
        dict[Language, str], Field(description="What it is called where several are loaded, in each of its languages.")
    ]
    symbol: str | None = None
    year: int | None = None
    languages: tuple[Language, ...]
    headings: tuple[str, ...]
    counts: dict[str, int]
    renderings: tuple[RenderingOut, ...]
    url: str


class ReportsResponse(Outgoing):
    """Every report that is loaded; `set_aside` are the ids of those on the disk that cannot be, as the log says why."""

    reports: tuple[ReportOut, ...]
    set_aside: tuple[str, ...] = ()
