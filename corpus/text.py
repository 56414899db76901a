"""Characters: what is kept of them, how they are folded for matching, and which language they are in.

Two forms of a text exist. The *stored* form is what people read and quote: `clean` only takes out what cannot be
seen or would reorder what is seen. The *folded* form is for matching alone and is never shown: `fold`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Explicit bidi embeddings, overrides and isolates reorder the text around them; the marks LRM, RLM and ALM, the BOM,
# soft hyphen and zero-width space are invisible. ZWNJ and ZWJ (U+200C, U+200D) shape letters and stay.
_UNSEEN = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")

# Harakat, Quranic marks, superscript alef and tatweel carry no meaning for a search.
_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]")
# Honorifics of one character, for up to 18 letters: no search is for them, and a flood becomes 18 times as long.
_HONORIFICS = re.compile(r"[\ufdfa\ufdfb]")
_JOINERS = re.compile(r"[\u200c\u200d]")
_ARABIC_LETTERS = str.maketrans("أإآٱىیئؤةکھہڪ", "اااايييوهكههك")
_ARABIC_PUNCTUATION = str.maketrans("،؛؟٪٫٬", ",;?%.,")

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def clean(text: str) -> str:
    r"""The stored form: NFC, invisible and control characters out, each run of white space one space.

    >>> clean(" قدّم \u200fالمكتب\n ورقة ")
    'قدّم المكتب ورقة'
    """
    visible = _CONTROL.sub("", text.translate(_UNSEEN))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def bare(text: str) -> str:
    """Without harakat and tatweel, which tear a word into pieces that a model never learnt.

    >>> bare("تُشجّع")
    'تشجع'
    """
    return _ARABIC_MARKS.sub("", text)


def latin_digits(text: str) -> str:
    """Every decimal digit as 0–9, whatever its script; the length stays.

    >>> latin_digits("٢١ و ۲۱")
    '21 و 21'
    """
    return _OTHER_DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def fold(text: str) -> str:
    """The form for matching: one spelling for what people write in several ways. `fold(fold(x)) == fold(x)`.

    Compatibility forms, case, Latin accents, harakat, tatweel, hamza seats, final ya and ta marbuta, digits and
    punctuation of either script become one.

    >>> fold("تُشجّع الدول الأعضاءُ ٢١ Hržina")
    'تشجع الدول الاعضاء 21 hrzina'
    """
    if text.isascii():  # the rules below, of which two touch ASCII
        return " ".join(text.lower().split())
    compatible = unicodedata.normalize("NFKC", _HONORIFICS.sub(" ", text.translate(_UNSEEN)))
    letters = _ARABIC_MARKS.sub("", _JOINERS.sub(" ", compatible)).translate(_ARABIC_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", letters.casefold()) if not unicodedata.combining(c))
    return _SPACES.sub(" ", latin_digits(plain).translate(_ARABIC_PUNCTUATION)).strip()


def fold_aligned(text: str) -> tuple[str, list[int]]:
    """`fold` character by character, and where each folded character comes from: a match can be shown in the text.

    >>> fold_aligned("تُرك")
    ('ترك', [0, 2, 3])
    """
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        space = " " if folded and folded[-1] != " " else ""
        letters = space if character.isspace() else _fold_character(character)
        folded += letters
        origins += [index] * len(letters)
    return "".join(folded), origins


@lru_cache(maxsize=1024)
def _fold_character(character: str) -> str:
    return fold(character)


def count_letters(text: str) -> tuple[int, int, int]:
    """How many letters are Arabic, Latin, and of any other script.

    >>> count_letters("ما هي ICPO؟ да")
    (4, 4, 2)
    """
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    letters = sum(map(str.isalpha, text))
    return arabic, latin, max(0, letters - arabic - latin)
