"""Countries by any name, in both languages, from Unicode's CLDR: «الاتحاد الروسي» and "Russia" are one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from corpus.records import Span
from corpus.text import fold, fold_aligned

# Territories of CLDR that are unions of countries, or none.
_NO_COUNTRY = frozenset(["UN", "EU", "EZ", "ZZ", "XA", "XB"])
# What the United Nations write where CLDR writes otherwise.
_ALSO = {
    "Russian Federation": "RU",
    "الاتحاد الروسي": "RU",
    "United States of America": "US",
    "الولايات المتحدة الأمريكية": "US",
    "Republic of Korea": "KR",
    "جمهورية كوريا": "KR",
    "Democratic People's Republic of Korea": "KP",
    "جمهورية كوريا الشعبية الديمقراطية": "KP",
    "Viet Nam": "VN",
    "فييت نام": "VN",
    "Syrian Arab Republic": "SY",
    "الجمهورية العربية السورية": "SY",
    "Lao People's Democratic Republic": "LA",
    "جمهورية لاو الديمقراطية الشعبية": "LA",
    "Turkey": "TR",
    "Czech Republic": "CZ",
    "تشيكيا": "CZ",
    "Cabo Verde": "CV",
    "كابو فيردي": "CV",
    "State of Palestine": "PS",
    "دولة فلسطين": "PS",
    "Holy See": "VA",
    "الكرسي الرسولي": "VA",
    "Myanmar": "MM",
    "ميانمار": "MM",
    "Democratic Republic of the Congo": "CD",
    "جمهورية الكونغو الديمقراطية": "CD",
    "Congo": "CG",
    "الكونغو": "CG",
    "Côte d'Ivoire": "CI",
    "كوت ديفوار": "CI",
    "Brunei Darussalam": "BN",
    "السعودية": "SA",
    "الإمارات": "AE",
    "Bosnia and Herzegovina": "BA",
}
_SHORT = re.compile(r"\b(?:(?P<us>USA?|U\.S\.(?:A\.)?)|(?P<uk>UK|U\.K\.)|(?P<uae>UAE))(?!\w)")
_LONG = {"us": "United States", "uk": "United Kingdom", "uae": "United Arab Emirates"}
# Folded names that are words as well: مالي, "financial", and بنين, "boys".
_WORDS_TOO = frozenset(["مالي", "بنين"])
_SHORTEST = 3  # letters: مصر


@cache
def country_names() -> Mapping[str, str]:
    """Each folded name → the code of its country."""
    from babel import Locale  # noqa: PLC0415 - most runs need none

    names = {
        fold(name): code
        for language in ("ar", "en")
        for code, name in Locale(language).territories.items()
        if code.isalpha() and code not in _NO_COUNTRY
    }
    return names | {fold(name): code for name, code in _ALSO.items()}


def countries_named(text: str) -> dict[str, tuple[Span, ...]]:
    """The codes of the countries that a text names, each with where it does, also behind an Arabic ل or ب.

    >>> sorted(countries_named(spelled_out("Did Russia or the UK speak?")))
    ['GB', 'RU']
    >>> list(countries_named("هل تكلم ممثل للبرازيل؟"))
    ['BR']
    """
    folded, origins = fold_aligned(text)
    names = country_names()
    found: dict[str, tuple[Span, ...]] = {}
    for match in _pattern().finditer(folded):
        start, end = match.span("name")
        name = match["name"]
        code = names[f"ال{name[2:]}" if name not in names else name]
        found[code] = (*found.get(code, ()), Span(origins[start], origins[end - 1] + 1))
    return found


def spelled_out(text: str) -> str:
    """Letters that stand for a country, as its name: `the US` → `the United States`. Folded, they are words."""
    return _SHORT.sub(lambda short: _LONG[short.lastgroup or ""], text)


@cache
def _pattern() -> re.Pattern[str]:
    names = [name for name in country_names() if len(name) >= _SHORTEST and name not in _WORDS_TOO]
    names += [f"لل{name[2:]}" for name in names if name.startswith("ال")]
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"\b[وف]?[بلك]?(?P<name>{'|'.join(longest_first)})\b")
