"""A quotation → where the report has its words: exactly, as printed before corrections, or nearly.

    library(report).exact(readings("Member States … monitor")) → the place in 21(k), in English

Two quotations that differ as little as `drafts.words` says are the same. What differs more is near where the share of
common words is `SIMILAR` or more; the nearest is aligned word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, combinations, groupby, islice, pairwise

from corpus.records import Correction, Language, Paragraph, Report, Span
from corpus.refs import FRONT, Ref
from service.drafts.alignment import Alignment, align
from service.drafts.words import Line, Word, split

SIMILAR = 0.6  # of the words in common, 2·common / (given + true): the least at which a quotation counts as altered
_IN_BRACKETS = re.compile(r"\[[^\[\]]{0,200}\]")
MIN_COMMON = 3  # words in common, outside the paragraph that is cited
INSERTED = 4  # words and marks of the report that [an insertion] may stand for
MAX_PIECES = 20
MAX_ALIGNED = 600  # a longer quotation is not compared word by word; the longest paragraph here has 200
_MAX_CORRECTIONS = 4  # of a paragraph, up to which every combination is tried as printed
_FREQUENT = 24  # a pair of words found in more places than this tells nothing of where a quotation is from
_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one go. Between them and the piece before, the report may have up to `gap` more."""

    line: Line
    gap: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A quotation as pieces; `own_words` are those that its square brackets say are not the report's."""

    pieces: tuple[Piece, ...]
    own_words: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all pieces."""
        return tuple(word for piece in self.pieces for word in piece.line.words)

    @property
    def joints(self) -> dict[int, int]:
        """Which word begins a piece → how many words of the report may be left out before it."""
        ends = accumulate(len(piece.line.words) for piece in self.pieces)
        return {end: piece.gap for end, piece in zip(ends, self.pieces[1:], strict=False)}


@dataclass(frozen=True, slots=True)
class Source:
    """A paragraph in one language as words; `printed` are the corrections that this wording does without."""

    ref: Ref
    language: Language
    text: str
    line: Line
    printed: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """Where a source has a quotation: `source.text[span.start:span.end]`."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs that follow each other, by their places in reading order, both ends included."""

    first: int
    last: int


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same paragraphs in as few stretches as there may be, in reading order.

    >>> merged([Stretch(4, 9), Stretch(0, 5)])
    (Stretch(first=0, last=9),)
    """
    found: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.first):
        if found and stretch.first <= found[-1].last + 1:
            found[-1] = Stretch(found[-1].first, max(found[-1].last, stretch.last))
        else:
            found.append(stretch)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Sources of one language in reading order, numbered from `first`, and the place of the paragraph of each."""

    language: Language
    first: int
    places: Sequence[int]


@dataclass(frozen=True, slots=True)
class Near:
    """The wording of a paragraph that is nearest to a quotation, and what differs."""

    place: Location
    alignment: Alignment


