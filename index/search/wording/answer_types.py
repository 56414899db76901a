"""What kind of thing a question asks for, and which paragraphs hold things of that kind.

"Which countries spoke?" wants country names; a paragraph that is a list of them should outrank one that shares more
of the question's words. This is the expected-answer-type evidence of classical question answering (Li and Roth,
2002), kept to kinds that can be found without a model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.records import Span
from corpus.text import fold, fold_aligned
from index.search.wording.countries import countries_named, country_names

AnswerType = Literal["date", "country", "person", "organisation", "number", "document"]
TYPES: tuple[AnswerType, ...] = get_args(AnswerType)
# A paragraph of which this much is names of a kind is a list of them; more says no more.
FULL = 0.3
# A shorter text counts as this long: "Italy." is no list.
SHORTEST = 30

# Patterns are matched against folded text: no case, no hamza, ta marbuta as ha.
# "من" that is no "who": of which, between, where from, during, before …
_NO_WHO = "اي|بين|اين|خلال|قبل|اجل|اهم|ضمن|فضلك|حيث|ناحيه|جانب|جهه|المهم|الممكن|المفيد|ماذا|غير"
_ASKED: dict[AnswerType, str] = {
    "date": r"\bwhen\b|\b(?:what|which) (?:date|day|month|year)|\bdates?\b|\bdays\b"
    r"|متي|تاريخ|تواريخ|اي (?:يوم|شهر|سنه|عام|ايام)|يومين|ايام",
    "country": r"\bcountr(?:y|ies)\b|\bnations?\b|\bdelegations?\b|\b(?:which|what) (?:member )?states?\b"
    r"|\brepresentatives?\b|\bdelegates?\b|\bبلد|بلدان|\bدوله?\b|\bوفود|\bوفد|ممثل",
    "person": r"\bwho(?:m|se)?\b|\bnames?\b|\bpeople\b|\bpersons?\b|\bpanell?ists?\b|\bmoderat|\bexperts?\b"
    r"|\bline-?up\b"
    rf"|^[وف]?من (?!(?:{_NO_WHO})\b)"
    r"|\bاسم|اسماء|\bمن هو|خبراء|المتحاور|شخص|متكلم",
    "organisation": r"\borgani[sz]ations?\b|\bcompan(?:y|ies)\b|\binstitut|\bagenc(?:y|ies)\b|\buniversit"
    r"|\bbod(?:y|ies)\b|\bemployer|\bworks? (?:for|at)\b"
    r"|منظم|شرك[هات]|معهد|معاهد|جامع[هات]|\bجه(?:ه|ات)\b|موسس|هيي?[هات]|ينتمي",
    "number": r"\bhow (?:many|much)\b|\bnumber of\b|\bكم\b|\bعدد\b",
    "document": r"\bsymbols?\b|\bdocuments?\b|\bresolutions?\b|وثيق|وثايق|\bرم[وز]ز?\b|\bقرار",
}
MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|كانون|شباط|اذار|نيسان|ايار|"
    "حزيران|تموز|ايلول|تشرين|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر"
)
_FOUND: dict[AnswerType, str] = {
    "date": rf"\b\d{{1,2}}\b[^.]{{0,20}}\b(?:{MONTHS})\b|\b(?:{MONTHS})\b[^.]{{0,12}}\b\d{{4}}\b|\b(?:19|20)\d\d\b",
    "organisation": r"\b(?:institut\w*|universit\w*|office|organi[sz]ation|commission|committee|ministry|department|"
    r"alliance|association|platform|company|cent(?:er|re)|council|agency|bank|fund)\b"
    r"|(?:معهد|جامعه|مكتب|منظم|مفوضي|لجن|وزار|تحالف|جمعي|منبر|شرك|مركز|مجلس|وكال|بنك|صندوق)\w*",
    "number": r"\b\d+\b",
    "document": r"\b[a-z]+/[a-z]+\.[\w./]{0,60}\d|\b\d+/\d+\b",
}
# A country is asked for in these words alone, where one is named or the representative of somebody is.
_WHICH_COUNTRY = re.compile(
    r"\bcountr(?:y|ies)\b|\bnations\b|\b(?:which|what|how many) (?:\w+ ){0,2}(?:states?|delegations?)\b"
    r"|\b(?:اي|كم|ما) (?:\w+ ){0,2}(?:ال)?وفود|\bبلد|بلدان|\bدوله?\b|الدول\b"
)
_ONE_SPEAKER = re.compile(r"\b(?:representative|delegate) of (?:the )?\w|\b(?:ممثل|مندوب)ه? \w")
_ASKED_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _ASKED.items()}
_FOUND_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _FOUND.items()}
# "; Thomas Holt, " or "; and Danka Hržina, ": a name in a list of names with what each person is.
# Arabic has no capitals: two to five words between the list's own stops.
_LISTED_NAMES = (
    re.compile(r"[;:] (?:and )?(?P<name>[^\W\d_a-z][\w'-]+(?: (?:[a-z]{2,3} )*[^\W\d_a-z][\w'-]+)+),"),
    re.compile(r"[؛:] (?P<name>[ء-ي]+(?:[ -][ء-ي]+){1,4})،"),
)


def asked_types(question: str) -> frozenset[AnswerType]:
    """The kinds of thing that a question asks for; none is common.

    >>> asked_types("Which countries took the floor?")
    frozenset({'country'})
    """
    folded = fold(question)
    asked = frozenset(kind for kind, pattern in _ASKED_PATTERNS.items() if pattern.search(folded))
    if (
        "country" in asked
        and not _WHICH_COUNTRY.search(folded)
        and (_ONE_SPEAKER.search(folded) or countries_named(question))
    ):
        return asked - {"country"}
    return asked


def type_shares(texts: Sequence[str]) -> NDArray[np.uint8]:
    """How much of a paragraph things of each kind are → uint8 [len(TYPES)], 255 where FULL of a text or more.

    `texts` is the paragraph once a language; the language with the larger share counts.

    >>> int(type_shares(["Italy, the Philippines and Brazil."])[TYPES.index("country")])
    255
    """
    shares = [max((_share(kind, text) for text in texts), default=0.0) for kind in TYPES]
    scaled: NDArray[np.uint8] = np.rint(np.minimum(np.array(shares) / FULL, 1) * 255).astype(np.uint8)
    return scaled


def find_things(kind: AnswerType, text: str) -> tuple[Span, ...]:
    """Where a text has things of a kind, in order.

    >>> find_things("country", "Representatives of Morocco, France and China spoke.")
    (Span(start=19, end=26), Span(start=28, end=34), Span(start=39, end=44))
    """
    if kind == "person":
        names = sorted(m.span("name") for pattern in _LISTED_NAMES for m in pattern.finditer(text))
        organisation = _FOUND_PATTERNS["organisation"]
        return tuple(Span(a, b) for a, b in names if not organisation.search(fold(text[a:b])))
    folded, origins = fold_aligned(text)
    pattern = _countries() if kind == "country" else _FOUND_PATTERNS[kind]
    return tuple(
        Span(origins[start], origins[end - 1] + 1)
        for start, end in (match.span(match.lastgroup or 0) for match in pattern.finditer(folded))
    )


def _share(kind: AnswerType, text: str) -> float:
    return sum(span.end - span.start for span in find_things(kind, text)) / max(len(text), SHORTEST)


@cache
def _countries() -> re.Pattern[str]:
    """Folded country names in both languages; the shortest are words too often."""
    longest_first = sorted({re.escape(name) for name in country_names() if len(name) > 3}, key=len, reverse=True)
    return re.compile(rf"\bو?(?P<name>{'|'.join(longest_first)})\b")
