"""What kind of thing a question asks for, and which paragraphs hold things of that kind.

"Which countries spoke?" wants country names; a paragraph that is a list of them should outrank one that shares more
of the question's words. This is the expected-answer-type evidence of classical question answering (Li and Roth,
2002), kept to kinds that can be counted without a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold

AnswerType = Literal["date", "country", "person", "organisation", "number", "document"]
TYPES: tuple[AnswerType, ...] = get_args(AnswerType)
# From here on, more of a kind says no more.
ENOUGH = 3

# Patterns are matched against folded text: no case, no hamza, ta marbuta as ha.
_ASKED: dict[AnswerType, str] = {
    "date": r"\bwhen\b|\b(?:what|which) (?:date|day|month|year)|\bdates?\b|\bdays\b"
    r"|متي|تاريخ|تواريخ|اي (?:يوم|شهر|سنه|عام|ايام)|يومين|ايام",
    "country": r"\bcountr(?:y|ies)\b|\bnations?\b|\bdelegations?\b|\b(?:which|what) (?:member )?states?\b"
    r"|\brepresentatives?\b|\bdelegates?\b|\bبلد|بلدان|\bدوله?\b|\bوفود|\bوفد|ممثل",
    "person": r"\bwho(?:m|se)?\b|\bnames?\b|\bpeople\b|\bpersons?\b|\bpanell?ists?\b|\bmoderat|\bexperts?\b"
    r"|\bline-?up\b|^من (?:هو|هي|هم|الذين?|كان|ادار|تكلم|القي|شارك)|\bاسم|اسماء|\bمن هو|خبراء|المتحاور|شخص|متكلم",
    "organisation": r"\borgani[sz]ations?\b|\bcompan(?:y|ies)\b|\binstitut|\bagenc(?:y|ies)\b|\buniversit"
    r"|\bbod(?:y|ies)\b|\bemployer|\bworks? (?:for|at)\b"
    r"|منظم|شرك[هات]|معهد|معاهد|جامع[هات]|\bجه(?:ه|ات)\b|موسس|هيي?[هات]|ينتمي",
    "number": r"\bhow (?:many|much)\b|\bnumber of\b|\bكم\b|\bعدد\b",
    "document": r"\bsymbols?\b|\bdocuments?\b|\bresolutions?\b|وثيق|وثايق|\bرم[وز]ز?\b|\bقرار",
}
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|كانون|شباط|اذار|نيسان|ايار|"
    "حزيران|تموز|ايلول|تشرين|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر"
)
_FOUND: dict[AnswerType, str] = {
    "date": rf"\b\d{{1,2}}\b[^.]{{0,20}}\b(?:{_MONTHS})\b|\b(?:{_MONTHS})\b[^.]{{0,12}}\b\d{{4}}\b|\b(?:19|20)\d\d\b",
    "organisation": r"\b(?:institut\w*|universit\w*|office|organi[sz]ation|commission|committee|ministry|department|"
    r"alliance|association|platform|company|cent(?:er|re)|council|agency|bank|fund)\b"
    r"|(?:معهد|جامعه|مكتب|منظم|مفوضي|لجن|وزار|تحالف|جمعي|منبر|شرك|مركز|مجلس|وكال|بنك|صندوق)\w*",
    "number": r"\b\d+\b",
    "document": r"\b[a-z]+/[a-z]+\.\d|\b\d+/\d+\b",
}
_ASKED_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _ASKED.items()}
_FOUND_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _FOUND.items()}
_NO_NAME = re.compile(r"[^\w -]+")
# "; Thomas Holt, " or " and Danka Hržina, ": a name in a list of names with what each person is.
# Arabic has no capitals: two to five words between the list's own stops.
_LISTED_NAMES = (
    re.compile(r"(?:[;:]|\band) (?P<name>[^\W\d_a-z][\w'-]+(?: (?:[a-z]{2,3} )*[^\W\d_a-z][\w'-]+)+),"),
    re.compile(r"[؛:] (?P<name>[ء-ي]+(?:[ -][ء-ي]+){1,4})،"),
)


def asked_types(question: str) -> frozenset[AnswerType]:
    """The kinds of thing that a question asks for; none is common.

    >>> asked_types("Which countries took the floor?")
    frozenset({'country'})
    """
    folded = fold(question)
    return frozenset(kind for kind, pattern in _ASKED_PATTERNS.items() if pattern.search(folded))


def count_types(texts: Sequence[str]) -> NDArray[np.uint8]:
    """How many things of each kind a paragraph's texts (one a language) hold → uint8 [len(TYPES)], at most ENOUGH."""
    counts = [max((_count(kind, text) for text in texts), default=0) for kind in TYPES]
    return np.minimum(counts, ENOUGH).astype(np.uint8)


def _count(kind: AnswerType, text: str) -> int:
    folded = fold(text)
    if kind == "country":
        padded = f" {_NO_NAME.sub(' ', folded)} "
        return sum(f" {name} " in padded or f" و{name} " in padded for name in _countries())
    if kind == "person":
        names = [match["name"] for pattern in _LISTED_NAMES for match in pattern.finditer(text)]
        return sum(not _FOUND_PATTERNS["organisation"].search(fold(name)) for name in names)
    return len(_FOUND_PATTERNS[kind].findall(folded))


@cache
def _countries() -> frozenset[str]:
    """Folded country names in both languages, from Unicode's CLDR, and the forms that United Nations texts prefer."""
    from babel import Locale  # noqa: PLC0415 - only building needs it

    names = {name for language in ("ar", "en") for code, name in Locale(language).territories.items() if code.isalpha()}
    names |= {"الاتحاد الروسي", "Russian Federation", "United States of America", "الولايات المتحدة الأمريكية"}
    return frozenset(fold(name) for name in names if len(name) > 3)
