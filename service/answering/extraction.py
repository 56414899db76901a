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
# A sentence that only leads in to a list has few words, and so is near to every question with one of them. Who asks for
# the list has .05 to .36 more of it than of the next; "What did Committee I discuss?" has .02 more.
AHEAD = 0.04
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

        One that only leads in to sub-paragraphs brings them with it where it is the best: the list is the answer.
        Elsewhere it is left out: by itself it says nothing, and nobody asked for its list.
        """
        rows = [row for ref in refs for row in self._contents.sentence_rows(report, ref, language)]
        lists = {row: led_in for row in rows if (led_in := self._led_in(self._quote(row)))}
        scores = self._scores(question, encoding, rows)
        best = max(rows, key=lambda row: scores[row] - AHEAD * (row in lists))
        others = sorted((row for row in rows if row != best and row not in lists), key=lambda row: -scores[row])
        near = {best, *(row for row in others[: MOST - 1] if scores[row] >= scores[best] - NEAR)}
        quotes: list[Quote] = []
        for row in (row for row in rows if row in near):
            quotes += [self._quote(row), *self.every_sentence(report, lists.get(row, ()), language)]
        return tuple(dict.fromkeys(quotes))

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

    def _led_in(self, quote: Quote) -> tuple[Ref, ...]:
        """The sub-paragraphs, with all below them, that a sentence leads in to."""
        report = self._contents.by_id[quote.report]
        ends = quote.end == len(report.rendering(quote.language).by_ref[quote.ref].text)
        return report.descendants(quote.ref) if ends and report.led_in(quote.ref) else ()

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
