"""Questions about anything but the report: what a question looks like when there is nothing to find.

A passage that answers is nearer to its question than any of these are. The pool is a yardstick for the confidence
model, and its mean is the centre that questions are seen from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.records import Language
from index.model.centring import Centre
from index.model.embedding import Encoding, Vector
from index.search.late_interaction import TokenVectors

SHIPPED = Path(__file__).parent.parent / "data" / "background.json"


@dataclass(frozen=True, slots=True)
class Background:
    """The background questions of one language: their centre and, seen from it, their vectors float32 [n, d].

    `tokens` are those of all of them, in one row.
    """

    centre: Centre
    vectors: Vector
    tokens: TokenVectors

    @classmethod
    def of(cls, encodings: Sequence[Encoding]) -> Background:
        """The background of some encoded questions."""
        centre = Centre.of(encodings)
        centred = [centre.apply(encoding) for encoding in encodings]
        return cls(
            centre,
            np.stack([e.vector for e in centred]),
            TokenVectors.of([np.concatenate([e.tokens for e in centred])]),
        )


def background_questions() -> dict[Language, list[str]]:
    """Questions of everyday and public life in each language, translations of each other, in no report here."""
    questions: dict[Language, list[str]] = json.loads(SHIPPED.read_text("utf-8"))
    return questions
