"""Characters: what is kept of them, how they are folded for matching, and which language they are in.

Two forms of a text exist. The *stored* form is what people read and quote: `clean` only takes out what cannot be
seen or would reorder what is seen. The *folded* form is for matching alone and is never shown: `fold`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

# Explicit bidi embeddings, overrides and isolates reorder the text around them; the marks LRM, RLM and ALM, the BOM,
# soft hyphen and zero-width space are invisible. ZWNJ and ZWJ (U+200C, U+200D) shape letters and stay.
_UNSEEN = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_UNSEEN_BUT_HYPHEN = {code: None for code in _UNSEEN if code != 0x00AD}
# No script puts so many marks on a letter, and putting a run of them in order costs the square of its length. Standard
# Annex #15 cuts such a run with a joiner that nobody sees, and calls the text stream-safe.
_MOST_MARKS = 30
_CUT = "\u034f"
# The only characters that fall apart into several marks, so that counting marks counts no character twice.
_TWO_MARKS = {0x0344: "\u0308\u0301", 0x0F73: "\u0f71\u0f72", 0x0F75: "\u0f71\u0f74", 0x0F81: "\u0f71\u0f80"}
# Where there is no such run, there is no flood, even of marks that are two; to search for all marks takes longer.
_NO_LETTERS = re.compile(rf"[^\w\s]{{{_MOST_MARKS // 2 + 1}}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")  # and two that no XML can hold
_NOT_STORED = re.compile(f"[^\\S ]|[{''.join(map(chr, _UNSEEN))}\ue000-\ue003]|{_CONTROL.pattern}")
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
    return _SPACES.sub(" ", _normal("NFC", visible)).strip()


def seen(text: str) -> str:
    r"""A text without marks of direction and other characters that nobody sees; a soft hyphen stays.

    >>> seen("\u200f2- ن")
    '2- ن'
    """
    return text if text.isascii() else text.translate(_UNSEEN_BUT_HYPHEN)


def inked(text: str) -> str:
    """The letters of a text that stand on a line of print by themselves: no spaces, vowels or joiners.

    >>> inked("تُشجّع (ICPO)"), inked("آلاف")
    ('تشجع(ICPO)', 'الاف')
    """
    return _ink_of(text) if len(text) < _FEW else "".join(map(_ink_of, text))


_FEW = 5  # as many letters as a glyph stands for


@lru_cache(maxsize=4096)
def _ink_of(few: str) -> str:
    apart = unicodedata.normalize("NFD", few)
    return "".join(c for c in apart if unicodedata.category(c)[0] not in "MZC")


def is_stored_form(text: str) -> bool:
    r"""Whether a text could have come out of `clean`, as far as anyone can see.

    >>> is_stored_form("two words"), is_stored_form("one\ttwo"), is_stored_form("\u202eeno")
    (True, False, False)
    """
    return not _NOT_STORED.search(text)


def _normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """`unicodedata.normalize` at a cost that grows with the text and no faster, a flood of marks included."""
    if _NO_LETTERS.search(text):
        text = _flood().sub(rf"\g<0>{_CUT}", text.translate(_TWO_MARKS))
    return unicodedata.normalize(form, text)


@cache
def _flood() -> re.Pattern[str]:
    """As many marks in a row as a letter has at most, and another."""
    marks = "".join(filter(unicodedata.combining, map(chr, range(0x300, 0x1E950))))
    return re.compile(f"[{marks}]{{{_MOST_MARKS}}}(?=[{marks}])")


def bare(text: str) -> str:
    """The text without harakat and tatweel, which make a tokenizer cut words into pieces that the model never learnt.

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
    compatible = _normal("NFKC", _HONORIFICS.sub(" ", text.translate(_UNSEEN)))
    letters = _ARABIC_MARKS.sub("", _JOINERS.sub(" ", compatible)).translate(_ARABIC_LETTERS)
    apart = unicodedata.normalize("NFKD", letters.casefold()).replace(_CUT, "")  # stream-safe by now
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return _SPACES.sub(" ", latin_digits(plain).translate(_ARABIC_PUNCTUATION)).strip()


def folded(words: str) -> frozenset[str]:
    """Words as a folded text has them: `folded("Where أين")` → {"where", "اين"}."""
    return frozenset(fold(words).split())


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


def alike_until(one: str, other: str) -> int:
    """How many characters two texts begin with alike: `alike_until("draft", "drawn") → 3`."""
    same, different = 0, min(len(one), len(other)) + 1
    while different - same > 1:
        middle = (same + different) // 2
        same, different = (middle, different) if one[:middle] == other[:middle] else (same, middle)
    return same


def count_letters(text: str) -> tuple[int, int, int]:
    """How many letters are Arabic, Latin, and of any other script.

    >>> count_letters("ما هي ICPO؟ да")
    (4, 4, 2)
    """
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    letters = sum(map(str.isalpha, text))
    return arabic, latin, max(0, letters - arabic - latin)
