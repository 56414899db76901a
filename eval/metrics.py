"""What is measured, as pure functions: rankings, citations, facts, abstention and calibration; and how sure that is.

    hit_at_k(["9", "11"], {"11"}, k=1) → 0.0        hit_at_k(["9", "11"], {"11"}, k=2) → 1.0

Every score is from 0 to 1. A question without an answer has no recall: the functions that need gold refuse an empty
one with ValueError instead of scoring it 0, so that whoever calls them has to leave such questions out.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corpus.records import Language
from corpus.text import fold
from eval.questions import Fact, Needs

Floats = NDArray[np.float64]

# ------------------------------------------------------------------------------------------------------ rankings


def hit_at_k(ranked: Sequence[Hashable], gold: Collection[Hashable], k: int) -> float:
    """1.0 where one of the first k is gold, else 0.0; trec_eval calls it `success`.

    >>> hit_at_k(["9", "11", "13"], {"11", "12"}, k=2)
    1.0
    """
    return float(any(_relevance(ranked, gold, k)))


def recall_at_k(ranked: Sequence[Hashable], gold: Collection[Hashable], k: int) -> float:
    """Give the share of gold that is among the first k (Manning, Raghavan and Schütze 2008, chapter 8).

    >>> recall_at_k(["9", "11", "13"], {"11", "12"}, k=2)
    0.5
    """
    return sum(_relevance(ranked, gold, k)) / len(set(gold))


def reciprocal_rank(ranked: Sequence[Hashable], gold: Collection[Hashable]) -> float:
    """1 / the rank of the first gold item, or 0.0 where there is none (Voorhees 1999, TREC-8 question answering).

    >>> reciprocal_rank(["9", "11", "13"], {"11", "12"})
    0.5
    """
    relevance = _relevance(ranked, gold, max(1, len(ranked)))
    return 1 / (relevance.index(True) + 1) if any(relevance) else 0.0


def ndcg_at_k(ranked: Sequence[Hashable], gold: Collection[Hashable], k: int) -> float:
    """Normalised discounted cumulative gain of the first k, each gold item worth 1 (Järvelin and Kekäläinen 2002).

    The gain at rank r counts 1 / log2(r + 1); the sum is divided by that of a ranking with all gold first.

    >>> round(ndcg_at_k(["9", "11", "13"], {"11"}, k=3), 4)
    0.6309
    """
    relevance = np.array(_relevance(ranked, gold, k), dtype=np.float64)
    ideal = np.ones(min(k, len(set(gold))))
    return _discounted(relevance) / _discounted(ideal)


def _discounted(gains: Floats) -> float:
    return float(np.sum(gains / np.log2(np.arange(2, len(gains) + 2))))


def _relevance(ranked: Sequence[Hashable], gold: Collection[Hashable], k: int) -> list[bool]:
    if not gold:
        raise ValueError("gold is empty: a question without an answer has no ranking score, leave it out")
    if k < 1:
        raise ValueError(f"k is {k}, expected 1 or more")
    if len(set(ranked)) != len(ranked):
        raise ValueError("the ranking names an item twice")
    wanted = set(gold)
    return [item in wanted for item in ranked[:k]]


# ----------------------------------------------------------------------------------------------------- citations


def citation_precision(cited: Collection[Hashable], gold: Collection[Hashable]) -> float:
    """Give the share of the cited paragraphs that is gold; 0.0 where gold is empty: then every citation is wrong.

    After Gao et al. 2023 (ALCE), with paragraphs judged by people in place of a model of entailment. An answer that
    cites nothing has no precision: ValueError.

    >>> citation_precision(["9", "11"], {"11", "12"})
    0.5
    """
    if not cited:
        raise ValueError("nothing is cited: an answer without citations has no citation precision, leave it out")
    distinct = set(cited)
    return len(distinct & set(gold)) / len(distinct)


def citation_recall(cited: Collection[Hashable], gold: Collection[Hashable], needs: Needs) -> float:
    """How much of what a full answer has to cite is cited.

    Where any gold paragraph is enough: 1.0 or 0.0. Where all are needed: the share that is cited.

    >>> citation_recall(["9", "11"], {"11", "12"}, "any"), citation_recall(["9", "11"], {"11", "12"}, "all")
    (1.0, 0.5)
    """
    if not gold:
        raise ValueError("gold is empty: a question without an answer has no citation recall, leave it out")
    found = len(set(cited) & set(gold))
    return float(found > 0) if needs == "any" else found / len(set(gold))


def fact_coverage(answer_text: str, facts: Sequence[Fact], language: Language) -> float:
    """Give the share of the facts that the answer contains an alternative of, both folded by `corpus.text.fold`.

    After nugget recall (Voorhees 2003, TREC question answering), with strings in place of an assessor.

    >>> fact_coverage("Adopted by Resolution 74/247.", [Fact(ar=("247/74",), en=("resolution 74/247",))], "en")
    1.0
    """
    if not facts:
        raise ValueError("there are no facts: a question without an answer has no coverage, leave it out")
    text = fold(answer_text)
    covered = [any(fold(alternative) in text for alternative in fact.alternatives(language)) for fact in facts]
    return sum(covered) / len(covered)


# ------------------------------------------------------------------------------------ abstention and calibration


@dataclass(frozen=True, eq=False, slots=True)
class RiskCoverage:
    """What answering only above a confidence costs and gives; one point for each distinct confidence, highest first.

    `coverage` (t,): the share of questions answered, rising to 1. `risk` (t,): the share of those answered wrongly.
    `aurc`: the area under that curve, 0 best.
    """

    coverage: Floats
    risk: Floats
    aurc: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The questions with a confidence in (lower, upper]: how many, how confident on average, how often right."""

    lower: float
    upper: float
    count: int
    confidence: float
    accuracy: float


