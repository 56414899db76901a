"""Extractive answers: the sentences of the best paragraphs that answer the question, word for word.

A statement is a quote. What it cites is where it was cut from, so there is nothing to invent and nothing to guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.records import Language, Span
from corpus.refs import Ref
from corpus.title_page import as_read
from index.contents import IndexContents
from index.model.embedding import Encoding
from index.search.lexical import terms
from service.paragraphs.aligned import counterpart
from service.records import Quote

# A sentence scores by token interaction, by its vector, and by the share of the question's terms that it holds.
# Others join the best one where they come this near to it. On the development questions whose paragraph is found, the
# best sentence alone holds .938 of the facts; with these figures 1.2 sentences on average hold .973.
COSINE, OVERLAP = 0.5, 0.3
NEAR = 0.2
MOST = 3
KEPT = 512


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The answer as one string, and where each quote's statement stands in it."""

    text: str
    spans: tuple[Span, ...]


class Extractor:
    """Chooses sentences out of one index."""

    def __init__(self, contents: IndexContents) -> None:
        self._contents = contents
        self._terms = lru_cache(KEPT)(self._terms_of)  # of sentences that answer more than once

    def every_sentence(self, report: str, refs: Iterable[Ref], language: Language) -> tuple[Quote, ...]:
        """The paragraphs word for word, in the order given, for a question that asks what they say."""
        rows = [row for ref in refs for row in self._contents.sentence_rows(report, ref, language)]
        return tuple(map(self._quote, rows))

    def best_sentences(
        self, question: str, encoding: Encoding, report: str, refs: Sequence[Ref], language: Language
    ) -> tuple[Quote, ...]:
        """The fewest sentences of these paragraphs that answer, in reading order.

        One that only leads in to sub-paragraphs brings them with it: the list is the answer.
        """
        rows = [row for ref in refs for row in self._contents.sentence_rows(report, ref, language)]
        scores = self._scores(question, encoding, rows)
        best = max(scores.values())
        near = sorted(rows, key=lambda row: scores[row], reverse=True)[:MOST]
        quotes = tuple(self._quote(row) for row in rows if row in near and scores[row] >= best - NEAR)
        last, whole = quotes[-1], self._contents.by_id[report]
        if whole.led_in(last.ref) and last.end == len(whole.rendering(language).by_ref[last.ref].text):
            quotes += self.every_sentence(report, whole.descendants(last.ref), language)
        return quotes

    def said_in(self, quotes: Iterable[Quote], language: Language) -> tuple[Quote, ...]:
        """The sentences that say the same in another language, each once; in the first one that their report has."""
        return tuple(dict.fromkeys(there for quote in quotes for there in self._parallel(quote, language)))

    def _parallel(self, quote: Quote, language: Language) -> Iterator[Quote]:
        other = self._contents.by_id[quote.report].rendering(language).language
        if other == quote.language:
            yield quote
            return
        said = Span(quote.start, quote.end)
        there = counterpart(self._contents, quote.report, quote.ref, quote.language, said, other)
        for sentence in self.every_sentence(quote.report, [quote.ref], other):
            if there.start <= sentence.start and sentence.end <= there.end:
                yield sentence

    def nearest_sentence(self, question: str, encoding: Encoding, report: str, ref: Ref, language: Language) -> Quote:
        """The one sentence of a paragraph that is nearest to a question, whether it answers or not."""
        rows = self._contents.sentence_rows(report, ref, language)
        scores = self._scores(question, encoding, rows)
        return self._quote(max(rows, key=lambda row: scores[row]))

    def _scores(self, question: str, encoding: Encoding, rows: Sequence[int]) -> Mapping[int, float]:
        asked = set(terms(question))
        cosines = {hit.row: hit.score for hit in self._contents.store.search(encoding.vector, len(rows), rows)}
        interactions = self._contents.tokens.maxsim(encoding.tokens, rows)
        return {
            row: float(interaction) + COSINE * cosines[row] + OVERLAP * self._overlap(asked, row)
            for row, interaction in zip(rows, interactions, strict=True)
        }

    def _overlap(self, asked: set[str], row: int) -> float:
        return len(asked & self._terms(row)) / len(asked) if asked else 0.0

    def _terms_of(self, row: int) -> frozenset[str]:
        quote = self._quote(row)
        rendering = self._contents.by_id[quote.report].rendering(quote.language)
        return frozenset(terms(as_read(rendering, quote.ref, Span(quote.start, quote.end))))

    def _quote(self, row: int) -> Quote:
        chunk = self._contents.chunks[row]
        return Quote(chunk.report, chunk.ref, chunk.language, chunk.start, chunk.end)


def write_answer(texts: Sequence[tuple[str, Sequence[str]]]) -> AnswerText:
    """Statements, each followed by its markers, as one text.

    >>> write_answer([("Members agreed.", ["[21(k)]"])])
    AnswerText(text='Members agreed. [21(k)]', spans=(Span(start=0, end=15),))
    """
    text, spans = "", []
    for statement, markers in texts:
        start = len(text) + (1 if text else 0)
        spans.append(Span(start, start + len(statement)))
        text += " ".join([" " * bool(text) + statement, *markers])
    return AnswerText(text, tuple(spans))
