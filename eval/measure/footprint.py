"""What fiqra takes on a disk: the packages that serve, the encoder, and the index, a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from index.disk import sealed

SERVING = Path(__file__).parent.parent.parent / "requirements-serve.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]\n]*\])?==", re.MULTILINE)


def footprint(data_dir: Path) -> dict[str, float]:
    """Bytes a paragraph of the index in both languages, and megabytes of the encoder and of the packages."""
    index, encoders = data_dir / "index", data_dir / "models" / "encoders"
    manifest = sealed.read(index).manifest
    return {
        "index_bytes_a_paragraph": _size(index / sealed.PARTS / manifest.base["name"]) / manifest.paragraphs,
        "encoder_mb": _size(encoders) / 1e6,
        "packages_mb": installed_mb(_PINNED.findall(SERVING.read_text("utf-8"))),
    }


def installed_mb(packages: Iterable[str]) -> float:
    """What packages, and all that they need, take where this runs; those that are not installed here count nothing.

    >>> installed_mb(["packaging"])
    1.0
    """
    sizes: dict[str, int] = {}
    waiting = list(packages)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in sizes:
            continue
        sizes[name] = 0
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        paths = (Path(str(file.locate())) for file in found.files or ())
        sizes[name] = sum(path.stat().st_size for path in paths if path.is_file())
        needed = map(Requirement, found.requires or ())
        waiting += [need.name for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
    return round(sum(sizes.values()) / 1e6, 1)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
