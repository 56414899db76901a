"""The figures that ranking and confidence rest on, and where they came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.confidence import Calibration
from index.retrieve import SIGNALS, Weights

SHIPPED = Path(__file__).parent / "data" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights and calibration, fitted together."""

    weights: Weights
    calibration: Calibration


def load_ranking(path: Path = SHIPPED) -> Ranking:
    """Read the figures."""
    content = json.loads(path.read_text("utf-8"))
    source = content["source"]
    return Ranking(
        Weights(tuple(content["weights"][name] for name in SIGNALS), source),
        Calibration(**content["calibration"], source=source),
    )
