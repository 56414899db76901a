"""What speaks for a paragraph: the signals that retrieval measures, and how they become comparable."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# "same" is the question's language, "other" the parallel text's.
SIGNALS = (
    "paragraph_same",  # cosine with the paragraph's vector
    "sentence_same",  # cosine with its nearest sentence's
    "lexical_same",  # BM25
    "maxsim_same",  # late interaction with the paragraph's tokens
    "maxsim_sentence_same",  # late interaction with its best sentence's
    "paragraph_other",
    "sentence_other",
    "lexical_other",
    "maxsim_other",
    "maxsim_sentence_other",
    "symbol",  # share of the question's document symbols that the paragraph holds
    "answer_type",  # how much of it is the kind of thing that is asked for, 0 to 1
    "answer_after",  # the same, times how near the paragraph before it is: "who spoke after the panel on …?"
)

SYMBOL = SIGNALS.index("symbol")
COSINES = tuple(i for i, name in enumerate(SIGNALS) if name.startswith(("paragraph", "sentence")))

Signals = NDArray[np.float32]
"""float32 [candidates, len(SIGNALS)]; NaN where a signal was not measured."""


@cache
def signal_of(kind: str, same: bool) -> int:
    """The column of a signal that exists once a language."""
    return SIGNALS.index(f"{kind}_{'same' if same else 'other'}")


def standardise(signals: Signals) -> Signals:
    """Each signal as z-scores over the candidates → float32, the same shape, no NaN.

    What was not measured counts as the lowest that was: a candidate left out of a stage cannot gain by it. A signal
    that is the same for all says nothing: 0.
    """
    measured = ~np.isnan(signals)
    count = measured.sum(axis=0)
    mean = np.where(measured, signals, 0).sum(axis=0, dtype=np.float64) / np.maximum(count, 1)
    apart = np.where(measured, signals - mean, 0)
    spread = np.sqrt((apart**2).sum(axis=0) / np.maximum(count, 1))
    lowest = np.where(measured, apart, np.inf).min(axis=0, initial=np.inf)
    tells = (count > 1) & (spread > 1e-6)
    scores: Signals = np.where(tells, np.where(measured, apart, lowest) / np.where(tells, spread, 1), 0).astype(
        np.float32
    )
    return scores
