"""A quotation → where the report has its words: exactly, as printed before corrections, or nearly.

    library(report).exact(readings("Member States … monitor")) → the place in 21(k), in English

Two quotations that differ as little as `service.words` says are the same. What differs more is near where the share of
common words is `SIMILAR` or more; the nearest is aligned word by word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, combinations, groupby, pairwise
from typing import Literal

from corpus.records import Correction, Language, Paragraph, Report, Span
from corpus.refs import Ref
from service.words import Line, Word, count_words, split

SIMILAR = 0.6  # of the words in common, 2·common / (given + true): the least at which a quotation counts as altered
MIN_COMMON = 3  # words in common, outside the paragraph that is cited
ANYWHERE = 10**6  # an ellipsis stands for any number of words
INSERTED = 4  # words and marks of the report that [an insertion] may stand for
MAX_PIECES = 20
_MAX_WORDS = 600  # a longer quotation is not compared word by word; the longest paragraph here has 200
_MAX_CORRECTIONS = 4  # of a paragraph, tried as printed in every combination
_FREQUENT = 24  # a pair of words found in more places than this tells nothing of where a quotation is from
_CANDIDATES = 3

Operation = Literal["equal", "insert", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one go. Between them and the piece before, the report may have up to `gap` more."""

    line: Line
    gap: int


Reading = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A paragraph in one language as words; `printed` are the corrections that this wording does without."""

    ref: Ref
    language: Language
    text: str
    line: Line
    printed: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source has a quotation: `source.text[span.start:span.end]`."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """A step that turns the words given into the true ones. `insert`: the true words alone; `delete`: the given."""

    op: Operation
    given: str
    true: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The nearest wording: what is different, and the share of words in common, 0 to 1."""

    place: Place
    changes: tuple[Change, ...]
    similarity: float
    common: int


class Library:
    """Every paragraph of a report in every language, ready to be searched."""

    def __init__(self, report: Report) -> None:
        paragraphs = [(r.language, p) for r in report.renderings for p in r.paragraphs]
        self.stored = tuple(Source(p.ref, lang, p.text, Line(tuple(split(p.text)))) for lang, p in paragraphs)
        printed = [source for lang, p in paragraphs for source in _as_printed(p, lang)]
        known = {source.line.joined for source in self.stored}
        self._all = (*self.stored, *(source for source in printed if source.line.joined not in known))
        self._bags = [Counter(source.line.keys) for source in self.stored]
        self._pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, source in enumerate(self.stored):
            for at, pair in enumerate(pairwise(source.line.keys)):
                self._pairs[pair].append((number, at))

    def exact(self, reading: Reading) -> Iterator[Place]:
        """Every source that has all the pieces in order, its first such place each; corrected wordings first."""
        longest = max((piece.line for piece in reading), key=lambda line: len(line.joined))
        for source in self._all:
            if longest.joined in source.line.joined and (span := _find(source, reading)):
                yield Place(source, span)

    def nearest(self, draft: str, reading: Reading, cited: Collection[Ref], language: Language) -> list[Alignment]:
        """The nearest wordings in that language, most similar first: of the cited paragraphs, then of any."""
        given = [word for piece in reading for word in piece.line.words]
        if not given or len(given) > _MAX_WORDS:
            return []
        own = [n for n, s in enumerate(self.stored) if s.ref in cited and s.language == language][:_CANDIDATES]
        bound = {n: self._bound(n, given) for n in dict.fromkeys([*own, *self._candidates(reading)])}
        found: list[Alignment] = []
        for number in sorted(bound, key=lambda n: -bound[n]):
            best = max((a.similarity for a in found), default=0.0)
            if bound[number] >= SIMILAR and (number in own or bound[number] > best):
                found.append(_align(draft, reading, self.stored[number]))
        return sorted(found, key=lambda a: -a.similarity)

    def _candidates(self, reading: Reading) -> list[int]:
        """The sources that share most pairs of words with the reading."""
        votes: Counter[int] = Counter()
        for piece in reading:
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
def library(report: Report) -> Library:
    """The report's library, made once."""
    return Library(report)


def _as_printed(paragraph: Paragraph, language: Language) -> Iterator[Source]:
    """The paragraph without some of its corrections, in every combination, with the places of the stored text."""
    for size in range(min(len(paragraph.corrections), _MAX_CORRECTIONS), 0, -1):
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
    for number, piece in enumerate(reading):
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


