"""Questions that name a paragraph: whose it is, whether they want all of it, and the answer from it.

"What does paragraph 9 say?"                             → from paragraph 9
"What does paragraph 9 of the Kyoto Declaration say?"    → that this is not loaded; what the report says about it
"What does paragraph 2 say?", of several reports         → which one is meant, with the paragraph of each
"The second sentence of paragraph 9"                     → that sentence (`by_number.parts`)
"And (c)?", after "What does paragraph 21 (b) say?"      → from paragraph 21 (c) (`by_number.going_on`)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import Language, Report
from corpus.refs import Mention, NoRef, Ref, RefRange, Target, find_refs, is_reference, parse_refs
from corpus.text import fold
from index.contents import IndexContents
from index.search.fusion import Passage
from index.search.retrieve import Retriever
from index.search.scope import Scope, Within
from service.answering.about_answers import asks_about_answer
from service.answering.by_number.going_on import going_on
from service.answering.by_number.parts import at_places, beyond, with_parts
from service.answering.by_number.said_of import About, asked_about, holding, stands
from service.answering.extraction import Extractor
from service.answering.messages import Message, language_names, say
from service.answering.pinpoint import Pinpointer
from service.paragraphs.citing import in_a_row
from service.paragraphs.documents import Documents, Named, speaks_of
from service.paragraphs.lookup import nearest, parted, reports_having
from service.paragraphs.whose import Belonging, belongings
from service.records import Finding, Question, Quote
from service.schemas.questions import MAX_QUESTION

MOST = 100  # quotes of an answer: who asks what a paragraph says is told all of it, but not a whole book
_SHOWN = 80  # characters of a document's name
_NAMED = 5  # paragraphs in a note
_UNSAID = 0.3  # how sure an answer is in which no word that is asked about stands: doubtful

# Words that ask for a paragraph as such and say nothing of what is sought in it.
_FRAME = frozenset(
    """
    what does do did is are was were say says said state states mention contain contains about in of on to the a an me
    please show give read quote cite print display tell explain summarise summarize summary text content contents full
    whole entire exact wording words paragraph paragraphs and report it which can could you would i want need see
    ما ماذا ماهو ماهي هو هي نص مضمون محتوي فحوي جاء ورد يرد تقول تنص يقول ينص تتضمن تتناول تتحدث عن في من علي الي اذكر
    اعرض اقرا اكتب لخص تلخيص ملخص اشرح شرح وضح كامل كاملا الكامل الفقره الفقرات فقره و التقرير لي ان اريد بالنص
    الذي التي ما الوارد وارد اعطني هات موضوع
    """.split()
)
_WORD = re.compile(r"[^\W_]+")
_AROUND = " ?؟!."
_DIGITS = 3  # of a number alone that names a paragraph, whether there is one or not


def asks_for_all(question: str, named: Sequence[Belonging] | None = None) -> bool:
    """Whether the question, its references and their documents aside, only asks what the paragraph says.

    >>> asks_for_all("What does paragraph 21 (k) say?"), asks_for_all("In para 9, who uses virtual assets?")
    (True, False)
    """
    return _says_nothing(_rest(question, find_refs(question) if named is None else named))


def _rest(question: str, named: Sequence[Belonging] | Sequence[Mention]) -> str:
    """A question without its references and their documents."""
    spans = [(each.start, each.end) for each in named]
    rest, end = [], 0
    for start, stop in sorted(spans):
        rest.append(question[end : max(start, end)])
        end = max(end, stop)
    rest.append(question[end:])
    return " ".join(rest)


def _says_nothing(text: str) -> bool:
    words = _WORD.findall(fold(text))
    return all(word in _FRAME or word.removeprefix("و") in _FRAME for word in words)


@dataclass(frozen=True, slots=True)
class _Read:
    """The paragraphs that a question names, each with its document, and the places of the sentences it asks for."""

    named: tuple[Belonging, ...] = ()
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question names of one report: the refs that it has and what it lacks."""

    report: Report
    known: tuple[Ref, ...]
    unknown: tuple[Ref | NoRef, ...]


