"""What is written short, and ends no sentence by its full stop: titles, initials, and what stands before a number.

    without_short("(IMO Res. A.1/2) and Ms. Mira. The end.")   → the same, with another mark after "Res" and "Ms"

Reviewed lists: in the 308 written passages of eval/data/reader they cut where a reader would, where pysbd cuts Arabic
at each comma and English before "(b)", and sentencex at "Ms." and after "2.".
"""

from __future__ import annotations

import re

MARK = "\ue000"
"""Stands where the full stop stood; no stored text holds it."""


def _written(words: str, *, small: bool = True) -> frozenset[str]:
    """Each word as it begins a sentence, as it stands in one, and in capitals: `No`, `no`, `NO`."""
    found = words.split()
    begun = [word[:1].upper() + word[1:] for word in found]
    return frozenset((*found, *begun, *map(str.upper, begun), *(map(str.lower, found) if small else ())))


# Before a name, or in the middle of a sentence: whatever follows, none ends there.
_TITLES = _written(
    """
    Mr Mrs Ms Mx Dr Drs Prof Profs Rev Revd Hon Rt Messrs Mme Mmes Mlle Mlles Sra Dra Sr Fr Br St Ste Mt Ft Gen Gens Col
    Maj Capt Cmdr Cdr Brig Lt Sgt Cpl Pvt Adm Amb Ambs Gov Govs Pres Sen Sens Rep Reps Cllr Atty Dep Sec Msgr Supt Insp
    Eng Esq Dept Univ Govt Asst Assoc Acad Inst Assn Natl Intl Int Eur Ct Wm Chas Geo Jos Th Ch Ph Yu
    """,
    small=False,
)
_ALWAYS = _TITLES | _written("e.g i.e i.a a.k.a cf viz vs approx incl esp resp") | {"al", "ca", "v"}
# Before a number, a letter or a symbol, "No. 4", "art. 5", "paras. (a) to (c)", "Vol. II", "5 Sept. 2021",
# "Res. A.1/2"; and after a bracket, "(ed. John Smith)".
_BEFORE_NUMBER = _written(
    """
    No Nos Art Arts Para Paras Subpara Subparas Sect Sects Sec Secs Subsect Vol Vols Fig Figs Chap Chaps Cl Cls Reg Regs
    Res Doc Docs Ser Suppl Supp Ex P Pp Ed Eds Add Corr Ann App Apps Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
    Decl Conf Ch Est Pt Pts Ref Refs Rec Recs Eq Eqs Amend Amdt Sched Lit N Nn Fn C Col Cols L Ll Pop Tel w.e.f
    مج صص تح
    """
)
# A letter alone after these is a number and no name's, "Annex V. The Committee"; after the latter, I, V and X alone.
_COUNTED = frozenset(
    """
    annex appendix article articles chapter chapters part parts section sections schedule table figure volume volumes
    app apps art arts chap chaps fig figs para paras pt pts sect sects subsect vol vols
    المرفق المرفقات المرفقين التذييل الجزء الباب المادة الفقرة الفقرتين الفقرات البند الجدول الشكل الفئة
    """.split()
)
_COUNTED_BY_I = frozenset("committee committees group groups title panel".split())
_OPENING = frozenset("([")
_LONGEST = 12  # letters of what is written short, and of the word before it

# A word, or a few with stops within, and its full stop before a space. Not one that begins after a vowel sign.
_STOP = re.compile(
    rf"(?<![\u0610-\u061a\u064b-\u065f\u0670])\b(?P<word>\w{{1,{_LONGEST}}}+(?:\.\w{{1,{_LONGEST}}}+){{0,5}}+)\.(?=\s)"
)
_ROMAN = r"[IVXLCDM]{1,8}+(?:bis|ter)?(?![\w'’])"
_LETTER = r"(?:[B-Z](?!\w|\.\w|['’])|A(?=[,;:.)\]]|\s+(?:and|or|to|of)\b))"
_SYMBOL = r"[A-Z][^\s,;]{0,40}?(?:/|[.(]\d)"  # A/RES/74/1, A.1/2, MSC.428(98)
_ANOTHER = r"[A-Z][a-z]{1,6}+\.\s++\d"  # Suppl. No. 30
_NUMBER = re.compile(rf"\.\s++(?:[(\d§#+]|\[\d|{_ROMAN}|{_LETTER}|{_SYMBOL}|{_ANOTHER})")
# After an abbreviation with a capital, which is no word of its own: CLT-20, ES-10/1, L 123, MSC 428(98).
_NAMED = re.compile(r"\.\s++(?:[A-Z][^\s,;\d]{0,20}\d|(?!A\s)[A-Z]{1,8}\s\d)")
# "The answer was no. 12 States abstained."
_ANSWERED = re.compile(
    r"(?:\b(?:(?:answer|reply|response|result|vote|verdict)\s(?:was|is)|said|says|answered|replied|voted|yes\s(?:or|and))"
    r"[,:]?\s|[?؟]\s)[“\"']?\Z",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[A-Z]|[ء-ي]|هـ|جـ")
_AND = "و"  # joined to what comes after it: "ود. هالة", and Dr. Hala
# A year of the Hijra or of our era with its letter, and what gives the other year after it: 1445هـ. الموافق 2023.
_YEAR = re.compile(r"\d++(?:هـ|م)")
_ALSO = re.compile(r"\.\s++(?:ال)?موافق")
_BEGINS = re.compile(r"\.\s++و(?!الموافق)")  # as most Arabic sentences do


def without_short(text: str) -> str:
    """The text with MARK in the place of each full stop that ends no sentence because of the word before it."""
    return _STOP.sub(_marked, text)


def _marked(found: re.Match[str]) -> str:
    return f"{found['word']}{MARK}" if _is_short(found) else found[0]


def _is_short(found: re.Match[str]) -> bool:
    """Whether no sentence ends at the stop; "A.1", "p.m" and the like are judged by their last piece, too."""
    word, stop = found["word"], found.end() - 1
    last = word.rpartition(".")[2]
    last = last.removeprefix(_AND) or last
    if not _ALWAYS.isdisjoint((word, last)):
        return True
    if _INITIAL.fullmatch(last):
        return "." in word or not _is_counted(found, stop)
    if _YEAR.fullmatch(last):
        return _ALSO.match(found.string, stop) is not None
    return not _BEFORE_NUMBER.isdisjoint((word, last)) and _is_numbered(found, last, stop)


def _is_counted(found: re.Match[str], stop: int) -> bool:
    """Whether a letter is the number of what is before it, "Annex V. The Committee agreed", or a year's that ends."""
    at = found.start()
    before = found.string[max(0, at - 2 * _LONGEST) : at].split()[-1:]
    name = before[0].strip("([.").lower() if before else ""
    if name.isdecimal():
        return _BEGINS.match(found.string, stop) is not None
    return name in _COUNTED or (found["word"] in "IVX" and name in _COUNTED_BY_I)


def _is_numbered(found: re.Match[str], word: str, stop: int) -> bool:
    """Whether what follows is a number, a letter or a symbol that goes with the word."""
    text, at, answers = found.string, found.start(), word.lower() == "no"
    if answers and _ANSWERED.search(text, max(0, at - 2 * _LONGEST), at):
        return False
    if not answers and text[at - 1 : at] in _OPENING:
        return True
    return bool(_NUMBER.match(text, stop) or (word[0].isupper() and _NAMED.match(text, stop)))
