"""Reports taken in and out over HTTP, while the service answers."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from corpus.isolated.reading import read_apart
from corpus.readers.safety import LARGEST
from index.build import build_index
from index.model.fakes import HashEmbedder
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.reload import Reloader
from service.reports.intake import MAX_UPLOAD
from service.reports.reading_room import ReadingRoom
from service.settings import Settings
from service.state import State, load_engine
from tests.documents import harmful
from tests.support.children import children
from tests.support.paths import DOCUMENTS
from tests.support.server_process import running
from tests.support.services import LOCAL, eventually

TOKEN = {"authorization": "Bearer a-token-of-the-tests"}
LONG = b"1. One.\n" * 1_000_000  # half a minute of reading
SHORT = ("short.txt", b"Short\n\n1. Tugboats pull barges.\n2. Cranes lift crates.\n")


def state_on(folder: Path, **settings: Any) -> State:
    embedder = HashEmbedder()
    chosen = Settings(data_dir=folder, **settings)
    if not chosen.index_dir.exists():
        build_index(chosen.index_dir, chosen.library().base(), embedder, "hash")
    state = State(chosen, WorkQueue(8, 10.0), load_engine(chosen, embedder), embedder=embedder)
    state.reloader = Reloader(state, partial(load_engine, chosen, embedder), chosen.index_dir, 0)
    return state


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    state = state_on(tmp_path, admin_token="a-token-of-the-tests")
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as opened:
        yield opened


def finished(client: TestClient, response: Any) -> dict[str, Any]:
    assert response.status_code == 202, response.text
    for _ in range(600):
        job: dict[str, Any] = client.get(response.headers["location"], headers=TOKEN).json()
        if job["status"] in {"done", "failed"}:
            return job
        time.sleep(0.1)
    pytest.fail("the job did not end within a minute")


def send(client: TestClient, *files: tuple[str, bytes], **fields: Any) -> Any:
    return client.post("/v1/reports", data=fields, files=[("file", file) for file in files], headers=TOKEN)


def ids(client: TestClient) -> list[str]:
    return [report["id"] for report in client.get("/v1/reports").json()["reports"]]


def test_a_report_in_two_languages_is_added_served_and_removed(client: TestClient) -> None:
    files = [
        (f"report.{language}.docx", (DOCUMENTS / f"report.{language}.docx").read_bytes()) for language in ("ar", "en")
    ]
    job = finished(client, send(client, *files, id="harbours", official="true"))
    assert (job["status"], job["progress"], job["error"]) == ("done", 1.0, None)
    assert [reading["paragraphs"] for reading in job["result"]["readings"]] == [9, 9]
    assert ids(client) == ["kyoto-2021-workshop-4", "harbours"]
    shown = client.get("/v1/reports/harbours/paragraphs/annex I, para. 2 (b)").json()["paragraphs"][0]
    assert (shown["ref"], shown["language"]) == ("annex1:2(b)", "ar")
    assert shown["parallel"][0]["text"] == "A fund for small ports."
    item = client.get("/v1/reports/harbours/paragraphs/4(a)(ii)?lang=en").json()["paragraphs"][0]
    assert (item["parent"], item["eid"]) == ("4(a)", "para_4__subpara_a__point_ii")
    assert item["lead_in"].startswith("Several speakers underlined the following needs: To share positions")
    assert client.get("/p/harbours/4(a)(ii)?lang=en").status_code == 200
    assert client.get("/reports/harbours?lang=ar").status_code == 200
    job = finished(client, client.delete("/v1/reports/harbours?lang=en", headers=TOKEN))
    assert (job["status"], job["result"]["language"]) == ("done", "en")
    assert client.delete("/v1/reports/harbours?lang=en", headers=TOKEN).status_code == 422
    assert client.get("/v1/reports/harbours").json()["languages"] == ["ar"]
    job = finished(client, client.delete("/v1/reports/harbours", headers=TOKEN))
    assert job["status"] == "done"
    assert ids(client) == ["kyoto-2021-workshop-4"]


def test_a_dry_run_says_what_would_be_read(client: TestClient) -> None:
    response = send(client, SHORT, id="ports", dry_run="true")
    assert response.status_code == 200
    assert response.json()["result"]["readings"][0]["paragraphs"] == 2
    assert ids(client) == ["kyoto-2021-workshop-4"]


@pytest.mark.parametrize(
    ("file", "fields", "status", "why"),
    [
        (("a.docx", b"%PDF-1.7"), {"id": "x"}, 422, "holds a PDF"),
        (("a.txt", b"no numbers"), {"id": "x"}, 422, "no numbered paragraph"),
        (("a.exe", b"MZ"), {"id": "x"}, 422, "is not read"),
        (SHORT, {"id": "../x"}, 422, "no report id"),
        (SHORT, {"id": "kyoto-2021-workshop-4"}, 422, "comes with fiqra"),
        (SHORT, {}, 422, "id"),
        (SHORT, {"id": "x", "lang": "fr"}, 422, "lang"),
        (SHORT, {"id": "x", "year": "1e9"}, 422, "year"),
        (SHORT, {"id": "x", "unknown": "1"}, 422, "unknown"),
        (SHORT, {"id": "x", "lang": ["en", "ar"]}, 422, "1 files and 2 lang"),
        (("../../etc/a.txt", b"1. a\x00"), {"id": "x"}, 422, "NUL"),
    ],
)
def test_what_cannot_be_taken_in_is_a_problem_document_and_changes_nothing(
    client: TestClient, file: tuple[str, bytes], fields: dict[str, Any], status: int, why: str
) -> None:
    response = send(client, file, **fields)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert why in response.text
    assert ids(client) == ["kyoto-2021-workshop-4"]


def test_languages_that_differ_are_a_conflict_unless_forced(client: TestClient) -> None:
    assert finished(client, send(client, SHORT, id="ports", lang="en"))["status"] == "done"
    other = ("a.txt", "عنوان\n\n1- القاطرات تسحب.\n".encode())
    response = send(client, other, id="ports", lang="ar")
    assert response.status_code == 409
    assert "paragraph 2" in response.json()["detail"]
    assert finished(client, send(client, other, id="ports", lang="ar", force="true"))["status"] == "done"


def test_a_report_that_cannot_be_read_is_named_and_the_others_are_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """At the start in the log, in the list of reports, and until it is taken out or in again. Its id can be used.

    Taken out by hand (a report that cannot be read left out of a build), no other is taken in any more.
    """
    bad = tmp_path / "reports" / "bad"
    bad.mkdir(parents=True)
    (bad / "report.json").write_text('{"id": "bad", "year": "x"}')
    with caplog.at_level("WARNING", "fiqra"):
        state = state_on(tmp_path, admin_token="a-token-of-the-tests")
    assert "the report bad is set aside" in caplog.text
    assert str(bad / "report.json") in caplog.text
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as client:
        assert client.get("/v1/reports").json()["set_aside"] == ["bad"]
        assert client.get("/v1/reports/bad").status_code == 404
        assert finished(client, send(client, SHORT, id="ports"))["status"] == "done"
        assert ids(client) == ["kyoto-2021-workshop-4", "ports"]
        assert finished(client, client.delete("/v1/reports/bad", headers=TOKEN))["status"] == "done"
        assert client.get("/v1/reports").json()["set_aside"] == []
        assert finished(client, send(client, SHORT, id="bad"))["status"] == "done"
        assert ids(client) == ["kyoto-2021-workshop-4", "bad", "ports"]


def test_two_documents_of_one_name_in_one_form_keep_each_its_own_bytes(client: TestClient, tmp_path: Path) -> None:
    """Taken out by hand (a document paired with whatever has its name), English bytes lie under the Arabic hash."""
    arabic = "موانئ\n\n1- القاطرات تسحب الصنادل.\n2- الرافعات ترفع الصناديق.\n".encode()
    job = finished(client, send(client, SHORT, (SHORT[0], arabic), id="ports", lang=["en", "ar"]))
    assert job["status"] == "done"
    kept = [path for path in (tmp_path / "reports").rglob("??-*.txt") if ".lines" not in path.name]
    assert {path.read_bytes() for path in kept} == {SHORT[1], arabic}
    for path in kept:
        assert path.stem.split("-")[1] == hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def test_only_the_holder_of_the_token_may(client: TestClient, tmp_path: Path) -> None:
    calls = [("POST", "/v1/reports"), ("DELETE", "/v1/reports/x"), ("GET", "/v1/jobs/x")]
    for method, path in calls:
        assert client.request(method, path).status_code == 401
        assert client.request(method, path, headers={"authorization": "Bearer other"}).status_code == 401
    with TestClient(build_app(state_on(tmp_path / "off")), base_url=LOCAL) as off:
        for method, path in calls:
            assert off.request(method, path, headers=TOKEN).status_code == 403


def test_an_unknown_job_and_an_unknown_report_are_not_found(client: TestClient) -> None:
    assert client.get("/v1/jobs/nothing", headers=TOKEN).status_code == 404
    assert client.delete("/v1/reports/nothing", headers=TOKEN).status_code == 404
    assert client.delete("/v1/reports/kyoto-2021-workshop-4", headers=TOKEN).status_code == 422


def test_a_body_without_a_form_or_beyond_all_bounds_is_refused(client: TestClient) -> None:
    assert client.post("/v1/reports", json={"id": "x"}, headers=TOKEN).status_code == 415

    def endless() -> Iterator[bytes]:
        yield b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(MAX_UPLOAD // (1 << 20) + 2):
            yield bytes(1 << 20)

    headers = {**TOKEN, "content-type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/reports", content=endless(), headers=headers)
    assert response.status_code == 413
    assert LARGEST < MAX_UPLOAD
    assert ids(client) == ["kyoto-2021-workshop-4"]


def test_a_job_that_fails_says_why_and_the_old_index_serves(client: TestClient, tmp_path: Path) -> None:
    before = client.get("/readyz").json()["index"]
    index = tmp_path / "index"
    for path in index.iterdir():
        if path.is_dir():
            path.chmod(0o755)
    (index / ".lock").unlink()
    (index / ".lock").mkdir()  # nobody can hold it now
    job = finished(client, send(client, SHORT, id="ports"))
    assert job["status"] == "failed"
    assert job["error"]["status"] == 507
    assert "cannot write" in job["error"]["detail"]
    assert client.get("/readyz").json()["index"] == before
    assert ids(client) == ["kyoto-2021-workshop-4"]
    assert not (tmp_path / "reports" / "ports" / "report.json").exists()


# ------------------------------------------------------------------------------------------------------ read apart


def test_an_upload_waits_for_no_question_and_no_question_for_an_upload(tmp_path: Path) -> None:
    """Taken out by hand (`state.work_queue` in the place of `state.documents`), it is 503 while somebody asks."""
    state = state_on(tmp_path, admin_token="a-token-of-the-tests")
    state.work_queue = WorkQueue(1, 0.2)
    free, taken = threading.Event(), threading.Event()

    def ask() -> None:
        taken.set()
        free.wait(60)

    async def hold() -> None:
        await state.work_queue.run(ask)

    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as client:
        assert client.portal is not None
        held = client.portal.start_task_soon(hold)
        assert taken.wait(10)
        assert client.get("/v1/search?q=crates").status_code == 503
        assert send(client, SHORT, id="ports", dry_run="true").status_code == 200
        free.set()
        held.result(10)


def test_a_document_that_meets_a_limit_is_a_problem_document(client: TestClient) -> None:
    for name, data, why in (
        ("a.pdf", harmful.nested_forms(24), "of memory|letters, over the"),
        ("a.docx", harmful.nested_tables(20), "tables nested over 8 deep"),
        ("a.html", harmful.nested_bold(300), "over 256 deep"),
        ("a.jsonl", b"[" * 100_000, "no JSON"),
        ("a.xml", b"<a>" * 300, "depth|Akoma"),
    ):
        response = send(client, (name, data), id="ports", dry_run="true")
        assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
        assert re.search(why, response.json()["detail"]), response.text
    assert client.get("/livez").status_code == 200
    assert ids(client) == ["kyoto-2021-workshop-4"]


def test_uploads_beyond_those_that_may_wait_are_503(tmp_path: Path) -> None:
    state = state_on(tmp_path, admin_token="a-token-of-the-tests")
    state.documents = ReadingRoom(waiting=0)
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as client:
        response = send(client, SHORT, id="ports", dry_run="true")
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        state.documents = ReadingRoom(wait_s=0.1)
        assert client.portal is not None
        client.portal.call(state.documents._turns._free.acquire)
        assert "waited over 0.1 seconds" in send(client, SHORT, id="ports", dry_run="true").json()["detail"]


def test_an_upload_is_read_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken out by hand (`read` in the place of `uploads` in the job), it is read again, under the library's lock."""
    from service.reports import ingest

    read = []

    async def counted(data: bytes, name: str, *rest: Any, **more: Any) -> Any:
        read.append(name)
        return await read_apart(data, name, *rest, **more)

    monkeypatch.setattr(ingest, "read_apart", counted)
    assert finished(client, send(client, SHORT, id="ports"))["status"] == "done"
    assert read == ["short.txt"]


