"""What the tests share: the real report, the real model, one index and one app of them, loaded once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from corpus.reports import load_report
from index.build import build_index, current_with
from index.embedder import Embedder, SentenceTransformerEmbedder, load_embedder, load_reference
from index.names import DEFAULT_MODEL
from service.app import build_app
from service.settings import Settings
from service.state import State, load_state
from tests.large import large_state
from tests.server_process import serving_process
from tests.services import LOCAL

ROOT = Path(__file__).parent.parent
REPORT_ID = "kyoto-2021-workshop-4"
DATA_DIR = Path(os.environ.get("FIQRA_DATA_DIR", "var")).absolute()


@pytest.fixture(scope="session")
def report() -> Report:
    """The report as `corpus` reads it."""
    return load_report(REPORT_ID)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model as it serves; it unpacks and exports itself below the data folder on first use."""
    return load_embedder(DEFAULT_MODEL, DATA_DIR, threads=2)


@pytest.fixture(scope="session")
def reference() -> SentenceTransformerEmbedder:
    """The default model on sentence-transformers."""
    return load_reference(DEFAULT_MODEL, DATA_DIR, threads=2)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, report: Report, embedder: Embedder) -> Path:
    """A data folder of the tests' own, with the unpacked model and the index that `fiqra build` makes of this report.

    Building takes most of a minute, so an index that is current and younger than the code which makes it is copied;
    tests of the build build their own.
    """
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(DATA_DIR / "models")
    code = [path for package in ("corpus", "index") for path in (ROOT / package).rglob("*.py")]
    current = DATA_DIR / "index" / "CURRENT"
    young = current.exists() and current.stat().st_mtime > max(path.stat().st_mtime for path in code)
    if young and current_with(DATA_DIR / "index", (report,), embedder.fingerprint):
        shutil.copytree(DATA_DIR / "index", folder / "index")
    else:
        build_index(folder / "index", (report,), embedder, DEFAULT_MODEL)
    return folder


@pytest.fixture(scope="session")
def state(data_dir: Path) -> State:
    """The state of a service on that index."""
    return load_state(Settings(data_dir=data_dir))


@pytest.fixture(scope="session")
def client(state: State) -> Iterator[TestClient]:
    """The real app over ASGI. A handler that fails answers 500, as in production, and does not raise here."""
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> State:
    """A service on a report of 10,000 paragraphs and an index of word hashes, made in a quarter of a minute."""
    return large_state(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[str]:
    """A real `fiqra serve` on a free port of the loopback: its address."""
    with serving_process(data_dir) as url:
        yield url
