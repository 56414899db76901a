"""Questions in the Arabic that people speak: their question and function words → the standard ones, for the search.

    standard("مين اللي أدار حلقة العمل؟")  → "من الذي أدار حلقة العمل؟"
    standard("وش رقم القرار؟")            → "ما رقم القرار؟"

Reports are written in the standard language, and so is what models and rules know a question by. What is shown or
quoted is never touched. A word that is a standard one too, or part of names (بس, عم, دي, لما, هادي), is not in the
table; nor is what stands in quotation marks read, as it is somebody's wording.
"""

from __future__ import annotations

import re

from corpus.text import fold


def _table(rows: str) -> dict[str, str]:
    pairs = (row.split("→") for row in rows.split("\n") if row.strip())
    return {fold(word): standard.strip() for words, standard in pairs for word in words.split()}


_WHAT = _table("شو ايش إيش أيش وش شنو شنوه أشنو اشنو شنهو وشو وشهو → ماذا")  # Levant, Gulf, Iraq, Maghreb
# Asked with, in Egypt, the Levant, the Gulf and Iraq, and the Maghreb. They are read so where no standard word asks:
# "ماذا قال برنارد شو؟" names a person.
_ASKING = _WHAT | _table(
    """
    مين منو منهو شكون → من
    لمين → لمن
    فين وين فاين → أين
    منين → من أين
    امتى إمتى ايمتى إيمتى وقتاش فوقاش → متى
    ازاي إزاي شلون كيفاش → كيف
    ليه ليش علاش لشو → لماذا
    كام قديش قديه أديش اديش شقد شكد شحال أشحال → كم
    انهي أنهي → أي
    واش → هل
    بشو بايش → بماذا
    """
)
_JOINING = _table(
    """
    اللي → الذي
    اتكلم → تكلم
    اتكلمت → تكلمت
    اتكلموا → تكلموا
    بيتكلم بيحكي → يتحدث
    بتتكلم بتحكي → تتحدث
    بيقول → يقول
    بتقول → تقول
    بيعمل → يعمل
    بتعمل → تعمل
    اتعقد → انعقد
    اتعقدت → انعقدت
    اتقال انقال → قيل
    اتذكر انذكر → ذُكر
    اتذكرت انذكرت → ذُكرت
    ده هيدا → هذا
    هيدي → هذه
    مش موش → ليس
    مفيش مافيش ماكو → لا يوجد
    كمان برضه برضو → أيضا
    عشان علشان مشان → من أجل
    بدي عايز عايزة عاوز عاوزة أبغى → أريد
    احكيلي → أخبرني
    دلوقتي هلق → الآن
    تاني → ثاني
    التاني → الثاني
    تانية → ثانية
    التانية → الثانية
    تالت → ثالث
    التالت → الثالث
    تالتة → ثالثة
    التالتة → الثالثة
    """
)
_STANDARD = frozenset(fold("ماذا بماذا لماذا متى أين كيف كم هل أي").split())
_FIRST = frozenset(("ما", "من"))  # that ask where they come first; elsewhere "of" and "not"
_QUOTED_OR_WORD = re.compile(r"«[^«»]*+»|“[^“”]*+”|\"[^\"]*+\"|[^\W\d_][\w\u064b-\u0652]*+")
# After what a verb comes, and before a noun: ماذا قال, ما رقم.
_VERB = re.compile(r"[يتن]\w{2,}|(?:قال|قيل|ورد|جا|صار|حدث|حصل|ذكر|عمل|فعل|ناقش|قرر|طلب|دعا)\w{0,3}|في|عن")
_EGYPTIAN_WHAT = re.compile(r"(?<![\w\u064b-\u0652])[إا]يه(?=\s*(?:[؟?!.]|$)|\s+(?:الذي|هو|هي|عن|في|بخصوص)\b)")


def standard(question: str) -> str:
    """A question as it is looked for; the same one where nothing in it is of a dialect.

    >>> standard("فين انعقد المؤتمر؟"), standard("ماذا قال برنارد شو؟")
    ('أين انعقد المؤتمر؟', 'ماذا قال برنارد شو؟')
    """
    words = [fold(match[0]) for match in _QUOTED_OR_WORD.finditer(question)]
    asks = not _STANDARD.isdisjoint(word.removeprefix("و") for word in words)
    asks = asks or (bool(words) and words[0].removeprefix("و") in _FIRST)
    known = _JOINING if asks else _ASKING | _JOINING
    if known.keys().isdisjoint({*words, *(word[1:] for word in words)}) and not _EGYPTIAN_WHAT.search(question):
        return question

    def as_standard(match: re.Match[str]) -> str:
        word = fold(match[0])
        and_, rest = ("", word) if word in known else (word[:1], word[1:])
        if rest not in known or and_ not in ("", "و", "ف"):
            return match[0]
        if rest not in _WHAT:
            return and_ + known[rest]
        after = _QUOTED_OR_WORD.search(question, match.end())
        acts = after is None or fold(after[0]) in known or _VERB.fullmatch(fold(after[0]))
        return and_ + ("ماذا" if acts else "ما")

    found = _QUOTED_OR_WORD.sub(as_standard, question)
    return found if asks else _EGYPTIAN_WHAT.sub("ماذا", found)
