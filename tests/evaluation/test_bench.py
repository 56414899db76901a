"""What `make bench` keeps of a commit, and the plot of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from lxml import etree

from eval.measure.guard import COSTS
from eval.measure.history import FOLDER, PANELS, PLOT, Run, keep, plot, runs
from eval.measure.machine import machine

RUN = Run("0123456789", "2026-11-28T05:00:00Z", "Processor <A>", 2, ("avx2",), 1.5, {"ask": 0.7, "ready": 0.16}, {})


def test_the_plot_in_the_documentation_shows_what_is_kept() -> None:
    """Tried by hand: a ratio of one file altered, and the plot must be drawn anew."""
    found = runs()
    assert found
    drawn = (FOLDER / PLOT).read_text("utf-8").splitlines()
    assert set(drawn) ^ set(plot(found).splitlines()) == set(), "draw it: python -m eval.measure.history"


def test_each_commit_has_one_file_that_is_named_after_it() -> None:
    for path in FOLDER.glob("*.json"):
        run = Run.from_json(path.read_text("utf-8"))
        assert (path.name, path.read_text("utf-8")) == (run.name, run.to_json())
        assert not run.ratios or {name for name, *_ in PANELS} <= run.ratios.keys(), path
        assert not run.costs or run.costs.keys() == set(COSTS), path


def test_a_second_run_of_a_commit_takes_the_place_of_the_first(tmp_path: Path) -> None:
    keep(RUN, tmp_path)
    keep(dataclasses.replace(RUN, load_average=9.0), tmp_path)
    assert [run.load_average for run in runs(tmp_path)] == [9.0]


def test_a_quick_run_of_a_commit_leaves_the_ratios_that_were_found_of_it(tmp_path: Path) -> None:
    keep(RUN, tmp_path)
    keep(dataclasses.replace(RUN, ratios={}, costs={"answer": 0.5}), tmp_path)
    assert [(run.ratios, run.costs) for run in runs(tmp_path)] == [(RUN.ratios, {"answer": 0.5})]


def test_commits_stand_in_their_order_and_what_a_run_lacks_is_left_out(tmp_path: Path) -> None:
    later = dataclasses.replace(RUN, commit="0000000000", committed="2026-11-28T06:00:00Z", ratios={"ask": 0.6})
    for run in (later, RUN):
        keep(run, tmp_path)
    assert runs(tmp_path) == [RUN, later]
    drawn = etree.fromstring((tmp_path / PLOT).read_bytes())
    texts = [text for text in drawn.itertext() if text.strip()]
    assert texts.index("0123456") < texts.index("0000000")
    assert texts.count(".16") == 1
    assert "2 × Processor <A> (avx2)" in texts


@pytest.mark.parametrize("commit", [None, "0123456789-dirty"])
def test_figures_of_no_commit_are_not_kept(commit: str | None) -> None:
    """Tried by hand: without the check, a file of a commit that ran nowhere is written."""
    measured = {"load_average": 1.0, "ratios": {"ask": 0.5}, "costs": {}}
    assert Run.of(measured, {**machine(), "commit": commit}) is None
    assert Run.of(measured, {**machine(), "commit": "0123456789", "committed": "2026-11-28T05:00:00Z"}) is not None
