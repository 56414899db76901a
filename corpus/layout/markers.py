"""The number that a line begins with: `21.`, `- 2-`, `2 bis.`, `(ك)`, `(ii)`, `‘1’`, and what it can be next.

find_marker("(i) the first", Ref(21, 1)).readings(Ref(21, 1)) → (21(a)(i), 21(i))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.refs.numerals import INSERTION, fold_each, insertion, letter_position, roman_value
from corpus.refs.types import MAX_ITEM, MAX_NUMBER, Ref
from corpus.text import latin_digits

_BEFORE = r"(?:-\s*|(?:para(?:graph|\.)?|الفقرة)\s+)?"
_NUMBERED = re.compile(
    _BEFORE + r"(\d{1,4})(?:\s*[-.)\u0640\u2010-\u2015\u2212]\s+|\t\s*)(?=\S)",
    re.IGNORECASE,
)
# 2 bis. text, 2bis) text, 2-bis. text, 2 (bis). text, 2 *bis*. text, ٢ مكررا- النص: between two numbers. The word says
# what the number is, so that no space need follow; but 2 bis - 4. and 2 bis-quater. are ranges.
INSERTED = rf"(\d{{1,4}})(?:\s{{0,3}}[(*_]{{0,3}}|[-/])({INSERTION})[)*_]{{0,3}}"
_ENDS = rf"(?:\d{{1,4}}\s{{0,3}}{INSERTION}?|{INSERTION})\s{{0,3}}[-.)\u2010-\u2015]"
_INSERTED = re.compile(
    _BEFORE + INSERTED + rf"(?:\s{{0,3}}(?:[.)/:]|[-\u0640\u2010-\u2015\u2212](?!\s{{0,3}}{_ENDS}))"
    r"(?:\s+(?=\S)|(?=[^\W\d_]))|\t\s*(?=\S))",
    re.IGNORECASE,
)
_INSERTED_ENCLOSED = re.compile(rf"\(\s{{0,3}}{INSERTED}\s{{0,3}}\)\s*(?=\S)")  # (2 bis) text: where it is next
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
    inserted: int = 0

    def readings(self, previous: Ref | None) -> tuple[Ref, ...]:
        """What it can name after `previous`: an item first, then a letter."""
        if self.number:
            return (Ref(self.number, annex=previous.annex if previous else 0, inserted=self.inserted),)
        if previous is None:
            return ()
        refs = []
        if self.item and previous.position:
            refs.append(previous.part(previous.position, self.item))
        if self.letter:
            refs.append(previous.part(self.letter))
        return tuple(refs)

    def expected(self, previous: Ref | None) -> tuple[Ref, ...]:
        """What would follow `previous` at the level of this marker, the likeliest first."""
        if previous is None:
            return (Ref(1),)
        if self.number:
            between = self.inserted and self.number == previous.number
            return following(previous)[:: -1 if between else 1]
        expected = []
        if self.letter and previous.position < 28:
            expected.append(previous.part(previous.position + 1))
        if self.item and previous.position and previous.item < MAX_ITEM:
            expected.append(previous.part(previous.position, previous.item + 1))
        return tuple(expected)


def following(previous: Ref) -> tuple[Ref, ...]:
    """The paragraphs that can follow one: 2 → 3 and 2bis, 2bis(c) → 3 and 2ter."""
    number = Ref(previous.number + 1, annex=previous.annex) if previous.number < MAX_NUMBER else None
    return tuple(ref for ref in (number, previous.next_inserted()) if ref)


def distance(ref: Ref, previous: Ref | None) -> int:
    """How far a paragraph is on from the one before it, in numbers, or else in what each number's parts count."""
    if previous is None:
        return ref.number
    if ref.number != previous.number:
        return ref.number - previous.number
    if ref.inserted != previous.inserted:
        return abs(ref.inserted - previous.inserted)
    return abs(ref.position - previous.position) or abs(ref.item - previous.item)


def letter_of(text: str) -> str:
    """The letter in brackets that a line begins with, folded: `(ت) text` → `ت`; an empty string where there is none."""
    found = _LETTERED.match(text)
    return fold_each(found[1]).text if found else ""


def inserted_of(words: str) -> int:
    """Which one the words after a number say: `مكرراً ثانيا` → 2, ter."""
    return insertion(fold_each(words).text.split())[0]


def find_marker(text: str, previous: Ref | None, *, hijai: bool = False) -> Marker | None:
    """The marker that a line begins with, if it has one; letters and items only below a paragraph.

    `hijai`: Arabic letters count in the order of the alphabet, أ ب ت ث, and not in that of the abjad, أ ب ج د.

    >>> find_marker("٤- النص", None).number, find_marker("10 and 11 March", None)
    (4, None)
    """
    digits = latin_digits(text)
    numbered = _numbered(digits, text)
    if numbered or previous is None:
        return numbered
    if (enclosed := _enclosed(digits, text, previous)) is not None:
        return enclosed
    if counted := _ITEM.match(digits):
        item = int(counted[1] or counted[2])
        return Marker(counted[0].strip(), counted.end(), item=item, loose=True) if 0 < item <= MAX_ITEM else None
    if found := _LETTERED.match(text):
        return _lettered(found, loose=False, hijai=hijai)
    marker = _lettered(loose, loose=True, hijai=hijai) if (loose := _LOOSE.match(text)) else None
    fits = marker is not None and set(marker.readings(previous)) & set(marker.expected(previous))
    return marker if fits else None


def _numbered(digits: str, text: str) -> Marker | None:
    """A number, whatever comes before."""
    if between := _INSERTED.match(digits):
        return _between(between, text, loose=False)
    found = _NUMBERED.match(digits) or _TIGHT.match(digits)
    return Marker(found[1], found.end(), number) if found and (number := int(found[1])) else None


def _between(found: re.Match[str], text: str, *, loose: bool) -> Marker | None:
    """A number between two others, printed as in the document."""
    number = int(found[1])
    printed = " ".join(text[slice(*found.span(group))] for group in (1, 2))
    return Marker(printed, found.end(), number, loose=loose, inserted=inserted_of(found[2])) if number else None


def _enclosed(digits: str, text: str, previous: Ref) -> Marker | None:
    """A number in brackets or before a stroke, where it is the next."""
    if found := _INSERTED_ENCLOSED.match(digits):
        marker = _between(found, text, loose=True)
        return marker if marker and set(marker.readings(previous)) & set(following(previous)) else None
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
