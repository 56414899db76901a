"""Which sentences say who spoke: that somebody made a statement or sat on a panel, with names or countries."""

from __future__ import annotations

import re

from corpus.text import bare
from index.search.wording.answer_types import AnswerType, find_things

_STATED = (
    r"\bstatements? (?:was|were) (?:also )?(?:made|delivered)\b|\b(?:made|delivered|gave) (?:an? |the |their )?"
    r"(?:\w+ ){0,2}(?:statements?|address|remarks|speech|presentations?)\b|\btook the floor\b"
    r"|\brepresentatives? of [^.]{1,200}? (?:spoke|stated|said)\b"
    r"|\bو?تكلم(?:ت|وا|ن)?\b|\bو?(?:أدل|ألق)[ىت]\w{0,2} (?:[^.؛:]{0,80}? )?\w{0,3}(?:كلمة|بيان|ملاحظات)"
    r"|\bو?أخذ(?:ت|وا)? (?:[^.؛:]{0,80}? )?الكلمة\b|\bو?تحدث(?:ت|وا)?\b"
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
# What a sentence has that tells more than that somebody spoke: what was said, of what, or that something else was done.
_TELLS = re.compile(
    r"\b(?:that|which|whether|who|where|how|about|concerning|regarding|against|urging|why|because|to ask|to say)\b"
    r"|\b(?:statements?|address|remarks|speech|presentations?|spoke|floor) (?:on (?!behalf|\d)|of |for |to |in favour)"
    r"|\b(?!(?:opening|closing|introductory|concluding|following|meeting|including|participating|during|morning"
    r"|evening|speaking|being|delivered|seated|attended|named|listed|red)\b)[a-z]{3,}(?:ed|ing)\b"
    r"|\b(?:said|told|drew|gave an account|put forward|sought|spoke up)\b"
    r"|\b[وف]?(?:ال)?(?:أشار|أكد|شدد|ذكر|رحب|أعرب|دعا|دعت|طلب|اقترح|أوضح|لاحظ|أبرز|تناول|عرض|استعرض|حث|نوه|أعلن|قال|بيّن"
    r"|حذر|أثار|وصف|أفاد|أثنى|طالب|ناقش|شرح|سلط|قدم)\w{0,3}\b"
    r"|\b(?:أن|بأن|إن|أنه|أنها|بشأن|حول|بخصوص|فيها|فيه|مؤكد\w?|مشير\w?|مشدد\w?|داعي\w?|معرب\w?|مرحب\w?|الذي|التي)\b"
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


def says_speech(text: str) -> bool:
    """Whether a text says that somebody made a statement or took the floor, whoever it was.

    >>> says_speech("The Chair made an opening statement."), says_speech("The panel discussed statements.")
    (True, False)
    """
    return bool(_STATEMENT.search(bare(text)))


def only_mentions(sentence: str) -> bool:
    """Whether a sentence says that somebody spoke, and nothing of what was said.

    >>> only_mentions("A statement was made by the representative of Italy."), only_mentions("وتكلم ممثل إيطاليا.")
    (True, True)
    >>> only_mentions("The Chair made a statement, stressing the role of academia.")
    False
    """
    plain = bare(sentence[:_LONGEST])
    return bool(_STATEMENT.search(plain)) and not _TELLS.search(plain)
