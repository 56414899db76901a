"""The layout shows the architecture: rooms of a size, one way through them, and no circles."""

from __future__ import annotations

import ast
import importlib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT

ORDER = ["corpus", "index", "service", "eval"]
PACKAGES = [*ORDER, "fiqra"]
MOST_MODULES = 15


def modules() -> dict[str, Path]:
    """Every module of the packages by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[str]:
    """What a module imports by dotted name, wherever in it: also inside functions, and for types alone."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


MODULES = modules()
IMPORTS = {name: imports(path) for name, path in MODULES.items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_the_one_of_this_repository(package: str) -> None:
    file = importlib.import_module(package).__file__
    assert file is not None
    assert Path(file).parent == ROOT / package


@pytest.mark.parametrize("package", ORDER)
def test_imports_go_one_way(package: str) -> None:
    """`fiqra` is for others to import. Tried by hand: an import of `service` in `index/build.py` is named."""
    beyond = {*ORDER[ORDER.index(package) + 1 :], "fiqra"}
    for name, imported in IMPORTS.items():
        if name.split(".")[0] == package:
            assert not {module.split(".")[0] for module in imported} & beyond, name


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Also where an import waits inside a function. Tried by hand: `service.state` imported in `reload.py` is named."""
    graph = {}
    for name, imported in IMPORTS.items():
        known = imported & MODULES.keys()
        # `from a.b import c` means a.b.c where that is a module, and the package a.b only where it is not.
        graph[name] = {m for m in known if not any(other.startswith(f"{m}.") for other in known)} - {name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_every_folder_can_be_taken_in_at_a_glance() -> None:
    """Tried by hand: with a bound of 14, the fullest folder is named."""
    for folder in {path.parent for path in MODULES.values()}:
        count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        assert count <= MOST_MODULES, f"{folder.relative_to(ROOT)} has {count} modules; look for the seam"


def test_nobody_imports_eval_as_a_bare_name() -> None:
    """`import eval` would hide the built-in of that name."""
    for folder in (*PACKAGES, "scripts", "tests", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                assert not (isinstance(node, ast.Import) and any(alias.name == "eval" for alias in node.names)), path
