"""Services on an index of word hashes, which loads in a moment; `server_process` has the real ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from fastapi.testclient import TestClient

from corpus.records import Report
from index.build import build_index
from index.disk import sealed
from index.model.fakes import HashEmbedder
from service.app import build_app
from service.http.work_queue import WorkQueue
from service.reload import Reloader
from service.settings import Settings
from service.state import State, load_engine

QUESTION = "What are Member States encouraged to monitor?"
LOCAL = "http://localhost"
"""Where a client of an app calls: a name that is answered without a setting."""
ARABIC = "ما الذي تُشجّع الدول الأعضاء على رصده؟"


def build(folder: Path, report: Report, kind: int = 0) -> str:
    """The index of the report, or of it and `kind` under a second name: alike, and told apart."""
    reports = (report,) if kind == 0 else (report, replace(report, id=f"{report.id}-{kind}"))
    return build_index(folder / "index", reports, HashEmbedder(), "hash")


def hashed_state(folder: Path, **settings: object) -> State:
    """A state on the index that `build` made below the folder."""
    chosen = Settings(data_dir=folder, **settings)  # type: ignore[arg-type]  # a test names settings it knows
    load = partial(load_engine, chosen, HashEmbedder())
    state = State(chosen, WorkQueue(chosen.queue, chosen.queue_timeout_s), load())
    state.reloader = Reloader(state, load, chosen.index_dir, chosen.watch_s)
    return state


@contextmanager
def service(state: State) -> Iterator[TestClient]:
    """The app over ASGI, with its lifespan."""
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def eventually(holds: Callable[[], bool], within_s: float = 10.0) -> bool:
    """Whether it comes to hold within that time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def base_of(index_dir: Path) -> Path:
    """The folder of what the reports that come with fiqra make, of the current index."""
    return sealed.parts_of(index_dir) / sealed.manifest_of_current(index_dir).base["name"]


def counted(state: State, metric: str, **labels: str) -> float:
    """What a counter of the service stands at: `counted(state, "requests", method="GET", route="/", status="200")`."""
    return state.metrics.registry.get_sample_value(f"fiqra_{metric}_total", labels) or 0.0
