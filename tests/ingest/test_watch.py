"""`fiqra watch`: what lies in a folder comes into the library, whole; what a person should look at is set aside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from corpus.errors import DocumentRefused, IndexNotWritten
from service.app import build_app
from service.cli import main
from service.reports import folder as folders
from service.reports import ingest, queue, watching
from service.reports.folder import NotWhole, look
from service.reports.queue import Queue
from service.settings import Settings
from tests.ingest.test_process_told_to_stop import long_document
from tests.ingest.test_uploads import TOKEN, state_on
from tests.support.paths import DOCUMENTS
from tests.support.server_process import FIQRA
from tests.support.services import LOCAL, eventually
from tests.support.watched import BOATS, Place

GAP = "Cranes\n\n1. Cranes lift crates.\n3. Gantries roll.\n"


def test_reports_are_found_by_their_names(place: Place) -> None:
    """`ID.ar.docx`, and a folder ID; hidden files, links and what is being downloaded are passed over."""
    for language, ending in (("ar", "docx"), ("en", "pdf")):
        place.put(f"harbours.2026.{language}.{ending}", (DOCUMENTS / f"report.{language}.{ending}").read_bytes())
    place.put("boats/final version.EN.txt", BOATS)
    place.put("cranes.md", BOATS)
    place.put(".hidden.txt", BOATS)
    place.put("~$boats.txt", BOATS)
    place.put("late.txt.part", BOATS)
    (place.folder / "link.txt").symlink_to(place.folder / "cranes.md")
    (place.folder / "links").symlink_to(place.folder / "boats")
    place.watch()
    assert place.held() == {"harbours.2026": ("ar", "en"), "boats": ("en",), "cranes": ("en",)}
    assert set(place.standing().values()) == {"taken"}
    assert place.built == 3
    place.watch()
    assert place.built == 3  # nothing changed


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"cranes.txt": GAP}, "paragraph 3 comes after paragraph 1"),
        ({"cranes.ar.txt": BOATS, "cranes.en.txt": BOATS + "3. Cranes.\n"}, "do not have the same structure"),
        ({"cranes.en.txt": BOATS, "cranes.en.md": BOATS}, "two documents are in one language"),
        ({"cranes/a.txt": BOATS, "cranes/b.txt": BOATS, "cranes/c.txt": BOATS}, "keep one a language"),
        ({"Cranes.txt": BOATS}, "rename the file"),
        ({"cranes.doc": BOATS}, ".doc is not read"),
        ({"cranes.docx": BOATS}, "cranes.docx"),
        ({"kyoto-2021-workshop-4.txt": BOATS}, "comes with fiqra"),
    ],
)
def test_what_needs_a_person_is_set_aside(place: Place, files: dict[str, str], why: str) -> None:
    for name, text in files.items():
        place.put(name, text)
    entries = place.watch().entries
    [aside] = entries.values()
    assert aside.standing == "aside"
    assert why in (aside.why or "")
    assert (aside.account is None) == (aside.command is None)
    assert (place.built, place.held()) == (0, {})
    before, after = (queue.listing([Queue("", each)]).model_dump_json() for each in (entries, place.watch().entries))
    assert before == after  # it is not read again


def test_the_account_is_that_of_a_dry_run(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `fiqra ingest --dry-run` prints it, in JSON and in lines, and with the command; the service lists it too."""
    place.put("cranes.txt", GAP)
    place.watch()
    monkeypatch.setenv("FIQRA_DATA_DIR", str(place.settings.data_dir))
    given = ["ingest", str(place.folder / "cranes.txt"), "--id", "cranes", "--dry-run"]
    dry = json.loads(CliRunner().invoke(main, [*given, "--json"]).stdout)
    listed = json.loads(CliRunner().invoke(main, ["watch", "--list", "--json"]).stdout)
    [report] = listed["folders"][0]["reports"]
    assert report["account"] == dry
    told = CliRunner().invoke(main, ["watch", "--list"]).stdout
    for line in CliRunner().invoke(main, given).stdout.splitlines()[:-1]:
        assert line in told
    assert f"fiqra ingest {place.folder}/cranes.txt --id cranes" in told
    state = state_on(place.settings.data_dir, admin_token=TOKEN["authorization"].split()[1])
    with TestClient(build_app(state), base_url=LOCAL) as client:
        assert client.get("/v1/admin/watched").status_code == 401
        assert client.get("/v1/admin/watched", headers=TOKEN).json() == listed


