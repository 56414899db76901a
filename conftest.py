"""What tests and the examples in docstrings share: the real report, model, index and app, loaded once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from _pytest.doctest import DoctestItem
from fastapi.testclient import TestClient

from corpus.records import Report, Span
from corpus.refs import Ref, parse_ref, parse_refs
from corpus.reports import load_report
from index.build import build_index, current_with
from index.model.embedding import Embedder
from index.model.loading import load_embedder, load_reference
from index.model.names import DEFAULT_MODEL
from index.model.reference import SentenceTransformerEmbedder
from service.answering.engine import Engine
from service.app import build_app
from service.settings import Settings
from service.state import State, load_state
from tests.support.large import large_state
from tests.support.paths import DATA_DIR, REPORT_ID, ROOT
from tests.support.server_process import serving_process
from tests.support.services import LOCAL

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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


EXAMPLES_MAY_NAME = ("report", "embedder", "state", "engine", "reports")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from tests.support.browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def engine(state: State) -> Engine:
    """What answers from that index."""
    return state.ready_engine()


@pytest.fixture(scope="session")
def reports(report: Report) -> dict[str, Report]:
    """The reports by id, as `look_up` wants them."""
    return {report.id: report}


@pytest.fixture(autouse=True)
def _names_of_examples(request: pytest.FixtureRequest, doctest_namespace: dict[str, object]) -> None:
    """Give an example in a docstring what it names of EXAMPLES_MAY_NAME, and what every reader of it knows."""
    if isinstance(request.node, DoctestItem):
        doctest_namespace |= {"np": np, "parse_ref": parse_ref, "parse_refs": parse_refs, "Ref": Ref, "Span": Span}
        source = "".join(example.source for example in request.node.dtest.examples)
        for name in EXAMPLES_MAY_NAME:
            if re.search(rf"\b{name}\b", source):
                doctest_namespace[name] = request.getfixturevalue(name)
