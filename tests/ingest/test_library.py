"""What is given to the library stays: originals, and what others put there; what is unsound is not taken in."""

from __future__ import annotations

import hashlib
import json
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
from index.disk import durable, sealed, shared_folders
from index.disk.shelf import as_stored
from service.reports.ingest import Upload, Wanted, prepare, take_in
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
    version,
)
from tests.support.sizes import size

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
