"""Extractive answers: the sentences of the best paragraphs that answer the question, word for word.

A statement is a quote. What it cites is where it was cut from, so there is nothing to invent and nothing to guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import Language, Span
from corpus.refs import Ref
from index.contents import IndexContents
from index.embedder import Encoding
from index.lexical import terms

# A second sentence of the same paragraph joins the answer when it is this near to the best one.
NEAR = 0.93
OVERLAP_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of a paragraph: `text[start:end]` of that ref, in that language."""

    report: str
    ref: Ref
    language: Language
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The answer as one string, and where each quote's statement stands in it."""

    text: str
    spans: tuple[Span, ...]


class Extractor:
    """Chooses sentences out of one index."""

    def __init__(self, contents: IndexContents) -> None:
        self._contents = contents

    def every_sentence(self, report: str, refs: Iterable[Ref], language: Language) -> tuple[Quote, ...]:
        """The paragraphs word for word, in the order given, for a question that asks what they say."""
        return tuple(
            Quote(report, ref, language, chunk.start, chunk.end, 1.0)
            for ref in refs
            for chunk in (self._contents.chunks[row] for row in self._contents.sentence_rows(report, ref, language))
        )

    def best_sentences(
        self, question: str, encoding: Encoding, report: str, refs: Sequence[Ref], language: Language
    ) -> tuple[Quote, ...]:
        """The fewest sentences of these paragraphs that answer, in reading order."""
        rows = [row for ref in refs for row in self._contents.sentence_rows(report, ref, language)]
        hits = self._contents.store.search(encoding.vector, len(rows), rows)
        asked = set(terms(question))
        scored = {hit.row: hit.score + OVERLAP_WEIGHT * self._overlap(asked, hit.row) for hit in hits}
        best = max(scored.values())
        chosen = [row for row in rows if scored[row] >= best - (1 - NEAR) * abs(best)]
        chosen = [row for row in chosen if scored[row] == best] or chosen[:1]
        return tuple(
            Quote(report, chunk.ref, language, chunk.start, chunk.end, scored[row])
            for row in chosen
            for chunk in [self._contents.chunks[row]]
        )

    def _overlap(self, asked: set[str], row: int) -> float:
        chunk = self._contents.chunks[row]
        paragraph = self._contents.by_id[chunk.report].rendering(chunk.language).by_ref[chunk.ref]
        found = set(terms(paragraph.text[chunk.start : chunk.end]))
        return len(asked & found) / len(asked) if asked else 0.0


def write_answer(texts: Sequence[tuple[str, Ref]]) -> AnswerText:
    """Statements, each followed by its marker, as one text.

    >>> write_answer([("Members agreed.", parse_ref("21k"))])
    AnswerText(text='Members agreed. [21(k)]', spans=(Span(start=0, end=15),))
    """
    text, spans = "", []
    for statement, ref in texts:
        start = len(text) + (1 if text else 0)
        spans.append(Span(start, start + len(statement)))
        text += f"{' ' if text else ''}{statement} [{ref}]"
    return AnswerText(text, tuple(spans))
