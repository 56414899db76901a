"""The evaluation itself: what a run adds up to, its report page, and SQuAD-format files."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from eval.command import compare
from eval.questions import EvaluationError, load_questions
from eval.report import write_report
from eval.run import ABLATIONS, Outcome, ablate, ask_all, pair_consistency, summarise
from eval.squad import squad_questions, squad_report
from index.search.ranking import SHIPPED, read_ranking
from service.state import State

RIGHT = Outcome(
    id="p001-en",
    pair="p001",
    split="dev",
    language="en",
    kind="who",
    question="Who?",
    gold=("2",),
    ranked=("2", "3"),
    cited=("2",),
    answered=True,
    reason=None,
    confidence=0.9,
    answer="They did. [2]",
    answer_language="en",
    coverage=1.0,
    precision=1.0,
    recall=1.0,
)
WRONG = replace(RIGHT, id="p002-en", pair="p002", ranked=("3", "2"), cited=("3",), precision=0.0, recall=0.0)
DECLINED = replace(
    RIGHT, id="u001-en", pair="u001", gold=(), cited=(), answered=False, confidence=0.1, precision=None, recall=None
)


def test_a_run_adds_up() -> None:
    """hit@1: (1 + 0) / 2; hit@3: both; right: RIGHT and DECLINED of three; MRR: (1 + 1/2) / 2."""
    summary = summarise([RIGHT, WRONG, DECLINED])
    assert summary["hit@1"] == 0.5
    assert summary["hit@3"] == 1
    assert summary["mrr"] == 0.75
    assert summary["right or rightly declined"] == pytest.approx(2 / 3)
    assert summary["false answers"] == 0
    assert summary["abstention AUROC"] == 1


def test_what_was_not_asked_is_left_out_and_not_zero() -> None:
    summary = summarise([DECLINED])
    assert "hit@1" not in summary
    assert summary["false answers"] == 0


def test_pairs_are_consistent_where_both_languages_cite_the_same() -> None:
    arabic = replace(RIGHT, id="p001-ar", language="ar")
    assert pair_consistency([RIGHT, arabic]) == [1.0]
    assert pair_consistency([RIGHT, replace(arabic, cited=("3",))]) == [0.0]
    assert pair_consistency([DECLINED]) == []


def test_the_report_page_shows_every_wrong_question_and_no_markup_of_theirs(tmp_path: Path) -> None:
    bad = replace(WRONG, question="<script>alert(1)</script>")
    outcomes = [RIGHT, bad, DECLINED]
    write_report(tmp_path / "r.html", "dev", outcomes, {"both": summarise(outcomes)}, {"everything": {"hit@1 en": 0.5}})
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org", "")


def test_a_run_is_compared_question_by_question(tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_text(json.dumps({"outcomes": [asdict(WRONG)]}), "utf-8")
    better = replace(RIGHT, id=WRONG.id)
    assert compare([better, RIGHT], saved)["hit@1"] | {"p": 0} == {"now": 1.0, "then": 0.0, "p": 0}


def test_squad_files_become_a_report_and_its_questions(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "One  text in English.", "qas": [{"question": "Which one?", "answers": []}]},
        {"context": "Another text.", "qas": [{"question": "ما الآخر؟", "answers": []}]},
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")
    report = squad_report(path)
    assert [p.text for p in report.renderings[0].paragraphs] == ["One text in English.", "Another text."]
    assert [(q.language, str(q.gold)) for q in squad_questions(path)] == [("en", "1"), ("ar", "2")]
    path.write_text('{"rows": []}', "utf-8")
    with pytest.raises(EvaluationError, match=r"a\.json is no file in SQuAD's format"):
        squad_report(path)


@pytest.mark.model
def test_the_service_is_asked_and_stages_can_be_switched_off(state: State) -> None:
    """A floor far under what is measured: it catches a stage that broke, not a point lost."""
    rows = [row for row in load_questions() if row.split == "dev"][::5]
    outcomes = ask_all(state, rows)
    summary = summarise(outcomes)
    assert summary["hit@1"] > 0.7
    assert summary["right or rightly declined"] > 0.6
    table = ablate(state.ready_engine(), rows, read_ranking(SHIPPED.read_bytes()).weights)
    assert table.keys() == ABLATIONS.keys()
    assert table["everything"]["hit@1 en"] >= table["paragraph vectors alone"]["hit@1 en"]
