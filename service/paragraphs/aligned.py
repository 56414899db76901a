"""A sentence of a paragraph → where the paragraph's other language says it: sentences paired by their lengths.

    counterpart(contents, "kyoto-2021-workshop-4", Ref(9), "en", Span(0, 131), "ar") → Span(0, 118)

A translation keeps the order of sentences, and a long one stays long; what is left is that one language may need two
sentences where the other has one. The cheapest pairing is taken, by the costs of Gale and Church, "A Program for
Aligning Sentences in Bilingual Corpora" (1993).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from corpus.records import Language, Span
from corpus.refs import Ref
from index.contents import IndexContents

# How many sentences of each language make a pair, and what that costs: -log of how often it is so (their table 5).
_PAIRS: Mapping[tuple[int, int], float] = {
    (1, 1): -math.log(0.89),
    (1, 0): -math.log(0.0099),
    (0, 1): -math.log(0.0099),
    (2, 1): -math.log(0.089),
    (1, 2): -math.log(0.089),
    (2, 2): -math.log(0.011),
}
_VARIANCE = 6.8  # of the characters that one character becomes, as they measured it
_MOST = 10_000  # pairs to look at: a tenth of a second; a paragraph of 100 sentences has as many


def counterpart(  # noqa: PLR0913, PLR0917 - a place, and the language that is wanted
    contents: IndexContents, report: str, ref: Ref, language: Language, span: Span, other: Language
) -> Span:
    """The sentences of the other language that say what `span` says; the whole paragraph where they cannot be told."""
    ours, theirs = (_sentences(contents, report, ref, each) for each in (language, other))
    said = [i for i, sentence in enumerate(ours) if sentence.start < span.end and span.start < sentence.end]
    if not said or len(ours) * len(theirs) > _MOST:
        return Span(theirs[0].start, theirs[-1].end)
    pairs = align(tuple(s.end - s.start for s in ours), tuple(s.end - s.start for s in theirs))
    found = [j for own, others in pairs for j in others if any(i in own for i in said)]
    return Span(theirs[found[0]].start, theirs[found[-1]].end) if found else Span(theirs[0].start, theirs[-1].end)


def _sentences(contents: IndexContents, report: str, ref: Ref, language: Language) -> list[Span]:
    """As they were cut when the index was built."""
    rows = contents.sentence_rows(report, ref, language)
    return [Span(contents.chunks[row].start, contents.chunks[row].end) for row in rows]


@lru_cache(maxsize=4096)
def align(ours: Sequence[int], theirs: Sequence[int]) -> tuple[tuple[range, range], ...]:
    """The lengths of sentences in two languages → which of them say the same, by place.

    >>> align((100, 40, 50), (95, 92))
    ((range(0, 1), range(0, 1)), (range(1, 3), range(1, 2)))
    """
    ratio = sum(theirs) / max(1, sum(ours))
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            steps = [
                (best[i - m, j - n][0] + cost + _unlike(sum(ours[i - m : i]), sum(theirs[j - n : j]), ratio), (m, n))
                for (m, n), cost in _PAIRS.items()
                if m <= i and n <= j
            ]
            if steps:
                best[i, j] = min(steps)
    found = []
    i, j = len(ours), len(theirs)
    while i or j:
        m, n = best[i, j][1]
        found.append((range(i - m, i), range(j - n, j)))
        i, j = i - m, j - n
    return tuple(reversed(found))


def _unlike(ours: int, theirs: int, ratio: float) -> float:
    """How improbable it is that texts of these lengths say the same: -log of the chance of a greater difference."""
    mean = (ours + theirs / ratio) / 2 if ratio else ours
    far = abs(theirs - ours * ratio) / math.sqrt(max(1.0, mean) * _VARIANCE)
    return -math.log(max(math.erfc(far / math.sqrt(2)), 1e-12))