@pytest.mark.process
@pytest.mark.model
def test_a_caller_who_leaves_or_a_service_that_stops_takes_the_reading_along(data_dir: Path, tmp_path: Path) -> None:
    """Taken out by hand (`unless_left`; `process.kill`), the reading goes on for half a minute."""
    (tmp_path / "models").symlink_to(data_dir / "models")
    shutil.copytree(data_dir / "index", tmp_path / "index")
    form: dict[str, Any] = {
        "files": [("file", ("a.txt", LONG))],
        "data": {"id": "ports", "dry_run": "true"},
        "headers": TOKEN,
    }
    with running(tmp_path, FIQRA_ADMIN_TOKEN="a-token-of-the-tests", FIQRA_GRACE_S="1") as process:
        server = process.server.pid
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{process.url}/v1/reports", timeout=httpx.Timeout(60, read=2), **form)
        assert eventually(lambda: children(server) == [], within_s=10)

        def upload() -> None:
            with suppress(httpx.HTTPError):
                httpx.post(f"{process.url}/v1/reports", timeout=60, **form)

        left = threading.Thread(target=upload)
        left.start()
        assert eventually(lambda: children(server) != [])
        readers = children(server)
        started = time.monotonic()
    assert time.monotonic() - started < 15
    assert eventually(lambda: all(not Path(f"/proc/{reader}").exists() for reader in readers), within_s=5)
    left.join(10)
