"""`/readyz` looks at the store beside the index: once in a while, and for less time than a probe waits."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from corpus.errors import IndexMissing
from corpus.records import Report
from service.http import readiness
from service.http.readiness import KEPT_S, Readiness
from tests.support.milvus_server import milvus
from tests.support.server_process import FIQRA, free_port, running
from tests.support.services import build, eventually, hashed_state, service


class Store:
    """A store that is there or not, and counts who looked."""

    def __init__(self, holds: threading.Event | None = None) -> None:
        self.gone = False
        self.looks = 0
        self.holds = holds

    def check(self) -> None:
        self.looks += 1
        if self.holds:
            self.holds.wait(30)
        if self.gone:
            raise IndexMissing("Milvus does not answer; start it")

    def search(self, *_: Any) -> Any:
        raise NotImplementedError

    def words(self, *_: Any) -> Any:
        raise NotImplementedError


def test_many_probes_ask_the_store_once_in_a_while() -> None:
    now, store = [0.0], Store()
    ready = Readiness(lambda: now[0])

    async def probes() -> None:
        for _ in range(50):
            await ready.check(store)
        assert store.looks == 1
        store.gone = True
        await ready.check(store)  # as it was found a moment ago
        now[0] += KEPT_S
        for _ in range(50):
            with pytest.raises(IndexMissing, match="start it"):
                await ready.check(store)
        assert store.looks == 2
        await ready.check(Store())  # that of a new index is looked at by itself

    anyio.run(probes)


def test_a_store_that_hangs_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "GIVEN_UP_S", 0.05)
    free = threading.Event()

    async def probe() -> None:
        try:
            with pytest.raises(IndexMissing, match="does not answer within"):
                await Readiness().check(Store(free))
        finally:
            free.set()

    anyio.run(probe)


def test_an_index_with_its_own_store_asks_nobody(tmp_path: Path, report: Report) -> None:
    build(tmp_path, report)
    with service(hashed_state(tmp_path)) as client:
        assert client.get("/readyz").status_code == 200


def test_a_probe_says_why_and_questions_need_none(tmp_path: Path, report: Report) -> None:
    build(tmp_path, report)
    state = hashed_state(tmp_path)
    store = Store()
    store.gone = True
    contents = state.ready_engine().contents
    object.__setattr__(contents, "store", store)
    with service(state) as client:
        refused = client.get("/readyz")
        assert (refused.status_code, refused.json()["detail"]) == (503, "Milvus does not answer; start it")
        assert client.get("/v1/paragraphs/21(k)").status_code == 200  # asks no store
        assert client.get("/livez").status_code == 200
        assert store.looks == 1


@pytest.mark.model
def test_readiness_follows_a_milvus_that_goes_and_comes_back(data_dir: Path, tmp_path: Path) -> None:
    """Before, `/readyz` stayed green. One that was started anew is told to load its collection by the look."""
    (tmp_path / "models").symlink_to(data_dir / "models")
    port = free_port()
    settings = {"FIQRA_STORE": "milvus", "FIQRA_MILVUS_URI": f"http://127.0.0.1:{port}", "FIQRA_WATCH_S": "0.2"}
    with ExitStack() as stack:
        with milvus(tmp_path / "milvus", port):
            environment = {**os.environ, "FIQRA_DATA_DIR": str(tmp_path), **settings}
            subprocess.run([FIQRA, "build"], env=environment, check=True, capture_output=True, timeout=240)
            served = stack.enter_context(running(tmp_path, **settings))
        client = stack.enter_context(httpx.Client(base_url=served.url, timeout=30))
        assert eventually(lambda: client.get("/readyz").status_code == 503, 15)
        assert "Milvus does not answer" in client.get("/readyz").json()["detail"]
        assert client.get("/livez").status_code == 200
        with milvus(tmp_path / "milvus", port):
            assert eventually(lambda: client.get("/readyz").status_code == 200, 60)
            assert client.get("/v1/search", params={"q": "darknet"}).status_code == 200
