"""Reports taken in and out by real processes: told to stop, killed, crowded, and without room."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.disk.report_library import ReportLibrary
from tests.clients.test_cli import run
from tests.support.server_process import FIQRA, Process, running

TOKEN = "a-token-of-the-tests"
SHORT = b"Ports\n\n1. Tugboats pull barges.\n2. Cranes lift crates.\n"
pytestmark = [pytest.mark.process, pytest.mark.model, pytest.mark.skipif(sys.platform != "linux", reason="prlimit")]


@pytest.fixture
def data(data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of a test's own."""
    shutil.copytree(data_dir / "index", tmp_path / "data" / "index")
    (tmp_path / "data" / "models").symlink_to((data_dir / "models").resolve())
    return tmp_path / "data"


def long_document(seed: int, paragraphs: int = 400) -> bytes:
    """A text that takes the model a while."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghij", k=6)) for _ in range(500)]
    lines = [f"{number}. {' '.join(rng.choices(words, k=30))}." for number in range(1, paragraphs + 1)]
    return "\n".join(["Title", "", *lines]).encode()


def admin(process: Process) -> httpx.Client:
    return httpx.Client(base_url=process.url, headers={"authorization": f"Bearer {TOKEN}"}, timeout=120)


def send(client: httpx.Client, report: str, document: bytes, name: str = "a.txt") -> str:
    """Hand a document in; where the job of it is."""
    response = client.post("/v1/reports", data={"id": report, "lang": "en"}, files=[("file", (name, document))])
    assert response.status_code == 202, response.text
    return response.headers["location"]


def job_when(client: httpx.Client, location: str, *statuses: str) -> dict[str, Any]:
    """The job once it has one of the statuses."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(location).json()
        if job["status"] in statuses:
            return job
        time.sleep(0.05)
    pytest.fail(f"the job at {location} is not {' or '.join(statuses)} within two minutes")


def kill(process: Process) -> None:
    """`kill -9`."""
    process.ends = -signal.SIGKILL
    process.server.kill()


def documents(folder: Path) -> dict[str, set[str]]:
    """The SHA-256 of each document that is kept, by its report."""
    found: dict[str, set[str]] = {}
    for entry in ReportLibrary(folder / "reports").added():
        kept = (path for path in entry.path.parent.iterdir() if path.suffix == ".txt" and ".lines" not in path.name)
        found[entry.id] = {hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}
    return found


def is_clean(folder: Path) -> bool:
    """Whether nothing is left of anything, and `fiqra verify-index` has nothing to say."""
    reports = folder / "reports"
    left = [path.name for path in reports.iterdir() if path.name[0] == "." and path.name != ".lock"]
    result = run("verify-index", "--json", data_dir=folder)
    assert (left, result.returncode, result.stdout) == ([], 0, result.stdout), result.stderr
    return True


def test_a_service_told_to_stop_abandons_what_has_not_begun_and_ends_in_time(data: Path) -> None:
    """Five ingests of half a minute each wait when SIGTERM comes, at a grace of three seconds.

    Taken out by hand (jobs waited for without end), the process takes more than three minutes.
    """
    with running(data, FIQRA_GRACE_S="3", FIQRA_ADMIN_TOKEN=TOKEN) as process:
        with admin(process) as client:
            locations = [send(client, f"r{number}", long_document(number)) for number in range(5)]
            job_when(client, locations[0], "running")
        told = time.monotonic()
        process.server.send_signal(signal.SIGTERM)
        process.server.wait(timeout=60)
        took = time.monotonic() - told
    assert took < 3.5
    lines = [json.loads(line) for line in process.errors.splitlines()]
    abandoned = [line["message"] for line in lines if "is abandoned" in line["message"]]
    assert len(abandoned) == 5
    assert sum("had not begun: nothing is changed" in line for line in abandoned) == 4
    assert documents(data) == {}
    with running(data):
        assert is_clean(data)


