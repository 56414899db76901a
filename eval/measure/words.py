"""What the words of many paragraphs cost, memory-mapped and held: `python -m eval.measure.words 100000 1000000`.

The text is synthetic: 60 words a paragraph of a vocabulary of 200,000, as often as Zipf's law has it. The questions are
8 words of the same, so that they hold frequent words as people's do. One line of JSON a number of paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.measure.timing import lines_by_size, resident, timed
from index.search.lexical import LexicalIndex, terms
from index.stores.postings import ARRAYS, Postings

WORDS, VOCABULARY, QUESTIONS, ASKED = 60, 200_000, 200, 8
_EXPONENT = 1.1


def paragraphs(count: int, words: int, seed: int = 2) -> Iterator[list[str]]:
    """Paragraphs of so many words each."""
    rng = np.random.default_rng(seed)
    for start in range(0, count, 10_000):
        size = (min(10_000, count - start), words)
        for row in np.minimum(rng.zipf(_EXPONENT, size), VOCABULARY):
            yield [f"w{number:x}" for number in row]


def mapped(folder: Path, name: str, mode: Any) -> NDArray[Any]:
    """An array on the disk, in place or read."""
    found: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode=mode, allow_pickle=False)
    return found


def scored(index: LexicalIndex, question: str) -> int:
    """How many paragraphs were scored; a question's scores are let go, since memory is measured."""
    return len(index.scores(terms(question)))


def measure(count: int, folder: Path) -> dict[str, float]:
    """Count, save, read into memory and ask; then the same mapped."""
    result: dict[str, float] = {"paragraphs": count}
    started = perf_counter()
    Postings.of(paragraphs(count, WORDS)).save(folder / "words")
    result["count_s"] = round(perf_counter() - started, 1)
    result["file_mib"] = round(sum(p.stat().st_size for p in (folder / "words").iterdir()) / 2**20, 1)
    questions = [" ".join(words) for words in paragraphs(QUESTIONS, ASKED, seed=3)]
    for name, mode in (("held", None), ("mapped", "r")):
        before = resident()
        index = LexicalIndex.of_postings(
            Postings.load(lambda array, mode=mode: mapped(folder / "words", array, mode))  # type: ignore[misc]
        )
        result[f"{name}_mib"] = round(resident() - before, 1)
        _, took = timed(partial(scored, index), questions)
        result[f"{name}_after_questions_mib"] = round(resident() - before, 1)
        del index  # and with it what it holds, before the other is measured
        result |= {f"{name}_{key}": value for key, value in took.items()}
    result["postings"] = len(mapped(folder / "words", "documents", "r"))
    result["bytes_per_posting"] = sum(np.dtype(ARRAYS[name]).itemsize for name in ("documents", "counts"))
    return result


if __name__ == "__main__":
    lines_by_size(measure, 10_000)
