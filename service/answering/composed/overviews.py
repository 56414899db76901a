"""Overviews: what a report is about, its parts, who spoke, what it recommends; each a row of quotations.

    "What is this report about?"      → its title, its subject, the first sentence of its first paragraph
    "Summarise the report"            → that, the first sentence of each part, who spoke, what is recommended
    "Recommendations on firearms"     → of the paragraphs that recommend, those that speak of firearms

Nothing of an overview is fiqra's own but the titles of its sections and a note. Every report answers so, whatever it
is about: what recommends is known by how it is led in, headed or worded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from corpus.records import Language, Paragraph, Rendering, Report
from corpus.refs import Ref, RefRange
from index.contents import IndexContents
from index.search.confidence import Calibration, features
from index.search.fusion import Passage
from index.search.retrieve import Retriever
from index.search.scope import Scope
from index.search.wording.answer_types import find_things
from service.answering.certainty import LIKELY
from service.answering.composed.asked import Overview, OverviewKind, overview_asked
from service.answering.composed.recommending import recommending, says_so
from service.answering.composed.speaking import says_who_spoke
from service.answering.composed.topics import COMPOSED, content_terms, holds, quoted_passages, topic_of
from service.answering.extraction import Extractor
from service.answering.messages import SEMICOLON, language_names, say
from service.paragraphs.documents import Documents
from service.records import Composed, Finding, Question, Quote
from service.schemas.answers import SectionKind

MOST = 100
MOST_REPORTS = 10
_MOST_PARTS = 20
_READ = 20  # passages whose likelihood is looked at
_BEHIND = 10  # times less odds than the best one's: it shares a word with the topic and is about another
_MOST_SPEAKERS = 20
_TITLES = ("title", "subject")
_WANTED: Mapping[OverviewKind, tuple[SectionKind, ...]] = {
    "subject": ("subject",),
    "parts": ("parts",),
    "speakers": ("speakers",),
    "countries": ("countries",),
    "recommendations": ("recommendations",),
    "summary": ("subject", "parts", "speakers", "recommendations"),
}


class Overviews:
    """Composes overviews of the reports of one index."""

    def __init__(
        self,
        contents: IndexContents,
        documents: Documents,
        retriever: Retriever,
        calibration: Calibration,
        extractor: Extractor,
    ) -> None:
        self._contents = contents
        self._documents = documents
        self._retriever = retriever
        self._calibration = calibration
        self._extractor = extractor
        self._recommending: dict[str, Mapping[Ref, bool]] = {}  # by report: read once, when first asked
        self._speaking: dict[tuple[str, bool], tuple[Ref, ...]] = {}

    def find(self, question: Question, within: Scope) -> Finding | None:
        """The overview that a question asks for; None where it asks for none, or a report has nothing for it."""
        reports = self.reports(within)
        asked = overview_asked(question.text)
        if asked is None:
            return self._below_heading(question, reports)
        shown = reports if asked.topic else reports[:MOST_REPORTS]
        found = [section for report in shown for section in self._sections(report, asked, question)]
        confidence = COMPOSED
        if not found and asked.topic:
            found, confidence = self._meaning(asked.topic, question, within)
        quotes = tuple(dict.fromkeys(chain.from_iterable(section.quotes for section in found)))
        if not quotes:
            return None
        kept = set(quotes[:MOST])
        notes = [
            *self._notes(asked, shown, question.language),
            say("cut_short", question.language, count=str(MOST)) if len(quotes) > MOST else "",
            self._some_reports(reports, shown, question.language),
        ]
        return Finding(
            question.language,
            confidence,
            quotes[:MOST],
            quoted_passages(quotes[:MOST]),
            note=" ".join(filter(None, notes)) or None,
            sections=tuple(Composed(s.kind, tuple(q for q in s.quotes if q in kept)) for s in found),
            as_found=True,
            marked=self.named_in(quotes[:MOST]) if asked.kind == "countries" else (),
        )

    def reports(self, within: Scope) -> list[Report]:
        """Those that are asked."""
        return [report for report in self._contents.reports if within.admits(report)]

    def report(self, name: str) -> Report:
        """The report of a name."""
        return self._contents.by_id[name]

    def countries(self, report: Report, ref: Ref, language: Language) -> tuple[Quote, ...]:
        """The sentences of a paragraph that say which countries spoke."""
        return self._saying(report, ref, report.rendering(language), partial(says_who_spoke, countries=True))

    def saying(
        self, report: Report, refs: Iterable[Ref], language: Language, says: Callable[[str], bool]
    ) -> tuple[Quote, ...]:
        """The sentences of paragraphs that say something; none where none does in this language."""
        every = self._extractor.every_sentence(report.id, refs, report.rendering(language).language)
        return tuple(quote for quote in every if says(self.words(quote)))

    def words(self, quote: Quote) -> str:
        """What a quote says."""
        text = self._contents.by_id[quote.report].rendering(quote.language).by_ref[quote.ref].text
        return text[quote.start : quote.end]

    def paragraph(self, quote: Quote) -> str:
        """The whole paragraph of a quote, with what leads in to it."""
        rendering = self._contents.by_id[quote.report].rendering(quote.language)
        parent = rendering.by_ref.get(quote.ref.parent) if quote.ref.parent else None
        return " ".join(each.text for each in (parent, rendering.by_ref[quote.ref]) if each)

    def named_in(self, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        """The countries that quotes name, each as a slice: what answers a question for them, in either language."""
        return tuple(
            replace(quote, start=quote.start + country.start, end=quote.start + country.end)
            for quote in quotes
            for country in find_things("country", self.words(quote))
        )

    def _below_heading(self, question: Question, reports: Sequence[Report]) -> Finding | None:
        """How each paragraph below a heading begins, where a question is a heading of a report and nothing else."""
        wanted = set(content_terms(topic_of(question.text) or ""))
        if not wanted:
            return None
        quotes = tuple(
            self._first_sentence(report, paragraph.ref, report.rendering(question.language).language)
            for report in reports
            for rendering in [report.rendering(question.asked_in)]
            for meant in [_headings_of(rendering, wanted)]
            for paragraph in rendering.paragraphs
            if not paragraph.ref.level and not meant.isdisjoint(paragraph.heading)
        )[:MOST]
        sections = (Composed("parts", quotes),)
        passages = quoted_passages(quotes)
        return (
            Finding(question.language, COMPOSED, quotes, passages, sections=sections, as_found=True) if quotes else None
        )

    def _sections(self, report: Report, asked: Overview, question: Question) -> Iterator[Composed]:
        rendering = report.rendering(question.language)
        making: Mapping[SectionKind, Callable[[Report, Rendering], Iterable[Quote]]] = {
            "subject": self._subject,
            "parts": self._parts,
            "speakers": lambda report, rendering: self._speakers(report, rendering, countries=False),
            "countries": lambda report, rendering: self._speakers(report, rendering, countries=True),
            "recommendations": lambda report, rendering: self._extractor.said_in(
                self._recommended(report, report.rendering(question.asked_in), asked.topic), rendering.language
            ),
        }
        for kind in _WANTED[asked.kind]:
            if quotes := tuple(making[kind](report, rendering)):
                yield Composed(kind, quotes[:_MOST_SPEAKERS] if asked.kind == "summary" else quotes)

    def _subject(self, report: Report, rendering: Rendering) -> Iterator[Quote]:
        """The lines of the title page that name the report and its subject, and its first sentence."""
        if rendering.front and report.citable != report.refs:
            front = rendering.front.ref
            for block, line in zip(rendering.front_matter, rendering.front_lines, strict=True):
                if block.role in _TITLES:
                    yield Quote(report.id, front, rendering.language, line.start, line.end)
        if report.refs:
            yield self._first_sentence(report, report.refs[0], rendering.language)

    def _parts(self, report: Report, rendering: Rendering) -> Iterator[Quote]:
        """The first sentence below each heading."""
        for _, paragraphs in _parted(rendering)[:_MOST_PARTS]:
            yield self._first_sentence(report, paragraphs[0].ref, rendering.language)

    def _speakers(self, report: Report, rendering: Rendering, *, countries: bool) -> Iterator[Quote]:
        for ref in self.who_spoke(report, countries=countries):
            yield from self._saying(report, ref, rendering, partial(says_who_spoke, countries=countries))

    def who_spoke(self, report: Report, *, countries: bool) -> tuple[Ref, ...]:
        """The paragraphs that say so in any language of the report."""
        key = report.id, countries
        if key not in self._speaking:
            self._speaking[key] = tuple(
                ref
                for ref in report.refs
                if any(
                    says_who_spoke(self.words(quote), countries=countries)
                    for rendering in report.renderings
                    for quote in self._extractor.every_sentence(report.id, [ref], rendering.language)
                )
            )
        return self._speaking[key]

    def _recommended(self, report: Report, rendering: Rendering, topic: str) -> Iterator[Quote]:
        """What recommends, in reading order; on a topic, the paragraphs or sentences that hold its words."""
        for ref, whole in self._recommendations(report).items():
            text = rendering.by_ref[ref].text
            if topic and (not holds(text, topic) or report.led_in(ref)):
                continue
            if whole:
                yield from self._extractor.every_sentence(report.id, [ref], rendering.language)
            else:
                said = self._saying(report, ref, rendering, says_so)
                yield from (quote for quote in said if not topic or holds(self.words(quote), topic))

    def _recommendations(self, report: Report) -> Mapping[Ref, bool]:
        if report.id not in self._recommending:
            self._recommending[report.id] = recommending(report)
        return self._recommending[report.id]

    def _meaning(self, topic: str, question: Question, within: Scope) -> tuple[list[Composed], float]:
        """What recommends and is likely to be about a topic that it words otherwise, and how likely it is at least."""
        retrieval = self._retriever.search(topic, question.asked_in, within)
        likely: list[tuple[float, Passage]] = []
        for passage in retrieval.passages[:_READ]:
            report = self._contents.by_id[passage.report]
            if passage.ref not in self._recommendations(report) or report.led_in(passage.ref):
                continue
            shape = features([passage], topic, retrieval.encoding, question.asked_in, self._contents)
            likely.append((self._calibration.probability(shape), passage))
        best = max((_odds(probability) for probability, _ in likely), default=0.0)
        found = [(p, at) for p, at in likely if p >= LIKELY and _odds(p) >= best / _BEHIND]
        if not found:
            return [], COMPOSED
        quotes: list[Quote] = []
        for _, passage in found:
            rendering = self._contents.by_id[passage.report].rendering(question.language)
            quotes += self._extractor.every_sentence(passage.report, [passage.ref], rendering.language)
        return [Composed("recommendations", tuple(quotes))], min(COMPOSED, *(p for p, _ in found))

    def _saying(self, report: Report, ref: Ref, rendering: Rendering, says: Callable[[str], bool]) -> tuple[Quote, ...]:
        """The sentences of a paragraph that say something; all, where they say it in another language alone."""
        every = self._extractor.every_sentence(report.id, [ref], rendering.language)
        return tuple(quote for quote in every if says(self.words(quote))) or every

    def _first_sentence(self, report: Report, ref: Ref, language: Language) -> Quote:
        return self._extractor.every_sentence(report.id, [ref], language)[0]

    def _notes(self, asked: Overview, reports: Sequence[Report], language: Language) -> Iterator[str]:
        for report in reports:
            label = self._documents.label_of(report.id, language)
            rendering = report.rendering(language)
            if rendering.language != language:
                yield say("no_rendering", language, report=label, **language_names(language, rendering.language))
            parted = _parted(rendering)
            if asked.kind in ("parts", "summary") and len(parted) > 1:
                shown = [_part(report, *part, language) for part in parted[:_MOST_PARTS]]
                yield say(
                    "parts", language, report=label, count=str(len(parted)), parts=SEMICOLON[language].join(shown)
                )

    @staticmethod
    def _some_reports(reports: Sequence[Report], shown: Sequence[Report], language: Language) -> str:
        if len(shown) == len(reports):
            return ""
        return say("some_reports", language, count=str(len(reports)), shown=str(len(shown)))


def _parted(rendering: Rendering) -> list[tuple[str, list[Paragraph]]]:
    """The paragraphs below each of the outermost headings of which there are several."""
    deepest = max((len(paragraph.heading) for paragraph in rendering.paragraphs), default=0)
    parts: dict[tuple[str, ...], list[Paragraph]] = {}
    for level in range(1, deepest + 1):
        parts = {}
        for paragraph in rendering.paragraphs:
            if len(paragraph.heading) >= level:
                parts.setdefault(paragraph.heading[:level], []).append(paragraph)
        if len(parts) > 1:
            break
    return [(heading[-1], paragraphs) for heading, paragraphs in parts.items()]


def _headings_of(rendering: Rendering, wanted: set[str]) -> set[str]:
    """The headings that consist of these terms. Many paragraphs stand below each: it is read once."""
    headings = {heading for paragraph in rendering.paragraphs for heading in paragraph.heading}
    return {heading for heading in headings if set(content_terms(heading)) == wanted}


def _odds(probability: float) -> float:
    return probability / (1 - min(probability, 1 - 1e-9))


def _part(report: Report, heading: str, paragraphs: Sequence[Paragraph], language: Language) -> str:
    """A part's heading with the numbers below it: `Proceedings (1–8)`."""
    first, last = (paragraph.ref.part() for paragraph in (paragraphs[0], paragraphs[-1]))
    return f"{heading} ({report.label(first if first == last else RefRange(first, last), language)})"
