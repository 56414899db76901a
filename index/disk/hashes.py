"""A folder's files by name and SHA-256: taken down once, compared later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from corpus.errors import ModelError


def describe(folder: Path) -> dict[str, str]:
    """Every file below the folder and its SHA-256, by its path in the folder."""
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def check(folder: Path, files: Mapping[str, str]) -> None:
    """Hash every file. Raises ModelError where one is missing or differs."""
    for name, expected in files.items():
        try:
            digest = _sha256(folder / name)
        except OSError as error:
            raise ModelError(f"{folder / name}: {error.strerror}; remove {folder} and run `fiqra build`") from error
        if digest != expected:
            raise ModelError(f"{folder / name} was altered; remove {folder} and run `fiqra build` to write it afresh")


def written(folder: Path, listed_in: str) -> set[str]:
    """The files that fiqra wrote into a folder, as a file there lists them; none where there is no such list."""
    try:
        return {listed_in, *json.loads((folder / listed_in).read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
