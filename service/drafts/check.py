"""A draft → whether it cites and quotes the report correctly. It needs no model and no index.

    verify_draft(report, '“Member States are encouraged to pray” [21(k)]')
    → citation 21(k): supported; quotation: altered, pray → monitor

A citation is supported where its paragraph exists and proves the sentence that cites it, as `drafts.statements` finds
both; a quotation where its words stand in the paragraph that it cites, in either language, as `drafts.words` compares
them; without a citation, anywhere in the report. An ellipsis joins pieces of one paragraph, in order; words in [square
brackets] are the draft's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from corpus.records import Language, Report, Span
from corpus.refs import Mention, NoRef, Ref, RefRange, Target
from corpus.text import count_letters
from service.drafts.alignment import Change, align
from service.drafts.quotations import Claims, Quotation, claims
from service.drafts.readings import after_a_conjunction, conjoined, readings
from service.drafts.sources import (
    MAX_ALIGNED,
    MIN_COMMON,
    SIMILAR,
    Location,
    Near,
    Reading,
    Stretch,
    library,
    merged,
)
from service.drafts.statements import MOST_PARAGRAPHS, Statement, Statements, compare
from service.drafts.words import split
from service.paragraphs.documents import Documents
from service.paragraphs.lookup import choose_report, ends, no_paragraph, parted, permalink
from service.paragraphs.whose import Belonging
from service.schemas.drafts import Checked, ClaimKind, ClaimStatus, LeftAlone, TrueText, VerifyResponse, WordChange

MAX_RESULTS = 500
_MAX_TARGETS = 100  # of one citation
_SHOWN = 200  # characters of the draft that a result repeats
_FOUND_IN = 10
_NEARBY = 200  # characters before a citation that tell the language it is written in
_NOT_THERE = "the sentence says what the paragraph cited does not; it may be a paraphrase, which is not compared"
_TURNED = "the sentence has the paragraph's words and does not say the same: words are left out, added or turned"


def verify_draft(
    report: Report | None,
    draft: str,
    index: str | None = None,
    limit: int = MAX_RESULTS,
    documents: Documents | None = None,
) -> VerifyResponse:
    """Check the first `limit` citations and quotations of a draft, in its order.

    `documents` are all the reports that are loaded: a citation that names one of them is checked against that, one that
    names none against `report`. Without `report`, those that the draft names are meant. Raises UnknownReport where it
    names none, and several are loaded.
    """
    known = documents or Documents([report] if report else [])
    found = claims(draft, limit + 1, known)
    checkers = _Checkers(report or _first_named(known, found), draft, found)
    items: list[Mention | Quotation] = [*found.citations, *found.quotations]
    items.sort(key=lambda item: (item.start, -item.end))
    results = tuple(result for item in items[:limit] if (result := checkers.check(item)))
    counts = Counter([r.kind for r in results] + [r.status for r in results])
    return VerifyResponse(
        report=checkers.report.id,
        ok=all(result.status == "supported" for result in results),
        counts={name: counts[name] for name in (*get_args(ClaimKind), *get_args(ClaimStatus))},
        results=results,
        left_alone=tuple(_left_alone(each, draft, found.text) for each in found.elsewhere[:limit]),
        truncated=len(items) > limit or checkers.truncated,
        index=index,
    )


def _first_named(documents: Documents, found: Claims) -> Report:
    named = (found.documents[m.start].report for m in found.citations if m.start in found.documents)
    return next(filter(None, named), None) or choose_report(documents.by_id, None)


def _left_alone(each: Belonging, draft: str, text: str) -> LeftAlone:
    return LeftAlone(
        start=each.mention.start,
        end=each.mention.end,
        text=draft[each.mention.start : each.mention.end][:_SHOWN],
        document=each.document.name(text)[:_SHOWN] if each.document else "",
    )


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a citation names: as written, the targets that exist, and where these stand with all that is below them."""

    refs: tuple[str, ...]
    existing: tuple[Target, ...] = ()
    covered: tuple[Stretch, ...] = ()
    missing: str = ""
    nearest: tuple[str, ...] = ()

    def names(self, ref: Ref) -> bool:
        """Whether it names that paragraph itself, and not one above it."""
        return any(
            target.first <= ref <= target.last and target.first.level == ref.level
            if isinstance(target, RefRange)
            else target == ref
            for target in self.existing
        )


class _Checkers:
    """Checks the claims of one draft, each against its own report: the one it names, or else `report`."""

    def __init__(self, report: Report, draft: str, found: Claims) -> None:
        self.report = report
        self.truncated = any(len(mention.targets) > _MAX_TARGETS for mention in found.citations)
        self._draft = draft
        self._found = found
        self._by_report: dict[Report, _Checker] = {}

    def check(self, item: Mention | Quotation) -> Checked | None:
        """The result, and whose paragraphs it was compared with."""
        mention = item if isinstance(item, Mention) else item.citation
        document = self._found.documents.get(mention.start) if mention else None
        report = (document.report if document else None) or self.report
        if report not in self._by_report:
            self._by_report[report] = _Checker(report, self._draft, self._found)
        result = self._by_report[report].check(item)
        return result.model_copy(update={"report": report.id}) if result else None


