"""Texts as words that compare: what a careful reader would call the same words is the same here, and keeps its place.

    split("Chair’s  summary") → Word("Chair", 0, 5), Word("s", 6, 7), Word("summary", 9, 16)
    split("تُشجّع الدول") → Word("تشجع", 0, 6), Word("الدول", 7, 12)

Diacritics, tatweel, hamza forms, digits of either script, white space, invisible marks, emphasis marks and every kind
of quotation mark, apostrophe and dash make no difference, nor does a final ى for ي. Letters, punctuation and case do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

QUOTATION_MARKS = "\"'“”„‟‘’‚‛«»‹›「」＂＇ʼ´"
_DROPPED = "ـ*_`"  # tatweel, and the marks of emphasis in Markdown and in printed reports
_SAME = str.maketrans(
    {
        **dict.fromkeys(QUOTATION_MARKS, " "),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict(zip("،؛؟٪٫٬۔", ",;?%.,.", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
        **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
        **dict(zip("ٱیکھہە", "ايكههه", strict=True)),  # letters that look the same, or a hamza without decomposition
    }
)
_LONGEST = 4  # ﷺ would become eighteen characters

# A و that a space parts from its word is the prefix it would be without: و الدليل is والدليل.
_WORD = re.compile(r"(?:و\s+(?=[^\W\d_]))?[^\W\d_]+|\d+|\S")


class Word(NamedTuple):
    """A word, number or mark as it compares, and where it was written: `source[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number, and no punctuation."""
        return self.text[0].isalnum()


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """`أ` → `ا`, `ُ` → nothing, `é` → `e`, `٢` → `2`, `«` → a space, `—` → `-`."""
    if character in _DROPPED:
        return ""
    same = character.translate(_SAME)
    if same != character:
        return same
    if unicodedata.category(character) in ("Cf", "Cc"):
        return " " if character.isspace() else ""
    parts = unicodedata.normalize("NFKD", character)
    letters = "".join(part for part in parts if unicodedata.category(part) != "Mn").translate(_SAME)
    return letters.strip() or " " * character.isspace() if len(letters) <= _LONGEST else "\ufffd"


def split(source: str, start: int = 0, end: int | None = None, base: int = 0) -> list[Word]:
    """The words and marks of `source[start:end]`; offsets count in `source`, from `base`. Linear in the length."""
    written = source[start:end]
    folded = list(map(_fold, written))
    first = base + start
    starts: Sequence[int] = range(first, first + len(written))
    ends: Sequence[int] = range(first + 1, first + 1 + len(written))
    if any(len(pieces) != 1 for pieces in folded):
        starts, ends = _places(written, first, folded)
    return [
        Word(_compared(found[0]), starts[found.start()], ends[found.end() - 1])
        for found in _WORD.finditer("".join(folded))
    ]


def _compared(found: str) -> str:
    """Without the space after a و that stands apart; with ي for the final ى that half of those who write Arabic put."""
    word = "".join(found.split()) if found[0] == "و" else found
    return word[:-1] + "ي" if word[-1] == "ى" else word


def _places(written: str, first: int, folded: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where each character of the folded text begins and ends, when it is not one for one; the text is at `first`."""
    starts: list[int] = []
    ends: list[int] = []
    for place, (character, pieces) in enumerate(zip(written, folded, strict=True), first):
        starts += [place] * len(pieces)
        ends += [place + 1] * len(pieces)
        if not pieces and ends and ends[-1] == place and unicodedata.category(character) == "Mn":
            ends[-1] = place + 1  # a vowel sign belongs to its letter
    return starts, ends


def count_words(words: Sequence[Word]) -> int:
    """How many are words or numbers."""
    return sum(word.is_word for word in words)


def trim(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without punctuation at either end.

    >>> [word.text for word in trim(split("…the trends."))]
    ['the', 'trends']
    """
    first, last = 0, len(words)
    while first < last and not words[first].is_word:
        first += 1
    while last > first and not words[last - 1].is_word:
        last -= 1
    return tuple(words[first:last])


@dataclass(frozen=True)
class Line:
    """A sequence of words in which another is found quickly, by the search for one string in another."""

    words: tuple[Word, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(word.text.casefold() for word in self.words)

    @cached_property
    def joined(self) -> str:
        """The keys, with a NUL before and after each."""
        return "\x00" + "".join(f"{key}\x00" for key in self.keys)

    @cached_property
    def _at(self) -> dict[int, int]:
        """Where a word begins in `joined` → which word it is."""
        places, offset = {}, 0
        for number, key in enumerate(self.keys):
            places[offset] = number
            offset += len(key) + 1
        return places

    def find(self, other: Line) -> Iterator[int]:
        """Every word from which on `other` stands here; case counts in all but its first word.

        >>> list(Line(tuple(split("of the trends of the"))).find(Line(tuple(split("Of the")))))
        [0, 3]
        """
        size = len(other.words)
        rest = [word.text for word in other.words[1:]]
        offset = self.joined.find(other.joined)
        while offset >= 0:
            at = self._at[offset]
            if not rest or [word.text for word in self.words[at + 1 : at + size]] == rest:
                yield at
            offset = self.joined.find(other.joined, offset + 1)
