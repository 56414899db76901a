"""What was measured of answers, and which were right → how probable right is, and from which probability to answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.search.confidence import Calibration

RESTRAINT = 0.3
MOST_REFUSED = 0.08  # of the questions that the report answers
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fit_regression(
    names: Sequence[str], rows: Sequence[Sequence[float]], right: Flags, weights: Floats
) -> tuple[Calibration, Floats]:
    """The logistic regression on rows [n, names], NaN where one was not measured, and how probable it says each is.

    What is kept is rounded, without a threshold and a source; the probabilities are those before.
    """
    measured = np.array(rows)
    typical = np.nanmean(measured, axis=0)
    measured = np.where(np.isnan(measured), typical, measured)
    scale = measured.std(axis=0)
    model = LogisticRegression(C=RESTRAINT, max_iter=2_000).fit(measured / scale, right, sample_weight=weights)
    calibration = Calibration(
        round(float(model.intercept_[0]), 4),
        {name: round(float(c / s), 4) for name, c, s in zip(names, model.coef_[0], scale, strict=True)},
        {name: round(float(value), 4) for name, value in zip(names, typical, strict=True)},
        0.0,
        "",
    )
    return calibration, model.predict_proba(measured / scale)[:, 1]


def bearable_cuts(probability: Floats, answerable: Floats) -> Floats:
    """Thresholds halfway between neighbouring probabilities that refuse MOST_REFUSED of `answerable` at most.

    `answerable` are the probabilities of questions that the report answers. The best threshold of all would refuse
    twice as many for two points, plain questions among them.

    >>> bearable_cuts(np.array([0.2, 0.6]), np.array([0.6])).tolist()
    [0.1, 0.4]
    """
    cuts = np.array([(low + high) / 2 for low, high in pairwise(sorted({0.0, *map(float, probability), 1.0}))])
    return cuts[np.searchsorted(np.sort(answerable), cuts) <= MOST_REFUSED * len(answerable)]


def decided_rightly(cuts: Floats, probability: Floats, right: Flags, answerable: Flags) -> Flags:
    """By threshold and question, [k, n]: answered from the right paragraph, or declined where there is no answer.

    >>> decided_rightly(np.array([0.1, 0.4]), np.array([0.2, 0.6]), np.array([False, True]), np.array([False, True]))
    array([[False,  True],
           [ True,  True]])
    """
    answered = probability >= cuts[:, None]
    return np.where(answerable, right & answered, ~answered)
