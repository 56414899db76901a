"""Signals → one score a candidate: the weighted sum of z-scores, by weights that know what a report can say.

A report in two languages speaks for a paragraph twice, once in the question's language and once in the other; a report
in one language speaks once. So there are three sets of weights, by the candidate's FORM: both languages, the question's
alone, another alone. On XQuAD's development articles (five-fold, by article), hit@1 of one set for all three was .962
(Arabic), .975 (English), .891 and .855 (across); with three it is .962, .981, .913 and .899, and on the development
questions of the report .881 and .905 where it was .875 and .893.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.records import Language
from corpus.refs import Ref
from index.contents import Key
from index.search.signals import SIGNALS, Signals, standardise

FORMS = ("parallel", "same", "other")


def form_of(languages: Collection[Language], asked: Language) -> int:
    """Which of FORMS a report in these languages has for a question: its position.

    >>> FORMS[form_of(("ar", "en"), "en")], FORMS[form_of(("ar",), "en")]
    ('parallel', 'other')
    """
    if asked not in languages:
        return FORMS.index("other")
    return FORMS.index("parallel" if len(languages) > 1 else "same")


def columns(form: str) -> NDArray[np.bool_]:
    """Which of SIGNALS a candidate of that form can have: bool [len(SIGNALS)]."""
    lacking = {"same": "_other", "other": "_same"}.get(form)
    return np.array([lacking is None or not name.endswith(lacking) for name in SIGNALS])


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a z-score of each signal counts: a row for each of FORMS, a column for each of SIGNALS.

    Rows have the same sum, so that candidates of different forms compare; `source` says where the figures came from.
    """

    rows: tuple[tuple[float, ...], ...]
    source: str

    @classmethod
    def of(cls, weights: Mapping[str, Mapping[str, float]], source: str) -> Weights:
        """By the names of form and signal; a form's signals that are not named have no weight."""
        return cls(tuple(tuple(weights[form].get(name, 0.0) for name in SIGNALS) for form in FORMS), source)

    def without(self, *stages: str) -> Weights:
        """The same weights with the signals whose names begin so switched off."""
        kept = [[0.0 if n.startswith(stages) else w for n, w in zip(SIGNALS, row, strict=True)] for row in self.rows]
        return Weights(tuple(map(tuple, kept)), self.source)


EQUAL = Weights(tuple(tuple(columns(form).astype(float).tolist()) for form in FORMS), "every signal alike")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may answer a question: `keys`, and for each its form, int [c], and signals, float32 [c, len(SIGNALS)]."""

    keys: tuple[Key, ...]
    forms: NDArray[np.int64]
    signals: Signals

    def scores(self, weights: Weights) -> NDArray[np.float32]:
        """The weighted sum of each candidate's z-scores → float32 [c]."""
        of_each = np.array(weights.rows, np.float32)[self.forms]
        scores: NDArray[np.float32] = (standardise(self.signals) * of_each).sum(axis=1)
        return scores


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that retrieval returned.

    `score` is the weighted sum of its signals' z-scores: comparable within one retrieval, without a unit. `signals`
    are the raw values behind it.
    """

    report: str
    ref: Ref
    score: float
    signals: Mapping[str, float]


def rank(candidates: Candidates, weights: Weights, support: NDArray[np.float32] | None = None) -> tuple[Passage, ...]:
    """The candidates as passages, best first; `support` float32 [c] is added to their scores."""
    scores = candidates.scores(weights) + (0 if support is None else support)
    best = np.argsort(-scores, kind="stable")
    rows: Sequence[Sequence[float]] = candidates.signals[best].tolist()
    return tuple(
        Passage(candidates.keys[i][0], candidates.keys[i][1], score, dict(zip(SIGNALS, values, strict=True)))
        for i, score, values in zip(best.tolist(), scores[best].tolist(), rows, strict=True)
    )
