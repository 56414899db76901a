"""Where to look: one report, several, or those of some years, languages and headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.records import Language, Report
from corpus.refs import Ref
from corpus.text import fold

if TYPE_CHECKING:
    from index.contents import IndexContents


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search is limited to; what is None limits nothing.

    `reports` are ids, `language` one that the report must have, `years` the first and last (a report without a year is
    in none), `heading` words that one of a paragraph's headings holds, in any language of the report.
    """

    reports: frozenset[str] | None = None
    language: Language | None = None
    years: tuple[int, int] | None = None
    heading: str | None = None

    @classmethod
    def of(cls, within: Within) -> Scope:
        """A report's id, or None for all, as a scope."""
        return within if isinstance(within, Scope) else cls(None if within is None else frozenset([within]))

    @property
    def is_all(self) -> bool:
        """Whether it limits nothing."""
        return self == Scope()

    def admits(self, report: Report) -> bool:
        """Whether a report lies in it, its headings aside."""
        return (
            (self.reports is None or report.id in self.reports)
            and (self.language is None or self.language in report.languages)
            and (self.years is None or (report.year is not None and self.years[0] <= report.year <= self.years[1]))
        )

    def refs(self, report: Report) -> frozenset[Ref] | None:
        """The paragraphs of a report that lie below the heading; None where all do."""
        if not self.heading:
            return None
        wanted = fold(self.heading)
        return frozenset(
            paragraph.ref
            for rendering in report.renderings
            for paragraph in rendering.paragraphs
            if any(wanted in fold(heading) for heading in paragraph.heading)
        )

    def rows(self, contents: IndexContents) -> NDArray[np.int64] | None:
        """The rows of the chunks that lie in it; None where all do."""
        if self.is_all:
            return None
        found = []
        for report in filter(self.admits, contents.reports):
            rows = contents.report_rows[report.id]
            refs = self.refs(report)
            found.append(rows if refs is None else rows[[contents.chunks[row].ref in refs for row in rows]])
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def documents(self, contents: IndexContents, language: Language) -> NDArray[np.int64] | None:
        """The numbers of a language's documents that lie in it; None where all do."""
        if self.is_all:
            return None
        found = []
        for report in filter(self.admits, contents.reports):
            if (span := contents.report_documents[language].get(report.id)) is None:
                continue
            documents = np.arange(*span)
            refs = self.refs(report)
            keys = contents.keys[language]
            found.append(documents if refs is None else documents[[keys[i][1] in refs for i in documents]])
        return np.concatenate(found) if found else np.empty(0, np.int64)


Within = str | Scope | None
"""A report's id, a scope, or None for everything."""
