"""What the words of many paragraphs cost, memory-mapped and held: `python -m eval.words 100000 1000000`.

The text is synthetic: 60 words a paragraph of a vocabulary of 200,000, as often as Zipf's law has it. The questions are
8 words of the same, so that they hold frequent words as people's do. One line of JSON a number of paragraphs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.scale import resident
from index.lexical import LexicalIndex
from index.postings import ARRAYS, Postings

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
        clock, processor = [], []
        for question in questions:
            started, worked = perf_counter(), process_time()
            index.scores(question)
            clock.append(1e3 * (perf_counter() - started))
            processor.append(1e3 * (process_time() - worked))
        result[f"{name}_after_questions_mib"] = round(resident() - before, 1)
        del index  # and with it what it holds, before the other is measured
        for percent in (50, 99):
            result[f"{name}_p{percent}_ms"] = round(float(np.percentile(clock, percent)), 2)
            result[f"{name}_p{percent}_cpu_ms"] = round(float(np.percentile(processor, percent)), 2)
    result["postings"] = len(mapped(folder / "words", "documents", "r"))
    result["bytes_per_posting"] = sum(np.dtype(ARRAYS[name]).itemsize for name in ("documents", "counts"))
    return result


def main() -> None:
    """One line of JSON for each number of paragraphs named on the command line."""
    for count in map(int, sys.argv[1:] or ["10000"]):
        with tempfile.TemporaryDirectory(prefix="fiqra-words-") as folder:
            sys.stdout.write(json.dumps(measure(count, Path(folder))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
