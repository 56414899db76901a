"""Which occasions a question asks about, and what it wants to know of them: which countries spoke there, or who.

    "Which countries spoke after the panel on trafficking?"   → countries, of what is said of "trafficking"
    "Who was the keynote speaker of the second panel?"        → keynote, of panel 2
    "And at the sixth?", after a question of this kind        → the same, of meeting 6

Who led or spoke is asked here of what is counted alone, "the second panel". Other words lead to its paragraph by
themselves, and are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from corpus.text import fold, folded
from index.search.lexical import terms
from index.search.wording.numbers import numbers_said
from service.answering.composed.asked import COUNTRIES, MOST_WORDS, SPEAKERS, SPOKE, WORD, rest_of
from service.answering.composed.ordinals import LAST, Kind, Ordinal, ordinals

Aim = Literal["countries", "keynote", "led", "spoke"]

OCCASIONS = folded(
    """
    meeting meetings session sessions panel panels discussion discussions debate after following followed close end
    once many one ones during through كم جلسة الجلسة جلسات الجلسات الجلستين جلستي حلقة الحلقة حلقتي الحلقتين حلقات
    النقاش نقاش المناقشة مناقشة بعد عقب ختام نهاية المعنية خلال أثناء
    respectively delegate delegates whose ممثل ممثلة ممثلات ممثلين مندوبو مندوبون التوالي
    """
)
_ELSEWHERE = folded(
    """
    before against about not no never didn't didnt don't except besides other than panellists panelists panellist
    قبل ضد عن بشأن لم لا غير عدا سوى المتحاورون المتحاورين
    """
)
_MEETING = folded("meeting session جلسة الجلسة")
_NEXT = frozenset((noun, after) for noun in _MEETING for after in folded("after following بعد عقب"))
_FLOOR = folded("floor كلمة الكلمة")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)?|i{2,3}|iv|vi{0,3}|last|final|no|number|رقم|و?الاخيره")
_THERE = folded("there it هناك فيها خلالها بعدها أثناءها")
# Who did what, on an occasion that is called by its number.
_LED = folded(
    """
    led lead leads leading moderated moderate moderator moderators chaired chair headed facilitated facilitator
    أدار أدارت أدارها إدارة ترأس ترأست رأس رأست قاد قادت تولى تولت يسر يسرت مدير منسق
    """
)
_KEYNOTE = folded("keynote keynotes الرئيسي الرئيسية الرئيسيين الرئيسيون")
_GAVE = folded(
    """
    gave give given delivered deliver held speaker speakers speech address addresses talk was were acted served role
    ألقى ألقت قدم قدمت كان كانت المتكلم المتكلمة المتكلمون المتكلمين الكلمة كلمة المتحدث المتحدثة
    """
)
_TOOK_PART = folded(
    """
    panellists panelists panellist panelist speakers spoke speak spoken participants participated participate took
    taken part floor sat served discussed
    المتحاورون المتحاورين متحاورون المتكلمون المتكلمين المتحدثون المتحدثين تكلم تكلمت تكلموا تحدث تحدثت تحدثوا شارك
    شاركت شاركوا المشاركون المشاركين
    """
)
_TELLS_WHO = _TOOK_PART - folded("took taken part floor discussed sat served")
_WHO_FIRST = re.compile(
    r"(?:and |so |please )?(?:who|whom|(?:which|what) (?:persons?|people|experts?|panell?ists?|speakers?)"
    r"|(?:name|list|give) (?:me )?(?:the )?(?:names of )?(?:the )?(?:panell?ists?|speakers?|keynote|moderators?)"
    r"|what (?:is|was|are|were) the names?|how many (?:persons|people|experts|panell?ists|speakers|moderators))\b"
    r"|و?(?:كم (?:عدد )?(?:ال)?(?:متحاور|متكلم|متحدث|خبير|شخص)\w*|من|اذكر (?:اسماء |اسم )?|ما (?:اسم|اسماء)|اسماء|اسم) "
)
_ASKS_MORE = folded(
    """
    what how when where why say said did does many much ماذا كم متى أين لماذا كيف قال قالت قيل الذي التي عن
    """
)
# Where a question goes on with another occasion, and how one that only goes on begins.
_PREPOSITION = r"(?:after|following|at|in|during|on|of|for|about|that|those|the one)"
_ANOTHER = re.compile(
    rf"\band (?=(?:(?:which|what|who) )?(?:ones? |(?:spoke|led|moderated|chaired) )?{_PREPOSITION}\b)"
    r"|\bو(?=(?:بعد|عقب|في|خلال|تلك|ايها|ايتها|اي|المعنيه|الخاصه|المتعلقه|بال)\b)"
)
_GOES_ON = re.compile(
    rf"(?:and|or|what about|how about|which|what|who|then|{_PREPOSITION})\b|و|(?:ماذا|ما|من|في|بعد|عن|خلال)\b"
)
_FRAGMENT = OCCASIONS | folded("next then also too ماذا عن والتي التالية تليها بعد")
_FOLLOWS = folded("next التالية تليها")
_AFTER_ONE = folded("after following بعد عقب")
_OF_ALL = re.compile(
    r"\b(?:of|in) (?:the|this) (?:workshop|seminar|symposium|event|report)\b|\b[لب]?حلقه العمل\b|\b(?:ال|لل)ورشه\b"
)
_MOST_IN_FRAGMENT = 16


@dataclass(frozen=True, slots=True)
class Place:
    """What a question says of one occasion: terms, its number, and numbers that count something else.

    `of_all`: counted from the first that the report has, whatever number it bears there, "the first meeting of the
    workshop".
    """

    words: frozenset[str]
    ordinal: Ordinal | None
    others: frozenset[str]
    of_all: bool = False


@dataclass(frozen=True, slots=True)
class OccasionQuestion:
    """What is asked, of which occasions; and the earlier question that it goes on from, where it does."""

    aim: Aim
    places: tuple[Place, ...]
    earlier: str | None = None


def occasions_asked(question: str, history: Sequence[str] = ()) -> OccasionQuestion | None:
    """What a question asks of occasions, in the light of those before it, oldest first; None where it asks otherwise.

    >>> occasions_asked("Which countries spoke after the panel on trafficking?").places[0].words
    frozenset({'traffick'})
    >>> occasions_asked("And at the sixth?", ["Which countries spoke at the 5th meeting?"]).places[0].ordinal
    Ordinal(kind='meeting', number=6)
    >>> occasions_asked("Which countries spoke?") is None
    True
    """
    words = WORD.findall(fold(question))
    if not 0 < len(words) <= MOST_WORDS:
        return None
    turns = [turn for turn in history if turn.strip()]
    aim = _aim(words, question)
    if aim is not None:
        places = _places(question, aim)
        if not places and turns and not _THERE.isdisjoint(words):
            return OccasionQuestion(aim, before, turns[-1]) if (before := _places_before(turns)) else None
        return OccasionQuestion(aim, places) if places else None
    if not turns or not _is_fragment(question, words) or (asked := occasions_asked(turns[-1], turns[:-1])) is None:
        return None
    places = _going_on(question, words, asked)
    return OccasionQuestion(asked.aim, places, asked.earlier or turns[-1]) if places else None


def _aim(words: list[str], question: str) -> Aim | None:
    """What a question wants to know of an occasion; None where it asks otherwise, or of what is no occasion."""
    held = {bare for word in words for bare in (word, word.removeprefix("و"))}
    elsewhere = _beside_another(words)
    if held & COUNTRIES and (held & SPOKE or held & _FLOOR):
        elsewhere |= not held.isdisjoint(_ELSEWHERE)
        return "countries" if held & (OCCASIONS | _THERE) and not elsewhere else None
    asks_who = _WHO_FIRST.match(" ".join(words)) and held.isdisjoint(_ELSEWHERE - _TOOK_PART)
    if elsewhere or not asks_who or _ASKS_MORE & set(words[2:]) or not (held & _THERE or ordinals(question)):
        return None
    if held & (_KEYNOTE | _LED):
        return "keynote" if held & _KEYNOTE else "led"
    took = held & _TELLS_WHO or held >= {"took", "part"} or held >= {"took", "floor"} or held >= {"on", "panel"}
    return "spoke" if took else None


def _places(question: str, aim: Aim) -> tuple[Place, ...]:
    """The occasions that are named, each with what is said of it; none where only some countries are asked for."""
    known = SPEAKERS | COUNTRIES | OCCASIONS
    if aim != "countries":
        known = _LED | _KEYNOTE | _GAVE | _TOOK_PART | OCCASIONS | folded("name names persons people experts expert")
    text = fold(question)
    counted = ordinals(question)
    kind: Kind = next((each.kind for each in counted if each.kind), "")
    places: list[Place] = []
    for piece in _ANOTHER.split(text):
        words = WORD.findall(piece)
        rest = [word for word in rest_of(words, known) if not _is_number(word)]
        if aim == "countries" and _some_alone(words, rest):
            return ()
        places += _of_piece(piece, rest, kind)
    return tuple(dict.fromkeys(places))


def _of_piece(piece: str, rest: list[str], kind: Kind) -> list[Place]:
    """The occasions of a part of a question: one of each number in it, or the one that its words are about."""
    called = [replace_kind(each, kind) for each in ordinals(piece)]
    counted = {str(each.number) for each in called}
    others = frozenset(n for word, after in _with_next(WORD.findall(piece)) for n in _other(word, after)) - counted
    wanted = frozenset(term for word in rest for term in terms(word))
    of_all = bool(_OF_ALL.search(piece))
    if called:
        return [Place(wanted, each, others, of_all) for each in called]
    return [Place(wanted, None, others)] if wanted or others else []


def replace_kind(ordinal: Ordinal, kind: Kind) -> Ordinal:
    """The same, of a kind, where it says none: "the sixth", after "the fifth meeting"."""
    return ordinal if ordinal.kind else Ordinal(kind, ordinal.number)


def _with_next(words: list[str]) -> list[tuple[str, str]]:
    return [(word, words[at + 1] if at + 1 < len(words) else "") for at, word in enumerate(words)]


def _other(word: str, after: str) -> frozenset[str]:
    """The numbers that a word says of the occasion: a day, "3D"; not how many there are of something."""
    if after in COUNTRIES | OCCASIONS or not any(map(str.isdecimal, word)):
        return frozenset()
    return numbers_said(word)


def _is_number(word: str) -> bool:
    return bool(_ORDINAL.fullmatch(word) or numbers_said(word.removeprefix("و")))


def _some_alone(words: list[str], rest: list[str]) -> bool:
    """Whether only some countries are asked for: `European countries`, `الدول العربية`; how many they are is none."""
    beside = [pair if words[0].isascii() else pair[::-1] for pair in pairwise(words)]
    return bool({word for word, noun in beside if noun in COUNTRIES} & set(rest))


def _beside_another(words: list[str]) -> bool:
    """Whether it is the meeting after the named one, or one of `Committee I`, whose "I" is no word of a frame."""
    after = next((at for at, pair in enumerate(pairwise(words)) if pair in _NEXT), None)
    return ("committee", "i") in pairwise(words) or (after is not None and not _MEETING.isdisjoint(words[after + 2 :]))


def goes_on(question: str, history: Sequence[str]) -> bool:
    """Whether a question asks of another occasion what the one before it did: «والثالثة؟» is no paragraph then.

    >>> goes_on("And the third?", ["Who led the second panel?"]), goes_on("And the third?", ["What is in paragraph 2?"])
    (True, False)
    """
    return bool(history) and (asked := occasions_asked(question, history)) is not None and asked.earlier is not None


def _is_fragment(question: str, words: list[str]) -> bool:
    """Whether a question only goes on: "And at the sixth?", «وفي السادسة؟», "and after the one on robots?"."""
    if len(words) > _MOST_IN_FRAGMENT or not _GOES_ON.match(" ".join(words)):
        return False
    rest = [word for word in rest_of(words, _FRAGMENT) if not _is_number(word)]
    if not rest:
        return bool(ordinals(question)) or not _FOLLOWS.isdisjoint(words)
    return not _AFTER_ONE.isdisjoint(word.removeprefix("و") for word in words[:3])


def _going_on(question: str, words: list[str], asked: OccasionQuestion) -> tuple[Place, ...]:
    """The occasions of a question that only goes on: those that it names, or the one after the last."""
    last = asked.places[-1].ordinal
    if not ordinals(question) and not _FOLLOWS.isdisjoint(words):
        if last is None or last.number == LAST:
            return ()
        return (replace(asked.places[-1], ordinal=Ordinal(last.kind, last.number + 1)),)
    named = _places(question, "countries")
    kind: Kind = last.kind if last else ""
    return tuple(
        replace(place, ordinal=place.ordinal and replace_kind(place.ordinal, kind), of_all=asked.places[-1].of_all)
        for place in named
    )


def _places_before(turns: Sequence[str]) -> tuple[Place, ...]:
    """Where "there" is: the occasions of the question before, whatever else it asked of them."""
    asked = occasions_asked(turns[-1], turns[:-1])
    if asked is not None:
        return asked.places
    called = [each for each in ordinals(turns[-1]) if each.kind]
    of_all = bool(_OF_ALL.search(fold(turns[-1])))
    return tuple(Place(frozenset(), each, frozenset(), of_all) for each in called)
