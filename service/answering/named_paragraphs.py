"""Questions that name a paragraph: whose it is, whether they want all of it, and the answer from it.

"What does paragraph 9 say?"                             → from paragraph 9
"What does paragraph 9 of the Kyoto Declaration say?"    → that this is not loaded; what the report says about it
"What does paragraph 2 say?", of several reports         → which one is meant, with the paragraph of each
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import Language, Report
from corpus.refs import Mention, NoRef, Ref, Target, find_refs, is_reference, parse_refs
from corpus.text import fold
from index.contents import IndexContents
from index.search.fusion import Passage
from index.search.retrieve import Retriever
from index.search.scope import Scope, Within
from service.answering.extraction import Extractor
from service.answering.messages import Message, language_names, say
from service.paragraphs.documents import Documents, speaks_of
from service.paragraphs.lookup import nearest, parted, reports_having
from service.paragraphs.whose import Belonging, belongings
from service.records import Finding, Question, Quote

MOST = 100  # quotes of an answer: who asks what a paragraph says is told all of it, but not a whole book
_SHOWN = 80  # characters of a document's name

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
    spans = [(each.start, each.end) for each in (find_refs(question) if named is None else named)]
    rest, end = [], 0
    for start, stop in sorted(spans):
        rest.append(question[end : max(start, end)])
        end = max(end, stop)
    rest.append(question[end:])
    words = _WORD.findall(fold(" ".join(rest)))
    return all(word in _FRAME or word.removeprefix("و") in _FRAME for word in words)


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

    def find(self, question: Question, within: Within) -> Finding | None:
        """The answer, or why there is none; None where no paragraph is named."""
        mentions = self._typed_alone(question.text) or find_refs(question.text)
        named = belongings(question.text, mentions, self._documents, asking=True)
        if not named:
            return None
        asked = [report for report in self._contents.reports if Scope.of(within).admits(report)]
        strange = [each for each in named if each.foreign or not self._is_asked(each, asked)]
        here = [each for each in named if each not in strange]
        if not here:
            return self._of_another_document(question, strange, within)
        report = self._meant(question, here, asked)
        targets: dict[Report, list[Target]] = {}
        for each in here:
            whose = each.document.report if each.document and each.document.report else report
            if whose is None:
                return self._which(question, [t for e in here for t in e.mention.targets], asked)
            targets.setdefault(whose, []).extend(each.mention.targets)
        wanted = [_Wanted(whose, *parted(whose, each)) for whose, each in targets.items()]
        if not any(each.known for each in wanted):
            return self._unknown(question, wanted)
        return self._answer(question, wanted, asks_for_all(question.text, named), strange)

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

    def _meant(self, question: Question, here: Sequence[Belonging], asked: Sequence[Report]) -> Report | None:
        """Whose a paragraph is that no document stands with: the only report that is asked, or that is named."""
        beside = {each.document.report for each in here if each.document and each.document.report}
        named = beside or {report for report in self._documents.named(question.text) if report in asked}
        found = list(named or asked)
        return found[0] if len(found) == 1 else None

    def _answer(
        self,
        question: Question,
        wanted: Sequence[_Wanted],
        whole: bool,
        strange: Sequence[Belonging],
    ) -> Finding:
        """From the paragraphs that are there, with a word on each that is not."""
        quotes: list[Quote] = []
        passages: list[Passage] = []
        notes: list[str] = []
        for report, known, unknown in ((each.report, each.known, each.unknown) for each in wanted):
            language = report.rendering(question.language).language
            if known:
                quotes += self._quotes(question, report, known, language, whole=whole)
                passages += [Passage(report.id, ref, 0.0, {}) for ref in known[:MOST]]
            if unknown:
                notes.append(self._say("some_unknown", question, report, refs=_listed(unknown)))
            if language != question.language:
                notes.append(self._say("no_rendering", question, report, **language_names(question.language, language)))
        if strange:
            notes.append(self._not_held(question, strange))
        if len(quotes) > MOST:
            notes.append(say("cut_short", question.language, count=str(MOST)))
        ranked = tuple(Passage(p.report, p.ref, float(len(passages) - i), {}) for i, p in enumerate(passages[:MOST]))
        return Finding(question.language, 1.0, tuple(quotes[:MOST]), ranked, note=" ".join(notes) or None)

    def _quotes(
        self, question: Question, report: Report, known: tuple[Ref, ...], language: Language, *, whole: bool
    ) -> tuple[Quote, ...]:
        first = known[:MOST]
        if whole:
            parts = [part for ref in known for part in (ref, *report.descendants(ref))]
            return self._extractor.every_sentence(report.id, dict.fromkeys(parts), language)
        encoding = self._retriever.encode(question.text, question.asked_in)
        asked_in = report.rendering(question.asked_in).language
        best = self._extractor.best_sentences(question.text, encoding, report.id, first, asked_in)
        return self._extractor.said_in(best, language)

    def _unknown(self, question: Question, wanted: Sequence[_Wanted]) -> Finding:
        """That there is none of the paragraphs that are named, with the nearest that there are."""
        messages, passages = list[str](), list[Passage]()
        for each in wanted:
            near = dict.fromkeys(ref for lacking in each.unknown for ref in nearest(each.report, lacking))
            what: Message = "no_title_page" if str(each.unknown[0]) == "front" else "unknown_paragraph"
            shown = {"refs": _listed(each.unknown), "nearest": _listed(near)}
            messages.append(self._say(what, question, each.report, **shown))
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
        refs = _listed(dict.fromkeys(target.near if isinstance(target, NoRef) else target for target in targets))
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
            refs = _listed(passage.ref for passage in speaking if passage.report == first.id)
            message += " " + self._say("spoken_of", question, first, refs=refs)
        others = (passage for passage in passages if passage not in speaking)
        return Finding(question.language, 0.0, passages=(*speaking, *others), reason="not_in_report", message=message)

    def _not_held(self, question: Question, strange: Sequence[Belonging]) -> str:
        """One sentence for each document, in its own name."""
        refs: dict[str, list[str]] = {}
        for each in strange:
            if each.document:
                refs.setdefault(each.document.name(question.text)[:_SHOWN], []).extend(map(str, each.mention.targets))
        return " ".join(
            say("not_held", question.language, document=name, refs=_listed(dict.fromkeys(found)))
            for name, found in refs.items()
        )

    def _say(self, what: Message, question: Question, report: Report, **shown: str) -> str:
        return say(what, question.language, report=self._documents.label_of(report.id, question.language), **shown)


def _listed(refs: Iterable[object]) -> str:
    return ", ".join(map(str, refs))
