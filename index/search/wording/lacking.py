"""Whether a text has anything of the kind that a question asks for: "when?" needs a time, "how many?" a number.

`answer_types` says which paragraphs to prefer; this says what speaks against one. So it is strict in what it takes for
a question of a kind ("when" asks, "what happens when" does not), and lenient in what it takes for a thing of it: any
month, any name of a city. Nearest to a question about something that a report leaves out stands, as a rule, the
sentence that speaks of it and leaves it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from corpus.text import fold
from index.search.wording.answer_types import MONTHS, find_things
from index.search.wording.numbers import JOINED

# Patterns are matched against folded text: no case, no hamza, ta marbuta as ha.
_WHICH = r"\b(?:what|which) (?:\w+ )?"
_OPENING = r"(?:^|[,;:.?!] |\band )"
_IS = r"(?:did|do|does|was|were|is|are|will|has|have|exactly)\b"
_AY = r"\b[بلوكف]?(?:في )?اي(?:ه)? "
_MA = r"\bما (?:هو |هي )?"

_DATE = re.compile(
    rf"\b(?:1\d|20)\d\d\b|\b(?:{MONTHS})\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d0s\b"
    r"|\b(?:centur(?:y|ies)|decades?|spring|summer|autumn|winter)\b"
    r"|\b(?:annual(?:ly)?|yearly|monthly|weekly|daily|today|tonight|tomorrow|yesterday)\b"
    r"|\b(?:second|minute|hour|day|week|month|year)s?\b"
    r"|\b(?:ال)?(?:احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|قرن|قرون|ربيع|صيف|خريف|شتاء)\b"
    r"|\b(?:سنوي|شهري|يومي|اسبوعي)|\b(?:ثانيه|ثوان|دقيقه|دقايق|ساعه|ساعات|يوم|يوما|ايام|يومين|اسبوع|اسابيع)\b"
    r"|\b(?:شهر|شهرا|شهرين|اشهر|شهور|سنه|سنتين|سنوات|عام|عاما|عامين|اعوام)\b"
)
_HOUR = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\bo.clock\b|\b(?:noon|midnight|morning|afternoon|evening)\b"
    r"|الساعه|ظهرا|صباحا|مساء"
)
_MONEY = re.compile(
    r"[$€£]|\b(?:dollar|euro|pound|yen|franc|cent|fee|riyal|dinar|dirham)s?\b|\busd?\b"
    r"|دولار|يورو|جنيه|ريال|درهم|دينار|فرنك|ليره"
)
# Digits that count nothing: of a symbol, of an ordinal, of a date.
_COUNTS_NOTHING = re.compile(
    r"\b[a-z]+/[\w./]{1,60}|\b\d+(?:st|nd|rd|th)\b"
    rf"|(?:\b\d{{1,2}}(?:-| and | و| to ))?(?<!\d)\d{{1,2}} (?:{MONTHS})\b"
    r"|\b(?:1\d|20)\d\d\b"
)
_NUMBER = re.compile(
    r"(?<![\w/.])\d[\d.,]*(?![\w/])|[%٪]"
    r"|\b(?:hundred|thousand|million|billion|trillion|dozen|half|third|quarter|pair|percent)s?\b"
    r"|\b(?:per cent|twice|double|triple|both)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)\b"
    r"|\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b"
    r"|\bو?(?:اثن(?:ان|ين|تان|تين|ا|ي|تا|تي)|ثلاث(?:ه|ون|ين)?|(?:اربع|خمس|سبع|تسع)(?:ه|ون|ين)?|ست(?:ه|ون|ين)"
    r"|ثمان(?:ي|يه|ون|ين)|عشر(?:ه|ون|ين|ات)?|ما?ي(?:ه|ات|تين|تان)|الف|الاف|الفا|الفين|مليون\w*|ملايين|مليار\w*"
    r"|نصف|ثلث|ربع|ضعف\w*|كلا|كلتا|واحده?)\b"
)
_PLACE = re.compile(
    r"\b(?:city|town|village|building|hall|room|street|headquarters?|capital|river|island|airport|station|campus|region"
    r"|province|district|hotel|palace|coast|border|sea|ocean|mountain|europe|asia|africa"
    r"|america|online|virtual)\w*"
    r"|\bو?[بلك]?(?:ال)?(?:مدين|قري|مبن|قاع|شارع|مقر|عاصم|نهر|جزير|مطار|محط|اقليم|مقاطع|منطق|فندق|قصر|ساحل|حدود"
    r"|بحر|محيط|جبل|اوروب|اسي|افريقي|امريك|ولاي)\w*"
)
_PLACED = re.compile(r"\b(?:in|at|near|from|to) (?:the )?[A-Z][a-z]")
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\d{6,}|\w\.(?:org|int|com|net)\b")
Kind = Literal["date", "hour", "number", "money", "place", "language", "address", "nationality"]
_WORDS = re.compile(r"\w+")
_LONGEST_NAME = 4  # words


def lacks(question: str, texts: Callable[[], Sequence[str]]) -> bool:
    """Whether the question asks for something of a kind of which none of the texts has anything.

    The texts are looked up only where it does ask for something of a kind.

    >>> lacks("When did the centre open?", lambda: ["The centre helps the police.", "يساعد المركز الشرطة."])
    True
    >>> lacks("When did the centre open?", lambda: ["The centre opened in April."])
    False
    """
    folded = fold(question)
    asked = [kind for kind, pattern in _ASKED.items() if pattern.search(folded)]
    there = texts() if asked else ()
    return any(not any(map(_HAS[kind], there)) for kind in asked)


def _has_number(text: str) -> bool:
    return bool(_NUMBER.search(_COUNTS_NOTHING.sub(" ", fold(text))))


def _has_place(text: str) -> bool:
    return bool(_PLACED.search(text) or _PLACE.search(fold(text)) or _has_country(text) or _has_name(_cities(), text))


def _has_country(text: str) -> bool:
    return bool(find_things("country", text))


def _has_name(names: frozenset[str], text: str) -> bool:
    words = _WORDS.findall(fold(text))
    bare = [word[1:] if word[0] in JOINED else word for word in words]
    return any(
        " ".join(some[place : place + length]) in names
        for some in (words, bare)
        for place in range(len(some))
        for length in range(1, _LONGEST_NAME + 1)
    )


@cache
def _cities() -> frozenset[str]:
    """Those that time zones are named after in Unicode's CLDR, folded, in both languages."""
    return _folded(zone["city"] for locale in _locales() for zone in locale.time_zones.values() if zone.get("city"))


