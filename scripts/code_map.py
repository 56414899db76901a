"""Writes `docs/code-map.md`: every module of the packages by folder, each with the first line of its docstring.

    python -m scripts.code_map

A test compares the page with what this would write, so that the map is never behind the code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "service", "eval")
PAGE = ROOT / "docs" / "code-map.md"
HEAD = """# Map of the code

Every folder and module of the four packages with its first line, as `make code-map` writes it. Imports go one way,
`corpus` ← `index` ← `service` ← `eval`; `fiqra` is what people import. To follow one question through it, take the tour
in the README.
"""


def first_line(module: Path) -> str:
    """The first line of a module's docstring: `"What the stages hand each other: frozen, typed, and nothing else."`."""
    doc = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return doc.partition("\n")[0]


def folders(package: str) -> Iterator[Path]:
    """The package's folder and those below it that hold modules, the package's own first."""
    yield from sorted(path.parent for path in (ROOT / package).rglob("__init__.py"))


def code_map() -> str:
    """The page."""
    lines = [HEAD]
    for package in PACKAGES:
        for folder in folders(package):
            name = folder.relative_to(ROOT).as_posix()
            lines.append(f"{'##' if folder.name == package else '###'} `{name}/`\n")
            lines.append(f"{first_line(folder / '__init__.py')}\n")
            rows = [
                f"| `{path.name}` | {first_line(path)} |"
                for path in sorted(folder.glob("*.py"))
                if path.name != "__init__.py"
            ]
            if rows:
                lines += ["| module | |", "| --- | --- |", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(code_map(), "utf-8")
