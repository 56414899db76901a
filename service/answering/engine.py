"""A question → what the report says to it: the whole way, without HTTP.

    language → references → retrieval → confidence → sentences

One engine serves one index and keeps no state beyond it, so a swap of indexes is one assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import UnknownParagraph
from corpus.language import detect
from corpus.records import Language, Report
from corpus.refs import Ref, RefRange, find_refs
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
from service.answering.messages import Message, say
from service.answering.named_paragraphs import asks_for_all
from service.answering.small_talk import is_small_talk
from service.generation.proof import Prover
from service.paragraphs.lookup import choose_report, names_symbol, nearest, resolve
from service.records import Finding, Quote
from service.schemas import Reason

MOST = 100  # quotes of an answer: who asks what a paragraph says is told all of it, but not a whole book


@dataclass(frozen=True, slots=True)
class Question:
    """A question, cleaned, and the language to answer it in."""

    text: str
    language: Language
    supported: bool
    letters: int


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
    """Answers from one index. `set_aside` are the added reports that it does not hold as they lie on the disk."""

    def __init__(
        self,
        name: str,
        contents: IndexContents,
        retriever: Retriever,
        calibration: Calibration,
        set_aside: tuple[SetAside, ...] = (),
    ) -> None:
        self.set_aside = set_aside
        self.full_name = name
        self.name = name[:12]
        self.contents = contents
        self.retriever = retriever
        self._calibration = calibration
        self.prover = Prover()
        self._extractor = Extractor(contents)

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
        if (named := self._named(question, report)) is not None:
            return self._from_paragraphs(question, *named)
        if not question.supported:
            return _declined("other_language", question.language)
        return self._from_retrieval(question, report, leans_on(question.text, history))

    def _check_report(self, within: Within) -> None:
        for report in Scope.of(within).reports or ():
            choose_report(self.contents.by_id, report)

    def _named(self, question: Question, within: Within) -> tuple[Report, list[Ref | RefRange]] | None:
        """The paragraphs that the question names, and their report; None where it names none, or nobody knows whose.

        A bare number's report is that of a symbol beside it, or the only one asked about.
        """
        targets = [target for mention in find_refs(question.text) for target in mention.targets]
        if not targets:
            return None
        asked = [report for report in self.contents.reports if Scope.of(within).admits(report)]
        candidates = [report for report in asked if names_symbol(question.text, report)] or asked
        return (candidates[0], targets) if len(candidates) == 1 else None

    def _from_paragraphs(self, question: Question, report: Report, targets: Sequence[Ref | RefRange]) -> Finding:
        """Answer from the paragraphs that the question names."""
        known, unknown = _parted(report, targets)
        if not known:
            return _unknown_paragraphs(question, report, unknown)
        language = report.rendering(question.language).language
        first = known[:MOST]
        passages = tuple(Passage(report.id, ref, float(len(first) - i), {}) for i, ref in enumerate(first))
        if asks_for_all(question.text):
            whole = [part for ref in known for part in (ref, *report.descendants(ref))]
            quotes = self._extractor.every_sentence(report.id, dict.fromkeys(whole), language)
        else:
            encoding = self.retriever.encode(question.text, question.language)
            quotes = self._extractor.best_sentences(question.text, encoding, report.id, known, language)
        missing = say("some_unknown", question.language, refs=", ".join(map(str, unknown))) if unknown else None
        note = _joined(missing or _language_note(question, language), _cut_note(question, quotes))
        return Finding(question.language, 1.0, quotes[:MOST], passages, note=note)

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
            return _declined("not_in_report", question.language, confidence, passages, timings)
        answering = sure or [whole]
        language = self.contents.by_id[answering[0].top.report].rendering(question.language).language
        quotes = self._quotes(answering, language)
        partly = say("partly", question.language) if 0 < len(sure) < len(parts) else None
        note = _joined(_language_note(question, language), partly, _cut_note(question, quotes))
        return Finding(question.language, confidence, quotes[:MOST], passages, note=note, timings_ms=timings)

    def _seek_parts(self, question: Question, within: Within) -> list[_Sought]:
        """What is found for each of several questions in one; nothing where it is one."""
        texts = clauses(question.text)
        if len(texts) == 1:
            return []
        return [self._seek(text, question.language, within, leans_on(text, texts[:i])) for i, text in enumerate(texts)]

    def _quotes(self, answering: Sequence[_Sought], language: Language) -> tuple[Quote, ...]:
        """The best sentences of the first passage of each, every one once, in reading order."""
        quotes = {
            quote
            for sought in answering
            for quote in self._extractor.best_sentences(
                sought.text, sought.retrieval.encoding, sought.top.report, [sought.top.ref], language
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


def _parted(report: Report, targets: Sequence[Ref | RefRange]) -> tuple[tuple[Ref, ...], list[Ref]]:
    """The refs that the targets name and the report has, each once, and those that it lacks."""
    known: dict[Ref, None] = {}
    unknown: list[Ref] = []
    for target in targets:
        try:
            known |= dict.fromkeys(resolve(report, [target]))
        except UnknownParagraph:
            unknown.append(target if isinstance(target, Ref) else target.last)
    return tuple(known), unknown


def _unknown_paragraphs(question: Question, report: Report, unknown: Sequence[Ref]) -> Finding:
    """That the report has none of the paragraphs that are named, with the nearest that it has."""
    near = nearest(report, unknown[0])
    what: Message = "no_title_page" if unknown[0].is_front else "unknown_paragraph"
    shown = {"refs": ", ".join(map(str, unknown)), "nearest": ", ".join(map(str, near))}
    passages = tuple(Passage(report.id, ref, 0.0, {}) for ref in near)
    message = say(what, question.language, **shown)
    return Finding(question.language, 0.0, passages=passages, reason="unknown_paragraph", message=message)


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
    return Finding(
        language,
        confidence,
        passages=passages,
        reason=reason,
        message=say(reason, language),
        timings_ms=timings_ms or {},
    )


def _cut_note(question: Question, quotes: Sequence[Quote]) -> str | None:
    """What is said where there is more than an answer holds."""
    return say("cut_short", question.language, count=str(MOST)) if len(quotes) > MOST else None


def _language_note(question: Question, language: Language) -> str | None:
    return None if language == question.language else say("no_rendering", question.language)
