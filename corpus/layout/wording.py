"""Lines that say by their words what they are: a range of paragraphs, a number nobody can cite, one that goes on."""

from __future__ import annotations

import re

from corpus.layout.markers import inserted_of
from corpus.refs import Ref, RefRange
from corpus.refs.numerals import INSERTION
from corpus.text import latin_digits

_RANGE = re.compile(
    rf"(\d{{1,4}})(?:\s{{0,3}}({INSERTION}))?\s*(?:[-\u2010-\u2015]|and|to|و|إلى)\s*"
    rf"(?:(\d{{1,4}})(?:\s{{0,3}}({INSERTION}))?|({INSERTION}))\s*[.)\u2010-\u2015-]\s+(?=\S)"
)
_MOST_AT_ONCE = 50
_LONGEST = 64  # characters that a number and what is before it may take
_UNCITABLE = re.compile(  # 2 bis 1., ٢ مكررا ٢-, 2 duodecies.
    rf"-?\s*(\d{{1,4}}\s{{0,3}}(?:{INSERTION}\s{{1,3}}\d{{1,2}}|[a-z]{{2,12}}decies))\s{{0,3}}(?:[.)\u2010-\u2015/-]|\t)\s*(?=\S)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\(\s*(?:continued|cont['’]?d\.?|cont\.|تابع|تتمة)\s*\)\s*", re.IGNORECASE)
_CLOSES = re.compile(
    r"(?:done|signed|adopted|given)\s+(?:at|in|on|by)\b|\d+(?:st|nd|rd|th)\s+(?:plenary\s+)?meeting\b"
    r"|(?:حُ?رِّ?ر|حُرر|حرّر|وُ?قِّ?ع|صدر)\s+(?:في|ب)|الجلسة العامة\s",
    re.IGNORECASE,
)
_LEADS_TO_NUMBER = re.compile(
    r"(?:\b(?:paragraphs?|paras?\.?|sections?|articles?|rules?|items?|nos?\.?|and|or|to|of|in|until|by|on|from|than)"
    r"|,|(?:^|\s)(?:و?(?:ال|لل|بال|كال)(?:فقر(?:ة|ات|تين|تان)|ماد(?:ة|تين|تان)|مواد|بند|بنود|قاعدة|قواعد)"
    r"|رقم|في|من|إلى|و|أو))$",
    re.IGNORECASE,
)


def range_of(text: str) -> RefRange | None:
    """The paragraphs that a line stands for, where they are several.

    >>> str(range_of("2-4. [Deleted]")), str(range_of("2 bis and 2 ter. [Deleted]")), range_of("7-12 April")
    ('2-4', '2bis-2ter', None)
    """
    found = _RANGE.match(latin_digits(text[:_LONGEST]))
    if found is None:
        return None
    start, end = int(found[1]), int(found[3] or found[1])
    if not 0 < start <= end <= start + _MOST_AT_ONCE or (found[5] and not found[2]):
        return None
    first, last = (
        Ref(start, inserted=inserted_of(found[2] or "")),
        Ref(end, inserted=inserted_of(found[4] or found[5] or "")),
    )
    return RefRange(first, last) if first < last else None


def uncitable(text: str) -> str | None:
    """The number that a line begins with, where it stands between two numbers and none of their names is its own.

    >>> uncitable("2 bis 1. A fine"), uncitable("٢ مكررا ٢- الغرامة"), uncitable("2 bis. A fine")
    ('2 bis 1', '٢ مكررا ٢', None)
    """
    found = _UNCITABLE.match(latin_digits(text[:_LONGEST]))
    return text[found.start(1) : found.end(1)] if found else None


def after_continued(text: str) -> str | None:
    """What follows `(continued)`, or None where a text does not begin with it."""
    found = _GOES_ON.match(text)
    return text[found.end() :] if found else None


def closes(text: str) -> bool:
    """Whether a line closes a document, as "Done at Valletta on 3 May 2031" does."""
    return bool(_CLOSES.match(text))


def leads_to_a_number(text: str) -> bool:
    """Whether a text breaks off where the number of something else follows: `see paragraphs 1 and`."""
    return bool(_LEADS_TO_NUMBER.search(text[-40:].rstrip()))
