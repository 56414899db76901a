"""Which lines are headings, and how deep they stand.

A format may say so itself (Word styles, HTML, Markdown, larger letters in a PDF). Elsewhere the looks decide: short,
and without a full stop. `I.` and `أولا-` stand above `A.` and `ألف-`, as United Nations documents print them; headings
that follow each other directly nest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.refs import UnreadableReference, parse_ref
from corpus.refs.numerals import fold_each, roman_value
from corpus.text import bare

MAX_HEADING = 160
MAX_DEPTH = 16  # each paragraph keeps the headings above it; a list of a thousand short lines is no path of headings
_UNKNOWN = 8  # below every level that a format or a number states

_SENTENCE_END = re.compile(r"[.؟!?؛;:،,]['\"»”)*\]]*(?:\ue000[^\ue000\ue001]*\ue001)*$")
_ANNEX = re.compile(
    r"(?:annex|المرفق)(?![^\W\d]|['’])"  # the whole word: not "Annexes", "Annexation", المرفقات
    r"(?:(?:\s+|-|(?=\d))(?P<number>[^\s:.–—-]+(?:\s+عشر)?))?\s*[:.–—-]?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"([IVX]{1,6})\.\s+\S")
_CAPITAL = re.compile(r"([A-Z])\.\s+\S")
_PART = re.compile(r"(?:part|chapter)\s+\w+|الجزء\s+ال\w+|الفصل\s+ال\w+", re.IGNORECASE)
_ARABIC_ORDINALS = re.compile(r"(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)(?: عشر)?\s*[-.–:]")
_ARABIC_LETTERS = re.compile(r"(?:ألف|باء|جيم|دال|هاء|واو|زاي|حاء|طاء|ياء)\s*[-.–:]")


def looks_like_heading(lines: Sequence[str]) -> bool:
    """Whether a block of text without a number is a heading by its looks.

    >>> looks_like_heading(["Chair's summary"]), looks_like_heading(["It was noted that crime pays."])
    (True, False)
    """
    text = " ".join(lines)
    return bool(text) and len(text) <= MAX_HEADING and not _SENTENCE_END.search(text)


def annex_of(text: str) -> int | None:
    """The number of the annex that a heading opens, 0 where it has none, None where it opens no annex.

    >>> annex_of("Annex II"), annex_of("المرفق الأول"), annex_of("Annex"), annex_of("Annexes to come")
    (2, 1, 0, None)
    """
    text = text.strip().strip("*").removesuffix(":")
    found = _ANNEX.fullmatch(text)
    if found is None or len(text) > MAX_HEADING or _SENTENCE_END.search(text):
        return None
    number = found["number"]
    if number is None:
        return 0
    named = roman_value(number.casefold())
    if named:
        return named
    try:  # in digits or as an ordinal: the grammar of references knows how
        return parse_ref(f"المرفق {fold_each(number).text}، الفقرة 1").annex
    except UnreadableReference:
        return None


class Headings:
    """The headings that the next paragraph stands under."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, str]] = []
        self._open = False

    @property
    def path(self) -> tuple[str, ...]:
        """Their texts, from the outermost to the innermost."""
        return tuple(text for _, text in self._stack)

    @property
    def is_open(self) -> bool:
        """Whether no paragraph has come since the last heading."""
        return self._open

    def close(self) -> None:
        """Note that a paragraph has come, so that the next heading does not nest below the last one."""
        self._open = False

    def add(self, text: str, level: int = 0) -> bool:
        """Add a heading; `level` is the depth that its format states, 0 for none. False: too deep to keep."""
        level = level or self._printed_level(text)
        if level:
            self._stack = [(above, name) for above, name in self._stack if above < level]
        elif not self._open:
            self._stack = [(above, name) for above, name in self._stack if above < _UNKNOWN]
        self._open = True
        if len(self._stack) == MAX_DEPTH:
            return False
        self._stack.append((level or _UNKNOWN + len(self._stack), text))
        return True

    def _printed_level(self, text: str) -> int:
        """The level that a heading's own number states: `I.` 2, `A.` 3, `Part One` 1."""
        if _PART.match(text):
            return 1
        capital = _CAPITAL.match(text)
        letters = [name for _, name in self._stack if _CAPITAL.match(name) and not _is_roman(name)]
        follows = bool(capital and letters and ord(capital[1]) == ord(letters[-1][0]) + 1)
        if _ARABIC_ORDINALS.match(bare(text)) or (_is_roman(text) and not follows):
            return 2
        return 3 if capital or _ARABIC_LETTERS.match(text) else 0


def _is_roman(text: str) -> bool:
    found = _ROMAN.match(text)
    return bool(found and roman_value(found[1].lower()))
