"""Which sentences say who spoke: that somebody made a statement or sat on a panel, with names or countries."""

from __future__ import annotations

import re

from corpus.text import bare
from index.search.answer_types import AnswerType, find_things

_STATED = (
    r"\bstatements? (?:was|were) (?:also )?(?:made|delivered)\b|\b(?:made|delivered|gave) (?:an? |the |their )?"
    r"(?:\w+ ){0,2}(?:statements?|address|remarks|speech|presentations?)\b|\btook the floor\b"
    r"|\brepresentatives? of [^.]{1,200}? (?:spoke|stated|said)\b"
    r"|\bو?تكلم(?:ت|وا|ن)?\b|\bو?أدل[ىت]\w{0,2} \w*(?:كلمة|بيان|ملاحظات)|\bو?ألق[ىت]\w{0,2} \w*(?:كلمة|بيان)"
    r"|\bو?أخذ(?:ت|وا)? الكلمة\b|\bو?تحدث(?:ت|وا)?\b"
)
_ON_A_PANEL = (
    r"\bpanell?ists?:|\bfollowing (?:panell?ists|speakers|experts|persons)\b|\bkeynote speaker\b"
    r"|\bpanell?ists (?:were|was)\b"
    r"|المتحاورون|المتكلم الرئيسي|المتكلمون التالية|الخبراء التالية أسماؤهم"
)
_MODERATED = re.compile(r"\bmoderated by\b|\bو?أدار (?:الجلس|جلس)", re.IGNORECASE)
_STATEMENT = re.compile(_STATED, re.IGNORECASE)
_PANEL = re.compile(_ON_A_PANEL, re.IGNORECASE)
_LED = re.compile(
    r"\b(?:led|moderated|chaired|facilitated|opened) by\b|\bو?(?:أدار|ترأس|رأس|تولى)\w{0,2}\b", re.IGNORECASE
)
_KEYNOTE = re.compile(r"\bkeynote\b|\b(?:ال|ك)?متكلم\w{0,3} (?:ال)?رئيسي|\b(?:ال|ب)?كلمة (?:ال)?رئيسية", re.IGNORECASE)
# One person, and no list: a capital where a name begins, which Arabic lacks; it has the title before it.
_LED_BY_NAME = re.compile(
    r"\b(?:led|moderated|chaired|facilitated|opened|delivered|given) by (?:(?:the|his|her) )?[A-Z][\w.’'-]*+ [A-Z]"
    r"|\b(?:moderator|panell?ists?|keynote speaker|[Cc]hair) (?:was|were) [A-Z]"
    r"|(?<![\w’'-])[A-Z][\w’'-]*+ (?:led|moderated|chaired|facilitated) (?:the|a) "
    r"|\bو?(?:أدار|ترأس|رأس|تولى|ألق[ىت])\w{0,2} [^.؛:]{0,60}\b(?:السيد|الدكتور|الأستاذ)ة? "
)
_LONGEST = 6_000  # characters of a sentence in which names are looked for


def says_who_spoke(sentence: str, *, countries: bool = False) -> bool:
    """Whether a sentence says who spoke; with `countries`, which countries made statements.

    >>> says_who_spoke("Statements were made by the representatives of Italy and Brazil."), says_who_spoke("One spoke.")
    (True, False)
    """
    plain = bare(sentence[:_LONGEST])
    if _MODERATED.search(plain):
        return False
    kinds: tuple[AnswerType, ...] = ()
    if _STATEMENT.search(plain):
        kinds = ("country",) if countries else ("country", "person", "organisation")
    elif not countries and _PANEL.search(plain):
        kinds = ("person",)
    return any(find_things(kind, plain) for kind in kinds)


def names_who_led(sentence: str, *, keynote: bool = False) -> bool:
    """Whether a sentence names who led a discussion or sat on its panel; with `keynote`, who opened it so.

    >>> names_who_led("The panel was led by Phelan Wyrick."), names_who_led("The first panel opened with a keynote.")
    (True, False)
    """
    plain = bare(sentence[:_LONGEST])
    if keynote and not _KEYNOTE.search(plain):
        return False
    listed = _PANEL.search(plain) or _LED.search(plain)
    return bool((listed and find_things("person", plain)) or _LED_BY_NAME.search(plain))
