"""A question → what the report says to it: the whole way, without HTTP.

    language → references → retrieval → confidence → sentences

One engine serves one index and keeps no state beyond it, so a swap of indexes is one assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.language import detect
from corpus.records import Language
from corpus.text import clean
from index.contents import IndexContents
from index.disk.shelf import SetAside
from index.search.confidence import Calibration, features
from index.search.fusion import Passage
from index.search.retrieve import Retrieval, Retriever
from index.search.scope import Scope, Within
from service.answering.clauses import clauses
from service.answering.extraction import Extractor
from service.answering.follow_up import leans_on
from service.answering.messages import language_names, say
from service.answering.named_paragraphs import MOST, NamedParagraphs
from service.answering.small_talk import is_small_talk
from service.generation.proof import Prover
from service.paragraphs.documents import Documents
from service.paragraphs.lookup import choose_report
from service.records import Finding, Question, Quote
from service.schemas import Reason


@dataclass(frozen=True, slots=True)
class _Sought:
    """One question, what was found for it, and how probable it is that the first passage answers."""

    text: str
    retrieval: Retrieval
    confidence: float

    @property
    def top(self) -> Passage:
        return self.retrieval.passages[0]


class Engine:
    """Answers from one index. `set_aside` are the added reports that it does not hold as they lie on the disk.

    `labels` are the short names that reports have been given (`Documents`).
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of it
        self,
        name: str,
        contents: IndexContents,
        retriever: Retriever,
        calibration: Calibration,
        set_aside: tuple[SetAside, ...] = (),
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self.set_aside = set_aside
        self.full_name = name
        self.name = name[:12]
        self.contents = contents
        self.retriever = retriever
        self._calibration = calibration
        self.prover = Prover()
        self._extractor = Extractor(contents)
        self.documents = Documents(contents.reports, labels)
        self._named = NamedParagraphs(contents, self.documents, retriever, self._extractor)

    def search(self, query: str, language: Language | None, report: Within) -> Finding:
        """Ranked passages and no answer. Raises UnknownReport."""
        self._check_report(report)
        question = understand(query, language)
        retrieval = self.retriever.search(question.text, question.language, report)
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
            return _declined("not_a_question", question.language)
        if (named := self._named.find(question, report)) is not None:
            return named
        if not question.supported:
            return _declined("other_language", question.language)
        question, within = self._asked_of(question, Scope.of(report))
        return self._from_retrieval(question, within, leans_on(question.text, history))

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
        """The sentence of each passage that is nearest to a question, in the language of its answer where there is one.

        The question was encoded when it was asked; its vectors are remembered.
        """
        if not passages:
            return []
        encoding, by_id = self.retriever.encode(clean(question), language), self.contents.by_id
        return [
            self._extractor.nearest_sentence(
                question, encoding, p.report, p.ref, by_id[p.report].rendering(language).language
            )
            for p in passages
        ]

    def _check_report(self, within: Within) -> None:
        for report in Scope.of(within).reports or ():
            choose_report(self.contents.by_id, report)

    def _from_retrieval(self, question: Question, within: Within, earlier: str | None) -> Finding:
        """Answer from the best passage, where it is probable enough that it answers; of two questions in one, both."""
        whole = self._seek(question.text, question.language, within, earlier)
        parts = self._seek_parts(question, within)
        sure = [part for part in parts if part.confidence >= self._calibration.threshold]
        confidence = whole.confidence
        if parts and len(sure) == len(parts):
            confidence = max(confidence, min(part.confidence for part in parts))
        passages, timings = whole.retrieval.passages, whole.retrieval.timings_ms
        if not passages or confidence < self._calibration.threshold:
            about = tuple(report.id for report in self.contents.reports if Scope.of(within).admits(report))
            refused = _declined("not_in_report", question.language, confidence, passages, timings)
            return replace(refused, about=about)
        answering = sure or [whole]
        quotes = self._quotes(answering, question.language)
        partly = say("partly", question.language) if 0 < len(sure) < len(parts) else None
        note = _joined(*self._language_notes(question, quotes), partly, _cut_note(question, quotes))
        return Finding(question.language, confidence, quotes[:MOST], passages, note=note, timings_ms=timings)

    def _seek_parts(self, question: Question, within: Within) -> list[_Sought]:
        """What is found for each of several questions in one; nothing where it is one."""
        texts = clauses(question.text)
        if len(texts) == 1:
            return []
        return [self._seek(text, question.language, within, leans_on(text, texts[:i])) for i, text in enumerate(texts)]

    def _language_notes(self, question: Question, quotes: Sequence[Quote]) -> list[str]:
        """What is said of each report that the question's language is not there of."""
        asked = question.language
        lacking = {quote.report: quote.language for quote in quotes if quote.language != asked}
        return [
            say("no_rendering", asked, report=self.documents.label_of(report, asked), **language_names(asked, shown))
            for report, shown in lacking.items()
        ]

    def _quotes(self, answering: Sequence[_Sought], asked: Language) -> tuple[Quote, ...]:
        """The best sentences of the first passage of each, every one once, in reading order.

        Each is in the language that was asked in, or the first one that its report has.
        """
        quotes = {
            quote
            for sought in answering
            for quote in self._extractor.best_sentences(
                sought.text,
                sought.retrieval.encoding,
                sought.top.report,
                [sought.top.ref],
                self.contents.by_id[sought.top.report].rendering(asked).language,
            )
        }
        return tuple(sorted(quotes, key=self._reading_order))

    def _seek(self, text: str, language: Language, within: Within, earlier: str | None) -> _Sought:
        """What is found for one question, and how probable it is that the first passage answers it.

        A follow-up is as probable as it is by itself, or together with the question it leans on.
        """
        retrieval = self.retriever.search(text, language, within, earlier)
        asked = [(text, retrieval.encoding)]
        if earlier:
            both = f"{earlier} {text}"
            asked.append((both, self.retriever.encode(both, language)))
        shapes = (features(retrieval.passages, *each, language, self.contents) for each in asked)
        return _Sought(text, retrieval, max(map(self._calibration.probability, shapes)))

    def _reading_order(self, quote: Quote) -> tuple[str, int, int]:
        return quote.report, self.contents.by_id[quote.report].places[quote.ref], quote.start


def _asks_nothing(question: Question) -> bool:
    """Whether there is no word and no number in it, or only a greeting."""
    empty = not question.letters and not any(map(str.isdigit, question.text))
    return empty or is_small_talk(question.text)


def _joined(*notes: str | None) -> str | None:
    return " ".join(filter(None, notes)) or None


def understand(text: str, language: Language | None) -> Question:
    """Clean a question and settle its language: the caller's word counts for more than its letters."""
    cleaned = clean(text)
    detected = detect(cleaned)
    return Question(
        cleaned, language or detected.language, detected.supported or language is not None, detected.letters
    )


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
