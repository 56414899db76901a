"""A question → what the report says to it: the whole way, without HTTP.

    language → the answer before → parts → references → overviews and topics → retrieval → confidence → sentences

One engine serves one index and keeps no state beyond it, so a swap of indexes is one assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.language import detect
from corpus.records import Language, Span
from corpus.refs import find_refs
from corpus.text import bare, clean
from index.contents import IndexContents
from index.disk.shelf import SetAside
from index.model.embedding import Encoding
from index.reader.second_look import SecondLook
from index.search.confidence import Calibration, features
from index.search.fusion import Passage
from index.search.retrieve import Retrieval, Retriever
from index.search.scope import Scope, Within
from index.search.wording.dialects import standard
from service.answering.about_answers import AboutAnswer, Answered, asks_about_answer, asks_of_language, without_language
from service.answering.certainty import LIKELY
from service.answering.composed.front_lines import FrontLines
from service.answering.composed.occasion_questions import goes_on
from service.answering.composed.occasions import Occasions
from service.answering.composed.overviews import Overviews
from service.answering.composed.statements import Statements
from service.answering.composed.topics import Topics, topic_of, topic_sought
from service.answering.extraction import Extractor
from service.answering.follow_up import leans_on
from service.answering.messages import EXAMPLES, Message, language_names, quoted_questions, say
from service.answering.named_paragraphs import MOST, NamedParagraphs
from service.answering.parting.joined import joined, parts_of
from service.answering.pinpoint import Pinpointer
from service.answering.small_talk import is_small_talk, is_thanks
from service.answering.unknown_words import words_of
from service.generation.proof import Prover, Wanted
from service.paragraphs.documents import Documents
from service.paragraphs.lookup import choose_report
from service.records import Finding, Question, Quote
from service.schemas.answers import Reason
from service.schemas.questions import MAX_QUESTION


@dataclass(frozen=True, slots=True)
class _Sought:
    """One question, what was found for it, and how probable it is that the first passage answers.

    `before` is what was thought of that before it was read, by the `shapes` of the ways in which it is `understood`.
    A follow-up `leans` on the question before it.
    """

    text: str
    language: Language
    retrieval: Retrieval
    confidence: float
    before: float
    understood: Sequence[tuple[str, Encoding]]
    shapes: Sequence[Mapping[str, float]]
    leans: bool

    @property
    def top(self) -> Passage:
        return self.retrieval.passages[0]


class Engine:
    """Answers from one index. `set_aside` are the added reports that it does not hold as they lie on the disk.

    `labels` are the short names that reports have been given (`Documents`). `second_look` reads what was found, where
    there is a reader.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of it
        self,
        name: str,
        contents: IndexContents,
        retriever: Retriever,
        calibration: Calibration,
        set_aside: tuple[SetAside, ...] = (),
        labels: Mapping[str, str] | None = None,
        second_look: SecondLook | None = None,
    ) -> None:
        self.set_aside = set_aside
        self.full_name = name
        self.name = name[:12]
        self.contents = contents
        self.retriever = retriever
        if second_look:  # it knows better where to decline
            calibration = replace(calibration, threshold=second_look.judgement.calibration.threshold)
        self._calibration = calibration
        self._second_look = second_look
        self.prover = Prover()
        self._extractor = Extractor(contents)
        self.documents = Documents(contents.reports, labels)
        self._named = NamedParagraphs(contents, self.documents, retriever, self._extractor)
        self._overviews = Overviews(contents, self.documents, retriever, calibration, self._extractor)
        self._occasions = Occasions(self._overviews, retriever)
        self._statements = Statements(self._overviews, self._occasions, retriever)
        self._front_lines = FrontLines(contents)
        self._topics = Topics(contents, self.documents, retriever, self._extractor)
        self._answered = Answered(contents, self.documents, self._extractor)

    def search(self, query: str, language: Language | None, report: Within) -> Finding:
        """Ranked passages and no answer. Raises UnknownReport."""
        self._check_report(report)
        question = understand(query, language)
        retrieval = self.retriever.search(question.text, question.asked_in, report)
        return Finding(question.language, 0.0, passages=retrieval.passages, timings_ms=retrieval.timings_ms)

    def find(self, text: str, language: Language | None, report: Within, history: Sequence[str] = ()) -> Finding:
        """The quotes that answer, or the reason why there are none. Raises UnknownReport.

        `history` holds what the user asked before, oldest first; only a follow-up question is read in its light.

        >>> str(engine.find("ما الذي تُشجّع الدول الأعضاء على رصده؟", None, None).quotes[0].ref)
        '21(k)'
        """
        self._check_report(report)
        question = understand(text, language)
        if _asks_nothing(question):
            return self._small_talk(question, report)
        if (about := asks_about_answer(question.text)) is not None:
            return self._about_answer(about, question, report, history)
        question = _quoted_in(question, language)
        parts = parts_of(question.text)
        if len(parts) == 1:
            return self._answer_to(replace(question, text=parts[0]), report, history)
        return self._answer_to_each(question, parts, report, history) or self._answer_to(question, report, history)

    def _answer_to_each(
        self, question: Question, parts: Sequence[str], report: Within, history: Sequence[str]
    ) -> Finding | None:
        """The answers to the parts of a question in one; None where there is none to any of them.

        A part that names no report is asked of those that the others name.
        """
        _, within = self._asked_of(question, Scope.of(report))
        found = [
            self._answer_to(
                replace(question, text=part),
                report if self.documents.named(part) else within,
                [*history, *parts[:place]],
            )
            for place, part in enumerate(parts)
        ]
        return joined(question, found, self._reading_order)

    def _answer_to(self, question: Question, report: Within, history: Sequence[str]) -> Finding:
        """What the report says to one question, found in the first way that it can be."""
        named = None if goes_on(question.text, history) else self._named.find(question, report, history)
        if named is not None:
            return named
        if not question.supported:
            return _declined("other_language", question.language)
        question, within = self._asked_of(question, Scope.of(report))
        earlier = leans_on(question.text, history)
        earlier = standard(earlier) if earlier else None
        composed = self._occasions.find(question, within, history) or self._statements.find(question, within)
        composed = composed or self._overviews.find(question, within) or self._front_lines.find(question, within)
        composed = composed or self._topics.find(question, within, earlier)
        return composed or self._from_retrieval(question, within, earlier)

    def _about_answer(self, about: AboutAnswer, question: Question, report: Within, history: Sequence[str]) -> Finding:
        """What was found to the last question of the report, shown again; that there was none, where this is the first.

        Questions about its answer that came between are gone through in their order, so each turn is read once.
        """
        wanted = [(about, about.language or question.language)]
        turns = [text for text in history if text.strip()]
        while turns and (before := asks_about_answer(turns[-1])) is not None:
            text = turns.pop()
            wanted.append((before, before.language or understand(text, None).language))
        if not turns:
            return self._instead("no_answer_before", question, report)
        *earlier, asked = (text[:MAX_QUESTION] for text in turns)
        found = self.find(asked, None, report, earlier)
        if found.reason is not None:  # declined, in the language that is asked for now
            return self.find(asked, wanted[0][1], report, earlier)
        for each, language in reversed(wanted):
            found = self._answered.again(found, asked, each, language)
        return found

    def _small_talk(self, question: Question, report: Within) -> Finding:
        """A greeting for a greeting, with questions to ask; nothing is found in it."""
        if not is_small_talk(question.text):
            return _declined("not_a_question", question.language)
        return self._instead("thanks" if is_thanks(question.text) else "greeting", question, report)

    def _instead(
        self, message: Message, question: Question, within: Within, reason: Reason = "not_a_question"
    ) -> Finding:
        """No answer, and questions that the reports suggest instead."""
        reports = [each for each in self.contents.reports if Scope.of(within).admits(each)]
        rendering = reports[0].rendering(question.language) if len(reports) == 1 else None
        own = rendering.questions if rendering and rendering.language == question.language else ()
        questions = (*own[:2], *EXAMPLES[question.language])[:3]
        examples = quoted_questions(questions, question.language)
        label = self.documents.label_of(reports[0].id, question.language) if len(reports) == 1 else None
        return replace(
            _declined(reason, question.language),
            message=say(message, question.language, report=label, examples=examples),
            suggestions=questions,
            about=tuple(each.id for each in reports),
        )

    def _asked_of(self, question: Question, within: Scope) -> tuple[Question, Scope]:
        """What to look for, and where: in the reports that the question names, where the caller names none.

        "According to the harbour safety report, …" says where, and is no part of what is looked for: with it the right
        paragraph came first for .82 to .87 of XQuAD's questions, without for .95 to .97.
        """
        if within.reports is not None or not self.documents.several:
            return question, within
        named = frozenset(report.id for report in self.documents.named(question.text) if within.admits(report))
        if not named:
            return question, within
        return replace(question, text=self.documents.unframed(question.text)), replace(within, reports=named)

    def nearest_sentences(self, question: str, language: Language, passages: Sequence[Passage]) -> list[Quote]:
        """The sentence of each passage that is nearest to a question, in the language of its answer if there is one."""
        if not passages:
            return []
        encoding, by_id = self.encode(question), self.contents.by_id
        return [
            self._extractor.nearest_sentence(
                question, encoding, p.report, p.ref, by_id[p.report].rendering(language).language
            )
            for p in passages
        ]

    def encode(self, question: str) -> Encoding:
        """A question's vectors, in the language that it is asked in: remembered from when it was asked."""
        asked = understand(question, None)
        return self.retriever.encode(asked.text, asked.asked_in)

    def _check_report(self, within: Within) -> None:
        for report in Scope.of(within).reports or ():
            choose_report(self.contents.by_id, report)

    def _from_retrieval(self, question: Question, within: Scope, earlier: str | None) -> Finding:
        """Answer from the best passage, where it is probable enough that it answers."""
        sought = self._read(self._seek(question.text, question.asked_in, within, earlier))
        confidence, passages, timings = sought.confidence, sought.retrieval.passages, sought.retrieval.timings_ms
        in_doubt = min(confidence, sought.before) < LIKELY  # a reader forgives a word that stands nowhere
        by_words = in_doubt or topic_sought(question.text) is not None
        if by_words and (nothing := self._without_words(question, within, sought)) is not None:
            return nothing
        probable = passages and confidence >= self._calibration.threshold
        quotes = self._quotes(sought, question) if probable else ()
        if not quotes or not self._statements.stands(question.text, quotes):
            about = tuple(report.id for report in self.contents.reports if Scope.of(within).admits(report))
            refused = _declined("not_in_report", question.language, confidence, passages, timings)
            return replace(refused, about=about)
        note = _joined(*self._language_notes(question, quotes), _cut_note(question, quotes))
        return Finding(question.language, confidence, quotes[:MOST], passages, note=note, timings_ms=timings)

    def _without_words(self, question: Question, within: Within, sought: _Sought) -> Finding | None:
        """That no word of the question stands in the reports, where that is so; None where one does."""
        words = words_of(question.text, sought.retrieval.encoding, self.contents, Scope.of(within))
        if words == "known":
            return None
        if words == "none":
            declined = self._instead("not_understood", question, within)
        else:
            declined = self._instead("unknown_words", question, within, "not_in_report")
            declined = replace(declined, passages=sought.retrieval.passages)
        return replace(declined, confidence=sought.confidence, timings_ms=sought.retrieval.timings_ms)

    def _language_notes(self, question: Question, quotes: Sequence[Quote]) -> list[str]:
        """What is said of each report that the question's language is not there of."""
        asked = question.language
        lacking = {quote.report: quote.language for quote in quotes if quote.language != asked}
        return [
            say("no_rendering", asked, report=self.documents.label_of(report, asked), **language_names(asked, shown))
            for report, shown in lacking.items()
        ]

    def _quotes(self, sought: _Sought, question: Question) -> tuple[Quote, ...]:
        """The best sentences of the first passage, in reading order."""
        report = sought.top.report
        asked_in = self.contents.by_id[report].rendering(question.asked_in).language
        encoding = sought.retrieval.encoding
        best = self._extractor.best_sentences(sought.text, encoding, report, [sought.top.ref], asked_in)
        return tuple(sorted(self._extractor.said_in(best, question.language), key=self._reading_order))

    def _seek(self, text: str, language: Language, within: Within, earlier: str | None) -> _Sought:
        """What is found for one question, and how probable it is that the first passage answers it.

        A follow-up is as probable as it is by itself, or together with the question it leans on; "What was said about
        …?" as it is by itself, or without the words around the topic.
        """
        retrieval = self.retriever.search(text, language, within, earlier)
        shorter, longer = topic_of(text), f"{earlier} {text}" if earlier else None
        others = dict.fromkeys(other for other in (shorter, longer) if other and other != text)
        asked = [(text, retrieval.encoding), *((other, self.retriever.encode(other, language)) for other in others)]
        shapes = self._shapes(retrieval.passages, asked, language)
        confidence = max(map(self._calibration.probability, shapes))
        return _Sought(text, language, retrieval, confidence, confidence, asked, shapes, leans=bool(earlier))

    def _read(self, sought: _Sought) -> _Sought:
        """The same once its passages were read, where that leaves doubt; a follow-up says too little by itself."""
        if self._second_look is None or sought.leans:
            return sought

        def shapes_after(passages: tuple[Passage, ...]) -> Sequence[Mapping[str, float]]:
            if passages[0] is sought.top:
                return sought.shapes
            return self._shapes(passages, sought.understood, sought.language)

        retrieval, confidence = self._second_look.judge(
            sought.text, sought.language, sought.retrieval, sought.confidence, shapes_after
        )
        return replace(sought, retrieval=retrieval, confidence=confidence)

    def _shapes(
        self, passages: Sequence[Passage], asked: Sequence[tuple[str, Encoding]], language: Language
    ) -> list[dict[str, float]]:
        """What speaks for the first passage, once for each way in which the question is understood."""
        return [features(passages, *each, language, self.contents) for each in asked]

    def wanted(self, question: str) -> Wanted:
        """Which slices of a sentence a question asks for: names and figures of the kind, and what a reader points at.

        >>> [(span.start, span.end) for span in engine.wanted("When was it held?")("It met on 10 March 2021.")][0]
        (10, 23)
        """
        pinpointer, look = Pinpointer(question), self._second_look

        def slices(sentence: str) -> list[Span]:
            return [*pinpointer.find(sentence), *([look.answer(question, sentence)] if look else [])]

        return slices

    def _reading_order(self, quote: Quote) -> tuple[str, int, int]:
        return quote.report, self.contents.by_id[quote.report].places[quote.ref], quote.start


