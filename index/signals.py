"""What speaks for a paragraph: the signals that retrieval measures, and how they become comparable."""

from __future__ import annotations

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


def signal_of(kind: str, same: bool) -> int:
    """The column of a signal that exists once a language."""
    return SIGNALS.index(f"{kind}_{'same' if same else 'other'}")


def standardise(signals: Signals) -> Signals:
    """Each signal as z-scores over the candidates → float32, the same shape, no NaN.

    What was not measured counts as the lowest that was: a candidate left out of a stage cannot gain by it. A signal
    that is the same for all says nothing: 0.
    """
    scores = np.zeros_like(signals)
    for column, values in enumerate(signals.T):
        measured = values[~np.isnan(values)]
        if len(measured) > 1 and (spread := measured.std()) > 1e-6:
            scores[:, column] = (np.where(np.isnan(values), measured.min(), values) - measured.mean()) / spread
    return scores
