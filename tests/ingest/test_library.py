"""What is given to the library stays: originals, strangers' files, and the reports beside a bad one."""

from __future__ import annotations

import hashlib
import json
import logging
import random
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from corpus.errors import CorpusError, IndexBusy, IndexNotWritten
from corpus.exchange import jsonl
from corpus.records import Report, Span
from corpus.soundness import check
from index import contents
from index.disk import durable, intents, sealed, shared_folders
from index.disk.shelf import FILE, as_stored
from service.reports.ingest import Upload, Wanted, prepare, take_in, take_out
from tests.durability.library import (
    ARABIC,
    CHANGED,
    EMBEDDER,
    ENGLISH,
    build,
    disagreements,
    ingest,
    library_in,
    make_template,
    state_of,
)
from tests.support.sizes import size


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "data"
    make_template(folder)
    return folder


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A data folder with the reports `ports` (Arabic, English) and `other`."""
    return Path(shutil.copytree(template, tmp_path / "data"))


def remove(folder: Path, report: str) -> None:
    take_out(library_in(folder), report, partial(build, folder))


def rebuild(folder: Path) -> None:
    library = library_in(folder)
    with library.changing():
        build(folder, library.base(), library.added(), lambda _: None)


def served(folder: Path) -> list[str]:
    loaded = contents.load(sealed.read(folder / "index"), EMBEDDER.fingerprint, EMBEDDER.dimension)
    return sorted(report.id for report in loaded.reports if report.id != "tiny")


def version(folder: Path, report: str) -> Path:
    [found] = library_in(folder).shelf.versions(report)
    return found


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path; locks are left out."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in {".lock", ".reading"})
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


# ----------------------------------------------------------------------------------------------- originals


def test_documents_of_one_name_keep_each_its_own_bytes(tmp_path: Path) -> None:
    """Taken out by hand (a document paired with whatever has its name), one's bytes lie under the other's hash."""
    library = library_in(tmp_path)
    uploads = [Upload("report.txt", ENGLISH, "en"), Upload("report.txt", ARABIC, "ar")]
    plan = prepare(library, uploads, Wanted("ports"))
    with library.changing():
        library.put(plan.report, plan.sources)
    kept = {path.name: path.read_bytes() for path in version(tmp_path, "ports").glob("*-*.txt")}
    documents = {name: data for name, data in kept.items() if not name.endswith(".lines.txt")}
    assert documents == {
        f"{language}-{hashlib.sha256(data).hexdigest()[:16]}.txt": data
        for language, data in (("en", ENGLISH), ("ar", ARABIC))
    }
    for rendering in plan.report.renderings:
        assert f"{rendering.language}-{rendering.source_sha256[:16]}.txt" in documents


FAULTS = ("locked", "full when it is written", "full when it is indexed", "full at the end")


@pytest.mark.parametrize(
    ("change", "fault"),
    [(c, f) for c in ("re-ingest", "remove", "new") for f in FAULTS if (c, f) != ("remove", "full when it is written")],
)
def test_a_change_that_fails_leaves_every_byte_as_it_was(data: Path, change: str, fault: str) -> None:
    """The lock of the index held, and a disk that is full at different moments.

    Taken out by hand (the version of before removed before the index is current), the documents are gone.
    """
    before = digests(data / "reports")
    current = sealed.current_name(data / "index")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    broken = {
        "full when it is written": patch.object(shared_folders, "seal", full),
        "full when it is indexed": patch.object(sealed, "write", full),
        "full at the end": patch.object(sealed, "make_current", full),
    }
    acts: dict[str, Callable[[], None]] = {
        "re-ingest": lambda: ingest(data, "ports", ("en", CHANGED)),
        "remove": lambda: remove(data, "ports"),
        "new": lambda: ingest(data, "new", ("en", CHANGED)),
    }
    act = acts[change]
    broken_off = durable.exclusive(data / "index") if fault == "locked" else broken[fault]
    with broken_off, pytest.raises((IndexBusy, IndexNotWritten, OSError)):
        act()
    assert digests(data / "reports") == before
    assert sealed.current_name(data / "index") == current
    assert list(disagreements(data)) == []
    act()
    assert list(disagreements(data)) == []


def test_what_a_new_document_does_not_replace_is_kept(data: Path) -> None:
    """An export read back leaves the document that its paragraphs were read from."""
    before = set(digests(version(data, "ports")).values())
    ingest(data, "ports", ("en", CHANGED))
    kept = set(digests(version(data, "ports")).values())
    assert hashlib.sha256(ARABIC).hexdigest() in kept
    assert hashlib.sha256(CHANGED).hexdigest() in kept
    assert hashlib.sha256(ENGLISH).hexdigest() in before - kept
    report = library_in(data).get("ports")
    assert report is not None
    export = "\n".join(jsonl.write(report)).encode()
    take_in(library_in(data), [Upload("ports.jsonl", export)], Wanted("ports"), partial(build, data))
    again = set(digests(version(data, "ports")).values())
    assert {hashlib.sha256(document).hexdigest() for document in (ARABIC, CHANGED, export)} <= again


def test_whoever_reads_meanwhile_sees_the_report_before_or_after(data: Path) -> None:
    """A report is changed over and over. Taken out by hand (looking again where a change was made meanwhile), a reader
    now and then misses it.
    """
    seen: list[dict[str, str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append({report.id: report.rendering("en").paragraphs[0].text for report in library_in(data).all()})

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(size(6, 40)):
        ingest(data, "ports", ("en", CHANGED if number % 2 == 0 else ENGLISH))
    done.set()
    for reader in readers:
        reader.join(60)
    assert all(set(texts) == {"tiny", "other", "ports"} for texts in seen)
    assert {texts["ports"] for texts in seen} == {"Tugboats pull barges.", "Tugboats pull rafts."}


# ------------------------------------------------------------------------------------- what others put there


STRANGERS = (
    "reports/notes/minutes.txt",
    "reports/notes.txt",
    "reports/.partial-mine/a.txt",
    "reports/.partial-abcdefgh",
    "reports/ports/minutes.txt",
    "reports/ports/old/minutes.txt",
    "reports/0123456789abcdef0123456789abcdef/report.json",
    "index/notes/a.txt",
    "index/.partial-mine/a.txt",
    "index/0123456789abcdef0123456789abcdef/manifest.json",
    "index/fedcba9876543210fedcba9876543210/a.txt",
    "index/parts/notes/a.txt",
    "index/parts/0123456789abcdef0123456789abcdef/files.json",
    "index/parts/fedcba9876543210fedcba9876543210/a.txt",
)


def test_nothing_that_others_put_there_is_deleted(data: Path) -> None:
    """By ingests, a removal, builds and a clean-up, in the library, the index, and beside what is half written.

    Taken out by hand (folders removed by the look of their names), all but two of the fourteen go.
    """
    inside = version(data, "ports") / "minutes.txt"
    inside.write_text("kept inside a version")
    part = sealed.parts_of(data / "index") / sealed.manifest_of_current(data / "index").parts["ports"]["name"]
    (part / "minutes.txt").write_text("kept inside a part")
    for name in STRANGERS:
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"kept {name}")
    for number in range(3):
        ingest(data, "ports", ("en", CHANGED.replace(b"lift", b"lift %d" % number)))
        ingest(data, f"more{number}", ("en", ENGLISH))
        remove(data, f"more{number}")
    remove(data, "ports")
    durable.clean_up(data / "index")
    library_in(data).settle()
    for name in STRANGERS:
        assert (data / name).read_text() == f"kept {name}"
    texts = [path.read_text() for path in data.rglob("minutes.txt")]
    assert {"kept inside a version", "kept inside a part"} <= set(texts)
    assert served(data) == ["other"]


def test_what_is_half_written_is_known_by_a_name_that_nobody_gives(tmp_path: Path) -> None:
    with durable.temporary_folder(tmp_path) as made:
        assert durable.is_partial(made.name)
    assert not any(map(durable.is_partial, [".partial-", ".partial-mine", ".partial-a-b", f"{made.name}.aside", "a"]))


# --------------------------------------------------------------------------------------- one bad report


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


# ------------------------------------------------------------------------------------------- what is kept


def report_with(**changes: object) -> Report:
    report = Report("ports", prepared().renderings, None, 2020)
    return replace(report, **changes)  # type: ignore[arg-type]  # wrong on purpose


def prepared() -> Report:
    return prepare(library_in(Path("nowhere")), [Upload("a.txt", ENGLISH, "en")], Wanted("ports")).report


def unsound() -> list[tuple[str, Report]]:
    rendering = prepared().renderings[0]
    first, second = rendering.paragraphs
    astray = replace(first, emphasis=(Span(0, 99),))
    other = replace(rendering, language="ar", paragraphs=(first,))
    return [
        ("year", report_with(year="x")),
        ("year", report_with(year=10**9)),
        ("year", report_with(year=2020.5)),
        ("read back", report_with(year="2020")),
        ("symbol", report_with(symbol=7)),
        ("no language", report_with(renderings=())),
        ("twice", report_with(renderings=(rendering, rendering))),
        ("other paragraphs", report_with(renderings=(rendering, other))),
        ("no paragraph", report_with(renderings=(replace(rendering, paragraphs=()),))),
        ("out of order", report_with(renderings=(replace(rendering, paragraphs=(second, first)),))),
        ("out of order", report_with(renderings=(replace(rendering, paragraphs=(first, first)),))),
        ("no text", report_with(renderings=(replace(rendering, paragraphs=(replace(first, text=" "),)),))),
        ("kept", report_with(renderings=(replace(rendering, paragraphs=(replace(first, text="\ud800"),)),))),
        ("beyond", report_with(renderings=(replace(rendering, paragraphs=(astray,)),))),
        ("kept", report_with(renderings=(replace(rendering, official="perhaps"),))),  # type: ignore[arg-type]
        ("kept", report_with(renderings=(replace(rendering, language="fr"),))),  # type: ignore[arg-type]
    ]


UNSOUND = unsound()


@pytest.mark.parametrize(("why", "report"), UNSOUND, ids=range(len(UNSOUND)))
def test_what_would_not_be_read_back_is_refused_before_anything_is_written(
    data: Path, why: str, report: Report
) -> None:
    """Taken out by hand (reading it back), a report whose year is `x` is kept, and no build succeeds any more."""
    before = digests(data)
    library = library_in(data)
    with library.changing(), pytest.raises(CorpusError, match=why):
        library.put(report)
    assert digests(data) == before


def test_the_reports_there_are_are_sound(report: Report) -> None:
    check(report, "it")
    assert json.loads(as_stored(report))["id"] == report.id


def test_an_export_with_a_senseless_year_is_refused_and_bricks_nothing(data: Path) -> None:
    report = library_in(data).get("ports")
    assert report is not None
    head, *rest = jsonl.write(report)
    for year in ("x", [1], 1e300, -4):
        export = "\n".join([json.dumps({**json.loads(head), "year": year}), *rest]).encode()
        with pytest.raises(CorpusError):
            take_in(library_in(data), [Upload("a.jsonl", export)], Wanted("new"), partial(build, data))
    remove(data, "ports")
    ingest(data, "third", ("en", ENGLISH))
    assert served(data) == ["other", "third"]
