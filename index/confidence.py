"""How probable it is that the top passage answers the question.

A score alone cannot tell: e5 gives everything a high cosine. What tells is a comparison: is the question nearer to
the passage than to questions that no report here answers? Token by token, "What is the capital of France?" finds
"France" in a list of speakers but "capital" only among the background questions. A logistic regression on three such
comparisons gives the probability. On the development questions, in ten-fold cross-validation by pair, they tell
answerable from unanswerable with AUROC .91, where scores, margins, word coverage and agreement of signals gave .83.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Language
from index.contents import IndexContents
from index.embedder import Encoding
from index.retrieve import Passage

FEATURES = ("tokens", "rare_tokens", "vector")


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
    passages: Sequence[Passage], encoding: Encoding, language: Language, contents: IndexContents
) -> dict[str, float]:
    """What speaks for `passages[0]` as the answer, by FEATURES; nothing where there is no passage.

    `tokens`: the mean over the question's tokens of how much nearer (in cosine) the passage's nearest token is, in
    any language, than the background's; `rare_tokens`: the same, weighted by how far a token is from the background;
    `vector`: the passage's best cosine less the best background question's.
    """
    if not passages:
        return {}
    top = passages[0]
    background = contents.background[language]
    rows = [contents.rows[top.report, top.ref, other][0] for other in contents.by_id[top.report].languages]
    ordinary = background.tokens.nearest(encoding.tokens, range(len(background.vectors)))
    nearer = contents.tokens.nearest(encoding.tokens, rows) - ordinary
    rarity = np.maximum(1 - ordinary, 0.01)
    cosines = [value for name, value in top.signals.items() if name in _COSINES and math.isfinite(value)]
    return {
        "tokens": float(nearer.mean()) if len(nearer) else -1.0,
        "rare_tokens": float(nearer @ rarity / rarity.sum()) if len(nearer) else -1.0,
        "vector": max(cosines, default=0.0) - float((background.vectors @ encoding.vector).max()),
    }


_COSINES = ("paragraph_same", "sentence_same", "paragraph_other", "sentence_other")
