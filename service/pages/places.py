"""What a reading page marks: words that a reader looks for, the sentences of an answer, the paragraphs of a reference.

/reports/kyoto-2021-workshop-4?find=darknet         → each place that has the word, in either language
…?quote=21(k):0-118&quote=9:0-131                   → these stretches, and what says the same in the other languages
…?marked=9-11                                       → three paragraphs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from corpus.errors import LookupFailed
from corpus.records import Language, Report, Span
from corpus.refs import Ref, parse_ref, parse_refs
from corpus.text import fold, fold_aligned
from index.contents import IndexContents
from service.pages.marked import quoted_span
from service.paragraphs.aligned import counterpart
from service.paragraphs.lookup import parted

QUOTE = "quote"
"""The anchor of what a permanent link quotes."""
MOST_PLACES = 200
MOST_WORDS = 200  # characters that are looked for


@dataclass(frozen=True, slots=True)
class Sought:
    """What an address asks a reading page to mark; the first of the three that is there."""

    find: str = ""
    quotes: tuple[str, ...] = ()
    refs: str = ""

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The same as parameters of an address."""
        pairs = [("find", self.find), *(("quote", each) for each in self.quotes), ("marked", self.refs)]
        return tuple((name, value) for name, value in pairs if value)


@dataclass(frozen=True, slots=True)
class Jump:
    """A place to jump to: the anchor of a mark, or of a paragraph."""

    ref: Ref
    anchor: str


@dataclass(frozen=True, slots=True)
class Places:
    """What is marked: stretches of texts with their anchors, whole paragraphs, and the places to jump to in order.

    `quoted` is what a citation of the paragraph quotes, by language; `cut_short`: there are more than were marked.
    """

    marks: Mapping[tuple[Ref, Language], Mapping[Span, str]] = field(default_factory=dict)
    quoted: Mapping[Language, Span] = field(default_factory=dict)
    refs: frozenset[Ref] = frozenset()
    jumps: tuple[Jump, ...] = ()
    cut_short: bool = False


NOWHERE = Places()


def seek(contents: IndexContents, report: Report, language: Language, sought: Sought) -> Places:
    """The places in a report for a page in that language. What cannot be read marks nothing."""
    if sought.find:
        return _with_words(report, language, fold(sought.find))
    if sought.quotes:
        return _quoted(contents, report, language, sought.quotes)
    try:
        refs, _ = parted(report, parse_refs(sought.refs)) if sought.refs else ((), ())
    except LookupFailed:
        refs = ()
    return Places(refs=frozenset(refs), jumps=tuple(Jump(ref, ref.eid) for ref in refs))


def one_quote(contents: IndexContents, report: Report, ref: Ref, language: Language, span: Span) -> Places:
    """A quotation on its paragraph's own page, and what says the same in the other languages."""
    others = {
        other: counterpart(contents, report.id, ref, language, span, other)
        for other in report.languages
        if other != language
    }
    marks = {(ref, other): {there: ""} for other, there in others.items()}
    return Places({(ref, language): {span: QUOTE}, **marks}, {language: span, **others})


def _with_words(report: Report, language: Language, phrase: str) -> Places:
    """Each place that has the phrase, first a heading of these words; where none has, each that has all of its words.

    Where no text has them, the headings that do.
    """
    headings = [jump for jump, words in _headings(report, language) if words == phrase]
    found = _in_texts(report, language, phrase)
    if not headings and not found.jumps:
        headings = [
            jump for jump, words in _headings(report, language) if any(True for _ in _occurrences(words, phrase))
        ]
    return replace(found, jumps=(*headings, *found.jumps))


def _headings(report: Report, language: Language) -> Iterator[tuple[Jump, str]]:
    """The headings of the page's language, each with its words as they compare."""
    above: tuple[str, ...] = ()
    for paragraph in report.rendering(language).paragraphs:
        for level, heading in enumerate(paragraph.heading):
            if paragraph.heading[: level + 1] != above[: level + 1]:
                yield Jump(paragraph.ref, heading_eid(paragraph.ref, level)), fold(heading)
        above = paragraph.heading


def heading_eid(first: Ref, level: int) -> str:
    """The anchor of a heading: `heading_9_1`, for the first heading above paragraph 9."""
    return f"heading_{first.eid.removeprefix('para_')}_{level + 1}"


def _in_texts(report: Report, language: Language, phrase: str) -> Places:
    """Each place that has the phrase; where none has, each that has all of its words, near or far."""
    for wanted in dict.fromkeys([(_begun(phrase),), tuple(dict.fromkeys(map(_begun, phrase.split())))]):
        found = _numbered(_hits(report, language, wanted))
        if found.jumps:
            return found
    return NOWHERE


