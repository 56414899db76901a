"""What a part of a question leaves out, taken from what stands before it.

"Who moderated the workshop", "when was it held?"                 → "when was the workshop held?"
"من أدار حلقة العمل", "متى عُقدت؟"                                  → "متى عُقدت حلقة العمل؟"
"Which countries spoke at the fifth meeting", "who at the sixth?" → "Which countries spoke at the sixth meeting?"
"Which countries spoke at the fifth and sixth meetings?"          → the same of the fifth, and of the sixth
"""

from __future__ import annotations

import re

from corpus.text import fold

_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d{1,3}(?:st|nd|rd|th)"
    r"|ال(?:[أا]ول[ىي]?"
    r"|ثاني[ةه]?|ثالث[ةه]?|رابع[ةه]?|خامس[ةه]?|سادس[ةه]?|سابع[ةه]?|ثامن[ةه]?|تاسع[ةه]?|عاشر[ةه]?))"
)
_PLACED = r"(?:at|in|during|after|following|before|on|of|about|في|خلال|أثناء|بعد|عقب|قبل|عن|بشأن)"
_PLACE = re.compile(rf"\b(?P<placed>{_PLACED})\s", re.IGNORECASE)
# A part that asks where another was, and nothing of it: "and which after the panel on artificial intelligence?"
_WHERE_ELSE = re.compile(
    r"(?:which|who|what|من|ما|أي|أيها)\s+(?:ones?\s+)?(?:of them\s+)?(?:(?:was|were|كان|كانت|هو|هي)\s+)?"
    rf"(?P<place>(?P<placed>{_PLACED})\s.+)",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(rf"(?P<before>.*\s)(?P<ordinal>{_ORDINAL})(?P<end>\W*)", re.IGNORECASE | re.DOTALL)
_COUNTED = r"(?:meeting|session|panel discussion|panel|discussion|workshop|day)"
_IS_COUNTED = re.compile(_COUNTED, re.IGNORECASE)
_AFTER = re.compile(rf"\b{_ORDINAL}\s+(?P<counted>{_COUNTED})\b", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?P<counted>[^\W\d_]++(?: النقاش)?)\s+{_ORDINAL}\b")
_ENGLISH_LIST = re.compile(
    rf"(?:both\s+)?(?:the\s+)?{_ORDINAL}(?:\s+{_COUNTED}s?)?"
    rf"(?:(?:\s?,(?:\s+and)?|\s+and)\s+(?:{_PLACED}\s+)?(?:the\s+)?{_ORDINAL}(?:\s+{_COUNTED}s?)?){{1,4}}\b",
    re.IGNORECASE,
)
_ONE_OF = {
    **dict.fromkeys(("الجلسة", "الجلستين", "الجلستان", "الجلسات"), "الجلسة"),
    **dict.fromkeys(("حلقة النقاش", "حلقتي النقاش", "حلقتا النقاش", "حلقات النقاش"), "حلقة النقاش"),
    **dict.fromkeys(("الحلقة", "الحلقتين", "الحلقتان", "الحلقات"), "الحلقة"),
    **dict.fromkeys(("الاجتماع", "الاجتماعين", "الاجتماعان", "الاجتماعات"), "الاجتماع"),
}
_COUNTED_ARABIC = f"(?:{'|'.join(_ONE_OF)})"
_ARABIC_LIST = re.compile(
    rf"(?P<counted>{_COUNTED_ARABIC})\s+{_ORDINAL}"
    rf"(?:(?:\s?[،,]\s?و?|\s+و)(?:{_PLACED}\s+)?(?:{_COUNTED_ARABIC}\s+)?{_ORDINAL}){{1,4}}\b"
)
_WORD = re.compile(r"\w+")
_EACH = re.compile(_ORDINAL, re.IGNORECASE)


# What "it" is: what somebody did something to, or what something was done to, named at the end and in few words.
_AT_END = "(?:about|for|on|from|with|to|in|at|by)"
_DONE_TO = re.compile(
    rf"(?:who|what)\s+(?!(?:did|does|do)\b)(?:[\w-]+\s+)*(?P<thing>the(?:\s+(?!{_AT_END}\b)[\w-]+){{1,3}})"
    rf"(?:\s+{_AT_END})?\W*"
    r"|(?:when|where|why|how)\s+(?:is|are|was|were)\s+(?P<done>the(?:\s+[\w-]+){1,3})\s+[\w-]+\W*",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|they|them)\b(?!['’])", re.IGNORECASE)
_DONE_TO_ARABIC = re.compile(
    r"و?(?:من|متى|أين|اين|كيف|لماذا|هل)\s+(?!ال)[^\s؟?]+\s+(?P<thing>[^\s؟?]+(?:\s(?!التي|الذي|من|في|عن)[^\s؟?]+){0,3})[؟?]?"
)
_VERB_ALONE = re.compile(r"(?P<asks>و?(?:متى|متي|أين|اين|كيف|لماذا)\s+(?!ال)[^\s؟?]{3,})(?P<end>\s?[؟?]?)")
_SPOKEN = frozenset(
    fold(
        """
        spoke speak spoken speaker speakers keynote panellist panellists panelist panelists statement statements floor
        discussed discuss said debated
        تكلم تكلمت تكلموا المتكلم المتكلمون المتكلمين المتحاورون المتحاورين أدلى أدلت ببيان ببيانات نوقش نوقشت قيل دار
        تحدث تحدثت المتحدثون المتحدث
        """
    ).split()
)


def completed(part: str, before: str) -> str:
    """A part with what it leaves out, where the part before it says that.

    >>> completed("who at the sixth?", "Who spoke at the fifth meeting")
    'Who spoke at the sixth meeting?'
    >>> completed("when was it held?", "Who moderated the workshop")
    'when was the workshop held?'
    """
    if (elsewhere := _WHERE_ELSE.fullmatch(part)) is None:
        return _with_its_thing(part, before)
    places = list(_PLACE.finditer(before))
    same = [place for place in places if place["placed"].casefold() == elsewhere["placed"].casefold()]
    placed = next(iter(same or places), None)
    return before[: placed.start()] + _counted(elsewhere["place"], before) if placed else part


def _with_its_thing(part: str, before: str) -> str:
    if (alone := _VERB_ALONE.fullmatch(part)) and (thing := _DONE_TO_ARABIC.fullmatch(before)):
        return f"{alone['asks']} {thing['thing']}{alone['end']}"
    if _IT.search(part) and (thing := _DONE_TO.fullmatch(before)):
        return _IT.sub(lambda _: thing["thing"] or thing["done"], part, count=1)
    return part


def _counted(place: str, before: str) -> str:
    """`at the sixth?` → `at the sixth meeting?`, where a meeting was counted before."""
    alone = _ALONE.fullmatch(place)
    if alone is None:
        return place
    if alone["ordinal"].isascii():
        counted = _AFTER.search(before)
        return f"{alone['before']}{alone['ordinal']} {counted['counted']}{alone['end']}" if counted else place
    counted = _BEFORE.search(before)
    return f"{alone['before']}{counted['counted']} {alone['ordinal']}{alone['end']}" if counted else place


def one_for_each(question: str) -> tuple[str, ...]:
    """A question of what was said at several meetings or panels that are counted, once for each; else itself.

    >>> one_for_each("ما الدول التي تكلمت في الجلستين الخامسة والسادسة؟")
    ('ما الدول التي تكلمت في الجلسة الخامسة؟', 'ما الدول التي تكلمت في الجلسة السادسة؟')
    """
    listed = _ENGLISH_LIST.search(question) or _ARABIC_LIST.search(question)
    if listed is None or _SPOKEN.isdisjoint(_WORD.findall(fold(question))):
        return (question,)  # who moderated three meetings is said of all three
    if listed.re is _ARABIC_LIST:
        each = [f"{_ONE_OF[listed['counted']]} {ordinal}" for ordinal in _EACH.findall(listed[0])]
    elif counted := _IS_COUNTED.search(listed[0]):
        each = [f"the {ordinal} {counted[0]}" for ordinal in _EACH.findall(listed[0])]
    else:
        return (question,)
    return tuple(f"{question[: listed.start()]}{one}{question[listed.end() :]}" for one in each)
