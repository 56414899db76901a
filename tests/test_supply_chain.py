"""What is installed, what the code may call, and how the image runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import requires, version
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.locks import PROJECT, ROOT, pins, serving

PACKAGES = ["corpus", "index", "service", "eval"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_pinned(lock: str) -> None:
    """Tried by hand: a pin that is changed is named. A build's own part of a version (`+cpu`) does not count."""
    pins = dict(line.split("==") for line in (ROOT / lock).read_text("utf-8").split())
    installed = {name: version(name).partition("+")[0] for name in pins}
    assert installed == pins


@pytest.mark.parametrize(
    ("locks", "wanted"),
    [
        (["requirements.lock"], PROJECT["project"]["dependencies"]),
        (["requirements.lock", "requirements-dev.lock"], PROJECT["dependency-groups"]["dev"]),
        (
            ["requirements.lock", "requirements-dev.lock"],
            [*chain(*PROJECT["project"]["optional-dependencies"].values())],
        ),
        (["requirements.lock"], PROJECT["build-system"]["requires"]),
        (["requirements-docs.lock"], PROJECT["dependency-groups"]["docs"]),
    ],
)
def test_the_pins_are_what_pyproject_asks_for(locks: list[str], wanted: list[str]) -> None:
    """Tried by hand: with `httpx>=99` in pyproject.toml, it is named, and so is a dependency without a pin."""
    pinned = {name: version for lock in locks for name, version in pins(lock).items()}
    for requirement in map(Requirement, wanted):
        found = pinned.get(canonicalize_name(requirement.name))
        assert found is not None, f"{requirement}: run `make lock`"
        assert requirement.specifier.contains(found, prereleases=True), f"{requirement}: {found} is pinned"


def test_what_the_pinned_packages_need_is_pinned_in_versions_that_they_take() -> None:
    """What `pip check` would say. Tried by hand: an older pydantic-core in the lock is named."""
    pinned = pins("requirements.lock") | pins("requirements-dev.lock")
    pinned["setuptools"] = version("setuptools")  # which `pip freeze` leaves out
    for name in pinned:
        for inner in map(Requirement, requires(name) or ()):
            if inner.marker is None or inner.marker.evaluate({"extra": ""}):
                found = pinned.get(canonicalize_name(inner.name))
                assert found is not None, f"{name} needs {inner}, which is not pinned"
                assert inner.specifier.contains(found, prereleases=True), f"{name} needs {inner}, {found} is pinned"


def test_the_serving_lock_has_all_but_what_only_building_needs() -> None:
    """With a pin of `requirements-serve.lock` taken out, or one of torch put in, it fails."""
    assert (ROOT / "requirements-serve.lock").read_text("utf-8").split() == serving()


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
