"""Whatever happens to a builder or to the disk: the old index or the new one, and the next build cleans up."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import IndexDamaged, IndexNotWritten, IndexRefused
from corpus.records import Report
from index.build import build_index
from index.disk import durable, sealed
from index.model.fakes import HashEmbedder
from index.stores.vectors import FaissStore
from service.settings import Settings
from tests.clients.test_cli import run
from tests.support.paths import ROOT
from tests.support.sizes import size


def faults(*words: str) -> dict[str, Any]:
    """What `python -m tests.durability` found."""
    command = [sys.executable, "-m", "tests.durability", *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=size(900, 5_400), check=False
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_builder_killed_at_any_file_operation_leaves_the_old_index_or_the_new_one() -> None:
    """By SIGKILL, before, half-way through and after the operation; `make stress` kills at every one of them.

    Taken out by hand (`CURRENT` written in place, or before the folder has its name), a builder killed in between
    leaves an empty `CURRENT`, or one that names no folder. A folder copied to its name instead of renamed passes: what
    is half there is not current, and the next build removes it.
    """
    found = faults("kill", "--every", str(size(40, 1)))
    assert found["broken"] == []
    assert found["kills"] >= size(15, 700)


def test_a_machine_that_loses_power_keeps_the_old_index_or_the_new_one() -> None:
    """Two hundred simulated losses of any part of what was not synced."""
    found = faults("power", "--losses", str(size(60, 200)))
    assert found["broken"] == []


@pytest.mark.parametrize("ignored", ["file", "folder"])
def test_the_simulation_notices_a_missing_sync(ignored: str) -> None:
    """The defence taken out each time the test runs: without one kind of fsync, power losses do break the index."""
    assert faults("power", "--losses", "30", "--ignore", ignored)["broken"]


def test_a_change_of_the_library_killed_at_any_file_operation_is_made_or_not_begun() -> None:
    """Taking in, taking in again, taking out and rolling back: a report, its documents and the index that holds it.

    Whoever looks sees the library and the index agree; settled, nothing is lost, half, left behind or back from the
    dead. Taken out by hand: without the settling, versions are left behind and the next change loses one; with the
    version before removed ahead of `CURRENT`, documents are lost; with the intent not written, there are two versions.
    """
    found = faults("kill", "--of", "library", "--every", str(size(60, 1)))
    assert found["broken"] == []
    assert found["kills"] >= size(20, 700)


def test_a_machine_that_loses_power_keeps_the_library_and_the_index_together() -> None:
    found = faults("power", "--of", "library", "--losses", str(size(40, 400)))
    assert found["broken"] == []


@pytest.mark.parametrize("ignored", ["file", "folder"])
def test_the_simulation_of_the_library_notices_a_missing_sync(ignored: str) -> None:
    assert faults("power", "--of", "library", "--losses", "20", "--ignore", ignored)["broken"]


def test_builders_at_once_exclude_each_other() -> None:
    """Six processes. Taken out by hand (the lock), they remove each other's unfinished folders."""
    found = faults("race")
    assert found["broken"] == []
    assert found["built"] + found["busy"] == 6


def test_a_disk_that_fills_at_any_byte_leaves_the_old_index_and_an_error_with_the_path() -> None:
    """Taken out by hand (the whole of an error that has no words of the system's), it says None."""
    assert faults("full", "--points", str(size(8, 60)))["broken"] == []


