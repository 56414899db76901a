"""Fit the ranking weights and the confidence model on development questions, and write `index/data/ranking.json`.

    python -m eval.tune --squad xquad-dev.ar.json --squad xquad-dev.en.json

The reference set's test split is never read here. Weights: a listwise softmax regression over the standardised
signals (Cao et al. 2007, ListNet's top-one loss), with no weight below zero. Confidence: a logistic regression on the
shape of the evidence; a question counts as right where the first passage is gold. SQuAD-format files, where given,
widen both: each way round, and, for questions that have no answer, against the half of the articles they are not from.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from corpus.records import Language, Rendering, Report
from corpus.refs import Ref, find_refs
from corpus.reports import load_reports
from eval.calibration import bearable_cuts, decided_rightly, fit_regression
from eval.metrics import auroc, expected_calibration_error
from eval.questions import load_questions
from eval.squad import SquadQuestion, squad_questions, squad_rendering
from index.build import index_reports
from index.contents import IndexContents
from index.model.embedding import Embedder, Encoding
from index.model.loading import load_embedder
from index.model.names import DEFAULT_MODEL
from index.model.query_cache import CachingEmbedder, QueryCache
from index.search.confidence import FEATURES, Calibration, features
from index.search.fusion import EQUAL, FORMS, Candidates, Weights, columns, rank
from index.search.ranking import SHIPPED
from index.search.retrieve import Retriever
from index.search.signals import SIGNALS, standardise

RIDGE = 0.01  # of .003 to .05 in cross-validation, the one that is good for all three forms
HIDDEN = 0.5
_REMEMBERED = 1 << 28  # bytes: a question is asked of several corpora and encoded once
REFERENCE_WEIGHT, SQUAD_WEIGHT = 1.5, 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A development question: what it is asked of, in which language, and the refs that answer it (none: no answer)."""

    text: str
    language: Language
    gold: tuple[Ref, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Contents and the questions asked of them."""

    contents: IndexContents
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A question with its candidates and their signals."""

    asked: Asked
    encoding: Encoding
    candidates: Candidates


def reference_corpus(embedder: Embedder) -> Corpus:
    """The bundled report and its development questions, but for those that name a paragraph and need no retrieval."""
    asked = tuple(
        Asked(row.question, row.language, row.gold, REFERENCE_WEIGHT)
        for row in load_questions()
        if row.split == "dev" and not find_refs(row.question)
    )
    return Corpus(index_reports(load_reports(), embedder), asked)


def squad_corpora(paths: Sequence[Path], embedder: Embedder) -> list[Corpus]:
    """Each file's text with each file's questions, and half of its articles with the questions of the other half."""
    renderings = [squad_rendering(path) for path in paths]
    questions = [squad_questions(path) for path in paths]
    corpora = []
    for rendering in renderings:
        contents = index_reports((Report("squad", (rendering,)),), embedder)
        asked = tuple(Asked(q.question, q.language, (q.gold,), SQUAD_WEIGHT) for found in questions for q in found)
        corpora.append(Corpus(contents, asked))
    half = len(renderings[0].paragraphs) // 2
    parallel = Report("squad", tuple(_first(rendering, half) for rendering in renderings))
    asked = tuple(_of_half(q, half) for found in questions for q in found)
    return [*corpora, Corpus(index_reports((parallel,), embedder), asked)]


def _first(rendering: Rendering, count: int) -> Rendering:
    return replace(rendering, paragraphs=rendering.paragraphs[:count])


def _of_half(q: SquadQuestion, half: int) -> Asked:
    return Asked(q.question, q.language, (q.gold,) if q.gold.number <= half else (), SQUAD_WEIGHT / 2)


def measure(corpus: Corpus, embedder: Embedder) -> list[Measured]:
    """Every signal of every candidate, which is all that depends on the model."""
    retriever = Retriever(corpus.contents, embedder, EQUAL)
    found = []
    for asked in corpus.asked:
        encoding = retriever.encode(asked.text, asked.language)
        found.append(Measured(asked, encoding, retriever.measure(asked.text, encoding, asked.language)))
    return found


def fit_weights(measured: Sequence[Sequence[Measured]]) -> Weights:
    """For each form of candidates, the weights that make the gold passages most probable; `measured[0]` is the report.

    A report in one language is learned from the corpora that have one and, for HIDDEN of their weight, from the report
    with its other language hidden. The rows are scaled to the sum of the first, so that forms compare.
    """
    rows: list[Floats] = []
    for form in FORMS:
        samples = []
        for number, corpus in enumerate(measured):
            answerable = [m for m in corpus if m.asked.gold]
            own = [m for m in answerable if (m.candidates.forms == FORMS.index(form)).all()]
            samples += _samples(own, columns(form), 1.0)
            if number == 0 and form != "parallel":
                samples += _samples(answerable, columns(form), HIDDEN)
        found = _most_probable(samples)
        rows.append(found * (rows[0].sum() / found.sum()) if rows else found)
    return Weights(tuple(tuple(round(float(w), 3) for w in row) for row in rows), "")


Sample = tuple[Floats, NDArray[np.bool_], float]
"""Standardised signals [c, s], which of the candidates are gold [c], and how much it counts."""


def _samples(answerable: Sequence[Measured], seen: NDArray[np.bool_], share: float) -> list[Sample]:
    """The questions whose gold was found, `share` between all; signals that are not seen are 0."""
    samples = []
    for m in answerable:
        gold = np.array([ref in m.asked.gold for _, ref in m.candidates.keys])
        if gold.any():
            signals = np.where(seen, standardise(m.candidates.signals), 0.0).astype(np.float64)
            samples.append((signals, gold, share / len(answerable)))
    return samples


def _most_probable(samples: Sequence[Sample]) -> Floats:
    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for signals, gold, share in samples:
            scores = signals @ weights
            probability = np.exp(scores - scores.max())
            probability /= probability.sum()
            right = probability[gold].sum() + 1e-12
            total -= share * float(np.log(right))
            wanted = np.where(gold, probability / right, 0.0)
            gradient -= share * ((wanted - probability) @ signals)
        return total, gradient

    start = np.full(len(SIGNALS), 0.3)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(SIGNALS)).x
    return found