# ------------------------------------------------------------------------------------------------------- alignment

_Block = tuple[int, int, int]  # given[i : i + size] and true[j : j + size] are the same but for case


def _align(draft: str, reading: Reading, source: Source) -> Alignment:
    given = [word for piece in reading for word in piece.line.words]
    sizes = accumulate(len(piece.line.words) for piece in reading)
    joints = dict(zip(sizes, [piece.gap for piece in reading[1:]], strict=False))  # word number → what may be left out
    blocks = _blocks([key for piece in reading for key in piece.line.keys], source.line.keys, joints)
    if not blocks:
        return Alignment(Place(source, Span(0, 0)), (), 0.0, 0)
    true = source.line.words
    first, last = blocks[0], blocks[-1]
    start = max(0, first[1] - first[0])
    end = min(len(true), last[1] + len(given) - last[0])
    changes: list[Change] = []
    left_out = i = 0
    j = start
    for block_i, block_j, size in [*blocks, (len(given), end, 0)]:
        if i == block_i and block_j - j <= joints.get(i, 0):
            left_out += count_words(true[j:block_j])
        elif i < block_i or j < block_j:
            changes.append(_change(draft, given[i:block_i], source.text, true[j:block_j]))
        i, j = block_i + size, block_j + size
        changes += _same(draft, given[block_i:i], source.text, true[block_j:j], {0, *joints}, block_i)
    common = sum(count_words(given[i : i + size]) for i, _, size in blocks)
    similarity = 2 * common / (count_words(given) + count_words(true[start:end]) - left_out)
    place = Place(source, Span(true[start].start, true[end - 1].end))
    return Alignment(place, tuple(changes), similarity, common)


def _blocks(given: Sequence[str], true: Sequence[str], joints: Mapping[int, int]) -> list[_Block]:
    """The runs of common words, in order, from the stretch of the paragraph that most words point to."""
    at = 0
    if ANYWHERE not in joints.values():
        places: dict[str, list[int]] = defaultdict(list)
        for j, key in enumerate(true):
            places[key].append(j)
        votes: Counter[int] = Counter()
        for i, key in enumerate(given):
            votes.update(j - i for j in places.get(key, ()))
        if not votes:
            return []
        slack = 2 + len(given) // 4
        offset = max(votes, key=lambda d: (votes[d - 1] + 2 * votes[d] + votes[d + 1], -d))
        at = max(0, offset - slack)
        true = true[at : offset + len(given) + slack]
    matcher = SequenceMatcher(None, given, true, autojunk=False)
    blocks = [(i, j + at, size) for i, j, size in matcher.get_matching_blocks() if size]
    while len(blocks) > 1 and _astray(blocks[0], blocks[0], blocks[1], joints):
        del blocks[0]
    while len(blocks) > 1 and _astray(blocks[-1], blocks[-2], blocks[-1], joints):
        del blocks[-1]
    return blocks


def _astray(outer: _Block, before: _Block, after: _Block, joints: Mapping[int, int]) -> bool:
    """Whether the outermost run is a chance find: more words of the report part it from the next than it has."""
    given_gap = after[0] - before[0] - before[2]
    true_gap = after[1] - before[1] - before[2]
    if any(before[0] + before[2] <= joint <= after[0] for joint in joints):
        return False
    return true_gap - given_gap > outer[2]


def _change(draft: str, given: Sequence[Word], text: str, true: Sequence[Word]) -> Change:
    op: Operation = "replace" if given and true else "delete" if given else "insert"
    return Change(op, _slice(draft, given), _slice(text, true))


def _same(
    draft: str, given: Sequence[Word], text: str, true: Sequence[Word], begins: Collection[int], first: int
) -> Iterator[Change]:
    """A run of common words as it was written: those that differ in case, other than at a beginning, are replaced."""
    numbered = range(len(given))
    for same, group in groupby(numbered, lambda n: given[n].text == true[n].text or first + n in begins):
        numbers = list(group)
        a, b = given[numbers[0] : numbers[-1] + 1], true[numbers[0] : numbers[-1] + 1]
        yield Change("equal" if same else "replace", _slice(draft, a), _slice(text, b))


def _slice(text: str, words: Sequence[Word]) -> str:
    return " ".join(text[words[0].start : words[-1].end].split()) if words else ""
