"""The README is held to the code: every setting and every module it names exists, and none is left out."""

from __future__ import annotations

import re

from service.settings import PREFIX, Settings
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_settings_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `(FIQRA_\w+)` \| (?:`(.*?)` )?\| (.*?) \|$", README, re.MULTILINE)
    fields = Settings.model_fields.items()
    assert sorted(rows) == sorted((PREFIX + n.upper(), written(f.default), f.description) for n, f in fields)


def written(default: object) -> str:
    """A setting's default as the environment would have it."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ",".join(default)
    return "" if default is None else f"{default:g}" if isinstance(default, float) else str(default)


def test_the_tour_names_every_module() -> None:
    tour = README[README.index("## Tour of the code") :]
    for package in ("corpus", "index", "service", "eval"):
        for path in (ROOT / package).glob("*.py"):
            assert path.stem == "__init__" or f"`{path.stem}" in tour, f"{package}/{path.name}"


def test_the_two_commands_and_the_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"setup", "serve", "test", "check", "eval", "bench"} <= targets
    assert set(re.findall(r"make (\w+)", README)) <= targets


def test_every_picture_is_there_and_of_modest_size() -> None:
    for page in (*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")):
        for name in re.findall(r"(?:srcset=|src=|\]\()\"?([\w/.-]+\.(?:webp|png|svg))", page.read_text("utf-8")):
            assert 0 < (page.parent / name).stat().st_size < 100_000, f"{page.name}: {name}"
