"""The number that a line begins with: `21.`, `- 2-`, `(ك)`, `(ii)`, `‘1’`, and which paragraph it can be next.

find_marker("(i) the first", Ref(21, 1)).readings(Ref(21, 1)) → (21(a)(i), 21(i))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.refs.numerals import fold_each, letter_position, roman_value
from corpus.refs.types import MAX_ITEM, MAX_NUMBER, Ref
from corpus.text import latin_digits

_NUMBERED = re.compile(
    r"(?:-\s*|(?:para(?:graph|\.)?|الفقرة)\s+)?(\d{1,4})(?:\s*[-.)\u0640\u2010-\u2015\u2212]\s+|\t\s*)(?=\S)",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(r"(?:\(\s*(\d{1,4})\s*\)|(\d{1,4})\s*/(?=\s))\s*(?=\S)")  # (5) text, 5/ text: where it is next
_TIGHT = re.compile(r"(\d{1,4})[.-](?=[^\W\d_a-z])")  # 12.Text: no space, and no 7-12 or 3-d
_LETTERED = re.compile(r"\(\s*([^\W\d_]{1,6}\u0640?)\s*\)\s*(?=\S)")
_ITEM = re.compile(r"(?:[(]\s*(\d{1,2})\s*[)]|[‘'’](\d{1,2})[’'‘])\s*(?=\S)")
_LOOSE = re.compile(r"([^\W\d_A-Z]{1,5}\u0640?)\s*[.)-]\s+(?=\S)")  # a) text, أ- text: only where it is the next one


# The order of the alphabet, in which some documents count; most count in the order of the abjad.
HIJAI = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker as printed, how long it is, and its values; `loose` where it may as well be a word."""

    printed: str
    length: int
    number: int = 0
    letter: int = 0
    item: int = 0
    loose: bool = False

    def readings(self, previous: Ref | None) -> tuple[Ref, ...]:
        """What it can name after `previous`: an item first, then a letter."""
        if self.number:
            return (Ref(self.number, annex=previous.annex if previous else 0),)
        if previous is None:
            return ()
        refs = []
        if self.item and previous.position:
            refs.append(Ref(previous.number, previous.position, self.item, previous.annex))
        if self.letter:
            refs.append(Ref(previous.number, self.letter, annex=previous.annex))
        return tuple(refs)

    def expected(self, previous: Ref | None) -> tuple[Ref, ...]:
        """What would follow `previous` at the level of this marker."""
        if previous is None:
            return (Ref(1),)
        if self.number:
            return (Ref(previous.number + 1, annex=previous.annex),) if previous.number < MAX_NUMBER else ()
        expected = []
        if self.letter and previous.position < 28:
            expected.append(Ref(previous.number, previous.position + 1, annex=previous.annex))
        if self.item and previous.position and previous.item < MAX_ITEM:
            expected.append(Ref(previous.number, previous.position, previous.item + 1, previous.annex))
        return tuple(expected)


def letter_of(text: str) -> str:
    """The letter in brackets that a line begins with, folded: `(ت) text` → `ت`; an empty string where there is none."""
    found = _LETTERED.match(text)
    return fold_each(found[1]).text if found else ""


def find_marker(text: str, previous: Ref | None, *, hijai: bool = False) -> Marker | None:
    """The marker that a line begins with, if it has one; letters and items only below a paragraph.

    `hijai`: Arabic letters count in the order of the alphabet, أ ب ت ث, and not in that of the abjad, أ ب ج د.

    >>> find_marker("٤- النص", None).number, find_marker("10 and 11 March", None)
    (4, None)
    """
    digits = latin_digits(text)
    if numbered := _NUMBERED.match(digits) or _TIGHT.match(digits):
        number = int(numbered[1])
        return Marker(numbered[1], numbered.end(), number) if number else None
    if previous is None:
        return None
    if (enclosed := _enclosed(digits, previous)) is not None:
        return enclosed
    if counted := _ITEM.match(digits):
        item = int(counted[1] or counted[2])
        return Marker(counted[0].strip(), counted.end(), item=item, loose=True) if 0 < item <= MAX_ITEM else None
    if found := _LETTERED.match(text):
        return _lettered(found, loose=False, hijai=hijai)
    marker = _lettered(loose, loose=True, hijai=hijai) if (loose := _LOOSE.match(text)) else None
    fits = marker is not None and set(marker.readings(previous)) & set(marker.expected(previous))
    return marker if fits else None


def _enclosed(digits: str, previous: Ref) -> Marker | None:
    """A number in brackets or before a stroke, where it is the next."""
    found = None if previous.position else _ENCLOSED.match(digits)
    if found is None or int(found[1] or found[2]) != previous.number + 1:
        return None
    return Marker(found[0].strip(), found.end(), previous.number + 1, loose=True)


def _lettered(found: re.Match[str], *, loose: bool, hijai: bool) -> Marker | None:
    letter = fold_each(found[1]).text
    position, item = letter_position(letter), roman_value(letter)
    if hijai and len(letter) == 1 and letter in HIJAI:
        position = HIJAI.index(letter) + 1
    if not position and not item:
        return None  # (ITU) and the like
    return Marker(found[1], found.end(), letter=position, item=item, loose=loose or not position)
