"""How a paragraph is counted in writing: folded characters, sub-paragraph letters, spelled-out numbers.

    fold_each("الفقرة ٢١ (ﻙ)").text → "الفقره 21 (ك)"
    letter_position("ك") → 11, letter_name(11, "en") → "k"
    spelled_number(["twenty", "-", "one"]) → SpelledNumber(value=21, ordinal=False, words=3)
    insertion(["مكررا", "ثانيا"]) → (2, 2): ter, in two words

`corpus.refs` builds its grammar on these; everything below `fold_each` reads text that has been through it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

LATIN: tuple[str, ...] = (*"abcdefghijklmnopqrstuvwxyz", "aa", "bb")
ABJAD = tuple("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ")
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# ------------------------------------------------------------------------------------------------ characters

TATWEEL = "ـ"
_OTHER = "*"  # stands for a character that no reference is written with
_LONGEST_FOLD = 4  # ⑽ and ﷲ become four characters; ﷺ would become eighteen, and a flood of it eighteen times itself
_NOT_TEXT = ("<super>", "<sub>", "<circle>", "<square>", "<fraction>")  # the ² of a footnote is no digit of a reference

# Characters that a reader takes for one another. The hamza of أ إ آ ؤ ئ falls off as a combining mark; these
# have no decomposition. Hyphens may join a number and its letter, longer dashes only stand between two references.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("ٱء", "ا"),
        **dict.fromkeys("ىیېے", "ي"),
        **dict.fromkeys("ةہھەۃ", "ه"),
        "ک": "ك",
        "،": ",",
        "؛": ";",
        "؟": "?",
        **dict.fromkeys("۔。", "."),
        **dict.fromkeys("‐⁃", "-"),
        **dict.fromkeys("‒—―−", "–"),
        "﴿": "﴾",  # the ornate pair is typed in either order
        "【": "[",
        "】": "]",
        **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
        **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
    }
)


class Folded(NamedTuple):
    """A text as the grammar reads it: its character i was written in `source[starts[i]:ends[i]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold_each(source: str) -> Folded:
    """Lower the case, unify letters and digits, drop invisible marks: "٢١ (أ)" → "21 (ا)", with offsets.

    Each character is folded by itself, which keeps the offsets and stays linear: normalising a whole text is
    quadratic on a flood of combining marks. (`corpus.text.fold` is for matching words; it keeps no offsets.)
    """
    if source.isascii():
        return Folded(source.lower(), range(len(source)), range(1, len(source) + 1))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(source):
        plain = _fold_character(character)
        if character == TATWEEL and text and text[-1] in "0123456789)]":
            plain = "-"  # between letters it stretches a word (هـ), after a number it is a dash (٩ـ١١)
        for piece in plain:
            text.append(piece)
            starts.append(index)
            ends.append(index + 1)
        if not plain and ends and unicodedata.category(character) != "Cf":
            ends[-1] = index + 1  # a vowel sign or tatweel belongs to its letter, a bidi mark to nobody
    return Folded("".join(text), starts, ends)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """`ﻚ` → `ك`, `أ` → `ا`, `２` → `2`, `K` → `k`, a zero-width joiner → nothing, `²` → `*`."""
    if unicodedata.category(character) == "Cf" or character == TATWEEL:
        return ""
    if unicodedata.decomposition(character).startswith(_NOT_TEXT):
        return _OTHER
    plain = unicodedata.normalize("NFKD", character).casefold().translate(_LOOKALIKES)
    if len(plain) > 1:  # presentation forms of a bare vowel sign: a space or tatweel that carries it
        plain = "".join(piece for piece in plain if piece not in (" ", TATWEEL))
    plain = "".join(piece for piece in plain if not _is_arabic_mark(piece))
    return plain if len(plain) <= _LONGEST_FOLD else _OTHER


def _is_arabic_mark(character: str) -> bool:
    """Whether this sign leaves its letter what it was: Arabic vowels and hamzas do, the accent of é does not."""
    written_in = "\u0600" <= character <= "\u08ff" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f"
    return written_in and unicodedata.category(character) == "Mn"


def arabic_indic(text: str) -> str:
    """`21 (ك)` → `٢١ (ك)`."""
    return text.translate(_ARABIC_INDIC)


# --------------------------------------------------------------------------------------------------- letters

_POSITIONS = {letter: position for position, letter in enumerate(LATIN, 1)}
_POSITIONS |= {fold_each(letter).text: position for position, letter in enumerate(ABJAD, 1)}


def letter_position(word: str) -> int:
    """`k` and `ك` → 11, `bb` and `غ` → 28, any other word → 0."""
    return _POSITIONS.get(word, 0)


# The letters as Arabic calls them; ألف is also a thousand.
_CALLED = """ألف باء جيم دال هاء واو زاي حاء طاء ياء كاف لام ميم نون سين عين فاء صاد قاف راء شين تاء ثاء خاء ذال ضاد
    ظاء غين"""
_LETTER_OF = dict(zip(fold_each(_CALLED).text.split(), map(fold_each, ABJAD), strict=True))


def called_letter(word: str) -> str:
    """`هاء` and `الهاء`, folded, → `ه`; what is no letter's name → an empty string."""
    letter = _LETTER_OF.get(word) or _LETTER_OF.get(without_article(word))
    return letter.text if letter else ""


def letter_name(position: int, language: str) -> str:
    """11 → `k` or `ك`; 5 → `هـ` in Arabic, since a bare ه reads as the digit five; 0 → an empty string."""
    if not position:
        return ""
    if language != "ar":
        return LATIN[position - 1]
    letter = ABJAD[position - 1]
    return letter + TATWEEL if letter == "ه" else letter


# ------------------------------------------------------------------------------------------- Roman numerals

_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = tuple("x" * tens + ones for tens in range(4) for ones in _ONES)
_ROMAN_VALUES = {text: value for value, text in enumerate(_ROMAN) if text}


def roman(value: int) -> str:
    """14 → `xiv`, 0 → an empty string; up to 39, which no annex and no item goes beyond."""
    return _ROMAN[value]


def roman_value(text: str) -> int:
    """`xiv` → 14, what is no Roman numeral up to 39 → 0."""
    return _ROMAN_VALUES.get(text, 0)


# ------------------------------------------------------------------------------------- bis, ter, مكررا, مكررا ثانيا

# What stands after a number whose paragraph was put in later: 2 bis after 2, 2 ter after that. Arabic counts on from
# مكررا as the United Nations do: مكررا ثانيا is ter. A figure after it, `٢ مكررا ٢`, is ter to some and "bis 2" to
# others, so that it is neither here.
_LATIN_INSERTIONS = ("", *"bis ter quater quinquies sexies septies octies nonies decies".split())
_NTHS = ("", *"ثانيا ثالثا رابعا خامسا سادسا سابعا ثامنا تاسعا".split())
_ARABIC_INSERTIONS = ("", *(f"مكررا {nth}".rstrip() for nth in _NTHS))
MAX_INSERTED = len(_LATIN_INSERTIONS) - 1
_AGAIN = frozenset(("مكرر", "مكررا", "مكرره", "المكرر", "المكرره"))
_LATIN_VALUES = {word: value for value, word in enumerate(_LATIN_INSERTIONS) if word} | {"novies": 8}
INSERTION_WORDS = frozenset((*_AGAIN, *_LATIN_VALUES))  # that one begins with
_NTH_VALUES = {nth: value for value, nth in enumerate(_NTHS, 1) if nth}


def _pattern(word: str) -> str:
    """A word with whatever vowel signs are on its letters."""
    return "".join(rf"{letter}[\u064b-\u0652]{{0,2}}+" for letter in word)


INSERTION = (  # as documents print them; what it matches is read by `insertion`
    rf"(?i:{'|'.join(_LATIN_VALUES)}|{_pattern('مكرر')}(?:[اةه][\u064b-\u0652]{{0,2}}+)?"
    rf"(?:\s{{1,3}}(?:{'|'.join(_pattern(nth) for nth in _NTHS if nth)}))?)"
)


def insertion_name(value: int, language: str) -> str:
    """1 → `bis` or `مكررا`, 2 → `ter` or `مكررا ثانيا`, 0 → an empty string."""
    return (_ARABIC_INSERTIONS if language == "ar" else _LATIN_INSERTIONS)[value]


def insertion(words: Sequence[str]) -> tuple[int, int]:
    """Read what these words start with: `bis` → 1, in 1 word; `مكررا ثانيا` → 2, in 2; (0, 0) for what is none."""
    first, second = (*words, "", "")[:2]
    if first in _AGAIN:
        return (_NTH_VALUES[second], 2) if second in _NTH_VALUES else (1, 1)
    value = _LATIN_VALUES.get(first, 0)
    return value, int(value > 0)


# ------------------------------------------------------------------------------------------ spelled-out numbers


class SpelledNumber(NamedTuple):
    """A number from 1 to 99, whether it was an ordinal, and how many words it took."""

    value: int
    ordinal: bool
    words: int


class _Numeral(NamedTuple):
    value: int
    ordinal: bool


def _table(ordinal: bool, rows: dict[int, str]) -> dict[str, _Numeral]:
    """`{3: "ثلاث ثلاثة"}` → each word, folded, with its value."""
    return {word: _Numeral(value, ordinal) for value, words in rows.items() for word in fold_each(words).text.split()}


_ENGLISH_CARDINALS = """one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
_ENGLISH_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth
    eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = (
    _table(False, dict(enumerate(_ENGLISH_CARDINALS.split(), 1)))
    | _table(True, dict(enumerate(_ENGLISH_ORDINALS.split(), 1)))
    | _table(False, {10 * ten: word for ten, word in enumerate(_ENGLISH_TENS.split(), 2)})
    | _table(True, {10 * ten: word[:-1] + "ieth" for ten, word in enumerate(_ENGLISH_TENS.split(), 2)})
)

# Without the article, in both genders and both cases; أحد, إحدى and اثنا … belong to 11 and 12.
_ARABIC_CARDINALS = {
    1: "واحد واحدة أحد إحدى",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي",
    3: "ثلاث ثلاثة",
    4: "أربع أربعة",
    5: "خمس خمسة",
    6: "ست ستة",
    7: "سبع سبعة",
    8: "ثمان ثماني ثمانية",
    9: "تسع تسعة",
    10: "عشر عشرة",
    20: "عشرون عشرين",
    30: "ثلاثون ثلاثين",
    40: "أربعون أربعين",
    50: "خمسون خمسين",
    60: "ستون ستين",
    70: "سبعون سبعين",
    80: "ثمانون ثمانين",
    90: "تسعون تسعين",
}
_ARABIC_ORDINALS = {
    1: "أول أولى حادي حادية",
    2: "ثان ثاني ثانية",
    3: "ثالث ثالثة",
    4: "رابع رابعة",
    5: "خامس خامسة",
    6: "سادس سادسة",
    7: "سابع سابعة",
    8: "ثامن ثامنة",
    9: "تاسع تاسعة",
    10: "عاشر عاشرة",
}
_ARABIC = _table(False, _ARABIC_CARDINALS) | _table(True, _ARABIC_ORDINALS)
ONE_OF_SOMETHING = ("واحده", "الواحده")  # فقرة واحدة: "one paragraph", not paragraph 1
_LARGER = ("hundred", "thousand", "million")


def is_numeral(word: str) -> bool:
    """Whether a spelled-out number may start here: `twenty`, `ninth`, `الحاديه`."""
    return word in _ENGLISH or without_article(word) in _ARABIC


def without_article(word: str) -> str:
    """`الحاديه` → `حاديه`."""
    return word.removeprefix("ال")


def spelled_number(words: Sequence[str]) -> SpelledNumber | None:
    """Read the longest number from 1 to 99 that these words start with.

    `twenty - first` → 21, `الحاديه و العشرون` → 21, `الحاديه عشره` → 11; `two hundred` → None.
    """
    number = _english(words) or _arabic(words)
    if number and number.words < len(words) and words[number.words] in _LARGER:
        return None
    return number


def _english(words: Sequence[str]) -> SpelledNumber | None:
    first = _ENGLISH.get(words[0])
    if first is None:
        return None
    unit_at = 2 if words[1:2] == ["-"] else 1
    unit = _ENGLISH.get(words[unit_at]) if len(words) > unit_at else None
    if unit and unit.value < 10 and first.value >= 20 and not first.ordinal:
        return SpelledNumber(first.value + unit.value, unit.ordinal, unit_at + 1)
    return SpelledNumber(first.value, first.ordinal, 1)


def _arabic(words: Sequence[str]) -> SpelledNumber | None:
    first, second, third = (_ARABIC.get(without_article(word)) for word in (*words, "", "", "")[:3])
    if first is None:
        return None
    if first.value < 10 and second and second == _Numeral(10, ordinal=False):
        return SpelledNumber(10 + first.value, first.ordinal, 2)
    if first.value < 10 and words[1:2] == ["و"] and third and third.value >= 20:
        return SpelledNumber(first.value + third.value, first.ordinal, 3)
    return SpelledNumber(first.value, first.ordinal, 1)
