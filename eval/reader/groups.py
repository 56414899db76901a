"""A row → a group: the question, the windows that compete for it, and the place in the first that answers, if one does.

Windows that do not answer are those that fiqra's own encoder finds nearest in the same report. What answers is shown,
at times, without its answer: then no window does. So that a broken sentence is no clue, sentences that do answer lose
as many words elsewhere, at times; and Arabic questions are written as people type them.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.chunks import sentences
from corpus.records import Span
from eval.reader.rows import Passage, Row
from index.model.embedding import Vector
from index.reader.windows import gathered

Encode = Callable[[Sequence[str], str], Vector]
"""Texts and their kind, "query" or "passage" → unit vectors, float32 [n, d]."""

WORDS = 60  # of a window, unless one sentence has more
WINDOWS, NEAREST = 3, 8
WITHOUT_ANSWER, WITHOUT_WINDOW, SHORTENED, AS_TYPED = 0.2, 0.05, 0.3, 0.4
_HAMZA = str.maketrans("أإآ", "ااا")
_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Window:
    """Whole sentences of a passage that follow each other, and what of them answers."""

    text: str
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The windows that compete for a question. `answered`: the first one does, be its place known or not."""

    question: str
    windows: tuple[Window, ...]
    answered: bool


def windows(text: str, answer: Span | None = None) -> tuple[Window, ...]:
    """A passage's sentences, as many to a window as have WORDS words together.

    >>> [window.text for window in windows("One. " * 3)]
    ['One. One. One.']
    """
    spans = sentences(text)
    parts = gathered([len(text[span.start : span.end].split()) for span in spans], WORDS)
    found = [Span(spans[part[0]].start, spans[part[-1]].end) for part in parts]
    return tuple(Window(text[span.start : span.end], _within(answer, span)) for span in found)


def _within(answer: Span | None, span: Span) -> Span | None:
    inside = answer is not None and span.start <= answer.start and answer.end <= span.end
    return Span(answer.start - span.start, answer.end - span.start) if answer and inside else None


def without(window: Window, words: Span) -> Window:
    """A window less some words; the answer moves with what is left, and is gone where it was among them.

    >>> without(Window("It met on Monday in Oslo.", Span(20, 24)), Span(7, 17))
    Window(text='It met in Oslo.', answer=Span(start=10, end=14))
    """
    before = _SPACES.sub(" ", window.text[: words.start]).rstrip()
    after = _SPACES.sub(" ", window.text[words.end :]).lstrip()
    text = f"{before} {after}".strip() if after[:1].isalnum() else before + after
    if window.answer is None or (window.answer.start < words.end and words.start < window.answer.end):
        return Window(text)
    said = _SPACES.sub(" ", window.text[window.answer.start : window.answer.end])
    at = text.find(said, max(0, window.answer.start - (words.end - words.start) - 2))
    return Window(text, Span(at, at + len(said)) if at >= 0 else None)


class Groups:
    """Makes groups of rows; of a report, each window is encoded once, when it is first needed."""

    def __init__(self, passages: Iterable[Passage], encode: Encode) -> None:
        self._encode = encode
        self._of_report: Mapping[str, list[tuple[Passage, Window]]] = defaultdict(list)
        for passage in dict.fromkeys(passages):
            self._of_report[passage.report] += [(passage, window) for window in windows(passage.text)]
        self._vectors: dict[str, Vector] = {}

    def for_training(self, row: Row, rng: random.Random) -> Group | None:
        """A group as it is met in training, altered at random; None where the answer lies across two windows."""
        group = self.of(row, rng)
        if group is None:
            return None
        question = as_typed(group.question, rng) if row.language == "ar" and rng.random() < AS_TYPED else group.question
        first, *rest = group.windows
        drawn = rng.random()
        if first.answer is None or drawn >= WITHOUT_ANSWER + WITHOUT_WINDOW + SHORTENED:
            return replace(group, question=question)
        if drawn < WITHOUT_ANSWER:
            return Group(question, (without(first, first.answer), *rest), answered=False)
        if drawn < WITHOUT_ANSWER + WITHOUT_WINDOW and rest:
            return Group(question, tuple(rest), answered=False)
        return Group(question, (_shortened(first, rng), *rest), answered=True)

    def of(self, row: Row, rng: random.Random | None = None) -> Group | None:
        """The window that answers, or those that seem to, then the nearest; some of the nearest where `rng` draws."""
        own = windows(row.passage.text, row.answer) if row.passage else ()
        answering = [window for window in own if window.answer]
        if row.answer and not answering:
            return None
        near = self._nearest(row)
        if rng:
            near = rng.sample(near, len(near))
        first = answering[:1] or list(own[: WINDOWS - 1])
        known = {window.text for window in first}
        others = [window for window in near if window.text not in known]
        return Group(row.question, (*first, *others[: max(1, WINDOWS - len(first))]), answered=bool(answering))

    def _nearest(self, row: Row) -> list[Window]:
        """The windows of the report that are nearest to the question, but for those that answer it."""
        held = self._of_report[row.report]
        if row.report not in self._vectors:
            vectors = self._encode([window.text for _, window in held], "passage")
            self._vectors[row.report] = vectors - vectors.mean(axis=0)
        scores = self._vectors[row.report] @ self._encode([row.question], "query")[0]
        said = row.passage.text[row.answer.start : row.answer.end] if row.passage and row.answer else None
        order = (held[place] for place in np.argsort(-scores, kind="stable"))
        fitting = (w for passage, w in order if passage not in row.others and not (said and said in w.text))
        return [window for window, _ in zip(fitting, range(NEAREST), strict=False)]


def _shortened(window: Window, rng: random.Random) -> Window:
    """Without as many words as the answer has, somewhere else; as it is where there is no room."""
    if window.answer is None:
        return window
    words = [Span(*match.span()) for match in re.finditer(r"\S+", window.text)]
    count = max(1, len(window.text[window.answer.start : window.answer.end].split()))
    runs = [Span(words[i].start, words[i + count - 1].end) for i in range(len(words) - count + 1)]
    free = [run for run in runs if run.end <= window.answer.start or run.start >= window.answer.end]
    found = without(window, rng.choice(free)) if free else window
    return found if found.answer else window


def as_typed(question: str, rng: random.Random) -> str:
    """An Arabic question without its hamzas, at times with ه for ة, ي for ى, and the digits of the other kind.

    >>> as_typed("أي لجنة؟", random.Random(4))
    'اي لجنه؟'
    """
    typed = question.translate(_HAMZA)
    if rng.random() < 0.5:
        typed = typed.replace("ى", "ي")
    if rng.random() < 0.5:
        typed = re.sub(r"ة(?!\w)", "ه", typed)
    return typed.translate(_INDIC) if rng.random() < 0.5 else typed
