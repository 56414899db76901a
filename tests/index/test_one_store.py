"""Several fiqra processes, without state of their own, on one Milvus: the same answers, and one swap for all."""

from __future__ import annotations

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.milvus_server import milvus
from tests.support.server_process import FIQRA, running
from tests.support.services import eventually

QUESTIONS = ("cryptocurrencies on the darknet", "الأسلحة النارية", "A/CONF.234/15")


def found(client: httpx.Client, query: str) -> list[tuple[str, str]]:
    response = client.get("/v1/search", params={"q": query, "k": 10})
    assert response.status_code == 200, response.text
    return [(passage["report"], passage["ref"]) for passage in response.json()["passages"]]


def knows(client: httpx.Client, report: str) -> bool:
    return report in client.get("/v1/reports").text


@pytest.mark.model
def test_two_services_on_one_store_answer_alike_and_take_a_new_index_together(data_dir: Path, tmp_path: Path) -> None:
    """Taken out by hand (an index that is published before it is current), the services look for it too early.

    The index was built for FAISS before, as the image's is; where a build finds it current and publishes nothing, no
    service starts.
    """
    (tmp_path / "models").symlink_to(data_dir / "models")
    boats = tmp_path / "boats.txt"
    boats.write_text("Boats\n\n1. Tugboats pull barges.\n2. Ferries insure small vessels.\n", "utf-8")
    with milvus(tmp_path / "milvus") as uri:
        settings = {"FIQRA_STORE": "milvus", "FIQRA_MILVUS_URI": uri, "FIQRA_WATCH_S": "0.2"}
        environment = {**os.environ, "FIQRA_DATA_DIR": str(tmp_path), **settings}

        def fiqra(*words: str, **other: str) -> str:
            command = subprocess.run(
                [FIQRA, *words], env={**environment, **other}, capture_output=True, text=True, timeout=240, check=False
            )
            assert command.returncode == 0, command.stderr
            return command.stdout

        fiqra("build", FIQRA_STORE="faiss")
        fiqra("build")
        with (
            running(tmp_path, **settings) as first,
            running(tmp_path, **settings) as second,
            httpx.Client(base_url=first.url, timeout=60) as one,
            httpx.Client(base_url=second.url, timeout=60) as other,
        ):
            for query in QUESTIONS:
                in_process = json.loads(fiqra("search", query, "-k", "10", "--json", FIQRA_STORE="faiss"))["passages"]
                assert found(one, query) == found(other, query) == [(p["report"], p["ref"]) for p in in_process]
            fiqra("ingest", str(boats), "--id", "boats")
            for client in (one, other):
                assert eventually(partial(knows, client, "boats"), 30)
                assert found(client, "Tugboats pull barges.")[0] == ("boats", "1")
