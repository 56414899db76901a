"""Paragraphs of a document that was recognised in pictures, each with how sure the recogniser was of it.

recognition(paragraphs, lines) → the paragraphs, those with recognised lines marked, their doubtful words by place
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from corpus.readers.lines import Line
from corpus.readers.scans.recognise import DOUBTFUL
from corpus.records import Paragraph, Recognised, Span
from corpus.text import clean


def recognition(paragraphs: tuple[Paragraph, ...], lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """The paragraphs, those that hold recognised lines marked as such."""
    scanned = [line for line in lines if line.words]
    if not scanned:
        return paragraphs
    starts = [line.span.start for line in scanned]

    def marked(paragraph: Paragraph) -> Paragraph:
        own = scanned[bisect_left(starts, paragraph.source.start) : bisect_left(starts, paragraph.source.end)]
        words = [word for line in own for word in line.words]
        return replace(paragraph, recognised=_recognised(paragraph.text, words)) if words else paragraph

    return tuple(map(marked, paragraphs))


def _recognised(text: str, words: Sequence[tuple[str, float]]) -> Recognised:
    """How sure the recogniser was of a text, word by word in its order.

    >>> _recognised("One tvo three", [("1.", 0.9), ("One", 0.9), ("tvo", 0.5), ("three", 0.9)])
    Recognised(confidence=0.8, doubtful=(Span(start=4, end=7),))
    """
    doubtful, at = list[Span](), 0
    for word, sure in words:
        seen = clean(word)
        start = text.find(seen, at) if seen else -1
        if start < 0:
            continue
        at = start + len(seen)
        if sure < DOUBTFUL:
            doubtful.append(Span(start, at))
    return Recognised(round(sum(sure for _, sure in words) / len(words), 4), tuple(doubtful))
