"""The reader that comes with fiqra: it loads where it fits, says why not elsewhere, and tells an answer from none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from index.model.embedding import Embedder
from index.model.fakes import HashEmbedder
from index.model.loading import source_fingerprint
from index.model.names import DEFAULT_MODEL
from index.model.onnx_embedder import OnnxEmbedder, read_description
from index.reader.loading import CARD, FOLDER, LOWER, UPPER, NoReader, card, judging, load_reader
from index.reader.network import OnnxReader, said_of
from index.reader.second_look import ODDS
from service.settings import Settings
from service.state import State, choose_reader

pytestmark = pytest.mark.model
SOURCE = source_fingerprint(DEFAULT_MODEL)
MOST_BYTES = 24 * 2**20
# Of subjects that no text of the training is about.
ANSWERED = [
    ("en", "Who chaired the meeting?", "The meeting was chaired by Ms. Ilse Varga of the Harbour Council."),
    ("en", "When was the bridge opened?", "The bridge over the Tarn was opened on 4 June 1998 after long repairs."),
    ("ar", "من ترأس الاجتماع؟", "ترأست الاجتماعَ السيدة ليلى حداد من مجلس الموانئ."),
    ("ar", "متى افتُتح الجسر؟", "افتُتح الجسر المقام على نهر الوادي في 4 حزيران/يونيه 1998 بعد أعمال ترميم طويلة."),
]
ABSENT = {
    "Who chaired the meeting?": "The meeting was held in the building of the Harbour Council.",
    "When was the bridge opened?": "The bridge over the Tarn was opened after long repairs.",
    "من ترأس الاجتماع؟": "عُقد الاجتماع في مبنى مجلس الموانئ.",
    "متى افتُتح الجسر؟": "افتُتح الجسر المقام على نهر الوادي بعد أعمال ترميم طويلة.",
}


@pytest.fixture(scope="module")
def reader(embedder: Embedder, data_dir: Path) -> OnnxReader:
    return load_reader(embedder, data_dir)


@pytest.mark.parametrize(("language", "question", "text"), ANSWERED)
def test_a_text_that_answers_has_better_odds_than_one_that_does_not(
    reader: OnnxReader, language: str, question: str, text: str
) -> None:
    answers, does_not = reader.read(question, [text, ABSENT[question]])
    assert answers.odds > does_not.odds, language


def test_what_is_kept_of_a_window_reads_as_the_first_time(reader: OnnxReader) -> None:
    _, question, text = ANSWERED[0]
    assert reader.read(question, [text]) == reader.read(question, [text, text])[1:]


@pytest.mark.parametrize("text", ["", " ", "؟", "x" * 5_000, "word " * 5_000, "\u202e\u0000", "漢字"])
def test_any_text_is_read(reader: OnnxReader, text: str) -> None:
    for question, window in ((text, ANSWERED[0][2]), (ANSWERED[0][1], text)):
        [said] = reader.read(question, [window])
        assert said.odds < 50
        assert 0 <= said.start <= said.end <= 128


def test_an_answer_ends_no_earlier_than_it_begins() -> None:
    said = said_of(np.array([[0, 9], [9, 0], [0, 1]], np.float32))
    assert (said.start, said.end) == (1, 2)
    assert said_of(np.empty((0, 2), np.float32)).odds == float("-inf")


def test_its_layers_are_small_and_as_the_card_says() -> None:
    described = card()
    assert (FOLDER / UPPER).stat().st_size <= MOST_BYTES
    assert described.encoder == SOURCE
    judgement, _ = judging()
    assert 0 < judgement.unsure[0] < judgement.calibration.threshold < judgement.unsure[1] < 1
    assert judgement.calibration.coefficients[ODDS] > 0


def test_it_is_off_by_a_setting(embedder: Embedder, data_dir: Path) -> None:
    assert choose_reader(Settings(data_dir=data_dir, reader="off"), embedder) is None


def test_another_model_is_served_without_it_and_the_log_says_why(
    data_dir: Path, tmp_path: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    another = tmp_path / "another"
    another.symlink_to(embedder.folder.resolve())
    description = read_description(another)
    assert description is not None
    assert choose_reader(Settings(data_dir=data_dir), HashEmbedder()) is None
    assert choose_reader(Settings(data_dir=data_dir), OnnxEmbedder(another, description)) is None
    assert "needs an exported encoder" in caplog.text
    assert "was trained for the encoder" in caplog.text


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: (folder / UPPER).write_bytes(b"x"), "was altered"),
        (lambda folder: (folder / CARD).write_text("{"), "cannot be read"),
        (lambda folder: (folder / CARD).write_text(json.dumps({**read_card(folder), "format": 9})), "is of format 9"),
    ],
)
def test_altered_layers_are_refused(
    tmp_path: Path, embedder: Embedder, data_dir: Path, damage: Callable[[Path], object], says: str
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "reader"))
    damage(folder)
    with pytest.raises(ModelError, match=says):
        load_reader(embedder, data_dir, folder)


def read_card(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / CARD).read_bytes()))


def test_lower_layers_that_were_altered_are_refused_and_lost_ones_made_again(
    tmp_path: Path, embedder: Embedder
) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    load_reader(embedder, tmp_path)
    [path] = tmp_path.glob(f"models/readers/*/{LOWER}")
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    with pytest.raises(ModelError, match="was altered; remove"):
        load_reader(embedder, tmp_path)
    shutil.rmtree(path.parent)
    load_reader(embedder, tmp_path)
    assert path.read_bytes() == good


def test_where_lower_layers_cannot_be_written_it_is_done_without(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.disk.durable.publish", full)
    with pytest.raises(NoReader, match="No space left"):
        load_reader(embedder, tmp_path)


def test_the_service_reads(state: State) -> None:
    """Of a question that leaves doubt, the stages that took time name the reading."""
    engine = state.ready_engine()
    took = [
        engine.find(question, None, None).timings_ms for question in ("Who paid for the workshop?", "من موّل الحلقة؟")
    ]
    assert any("read" in stages for stages in took)
