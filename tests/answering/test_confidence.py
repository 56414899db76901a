"""Confidence: high where the report answers, low where a question only sounds like it, and always a probability."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Language
from index.model.centring import Centre
from index.model.embedding import Encoding, unit
from index.search.background import Background, background_questions
from index.search.confidence import FEATURES, Calibration
from index.search.fusion import FORMS, columns
from index.search.ranking import SHIPPED, read_ranking
from index.search.wording.coverage import coverage
from service.state import State

CALIBRATION = Calibration(0.0, dict.fromkeys(FEATURES, 1.0), dict.fromkeys(FEATURES, 0.0), 0.5, "test")


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_confidence_is_a_probability_whatever_the_evidence(values: list[float]) -> None:
    assert 0 <= CALIBRATION.probability(dict(zip(FEATURES, values, strict=True))) <= 1


def test_more_evidence_is_more_confidence_and_none_is_none() -> None:
    weak, strong = (CALIBRATION.probability(dict.fromkeys(FEATURES, value)) for value in (-0.5, 0.5))
    assert weak < 0.5 < strong
    assert CALIBRATION.probability({}) == 0


def test_what_cannot_be_measured_counts_as_it_typically_is() -> None:
    measured = dict.fromkeys(FEATURES, 0.0)
    typical = Calibration(0.0, dict.fromkeys(FEATURES, 1.0), {**measured, "held": 0.8}, 0.5, "test")
    unmeasured = {name: value for name, value in measured.items() if name != "held"}
    assert typical.probability(unmeasured) == typical.probability({**measured, "held": 0.8})


TEXT = ("The workshop was moderated by Phelan Wyrick.", "أدار فيلان ويريك حلقة العمل.")


@pytest.mark.parametrize(
    ("question", "language", "held", "misses"),
    [
        ("Who moderated the workshop?", "en", True, False),
        ("Wyrick?", "en", True, False),
        ("Who financed the workshop?", "en", False, True),
        ("Who is the …?", "en", False, False),  # ordinary words alone
        ("من أدار الحلقة؟", "ar", True, False),
        ("من موّل الحلقة؟", "ar", False, True),
        ("؟", "ar", False, False),
    ],
)
def test_a_question_is_held_by_a_passage_that_has_its_words(
    question: str, language: Language, held: bool, misses: bool
) -> None:
    found = coverage(question, language, TEXT)
    assert (found.held == 1, found.missing > 0) == (held, misses)


@given(st.text(max_size=60), st.sampled_from(["ar", "en"]), st.lists(st.text(max_size=60), max_size=3))
def test_coverage_is_a_share_whatever_is_asked(question: str, language: Language, texts: list[str]) -> None:
    found = coverage(question, language, texts)
    assert 0 <= found.held <= 1
    assert found.missing >= 0


def test_the_shipped_figures_say_where_they_come_from() -> None:
    ranking = read_ranking(SHIPPED.read_bytes())
    for form, row in zip(FORMS, ranking.weights.rows, strict=True):
        assert min(row) >= 0
        assert not np.array(row)[~columns(form)].any()
        assert sum(row) == pytest.approx(sum(ranking.weights.rows[0]), abs=0.01)
    assert ranking.calibration.coefficients.keys() == set(FEATURES)
    assert 0 < ranking.calibration.threshold < 1
    assert "dev split" in ranking.weights.source


def test_background_questions_are_pairs_and_none_stands_twice() -> None:
    questions = background_questions()
    assert len(questions["ar"]) == len(questions["en"]) == len(set(questions["ar"])) == len(set(questions["en"]))


def test_centring_takes_out_what_all_share() -> None:
    """Two vectors with a large common part are near each other; without it they are opposite."""
    a, b = (unit(np.array([[10.0, sign]], np.float32)) for sign in (1, -1))
    encodings = [Encoding(vector[0], vector) for vector in (a, b)]
    assert float(a[0] @ b[0]) > 0.97
    centre = Centre.of(encodings)
    one, other = (centre.apply(encoding) for encoding in encodings)
    assert float(one.vector @ other.vector) == pytest.approx(-1)
    assert Background.of(encodings).vectors.shape == (2, 2)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("What is the capital of France?", False),
        ("ما هي عاصمة المغرب؟", False),
        ("Who won the election in Indonesia?", False),
        ("كيف أطبخ الأرز؟", False),
        ("What are Member States encouraged to monitor?", True),
        ("من أدار جلسات حلقة العمل الثلاث؟", True),
        ("When was the workshop held?", True),
        ("متى عقدت حلقة العمل؟", True),
        ("SHERLOC", True),
        ("When was UNODC founded?", False),
        ("nuclear energy", False),
        ("من اعترض؟", False),
        ("Who was there from Google?", False),
        ("من هي أريسا إيما؟", True),
    ],
)
def test_a_name_from_the_report_does_not_make_a_question_answerable(
    state: State, question: str, answered: bool
) -> None:
    assert (state.ready_engine().find(question, None, None).reason is None) is answered
