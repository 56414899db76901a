"""What a language model adds to the answers, and what of it is shown: `make eval-llm`, or with FIQRA_LLM_… set,

    python -m eval.measure.language_model [SPLIT [QUESTIONS]]

Answerable questions of a split, half of them in each language, spread over it evenly: each is answered in quotations
and with the model, in one process. A line of JSON a question, with the model's own words, and one with the means.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from corpus.records import LANGUAGES
from eval.metrics import citation_precision, citation_recall, fact_coverage
from eval.questions import ReferenceQuestion, load_questions
from service.answering.asking import answer_now
from service.generation.generator import Generator
from service.schemas import AskRequest, AskResponse
from service.settings import load_settings
from service.state import State, load_state

QUESTIONS = 60


@dataclass
class Recording:
    """Passes prompts on to a generator and keeps what it said, and what was refused of that, by reason."""

    generator: Generator
    said: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    async def generate(self, prompt: str) -> str:
        """See `Generator.generate`."""
        text = await self.generator.generate(prompt)
        self.said.append(text)
        return text

    def emit(self, record: logging.LogRecord) -> bool:
        """A filter of the log: counts the refusals that it tells of."""
        message, _, reason = record.getMessage().partition(" was refused: ")
        if message.startswith("a statement"):
            self.refused[reason] += 1
        return True


def sample(split: str, count: int) -> list[ReferenceQuestion]:
    """As many answerable questions of a split, half of them in each language."""
    found: list[ReferenceQuestion] = []
    for language in LANGUAGES:
        rows = [q for q in load_questions() if q.split == split and q.language == language and q.answerable]
        found += [rows[round(i)] for i in np.linspace(0, len(rows) - 1, min(len(rows), count // len(LANGUAGES)))]
    return found


def measured(row: ReferenceQuestion, answer: AskResponse) -> dict[str, float]:
    """Fact coverage, precision and recall of citations, and words of an answer."""
    gold = tuple(map(str, row.gold))
    cited = [citation.ref for citation in answer.citations]
    return {
        "coverage": fact_coverage(answer.answer, row.facts, row.language),
        "recall": citation_recall(cited, gold, row.needs),
        **({"precision": citation_precision(cited, gold)} if cited else {}),
        "words": float(len(answer.answer.split())),
    }


def compare(state: State, recording: Recording, row: ReferenceQuestion) -> dict[str, object]:
    """One question, answered in both ways."""
    quoted = answer_now(state, AskRequest(question=row.question, mode="extractive"))
    before = len(recording.said)
    recording.refused.clear()
    started = perf_counter()
    written = answer_now(state, AskRequest(question=row.question, mode="llm"))
    return {
        "id": row.id,
        "question": row.question,
        "answered": quoted.answered,
        "seconds": round(perf_counter() - started, 2),
        "said": recording.said[before:],
        "mode": written.mode,
        "answer": written.answer,
        "note": written.note,
        "refused": dict(recording.refused),
        "written": measured(row, written),
        "quoted": measured(row, quoted),
    }


def means(rows: Sequence[dict[str, object]]) -> dict[str, object]:
    """Over the questions that were answered at all: declined ones never reach a model."""
    asked = [row for row in rows if row["answered"]]
    shown = [row for row in asked if row["mode"] == "llm"]
    found: dict[str, object] = {"questions": len(rows), "answered": len(asked), "with a statement shown": len(shown)}
    for way in ("written", "quoted"):
        values: dict[str, list[float]] = {}
        for row in asked:
            for name, value in row[way].items():  # type: ignore[attr-defined]
                values.setdefault(name, []).append(value)
        found[way] = {name: round(float(np.mean(each)), 3) for name, each in values.items()}
    refused: Counter[str] = Counter()
    for row in asked:
        refused.update(row["refused"])  # type: ignore[arg-type]
    seconds = [float(str(row["seconds"])) for row in asked]
    return {**found, "refused": dict(refused), "median_s": round(float(np.median(seconds)), 2) if seconds else None}


def main(split: str = "dev", count: int = QUESTIONS) -> None:
    """Measure and print."""
    state = load_state(load_settings())
    if state.generator is None:
        sys.exit("FIQRA_LLM_BASE_URL and FIQRA_LLM_MODEL name no language model; `make eval-llm` starts one.")
    recording = Recording(state.generator)
    state.generator = recording
    log = logging.getLogger("fiqra")
    log.setLevel(logging.INFO)
    log.addFilter(recording.emit)
    rows = []
    for row in sample(split, count):
        rows.append(compare(state, recording, row))
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    print(json.dumps(means(rows), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
