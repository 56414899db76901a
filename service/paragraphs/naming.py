"""The words that documents are named with, in both languages, and a text cut into them.

    words("paragraph 9 of the Kyoto Declaration (A/CONF.234/16)")[-2:] → Word(symbol, a/conf.234/16), Word(mark, ")")

Everything is compared folded (`corpus.refs.numerals.fold_each`); a word keeps where it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.refs.numerals import fold_each

Kind = Literal["symbol", "pair", "word", "mark"]


def folded(text: str) -> frozenset[str]:
    """The words of a list, as they are compared."""
    return frozenset(fold_each(text).text.split())


# What is called so is a document of its own kind, never "the report": resolution 74/247, the Kyoto Declaration.
SPECIFIC = folded(
    """resolution resolutions res decision decisions declaration declarations convention conventions protocol protocols
    treaty treaties charter covenant statute agreement agreements accord accords act law code constitution directive
    regulation regulations communique memorandum bill guideline guidelines guide handbook manual principles rules
    programme program plan strategy framework agenda pact compact platform roadmap opinion judgment judgement ruling
    paper note letter study book recommendation
    قرار قرارات مقرر مقررات إعلان اتفاقية اتفاقيات بروتوكول بروتوكولات معاهدة معاهدات ميثاق عهد نظام اتفاق اتفاقات
    قانون دستور لائحة توجيه توجيهات مبادئ قواعد دليل برنامج خطة استراتيجية إطار ورقة مذكرة دراسة بيان رسالة حكم فتوى
    كتاب توصية تعليق"""
)
# What is called so may be the report that is loaded: it depends on the words around it.
GENERIC = folded("report reports document documents تقرير تقارير وثيقة وثائق مستند")
# Bodies and meetings, for their reports: paragraph 9 of workshop 3, الفقرة ٩ من حلقة العمل ٣.
ORGANS = folded("workshop committee session congress conference meeting panel حلقة لجنة دورة مؤتمر جلسة اجتماع")
# Parts and versions of a document: of the text of the Declaration, من ديباجة الميثاق.
PARTS = folded(
    """text version translation rendering copy draft article articles annex annexes appendix chapter part section
    preamble title schedule page body summary proceedings original
    نص ترجمة نسخة مشروع مادة مرفق تذييل فصل جزء فرع ديباجة عنوان صفحة متن ملخص صيغة منطوق"""
)
# Words beside a name that say nothing of which document it is.
LEADING_ON = folded("الخاص الخاصة الصادر الصادرة المتعلق المتعلقة المعني المعنية المقدم المقدمة")
NEUTRAL = LEADING_ON | folded(
    """the a an this that these those your our my said present same whole full entire above mentioned loaded current
    latest final draft main attached official unofficial arabic english united nations un unodc no number nos
    هذا هذه ذلك تلك المذكور المذكورة نفسه نفسها ذاته الحالي الحالية العربي العربية الإنكليزي الإنكليزية الرسمي الرسمية
    الكامل الكاملة كامل رقم الأمم المتحدة بشأن النهائي النهائية المتاح الموجود المحمل"""
)
# Where the name of a document has ended.
_STOPS = folded(
    """say says said state states stated mention mentions contain contains provide provides address addresses talk talks
    discuss discusses read reads regarding which that who whom is are was were does do did has have had and or but
    please in at with under between about concerning if when where what how why you we i it they today now again
    verbatim exactly briefly me thanks must should shall would could can may will as than so also tell show give
    تقول يقول تنص ينص تذكر يذكر ورد وردت جاء جاءت تتضمن يتضمن تتناول يتناول تتحدث يتحدث تشير يشير نصت قالت ذكرت اشارت
    كان كانت يكون تكون هي هو عن هل ما ماذا من التي الذي حول مع كاملا حرفيا فضلك لو سمحت بالعربية بالإنكليزية باللغة و
    إن أن قد لم لا على إلى في اليوم الآن"""
)
LINKS = folded("of in from under within من في ضمن")
"""What leads from a paragraph to its document."""
OF = folded("of on by for to from against")
_ARTICLES = ("بال", "لل", "ال")
_ARABIC_PREFIXES = (*_ARTICLES, "ب", "ل", "ك")
_WORDS = re.compile(
    r"(?P<symbol>(?<![\w/])[a-z]{1,10}(?:/[a-z0-9](?:[a-z0-9.\-]|\([0-9]{1,4}\))*)+)|(?P<pair>(?<![\w/.])\d+/\d+(?![\w/]))"
    r"|(?P<word>[^\W_]+(?:[-’'](?!s\b)[^\W_]+)*)|(?P<mark>[’']s\b|[^\s\w])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, symbol (`a/conf.234/16`), pair of numbers (`74/247`) or mark, `source[start:end]`."""

    kind: Kind
    text: str  # folded
    start: int
    end: int
    capital: bool = False

    @property
    def stops(self) -> bool:
        """Whether no name goes on with it."""
        return self.kind == "mark" or self.text in _STOPS

    @property
    def numeral(self) -> bool:
        """Whether it is a number, in digits or Roman."""
        return self.text.isdigit() or (self.capital and re.fullmatch(r"[ivx]+", self.text) is not None)


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order.

    >>> [word.text for word in words("Resolution 74/247, para. 9")]
    ['resolution', '74/247', ',', 'para', '.', '9']
    """
    read = fold_each(text)
    found = []
    for match in _WORDS.finditer(read.text):
        kind: Kind = "mark" if match.lastgroup is None else match.lastgroup  # type: ignore[assignment]
        if kind == "symbol" and not any(map(str.isdigit, match[0])):  # and/or
            kind = "word"
        start, end = read.starts[match.start()], read.ends[match.end() - 1]
        found.append(Word(kind, match[0], start, end, text[start].isupper()))
    return tuple(found)


def among(word: str, listed: frozenset[str]) -> bool:
    """Whether a word is listed, an Arabic one also with what is joined to it: والقرار, بالإعلان, للتقرير."""
    return word in listed or any(form in listed for form in _bare_forms(word))


def stem(word: str) -> str:
    """A word as names are compared: harbours → harbour, بالمرافئ → مرافي."""
    if word.isascii():
        return word[:-1] if len(word) > 3 and word.endswith("s") else word
    return min(_bare_forms(word), key=len, default=word)


def _bare_forms(word: str) -> list[str]:
    if word.isascii():
        return []
    forms = [word, word[1:]] if word[0] in "وف" and len(word) > 4 else [word]
    forms += [
        form.removeprefix(prefix)
        for form in tuple(forms)
        for prefix in _ARABIC_PREFIXES
        if form.startswith(prefix) and len(form) - len(prefix) >= (2 if prefix in _ARTICLES else 3)
    ]
    return forms