class SourceTexts:
    """Every paragraph of a report in every language, ready to be searched."""

    def __init__(self, report: Report) -> None:
        paragraphs = [(r.language, r.by_ref[ref]) for r in report.renderings for ref in report.refs]
        if FRONT in report.citable:  # last: what a paragraph says too is quoted from there
            paragraphs += [(r.language, r.by_ref[FRONT]) for r in report.renderings]
        self.stored = tuple(Source(p.ref, lang, p.text, Line(tuple(split(p.text)))) for lang, p in paragraphs)
        printed = [source for lang, p in paragraphs for source in _as_printed(p, lang)]
        known = {source.line.joined for source in self.stored}
        self._all = (*self.stored, *(source for source in printed if source.line.joined not in known))
        # One text to look in, thousands of times as fast as each source by itself; no line ends in the middle of one.
        self._text = "".join(source.line.joined for source in self._all)
        self._starts = [0, *accumulate(len(source.line.joined) for source in self._all)]
        self._shelves = [*self._shelved(report, 0, len(self.stored)), *self._shelved(report, len(self.stored))]
        self._bags = [Counter(source.line.keys) for source in self.stored]
        self._pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, source in enumerate(self.stored):
            for at, pair in enumerate(pairwise(source.line.keys)):
                self._pairs[pair].append((number, at))

    @cached_property
    def in_brackets(self) -> frozenset[str]:
        """What the report itself has in square brackets, these included."""
        return frozenset(found for source in self.stored for found in _IN_BRACKETS.findall(source.text))

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(self._bags))

    def begins(self, reading: Reading) -> bool:
        """Whether the report has the first word of a reading anywhere."""
        return reading.pieces[0].line.keys[0] in self._keys

    def _shelved(self, report: Report, first: int, end: int | None = None) -> Iterator[_Shelf]:
        """Sources that stand together, a language each; title pages, which come last, by themselves."""
        alike = groupby(self._all[first:end], key=lambda source: (source.language, source.ref.is_front))
        for (language, _), sources in alike:
            places = [report.places[source.ref] for source in sources]
            yield _Shelf(language, first, places)
            first += len(places)

    def exact(self, reading: Reading, among: Sequence[Stretch] | None = None) -> Iterator[Location]:
        """Every source that has all the pieces in order, its first such place each; corrected wordings first.

        Only those of the paragraphs `among`, where any are given.
        """
        longest = max((piece.line.joined for piece in reading.pieces), key=len)
        for numbers in self._numbers(self._shelves, among):
            at, end = self._starts[numbers.start], self._starts[numbers.stop]
            while (at := self._text.find(longest, at, end)) >= 0:
                number = bisect_right(self._starts, at) - 1
                if span := _find(self._all[number], reading):
                    yield Location(self._all[number], span)
                at = self._starts[number + 1]

    def nearest(self, draft: str, reading: Reading, cited: Sequence[Stretch], language: Language) -> list[Near]:
        """The nearest wordings, most similar first: of cited paragraphs, that language first, and of any."""
        given = reading.words
        if not given or len(given) > MAX_ALIGNED:
            return []
        shelves = [shelf for shelf in self._shelves if shelf.first < len(self.stored)]
        shelves.sort(key=lambda shelf: shelf.language != language)
        own = list(islice(chain.from_iterable(self._numbers(shelves, cited)), _CANDIDATES))
        bound = {n: self._bound(n, given) for n in dict.fromkeys([*own, *self._candidates(reading)])}
        found: list[Near] = []
        for number in sorted(bound, key=lambda n: -bound[n]):
            best = max((near.alignment.similarity for near in found), default=0.0)
            if bound[number] >= SIMILAR and (number in own or bound[number] > best):
                source = self.stored[number]
                aligned = align(draft, given, reading.joints, source.text, source.line.words)
                found += [Near(Location(source, aligned.span), aligned)] if aligned else []
        return sorted(found, key=lambda near: -near.alignment.similarity)

    def numbers(self, language: Language, among: Sequence[Stretch], most: int) -> list[int]:
        """The numbers of the first stored sources of some paragraphs, in that language."""
        shelves = [s for s in self._shelves if s.language == language and s.first < len(self.stored)]
        return list(islice(chain.from_iterable(self._numbers(shelves, among)), most))

    @staticmethod
    def _numbers(shelves: Sequence[_Shelf], among: Sequence[Stretch] | None) -> Iterator[range]:
        """The numbers of the sources of some paragraphs, or of all."""
        for shelf in shelves:
            for stretch in (None,) if among is None else among:
                start = bisect_left(shelf.places, stretch.first) if stretch else 0
                end = bisect_right(shelf.places, stretch.last) if stretch else len(shelf.places)
                yield range(shelf.first + start, shelf.first + end)

    def _candidates(self, reading: Reading) -> list[int]:
        """The sources that share most pairs of words with the reading."""
        votes: Counter[int] = Counter()
        for piece in reading.pieces:
            for pair in pairwise(piece.line.keys):
                places = self._pairs.get(pair, ())
                if len(places) <= _FREQUENT:
                    votes.update({number for number, _ in places})
        return [number for number, _ in votes.most_common(_CANDIDATES)]

    def _bound(self, number: int, given: Sequence[Word]) -> float:
        """The most that the similarity can be, whatever the order of the words."""
        keys = Counter(word.text.casefold() for word in given if word.is_word)
        common = (keys & self._bags[number]).total()
        return 2 * common / (keys.total() + common) if common else 0.0


@lru_cache(maxsize=8)
def library(report: Report) -> SourceTexts:
    """The report's library, made once."""
    return SourceTexts(report)


def _as_printed(paragraph: Paragraph, language: Language) -> Iterator[Source]:
    """The paragraph without some of its corrections, in every combination, with the places of the stored text.

    Where there are many, without all of them alone: with each, combinations double.
    """
    number = len(paragraph.corrections)
    for size in range(number, 0 if number <= _MAX_CORRECTIONS else number - 1, -1):
        for undone in combinations(paragraph.corrections, size):
            text, starts, ends, at = "", [], [], 0
            for correction in undone:
                kept = range(at, correction.span.start)
                text += paragraph.text[at : correction.span.start] + correction.printed
                starts += [*kept, *[correction.span.start] * len(correction.printed)]
                ends += [*(i + 1 for i in kept), *[correction.span.end] * len(correction.printed)]
                at = correction.span.end
            starts += range(at, len(paragraph.text))
            ends += range(at + 1, len(paragraph.text) + 1)
            words = (Word(w.text, starts[w.start], ends[w.end - 1]) for w in split(text + paragraph.text[at:]))
            yield Source(paragraph.ref, language, paragraph.text, Line(tuple(words)), undone)


def _find(source: Source, reading: Reading) -> Span | None:
    """The first place that has the pieces in order, none further from the one before than it may be."""
    begun: dict[int, int] = {}  # where the pieces so far end → where they begin, in words
    for number, piece in enumerate(reading.pieces):
        size, ends, before = len(piece.line.words), sorted(begun), begun
        begun = {}
        for at in source.line.find(piece.line):
            if number == 0:
                begun[at + size] = at
            elif (nearest := bisect_right(ends, at) - 1) >= 0 and at - ends[nearest] <= piece.gap:
                begun[at + size] = before[ends[nearest]]
        if not begun:
            return None
    end = min(begun)
    return Span(source.line.words[begun[end]].start, source.line.words[end - 1].end)
