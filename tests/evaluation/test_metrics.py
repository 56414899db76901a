"""Each metric: the arithmetic by hand, the edges, what must always hold, and what other libraries compute."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import pytrec_eval
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.metrics import (
    ReliabilityBin,
    auroc,
    bootstrap_interval,
    citation_precision,
    citation_recall,
    expected_calibration_error,
    fact_coverage,
    hit_at_k,
    ndcg_at_k,
    paired_permutation_p,
    recall_at_k,
    reciprocal_rank,
    reliability_bins,
    risk_coverage,
)
from eval.questions import Fact

RANKED = ["9", "11", "21(k)", "13"]
GOLD = {"11", "13", "20"}

names = st.sampled_from([f"p{n}" for n in range(12)])
rankings = st.lists(names, max_size=12, unique=True)
golds = st.sets(names, min_size=1, max_size=6)
cutoffs = st.integers(1, 12)
probabilities = st.floats(0, 1, allow_subnormal=False)
judged = st.lists(st.tuples(probabilities, st.booleans()), min_size=1, max_size=40)
score_lists = st.lists(st.floats(-1, 1, allow_subnormal=False), min_size=1, max_size=30)


def columns(rows: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in rows], [right for _, right in rows]


# ------------------------------------------------------------------------------------------------------ rankings


def test_hit_at_k() -> None:
    assert hit_at_k(RANKED, GOLD, 1) == 0.0  # 9 is not gold
    assert hit_at_k(RANKED, GOLD, 2) == 1.0  # 11 is


def test_recall_at_k() -> None:
    assert recall_at_k(RANKED, GOLD, 1) == 0.0
    assert recall_at_k(RANKED, GOLD, 3) == 1 / 3  # 11 of 11, 13, 20
    assert recall_at_k(RANKED, GOLD, 10) == 2 / 3  # 11 and 13; 20 is not ranked


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(RANKED, GOLD) == 1 / 2  # the first gold item is the second
    assert reciprocal_rank(RANKED, {"13"}) == 1 / 4
    assert reciprocal_rank(RANKED, {"20"}) == 0.0
    assert reciprocal_rank([], {"20"}) == 0.0


def test_ndcg_at_k() -> None:
    # DCG@4 = 1/log2(3) + 1/log2(5) = 0.63093 + 0.43068; ideal = 1 + 1/log2(3) + 1/log2(4) = 2.13093
    assert ndcg_at_k(RANKED, GOLD, 4) == pytest.approx(1.06161 / 2.13093, abs=1e-5)
    # at 2, only two gold items could stand there: 0.63093 / (1 + 0.63093)
    assert ndcg_at_k(RANKED, GOLD, 2) == pytest.approx(0.38685, abs=1e-5)
    assert ndcg_at_k(["11"], {"11", "13"}, 1) == 1.0


def test_an_empty_ranking_finds_nothing() -> None:
    assert [hit_at_k([], GOLD, 5), recall_at_k([], GOLD, 5), ndcg_at_k([], GOLD, 5)] == [0.0, 0.0, 0.0]


AT_K: list[Callable[..., float]] = [hit_at_k, recall_at_k, ndcg_at_k]


@pytest.mark.parametrize("metric", AT_K)
def test_a_question_without_gold_has_no_ranking_score(metric: Callable[..., float]) -> None:
    with pytest.raises(ValueError, match="gold is empty"):
        metric(RANKED, set(), 3)
    with pytest.raises(ValueError, match="k is 0"):
        metric(RANKED, GOLD, 0)
    with pytest.raises(ValueError, match="names an item twice"):
        metric(["9", "9"], GOLD, 1)


def test_a_question_without_gold_has_no_reciprocal_rank() -> None:
    with pytest.raises(ValueError, match="gold is empty"):
        reciprocal_rank(RANKED, [])


@given(rankings, golds, cutoffs)
def test_ranking_scores_are_bounded_and_rise_with_k(ranked: list[str], gold: set[str], k: int) -> None:
    for metric in AT_K:
        assert 0 <= metric(ranked, gold, k) <= 1 + 1e-12
    assert hit_at_k(ranked, gold, k) <= hit_at_k(ranked, gold, k + 1)
    assert recall_at_k(ranked, gold, k) <= recall_at_k(ranked, gold, k + 1)
    assert 0 <= reciprocal_rank(ranked, gold) <= 1
    assert (reciprocal_rank(ranked, gold) >= 1 / k) == (hit_at_k(ranked, gold, k) == 1)


@given(golds, cutoffs, st.randoms(use_true_random=False))
def test_all_gold_first_is_perfect_in_any_order(gold: set[str], k: int, random: Any) -> None:
    ranked = sorted(gold)
    random.shuffle(ranked)
    assert ndcg_at_k([*ranked, "other"], gold, k) == pytest.approx(1.0)
    assert reciprocal_rank([*ranked, "other"], gold) == 1.0


@given(st.lists(names, min_size=1, max_size=12, unique=True), golds, cutoffs)
def test_rankings_score_as_trec_eval_scores_them(ranked: list[str], gold: set[str], k: int) -> None:
    evaluator = pytrec_eval.RelevanceEvaluator(
        {"q": dict.fromkeys(gold, 1)}, {f"ndcg_cut.{k}", f"recall.{k}", f"success.{k}", "recip_rank"}
    )
    theirs = evaluator.evaluate({"q": {name: float(len(ranked) - i) for i, name in enumerate(ranked)}})["q"]
    assert ndcg_at_k(ranked, gold, k) == pytest.approx(theirs[f"ndcg_cut_{k}"])
    assert recall_at_k(ranked, gold, k) == pytest.approx(theirs[f"recall_{k}"])
    assert hit_at_k(ranked, gold, k) == theirs[f"success_{k}"]
    assert reciprocal_rank(ranked, gold) == pytest.approx(theirs["recip_rank"])


# ----------------------------------------------------------------------------------------------------- citations


def test_citation_precision() -> None:
    assert citation_precision(["11", "13", "9", "10"], GOLD) == 2 / 4
    assert citation_precision(["11", "11", "9"], GOLD) == 1 / 2  # a paragraph that is quoted twice is cited once
    assert citation_precision(["9"], []) == 0.0  # nothing answers it, so every citation is wrong
    with pytest.raises(ValueError, match="nothing is cited"):
        citation_precision([], GOLD)


def test_citation_recall() -> None:
    assert citation_recall(["11", "9"], GOLD, "any") == 1.0
    assert citation_recall(["11", "9"], GOLD, "all") == 1 / 3
    assert citation_recall([], GOLD, "any") == citation_recall([], GOLD, "all") == 0.0
    with pytest.raises(ValueError, match="gold is empty"):
        citation_recall(["11"], [], "any")


@given(st.lists(names, min_size=1), golds)
def test_citation_scores_are_bounded_and_agree_on_perfection(cited: list[str], gold: set[str]) -> None:
    precision, whole = citation_precision(cited, gold), citation_recall(cited, gold, "all")
    assert 0 <= whole <= citation_recall(cited, gold, "any") <= 1
    assert (precision > 0) == (whole > 0)
    assert (precision == whole == 1) == (set(cited) == gold)
    assert citation_precision(cited[::-1], gold) == precision


# --------------------------------------------------------------------------------------------------------- facts

RESOLUTION = Fact(ar=("247/74",), en=("resolution 74/247", "74/247"))
ATTACHES = Fact(ar=("ملحقين قضائيين",), en=("judicial attachés",))


def test_fact_coverage() -> None:
    assert fact_coverage("By Resolution 74/247.", [RESOLUTION, ATTACHES], "en") == 1 / 2
    assert fact_coverage("JUDICIAL ATTACHES, see 74/247", [RESOLUTION, ATTACHES], "en") == 1.0
    assert fact_coverage("تعيين مُلحَقين قضائيين، ٢٤٧/٧٤", [RESOLUTION, ATTACHES], "ar") == 1.0
    assert fact_coverage("By Resolution 74/247.", [RESOLUTION], "ar") == 0.0  # the other language's alternative
    assert fact_coverage("", [RESOLUTION], "en") == 0.0
    with pytest.raises(ValueError, match="no facts"):
        fact_coverage("By Resolution 74/247.", [], "en")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_longer_answer_covers_no_less(before: str, after: str) -> None:
    answer = f"{before} resolution 74/247 {after}"
    assert fact_coverage(answer, [RESOLUTION], "en") == 1.0


# --------------------------------------------------------------------------------------------------------- auroc


def test_auroc() -> None:
    # positives 0.9 and 0.5, negatives 0.5 and 0.1: three of four comparisons won, one tied: 3.5 / 4
    assert auroc([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]) == 0.875
    assert auroc([3, 2, 1], [True, False, False]) == 1.0
    assert auroc([1, 2, 3], [True, False, False]) == 0.0
    assert auroc([7, 7, 7], [1, 0, 1]) == 0.5


@pytest.mark.parametrize(
    ("scores", "labels", "message"),
    [
        ([1, 2], [1, 1], "2 positives and 0 negatives"),
        ([1, 2], [0, 0], "0 positives and 2 negatives"),
        ([1, 2], [0, 1, 1], "2 scores and 3 labels"),
        ([1, 2], [0, 2], "neither 0 nor 1"),
        ([1, math.nan], [0, 1], "not finite"),
        ([], [], r"shape \(0,\)"),
        ([[1, 2]], [0, 1], r"shape \(1, 2\)"),
    ],
)
def test_auroc_refuses_what_has_none(scores: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        auroc(scores, labels)


@given(judged, st.randoms(use_true_random=False))
def test_auroc_is_scikit_learns_in_any_order_and_turns_round_with_the_labels(
    rows: list[tuple[float, bool]], random: Any
) -> None:
    scores, labels = columns(rows)
    assume(len(set(labels)) == 2)
    area = auroc(scores, labels)
    assert area == pytest.approx(roc_auc_score(labels, scores))
    assert auroc(scores, [not label for label in labels]) == pytest.approx(1 - area)
    random.shuffle(rows)
    assert auroc(*columns(rows)) == pytest.approx(area)


# ------------------------------------------------------------------------------------------------- risk, coverage


def test_risk_coverage() -> None:
    # in falling confidence: right, wrong, right, right → 0/1, 1/2, 1/3, 1/4 wrong; their mean is 13/48
    curve = risk_coverage([0.7, 0.9, 0.6, 0.8], [1, 1, 1, 0])
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == [0.0, 0.5, 1 / 3, 0.25]
    assert curve.aurc == pytest.approx(13 / 48)


def test_answers_of_equal_confidence_are_taken_together() -> None:
    # one right at 0.9, then three at 0.5 of which one is wrong: risk 0 at 1/4, 1/4 at 1; area (1 · 0 + 3 · 1/4) / 4
    curve = risk_coverage([0.9, 0.5, 0.5, 0.5], [1, 0, 1, 1])
    assert curve.coverage.tolist() == [0.25, 1.0]
    assert curve.risk.tolist() == [0.0, 0.25]
    assert curve.aurc == pytest.approx(3 / 16)


@given(judged, st.randoms(use_true_random=False))
def test_a_risk_coverage_curve_ends_at_all_answered_in_any_order(rows: list[tuple[float, bool]], random: Any) -> None:
    curve = risk_coverage(*columns(rows))
    assert np.all(np.diff(curve.coverage) > 0)
    assert curve.coverage[-1] == 1
    assert curve.risk[-1] == pytest.approx(1 - np.mean([right for _, right in rows]))
    assert 0 <= curve.aurc <= 1
    random.shuffle(rows)
    assert risk_coverage(*columns(rows)).aurc == pytest.approx(curve.aurc)


def test_right_answers_first_is_the_least_area() -> None:
    # risks 0, 0, 1/3 against 1, 1/2, 1/3
    assert risk_coverage([3, 2, 1], [1, 1, 0]).aurc == pytest.approx(1 / 9)
    assert risk_coverage([1, 2, 3], [1, 1, 0]).aurc == pytest.approx(11 / 18)


# --------------------------------------------------------------------------------------------------- calibration


def test_reliability_bins() -> None:
    low, high = reliability_bins([0.0, 0.25, 0.5, 0.8, 1.0], [0, 0, 1, 1, 0], bins=2)
    # (0, 0.5] holds 0 (the first bin takes it), 0.25 and 0.5; (0.5, 1] holds 0.8 and 1
    assert low == ReliabilityBin(0.0, 0.5, 3, 0.25, 1 / 3)
    assert high == ReliabilityBin(0.5, 1.0, 2, 0.9, 0.5)
    # 3/5 · |1/4 − 1/3| + 2/5 · |9/10 − 1/2| = 0.05 + 0.16
    assert expected_calibration_error([0.0, 0.25, 0.5, 0.8, 1.0], [0, 0, 1, 1, 0], bins=2) == pytest.approx(0.21)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below() -> None:
    found = reliability_bins([n / 10 for n in range(1, 11)], [1] * 10)
    assert [b.count for b in found] == [1] * 10
    assert [b.upper for b in found] == [n / 10 for n in range(1, 11)]


def test_empty_bins_are_left_out() -> None:
    assert [(b.lower, b.upper) for b in reliability_bins([0.05, 0.95], [0, 1])] == [(0.0, 0.1), (0.9, 1.0)]


def test_sure_and_right_or_sure_and_wrong() -> None:
    assert expected_calibration_error([1, 1], [1, 1]) == 0.0
    assert expected_calibration_error([1, 1], [0, 0]) == 1.0
    assert expected_calibration_error([0.5, 0.5], [0, 1]) == 0.0


@pytest.mark.parametrize(
    ("confidences", "correct", "bins", "message"),
    [
        ([1.5], [1], 10, r"run from 1\.5 to 1\.5, expected 0 to 1"),
        ([-0.1], [1], 10, "expected 0 to 1"),
        ([0.5], [1], 0, "0 bins"),
        ([], [], 10, r"shape \(0,\)"),
    ],
)
def test_calibration_refuses_what_is_no_probability(confidences: Any, correct: Any, bins: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expected_calibration_error(confidences, correct, bins)


@given(judged, st.integers(1, 20), st.randoms(use_true_random=False))
def test_every_answer_is_in_one_bin_in_any_order(rows: list[tuple[float, bool]], bins: int, random: Any) -> None:
    confidences, correct = columns(rows)
    found = reliability_bins(confidences, correct, bins)
    assert sum(b.count for b in found) == len(rows)
    for b in found:
        assert b.lower - 1e-12 <= b.confidence <= b.upper + 1e-12
        assert 0 <= b.accuracy <= 1
    error = expected_calibration_error(confidences, correct, bins)
    # the gap of the whole is never more than the weighted gaps of the parts
    assert abs(np.mean(confidences) - np.mean(correct)) - 1e-9 <= error <= 1 + 1e-9
    random.shuffle(rows)
    assert expected_calibration_error(*columns(rows), bins) == pytest.approx(error)


# --------------------------------------------------------------------------------------------------- uncertainty


def test_bootstrap_interval_of_a_coin() -> None:
    # the mean of 400 fair coins has a standard error of 0.5/√400 = 0.025, so 95% is about 0.5 ± 1.96 · 0.025
    low, high = bootstrap_interval([0, 1] * 200, seed=1)
    assert low == pytest.approx(0.451, abs=0.01)
    assert high == pytest.approx(0.549, abs=0.01)
    assert bootstrap_interval([0, 1] * 200, seed=1) == (low, high)
    narrow = bootstrap_interval([0, 1] * 200, seed=1, level=0.5)
    assert low < narrow[0] < 0.5 < narrow[1] < high


@pytest.mark.parametrize(("level", "resamples"), [(0.0, 100), (1.0, 100), (0.95, 0)])
def test_bootstrap_refuses_a_level_or_a_number_that_makes_no_interval(level: float, resamples: int) -> None:
    with pytest.raises(ValueError, match="expected 0 < level < 1"):
        bootstrap_interval([1.0, 0.0], seed=0, level=level, resamples=resamples)


@given(score_lists, st.integers(0, 99))
def test_a_bootstrap_interval_is_in_order_and_within_the_scores(values: list[float], seed: int) -> None:
    low, high = bootstrap_interval(values, seed, resamples=50)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_paired_permutation_p() -> None:
    # five differences of +1: of 2⁵ sign patterns only all + and all − are as extreme: p = 2/32
    assert paired_permutation_p([1] * 5, [0] * 5, seed=3) == pytest.approx(2 / 32, abs=0.01)
    # +1 +1 −1: a sum of 1 or more either way is reached by every pattern
    assert paired_permutation_p([1, 1, 0], [0, 0, 1], seed=3) == 1.0
    assert paired_permutation_p([1] * 40, [0] * 40, seed=3, resamples=99) == 1 / 100  # never 0


def test_paired_permutation_refuses_scores_of_other_questions() -> None:
    with pytest.raises(ValueError, match="2 and 1 scores"):
        paired_permutation_p([1, 0], [1], seed=0)
    with pytest.raises(ValueError, match="0 resamples"):
        paired_permutation_p([1], [1], seed=0, resamples=0)


@given(st.lists(st.tuples(probabilities, probabilities), min_size=1, max_size=20), st.integers(0, 99))
def test_p_is_a_probability_whichever_system_is_first(rows: list[tuple[float, float]], seed: int) -> None:
    a, b = [x for x, _ in rows], [y for _, y in rows]
    p = paired_permutation_p(a, b, seed, resamples=50)
    assert 1 / 51 <= p <= 1
    assert paired_permutation_p(b, a, seed, resamples=50) == p
    assert paired_permutation_p(a, a, seed, resamples=50) == 1.0