def test_killed_while_it_takes_in_or_out_nothing_is_lost_and_nothing_comes_back(data: Path) -> None:
    """`kill -9` during an ingest, and during a removal, of a real service; the next one settles it."""
    with running(data, FIQRA_ADMIN_TOKEN=TOKEN) as process, admin(process) as client:
        assert job_when(client, send(client, "ports", SHORT), "done", "failed")["status"] == "done"
        job_when(client, send(client, "ports", long_document(1)), "running")
        time.sleep(0.5)
        kill(process)
    kept = {"ports": {hashlib.sha256(SHORT).hexdigest()}}
    assert documents(data) == kept
    with running(data, FIQRA_ADMIN_TOKEN=TOKEN) as process, admin(process) as client:
        assert is_clean(data)
        assert documents(data) == kept
        response = client.delete("/v1/reports/ports")
        job_when(client, response.headers["location"], "running", "done")
        kill(process)
    with running(data, FIQRA_ADMIN_TOKEN=TOKEN) as process, admin(process) as client:
        assert is_clean(data)
        assert documents(data) in ({}, kept)
        known = set(documents(data))
        assert job_when(client, send(client, "other", SHORT), "done", "failed")["status"] == "done"
        listed = {report["id"] for report in client.get("/v1/reports").json()["reports"]}
        assert listed == {"kyoto-2021-workshop-4", "other", *known}
        assert set(documents(data)) == {"other", *known}


def test_processes_that_take_in_and_out_at_once_lose_nothing(data: Path, tmp_path: Path) -> None:
    """Over HTTP and on the command line, mixed with a build: each waits for the other, or is refused and says so."""
    texts = {f"r{number}": SHORT.replace(b"barges", b"barges of %d" % number) for number in range(6)}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_bytes(text)
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data), "OMP_NUM_THREADS": "1"}

    def started(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [FIQRA, *words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    assert run("ingest", str(tmp_path / "r0.txt"), "--id", "gone", "--lang", "en", data_dir=data).returncode == 0
    with running(data, FIQRA_ADMIN_TOKEN=TOKEN) as process, admin(process) as client:
        commands = [
            *(started("ingest", str(tmp_path / f"{name}.txt"), "--id", name, "--lang", "en") for name in ("r0", "r1")),
            started("remove", "gone"),
            started("build"),
        ]
        jobs: list[str] = []
        senders = [
            threading.Thread(target=lambda name=name: jobs.append(send(client, name, texts[name], "same.txt")))
            for name in ("r2", "r3", "r4", "r5")
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(120)
        outcomes = [(command.wait(timeout=300), command.communicate()[1]) for command in commands]
        assert [code for code, _ in outcomes] == [0] * len(commands), outcomes
        assert [job_when(client, location, "done", "failed")["error"] for location in jobs] == [None] * 4
        assert documents(data) == {name: {hashlib.sha256(text).hexdigest()} for name, text in texts.items()}
        assert is_clean(data)


def open_files_at_rest(client: httpx.Client, pid: int) -> int:
    """How many files the server has open once the client is connected and older connections are gone.

    A refusal may close its connection a moment later; one file too few and the next cannot even connect.
    """
    assert client.get("/livez").status_code == 200
    counts: list[int] = []
    while len(counts) < 5 or len(set(counts[-5:])) > 1:
        time.sleep(0.1)
        counts.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))
    return counts[-1]


def test_documents_that_find_no_room_while_they_come_in_are_refused_with_the_folder(data: Path) -> None:
    """A disk that takes no file over a megabyte, then a process that may open no more files.

    Taken out by hand (what the system says of the spool, turned into a problem), it is answered 500.
    """
    big = b"Title\n\n1. " + b"word " * 600_000
    with running(data, FIQRA_ADMIN_TOKEN=TOKEN) as process, admin(process) as client:
        pid = process.server.pid
        form: dict[str, Any] = {"data": {"id": "big", "lang": "en"}, "files": [("file", ("a.txt", big))]}
        assert client.get("/livez").status_code == 200
        usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1_000_000, usual[1]))
        response = client.post("/v1/reports", **form)
        assert (response.status_code, response.headers["content-type"]) == (507, "application/problem+json")
        assert "TMPDIR" in response.json()["detail"]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)
        usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files_at_rest(client, pid), usual[1]))
        response = client.post("/v1/reports", **form)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
        assert documents(data) == {}
        assert client.post("/v1/reports", **form).status_code == 202