def test_a_disk_that_fills_at_any_byte_leaves_the_library_and_an_error_with_the_folder() -> None:
    """Taken out by hand (the folder: the file that stands beside in its place), the error names `CURRENT`."""
    assert faults("full", "--of", "library", "--points", str(size(5, 40)))["broken"] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "below FOLDER: No space left on device; make room on its volume"),
        (
            OSError(28, "No space left on device", "FOLDER/.partial-1-2/a"),
            "below FOLDER: No space left on device; make",
        ),
        (
            OSError(13, "Permission denied", "FOLDER/.partial-1-2", None, "FOLDER/ports"),
            r"below FOLDER \(ports\): Perm",
        ),
        (OSError(30, "Read-only file system", "FOLDER"), "below FOLDER: Read-only file system; mount its volume"),
        (
            OSError(24, "Too many open files", "/elsewhere/a"),
            r"below FOLDER \(/elsewhere/a\): Too many open files; raise",
        ),
        (OSError("4096 requested and 17 written"), "below FOLDER: 4096 requested and 17 written; see to it"),
    ],
)
def test_what_the_disk_refuses_is_said_with_the_folder_and_what_to_do(error: OSError, said: str) -> None:
    """Taken out by hand (names that only fiqra knows left out), `.partial-…` is named, which is gone by then."""
    with pytest.raises(IndexNotWritten, match=f"^cannot write {said}"), durable.disk_errors(Path("FOLDER")):
        raise error


CORRUPTIONS = ["flip", "truncate", "extend", "swap", "blank", "delete", "extra", "foreign", "link"]


def test_five_hundred_corruptions_are_five_hundred_refusals(tmp_path: Path, report: Report) -> None:
    """Of every file, `CURRENT` and the manifest too. Taken out by hand (the comparison of hashes), refusals are
    missing.
    """
    index_dir = tmp_path / "index"
    build_index(index_dir, (report,), HashEmbedder(), "hash")
    good = {path: path.read_bytes() for path in index_dir.rglob("*") if path.is_file() and path.name[0] != "."}
    not_refused = []
    for seed in range(500):
        rng = random.Random(seed)
        path = rng.choice(sorted(good))
        kind = rng.choice(CORRUPTIONS)
        made = corrupt(path, kind, rng, good)
        try:
            sealed.read(index_dir)
            not_refused.append((seed, kind, path.name))
        except IndexRefused as error:
            if "fiqra build" not in str(error):
                not_refused.append((seed, kind, str(error)))
        if made is not None:
            made.unlink()
        if path.is_symlink():
            path.unlink()
        path.write_bytes(good[path])
    assert not_refused == []
    assert sealed.faults(index_dir) == []


def corrupt(path: Path, kind: str, rng: random.Random, good: dict[Path, bytes]) -> Path | None:
    """Damage the file so that it is another; the path of a file that is too many."""
    data = bytearray(good[path])
    at = rng.randrange(len(data))
    if kind == "delete":
        path.unlink()
        return None
    if kind == "extra" and path.name != sealed.CURRENT:
        extra = path.with_name(f"{path.name}.{rng.randrange(100)}")
        extra.write_bytes(bytes(data))
        return extra
    if kind == "link" and path.name != sealed.CURRENT:
        path.unlink()
        path.symlink_to("/etc/hostname")
        return None
    if kind == "foreign":
        data = bytearray(next(other for other in good.values() if other != good[path]))
    elif kind == "truncate":
        del data[at:]
    elif kind == "extend":
        data += rng.randbytes(1 + rng.randrange(9))
    elif kind == "swap":
        data[at], data[at // 2] = data[at // 2], data[at]
    elif kind == "blank":
        data[at : at + 16] = bytes(len(data[at : at + 16]))
    if data == good[path]:
        data[at] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data))
    return None


