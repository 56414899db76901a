"""The command line, as people run it: real processes, real exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

from service.cli import main
from tests.support.pace import slowness
from tests.support.paths import REPORT_ID, ROOT
from tests.support.server_process import FIQRA, serving_process
from tests.support.services import base_of


def run(*words: str, data_dir: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"FIQRA_DATA_DIR": str(data_dir)} if data_dir else {}), **env}
    return subprocess.run([FIQRA, *words], capture_output=True, text=True, env=environment, timeout=120, check=False)


def test_show_prints_the_paragraph_in_either_language() -> None:
    arabic = run("show", "الفقرة ٢١ (ك)")
    assert (arabic.returncode, arabic.stderr) == (0, "")
    assert "تُشجّع الدول الأعضاء" in arabic.stdout
    english = run("show", "21", "(k)", "--lang", "en", "--json")
    assert json.loads(english.stdout)["paragraphs"][0]["text"].startswith("Member States are encouraged")


def test_show_imports_no_model_and_starts_at_once() -> None:
    """The aim is 0.3 s; processor time is counted, which other work on the machine hardly changes."""
    heavy = {"torch", "transformers", "sentence_transformers", "faiss", "fastapi", "numpy"}
    code = (
        "import sys; sys.argv = ['fiqra', 'show', '21']\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"assert not {heavy} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
    took = []
    for _ in range(3):
        before = os.times()
        assert run("show", "21").returncode == 0
        after = os.times()
        took.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(took) < 0.6 * slowness()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["show", "22"], 1, "nearest are 21, 20, 19"),
        (["show", "hello"], 2, "21(k)"),
        (["show", "9", "--report", "nowhere"], 1, "nowhere"),
        (["show"], 2, "Missing argument"),
        (["show", "9", "--lang", "fr"], 2, "'fr' is not one of"),
        (["nonsense"], 2, "No such command"),
        (["ask", "   "], 2, "QUESTION is empty"),
        (["ask", "x" * 2001], 2, "2000"),
        (["search", ""], 2, "QUERY has 0 characters"),
        (["export", REPORT_ID, "--lang", "ar"], 2, "jsonl holds every language"),
    ],
)
def test_what_is_wrong_is_said_with_the_right_exit_code(words: list[str], code: int, message: str) -> None:
    result = run(*words)
    assert result.returncode == code
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", main.list_commands(click.Context(main)))
def test_help_fits_eighty_columns_and_shows_examples(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    assert "Examples:" in result.output


def test_the_list_of_commands_is_cut_nowhere() -> None:
    """Taken out: a `short_help`; its line ended in an ellipsis."""
    for words in ((), ("eval",)):
        text = run(*words, "--help").stdout
        assert max(map(len, text.splitlines())) <= 80
        assert "..." not in text.partition("Commands:")[2]


def test_an_unknown_setting_is_refused_by_name() -> None:
    result = run("verify-index", FIQRA_COLOUR="blue")
    assert result.returncode == 2
    assert "FIQRA_COLOUR" in result.stderr
    assert "did you mean FIQRA_PORT?" in run("verify-index", FIQRA_PROT="9000").stderr
    assert "FIQRA_PORT is 'many': " in run("verify-index", FIQRA_PORT="many").stderr


def test_no_index_and_a_damaged_one_say_what_mends_them(data_dir: Path, tmp_path: Path) -> None:
    missing = run("verify-index", data_dir=tmp_path)
    assert (missing.returncode, "fiqra build" in missing.stderr) == (1, True)
    assert run("verify-index", data_dir=data_dir).returncode == 0
    victim = base_of(data_dir / "index") / "chunks.json"
    good = victim.read_bytes()
    try:
        victim.write_bytes(good.replace(b"e", b"E", 1))
        for command in (["verify-index"], ["ask", "who spoke?"], ["serve", "--port", "0"]):
            result = run(*command, data_dir=data_dir)
            assert result.returncode == 1
            assert "chunks.json was altered" in result.stderr
            assert "fiqra build" in result.stderr
    finally:
        victim.write_bytes(good)


def scripts() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each module of pyproject.toml's commands, the words after `fiqra` that reach it, and what it is asked."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for place in project["scripts"].values():
        yield from ((place.partition(":")[0], [], asked) for asked in (["serve"], ["--help"], ["--none"]))
    for name, place in project["entry-points"]["fiqra.commands"].items():
        yield from ((place.partition(":")[0], [name], asked) for asked in ([], ["--help"], ["--none"]))


@pytest.mark.parametrize(("module", "words", "asked"), [*scripts()])
def test_a_module_that_a_command_stands_in_runs_as_that_command(
    module: str, words: list[str], asked: list[str], tmp_path: Path
) -> None:
    """Here there is no index, and the port is none. Before, `python -m service.cli serve` ended with 0 and no word.

    Tried by hand: so does each of these without its last lines.
    """
    command = run(*words, *asked, data_dir=tmp_path, FIQRA_PORT="none")
    environment = {**os.environ, "FIQRA_DATA_DIR": str(tmp_path), "FIQRA_PORT": "none"}
    line = [sys.executable, "-m", module, *asked]
    ran = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=120, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (command.returncode, command.stdout, command.stderr)
    assert ran.stdout or ran.stderr


@pytest.mark.model
def test_ask_answers_and_exits_1_where_the_report_does_not(data_dir: Path) -> None:
    answered = run("ask", "Did representatives of Morocco and Indonesia take the floor?", "--json", data_dir=data_dir)
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["citations"][0]["ref"] == "4"
    declined = run("ask", "Who won the World Cup?", data_dir=data_dir)
    assert (declined.returncode, "does not answer" in declined.stdout) == (1, True)


@pytest.mark.process
def test_serve_answers_over_a_socket_and_ends_well(data_dir: Path) -> None:
    with serving_process(data_dir) as url, httpx.Client(base_url=url, timeout=30) as client:
        answer = client.post("/v1/ask", json={"question": "ما الذي تُشجّع الدول الأعضاء على رصده؟"}).json()
        assert answer["citations"][0]["ref"] == "21(k)"
        assert client.get("/v1/paragraphs/٢١(ك)").json()["paragraphs"][0]["ref"] == "21(k)"