def auroc(scores: ArrayLike, labels: ArrayLike) -> float:
    """How likely a positive is to score above a negative, a tie counting half: Mann and Whitney's U / (n₊ n₋).

    `scores` (n,): any scale, higher is more positive. `labels` (n,): 0 or 1, both present, or ValueError.

    >>> auroc([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0])
    0.875
    """
    values, positive = _scores_and_flags(scores, labels)
    positives = int(positive.sum())
    negatives = len(values) - positives
    if not positives or not negatives:
        raise ValueError(f"{positives} positives and {negatives} negatives, expected some of each")
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    mid_ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]  # ranks from 1; those of a tie share their mean
    u = float(mid_ranks[positive].sum()) - positives * (positives + 1) / 2
    return u / (positives * negatives)


def risk_coverage(confidences: ArrayLike, correct: ArrayLike) -> RiskCoverage:
    """Confidences (n,) on any scale and whether each answer is right (n,) → the risk–coverage curve and its area.

    El-Yaniv and Wiener 2010; the area as Geifman, Uziel and El-Yaniv 2019 have it, the mean risk over the n
    coverages. Answers of equal confidence are taken or left together, so their order does not matter.

    >>> risk_coverage([0.9, 0.8, 0.7, 0.7], [1, 0, 1, 1]).risk.tolist()
    [0.0, 0.5, 0.25]
    """
    values, right = _scores_and_flags(confidences, correct)
    order = np.argsort(-values, kind="stable")
    last_of_tie = np.append(np.diff(values[order]) != 0, True)
    answered = np.arange(1, len(values) + 1)[last_of_tie]
    wrong = np.cumsum(~right[order])[last_of_tie]
    risk = wrong / answered
    steps = np.diff(answered, prepend=0)
    return RiskCoverage(answered / len(values), risk, float(np.sum(steps * risk)) / len(values))