def _asks_nothing(question: Question) -> bool:
    """Whether there is no word and no number in it, or only a greeting."""
    empty = not any(map(str.isalnum, bare(question.text)))
    return empty or is_small_talk(question.text)


def _joined(*notes: str | None) -> str | None:
    return " ".join(filter(None, notes)) or None


def understand(text: str, language: Language | None) -> Question:
    """Clean a question and settle its languages: it is answered in the caller's, and read in its own.

    Words of a dialect are read as the standard ones here; what is said and shown of a question is as it was asked.

    >>> asked = understand("Who spoke?", "ar")
    >>> asked.language, asked.asked_in
    ('ar', 'en')
    """
    cleaned = standard(clean(text))
    detected = detect(cleaned)
    supported = detected.supported or language is not None
    return Question(cleaned, language or detected.language, detected.language, supported, detected.letters)


def _quoted_in(question: Question, language: Language | None) -> Question:
    """A question without the language that it asks for at its end, to be answered in that, or in the caller's."""
    plain, other = without_language(question.text)
    if other is None or (asks_of_language(plain) and not find_refs(plain)):
        return question
    return replace(understand(plain, language or other), supported=question.supported)


def _declined(
    reason: Reason,
    language: Language,
    confidence: float = 0.0,
    passages: tuple[Passage, ...] = (),
    timings_ms: Mapping[str, float] | None = None,
) -> Finding:
    return Finding(language, confidence, passages=passages, reason=reason, timings_ms=timings_ms or {})


def _cut_note(question: Question, quotes: Sequence[Quote]) -> str | None:
    """What is said where there is more than an answer holds."""
    return say("cut_short", question.language, count=str(MOST)) if len(quotes) > MOST else None
