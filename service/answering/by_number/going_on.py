"""Questions that go on from paragraphs named before: "and (c)?", "and the next one?", "والتالية؟", "and 10?".

    after "What does paragraph 21 (b) say?"     "and (c)?" → 21(c)     "والتالية؟" → 21(c)     "and 9?" → 9

Nothing but the name of a paragraph may be said, with words around it that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.records import Report
from corpus.refs import NoRef, Ref, RefRange, Target, UnreadableReference, is_reference, parse_refs
from corpus.refs.numerals import ABJAD
from corpus.refs.types import Odd
from corpus.text import fold, folded

_LONGEST = 60  # characters of such a question
_DIGITS = 3  # of a number that names a paragraph
_WORD = re.compile(r"[^\W\d_]++")
_EDGES = " ?؟!.،,:;؛-–"


_AROUND = folded(
    """
    and or but so then now ok okay please also what about how does do is says say said read show give quote me us the
    in of it that this to comes go on
    و ثم طيب وماذا ماذا ما عن في من هات اعرض أعطني اقرأ لي هي هو تقول يقول جاء ورد تنص كذلك أيضا رجاء من فضلك
    """
)
_ONE = folded(
    "one ones paragraph paragraphs para sub subparagraph subparagraphs letter item الفقرة فقرة الفرعية فرعية التي الذي"
)
_STEPS = {
    **dict.fromkeys(
        folded("next following subsequent after follows التالية تالية التالي تليها يليها بعدها اللاحقة"), 1
    ),
    **dict.fromkeys(folded("previous preceding prior before precedes السابقة سابقة السابق تسبقها يسبقها قبلها"), -1),
}
_ENDS = {
    **dict.fromkeys(folded("last final الأخيرة أخيرة"), -1),
    **dict.fromkeys(folded("first الأولى"), 0),
}


def going_on(text: str, report: Report, before: Sequence[Ref]) -> tuple[Target, ...]:
    """What a question names that goes on from these paragraphs of a report; nothing where it says more."""
    if not before or len(text) > _LONGEST:
        return ()
    words = [_plain(word) for word in _WORD.findall(fold(text))]
    ways = [word for word in words if word in _STEPS or word in _ENDS]
    if len(ways) == 1 and not any(map(str.isnumeric, text)):
        others = [word for word in words if word not in ways]
        return _stepped(report, before, ways[0]) if all(word in _AROUND | _ONE for word in others) else ()
    return _named(text, before[-1])


def _plain(word: str) -> str:
    """A word without the "and" that Arabic joins to it: والتالية → التالية."""
    known = _AROUND | _ONE | _STEPS.keys() | _ENDS.keys()
    return word.removeprefix("و") if word not in known and word.removeprefix("و") in known else word


def _stepped(report: Report, before: Sequence[Ref], way: str) -> tuple[Target, ...]:
    """The paragraph after the last one or before the first one, or at either end, of the same kind."""
    ref = before[-1] if _STEPS.get(way, 1) > 0 else before[0]
    beside = report.children(ref.parent) if ref.parent else report.whole
    if way in _ENDS and beside:
        return (beside[_ENDS[way]],)
    if ref in beside and 0 <= (place := beside.index(ref) + _STEPS.get(way, 0)) < len(beside):
        return (beside[place],)
    if ref.is_front or ref.item:
        return ()
    if ref.position:
        after = ref.part(ref.position + 1) if ref.position < len(ABJAD) else NoRef(Odd.alike("(…)"), ref, ref.part())
        return (after if _STEPS[way] > 0 else ref.part(),)
    return (Ref(ref.number + 1, annex=ref.annex) if _STEPS[way] > 0 else NoRef(Odd.alike("0"), ref),)


def _named(text: str, before: Ref) -> tuple[Target, ...]:
    """The paragraphs of `(c)`, of `c`, and of `10`: letters are those of the paragraph before."""
    said = text.strip(_EDGES).split()
    rest = list(said)
    while len(rest) > 1 and _plain(fold(rest[0]).strip(_EDGES)) in _AROUND:
        del rest[0]
    while len(rest) > 1 and _plain(fold(rest[-1]).strip(_EDGES)) in _AROUND:
        del rest[-1]
    name = " ".join(rest).strip(_EDGES)
    joined = name.removeprefix("و").lstrip(_EDGES)
    if joined != name and joined and (not joined[0].isalpha() or len(joined) == 1):
        name, said = joined, ["و", *said]  # و(ج), و10, وج
    if name.isalpha() and len(said) == 1:
        return ()  # "k?" may be anything
    if name[:1].isdecimal():
        alone = name.isdecimal() and len(name) > _DIGITS
        return parse_refs(name) if is_reference(name) and not alone else ()
    try:
        found = parse_refs(f"{before.part()} {name}")
    except UnreadableReference:
        return ()
    firsts = [each.first if isinstance(each, RefRange) else each for each in found]
    return found if all(isinstance(ref, Ref) and ref.position for ref in firsts) else ()
