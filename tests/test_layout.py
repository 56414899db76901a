"""The layout shows the architecture: the packages come from this repository and import one way only."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["corpus", "index", "service", "eval", "fiqra"]


@pytest.mark.parametrize("package", ORDER)
def test_a_package_is_the_one_of_this_repository(package: str) -> None:
    file = importlib.import_module(package).__file__
    assert file is not None
    assert Path(file).parent == ROOT / package


@pytest.mark.parametrize("package", ORDER)
def test_imports_go_one_way(package: str) -> None:
    allowed = set(ORDER[: ORDER.index(package) + 1])
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                top = module.split(".")[0]
                assert top not in ORDER or top in allowed, f"{path.relative_to(ROOT)} imports {module}"


def test_nobody_imports_eval_as_a_bare_name() -> None:
    """`import eval` would hide the built-in of that name."""
    for path in ROOT.rglob("*.py"):
        if ".venv" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Import) and any(alias.name == "eval" for alias in node.names)), path
