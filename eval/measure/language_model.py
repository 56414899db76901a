"""What a language model adds to the answers, and what of what it says is shown.

    make eval-llm, or with FIQRA_LLM_… set: python -m eval.measure.language_model [SPLIT [QUESTIONS]]

Answerable questions of a split, half of them in each language, spread over it evenly: each is answered in quotations
and with the model, in one process. A line of JSON a question, with the model's own words, and one with the means.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter

import numpy as np

from corpus.records import LANGUAGES
from eval.metrics import citation_precision, citation_recall, fact_coverage
from eval.questions import ReferenceQuestion, load_questions
from service.answering.asking import answer_now
from service.generation.generator import Generator, Prompt
from service.schemas.answers import AskResponse
from service.schemas.questions import AskRequest
from service.settings import load_settings
from service.state import State, load_state

QUESTIONS = 60


@dataclass
class Recording:
    """Passes prompts on to a generator and keeps what it said, and what was refused of that, by reason."""

    generator: Generator
    said: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    async def generate(self, prompt: Prompt) -> str:
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


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, answered with the model and in quotations; `said` and `refused` are the model's."""

    id: str
    question: str
    answered: bool
    mode: str
    seconds: float
    said: tuple[str, ...]
    refused: dict[str, int]
    answer: str
    note: str | None
    written: dict[str, float]
    quoted: dict[str, float]


def compare(state: State, recording: Recording, row: ReferenceQuestion) -> Compared:
    """Ask one question in both ways."""
    quoted = answer_now(state, AskRequest(question=row.question, mode="extractive"))
    before = len(recording.said)
    recording.refused.clear()
    started = perf_counter()
    written = answer_now(state, AskRequest(question=row.question, mode="llm"))
    return Compared(
        id=row.id,
        question=row.question,
        answered=quoted.answered,
        mode=written.mode,
        seconds=round(perf_counter() - started, 2),
        said=tuple(recording.said[before:]),
        refused=dict(recording.refused),
        answer=written.answer,
        note=written.note,
        written=measured(row, written),
        quoted=measured(row, quoted),
    )


def means(rows: Sequence[Compared]) -> dict[str, object]:
    """Over the questions that were answered at all: declined ones never reach a model."""
    asked = [row for row in rows if row.answered]
    refused: Counter[str] = Counter()
    for row in asked:
        refused.update(row.refused)
    return {
        "questions": len(rows),
        "answered": len(asked),
        "with a statement shown": sum(row.mode == "llm" for row in asked),
        "written": _mean([row.written for row in asked]),
        "quoted": _mean([row.quoted for row in asked]),
        "refused": dict(refused),
        "median_s": float(np.median([row.seconds for row in asked])) if asked else None,
    }


def _mean(values: Sequence[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for value in values for name in value)
    return {name: round(float(np.mean([v[name] for v in values if name in v])), 3) for name in names}


def main(split: str, count: int) -> None:
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
        _write(asdict(rows[-1]))
    _write(means(rows))


def _write(found: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(found, ensure_ascii=False)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main((sys.argv[1:2] or ["dev"])[0], int((sys.argv[2:3] or [str(QUESTIONS)])[0]))
