"""How sure an answer is, in a word: the classes that people are told, of the calibrated probability that machines are.

Of the answers to the development questions, 96 % of those at `SURE` or above are right, 77 % of those between, 45 % of
those below `LIKELY`, where an answer is more often wrong than right.
"""

from __future__ import annotations

from service.schemas.answers import AnswerCertainty

LIKELY, SURE = 0.5, 0.8


def certainty(confidence: float) -> AnswerCertainty:
    """The class of a probability.

    >>> certainty(0.93), certainty(0.6), certainty(0.2)
    ('sure', 'likely', 'doubtful')
    """
    if confidence >= SURE:
        return "sure"
    return "likely" if confidence >= LIKELY else "doubtful"