def test_verify_index_says_everything_that_is_wrong_and_what_mends_it(data_dir: Path, tmp_path: Path) -> None:
    """Taken out by hand (`faults` ending at the first), one of the four files is named."""
    index_dir = Settings(data_dir=tmp_path).index_dir
    index_dir.mkdir()
    (tmp_path / "models").symlink_to(data_dir / "models")  # the encoder that the index was built with
    name = sealed.current_name(data_dir / "index")
    shutil.copytree(data_dir / "index" / name, index_dir / name)
    base = sealed.manifest_of_current(data_dir / "index").base["name"]
    folder = Path(shutil.copytree(sealed.parts_of(data_dir / "index") / base, sealed.parts_of(index_dir) / base))
    durable.replace_text(index_dir / sealed.CURRENT, f"{name}\n")
    assert run("verify-index", data_dir=tmp_path).returncode == 0
    (folder / "tokens.npy").unlink()
    (folder / "stray.txt").write_text("x")
    (folder / "chunks.json").write_bytes(b"[" + (folder / "chunks.json").read_bytes()[1:-1] + b" ")
    (folder / "vectors.faiss").write_bytes(b"")
    result = run("verify-index", "--json", data_dir=tmp_path)
    errors = json.loads(result.stdout)["errors"]
    assert (result.returncode, len(errors)) == (1, 4)
    for file, what in {
        "tokens.npy": "is missing",
        "stray.txt": "is not in files.json",
        "chunks.json": "was altered",
        "vectors.faiss": "has 0 bytes, expected",
    }.items():
        [error] = [error for error in errors if f"{file} {what}" in error]
        assert "run `fiqra build` to mend it" in error
        assert error in result.stderr


def test_a_bad_report_is_named_by_verify_index_and_keeps_nobody_from_anything(data_dir: Path, tmp_path: Path) -> None:
    """`build` and `show` go on without it, and say so. Taken out by hand (the check of the reports), it passes."""
    shutil.copytree(data_dir / "index", tmp_path / "index")
    (tmp_path / "models").symlink_to(data_dir / "models")
    bad = tmp_path / "reports" / "bad"
    bad.mkdir(parents=True)
    (bad / "report.json").write_text('{"id": "bad", "year": "x"}')
    result = run("verify-index", "--json", data_dir=tmp_path)
    [error] = json.loads(result.stdout)["errors"]
    assert result.returncode == 1
    assert error.startswith(f"{bad / 'report.json'} holds no report: renderings: Field required; ingest it again, or")
    for words in (["show", "21"], ["build"]):
        result = run(*words, data_dir=tmp_path)
        assert result.returncode == 0
        assert "the report bad is set aside" in result.stderr
    result = run("remove", "bad", data_dir=tmp_path)
    assert result.returncode == 0, result.stderr
    assert run("verify-index", data_dir=tmp_path).returncode == 0


def test_vectors_that_are_not_of_unit_length_are_refused() -> None:
    """Taken out by hand (`_of_unit_length`), inner products pass for cosines."""
    vectors = np.eye(4, dtype=np.float32)
    FaissStore.from_bytes(FaissStore.of(vectors).to_bytes(), 4, 4)
    with pytest.raises(IndexDamaged, match="unit length"):
        FaissStore.from_bytes(FaissStore.of(vectors * 1.01).to_bytes(), 4, 4)


def test_an_index_of_another_model_is_whole_and_refused(tmp_path: Path, report: Report) -> None:
    build_index(tmp_path / "index", (report,), HashEmbedder(), "hash")
    result = run("verify-index", data_dir=tmp_path)
    assert result.returncode == 1
    assert "hash (16-d" in result.stderr
    assert "fiqra build" in result.stderr


def test_what_killed_builds_left_is_cleaned_even_where_nothing_is_to_be_built(tmp_path: Path, report: Report) -> None:
    """Taken out by hand (`remove_leftovers` in `build_index`), the folder stays where nothing is written."""
    index_dir = tmp_path / "index"
    name = build_index(index_dir, (report,), HashEmbedder(), "hash")
    (index_dir / durable.partial_name()).mkdir()
    assert build_index(index_dir, (report,), HashEmbedder(), "hash") == name
    assert not list(index_dir.glob(f"{durable.PARTIAL}*"))
    (index_dir / durable.partial_name()).mkdir()
    durable.clean_up(index_dir)
    assert not list(index_dir.glob(f"{durable.PARTIAL}*"))
