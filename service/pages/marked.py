"""A paragraph's text cut where its looks change: a quotation, an emphasis, a mended misprint, a foreign run.

    "… تفتقر إلى …" with a correction over "تفتقر" → Run("… "), Run("تفتقر", mended=…), Run(" إلى …")

The runs put together are the text, but for characters that are never shown.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from corpus.records import Correction, Language, Paragraph, Span
from corpus.refs import Ref

_SYMBOL = re.compile(r"[A-Z]+(?:/[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)+")
# Document symbols (A/CONF.234/PM.1) and names in the other script: what must keep its own direction.
_FOREIGN: Mapping[Language, re.Pattern[str]] = {
    "ar": re.compile(_SYMBOL.pattern + r"|[A-Za-z](?:[A-Za-z0-9.&'-]| (?=[A-Za-z])(?![A-Z]+/))*(?<=[A-Za-z0-9])"),
    "en": re.compile(r"[\u0620-\u06ff](?:[\u0610-\u06ff]| (?=[\u0620-\u06ff]))*"),
}
_OTHER: Mapping[Language, Language] = {"ar": "en", "en": "ar"}
# `corpus.text.clean` took these out of what was read from files; a report from elsewhere may still hold them.
_NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text that looks alike. `foreign` is the language of a run in the other script, or `symbol`."""

    text: str
    emphasis: bool = False
    mended: Correction | None = None
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that are all quoted, or none of them."""

    quoted: bool
    runs: tuple[Run, ...]


def cut(paragraph: Paragraph, language: Language, quote: Span | None = None) -> tuple[Stretch, ...]:
    """The paragraph's text in stretches; `quote` is highlighted."""
    text = paragraph.text
    foreign = {Span(*m.span()): _kind(m.group(), language) for m in _FOREIGN[language].finditer(text)}
    mended = {correction.span: correction for correction in paragraph.corrections}
    quotes = (quote,) if quote else ()
    spans = [*foreign, *mended, *paragraph.emphasis, *quotes]
    edges = sorted({0, len(text), *(edge for span in spans for edge in (span.start, span.end))})
    cuts = list(pairwise(edge for edge in edges if 0 <= edge <= len(text)))
    over = (_over(some, [start for start, _ in cuts]) for some in (quotes, paragraph.emphasis, mended, foreign))
    runs = [
        (
            quoted is not None,
            Run(
                _NEVER_SHOWN.sub("", text[start:end]),
                emphasis=emphasised is not None,
                mended=mended[misread] if misread else None,
                foreign=foreign[other] if other else "",
            ),
        )
        for (start, end), quoted, emphasised, misread, other in zip(cuts, *over, strict=True)
    ]
    grouped = groupby(runs, key=lambda pair: pair[0])
    return tuple(Stretch(quoted, tuple(run for _, run in pairs)) for quoted, pairs in grouped)


def foreign_runs(text: str, language: Language) -> tuple[Run, ...]:
    """Plain text in runs, those of the other script apart: `"lack" (تفتقر)` in English → three."""
    plain = Paragraph(Ref(1), text, (), Span(0, 0))
    return tuple(run for stretch in cut(plain, language) for run in stretch.runs)


def quoted_span(text: str, start: str | None, end: str | None) -> Span | None:
    """What `?start=&end=` highlight; None where they are no range of the text.

    >>> quoted_span("twelve words", "0", "6"), quoted_span("twelve words", "6", "99")
    (Span(start=0, end=6), None)
    """
    numbers = [value for value in (start, end) if value and len(value) <= 7 and value.isascii() and value.isdigit()]
    if len(numbers) != 2:
        return None
    first, last = map(int, numbers)
    return Span(first, last) if first < last <= len(text) else None


def mended_eid(language: Language, correction: Correction) -> str:
    """The anchor of a correction's line in the table: `mended_ar_21(k)_54`, without brackets."""
    ref = correction.ref.replace("(", "_").replace(")", "")
    return f"mended_{language}_{ref}_{correction.span.start}"


def _kind(text: str, language: Language) -> str:
    return "symbol" if _SYMBOL.fullmatch(text) else _OTHER[language]


def _over(spans: Iterable[Span], places: Sequence[int]) -> Iterator[Span | None]:
    """Which of the spans lies over each of the places, which ascend: of several the one that begins first, or None."""
    waiting = deque(sorted(spans, key=lambda span: span.start))
    begun: list[Span] = []
    for place in places:
        while waiting and waiting[0].start <= place:
            begun.append(waiting.popleft())
        begun = [span for span in begun if span.end > place]
        yield begun[0] if begun else None
