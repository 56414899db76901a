"""What goes from a watched folder is told of, with the command that takes it out, and stays unless told."""

from __future__ import annotations

import json
from functools import partial

import pytest
from click.testing import CliRunner

from service.cli import main
from service.reports import ingest, queue
from service.reports.queue import Queue
from tests.support.watched import BOATS, Place


def test_what_goes_from_the_folder_stays_unless_told(place: Place) -> None:
    for name in ("boats", "cranes", "docks"):
        place.put(f"{name}.txt", BOATS)
    place.watch()
    (place.folder / "boats.txt").unlink()
    place.watch()
    assert place.held().keys() == {"boats", "cranes", "docks"}
    assert place.standing()["boats"] == "gone"
    (place.folder / "cranes.txt").unlink()
    place.watch(remove=True)
    assert place.held().keys() == {"boats", "docks"}  # what had gone before was let stay
    place.put("boats.txt", BOATS)
    built = place.built
    place.watch()
    assert (place.standing()["boats"], place.built) == ("taken", built)  # it is there as it was


def parts(place: Place) -> dict[str, str | None]:
    """What has gone from the folder, and the command that takes it out."""
    kept = queue.read(place.where) or Queue("")
    return {
        name: entry.command for entry in kept.entries.values() if entry.standing == "gone" for name in entry.documents
    }


def test_a_language_that_goes_from_the_folder_is_told_of_and_stays_unless_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is listed with the command that takes it out, whose effect ends the listing; `--remove` does it.

    Tried by hand: without `_part`, nothing is listed and nothing goes.
    """
    for language in ("ar", "en"):
        place.put(f"boats.{language}.txt", BOATS)
        place.put(f"cranes/{language}.txt", BOATS)
    place.watch()
    (place.folder / "boats.en.txt").unlink()
    place.watch()
    assert place.held() == {"boats": ("ar", "en"), "cranes": ("ar", "en")}
    assert parts(place) == {"boats.en.txt": "fiqra remove boats --lang en"}
    monkeypatch.setenv("FIQRA_DATA_DIR", str(place.settings.data_dir))
    told = CliRunner().invoke(main, ["watch", "--list"]).stdout
    assert "2 taken, 0 aside, 1 gone" in told
    assert "to take it out: fiqra remove boats --lang en" in told
    [listed] = json.loads(CliRunner().invoke(main, ["watch", "--list", "--json"]).stdout)["folders"][0]["reports"]
    assert (listed["report"], listed["standing"], listed["documents"]) == ("boats", "gone", ["boats.en.txt"])
    (place.folder / "cranes" / "ar.txt").unlink()
    place.watch(remove=True)
    assert place.held() == {"boats": ("ar", "en"), "cranes": ("en",)}  # what had gone before was let stay
    ingest.take_out(place.settings.library(), "boats", partial(place.build, lambda *_: None), language="en")
    place.watch()
    assert (place.held(), parts(place)) == ({"boats": ("ar",), "cranes": ("en",)}, {})


def test_a_language_that_is_renamed_replaced_or_back_is_not_told_of(place: Place) -> None:
    """Nor one whose folder cannot be read, and none of a report that has gone as a whole."""
    for name in ("boats.ar.txt", "boats.en.txt", "cranes.ar.txt", "cranes.en.txt", "docks.ar.txt", "docks.en.txt"):
        place.put(name, BOATS)
    place.watch()
    (place.folder / "boats.en.txt").rename(place.folder / "boats.en.md")
    (place.folder / "cranes.en.txt").unlink()
    (place.folder / "docks.en.txt").unlink()
    place.watch()
    assert parts(place).keys() == {"cranes.en.txt", "docks.en.txt"}
    place.put("cranes.en.txt", BOATS)
    place.put("docks/final.en.txt", BOATS.replace("small", "large"))
    place.watch(remove=True)
    assert parts(place) == {}
    assert set(place.held().values()) == {("ar", "en")}
    (place.folder / "cranes.en.txt").unlink()
    place.watch()
    (place.folder / "cranes.ar.txt").unlink()
    place.watch()
    assert parts(place) == {"cranes.ar.txt": "fiqra remove cranes"}


def test_one_language_goes_and_the_other_changes_at_once(place: Place) -> None:
    """The one that went goes first, so that the other is compared with nothing any more."""
    for language in ("ar", "en"):
        place.put(f"boats.{language}.txt", BOATS)
    place.watch()
    (place.folder / "boats.en.txt").unlink()
    place.put("boats.ar.txt", BOATS + "3. Cranes.\n")
    place.watch(remove=True)
    assert (place.held(), place.standing()) == ({"boats": ("ar",)}, {"boats": "taken"})