def fit_calibration(corpora: Sequence[Corpus], measured: Sequence[Sequence[Measured]], weights: Weights) -> Calibration:
    """The logistic regression, and the threshold that decides most development questions of the report rightly.

    A corpus all of whose questions have an answer would only teach that everything has one, and is left out.
    """
    rows, right, answerable, shares, of_report = [], [], [], [], []
    for number, (corpus, found) in enumerate(zip(corpora, measured, strict=True)):
        if all(m.asked.gold for m in found):
            continue
        for m in found:
            passages = rank(m.candidates, weights)
            shape = features(passages, m.asked.text, m.encoding, m.asked.language, corpus.contents)
            if shape:
                rows.append([shape.get(name, np.nan) for name in FEATURES])
                right.append(passages[0].ref in m.asked.gold)
                answerable.append(bool(m.asked.gold))
                shares.append(m.asked.weight / len(found))
                of_report.append(number == 0)
    labels, report = np.array(right), np.array(of_report)
    calibration, probability = fit_regression(FEATURES, rows, labels, np.array(shares) / np.mean(shares))
    threshold, decided = _threshold(probability[report], labels[report], np.array(answerable)[report])
    print(f"  AUROC {auroc(probability[report], labels[report]):.3f}, rightly decided {decided:.3f}")  # noqa: T201
    print(f"  ECE {expected_calibration_error(probability[report], labels[report]):.3f}")  # noqa: T201
    return replace(calibration, threshold=round(threshold, 3))


def _threshold(probability: Floats, right: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> tuple[float, float]:
    """The cut that decides most questions rightly, the lowest of several, and the share that it does."""
    cuts = bearable_cuts(probability, probability[answerable])
    decided = decided_rightly(cuts, probability, right, answerable).mean(axis=1)
    best = int(decided.argmax())
    return float(cuts[best]), float(decided[best])


def main() -> None:
    """Fit, say what came out, and write it."""
    parser = argparse.ArgumentParser(description="Fit ranking and confidence on the development questions.")
    parser.add_argument("--squad", type=Path, action="append", default=[], help="a SQuAD-format file; repeat")
    parser.add_argument("--data-dir", type=Path, default=Path("var"))
    arguments = parser.parse_args()
    embedder = CachingEmbedder(load_embedder(DEFAULT_MODEL, arguments.data_dir), "tuning", QueryCache(_REMEMBERED))
    corpora = [reference_corpus(embedder), *(squad_corpora(arguments.squad, embedder) if arguments.squad else [])]
    measured = [measure(corpus, embedder) for corpus in corpora]
    weights = fit_weights(measured)
    named = {form: _named(form, row) for form, row in zip(FORMS, weights.rows, strict=True)}
    print(json.dumps(named, indent=2))  # noqa: T201
    for corpus in measured:
        answerable = [m for m in corpus if m.asked.gold]
        hits = [rank(m.candidates, weights)[0].ref in m.asked.gold for m in answerable]
        print(f"  {len(hits)} answerable questions, hit@1 {np.mean(hits):.3f}")  # noqa: T201
    calibration = fit_calibration(corpora, measured, weights)
    print(calibration)  # noqa: T201
    source = "fitted by eval.tune on eval/data (dev split)" + "".join(f", {path.name}" for path in arguments.squad)
    content = {
        "source": source,
        "weights": named,
        "calibration": {
            "intercept": calibration.intercept,
            "coefficients": dict(calibration.coefficients),
            "typical": dict(calibration.typical),
            "threshold": calibration.threshold,
        },
    }
    SHIPPED.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _named(form: str, row: Sequence[float]) -> dict[str, float]:
    return {name: weight for name, weight, kept in zip(SIGNALS, row, columns(form), strict=True) if kept}


if __name__ == "__main__":
    main()
