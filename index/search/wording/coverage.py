"""How much of what a question says stands in a passage, word by word.

Vectors forgive a word that is missing; a reader does not. Words weigh by how few of the background questions have them.
Those that many have, such as "who", "what" and "is", are how one asks and not what about: they weigh nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.records import Language
from index.search.background import background_questions
from index.search.lexical import terms

KEPT = 1024  # passages that come first more than once
ORDINARY = 0.05  # of the background questions; of .01 to 1 what decides most development questions rightly


@dataclass(frozen=True, slots=True)
class Coverage:
    """`held`: the share of the question's weight that stands in the passage, 0 to 1; `missing`: the rest's weight."""

    held: float
    missing: float


def coverage(question: str, language: Language, texts: Iterable[str]) -> Coverage:
    """Of a question in that language, by texts in it. Of a question without a word that counts nothing is held.

    >>> found = coverage("Who moderated the workshop?", "en", ["The workshop was moderated by three experts."])
    >>> round(found.held, 1), round(found.missing, 1)
    (1.0, 0.0)
    """
    weigh = _weights(language)
    asked = {term: weigh.of(term) for term in terms(question)}
    there = frozenset[str]().union(*map(_terms_of, texts))
    held = sum(weight for term, weight in asked.items() if term in there)
    total = sum(asked.values())
    return Coverage(held / total if total else 0.0, total - held)


@dataclass(frozen=True, slots=True)
class _Weights:
    """How many of `questions` background questions have each term."""

    holders: Mapping[str, int]
    questions: int

    def of(self, term: str) -> float:
        """The logarithm of one in how many has it, as if half a question more did; 0 for an ORDINARY one."""
        holders = self.holders.get(term, 0)
        return math.log((self.questions + 1) / (holders + 0.5)) if holders < ORDINARY * self.questions else 0.0


@cache
def _weights(language: Language) -> _Weights:
    questions = background_questions()[language]
    return _Weights(Counter(term for question in questions for term in set(terms(question))), len(questions))


@lru_cache(maxsize=KEPT)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
