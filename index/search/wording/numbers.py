"""The numbers in a text, so that "panel 2" is found to stand in "the second panel"."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.refs.numerals import fold_each, is_numeral, spelled_number
from corpus.text import latin_digits

KEPT = 1024  # passages that come first more than once
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+|-")
JOINED = "وبلف"  # what Arabic writes together with the word after it: and, with, for, so


def numbers(text: str) -> frozenset[str]:
    """Those in digits, of either script.

    >>> sorted(numbers("الجلستان ٥ و6"))
    ['5', '6']
    """
    return frozenset(_NUMBER.findall(latin_digits(text)))


@lru_cache(maxsize=KEPT)
def numbers_said(text: str) -> frozenset[str]:
    """Those in digits, and those in words up to 99.

    >>> sorted(numbers_said("At the fifth meeting, on 9 March")), sorted(numbers_said("وفي الجلسة الخامسة والعشرين"))
    (['5', '9'], ['20', '25'])
    """
    words = [_parted(word) for word in _WORD.findall(fold_each(text).text)]
    plain = [part for parts in words for part in parts]
    found = (spelled_number(plain[place : place + 3]) for place, word in enumerate(plain) if is_numeral(word))
    return numbers(text) | {str(number.value) for number in found if number}


def _parted(word: str) -> tuple[str, ...]:
    """`والعشرون` → `و`, `العشرون`, as `spelled_number` reads it."""
    if word[0] in JOINED and not is_numeral(word) and is_numeral(word[1:]):
        return word[0], word[1:]
    return (word,)
