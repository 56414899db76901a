"""Sentences as tokens that compare: the same name, number or phrase in two spellings is the same token.

    tokens("The 4th meeting", "en") → 4th, meeting        tokens("at its fourth meeting", "en") → at, its, 4th, meeting
    tokens("رصد وفهم المخاطر", "ar") → رصد, و, فهم, مخاطر

Articles weigh nothing and are left out. What the tables below set equal was reviewed word by word; every other word
must be the report's own, in its own form: a tense, a voice or a number that changes is a change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from corpus.records import Language
from corpus.text import fold

# Letters with the marks that stand on them; hyphens, slashes and points within.
_MARKED = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670])"
_TOKEN = re.compile(rf"[^\W_]{_MARKED}*(?:[-/.'’]{_MARKED}+)*|[,;:()\[\]،؛–—-]")
_MARKS: Mapping[str, str] = {"،": ",", "؛": ";", "[": "(", "]": ")", "–": "-", "—": "-"}
# Words that begin with و of their own; of all others it is "and".
_OWN_WAW = frozenset(
    """وزاره وزارات وسم وسائط وسائل وسيله وضع وثائق وثيقه وفقا وفق وجود ورقه ورقات ولايه ولايات وطني وطنيه وحده وحدات
    واضحه واضح وقائيه وقائي وكاله وكالات واجب واجبات وقت وصول وزير وزراء وفد وفود واحد واحده واقع وقوع وعي ورد واسع
    واسعه وحدها وحده ويريك وهميه وهمي وساطه وصف وقف وقاحه وقايه واردات وارده ودائع وراء وسط وطن وعد وفاه وفاق ولد"""
    .split()
)  # fmt: skip
_OWN_ARTICLE = frozenset("التي الذي الذين الي الا الان الف الاف الم اله".split())
_ARTICLES = frozenset({"a", "an", "the"})
# With an article these mean others: "the panellists" are all of them, "the other one" is known, "a few" are some.
_KEPT_ARTICLE = frozenset("few little other panellists speakers participants delegations delegates members".split())
_SPEAKERS = re.compile(r"ال(?:متحاور|متكلم|مشارك|اخر|وفود).*")
_ONE = frozenset({"panellist", "speaker", "participant", "delegate"})  # "a panellist" is "one panellist"
_NUMBERS: Mapping[str, str] = {
    **dict(zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(),
               "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(), strict=True)),
    **dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), map(str, range(1, 13)),
               strict=True)),
}  # fmt: skip

# Phrases that say the same → one of them. Longest first where one begins another.
_SAME: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "coronavirus disease ( covid-19 )": "covid-19",
        "artificial intelligence technologies": "ai",
        "artificial intelligence technology": "ai",
        "artificial intelligence": "ai",
        "information and communications technologies": "icts",
        "united states of america": "united states",
        "international criminal police organization": "interpol",
        "open-ended ad hoc": "ad hoc open-ended",
        "three-dimensional": "3d",
        "in order to": "to|",
        "so as to": "to|",
        "with a view to": "with-a-view-to|",
        "as well as": "as-well-as|",
        "such as": "such-as|",
        "in particular": "in-particular|",
        "for example": "for-example|",
        "posed by": "of",
        "emphasized": "stressed",
        "emphasised": "stressed",
        "underlined": "stressed",
        "mentioned": "referred to",
        "while": "while|",
        "including": "including|",
        "especially": "especially|",
    },
    "ar": {
        "جائحه مرض فيروس كورونا ( كوفيد-19 )": "جائحه كوفيد-19",
        "جائحه مرض كورونا ( كوفيد-19 )": "جائحه كوفيد-19",
        "تكنولوجيا ذكاء اصطناعي": "ذكاء اصطناعي",
        "لتكنولوجيا ذكاء اصطناعي": "لذكاء اصطناعي",
        "اذار/مارس": "مارس",
        "اذار": "مارس",
        "من اجل": "من-اجل|",
        "بما في ذلك": "بما-في-ذلك|",
        "بسبل منها": "بسبل-منها|",
        "و لا سيما": "ولا-سيما|",
        "لا سيما": "ولا-سيما|",
        "فضلا عن": "فضلا-عن|",
        "و كذلك": "وكذلك|",
        "و هو ما": "وهو-ما|",
        "و ذلك": "وذلك|",
        "مع": "مع|",
        "مثل": "مثل|",
        "بغيه": "بغيه|",
        "بهدف": "بهدف|",
        "من خلال": "من-خلال|",
        "و كلاهما": "وكلاهما|",
        "ممثلون و ممثلات": "ممثلون",
    },
}


class Token(NamedTuple):
    """A word or mark as it compares, and where it was written.

    `opens`: a phrase begins that may be left out; `is_capital`: it is written like a name.
    """

    key: str
    start: int
    end: int
    is_mark: bool = False
    opens: bool = False
    is_capital: bool = False


def tokens(text: str, language: Language) -> tuple[Token, ...]:
    """The tokens of a sentence, articles left out and phrases in one form.

    >>> [token.key for token in tokens("At the fourth meeting, a panellist spoke.", "en")]
    ['at', '4th', 'meeting', ',', '1', 'panellist', 'spoke']
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if not mark[0].isalnum():
            found.append(Token(_MARKS.get(mark, mark), match.start(), match.end(), is_mark=True))
        else:
            found += _word(match, language)
    return _one_form(_without_articles(found) if language == "en" else found, language)