def _hits(report: Report, language: Language, wanted: Sequence[str]) -> Iterator[tuple[Ref, Language, Span]]:
    """The places in reading order, the page's language first, in the paragraphs that have all that is wanted."""
    own = report.rendering(language)
    renderings = (own, *(other for other in report.renderings if other is not own))
    folded = _folded(report)
    for ref in report.refs:
        for rendering in renderings:
            if all(words in folded[ref, rendering.language] for words in wanted):
                text = rendering.by_ref[ref].text
                yield from ((ref, rendering.language, span) for span in _spans(text, wanted))


@lru_cache(maxsize=8)
def _folded(report: Report) -> dict[tuple[Ref, Language], str]:
    """Each paragraph's text as it compares; kept for the reports that were last searched, as folding takes longest."""
    return {(p.ref, rendering.language): fold(p.text) for rendering in report.renderings for p in rendering.paragraphs}


def _begun(words: str) -> str:
    """Words without the letter that an article loses after "for": العملات, and للعملات has لعملات too.

    Of two letters after the article, as in الحد, too little would be left that others have not.
    """
    return words[1:] if words.startswith("ال") and len(words.split(maxsplit=1)[0]) > len("ال") + 2 else words


def _spans(text: str, wanted: Sequence[str]) -> Iterator[Span]:
    """Where the wanted words stand in a text, from left to right, without overlaps."""
    folded, origins = fold_aligned(text)
    places = sorted(
        (at - (words[0] == "ل" and folded[at - 1 : at] == "ا"), at + len(words))
        for words in wanted
        if words
        for at in _occurrences(folded, words)
    )
    end = 0
    for first, last in places:
        if first >= end:
            end = last
            yield Span(origins[first], origins[last - 1] + 1)


def _occurrences(folded: str, words: str) -> Iterator[int]:
    """Where a folded text has the words: at the start of a word, and of one or two letters only as a word of its own.

    In Arabic anywhere, since it writes articles and particles onto a word.
    """
    at = folded.find(words)
    while at >= 0:
        before, after = folded[at - 1 : at], folded[at + len(words) : at + len(words) + 1]
        if not words.isascii() or not (before.isalnum() or (len(words) < 3 and after.isalnum())):
            yield at
        at = folded.find(words, at + 1)


def quotes_in(
    contents: IndexContents, report: Report, language: Language, other: Language, quotes: Sequence[str]
) -> tuple[str, ...]:
    """What another language says for these quotes, written as they are: `21(k):0-338` → `21(k):0-280`."""
    found = (
        (ref, counterpart(contents, report.id, ref, language, span, other))
        for ref, span in read_quotes(report, language, quotes)
    )
    return tuple(f"{ref}:{span.start}-{span.end}" for ref, span in found)


def read_quotes(report: Report, language: Language, quotes: Sequence[str]) -> Iterator[tuple[Ref, Span]]:
    """The stretches that `21(k):0-118` and so on name, in reading order; what names none is left out."""
    found = set()
    for quote in quotes[:MOST_PLACES]:
        name, _, stretch = quote.rpartition(":")
        try:
            ref = parse_ref(name)
        except LookupFailed:
            continue
        start, _, end = stretch.partition("-")
        own = report.rendering(language).by_ref.get(ref)
        if own and (span := quoted_span(own.text, start, end)):
            found.add((ref, span))
    yield from sorted(found, key=lambda place: (report.places[place[0]], place[1].start, -place[1].end))


def _quoted(contents: IndexContents, report: Report, language: Language, quotes: Sequence[str]) -> Places:
    found = list(read_quotes(report, language, quotes))
    places = _numbered((ref, language, span) for ref, span in found)
    beside: dict[tuple[Ref, Language], dict[Span, str]] = {}
    for ref, span in found:
        for other in report.languages:
            if other != language:
                there = counterpart(contents, report.id, ref, language, span, other)
                beside.setdefault((ref, other), {})[there] = ""
    return replace(places, marks={**places.marks, **beside})


def _numbered(found: Iterator[tuple[Ref, Language, Span]]) -> Places:
    """The first so many places, with the anchors `mark_1`, `mark_2` and so on."""
    marks: dict[tuple[Ref, Language], dict[Span, str]] = {}
    jumps: list[Jump] = []
    for number, (ref, language, span) in enumerate(found, 1):
        if number > MOST_PLACES:
            return Places(marks, jumps=tuple(jumps), cut_short=True)
        anchor = f"mark_{number}"
        marks.setdefault((ref, language), {})[span] = anchor
        jumps.append(Jump(ref, anchor))
    return Places(marks, jumps=tuple(jumps))
