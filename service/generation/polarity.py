"""Words that turn a sentence around: a claim may hold one only where the text it cites does.

Vectors do not see them: "should" and "should not" lie next to each other. So they are compared as words, in the
answer's language, by their stems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from corpus.text import fold
from index.search.lexical import terms

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot hardly rarely seldom barely scarcely".split()
)
_ARABIC_NEGATION = re.compile(r"[وفبل]?(?:لا|لم|لن|ليس|ليست|ليسوا|لست|غير|دون|عدم|بدون|بلا|الا)")
_NOT_NEGATED = frozenset("سيما بد".split())  # لا سيما, "especially", and لا بد, "must"
# Words between a negation and what it negates.
_BETWEEN = frozenset(
    "the a an any be been being to have has had only yet longer always all it this that their its such do does did of "
    "في من ان اي هذه هذا تلك ذلك الي علي قد".split()
)
_PREFIXES = ("un", "il", "in", "im", "ir", "non", "dis", "de")
# Each may stand in a claim only where a cited paragraph has it: they reverse, forbid or oblige.
_TURNING = """
    reject oppose deny refuse fail prohibit ban forbid abolish cease stop halt withdraw weaken reduce decrease
    discourage condemn except unless instead must shall mandatory obliged obligatory compulsory binding only
    solely always guarantee prove impossible useless رفض يرفض رفضت عارض عارضت يعارض حظر يحظر الغاء الغي انكر ينكر
    فشل فشلت يفشل امتنع يمتنع اوقف ايقاف اضعاف تقليص تخفيض خفض ادان يجب يتعين ملزم ملزمه الزامي الزاميه اجباري
    باستثناء فقط حصرا دائما مستحيل
    """
# A claim that has one side, where the text has only the other, says the opposite.
_OPPOSITES = (
    ("increase rise growth", "reduce decrease decline fall"),
    ("strengthen enhance improve", "weaken undermine worsen aggravate"),
    ("allow permit enable authorise authorize", "prevent prohibit ban forbid"),
    ("support welcome endorse approve", "oppose reject criticise criticize condemn"),
    ("lawful legal licit legitimate", "unlawful illegal illicit"),
    ("benefit advantage opportunity", "risk danger threat harm"),
    ("زياده ارتفاع تزايد", "انخفاض تراجع نقصان"),
    ("تعزيز تحسين", "اضعاف تقويض تفاقم"),
    ("السماح اتاحه تمكين", "منع حظر"),
    ("تاييد ايد رحب ترحيب", "معارضه عارض رفض"),
    ("مزايا منافع فوائد", "مخاطر اخطار اضرار"),
)


def same_sense(claim: str, sentences: Iterable[str], paragraphs: Iterable[str]) -> bool:
    """Whether no word turns the claim away from the sentences that it rests on.

    >>> same_sense("States should not monitor risks.", ["States should monitor the risks."], [])
    False
    """
    cited = list(sentences)
    ours, theirs = _negated(claim), frozenset[str]().union(*map(_negated, cited))
    said, written = frozenset(terms(claim)), frozenset(t for text in cited for t in terms(text))
    if ours - theirs or (theirs - ours) & said:
        return False
    if _prefixed(claim, cited):
        return False
    around = written | frozenset(t for text in paragraphs for t in terms(text))
    if (said & _stems(_TURNING)) - around:
        return False
    return not any(_opposed(said, written, *map(_stems, pair)) for pair in (*_OPPOSITES, *_swapped()))


def _swapped() -> Iterable[tuple[str, str]]:
    return ((there, here) for here, there in _OPPOSITES)


def _opposed(said: frozenset[str], written: frozenset[str], here: frozenset[str], there: frozenset[str]) -> bool:
    return bool(said & here) and not written & here and bool(written & there) and not said & there


def _negated(text: str) -> frozenset[str]:
    """The stems that a negation stands before, `-` for one that negates nothing.

    >>> sorted(_negated("They do not agree, without any doubt."))
    ['agre', 'doubt']
    """
    found, tokens = set(), [fold(word).replace("’", "'") for word in _WORD.findall(text)]
    for i, word in enumerate(tokens):
        if word in _NEGATIONS or word.endswith("n't") or _ARABIC_NEGATION.fullmatch(word):
            scope = next((w for w in tokens[i + 1 :] if w not in _BETWEEN), "")
            if scope not in _NOT_NEGATED:
                found.add((terms(scope) or ["-"])[-1])
    return frozenset(found)


def _prefixed(claim: str, cited: Iterable[str]) -> bool:
    """Whether a word differs by a negative prefix alone: `licensed` where the text has `unlicensed`."""
    ours = {w for w in map(fold, _WORD.findall(claim)) if w.isascii()}
    theirs = {w for text in cited for w in map(fold, _WORD.findall(text)) if w.isascii()}
    turned = {p + w for w in ours - theirs for p in _PREFIXES if len(w) > 3} & theirs
    return bool(turned or {p + w for w in theirs - ours for p in _PREFIXES if len(w) > 3} & ours)


@cache
def _stems(listed: str) -> frozenset[str]:
    return frozenset(terms(listed))
