"""Which of the report's languages a question is in, also when it is short, mixed or neither.

Script decides between Arabic and Latin letters, by words; function words settle a mixed question, because people put
names of the other language into a sentence of their own. Function words also tell Persian, Urdu, French and others,
which share a script with Arabic or English, apart. A text without any such word is taken for Arabic or English: names
and keywords alone must stay answerable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.records import Language
from corpus.text import count_letters, fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# "A/CONF.234/15" is the same in every language, and whoever ends on "؟" writes Arabic.
_ARABIC_STOPS = re.compile("[؟،؛]")

_ENGLISH = frozenset(
    "what which who whom whose when where why how is are was were do does did can could should would will has have had "
    "the an of in on to for from by with about and or not that this these those it its they there many much any "
    "tell me explain summarise summarize list show give say says said".split()
)
_ARABIC = frozenset(
    "ما ماذا من متي اين كيف كم لماذا هل اي اية ماهي هو هي هم في علي الي عن مع بين هذا هذه ذلك تلك التي الذي الذين "
    "ان او لم لن لا قد كان كانت بشان حول لخص اذكر اشرح عدد وضح".split()
)
_ASKING = frozenset(
    "what which who whom whose when where why how is are was were do does did can could should would will has have had "
    "tell explain summarise summarize list give "
    "ما ماذا من متي اين كيف كم لماذا هل اي ايه ماهي ماهو لخص اذكر اشرح وضح عدد".split()
)
# Words that neither English nor Arabic has, a dozen of the commonest a language.
_OTHERS: dict[str, frozenset[str]] = {
    "fr": frozenset(
        "le la les des du une est sont dans quel quelle quels quelles qui que quoi pourquoi où avec pour sur".split()
    ),
    "es": frozenset(
        "el los las del una es son qué que cuál cuáles quién quiénes dónde cómo por para con cuántos según".split()
    ),
    "pt": frozenset("os as uma é são quem onde como por que qual quais quantos não com para dos das pelo".split()),
    "it": frozenset(
        "il gli della delle dei una è sono chi che cosa quale quali dove come perché con per quanti".split()
    ),
    "de": frozenset(
        "der die das den dem ein eine ist sind wer was welche welcher wo wie warum mit für und nicht über".split()
    ),
    "nl": frozenset("de het een is zijn wie wat welke waar hoe waarom met voor en niet over".split()),
    "tr": frozenset("bir ve ne kim nerede nasıl neden hangi için ile bu kaç midir nedir".split()),
    "id": frozenset("yang dan di apa siapa mana bagaimana mengapa berapa dengan untuk dari ini itu adalah".split()),
    "fa": frozenset("است که را از چه چیست کدام کجا چرا چند برای این آن های می شود کرد".split()),
    "ur": frozenset("ہے ہیں کیا کون کہاں کیوں کیسے میں کا کی کے نے سے اور".split()),
}


@dataclass(frozen=True, slots=True)
class Detected:
    """`language` is the report language to answer in; `supported` is false for a question in a third language."""

    language: Language
    supported: bool = True
    letters: int = 0


def detect(text: str) -> Detected:
    """The language of a question of at most a few thousand characters.

    >>> detect("What is اللجنة الثانية?").language, detect("من هو Phelan Wyrick؟").language
    ('en', 'ar')
    >>> detect("رمز A/CONF.234/PM.1").language
    'ar'
    >>> detect("Quelles sont les recommandations ?").supported
    False
    """
    arabic, latin, other = count_letters(text)
    letters = arabic + latin + other
    spoken = " ".join(part for part in text.split() if "/" not in part or not any(map(str.isdigit, part)))
    words = [word.casefold() for word in _WORD.findall(spoken)]
    folded = [fold(word) for word in words]
    english_words = sum(word in _ENGLISH for word in words)
    arabic_words = sum(word in _ARABIC for word in folded)
    in_arabic = sum(count_letters(word)[0] > 0 for word in words)
    arabic_weight = in_arabic + 2 * arabic_words + 2 * bool(_ARABIC_STOPS.search(text))
    latin_weight = len(words) - in_arabic + 2 * english_words
    language: Language = "ar" if arabic_weight > latin_weight else "en"
    own = arabic_words if language == "ar" else english_words
    foreign = max(sum(word in known for word in words) for known in _OTHERS.values())
    supported = other <= arabic + latin and not (foreign > own and foreign >= _needed(len(words)))
    return Detected(language, supported, letters)


def asks_in_words(text: str) -> bool:
    """Whether a text has a word that makes it a question or a request: "who spoke", but not "trafficking in persons".

    >>> asks_in_words("من أدار الجلسات"), asks_in_words("الاتجار بالأشخاص")
    (True, False)
    """
    words = (fold(word) for word in _WORD.findall(text))
    return any(word in _ASKING or word.removeprefix("و") in _ASKING for word in words)


def _needed(words: int) -> int:
    """How many foreign function words make a question foreign: one name with `de` or `la` in it does not."""
    return 1 if words <= 2 else 2