class _Checker:
    """Checks claims of one draft against one report."""

    def __init__(self, report: Report, draft: str, found: Claims) -> None:
        self.report = report
        self.library = library(report)
        self.written = draft
        self.draft = found.text
        self.known: dict[int, _Cited] = {}
        self.statements = Statements(found)

    def check(self, item: Mention | Quotation) -> Checked | None:
        """The result; None for single quotation marks that may as well be apostrophes."""
        if isinstance(item, Mention):
            return self._citation(item)
        result = self._quotation(item)
        unclear = self.draft[item.outer.start] == "‘" and not result.refs and result.status == "not_found"
        return None if unclear else result

    def _citation(self, mention: Mention) -> Checked:
        cited = self._cited(mention)
        status: ClaimStatus = "no_such_paragraph" if cited.missing else "supported"
        result = self._result("citation", status, mention.start, mention.end, cited)
        if cited.missing:
            return result.model_copy(update={"note": cited.missing})
        language = _language(self.draft[max(0, mention.start - _NEARBY) : mention.start]) or result.language
        statement = self.statements.of(mention, language) if language else None
        return self._stated(result, statement, cited) if statement else result

    def _stated(self, result: Checked, statement: Statement, cited: _Cited) -> Checked:
        """What the paragraphs say to the statement: it shortens one, turns its words, or says what is not there."""
        numbers = self.library.numbers(statement.language, cited.covered, MOST_PARAGRAPHS + 1)
        if not 0 < len(numbers) <= MOST_PARAGRAPHS:
            return result
        stored = self.library.stored
        number, verdict = compare(statement, [(n, stored[n].text) for n in numbers])
        if verdict.is_faithful:
            return result
        if verdict.kind == "absent" or verdict.span is None:
            return result.model_copy(update={"status": "not_found", "note": _NOT_THERE})
        source = stored[number]
        changes = self._turned(statement, source.text, verdict.span)
        return result.model_copy(
            update={
                "status": "altered",
                "language": source.language,
                "true_text": self._true(Location(source, verdict.span)),
                "difference": tuple(WordChange(op=c.op, given=c.given, true=c.true) for c in changes),
                "note": _TURNED,
            }
        )

    def _turned(self, statement: Statement, text: str, sentence: Span) -> tuple[Change, ...]:
        """How a statement differs from a sentence: in the words before its citation, or else in those after it too."""
        true = split(text, sentence.start, sentence.end)[:MAX_ALIGNED]
        changes: tuple[Change, ...] = ()
        for given in (words[:MAX_ALIGNED] for words in statement.given):
            found = [align(self.draft, way, {}, text, true) for way in (given, *conjoined(given))]
            aligned = max(filter(None, found), key=lambda each: each.common, default=None)
            changes = aligned.changes if aligned else ()
            if any(change.op != "equal" for change in changes):
                break
        return changes

    def _cited(self, mention: Mention) -> _Cited:
        if mention.start not in self.known:
            self.known[mention.start] = self._resolved(mention)
        return self.known[mention.start]

    def _resolved(self, mention: Mention) -> _Cited:
        targets = tuple(dict.fromkeys(mention.targets))[:_MAX_TARGETS]
        existing: list[Target] = []
        covered: list[Stretch] = []
        lacking: list[Ref | NoRef] = []
        for target in targets:
            _, unknown = parted(self.report, [target])
            lacking += unknown
            if not unknown and not isinstance(target, NoRef):
                existing.append(target)
                covered.append(self._stretch(*ends(target)))
        missing = no_paragraph(self.report, lacking) if lacking else None
        return _Cited(
            tuple(map(str, targets)),
            tuple(existing),
            merged(covered),
            str(missing or ""),
            missing.nearest if missing else (),
        )

    def _stretch(self, first: Ref, last: Ref) -> Stretch:
        """From one paragraph to the last one below another."""
        while below := self.report.children(last):
            last = below[-1]
        return Stretch(self.report.places[first], self.report.places[last])

    def _covers(self, cited: _Cited, ref: Ref) -> bool:
        place = self.report.places[ref]
        return any(stretch.first <= place <= stretch.last for stretch in cited.covered)

    def _places(self, reading: Reading, cited: _Cited | None) -> list[Location]:
        """Where the words stand: in the cited paragraphs, or else elsewhere; as many as a result names."""
        own = self.library.exact(reading, cited.covered) if cited else iter(())
        return _some(own) or _some(self.library.exact(reading))

    def _quotation(self, quotation: Quotation) -> Checked:
        cited = self._cited(quotation.citation) if quotation.citation else None
        ways = readings(self.draft, quotation)
        places: list[Location] = []
        own_words: tuple[str, ...] = ()
        for way in (*ways, *after_a_conjunction(ways)):
            if not places:
                places, own_words = self._places(way, cited), way.own_words
        result = self._result("quotation", "not_found", quotation.start, quotation.end, cited)
        if places:
            return self._found(result, places, cited, own_words)
        if cited and cited.missing and not cited.existing:
            return result.model_copy(update={"status": "no_such_paragraph", "nearest": cited.nearest})
        language = result.language or "en"
        covered = cited.covered if cited else ()
        near: dict[
            tuple[Ref, Language], Near
        ] = {}  # of each wording, as the way has it that has most in common with it
        for way in self._as_compared(ways):
            for each in self.library.nearest(self.draft, way, covered, language):
                key = each.place.source.ref, each.place.source.language
                if key not in near or each.alignment.common > near[key].alignment.common:
                    near[key] = each
        return self._near(result, sorted(near.values(), key=lambda each: -each.alignment.similarity), cited)

    def _as_compared(self, ways: Sequence[Reading]) -> tuple[Reading, ...]:
        """The readings to look for the nearest with: as it stands, where the bracketed words are the report's own.

        A conjunction that it leaves out is no change where other words are altered either.
        """
        if not ways:
            return ()
        own = ways[-1].own_words
        way = ways[0] if own and self.library.in_brackets.issuperset(own) else ways[-1]
        return way, *(other for other in after_a_conjunction([way]) if self.library.begins(other))

    def _found(
        self, result: Checked, places: Sequence[Location], cited: _Cited | None, own_words: Sequence[str] = ()
    ) -> Checked:
        """The words stand somewhere: in the cited paragraph, or only elsewhere."""
        own = [place for place in places if cited is None or self._covers(cited, place.source.ref)]
        status: ClaimStatus = "supported"
        if not own:
            status = "no_such_paragraph" if cited and cited.missing else "not_found"
        refs = tuple(dict.fromkeys(str(place.source.ref) for place in own or places))[:_FOUND_IN]
        note = (
            _note_of(own[0], cited, own_words)
            if own
            else f"the words stand in {', '.join(refs)}, not in the paragraph cited"
        )
        near = cited.nearest if cited and status == "no_such_paragraph" else ()
        place = (own or places)[0]
        return result.model_copy(
            update={
                "status": status,
                "language": place.source.language,
                "true_text": self._true(place),
                "found_in": refs,
                "nearest": near,
                "note": note,
            }
        )

    def _near(self, result: Checked, near: Sequence[Near], cited: _Cited | None) -> Checked:
        """The words stand nowhere: the cited paragraph may have nearly those, or another one."""
        similar = [n for n in near if n.alignment.similarity >= SIMILAR]
        own = [n for n in similar if cited and self._covers(cited, n.place.source.ref)]
        others = [n for n in similar if n.alignment.common >= MIN_COMMON]
        if not own and not others:
            return result.model_copy(update={"note": "no paragraph has these words, or nearly these"})
        best = (own or others)[0]
        changes = best.alignment.changes
        altered = bool(own) or cited is None
        if altered and all(change.op == "equal" for change in changes):
            return self._found(result, [best.place], cited)
        ref = str(best.place.source.ref)
        return result.model_copy(
            update={
                "status": "altered" if altered else "not_found",
                "true_text": self._true(best.place),
                "difference": tuple(WordChange(op=c.op, given=c.given, true=c.true) for c in changes),
                "nearest": (ref,),
                "note": None if altered else f"the paragraph cited has no such words; {ref} has nearly these",
            }
        )

    def _result(self, kind: ClaimKind, status: ClaimStatus, start: int, end: int, cited: _Cited | None) -> Checked:
        text = self.draft[start:end]
        return Checked(
            kind=kind,
            status=status,
            start=start,
            end=end,
            text=self.written[start:end][:_SHOWN],
            refs=cited.refs if cited else (),
            language=_language(text),
            nearest=cited.nearest if cited and kind == "citation" else (),
        )

    def _true(self, place: Location) -> TrueText:
        source, span = place.source, place.span
        paragraph = self.report.rendering(source.language).by_ref[source.ref]
        return TrueText(
            ref=str(source.ref),
            language=source.language,
            text=source.text[span.start : span.end],
            start=span.start,
            end=span.end,
            url=permalink(self.report, paragraph, source.language),
        )


def _some(places: Iterable[Location]) -> list[Location]:
    """The first places, of one paragraph more than a result names."""
    found: list[Location] = []
    refs: set[Ref] = set()
    for place in places:
        found.append(place)
        refs.add(place.source.ref)
        if len(refs) > _FOUND_IN:
            break
    return found


def _language(text: str) -> Language | None:
    """By letters; none in `[9]`."""
    arabic, latin, _ = count_letters(text[:2_000])
    return None if not arabic + latin else "ar" if arabic >= latin else "en"


def _note_of(place: Location, cited: _Cited | None, own_words: Sequence[str]) -> str | None:
    """What a reader should know of a quotation that is right."""
    ref, notes = place.source.ref, []
    if cited and not cited.names(ref):
        notes.append(f"the words stand in {ref}, a part of the paragraph cited")
    notes += [
        f"as printed: “{correction.printed}” is a misreading, mended to “{correction.read}”"
        for correction in place.source.printed
        if place.span.start < correction.span.end and correction.span.start < place.span.end
    ]
    if own_words:
        notes.append(f"the draft's own words: {' '.join(own_words)[:_SHOWN]}")
    return "; ".join(notes) or None
