"""Lines that say by their words what they are: a range of paragraphs, one between two others, one that goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.text import latin_digits

_RANGE = re.compile(r"(\d{1,4})\s*(?:[-\u2010-\u2015]|and|to|و|إلى)\s*(\d{1,4})\s*[.)\u2010-\u2015-]\s+(?=\S)")
_MOST_AT_ONCE = 50
_LONGEST = 64  # characters that a number and what is before it may take
_BETWEEN = re.compile(
    r"-?\s*(\d{1,4}\s*(?:bis|ter|quater|quinquies|sexies|septies|مكرر(?:ا|اً|ًا)?(?:\s{1,3}(?:ثانيا|ثالثا|رابعا|خامسا))?))"
    r"\s{0,3}(?:[.)\u2010-\u2015/-]|\t)\s*(?=\S)",
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
    r"|,|(?:^|\s)(?:الفقر(?:ة|ات|تين|تان)|للفقر(?:ة|ات|تين)|الماد(?:ة|تين|تان)|المواد|البند|البنود|رقم|في|من|إلى|و|أو))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Range:
    """Paragraphs that a document gives one line: `2-4. [Deleted]`."""

    first: int
    last: int


def range_of(text: str) -> Range | None:
    """The paragraphs that a line stands for, where they are several.

    >>> range_of("2-4. [Deleted]"), range_of("7-12 April")
    (Range(first=2, last=4), None)
    """
    found = _RANGE.match(latin_digits(text[:_LONGEST]))
    if found is None or not 0 < int(found[2]) - int(found[1]) <= _MOST_AT_ONCE:
        return None
    return Range(int(found[1]), int(found[2]))


def between(text: str) -> str | None:
    """The number that a line begins with, where it stands between two numbers.

    >>> between("2 bis. A fine"), between("2 مكرر- الغرامة"), between("2. A fine")
    ('2 bis', '2 مكرر', None)
    """
    found = _BETWEEN.match(latin_digits(text[:_LONGEST]))
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