def words(text: str, language: Language) -> tuple[Token, ...]:
    """The tokens of a sentence that are words."""
    return tuple(token for token in tokens(text, language) if not token.is_mark)


def _word(match: re.Match[str], language: Language) -> list[Token]:
    key, start, end = fold(match[0]), match.start(), match.end()
    if key.isascii() or language == "en":
        return [Token(_NUMBERS.get(key, key).replace("’", "'"), start, end, is_capital=match[0][0].isupper())]
    found = []
    if (key.startswith("و") and len(key) > 2 and key not in _OWN_WAW) or re.fullmatch(r"و\d.*", key):
        found.append(Token("و", start, start + 1))
        key = key[1:]
    return [*found, Token(_bare(key), start, end)]


def _bare(key: str) -> str:
    """`الدول` → `دول`, `للدول` → `لدول`, `بالقيام` → `بقيام`."""
    if key in _OWN_ARTICLE or _SPEAKERS.fullmatch(key):
        return key
    if key.startswith("ال") and len(key) > 4:
        return key[2:]
    if key.startswith("لل") and len(key) > 4:
        return key[1:]
    if key[1:3] == "ال" and key[0] in "بكف" and len(key) > 5:
        return key[0] + key[3:]
    return key


def _without_articles(found: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    for token, after in zip(found, [*found, Token("", 0, 0)][1:], strict=True):
        if token.key == "a" and after.key in _ONE:
            kept.append(token._replace(key="1"))
        elif token.key not in _ARTICLES or after.key in _KEPT_ARTICLE:
            kept.append(token)
    return kept


def _one_form(found: Sequence[Token], language: Language) -> tuple[Token, ...]:
    table, out, at = _phrases(language), list[Token](), 0
    while at < len(found):
        for phrase, one_form in table.get(found[at].key, ()):
            if tuple(t.key for t in found[at : at + len(phrase)]) == phrase:
                start, end = found[at].start, found[at + len(phrase) - 1].end
                capital = found[at].is_capital
                out += [Token(k.rstrip("|"), start, end, k in "()", k.endswith("|"), capital) for k in one_form]
                at += len(phrase)
                break
        else:
            out.append(found[at])
            at += 1
    return tuple(out)


@cache
def _phrases(language: Language) -> Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """The table by the first word of each phrase; articles have gone from both sides."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase, one_form in _SAME[language].items():
        keys = tuple(word for word in phrase.split() if word not in _ARTICLES)
        found.setdefault(keys[0], []).append((keys, tuple(one_form.split())))
    return {first: sorted(rows, key=lambda row: -len(row[0])) for first, rows in found.items()}
