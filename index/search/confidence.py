"""How probable it is that the top passage answers the question.

A score alone cannot tell: e5 gives everything a high cosine. What tells is a comparison: is the question nearer to
the passage than to questions that no report here answers? Token by token, "What is the capital of France?" finds
"France" in a list of speakers but "capital" only among the background questions; and where a question is on the
report's very topic and asks for a fact that is absent, it is the few tokens that nothing in the passage meets which
tell. A logistic regression on such comparisons gives the probability.

On the development questions, in five-fold cross-validation by pair, these features tell answerable from unanswerable
with AUROC .91. The words held and missing bring .02 of it, and of the plain short questions that visitors begin with
("Who opened the meeting?") .86 are decided rightly instead of .72; before there were such questions among the
development questions they showed no gain. That nothing of the kind asked for stands in the nearest sentence (`lacking`)
brings .013 more, and .29 instead of .35 of the questions that the report does not answer are answered. Margins between
passages, agreement of the languages, vectors of single words, and training on questions whose paragraph was taken away
were tried: word vectors added .01, for a second pass of the model, and the others nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from corpus.records import Language, Report, Span
from corpus.refs import Ref
from corpus.title_page import as_read
from index.contents import IndexContents
from index.model.embedding import Encoding, Vector
from index.search.fusion import Passage
from index.search.signals import COSINES, SIGNALS
from index.search.wording.coverage import coverage
from index.search.wording.lacking import lacks
from index.search.wording.numbers import numbers, numbers_said

FEATURES = ("nearer", "unmet", "strange", "vector", "length", "type", "number", "lacking", "held", "missing")
FEWEST = 3
LONGEST = 24  # nine of ten development questions are shorter; a flood of tokens must not add up to confidence
ORDINARY = 0.85  # the cosine with the background from which on a token says nothing of what a question is about


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression on FEATURES, and the probability under which fiqra declines to answer.

    `typical` is what a feature counts as where it cannot be measured.
    """

    intercept: float
    coefficients: Mapping[str, float]
    typical: Mapping[str, float]
    threshold: float
    source: str

    def probability(self, features: Mapping[str, float]) -> float:
        """0 to 1; 0 where there is no passage and so no feature."""
        if not features:
            return 0.0
        measured = {**self.typical, **features}
        z = self.intercept + sum(weight * measured[name] for name, weight in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def features(
    passages: Sequence[Passage], question: str, encoding: Encoding, language: Language, contents: IndexContents
) -> dict[str, float]:
    """What speaks for `passages[0]` as the answer, by FEATURES; nothing where there is no passage.

    Of each token of the question, its gain is how much nearer (in cosine) the passage's nearest token is, in any
    language, than the background's; a passage that only leads in to a list has the list's tokens too. `nearer`: the
    mean gain; `unmet`: the mean of the FEWEST lowest gains of tokens that are not ORDINARY, as "when" and "the" are;
    `strange`: how near the background is to the quarter of the tokens that it is least near to; `vector`: the passage's
    best cosine less the best background question's; `length`: tokens, at most LONGEST; `type`: how much of the passage
    is the kind of thing asked for; `number`: 1 where the question has a number that the passage lacks, in digits and in
    words; `lacking`: 1 where the question asks for something of a kind, such as a date, of which the sentence that is
    nearest to it, in any language, has none; `held` and `missing`: see `coverage`, left out where the report is not
    there in the question's language.
    """
    if not passages or not len(encoding.tokens):
        return {}
    top = passages[0]
    report = contents.by_id[top.report]
    background = contents.background[language]
    refs = (top.ref, *report.led_in(top.ref))
    keys = {(top.report, ref) for ref in refs}
    rows = [contents.rows[top.report, ref, other][0] for ref in refs for other in report.languages]
    ordinary = background.tokens.nearest(encoding.tokens, [0])
    gains = contents.tokens.nearest(encoding.tokens, rows) - ordinary
    cosines = [value for name in _COSINES if math.isfinite(value := top.signals.get(name, math.nan))]
    texts = {r.language: [r.by_ref[ref].text for ref in refs] for r in report.renderings}
    words = coverage(question, language, texts[language]) if language in texts else None
    asked = numbers(question)
    there = frozenset[str]().union(*map(numbers_said, chain.from_iterable(texts.values()))) if asked else asked
    return {
        "nearer": float(gains.mean()),
        "unmet": _lowest(gains[ordinary < ORDINARY], FEWEST),
        "strange": _lowest(ordinary, max(1, len(ordinary) // 4)),
        "vector": max(cosines, default=0.0) - float((background.vectors @ encoding.vector).max()),
        "length": float(min(len(gains), LONGEST)),
        "type": max(
            passage.signals.get("answer_type", 0.0) for passage in passages if (passage.report, passage.ref) in keys
        ),
        "number": float(not asked <= there),
        "lacking": float(lacks(question, lambda: _nearest_sentences(report, refs, encoding, contents))),
        **({"held": words.held, "missing": words.missing} if words else {}),
    }


def _nearest_sentences(report: Report, refs: Sequence[Ref], encoding: Encoding, contents: IndexContents) -> list[str]:
    """Of some paragraphs, the sentence that is nearest to the question, token by token, once a language."""
    found = []
    for rendering in report.renderings:
        rows = [(ref, row) for ref in refs for row in contents.sentence_rows(report.id, ref, rendering.language)]
        ref, row = rows[int(contents.tokens.maxsim(encoding.tokens, [row for _, row in rows]).argmax())]
        chunk = contents.chunks[row]
        found.append(as_read(rendering, ref, Span(chunk.start, chunk.end)))
    return found


_COSINES = [SIGNALS[column] for column in COSINES]


def _lowest(values: Vector, count: int) -> float:
    """The mean of the lowest so many; 0 of none.

    >>> _lowest(np.array([3.0, 1.0, 2.0]), 2)
    1.5
    """
    return float(np.sort(values)[:count].mean()) if len(values) else 0.0
