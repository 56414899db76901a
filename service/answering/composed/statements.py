"""Whether somebody spoke, and what somebody said, where the report says no more than that there was a statement.

    "Did Brazil speak?"                       → the sentence that says so
    "Did Japan speak?"                        → declined: the report names no such speaker
    "What did Brazil say in its statement?"   → declined: "Statements were made by …" tells nothing of it

A country that a question names must stand in what answers it, by whatever name. What is told of a speech is looked for
as any other question is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import Language, Report, Span
from corpus.refs import Ref
from corpus.text import fold, folded
from index.search.fusion import Passage
from index.search.lexical import terms
from index.search.retrieve import Retriever
from index.search.scope import Scope
from index.search.wording.countries import countries_named, spelled_out
from index.search.wording.numbers import numbers_said
from service.answering.composed.asked import COUNTRIES, MOST_WORDS, SPEAKERS, WORD, rest_of
from service.answering.composed.occasion_questions import OCCASIONS, Place
from service.answering.composed.occasions import Occasions
from service.answering.composed.ordinals import ordinals
from service.answering.composed.overviews import Overviews
from service.answering.composed.speaking import names_who_led, only_mentions, says_speech, says_who_spoke
from service.answering.composed.topics import COMPOSED, holds, quoted_passages
from service.answering.messages import say
from service.records import Finding, Question, Quote

Aim = Literal["whether", "what"]

_WHETHER = re.compile(r"(?:and |so |but )?(?:did|has|have|had|was|were|does)\b|و?هل ")
_WHAT = re.compile(
    r"(?:and |so )?(?:what|which (?:points?|proposals?|measures?|views?)|tell me what|how did)\b"
    r"|و?(?:ماذا|ما|بم|بماذا|عم|عما|ايش) |بودي معرفه ما |اريد معرفه ما "
)
_SPOKE = re.compile(
    r"\b(?:speak|spoke|spoken|statements?|intervene|intervention)\b|\b(?:take|took|taken) the floor\b"
    r"|\bsay (?:any|some)thing\b|\bو?(?:تكلم|تحدث)\w{0,2}\b|\bو?(?:ادل|الق)[يت]\w{0,2}\b|\bالكلمه\b"
)
_SAID = re.compile(
    r"\b(?:say|says|said|state|stated|propose|proposed|suggest|suggested|declare|declared|announce|announced|argue"
    r"|argued|points? did|statements?|intervention|remarks|speech|address|speak|spoke|talk|recommend|request)\b"
    r"|\b(?:قال|ذكر|اقترح|صرح|اعلن|طلب|طرح|اوضح|تكلم|تحدث)\w{0,2}\b"
    r"|\b(?:في|مضمون|فحوي|محتوي|نص) (?:كلم[هت]|بيان)\w{0,2}\b"
)
_WHAT_SAID = re.compile(
    r"what (?:did|was said by) (?:the )?(?:\S+ ){1,8}?(?:say|state|propose|suggest|recommend)\b"
    r"|و?(?:ماذا|ما الذي|بم) (?:قال|اقترح|ذكر)\w{0,2}\b"
)
_OF_THE_REPORT = re.compile(
    r"\b(?:report|document|paper|text|paragraphs?|para)\b|\b(?:التقرير|الوثيقه|الفقره|النص)\b|\bthey\b|\bit say"
)
_REPRESENTS = re.compile(
    r"\b(?:representatives?|delegates?|delegations?|ambassador|represent(?:ed|s)?)\b|\bو?(?:ممثل|مندوب|وفد|سفير)\w{0,3}\b"
)
_ON_TOPIC = re.compile(
    r"\b(?:about|regarding|concerning|(?<!panel )(?<!discussion )(?<!meeting )(?<!one )on (?!behalf|\d)) "
    r"|(?<!ممثل)(?<!ممثله)(?<!مندوب)(?<!ممثلون)(?<!نقاش) (?:بشان|حول|بخصوص|عن) "
)
_PLACE = re.compile(r"\b(?:meeting|session|panel|discussion)s?\b|جلس|حلق|نقاش|مناقش")
# What follows in a sentence is what a country spoke on, and no more of those that spoke.
_SPOKEN_ON = re.compile(
    r"\b(?:about|concerning|regarding|that|against|on behalf of|statements? on)\b|\b(?:بشأن|حول|بأن|أن)\b"
)
_READ = 20  # passages in which it is looked for what somebody said
_BESIDE = re.compile(
    r"\b(?:besides?|alongside|except|other than|apart from|with|and not|than)\b"
    r"|\b(?:الي جانب|غير|سوي|عدا|باستثناء|مع)\b"
)
_WHICH = re.compile(
    r"\b(?:which|what|how many) (?:\w+ )?(?:country|countries|states|delegations|nations)\b"
    r"|\b(?:اي|ما|كم) (?:ال)?(?:دول|بلد|بلدان|دوله|وفود)\b"
)
# Beside the speaker, words that say nothing of him: that he spoke, and in what.
_AROUND = (
    SPEAKERS
    | COUNTRIES
    | OCCASIONS
    | folded(
        """
        did does say says said state stated propose proposed suggest suggested declare declared announce announced argue
        argued mention mentioned point points recommend request talk remarks speech address intervention intervene
        representative representatives representative's delegate delegate's delegation ambassador its his her their
        my among one anything something who that when ask asked how content contents take made make deliver delivered
        قال قالت قاله قالته ذكر ذكرت ذكره ذكرته اقترح اقترحت اقترحه اقترحته صرح صرحت أعلن أعلنت طلب طلبت طرح طرحت أوضح
        ممثل ممثلة ممثلا ممثلتا ممثلو مندوب مندوبة وفد سفير كلمته كلمتها بيانه بيانها كلمة بيان مضمون فحوى محتوى نص
        مضمونها مضمونه بودي معرفة أريد ماذا ما بم عم أدلى أدلت أدلى ألقى ألقت أخذ أخذت شيئا بين ضمن التي الذي عن
        """
    )
)
_NO_SPEAKER = folded(
    "speaker speakers panellist panellists participant participants anyone anybody somebody متكلم متكلمون"
)


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """Whether somebody spoke, or what was said by whom: countries by their codes, or the terms for anybody else.

    `topic` is what the speech was on; `places` the occasions that the question names; `for_body`: the representative
    of a body is asked about.
    """

    aim: Aim
    countries: frozenset[str]
    words: frozenset[str]
    topic: str
    places: tuple[Place, ...]
    for_body: bool


def speech_asked(question: str) -> SpeechQuestion | None:
    """What a question asks of somebody's speaking; None where it asks otherwise.

    >>> speech_asked("Did Brazil take the floor?").countries
    frozenset({'BR'})
    >>> speech_asked("What did UNAFEI's representative say?").words
    frozenset({'unafei'})
    >>> speech_asked("What does the report say about Brazil?") is None
    True
    """
    text = fold(spelled_out(question))
    too_long = len(WORD.findall(text)) > MOST_WORDS
    if too_long or _OF_THE_REPORT.search(text) or _BESIDE.search(text) or _WHICH.search(text):
        return None
    subject, *rest_of_it = _ON_TOPIC.split(text, maxsplit=1)
    whether = bool(_WHETHER.match(subject) and _SPOKE.search(subject))
    if not whether and not (_WHAT.match(subject) and _SAID.search(subject)):
        return None
    named = countries_named(subject)
    rest = _rest(subject, [span for spans in named.values() for span in spans])
    counted = [each for each in ordinals(subject) if each.kind]
    terms_of_rest = frozenset(term for word in rest for term in terms(word))
    words, said_of_place = (frozenset[str](), terms_of_rest) if named else (terms_of_rest, frozenset[str]())
    places = [Place(said_of_place, each, frozenset()) for each in counted]
    if said_of_place and not places and _PLACE.search(subject):
        places = [Place(said_of_place, None, frozenset())]
    nobody = not named and (not words or not _NO_SPEAKER.isdisjoint(rest))
    if nobody or (said_of_place and not places):
        return None
    aim: Aim = "whether" if whether else "what"
    topic = " ".join(rest_of_it).strip(" ?؟.")
    return SpeechQuestion(aim, frozenset(named), words, topic, tuple(places), bool(_REPRESENTS.search(subject)))


class Statements:
    """Finds who spoke by name, in the reports of one index."""

    def __init__(self, overviews: Overviews, occasions: Occasions, retriever: Retriever) -> None:
        self._overviews = overviews
        self._occasions = occasions
        self._retriever = retriever
        self._speaking: dict[str, tuple[Ref, ...]] = {}  # by report: read once, when first asked

    def find(self, question: Question, within: Scope) -> Finding | None:
        """The sentences that say that somebody spoke, or that the report does not say so, or not what; else None."""
        asked = speech_asked(question.text)
        if asked is None:
            return None
        reports = self._overviews.reports(within)
        said = [quote for report in reports for quote in self._naming(asked, report, question)]
        if asked.aim == "whether":
            return self._whether(asked, question, within, said)
        mentions = [quote for quote in said if only_mentions(self._overviews.words(quote))]
        if len(mentions) < len(said) or not (mentions or asked.countries or asked.for_body):
            return None
        declined = self._declined(question, within, mentions)
        return None if not asked.countries and self._told(asked, declined.passages, question.asked_in) else declined

    def _whether(
        self, asked: SpeechQuestion, question: Question, within: Scope, said: Sequence[Quote]
    ) -> Finding | None:
        """The sentences that say that they spoke who are asked about; of several, some may not have."""
        found = tuple(quote for quote in said if holds(self._overviews.words(quote), asked.topic))
        if not found:
            return self._declined(question, within, said) if asked.countries or asked.for_body else None
        named = {code for quote in found for code in countries_named(self._overviews.words(quote))}
        partly = None if asked.countries <= named else say("partly", question.language)
        return Finding(question.language, COMPOSED, found, quoted_passages(found), note=partly, as_found=True)

    def stands(self, question: str, quotes: Sequence[Quote]) -> bool:
        """Whether a country that a question names stands in what answers it; in its sentence, where one speaks.

        What somebody said, a list of who was on a panel does not tell.
        """
        text = fold(spelled_out(question))
        if _WHAT_SAID.match(text) and quotes and all(names_who_led(self._overviews.words(quote)) for quote in quotes):
            return False
        if _BESIDE.search(text):
            return True
        named = frozenset(countries_named(text))
        strict = bool(_REPRESENTS.search(text) or _SPOKE.search(text))
        texts = [self._overviews.words(q) if strict else self._overviews.paragraph(q) for q in quotes]
        return not named or any(named & set(countries_named(each)) for each in texts)

    def _naming(self, asked: SpeechQuestion, report: Report, question: Question) -> Iterator[Quote]:
        """The sentences that say that those spoke who are asked about, on the occasions that are meant."""
        allowed, language = self._allowed(asked, report, question.asked_in), question.language
        for ref in self._who_spoke(report):
            if allowed is not None and ref not in allowed:
                continue
            own = self._overviews.saying(report, [ref], language, lambda text: _says_of(text, asked))
            elsewhere = not own and any(
                self._overviews.saying(report, [ref], other, lambda text: _says_of(text, asked))
                for other in report.languages
            )
            yield from own or (self._overviews.saying(report, [ref], language, says_speech) if elsewhere else ())

    def _allowed(self, asked: SpeechQuestion, report: Report, language: Language) -> set[Ref] | None:
        """The paragraphs of the occasions that a question names; None where it names none."""
        if not asked.places:
            return None
        meant = [o for place in asked.places for o in self._occasions.meant(place, "countries", report, language)]
        return {ref for occasion in meant for ref in (*occasion.before, *occasion.spoken)}

    def _who_spoke(self, report: Report) -> tuple[Ref, ...]:
        if report.id not in self._speaking:
            self._speaking[report.id] = tuple(
                ref for ref in report.refs if any(says_speech(each.by_ref[ref].text) for each in report.renderings)
            )
        return self._speaking[report.id]

    def _told(self, asked: SpeechQuestion, passages: Sequence[Passage], language: Language) -> bool:
        """Whether a sentence of these passages tells more of a speaker than that there was a statement."""
        quotes = (
            quote
            for passage in passages[:_READ]
            for report in [self._overviews.report(passage.report)]
            for quote in self._overviews.saying(report, [passage.ref], language, lambda text: not only_mentions(text))
        )
        return any(asked.words <= set(terms(self._overviews.words(quote))) for quote in quotes)

    def _declined(self, question: Question, within: Scope, mentions: Sequence[Quote]) -> Finding:
        """That the report does not say so, with where it mentions a statement first."""
        retrieval = self._retriever.search(question.text, question.asked_in, within)
        mentioned = quoted_passages(mentions)
        keys = {(passage.report, passage.ref) for passage in mentioned}
        others = tuple(each for each in retrieval.passages if (each.report, each.ref) not in keys)
        first = sorted((each for each in retrieval.passages if (each.report, each.ref) in keys), key=lambda p: -p.score)
        return Finding(
            question.language,
            0.0,
            passages=(*first, *others),
            reason="not_in_report",
            about=tuple(report.id for report in self._overviews.reports(within)),
            timings_ms=retrieval.timings_ms,
        )


def _rest(subject: str, names: Sequence[Span]) -> list[str]:
    """The words that a question has besides the names of countries and those that say that somebody spoke."""
    for span in sorted(names, key=lambda span: span.start, reverse=True):
        subject = f"{subject[: span.start]} {subject[span.end :]}"
    words = [word.removesuffix("'s").removesuffix("’s") for word in WORD.findall(subject)]
    return [word for word in rest_of(words, _AROUND) if len(word) > 1 and not numbers_said(word)]


def _says_of(sentence: str, asked: SpeechQuestion) -> bool:
    """Whether a sentence says that those spoke who are asked about: a country, before what it spoke on."""
    if asked.countries:
        if not says_speech(sentence):
            return False
        named = countries_named(sentence)
        first = min((span.start for spans in named.values() for span in spans), default=0)
        on = _SPOKEN_ON.search(sentence, first)
        until = on.start() if on else len(sentence)
        return any(spans[0].start < until for code, spans in named.items() if code in asked.countries)
    return (says_speech(sentence) or says_who_spoke(sentence)) and asked.words <= set(terms(sentence))
