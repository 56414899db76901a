"""Which of several is meant: the meetings, sessions and panels that a text calls by their number.

    ordinals("after the 2nd panel")                → panel 2
    ordinals("في الجلستين الخامسة والسادسة")        → meeting 5, meeting 6

"The three meetings" are three, and none of them the third; "panel 3" is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from corpus.refs.numerals import fold_each, is_numeral, roman_value, spelled_number
from corpus.text import fold
from index.search.wording.numbers import JOINED

Kind = Literal["meeting", "session", "panel", ""]
"""What is counted; nothing where the text does not say it."""


class Ordinal(NamedTuple):
    """One of a kind, by its number: the fifth meeting."""

    kind: Kind
    number: int


class _Read(NamedTuple):
    """A number in a text: from which word to which, and whether it can only be an ordinal."""

    start: int
    end: int
    value: int
    ordinal: bool


ONE: dict[str, Kind] = {
    **dict.fromkeys(fold("meeting جلسة الجلسة جلستها لجلسة للجلسة").split(), "meeting"),
    "session": "session",
    **dict.fromkeys(fold("panel discussion نقاش النقاش حلقة الحلقة المناقشة").split(), "panel"),
}
"""Words for one of a kind; "panel discussion" and «حلقة النقاش» are two words for one."""
SEVERAL: dict[str, Kind] = {
    **dict.fromkeys(fold("meetings جلسات الجلسات الجلستين الجلستان جلستي جلستيها جلساتها").split(), "meeting"),
    "sessions": "session",
    **dict.fromkeys(fold("panels discussions حلقتي حلقتا الحلقتين الحلقتان حلقات الحلقات").split(), "panel"),
}
_NAMED: dict[str, Kind] = ONE | SEVERAL
_WORD = re.compile(r"\w+|-")
_DIGITS = re.compile(r"(\d{1,3})(st|nd|rd|th)?")
_BETWEEN = frozenset("no number رقم".split())  # "meeting no. 5"
_AND = frozenset(["and", "و", "or", "to", "through", "الي", "او", "-"])
_RANGE = frozenset(["to", "through", "الي", "-"])
_LONGEST_RANGE = 10
_LAST = frozenset(fold("last final الأخيرة والأخيرة").split())
LAST = -1
"""The number of the last one, as `panels[-1]` is."""


def ordinals(text: str) -> tuple[Ordinal, ...]:
    """Those that are called by a number, in order, each with its kind; "the last panel" is `LAST`.

    >>> ordinals("Who led the second panel, and who spoke at the 5th and 6th meetings?")[1:]
    (Ordinal(kind='meeting', number=5), Ordinal(kind='meeting', number=6))
    >>> ordinals("The three meetings were moderated by …"), ordinals("Panel II")
    ((), (Ordinal(kind='panel', number=2),))
    """
    words = [part for word in _WORD.findall(fold_each(text).text) for part in _parted(word)]
    found: list[tuple[_Read, Kind]] = []
    for read in _numbers(words):
        kind, apart = _kind(words, read)
        goes_on = bool(found) and found[-1][0].end < read.start and set(words[found[-1][0].end : read.start]) <= _AND
        if read.ordinal or (apart and kind) or (goes_on and not kind):
            found.append((read, kind))
    return tuple(dict.fromkeys(_spread(words, found)))


def _numbers(words: list[str]) -> Iterator[_Read]:
    at = 0
    while at < len(words):
        read = _read(words, at)
        if read is not None:
            yield read
        at = read.end if read else at + 1


def _read(words: list[str], at: int) -> _Read | None:
    word = words[at]
    if digits := _DIGITS.fullmatch(word):
        return _Read(at, at + 1, int(digits[1]), digits[2] is not None)
    if word in _LAST:
        return _Read(at, at + 1, LAST, ordinal=True)
    if is_numeral(word) and (number := spelled_number(words[at : at + 3])):
        return _Read(at, at + number.words, number.value, number.ordinal)
    value = roman_value(word) if at and words[at - 1] in ONE else 0
    return _Read(at, at + 1, value, ordinal=False) if value else None


def _kind(words: list[str], read: _Read) -> tuple[Kind, bool]:
    """What a number counts, and whether that stands before it: "panel 3", where "3 panels" are three."""
    before = read.start - 1
    while before >= 0 and words[before] in _BETWEEN:
        before -= 1
    after = words[read.end] if read.end < len(words) else ""
    if read.ordinal and after in _NAMED and (after.isascii() or before < 0 or words[before] not in _NAMED):
        return _NAMED[after], False
    kind = _NAMED.get(words[before], "") if before >= 0 else ""
    counted = before >= 0 and words[before] in SEVERAL and not words[before].isascii()  # «الجلسات الثلاث» are three
    return kind, not counted


def _spread(words: list[str], found: list[tuple[_Read, Kind]]) -> Iterator[Ordinal]:
    """Each in a row of several is of the row's kind: "the fifth and sixth meetings"; "4th to 6th" holds the 5th."""
    kinds = [kind for _, kind in found]
    joined = [set(words[a.end : b.start]) <= _AND for (a, _), (b, _) in pairwise(found)]
    for at in range(1, len(kinds)):
        if not kinds[at] and joined[at - 1]:
            kinds[at] = kinds[at - 1]
    for at in reversed(range(len(kinds) - 1)):
        if not kinds[at] and joined[at]:
            kinds[at] = kinds[at + 1]
    for at, (read, _) in enumerate(found):
        until = found[at + 1][0] if at < len(joined) and joined[at] else None
        is_range = until is not None and not _RANGE.isdisjoint(words[read.end : until.start])
        last = min(until.value, read.value + _LONGEST_RANGE) if is_range and until else read.value + 1
        yield from (Ordinal(kinds[at], number) for number in range(read.value, max(last, read.value + 1)))


def _parted(word: str) -> tuple[str, ...]:
    """`والسادسة` → `و`, `السادسة`."""
    if word[0] in JOINED and len(word) > 1 and not is_numeral(word) and word not in _NAMED:
        rest = word[1:]
        if is_numeral(rest) or rest in _NAMED or rest in _LAST or rest.isdecimal():
            return word[0], rest
    return (word,)
