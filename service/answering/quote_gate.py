"""The last gate: nothing leaves unless every quote is a verbatim slice of the stored text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corpus.records import Report
from service.records import Quote


def quoted_text(quote: Quote, reports: Mapping[str, Report]) -> str | None:
    """The words that a quote stands for, or None where it points at nothing.

    >>> quoted_text(Quote("kyoto-2021-workshop-4", Ref(99), "en", 0, 5), reports) is None
    True
    """
    report = reports.get(quote.report)
    rendering = report.rendering(quote.language) if report else None
    if rendering is None or rendering.language != quote.language or quote.ref not in rendering.by_ref:
        return None
    text = rendering.by_ref[quote.ref].text
    if not 0 <= quote.start < quote.end <= len(text):
        return None
    return text[quote.start : quote.end]


def proved(quotes: Iterable[Quote], reports: Mapping[str, Report]) -> tuple[tuple[Quote, str], ...]:
    """The quotes that hold, each with its words; the others are left out."""
    checked = ((quote, quoted_text(quote, reports)) for quote in quotes)
    return tuple((quote, text) for quote, text in checked if text)
