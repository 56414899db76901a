"""How probable it is that the top passage answers the question."""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.retrieve import Passage


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression on raw signals, and the probability under which fiqra declines to answer."""

    intercept: float
    coefficients: dict[str, float]
    threshold: float
    source: str

    def probability(self, top: Passage | None) -> float:
        """0 to 1; 0 where nothing was found."""
        if top is None:
            return 0.0
        z = self.intercept + sum(weight * top.signals[name] for name, weight in self.coefficients.items())
        return 1 / (1 + math.exp(-z))
