"""Texts → vectors without torch: an exported encoder in onnxruntime. What serves, and what passages are encoded with.

    models/encoders/<source>/encoder.json     what the encoder is, and the SHA-256 of its files
    models/encoders/<source>/model.onnx …     those files

`<source>` is the fingerprint of the model that it was exported from. An encoder's own fingerprint is that of
`encoder.json`, so an index built with one encoder is refused by any other, and by the model it came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.disk import hashes
from index.model.embedding import Encoding, Kind, Vector, unit
from index.model.onnx_session import open_session
from index.model.tokenizing import JsonTokenizer, SentencePieceTokenizer, Tokenizer
from index.model.vocabulary import PRUNED, WHOLE

DESCRIPTION = "encoder.json"
REFUSAL = "not-exportable.txt"
FORMAT = 2
# Of a longer question its beginning and its end are read: what is asked stands in one of them. That finds more than
# reading 510 does, in a fifth of the time (docs/performance.md); the longest reference question has 41.
MOST_ASKED = 128


@dataclass(frozen=True, slots=True)
class EncoderDescription:
    """What the graph and the vocabulary do not say. `begin`, `end` and `pad` are token ids."""

    format: int
    dimension: int
    max_tokens: int
    pooling: str
    begin: int
    end: int
    pad: int
    prefixes: dict[Kind, str]
    files: dict[str, str]

    def to_json(self) -> str:
        """What stands in `encoder.json`."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)


def read_description(folder: Path) -> EncoderDescription | None:
    """What the folder's encoder is; None where there is none, or one of another version."""
    path = folder / DESCRIPTION
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_bytes())
        return EncoderDescription(**content) if content["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} cannot be read ({error}); remove {folder} and run `fiqra build`") from error


def read_refusal(folder: Path) -> str | None:
    """Why the model could not be exported; None where it was not tried, or could."""
    path = folder / REFUSAL
    return path.read_text("utf-8").strip() if path.is_file() else None


def encoder_fingerprint(description: EncoderDescription) -> str:
    """An encoder's name, 32 hex digits."""
    return hashlib.sha256(description.to_json().encode()).hexdigest()[:32]


class OnnxEmbedder:
    """An exported encoder. A pass stays in the thread that asks for it; `parallel` may ask at once.

    A text alone takes a core's cache best: 16 together take over twice as long (docs/performance.md).
    """

    batch = 1

    def __init__(self, folder: Path, description: EncoderDescription, parallel: int = 1) -> None:
        """Raises ModelError where a file was altered or cannot be loaded."""
        hashes.check(folder, description.files)
        self.folder = folder
        self._described = description
        self.parallel = parallel
        self.fingerprint = encoder_fingerprint(description)
        try:
            self._session = open_session(folder / "model.onnx")
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded ({error}); remove it and run `fiqra build`") from error
        self._tokenizer: Tokenizer = (
            SentencePieceTokenizer(folder / PRUNED, folder / WHOLE)
            if PRUNED in description.files
            else JsonTokenizer(folder / "tokenizer.json")
        )
        self._skipped = {
            kind: 1 + len(self._tokenizer.encode(prefix)) if prefix else 1
            for kind, prefix in description.prefixes.items()
        }

    @property
    def dimension(self) -> int:
        """How long a vector is."""
        return self._described.dimension

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        """One tokenisation and one padded forward pass; the caller chooses the batch.

        >>> embedder.encode(["من أدار الجلسات؟"], "query")[0].vector.shape
        (384,)
        """
        if not texts:
            return []
        skip = self._skipped[kind]
        rows = [self.ids(text, kind) for text in texts]
        ids, mask = _padded(rows, self._described.pad)
        [tokens] = self._session.run(["tokens"], {"ids": ids, "mask": mask})
        return [
            Encoding(self._pooled(found[: len(row)]), unit(found[skip : len(row) - 1]))
            for found, row in zip(tokens, rows, strict=True)
        ]

    def inputs_of_layers(self, text: str, kind: Kind) -> dict[str, Vector]:
        """What goes into the layers that the graph shows (`onnx_graph.write_graph`), by layer → float32 [tokens, d]."""
        ids, mask = _padded([self.ids(text, kind)], self._described.pad)
        names = [output.name for output in self._session.get_outputs() if output.name != "tokens"]
        shown = self._session.run(names, {"ids": ids, "mask": mask})
        return {name.removesuffix(".input"): rows for name, [rows] in zip(names, shown, strict=True)}

    def ids(self, text: str, kind: Kind) -> list[int]:
        """The token ids of a text as a question or as a passage, with what stands before and behind it."""
        described = self._described
        ids, most = self._tokenizer.encode(described.prefixes[kind] + text), described.max_tokens - 2
        read = _ends(ids, min(MOST_ASKED, most)) if kind == "query" else ids[:most]
        return [described.begin, *read, described.end]

    def tokens(self, text: str) -> list[int]:
        """The ids of a text alone."""
        return self._tokenizer.encode(text)

    def skipped(self, kind: Kind) -> int:
        """How many tokens stand before a text's own."""
        return self._skipped[kind]

    def _pooled(self, tokens: Vector) -> Vector:
        return unit(tokens[0] if self._described.pooling == "cls" else tokens.mean(axis=0, dtype=np.float32))


def _ends(ids: list[int], most: int) -> list[int]:
    """No more than `most`, half of them the first ones and half the last.

    >>> _ends([1, 2, 3, 4, 5], 3)
    [1, 2, 5]
    """
    return ids if len(ids) <= most else ids[: most - most // 2] + ids[len(ids) - most // 2 :]


def _padded(rows: Sequence[Sequence[int]], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Token ids padded to one array, and its mask: 1 for a token, 0 for padding.

    >>> _padded([[0, 2], [0, 5, 2]], pad=1)[0].tolist()
    [[0, 2, 1], [0, 5, 2]]
    """
    shape = len(rows), max(map(len, rows))
    ids, mask = np.full(shape, pad, np.int64), np.zeros(shape, np.int32)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask
