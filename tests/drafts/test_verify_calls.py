"""Checking a draft on the command line and over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from service.drafts.check import verify_draft
from service.schemas.drafts import VerifyResponse
from tests.support.drafting import K_AR, K_EN

FIQRA = str(Path(sys.executable).with_name("fiqra"))


# ------------------------------------------------------------------------------------------------------ command line


def run(*words: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([FIQRA, "verify", *words], input=data, capture_output=True, timeout=60, check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_command_prints_what_is_wrong_and_exits_1(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"# Draft\n\n“{K_EN.replace('States', 'Nations')}” [21(k)]\n\nSee para. 22.\n", "utf-8")
    done = run(str(path))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "draft.md:3: altered: “Member Nations are encouraged to monitor and understand the risks” (cites 21(k))",
        "    - Member Nations are encouraged to monitor",
        "    + Member States are encouraged to monitor",
        "draft.md:5: no such paragraph: “para. 22”: kyoto-2021-workshop-4 has no paragraph 22; "
        "the nearest are 21, 20, 19",
        "2 citations and 1 quotation: 1 supported, 1 altered, 1 no such paragraph",
    ]


def test_the_command_exits_0_where_all_is_right_or_nothing_is_quoted() -> None:
    right = run("-", stdin=f"«{K_AR}» (الفقرة ٢١ (ك))")
    assert (right.returncode, right.stdout) == (0, "1 citation and 1 quotation: 2 supported\n")
    nothing = run("-", stdin="Nothing is cited here.")
    assert (nothing.returncode, nothing.stdout) == (0, "no citation or quotation found\n")
    assert json.loads(run("-", "--json", stdin="[9]").stdout)["index"] is None


def test_the_command_shows_no_control_characters_of_the_draft() -> None:
    shown = run("-", stdin="“\x1b[31mMember Nations are\u202e encouraged to monitor” [21(k)]").stdout
    assert "Member Nations" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("draft.pdf", b"x", ".docx are"),
        ("draft", b"x", "without extension"),
        ("draft.txt", b"\xff\xfe\x00", "UTF-8"),
        ("draft.txt", b"a" * (1024 * 1024 + 1), "in parts"),
        ("draft.docx", b"x", "no Word document"),
        ("missing.md", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_wrong_use(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = run(str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_report_and_bytes_that_are_no_text_are_wrong_use() -> None:
    assert run("-", "--report", "nowhere").returncode == 2
    assert run("-", stdin=b"\xff").returncode == 2
    assert run().returncode == 2


def test_the_help_fits_eighty_columns_and_shows_examples() -> None:
    text = run("--help").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "Examples:" in text


def test_the_command_imports_no_model(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("[9]")
    heavy = {"torch", "transformers", "sentence_transformers", "faiss", "fastapi", "numpy"}
    code = (
        f"import sys; sys.argv = ['fiqra', 'verify', {str(tmp_path / 'draft.md')!r}]\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code\n"
        f"assert not {heavy} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


# ------------------------------------------------------------------------------------------------------------- HTTP


@pytest.mark.model
def test_over_http_the_answer_is_the_same(client: TestClient, report: Report) -> None:
    draft = f"“{K_EN.replace('States', 'Nations')}” [21(k)] «{K_AR}» (الفقرة ٢٢)"
    answer = client.post("/v1/verify", json={"text": draft, "report": None})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body.keys() == {"report", "ok", "counts", "results", "left_alone", "truncated", "index"}
    assert (body["report"], body["ok"], body["index"]) == (report.id, False, client.get("/readyz").json()["index"])
    assert body["counts"] == {
        "citation": 2, "quotation": 2, "supported": 1, "altered": 1, "not_found": 0, "no_such_paragraph": 2,
    }  # fmt: skip
    expected = verify_draft(report, draft, body["index"])
    assert VerifyResponse.model_validate(body) == expected
    assert body["results"][0]["difference"][1] == {"op": "replace", "given": "Nations", "true": "States"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": None}, 422),
        ({"text": 7}, 422),
        ({"text": "a" * 60_001}, 422),
        ({"text": "a", "colour": "blue"}, 422),
        ({"text": "a", "report": 7}, 422),
        ({"text": "a", "report": "nowhere"}, 404),
        ({"text": "a" * 70_000}, 413),
    ],
)
def test_bad_input_over_http_gets_a_problem_document(client: TestClient, body: object, status: int) -> None:
    answer = client.post("/v1/verify", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.model
def test_the_call_is_documented_in_both_languages(client: TestClient) -> None:
    call = client.get("/openapi.json").json()["paths"]["/v1/verify"]["post"]
    assert (call["operationId"], call["tags"]) == ("verify", ["asking"])
    examples = call["requestBody"]["content"]["application/json"]["examples"]
    assert examples.keys() == {"arabic", "english"}
    for example in examples.values():
        assert client.post("/v1/verify", json=example["value"]).status_code == 200