def test_what_a_person_took_in_is_aside_no_longer(place: Place) -> None:
    place.put("cranes.txt", GAP)
    place.watch()
    upload = ingest.Upload("cranes.txt", GAP.encode(), None)
    build = partial(place.build, lambda *_: None)
    ingest.take_in(place.settings.library(), [upload], ingest.Wanted("cranes"), build)
    place.watch()
    assert place.standing() == {"cranes": "taken"}
    assert place.built == 1


def test_a_document_that_still_grows_is_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two looks in a row have to be alike; else a part would be served, and the others one by one."""
    looks, original = [0], folders.look

    def growing(folder: Path) -> folders.Look:
        looks[0] += 1
        if looks[0] <= 6:
            place.put("boats.txt", BOATS + "".join(f"{n}. More.\n" for n in range(3, 3 + looks[0])))
        return original(folder)

    monkeypatch.setattr(folders, "look", growing)
    place.watch()
    assert place.built == 1
    [report] = place.settings.library().all()[1:]
    assert len(report.renderings[0].paragraphs) == 8


def test_a_document_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    """What changed since it was looked at, went, or became a link, itself or its folder, is not read."""
    (tmp_path / "in" / "cranes").mkdir(parents=True)
    secret = tmp_path / "secret.txt"
    secret.write_text(BOATS)
    for name in ("boats.txt", "cranes/a.txt", "gone.txt", "linked.txt"):
        (tmp_path / "in" / name).write_text(BOATS)
    found = {document.name: document for document in look(tmp_path / "in").documents}
    assert folders.read(tmp_path / "in", found["boats.txt"]) == BOATS.encode()
    (tmp_path / "in" / "boats.txt").write_text(BOATS + "3. More.\n")
    (tmp_path / "in" / "gone.txt").unlink()
    (tmp_path / "in" / "linked.txt").unlink()
    (tmp_path / "in" / "linked.txt").symlink_to(secret)
    shutil.move(tmp_path / "in" / "cranes", tmp_path / "elsewhere")
    (tmp_path / "in" / "cranes").symlink_to(tmp_path / "elsewhere")
    for document in found.values():
        with pytest.raises(NotWhole):
            folders.read(tmp_path / "in", document)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_document_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "boats.txt").write_text(BOATS)
    [document] = look(tmp_path).documents
    (tmp_path / "boats.txt").chmod(0)
    with pytest.raises(DocumentRefused, match="let the user"):
        folders.read(tmp_path, document)


def test_a_folder_that_cannot_be_read_changes_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does an empty one, which a network folder is while it is not mounted."""
    place.put("boats/en.txt", BOATS)
    place.put("cranes.txt", BOATS)
    place.watch()
    kept = place.folder.rename(place.folder.with_name("elsewhere"))
    place.watch(remove=True)  # there is no such folder
    place.folder.mkdir()
    place.watch(remove=True)
    place.folder.rmdir()
    kept.rename(place.folder)
    monkeypatch.setattr(os, "scandir", _refusing(os.scandir, place.folder / "boats"))
    place.watch(remove=True)
    assert place.held().keys() == {"boats", "cranes"}
    assert place.standing() == {"boats": "taken", "cranes": "taken"}


def _refusing(original: Callable[..., object], folder: Path) -> Callable[..., object]:
    def scandir(path: object = ".") -> object:
        if str(path) == str(folder):
            raise PermissionError(13, "Permission denied")
        return original(path)

    return scandir


def test_languages_that_differ_wait_for_each_other(place: Place) -> None:
    """The Arabic is changed before the English: what was served serves until both agree again."""
    before, after = BOATS, BOATS + "3. Cranes.\n"
    for language in ("ar", "en"):
        place.put(f"boats.{language}.txt", before)
    place.watch()
    place.put("boats.ar.txt", after)
    place.watch()
    assert place.standing() == {"boats": "aside"}
    [report] = place.settings.library().all()[1:]
    assert {len(rendering.paragraphs) for rendering in report.renderings} == {2}
    place.put("boats.en.txt", after)
    place.watch()
    assert place.standing() == {"boats": "taken"}
    [report] = place.settings.library().all()[1:]
    assert {len(rendering.paragraphs) for rendering in report.renderings} == {3}


