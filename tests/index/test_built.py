"""A data folder filled from one that was built before, and a model that several processes find unexported."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import IndexMissing, IndexNotWritten
from corpus.records import Report
from index.disk import built, durable, sealed
from index.model import export, loading
from index.model.names import DEFAULT_MODEL
from index.model.onnx_embedder import REFUSAL
from service import state
from service.reports.indexing import fill_data_dir
from service.settings import Settings
from tests.support.services import build


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, report: Report) -> Path:
    """What an image carries: an encoder, what a reader needs of it, and an index."""
    folder = tmp_path_factory.mktemp("image")
    for models in built.MODELS:
        (folder / models / "an-encoder").mkdir(parents=True)
        (folder / models / "an-encoder" / "a.json").write_text("{}")
    build(folder, report)
    return folder


def at_once(work: Callable[[], object], times: int = 4) -> list[Exception]:
    """Do it in several threads at once; what they raised."""
    raised: list[Exception] = []

    def attempt() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            raised.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_an_empty_folder_is_filled_once_whoever_comes(image: Path, tmp_path: Path) -> None:
    """Tried by hand: without the locks, one of four finds what another has just put there, and puts it aside."""
    volume = tmp_path / "volume"
    assert at_once(lambda: built.fill(volume, image)) == []
    assert sealed.read(volume / "index").name == sealed.read(image / "index").name
    for models in built.MODELS:
        assert (volume / models / "an-encoder" / "a.json").read_text() == "{}"
        assert durable.leftovers(volume / models) == []
    assert durable.leftovers(volume / "index") == []
    assert not [*volume.rglob("*.aside*")]


def test_what_is_there_stays(image: Path, tmp_path: Path, report: Report) -> None:
    """An index of another fiqra is for `fiqra build` to replace; an encoder that an upgrade brings is added."""
    name = build(tmp_path, report, kind=1)
    built.fill(tmp_path, image)
    assert sealed.current_name(tmp_path / "index") == name
    assert all((tmp_path / models / "an-encoder").is_dir() for models in built.MODELS)


def test_one_that_is_cut_short_is_filled_the_next_time(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sealed, "make_current", lambda *_: (_ for _ in ()).throw(IndexNotWritten("the disk is full")))
        with pytest.raises(IndexNotWritten):
            built.fill(tmp_path, image)
    with pytest.raises(IndexMissing):
        sealed.read(tmp_path / "index")
    built.fill(tmp_path, image)
    assert sealed.read(tmp_path / "index").name == sealed.read(image / "index").name


def test_a_disk_that_refuses_is_left_to_who_misses_the_index(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise IndexNotWritten("read-only")

    monkeypatch.setattr(built, "fill", refused)
    fill_data_dir(Settings(data_dir=tmp_path, built_dir=image))
    with pytest.raises(IndexMissing):
        sealed.read(tmp_path / "index")


def test_a_model_is_exported_once_whoever_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried by hand: without the lock four of them export it, each over the other's."""
    exports = []
    together = threading.Event()

    def refuse(packed: Path, reference: object, folder: Path) -> None:
        exports.append(folder)
        together.wait(0.3)  # the others come meanwhile
        folder.mkdir()
        (folder / REFUSAL).write_text("tried")
        raise export.NotExportable("tried")

    monkeypatch.setattr(export, "export_default", refuse)
    monkeypatch.setattr(loading, "load_reference", lambda *_: None)
    monkeypatch.setattr(loading, "find_spec", lambda _: None)
    assert at_once(lambda: loading.load_embedder(DEFAULT_MODEL, tmp_path)) == []
    assert len(exports) == 1


def test_a_service_waits_for_its_index_as_long_as_it_is_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And says once why. Tried by hand: with FIQRA_WAIT_S ignored, it raises at once."""
    looked: list[int] = []
    ready = object()

    def load(_: Settings, __: object = None) -> object:
        looked.append(1)
        if len(looked) < 3:
            raise IndexMissing("there is no index; run `fiqra build`")
        return ready

    monkeypatch.setattr(state, "load_state", load)
    monkeypatch.setattr(state, "LOOK_S", 0.01)
    assert state.load_when_built(Settings(data_dir=tmp_path, wait_s=60)) is ready
    assert sum("run `fiqra build`" in record.message for record in caplog.records) == 1
    looked.clear()
    with pytest.raises(IndexMissing):
        state.load_when_built(Settings(data_dir=tmp_path))
    assert len(looked) == 1
