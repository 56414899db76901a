"""The reference questions through the whole service → every measure of it.

One `Outcome` a question holds what was found, said and cited; every figure is computed from outcomes, so a saved run
can be compared with another question by question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.records import Language
from corpus.refs import find_refs
from eval import metrics
from eval.questions import ReferenceQuestion
from index.search.fusion import Weights, rank
from service.answering.asking import answer_now
from service.answering.engine import Engine, understand
from service.schemas.questions import AskRequest
from service.state import State

DEPTH = 10
ABLATIONS: Mapping[str, tuple[str, ...]] = {
    "everything": (),
    "without words": ("lexical", "symbol"),
    "without token interaction": ("maxsim",),
    "without sentences": ("sentence", "maxsim_sentence"),
    "without the other language": (
        "paragraph_other",
        "sentence_other",
        "lexical_other",
        "maxsim_other",
        "maxsim_sentence_other",
    ),
    "without answer types": ("answer_",),
    "paragraph vectors alone": ("sentence", "lexical", "maxsim", "symbol", "answer_"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fiqra made of one question. `ranked` are the refs of the first ten passages, best first."""

    id: str
    pair: str
    split: str
    language: Language
    kind: str
    question: str
    gold: tuple[str, ...]
    ranked: tuple[str, ...]
    cited: tuple[str, ...]
    answered: bool
    reason: str | None
    confidence: float
    answer: str
    answer_language: Language
    coverage: float | None
    precision: float | None
    recall: float | None

    @property
    def answerable(self) -> bool:
        """Whether the report answers it."""
        return bool(self.gold)

    @property
    def top_is_gold(self) -> bool:
        """Whether the passage that the confidence speaks of answers."""
        return bool(self.ranked) and self.ranked[0] in self.gold

    @property
    def right(self) -> bool:
        """Answered from a gold paragraph, or rightly declined."""
        if not self.answerable:
            return not self.answered
        return self.answered and bool(set(self.cited) & set(self.gold))


def ask_all(
    state: State, questions: Sequence[ReferenceQuestion], progress: Callable[[int], None] | None = None
) -> tuple[Outcome, ...]:
    """Ask every question as a caller would, language undetermined."""
    outcomes = []
    for number, question in enumerate(questions, 1):
        outcomes.append(_ask(state, question))
        if progress:
            progress(number)
    return tuple(outcomes)


def _ask(state: State, row: ReferenceQuestion) -> Outcome:
    response = answer_now(state, AskRequest(question=row.question, top_k=DEPTH))
    gold = tuple(map(str, row.gold))
    cited = tuple(dict.fromkeys(citation.ref for citation in response.citations))
    answered = row.answerable and response.answered
    return Outcome(
        id=row.id,
        pair=row.pair,
        split=row.split,
        language=row.language,
        kind=row.kind,
        question=row.question,
        gold=gold,
        ranked=tuple(passage.ref for passage in response.passages),
        cited=cited,
        answered=response.answered,
        reason=response.reason,
        confidence=response.confidence,
        answer=response.answer,
        answer_language=response.language,
        coverage=metrics.fact_coverage(response.answer, row.facts, row.language) if row.facts else None,
        precision=metrics.citation_precision(cited, gold) if answered else None,
        recall=metrics.citation_recall(cited, gold, row.needs) if row.answerable else None,
    )


def summarise(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Every measure of some outcomes, each from 0 to 1; those that have no question to measure are left out."""
    answerable = [o for o in outcomes if o.answerable]
    declinable = [o for o in outcomes if not o.answerable]
    found: dict[str, list[float]] = defaultdict(list)
    for o in answerable:
        found["hit@1"].append(metrics.hit_at_k(o.ranked, o.gold, 1))
        found["hit@3"].append(metrics.hit_at_k(o.ranked, o.gold, 3))
        found["recall@5"].append(metrics.recall_at_k(o.ranked, o.gold, 5))
        found["mrr"].append(metrics.reciprocal_rank(o.ranked, o.gold))
        found["ndcg@10"].append(metrics.ndcg_at_k(o.ranked, o.gold, DEPTH))
        found["false refusals"].append(float(not o.answered))
        for name in ("coverage", "precision", "recall"):
            if (value := getattr(o, name)) is not None:
                found[{"coverage": "fact coverage"}.get(name, f"citation {name}")].append(value)
    found["false answers"] = [float(o.answered) for o in declinable]
    found["right or rightly declined"] = [float(o.right) for o in outcomes]
    found["answer language"] = [float(o.answer_language == o.language) for o in outcomes]
    found["pair consistency"] = pair_consistency(outcomes)
    summary = {name: float(np.mean(values)) for name, values in found.items() if values}
    if answerable and declinable:
        confidence = [o.confidence for o in outcomes]
        summary["abstention AUROC"] = metrics.auroc(confidence, [o.answerable for o in outcomes])
        summary["calibration error"] = metrics.expected_calibration_error(confidence, [o.top_is_gold for o in outcomes])
        summary["area under risk-coverage"] = metrics.risk_coverage(confidence, [o.top_is_gold for o in outcomes]).aurc
    return summary


def pair_consistency(outcomes: Iterable[Outcome]) -> list[float]:
    """For each answerable pair of questions: whether both languages cite the same paragraphs."""
    pairs: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.answerable:
            pairs[outcome.pair].append(outcome)
    return [float(set(a.cited) == set(b.cited)) for a, b in (pair for pair in pairs.values() if len(pair) == 2)]


def ablate(engine: Engine, questions: Sequence[ReferenceQuestion], weights: Weights) -> dict[str, dict[str, float]]:
    """hit@1 and hit@3 of retrieval alone, a language, with stages switched off; each question is measured once."""
    found: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in ABLATIONS}
    for row in questions:
        if not row.answerable or find_refs(row.question):
            continue
        asked = understand(row.question, None)
        encoding = engine.retriever.encode(asked.text, asked.asked_in)
        candidates = engine.retriever.measure(asked.text, encoding, asked.asked_in)
        for name, stages in ABLATIONS.items():
            ranked = [p.ref for p in rank(candidates, weights.without(*stages) if stages else weights)]
            for k in (1, 3):
                found[name][f"hit@{k} {row.language}"].append(metrics.hit_at_k(ranked, row.gold, k))
    return {name: {k: float(np.mean(v)) for k, v in sorted(values.items())} for name, values in found.items()}
