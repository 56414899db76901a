"""How probable it is that the top passage answers the question.

A maximum alone cannot tell: e5 gives everything a high cosine. What can is the shape of the evidence: how far the top
passage stands above what questions about something else reach (a z-score against the background pool, so that the
model holds on a report it was not fitted on), how far above the runner-up, how much of the question's wording it
covers, and how many of the signals agree on it. A logistic regression on these gives the probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Language
from index.contents import IndexContents
from index.lexical import terms
from index.retrieve import Passage
from index.signals import SIGNALS

FEATURES = ("sentence", "maxsim", "other", "margin", "spread", "coverage", "known", "agreement")
_AGREEING = tuple(name for name in SIGNALS if not name.startswith(("lexical_other", "symbol", "answer_type")))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression on FEATURES, and the probability under which fiqra declines to answer."""

    intercept: float
    coefficients: Mapping[str, float]
    threshold: float
    source: str

    def probability(self, features: Mapping[str, float]) -> float:
        """0 to 1; 0 where there is no passage and so no feature."""
        if not features:
            return 0.0
        z = self.intercept + sum(weight * features[name] for name, weight in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def features(
    passages: Sequence[Passage], question: str, language: Language, contents: IndexContents
) -> dict[str, float]:
    """The shape of the evidence for `passages[0]`, by FEATURES; nothing where there is no passage.

    `sentence`, `maxsim` and `other` are deviations above the background; `margin` and `spread` are differences of
    fused scores; `coverage`, `known` and `agreement` are shares, 0 to 1.
    """
    if not passages:
        return {}
    top = passages[0]
    mean, deviation = contents.background[language]

    def above(name: str) -> float:
        column = SIGNALS.index(name)
        value = top.signals[name]
        return float((value - mean[column]) / max(deviation[column], 1e-3)) if math.isfinite(value) else 0.0

    scores = [passage.score for passage in passages]
    known, coverage = _words(question, top, contents)
    return {
        "sentence": max(above("sentence_same"), above("paragraph_same")),
        "maxsim": max(above("maxsim_sentence_same"), above("maxsim_same")),
        "other": max(above("maxsim_sentence_other"), above("maxsim_other")),
        "margin": scores[0] - (scores[1] if len(scores) > 1 else 0.0),
        "spread": scores[0] - float(np.mean(scores[1:6])) if len(scores) > 1 else 0.0,
        "coverage": coverage,
        "known": known,
        "agreement": _agreement(passages),
    }


def _words(question: str, top: Passage, contents: IndexContents) -> tuple[float, float]:
    """The share of the question's terms that the reports know, and that the passage holds, weighted by rarity."""
    known = covered = total = 0.0
    asked = set(terms(question))
    for term in asked:
        rarest, here = math.inf, False
        for language, lexical in contents.lexical.items():
            documents, keys = lexical.documents_with(term), contents.keys[language]
            if len(documents):
                rarest = min(rarest, math.log(1 + (len(keys) - len(documents) + 0.5) / (len(documents) + 0.5)))
                here = here or any(keys[document] == (top.report, top.ref) for document in documents)
        unknown = math.isinf(rarest)
        weight = math.log(1 + 2 * len(contents.all_keys)) if unknown else rarest
        total += weight
        known += 0.0 if unknown else weight
        covered += weight if here else 0.0
    return (known / total, covered / total) if total else (0.0, 0.0)


def _agreement(passages: Sequence[Passage]) -> float:
    """The share of the signals that would have put the top passage first by themselves."""
    votes = []
    for name in _AGREEING:
        values = [passage.signals[name] for passage in passages]
        if any(map(math.isfinite, values)):
            votes.append(values[0] >= float(np.nanmax(values)))
    return float(np.mean(votes)) if votes else 0.0
