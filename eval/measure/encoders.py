"""What the exported encoder costs in quality: `python -m eval.measure.encoders [A.json B.json]`.

The model on sentence-transformers, unpruned and in float32, and its export run through the same code with the same
ranking: every measure of `fiqra eval` on the test questions, or, of two parallel files in SQuAD's format, retrieval in
all four directions. Prints a table, and keeps the figures in var/eval/encoders.json or encoders-squad.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from corpus.records import Report
from corpus.refs import Ref
from eval import metrics
from eval.questions import load_questions
from eval.run import ask_all, summarise
from eval.squad import squad_questions, squad_report
from index.build import index_reports
from index.model.embedding import Embedder
from index.model.loading import load_embedder, load_reference
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.answering.engine import Engine
from service.http.work_queue import WorkQueue
from service.settings import Settings, load_settings
from service.state import State

Measures = dict[str, float]


def reference_measures(embedder: Embedder, reports: tuple[Report, ...]) -> Measures:
    """Every measure of the reference questions, test split."""
    ranking, settings = read_ranking(SHIPPED.read_bytes()), Settings()
    contents = index_reports(reports, embedder)
    engine = Engine("0" * 32, contents, Retriever(contents, embedder, ranking.weights), ranking.calibration)
    state = State(settings, WorkQueue(settings.queue, settings.queue_timeout_s), engine)
    return summarise(ask_all(state, [q for q in load_questions() if q.split == "test"]))


def squad_measures(embedder: Embedder, files: Sequence[Path]) -> Measures:
    """hit@1, hit@3, MRR and nDCG@10 of each file's questions on each file's text."""
    weights = read_ranking(SHIPPED.read_bytes()).weights
    found: Measures = {}
    for text in files:
        contents = index_reports((squad_report(text),), embedder)
        retriever = Retriever(contents, embedder, weights)
        for asked in files:
            rows = squad_questions(asked)
            ranked = [[p.ref for p in retriever.search(row.question, row.language).passages] for row in rows]
            for name, value in _ranking_measures(ranked, [row.gold for row in rows]).items():
                found[f"{asked.stem} → {text.stem}, {name}"] = value
    return found


def _ranking_measures(ranked: Sequence[Sequence[Ref]], gold: Sequence[Ref]) -> Measures:
    pairs = [(found, {one}) for found, one in zip(ranked, gold, strict=True)]
    return {
        "hit@1": float(np.mean([metrics.hit_at_k(r, g, 1) for r, g in pairs])),
        "hit@3": float(np.mean([metrics.hit_at_k(r, g, 3) for r, g in pairs])),
        "mrr": float(np.mean([metrics.reciprocal_rank(r, g) for r, g in pairs])),
        "ndcg@10": float(np.mean([metrics.ndcg_at_k(r, g, 10) for r, g in pairs])),
    }


def table(measured: Mapping[str, Measures]) -> str:
    """A line a measure: the original, the export, and the difference in points.

    >>> print(table({"original": {"hit@1": 0.5}, "export": {"hit@1": 0.51}}))
    hit@1                                        .500   .510   +1.0
    """
    original, export = measured["original"], measured["export"]
    return "\n".join(
        f"{name:42}{_short(value):>7}{_short(export[name]):>7}{100 * (export[name] - value):+7.1f}"
        for name, value in original.items()
    )


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def main() -> None:
    """Measure both, print and keep it."""
    settings = load_settings()
    reports = settings.library().base()
    files = [Path(name) for name in sys.argv[1:]]
    embedders: Mapping[str, Embedder] = {
        "export": load_embedder(settings.model, settings.data_dir, settings.threads),
        "original": load_reference(settings.model, settings.data_dir, settings.threads),
    }
    measured: dict[str, Measures] = {}
    for name, embedder in embedders.items():
        measured[name] = squad_measures(embedder, files) if files else reference_measures(embedder, reports)
        print(name, measured[name], file=sys.stderr)  # noqa: T201 - it takes minutes until the table
    folder = settings.data_dir / "eval"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"encoders{'-squad' if files else ''}.json").write_text(
        json.dumps(measured, indent=1, ensure_ascii=False), "utf-8"
    )
    print(table(measured))  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