class NamedParagraphs:
    """Answers the questions that name paragraphs."""

    def __init__(
        self, contents: IndexContents, documents: Documents, retriever: Retriever, extractor: Extractor
    ) -> None:
        self._contents = contents
        self._documents = documents
        self._retriever = retriever
        self._extractor = extractor

    def find(self, question: Question, within: Within, history: Sequence[str] = ()) -> Finding | None:
        """The answer, or why there is none; None where no paragraph is named, nor one that goes on from `history`."""
        asked = [report for report in self._contents.reports if Scope.of(within).admits(report)]
        read = self._read(question.text, asked, history)
        if not (named := read.named):
            return None
        strange = [each for each in named if each.foreign or not self._is_asked(each, asked)]
        here = [each for each in named if each not in strange]
        if not here:
            return self._of_another_document(question, strange, within)
        report = self._meant(question.text, here, asked)
        targets: dict[Report, list[Target]] = {}
        for each in here:
            whose = each.document.report if each.document and each.document.report else report
            if whose is None:
                return self._which(question, [t for e in here for t in e.mention.targets], asked)
            targets.setdefault(whose, []).extend(each.mention.targets)
        wanted = [_Wanted(whose, *parted(whose, each)) for whose, each in targets.items()]
        if not any(each.known for each in wanted):
            return self._unknown(question, wanted)
        if read.sentences:
            return self._sentences(question, wanted, read.sentences)
        rest = _rest(question.text, named)
        about = None if _says_nothing(rest) else asked_about(rest, _says_nothing)
        return self._answer(question, wanted, about, strange)

    def _read(self, text: str, asked: Sequence[Report], history: Sequence[str]) -> _Read:
        """What a question names, by itself or in the light of what was asked before."""
        mentions = self._typed_alone(text) or find_refs(text) or beyond(text)
        parts = with_parts(text, mentions, self._meant(text, (), asked), _says_nothing)
        named, sentences = belongings(text, parts.mentions, self._documents, asking=True), parts.sentences
        if any(each.foreign for each in named):  # nobody knows here what is last in another document
            named, sentences = belongings(text, mentions, self._documents, asking=True), ()
        return _Read(named, sentences) if named else self._gone_on(text, asked, history)

    def _gone_on(self, text: str, asked: Sequence[Report], history: Sequence[str]) -> _Read:
        """What a question names that goes on from the one before: "and (c)?", "and its second sentence?"."""
        turns = [turn[:MAX_QUESTION] for turn in history if turn.strip() and asks_about_answer(turn) is None]
        if not turns:
            return _Read()
        *earlier, last = turns
        before = self._read(last, asked, earlier).named
        report = self._meant(last, before, asked)
        refs = [ref for each in before for ref in _refs_of(each.mention)]
        if report is None or not refs or any(each.foreign for each in before):
            return _Read()
        parts = with_parts(text, [Mention(tuple(refs), 0, 0)], report, _says_nothing)
        targets = parts.mentions[0].targets
        if not parts.sentences and targets == tuple(refs):
            targets = going_on(text, report, refs)
        whole = Mention(targets, 0, len(text))
        named = (Belonging(whole, Named(0, len(text), report), 0, len(text)),)
        return _Read(named, parts.sentences) if targets else _Read()

    def _typed_alone(self, text: str) -> tuple[Mention, ...]:
        """A question that is a reference and nothing else: `9`, `9-11`, `21k`, `٢١ك`.

        A number that no report could have meant, such as a year, is looked for like any word.
        """
        alone = text.strip(_AROUND)
        if not alone or not is_reference(alone):
            return ()
        targets = parse_refs(alone)
        if alone.isdecimal() and len(alone) > _DIGITS and not reports_having(self._documents.reports, targets):
            return ()
        start = text.index(alone)
        return (Mention(targets, start, start + len(alone)),)

    @staticmethod
    def _is_asked(each: Belonging, asked: Sequence[Report]) -> bool:
        return each.document is None or each.document.report is None or each.document.report in asked

    def _meant(self, text: str, here: Sequence[Belonging], asked: Sequence[Report]) -> Report | None:
        """Whose a paragraph is that no document stands with: the only report that is asked, or that is named."""
        beside = {each.document.report for each in here if each.document and each.document.report}
        named = beside or {report for report in self._documents.named(text) if report in asked}
        found = list(named or asked)
        return found[0] if len(found) == 1 else None

    def _answer(
        self,
        question: Question,
        wanted: Sequence[_Wanted],
        about: About | None,
        strange: Sequence[Belonging],
    ) -> Finding:
        """From the paragraphs that are there, all of them or what they say `about` something.

        With a word on each that is not there, and where nothing that is asked about is.
        """
        quotes: list[Quote] = []
        passages: list[Passage] = []
        notes: list[str] = []
        for report, known, unknown in ((each.report, each.known, each.unknown) for each in wanted):
            language = report.rendering(question.language).language
            if known:
                quotes += self._quotes(question, report, known, language, about)
                passages += [Passage(report.id, ref, 0.0, {}) for ref in known[:MOST]]
            if unknown:
                notes.append(self._say("some_unknown", question, report, refs=_listed(unknown, question, [report])))
            if language != question.language:
                notes.append(self._say("no_rendering", question, report, **language_names(question.language, language)))
        if strange:
            notes.append(self._not_held(question, strange))
        is_said = about is None or self._is_said(question, about, wanted, quotes)
        if not is_said:
            listed = [ref for each in wanted for ref in each.known[:_NAMED]]
            named = _listed(listed, question, [each.report for each in wanted])
            notes.append(say("words_not_there", question.language, refs=named))
        if len(quotes) > MOST:
            notes.append(say("cut_short", question.language, count=str(MOST)))
        ranked = tuple(Passage(p.report, p.ref, float(len(passages) - i), {}) for i, p in enumerate(passages[:MOST]))
        sure = 1.0 if is_said else _UNSAID
        return Finding(question.language, sure, tuple(quotes[:MOST]), ranked, note=" ".join(notes) or None)

    def _quotes(
        self, question: Question, report: Report, known: tuple[Ref, ...], language: Language, about: About | None
    ) -> tuple[Quote, ...]:
        parts = list(dict.fromkeys(part for ref in known for part in (ref, *report.descendants(ref))))
        if about is None:
            return self._extractor.every_sentence(report.id, parts, language)
        asked_in = report.rendering(question.asked_in).language
        every = self._extractor.every_sentence(report.id, parts, asked_in)
        found = holding(about.words, {quote: self._text(quote) for quote in every}) if about.is_topic else ()
        if not found:
            encoding = self._retriever.encode(question.text, question.asked_in)
            found = self._extractor.best_sentences(question.text, encoding, report.id, known[:MOST], asked_in)
        return self._extractor.said_in(found, language)

    def _is_said(self, question: Question, about: About, wanted: Sequence[_Wanted], quotes: Sequence[Quote]) -> bool:
        """Whether a word that is asked about stands in the paragraphs, in any language, or what is quoted is asked for.

        "Who spoke, by paragraph 4?" asks for names: the paragraph may say in other words that they spoke.
        """
        pinpointer = Pinpointer(question.text)
        if not about.words or any(pinpointer.find(self._text(quote)) for quote in quotes):
            return True
        return any(
            stands(about.words, rendering.by_ref[part].text)
            for each in wanted
            for rendering in each.report.renderings
            for ref in each.known
            for part in (ref, *each.report.descendants(ref))
        )

    def _text(self, quote: Quote) -> str:
        rendering = self._contents.by_id[quote.report].rendering(quote.language)
        return rendering.by_ref[quote.ref].text[quote.start : quote.end]

    def _sentences(self, question: Question, wanted: Sequence[_Wanted], places: Sequence[int]) -> Finding:
        """The sentences of each paragraph that are asked for by their place; how many there are, where one is not."""
        quotes, lacking, passages = list[Quote](), list[str](), list[Passage]()
        for report, ref in ((each.report, ref) for each in wanted for ref in each.known[:MOST]):
            language = report.rendering(question.language).language
            every = self._extractor.every_sentence(report.id, (ref, *report.descendants(ref)), language)
            there, is_all = at_places(len(every), places)
            quotes += [every[place] for place in there]
            passages.append(Passage(report.id, ref, 0.0, {}))
            if not is_all:
                shown = {"refs": _listed([ref], question, [report]), "count": str(len(every))}
                lacking.append(self._say("no_such_sentence", question, report, **shown))
        told, ranked = " ".join(lacking), tuple(passages)
        if not quotes:
            return Finding(question.language, 0.0, passages=ranked, reason="unknown_paragraph", message=told)
        return Finding(question.language, 1.0, tuple(quotes[:MOST]), ranked, note=told or None)

    def _unknown(self, question: Question, wanted: Sequence[_Wanted]) -> Finding:
        """That there is none of the paragraphs that are named, with the nearest that there are."""
        messages, passages = list[str](), list[Passage]()
        for each in wanted:
            near = dict.fromkeys(ref for lacking in each.unknown for ref in nearest(each.report, lacking))
            what: Message = "no_title_page" if str(each.unknown[0]) == "front" else "unknown_paragraph"
            refs, closest = (_listed(named, question, [each.report]) for named in (each.unknown, near))
            messages.append(self._say(what, question, each.report, refs=refs, nearest=closest))
            passages += [Passage(each.report.id, ref, 0.0, {}) for ref in near]
        return Finding(
            question.language,
            0.0,
            passages=tuple(passages),
            reason="unknown_paragraph",
            message=" ".join(messages),
            about=tuple(each.report.id for each in wanted),
        )

    def _which(self, question: Question, targets: Sequence[Target], asked: Sequence[Report]) -> Finding:
        """That a number alone does not say whose paragraph is meant, with that paragraph of those that have it."""
        having = reports_having(asked, targets)
        named = dict.fromkeys(t for t in targets if not (having and isinstance(t, NoRef)))
        refs = _listed(named, question, having or asked or self._contents.reports)
        what: Message = "which_report" if having else "in_no_report"
        reports = self._documents.few(having, question.language)
        shown = {"refs": refs, "count": str(len(asked)), "reports": reports}
        passages = [Passage(report.id, known[0], 0.0, {}) for report in having if (known := parted(report, targets)[0])]
        return Finding(
            question.language,
            0.0,
            passages=tuple(passages),
            reason="unknown_paragraph",
            message=say(what, question.language, **shown),
            about=tuple(report.id for report in having),
        )

    def _of_another_document(self, question: Question, strange: Sequence[Belonging], within: Within) -> Finding:
        """That the document is not here; where the reports speak of it, that comes first."""
        passages = self._retriever.search(question.text, question.asked_in, within).passages
        names = [each.document.name(question.text) for each in strange if each.document]
        reports = self._contents.by_id
        speaking = [p for p in passages if any(speaks_of(reports[p.report], p.ref, name) for name in names)]
        message = self._not_held(question, strange)
        if speaking:
            first = self._contents.by_id[speaking[0].report]
            refs = _listed((p.ref for p in speaking if p.report == first.id), question, [first])
            message += " " + self._say("spoken_of", question, first, refs=refs)
        others = (passage for passage in passages if passage not in speaking)
        return Finding(question.language, 0.0, passages=(*speaking, *others), reason="not_in_report", message=message)

    def _not_held(self, question: Question, strange: Sequence[Belonging]) -> str:
        """One sentence for each document, in its own name."""
        named: dict[str, list[Target]] = {}
        for each in strange:
            if each.document:
                named.setdefault(each.document.name(question.text)[:_SHOWN], []).extend(each.mention.targets)
        return " ".join(
            say(
                "not_held",
                question.language,
                document=name,
                refs=_listed(dict.fromkeys(targets), question, self._contents.reports),
            )
            for name, targets in named.items()
        )

    def _say(self, what: Message, question: Question, report: Report, **shown: str) -> str:
        return say(what, question.language, report=self._documents.label_of(report.id, question.language), **shown)


def _refs_of(mention: Mention) -> list[Ref]:
    """The paragraphs that a mention names, of a range its ends, of one that cannot be the nearest."""
    return [
        ref
        for target in mention.targets
        for ref in (
            (target.first, target.last)
            if isinstance(target, RefRange)
            else (target.near if isinstance(target, NoRef) else target,)
        )
    ]


def _listed(targets: Iterable[Target], question: Question, reports: Sequence[Report]) -> str:
    """Paragraphs as an English sentence names them, by their refs; in Arabic, in the first report's own digits."""
    ar = question.language == "ar"
    return in_a_row((reports[0].label(each, "ar") if ar else str(each) for each in targets), question.language)
