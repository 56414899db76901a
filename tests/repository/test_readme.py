"""The README is held to the code: its settings, its tour, its commands and its pictures are there."""

from __future__ import annotations

import re

from scripts.code_map import PAGE, code_map
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


def test_the_map_of_the_code_is_the_code() -> None:
    """Tried by hand: a module renamed, or its first line changed, is seen."""
    assert PAGE.read_text("utf-8") == code_map(), "the modules changed: run `make code-map`"


def test_the_tour_is_eight_stops_that_lead_to_modules() -> None:
    tour = README[README.index("## Tour of the code") : README.index("## Settings")]
    stops = re.findall(r"^(\d)\. \[`([\w/.]+)`\]\(([\w/.]+)\)", tour, re.MULTILINE)
    assert [int(number) for number, _, _ in stops] == list(range(1, 9))
    assert all(shown == target and (ROOT / target).is_file() for _, shown, target in stops)


def test_the_two_commands_and_the_make_targets_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"setup", "serve", "test", "lint", "check", "eval", "bench"} <= targets
    assert set(re.findall(r"make ([\w-]+)", README)) <= targets


def test_every_picture_is_there_and_of_modest_size() -> None:
    for page in (*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")):
        for name in re.findall(r"(?:srcset=|src=|\]\()\"?([\w/.-]+\.(?:webp|png|svg))", page.read_text("utf-8")):
            assert 0 < (page.parent / name).stat().st_size < 100_000, f"{page.name}: {name}"