def reliability_bins(confidences: ArrayLike, correct: ArrayLike, bins: int = 10) -> tuple[ReliabilityBin, ...]:
    """Confidences (n,) from 0 to 1 and whether each answer is right (n,) → the bins that hold any, lowest first.

    Equal widths, each open below and closed above, 0 in the first (Guo et al. 2017, section 2).

    >>> reliability_bins([0.25, 0.5, 1.0], [0, 1, 1], bins=2)[0]
    ReliabilityBin(lower=0.0, upper=0.5, count=2, confidence=0.375, accuracy=0.5)
    """
    values, right = _scores_and_flags(confidences, correct)
    if bins < 1:
        raise ValueError(f"{bins} bins, expected 1 or more")
    if values.min() < 0 or values.max() > 1:
        raise ValueError(f"confidences run from {values.min():g} to {values.max():g}, expected 0 to 1")
    edges = np.arange(bins + 1) / bins
    place = np.searchsorted(edges[1:], values, side="left")
    return tuple(
        ReliabilityBin(
            lower=float(edges[i]),
            upper=float(edges[i + 1]),
            count=int((place == i).sum()),
            confidence=float(values[place == i].mean()),
            accuracy=float(right[place == i].mean()),
        )
        for i in np.unique(place)
    )


def expected_calibration_error(confidences: ArrayLike, correct: ArrayLike, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over `reliability_bins`, weighted by count (Guo et al. 2017, section 2).

    >>> expected_calibration_error([0.25, 0.5, 1.0], [0, 1, 1], bins=2)  # 2/3 · |0.375 − 0.5| + 1/3 · |1 − 1|
    0.08333333333333333
    """
    filled = reliability_bins(confidences, correct, bins)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in filled) / sum(b.count for b in filled)


def _scores_and_flags(scores: ArrayLike, flags: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    values, raw = _vector(scores), _vector(flags)
    if values.shape != raw.shape:
        raise ValueError(f"{len(values)} scores and {len(raw)} labels, expected as many")
    if not np.isin(raw, (0, 1)).all():
        raise ValueError("a label is neither 0 nor 1")
    return values, raw == 1


# --------------------------------------------------------------------------------------------------- uncertainty


def bootstrap_interval(values: ArrayLike, seed: int, resamples: int = 2000, level: float = 0.95) -> tuple[float, float]:
    """Scores (n,), one for each independent question → the percentile interval of their mean.

    Efron and Tibshirani 1993, chapter 13. The rows of a pair ask the same thing and are not independent: average
    them first.

    >>> bootstrap_interval([0.5, 0.5, 0.5], seed=0)
    (0.5, 0.5)
    """
    scores = _vector(values)
    if not 0 < level < 1 or resamples < 1:
        raise ValueError(f"level {level}, resamples {resamples}: expected 0 < level < 1 and 1 resample or more")
    draws = np.random.default_rng(seed).integers(len(scores), size=(resamples, len(scores)))
    low, high = np.quantile(scores[draws].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def paired_permutation_p(a: ArrayLike, b: ArrayLike, seed: int, resamples: int = 10_000) -> float:
    """How often chance alone parts the means of two systems as far: scores (n,) and (n,) of the same questions → p.

    Two-sided, by swapping the systems question by question at random (Smucker, Allan and Carterette 2007). What was
    observed counts as one of the permutations, so p is never 0 (Phipson and Smyth 2010).

    >>> paired_permutation_p([1.0, 0.5], [1.0, 0.5], seed=0)
    1.0
    """
    first, second = _vector(a), _vector(b)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} and {len(second)} scores, expected those of the same questions")
    if resamples < 1:
        raise ValueError(f"{resamples} resamples, expected 1 or more")
    difference = first - second
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(resamples, len(difference)))
    observed = abs(difference.sum())
    rounding = 1e-12 * np.abs(difference).sum()  # sums of the same terms in another order
    extreme = int((np.abs(signs @ difference) >= observed - rounding).sum())
    return (1 + extreme) / (1 + resamples)


def _vector(values: ArrayLike) -> Floats:
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1 or not len(vector):
        raise ValueError(f"an array of shape {vector.shape}, expected (n,) with n of 1 or more")
    if not np.isfinite(vector).all():
        raise ValueError("a score is not finite")
    return vector
