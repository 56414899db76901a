"""A language model's text → the statements in it that the report proves. Everything else is dropped.

    claim → quotations → language → numbers, dates, symbols → names → sense → meaning → statement with its quotes

The model is not trusted in anything. What it cites must be among the paragraphs it was given; what it quotes must
stand there word for word; every figure and name must stand there; and every stretch of the sentence must be near in
meaning to the sentence that is then quoted beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

import numpy as np

from corpus.names import load_names
from corpus.records import Language, Report
from corpus.refs import Ref
from index.contents import IndexContents
from index.model.embedding import Vector
from index.search.retrieve import Retriever
from service.generation.claims import Claim, is_in, quotations
from service.generation.facts import Evidence, vocabulary_of, wrong_number
from service.generation.naming import Register
from service.generation.polarity import same_sense
from service.records import Quote, Written

log = logging.getLogger("fiqra")

# A claim's tokens against those of a cited sentence, each with its nearest: their mean (MaxSim), and the lowest mean of
# six in a row, which is what an invented clause in a true sentence brings down. Measured with the default model on 32
# paraphrases (18 English, 14 Arabic) and 23 false or hijacked sentences about the same paragraphs, and on 480 pairs of
# a sentence of the report with another paragraph: paraphrases .597 to .798 and .474 to .787; false ones up to .601 and
# .404; unrelated ones up to .508 and .370.
CLOSE = 0.58
WEAKEST = 0.44
STRETCH = 6


class Prover:
    """Checks claims against one index."""

    def __init__(self, contents: IndexContents, retriever: Retriever) -> None:
        self._contents = contents
        self._retriever = retriever
        self._registers = {
            report.id: Register(load_names(report.id), vocabulary_of(report)) for report in contents.reports
        }

    def prove(self, claim: Claim, report: Report, given: Collection[Ref], language: Language) -> Written | None:
        """The claim as a statement, or None where anything in it is not proved by the paragraphs it names.

        >>> engine.prover.prove(Claim("They met on 12 March.", (Ref(1),)), report, [Ref(1)], "en") is None
        True
        """
        if not set(claim.refs) <= set(given):
            return self._dropped("marker")
        evidence = Evidence.of(report, claim.refs)
        if reason := self._unfounded(claim.text, evidence, report.id, language):
            return self._dropped(reason)
        quotes = self._support(claim, report.id, language)
        if quotes is None:
            return self._dropped("meaning")
        texts = {ref: report.rendering(language).by_ref[ref].text for ref in claim.refs}
        if not same_sense(claim.text, [texts[q.ref][q.start : q.end] for q in quotes], texts.values()):
            return self._dropped("sense")
        return Written(claim.text, quotes)

    def register(self, report: str) -> Register:
        """What is known of a report's names."""
        return self._registers[report]

    def _unfounded(self, text: str, evidence: Evidence, report: str, language: Language) -> str | None:
        """What is wrong with a claim, without the model: the first check that it fails."""
        quoted = quotations(text)
        if quoted is None or not all(map(evidence.has_quote, quoted)):
            return "quotation"
        if not is_in(language, text):
            return "language"
        if wrong_number(text, evidence):
            return "number"
        return "name" if self.register(report).wrong_name(text, evidence) else None

    def _support(self, claim: Claim, report: str, language: Language) -> tuple[Quote, ...] | None:
        """The nearest sentence of each cited paragraph, or None where one is not near enough."""
        tokens = self._retriever.encode(claim.text, language).tokens
        if not len(tokens):
            return None
        best: list[int] = []
        for ref in claim.refs:
            rows = self._contents.sentence_rows(report, ref, language)
            scores = self._contents.tokens.maxsim(tokens, rows)
            if scores.max() < CLOSE:
                return None
            best.append(rows[int(scores.argmax())])
        if weakest_stretch(self._contents.tokens.nearest(tokens, best)) < WEAKEST:
            return None
        chunks = [self._contents.chunks[row] for row in best]
        return tuple(Quote(c.report, c.ref, c.language, c.start, c.end) for c in chunks)

    @staticmethod
    def _dropped(reason: str) -> None:
        log.info("a statement of the language model was dropped: %s", reason)


def weakest_stretch(cosines: Vector) -> float:
    """The lowest mean of STRETCH neighbours, or of all where there are fewer.

    >>> round(weakest_stretch(np.array([1, 1, 1, 1, 1, 1, 0, 0, 0], np.float32)), 2)
    0.5
    """
    width = min(STRETCH, len(cosines))
    return float(np.convolve(cosines, np.full(width, 1 / width), "valid").min())
