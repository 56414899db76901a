"""What an answer costs beside the bare search of the model that it came from, held to what was measured before."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from corpus.records import Report
from eval.measure.guard import COSTS, MARGIN, MARGIN_ELSEWHERE, allowed, costs, over
from eval.measure.history import Run, runs
from eval.measure.machine import features, processor
from eval.questions import load_questions
from index.model.loading import original
from index.model.names import DEFAULT_MODEL
from tests.support.paths import DATA_DIR

HERE = Run("0" * 10, "2026-11-28T05:00:00Z", processor(), 2, tuple(features()), None, {}, dict.fromkeys(COSTS, 0.5))
ELSEWHERE = dataclasses.replace(HERE, processor="another", costs=dict.fromkeys(COSTS, 0.7))
LATER = dataclasses.replace(HERE, costs=dict.fromkeys(COSTS, 0.4))


@pytest.mark.model
@pytest.mark.process
def test_an_answer_costs_little_more_than_it_did(data_dir: Path, report: Report) -> None:
    """In processor time, from processes of their own, over HTTP; memory and the start too.

    Where it is meant to cost more, commit, `make bench-quick`, and commit what that kept in docs/bench.
    """
    model = Path(original(DEFAULT_MODEL, DATA_DIR))
    texts = [paragraph.text for rendering in report.renderings for paragraph in rendering.paragraphs]
    questions = [row.question for row in load_questions() if row.split == "dev"]
    assert not over(costs(data_dir, model, texts, questions), allowed(runs()))


def test_costs_are_held_to_the_last_run_on_such_a_processor() -> None:
    assert allowed([HERE, ELSEWHERE, LATER]) == dict.fromkeys(COSTS, MARGIN * 0.4)


def test_on_a_processor_that_nothing_was_measured_on_they_are_held_to_the_dearest_run() -> None:
    """Shares differ between kinds of processors. Tried by hand: with the margin of a known one, this fails."""
    earlier = dataclasses.replace(ELSEWHERE, costs={})
    assert allowed([ELSEWHERE, earlier]) == dict.fromkeys(COSTS, MARGIN_ELSEWHERE * 0.7)
