"""The reader that comes with fiqra, for the encoder that it was trained for.

    index/data/reader/reader.json    what it is: its card, its calibration, the SHA-256 of its layers
    index/data/reader/upper.onnx     its own layers, in 8 bits
    models/readers/<encoder>/        the encoder's lower layers as a graph, whose weights stay in the encoder's folder

The last is made the first time, by `fiqra build` or `fiqra serve`; `<encoder>` is the encoder's fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import IndexNotWritten, ModelError
from index.disk import durable, hashes
from index.model.embedding import Embedder
from index.model.onnx_embedder import OnnxEmbedder
from index.reader.network import OnnxReader
from index.reader.second_look import Judgement
from index.search.confidence import Calibration

FOLDER = Path(__file__).parent.parent / "data" / "reader"
CARD, UPPER, LOWER, SEAL = "reader.json", "upper.onnx", "lower.onnx", "lower.json"
FORMAT = 1
WAIT_S = 60.0


class NoReader(Exception):
    """Why questions are answered without a second look."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the reader's file says of it that the program needs. `apart`: layers that read a text by itself."""

    format: int
    encoder: str
    apart: int
    window: int
    sha256: str
    unsure: list[float]
    rank: float
    calibration: dict[str, Any]


@cache
def card(folder: Path = FOLDER) -> Card:
    """The card of the reader that comes with fiqra. Raises ModelError where it is not one."""
    path = folder / CARD
    try:
        content = json.loads(path.read_bytes())
        found = Card(**{name: content[name] for name in Card.__dataclass_fields__})
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} cannot be read ({error}): reinstall fiqra, or set FIQRA_READER=off") from error
    if found.format != FORMAT:
        raise ModelError(f"{path} is of format {found.format}, expected {FORMAT}: reinstall fiqra")
    return found


def judging(folder: Path = FOLDER) -> tuple[Judgement, int]:
    """What the odds of the reader that comes with fiqra are worth, and the tokens of a window."""
    described = card(folder)
    low, high = described.unsure
    return Judgement((low, high), described.rank, Calibration(**described.calibration, source=CARD)), described.window


def load_reader(embedder: Embedder, data_dir: Path, folder: Path = FOLDER) -> OnnxReader:
    """The reader for an exported encoder.

    Raises NoReader where it was trained for another encoder, or a part is lacking that cannot be made here; ModelError
    where a file was altered.
    """
    described = card(folder)
    encoder = _fitting(embedder, described)
    upper = (folder / UPPER).read_bytes()
    if hashlib.sha256(upper).hexdigest() != described.sha256:
        raise ModelError(f"{folder / UPPER} was altered: reinstall fiqra, or set FIQRA_READER=off")
    return OnnxReader(encoder, lower_layers(encoder, described.apart, data_dir), upper)


def prepare(embedder: Embedder, data_dir: Path) -> None:
    """Make what `load_reader` needs below the data folder, for a machine that only serves. Raises NoReader."""
    described = card()
    lower_layers(_fitting(embedder, described), described.apart, data_dir)


def _fitting(embedder: Embedder, described: Card) -> OnnxEmbedder:
    if not isinstance(embedder, OnnxEmbedder):
        raise NoReader("the model serves through sentence-transformers; the reader needs an exported encoder")
    source = embedder.folder.name  # the fingerprint of the model that it was exported from
    if source != described.encoder:
        raise NoReader(f"the reader was trained for the encoder {described.encoder}, the model set is {source}")
    return embedder


def lower_layers(embedder: OnnxEmbedder, count: int, data_dir: Path) -> bytes:
    """The graph of the encoder's first layers, made where it is not there yet."""
    folder = data_dir / "models" / "readers" / embedder.fingerprint
    if not (folder / SEAL).is_file():
        try:
            with durable.exclusive(folder.parent, WAIT_S):  # several processes may find none at once
                if not (folder / SEAL).is_file():
                    durable.remove_leftovers(folder.parent)
                    _cut(embedder, count, folder)
        except (OSError, IndexNotWritten) as error:
            raise NoReader(f"its lower layers cannot be written to {folder} ({error})") from error
    seal = json.loads((folder / SEAL).read_bytes())
    hashes.check(folder, seal["files"])
    return (folder / LOWER).read_bytes()


def _cut(embedder: OnnxEmbedder, count: int, folder: Path) -> None:
    try:
        import onnx  # noqa: PLC0415 - what serves needs none

        from index.model.onnx_graph import first_layers  # noqa: PLC0415
    except ImportError as error:
        raise NoReader(
            f"{folder} holds no lower layers, and what cuts them out of the encoder is not installed here ({error}): "
            "run `fiqra build` where it is, and bring its data folder along"
        ) from error
    graph = onnx.load(embedder.folder / "model.onnx", load_external_data=False)
    with durable.staged_folder(folder.parent) as target:
        (target / LOWER).write_bytes(first_layers(graph, count).SerializeToString(deterministic=True))
        seal = {"files": hashes.describe(target)}
        (target / SEAL).write_text(json.dumps(seal, indent=1), "utf-8")
        if folder.is_dir():
            durable.discard(folder, {LOWER, SEAL})
        durable.publish(target, folder)
