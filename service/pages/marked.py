"""A paragraph's text cut where its looks change: a quotation, an emphasis, a mended misprint, a foreign run.

    "… تفتقر إلى …" with a correction over "تفتقر" → Run("… "), Run("تفتقر", mended=…), Run(" إلى …")

The runs put together are the text, but for characters that are never shown.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from corpus.names import Name
from corpus.records import Correction, Language, Paragraph, Span
from corpus.refs import Ref

T = TypeVar("T")
Names = tuple[Name, ...]
NO_MARKS: Mapping[Span, str] = {}

_SYMBOL = re.compile(r"[A-Z]+(?:/[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)+")
# Document symbols (A/CONF.234/PM.1), names in the other script, and lines of a title page that are all in it ("Distr.:
# Limited"): what must keep its own direction.
_LINE = r"^(?=[^\n]*[A-Za-z])[ -~]+$"
_FOREIGN: Mapping[Language, re.Pattern[str]] = {
    "ar": re.compile(
        rf"{_LINE}|{_SYMBOL.pattern}|[A-Za-z](?:[A-Za-z0-9.&'-]| (?=[A-Za-z])(?![A-Z]+/))*(?<=[A-Za-z0-9])",
        re.MULTILINE,
    ),
    "en": re.compile(r"[\u0620-\u06ff](?:[\u0610-\u06ff]| (?=[\u0620-\u06ff]))*"),
}
_OTHER: Mapping[Language, Language] = {"ar": "en", "en": "ar"}
# `corpus.text.clean` took these out of what was read from files; a report from elsewhere may still hold them.
_NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text that looks alike.

    `foreign` is the language of a run in the other script, or `symbol`; `unsure` a name whose spelling was not found
    published.
    """

    text: str
    emphasis: bool = False
    mended: Correction | None = None
    foreign: str = ""
    unsure: Name | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Runs that lead to the same line of a table, or to none."""

    mended: Correction | None
    unsure: Name | None
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is all emphasised, or not at all."""

    emphasis: bool
    parts: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that are all marked, as one quotation or hit, or none of them: `mark` is its anchor, None of what is not.

    An empty anchor is that of a mark which nothing leads to.
    """

    mark: str | None
    runs: tuple[Run, ...]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The runs as elements nest around them: emphasis outside, links inside."""
        return tuple(
            Phrase(
                emphasis,
                tuple(Marked(*mark, tuple(same)) for mark, same in groupby(runs, key=lambda r: (r.mended, r.unsure))),
            )
            for emphasis, runs in groupby(self.runs, key=lambda run: run.emphasis)
        )


def cut(
    paragraph: Paragraph, language: Language, marks: Mapping[Span, str] = NO_MARKS, names: Names = ()
) -> tuple[Stretch, ...]:
    """The paragraph's text in stretches; `marks` are highlighted, and where it is English, unsure `names` marked.

    A mark's value is its anchor.
    """
    text = paragraph.text
    places = ((text.find(name.en), name) for name in names if language == "en")
    unsure = {Span(at, at + len(name.en)): name for at, name in places if at >= 0}
    foreign = {Span(*m.span()): _kind(m.group(), language) for m in _FOREIGN[language].finditer(text)}
    mended = {correction.span: correction for correction in paragraph.corrections}
    emphasis = dict.fromkeys(paragraph.emphasis, True)
    spans = [*foreign, *mended, *unsure, *emphasis, *marks]
    edges = sorted({0, len(text), *(edge for span in spans for edge in (span.start, span.end))})
    quoted, stressed, corrected, strange = _Cover(marks), _Cover(emphasis), _Cover(mended), _Cover(foreign)
    doubtful = _Cover(unsure)
    runs = [
        (
            quoted.at(start),
            Run(
                _NEVER_SHOWN.sub("", text[start:end]),
                emphasis=stressed.at(start) is not None,
                mended=corrected.at(start),
                foreign=strange.at(start) or "",
                unsure=doubtful.at(start),
            ),
        )
        for start, end in pairwise(edge for edge in edges if 0 <= edge <= len(text))
    ]
    grouped = groupby(runs, key=lambda pair: pair[0])
    return tuple(Stretch(mark, tuple(run for _, run in pairs)) for mark, pairs in grouped)


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


def unsure_eid(name: Name) -> str:
    """The anchor of a name's line in the table: `name_Jo_Harlos`."""
    return f"name_{name.en.replace(' ', '_')}"


def _kind(text: str, language: Language) -> str:
    return "symbol" if _SYMBOL.fullmatch(text) else _OTHER[language]


class _Cover(Generic[T]):
    """What lies over the places of a text, which are asked for from left to right: linear in the number of spans."""

    def __init__(self, values: Mapping[Span, T]) -> None:
        self._coming = deque(sorted(values.items(), key=lambda pair: pair[0].start))
        self._end = 0
        self._value: T | None = None

    def at(self, place: int) -> T | None:
        """The value of a span over that place; of several, that of the one that reaches furthest."""
        while self._coming and self._coming[0][0].start <= place:
            span, value = self._coming.popleft()
            if span.end > self._end:
                self._end, self._value = span.end, value
        return self._value if place < self._end else None