@cache
def _languages() -> frozenset[str]:
    return _folded(name for locale in _locales() for name in locale.languages.values())


def _folded(names: Iterable[str]) -> frozenset[str]:
    folded = (" ".join(_WORDS.findall(fold(name.partition("(")[0]))) for name in names)
    return frozenset(name for name in folded if len(name) > 3)


def _locales() -> tuple[Any, ...]:
    from babel import Locale  # noqa: PLC0415 - most runs need none

    return Locale("ar"), Locale("en")


_ASKED: Mapping[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"{_OPENING}(?:since |until |by |from )?when\b|\bwhen {_IS}"
        rf"|{_WHICH}(?:date|day|month|year|century|decade)s?\b"
        rf"|\bمتي\b|{_AY}(?:يوم|تاريخ|شهر|سنه|عام|ايام|قرن|عقد|موعد|يومين)\b|{_MA}(?:تاريخ|موعد)\b"
    ),
    "hour": re.compile(rf"\b(?:what|which) (?:time|hour)\b|{_AY}ساعه\b|كم الساعه"),
    "number": re.compile(
        r"\bhow (?:many|much|long|old|far|tall|large|big|high|deep|often|fast|wide|few)\b"
        rf"|{_WHICH}(?:percentage|proportion|share|number|amount|sum|size|population|price|cost|budget|fee)s?\b"
        rf"|\bب?كم\b|{_MA}(?:عدد|نسبه|مقدار|حجم|قيمه|تكلفه|كلفه|سعر|ميزانيه|طول|عمر|مده|مساحه|ارتفاع)\b"
    ),
    "money": re.compile(
        r"\b(?:costs?|prices?|budget|fees?|salary|salaries)\b|\bhow much money\b"
        r"|كلفه|\b(?:ال)?سعر|ميزانيه|\b(?:ال)?ثمن\b|راتب|رسوم|كم .{0,12}مال\b"
    ),
    "place": re.compile(
        rf"{_OPENING}where\b|\bwhere {_IS}"
        rf"|{_WHICH}(?:city|town|country|place|venue|building|hall|room|street|region|continent|location)\b"
        rf"|\b[وف]?اين\b|{_AY}(?:مدينه|بلد|مكان|قاعه|مبني|منطقه|ولايه|قاره|موقع)\b|{_MA}(?:مقر|مكان)\b"
    ),
    "language": re.compile(rf"{_WHICH}languages?\b|{_AY}(?:لغه|لغات)\b|{_MA}(?:ال)?(?:لغه|لغات)\b"),
    "address": re.compile(
        r"\b(?:web address|url|e-?mail|postal address|hotline)\b|\b(?:tele)?(?:phone|fax) number\b"
        r"|\bwhat is the (?:link|web ?site)\b"
        r"|عنوان .{0,40}(?:انترنت|بريد|شبكه)|\b(?:ال)?رابط\b|رقم (?:ال)?(?:هاتف|فاكس)"
    ),
    "nationality": re.compile(r"\bnationalit|\bجنسيه"),
}
_HAS: Mapping[Kind, Callable[[str], bool]] = {
    "date": lambda text: bool(_DATE.search(fold(text))),
    "hour": lambda text: bool(_HOUR.search(fold(text))),
    "number": _has_number,
    "money": lambda text: bool(_MONEY.search(fold(text))),
    "place": _has_place,
    "language": lambda text: _has_name(_languages(), text),
    "address": lambda text: bool(_ADDRESS.search(fold(text))),
    "nationality": _has_country,
}
