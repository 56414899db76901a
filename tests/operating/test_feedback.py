"""What readers say of answers: kept only where the operator asks for it, without who, and read by `fiqra feedback`."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from corpus.records import Report
from service.app import build_app
from service.cli import main
from service.operating import feedback
from service.operating.feedback import FILE, FeedbackBook
from tests.support.services import LOCAL, QUESTION, build, hashed_state


@pytest.fixture
def folder(tmp_path: Path, report: Report) -> Path:
    build(tmp_path, report)
    return tmp_path


def test_nothing_is_kept_by_default(folder: Path) -> None:
    with TestClient(build_app(hashed_state(folder)), base_url=LOCAL) as client:
        answer = client.post("/v1/ask", json={"question": QUESTION}).json()
        assert answer["feedback"] is False
        refused = client.post("/v1/feedback", json={"id": answer["id"], "verdict": "right"})
        assert refused.status_code == 404
        assert "FIQRA_FEEDBACK" in refused.json()["detail"]
    assert not (folder / FILE).exists()


def test_a_verdict_is_kept_once_with_the_question_and_the_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = hashed_state(folder)
    state.feedback = FeedbackBook(folder)
    with TestClient(build_app(state), base_url=LOCAL) as client:
        answers = [client.post("/v1/ask", json={"question": q}).json() for q in (QUESTION, "What is a quark?", "hello")]
        assert all(answer["feedback"] for answer in answers)
        body = {"id": answers[0]["id"], "verdict": "wrong"}
        assert client.post("/v1/feedback", json=body).status_code == 204
        assert client.post("/v1/feedback", json=body).status_code == 404  # judged before
        assert client.post("/v1/feedback", json={"id": "x", "verdict": "right"}).status_code == 404
        assert client.post("/v1/feedback", json={"id": "x", "verdict": "great"}).status_code == 422
    kept = [json.loads(line) for line in (folder / FILE).read_text("utf-8").splitlines()]
    assert {"day", "kind", "question", "language", "refs", "reason"} == set(kept[-1])
    assert kept[-1]["kind"] == "wrong"
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    monkeypatch.setenv("FIQRA_DATA_DIR", str(folder))
    shown = CliRunner().invoke(main, ["feedback"])
    assert shown.exit_code == 0
    assert "wrong: 1" in shown.output
    assert QUESTION in shown.output
    assert json.loads(CliRunner().invoke(main, ["feedback", "--json"]).output)[0]["count"] == 1


def test_the_book_is_bounded_and_a_broken_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text('{"kind": "decl\n')
    assert feedback.read(tmp_path) == ()
    monkeypatch.setattr(feedback, "MOST_BYTES", 20)
    book = FeedbackBook(tmp_path)
    book._write({"kind": "declined", "question": "x" * 100, "language": "en", "refs": []})
    assert (tmp_path / FILE).stat().st_size < 20
    assert feedback.read(tmp_path / "nowhere") == ()
