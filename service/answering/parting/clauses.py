"""Questions that ask two things: "Who came from INTERPOL, and what is its Innovation Centre for?" is two questions.

A question is parted where "and" (و) begins a second question, and between questions that each end in a question mark.
Each part is then answered for itself; a later one whose "its" points back is read as a follow-up to the one before it.
What a part leaves out it takes from the one before it: "… at the fifth meeting, and who at the sixth?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.language import asks_in_words
from corpus.text import bare, fold
from service.answering.parting.arabic import begins_a_question
from service.answering.parting.ellipsis import completed, one_for_each

_ASKS = r"(?:what|who|whom|whose|which|when|where|why|how|did|does|do|is|are|was|were)"
_BEFORE = r"(?:in|on|at|to|for|from|by|with|under|after|since|until)"
# "and which" without a comma mostly goes on about what was just said; "and does the" never does.
_ENGLISH = re.compile(
    rf"[,;،؛]\s*(?:and|&)\s+(?=(?:(?:then|also)\s+)?(?:{_BEFORE}\s+)?{_ASKS}\b)"
    r"|(?<!\s)\s+(?:and|&)\s+(?=(?:(?:then|also)\s+)?(?:what|who|when|where|why|how)\b"
    rf"|{_BEFORE}\s+(?:what|which|whom|whose)\s+\w|which\s+(?:ones?\s+)?{_BEFORE}\s"
    r"|(?:did|does|do)\s+(?:(?:the|it|they|he|she|any|this|these|those)\b|(?-i:[A-Z]))|(?:is|are|was|were)\s+(?:it|they|he|she|there)\b)"
    r"|;\s*(?=(?:what|who|when|where|why|how)\b)"
    r"|,\s*(?=(?:what|when|where|why|how)\s+(?:is|are|was|were|did|does|do)\b)",
    re.IGNORECASE,
)
_MARKS = "[\u064b-\u0652]*"
_WORDS = "ما ماذا من متى متي أين اين كيف كم لماذا هل أي اي أية اية بماذا لمن".split()
_ARABIC = re.compile(
    rf"(?:(?P<stop>\s?[,;،؛]\s?)|\s)(?P<and>و{_MARKS}\s?)?"
    r"(?=(?P<before>(?:في|إلى|الى|منذ|مع|على|عن)\s+)?"
    rf"(?P<asks>{'|'.join(_MARKS.join([*word, '']) for word in _WORDS)})\s)"
)
_BEGINS = re.compile(r"(?:\w+\s)?(?:what|who|whom|whose|which|when|where|why|how)\b", re.IGNORECASE)
_QUESTIONS_END = re.compile(r"(?<=[?؟])\s+")
_WORD = re.compile(r"\w+")
# Neither "between who and whom" nor "how and why" is two questions.
_NO_END = frozenset(
    fold(
        """
        what who whom whose which when where why how between and or if whether
        ما ماذا من متى أين كيف كم لماذا هل أي بين أو
        """
    ).split()
)
_WHICH = frozenset(fold("which what أي أية").split())
_BESIDE = frozenset(("between", "بين"))
FEWEST, MOST = 2, 3


def clauses(question: str) -> tuple[str, ...]:
    """The questions in a question, in order; the question itself where it is one.

    >>> clauses("Who moderated, and when was it held?"), clauses("من أدار الجلسات ومتى عُقدت؟")
    (('Who moderated', 'when was it held?'), ('من أدار الجلسات', 'متى عُقدت الجلسات؟'))
    >>> clauses("Which countries spoke at the fifth and sixth meetings?")
    ('Which countries spoke at the fifth meeting?', 'Which countries spoke at the sixth meeting?')
    """
    parts = _parts(question)
    if not 1 < len(parts) <= MOST or any(len(_WORD.findall(part)) < FEWEST for part in parts):
        parts = [question]
    whole = list[str]()
    for part in parts:
        whole.append(completed(part, whole[-1]) if whole else part)
    each = [one for part in whole for one in one_for_each(part)]
    return tuple(each) if len(each) <= MOST else tuple(whole)


def _parts(question: str) -> list[str]:
    """What stands between the joints."""
    last = max(map(question.rfind, "?؟")) + 1
    joints = [*_joints(question)]
    if last and not _WORD.search(question, last):  # only what ends in a question is parted after question marks
        joints += [match.span() for match in _QUESTIONS_END.finditer(question[:last])]
    parts, end = [], 0
    for start, stop in sorted(joints):
        if start >= end:
            parts.append(question[end:start].strip())
            end = stop
    return [*parts, question[end:].strip()]


def _joints(question: str) -> Iterator[tuple[int, int]]:
    for joint in _ENGLISH.finditer(question):
        before = question[: joint.start()]
        is_joined = bool(joint[0].strip(" ,;،؛"))
        if not _ends_open(before) and (is_joined or _BEGINS.match(before)):
            yield joint.span()
    for joint in _ARABIC.finditer(question):
        before, joined, stop = question[: joint.start()], bool(joint["and"]), bool(joint["stop"])
        if not (joined or stop) or _ends_open(before) or not ((joined and stop) or asks_in_words(bare(before))):
            continue
        follows = fold(question[joint.end("asks") :]).split()
        if begins_a_question(fold(joint["asks"]), follows, led=bool(joint["before"]), stop=stop, joined=joined):
            yield joint.span()


def _ends_open(text: str) -> bool:
    """Whether a text ends on a word that another must follow, "in which city", or sets one question beside another."""
    words: Sequence[str] = _WORD.findall(fold(text))
    if not words or words[-1] in _NO_END or not _WHICH.isdisjoint(words[-2:]):
        return True
    return any(a in _BESIDE and b in _NO_END for a, b in pairwise(words))
