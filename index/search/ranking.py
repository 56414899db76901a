"""The figures that ranking and confidence rest on, and where they came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.search.confidence import Calibration
from index.search.fusion import Weights

FILE = "ranking.json"
SHIPPED = Path(__file__).parent.parent / "data" / FILE
"""Fitted by `python -m eval.tune` on the development questions; `fiqra build` copies it into the index."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights and calibration, fitted together."""

    weights: Weights
    calibration: Calibration


def read_ranking(data: bytes) -> Ranking:
    """Read the figures from the JSON that an index holds, or that is shipped."""
    content = json.loads(data)
    source = content["source"]
    return Ranking(
        Weights.of(content["weights"], source),
        Calibration(**content["calibration"], source=source),
    )
