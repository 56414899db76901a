"""What is damaged on the disk is named and mended, and takes no other report along."""

from __future__ import annotations

import logging
import random
import shutil
from pathlib import Path

import pytest

from index.disk import durable, intents, sealed, shared_folders
from index.disk.shelf import FILE
from tests.durability.library import (
    ARABIC,
    CHANGED,
    ENGLISH,
    build,
    digests,
    disagreements,
    ingest,
    library_in,
    remove,
    served,
    state_of,
    version,
)
from tests.support.sizes import size


def rebuild(folder: Path) -> None:
    library = library_in(folder)
    with library.changing():
        build(folder, library.base(), library.added(), lambda _: None)


def spoil(path: Path, how: str, rng: random.Random) -> None:
    """Damage a file."""
    content = bytearray(path.read_bytes())
    if how == "delete":
        path.unlink()
        return
    at = rng.randrange(len(content))
    if how == "flip":
        content[at] ^= 1 << rng.randrange(8)
    elif how == "cut":
        del content[at:]
    elif how == "empty":
        content.clear()
    elif how == "blank":
        content[:] = bytes(len(content))
    elif how == "longer":
        content += b"x"
    path.write_bytes(content)


SPOILT = ("flip", "cut", "empty", "blank", "longer", "delete")


def test_a_damaged_report_is_named_and_mended_and_the_others_are_served(template: Path, tmp_path: Path) -> None:
    """Each file of a report, damaged in each way: `verify-index` names it, another report is taken in beside it, and
    it is taken in again or out.

    Taken out by hand (a report that cannot be read left out of a build), the other ingest fails.
    """
    files = sorted(path.relative_to(template) for path in (template / "reports" / "ports").rglob("*") if path.is_file())
    rng = random.Random(4)
    cases = [(file, how, mend) for file in files for how in SPOILT for mend in (put_again, remove)]
    for number, (file, how, mend) in enumerate(rng.sample(cases, size(24, len(cases)))):
        folder = Path(shutil.copytree(template, tmp_path / str(number)))
        spoil(folder / file, how, rng)
        faults = list(library_in(folder).shelf.faults())
        assert any(str(folder / file) in fault or str(folder / file.parent) in fault for fault in faults), (file, how)
        assert all("ingest it again, or `fiqra remove` it" in fault for fault in faults)
        ingest(folder, "third", ("en", ENGLISH))
        assert {"other", "third"} <= set(served(folder))
        mend(folder, "ports")
        assert list(disagreements(folder)) == [], (file, how)
        assert ("ports" in served(folder)) == (mend is put_again)
        shutil.rmtree(folder)


def put_again(folder: Path, report: str) -> None:
    ingest(folder, report, ("en", ENGLISH), ("ar", ARABIC))


def test_a_damaged_index_is_built_again_and_every_report_is_in_it(template: Path, tmp_path: Path) -> None:
    """Each file of an index with added reports, damaged in each way; the library is as it was."""
    files = sorted(path.relative_to(template) for path in (template / "index").rglob("*") if path.is_file())
    files = [file for file in files if file.name[0] != "."]
    rng = random.Random(5)
    for number, (file, how) in enumerate(rng.sample([(f, h) for f in files for h in SPOILT], size(20, 150))):
        folder = Path(shutil.copytree(template, tmp_path / str(number)))
        before = digests(folder / "reports")
        spoil(folder / file, how, rng)
        library = library_in(folder)
        library.settle()
        with library.changing():
            build(folder, library.base(), library.added(), lambda _: None, check=True)
        assert list(disagreements(folder)) == [], (file, how)
        assert served(folder) == ["other", "ports"]
        assert digests(folder / "reports") == before
        shutil.rmtree(folder)


UNREADABLE = [b"", b"{", b'{"id": "bad"}', b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("content", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_report_that_an_earlier_fiqra_kept_and_nobody_can_read(
    data: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A `report.json` right in the report's folder, as 0.1.0 had them; the file is put aside and never deleted."""
    bad = data / "reports" / "bad"
    bad.mkdir()
    (bad / FILE).write_bytes(content)
    with caplog.at_level(logging.WARNING, "fiqra"):
        ingest(data, "third", ("en", ENGLISH))
    assert "the report bad is set aside" in caplog.text
    assert served(data) == ["other", "ports", "third"]
    assert library_in(data).get("bad") is None
    assert [report.id for report in library_in(data).all()] == ["tiny", "other", "ports", "third"]
    ingest(data, "bad", ("en", CHANGED))
    assert served(data) == ["bad", "other", "ports", "third"]
    assert (bad / f"{FILE}.aside").read_bytes() == content
    remove(data, "bad")
    assert served(data) == ["other", "ports", "third"]
    assert (bad / f"{FILE}.aside").read_bytes() == content
    assert list(disagreements(data)) == []


def test_what_an_earlier_fiqra_kept_is_sealed_and_nothing_is_encoded_for_it(data: Path, template: Path) -> None:
    """Its files lay in the report's folder; strangers among them stay there. Killed half-way, it is done again."""
    name = sealed.current_name(data / "index")
    old = version(data, "ports")
    flat = old.parent
    (old / shared_folders.LIST).unlink()
    for path in old.iterdir():
        path.rename(flat / path.name)
    old.rmdir()
    (flat / "minutes.txt").write_text("a stranger's")
    assert {entry.id for entry in library_in(data).added()} == {"other", "ports"}
    assert list(disagreements(data)) == []
    shutil.copytree(version(template, "ports"), flat / version(template, "ports").name)  # as if killed in the middle
    (flat / next(path.name for path in flat.iterdir() if path.name.startswith("ar-"))).unlink()
    library_in(data).settle()
    assert sorted(path.name for path in flat.iterdir()) == sorted([version(template, "ports").name, "minutes.txt"])
    assert state_of(data)["other"] == state_of(template)["other"]
    rebuild(data)
    assert sealed.current_name(data / "index") == name


def test_a_strangers_report_beside_a_damaged_version_keeps_nobody_from_starting(data: Path) -> None:
    """Taken out by hand (what cannot be brought up left as it is), nothing can be started or changed any more."""
    (data / "reports" / "ports" / FILE).write_text("{}")
    (version(data, "ports") / shared_folders.LIST).write_text("{}")
    library_in(data).settle()
    ingest(data, "third", ("en", ENGLISH))
    assert {"other", "third"} <= set(served(data))
    put_again(data, "ports")
    assert list(disagreements(data)) == []
    assert (data / "reports" / "ports" / FILE).read_text() == "{}"


def test_an_intent_that_cannot_be_read_costs_nothing(data: Path) -> None:
    """What was meant is not known, so nothing is deleted, and the next change is made."""
    with durable.temporary_folder(data / "reports") as staged:
        (staged / "document.txt").write_text("unfinished")
        (data / "reports" / intents.FILE).write_text("{")
        assert list(disagreements(data)) == []
        ingest(data, "third", ("en", ENGLISH))
    assert served(data) == ["other", "ports", "third"]
    assert [path.read_text() for path in data.rglob("document.txt")] == ["unfinished"]
    assert (data / "reports" / f"{intents.FILE}.aside").read_text() == "{"