def test_what_fails_for_no_fault_of_a_document_waits(place: Place) -> None:
    place.put("boats.txt", BOATS)
    place.fails = IndexNotWritten("the disk is full")
    place.watch()
    assert place.standing() == {"boats": "waiting"}
    since = (queue.read(place.where) or Queue("")).entries["boats"].since
    place.fails = None
    time.sleep(1.1)  # by when another time would be written down
    assert place.watch().entries["boats"].standing == "taken"
    assert since


def test_a_fault_of_fiqras_sets_one_report_aside(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("boats", "cranes"):
        place.put(f"{name}.txt", BOATS)
    original = ingest.prepare

    def faulty(library: object, read: object, wanted: ingest.Wanted) -> object:
        if wanted.id == "boats":
            raise ZeroDivisionError
        return original(library, read, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "prepare", faulty)
    entries = place.watch().entries
    assert {report: entry.standing for report, entry in entries.items()} == {"boats": "aside", "cranes": "taken"}
    assert "the log says what" in (entries["boats"].why or "")


def test_a_queue_that_is_damaged_is_kept_and_made_anew(place: Place) -> None:
    place.put("boats.txt", BOATS)
    place.watch()
    (place.where / queue.FILE).write_text("{")
    place.watch()
    assert (place.standing(), place.built) == ({"boats": "taken"}, 1)
    assert (place.where / f"{queue.FILE}.aside").read_text() == "{"


def test_names_that_are_no_text_are_passed_over(place: Place) -> None:
    try:
        (place.folder / os.fsdecode(b"bo\xffats.txt")).write_text(BOATS)
    except OSError:
        pytest.skip("the file system takes no such name")
    place.put("boats.txt", BOATS)
    place.watch()
    assert place.standing() == {"boats": "taken"}


@contextmanager
def watching_process(folder: Path, data: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data), **settings}
    command = [FIQRA, "watch", str(folder), "--every", "0.3"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as watch:
        try:
            yield watch
        finally:
            watch.kill()


def standing(data: Path) -> dict[str, str]:
    return {report: entry.standing for each in queue.every(data) for report, entry in each.entries.items()}


def told(watch: subprocess.Popen[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in (watch.stderr.read() if watch.stderr else "").splitlines()]


@pytest.mark.process
@pytest.mark.model
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_watch_that_is_ended_at_work_is_gone_on_with(data_dir: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ended while it encodes: nothing of the report is there, and it waits. With SIGTERM the exit code is 0."""
    shutil.copytree(data_dir / "index", tmp_path / "data" / "index")
    (tmp_path / "data" / "models").symlink_to((data_dir / "models").resolve())
    data, folder = tmp_path / "data", tmp_path / "in"
    folder.mkdir()
    (folder / "long.txt").write_bytes(long_document(3))
    library = Settings(data_dir=data).library()
    with watching_process(folder, data, FIQRA_GRACE_S="3") as watch:
        assert eventually(lambda: any((data / "reports").glob(".partial-*")), 120)  # it is being encoded
        watch.send_signal(number)
        assert watch.wait(60) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
        if number == signal.SIGTERM:
            assert told(watch)[-1]["event"] == "ended"
    assert library.get("long") is None
    assert standing(data) == {"long": "waiting"}
    (folder / "long.txt").write_text(BOATS)  # so that it takes less time
    with watching_process(folder, data) as watch:
        assert eventually(lambda: standing(data) == {"long": "taken"}, 120)
        with watching_process(folder, data) as other:  # the folder has its watch
            assert other.wait(60) == 1
            assert other.stderr
            assert "watches" in other.stderr.read()
        watch.terminate()
        assert watch.wait(60) == 0
        assert [line["event"] for line in told(watch) if "event" in line] == ["watching", "taken", "ended"]
    report = library.get("long")
    assert report
    assert len(report.renderings[0].paragraphs) == 2
    assert not list((data / "reports").glob(".partial-*"))
