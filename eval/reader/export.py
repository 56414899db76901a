"""A trained reader → `index/data/reader/upper.onnx`, its products in 8 bits, compared with what was trained.

    python -m eval.reader.export var/reader/reader.pt

The few channels that are too large to be rounded with the others are found on the development questions and the
paragraphs of the report that comes with fiqra, as they are for the encoder. The card keeps everything that it says
but for the new layers' SHA-256; `python -m eval.reader.calibrate` fits the rest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from corpus.records import LANGUAGES
from corpus.reports import load_reports
from corpus.title_page import as_read
from eval.questions import load_questions
from eval.reader.network import PARTS
from index.model.embedding import Vector
from index.model.export import DEFAULT_SHAPE, largest_channels
from index.model.loading import encoder_folder, load_embedder, source_fingerprint
from index.model.names import DEFAULT_MODEL
from index.model.onnx_embedder import OnnxEmbedder
from index.model.onnx_graph import UNEVEN, Apart, reader_graph
from index.reader.loading import CARD, FOLDER, UPPER, lower_layers
from index.reader.network import OnnxReader
from service.settings import load_settings

SAMPLE = 60  # pairs of a question and a paragraph
MOST_APART = 0.25  # by how much log-odds may differ on average


def weights_of(upper: Mapping[str, torch.Tensor], first: int) -> dict[str, Vector]:
    """What `eval.reader.network.Upper` learned, by the names that `reader_graph` knows."""
    given = {name: tensor.float().numpy() for name, tensor in upper.items()}
    width = given["sides"].shape[1]
    whole, edges = given["whole.weight"][0], given["edges.weight"]
    found = {
        "sides": given["sides"],
        "said.weight": np.stack([*edges, whole[:width], whole[width:]]),
        "said.bias": np.array([*(given["edges.bias"] + given["whole.bias"]), 0, 0], np.float32),
    }
    for name, values in given.items():
        if name.startswith("layers."):
            _, number, part, kind = name.split(".")
            found[f"encoder.layer.{first + int(number)}.{PARTS[part]}.{kind}"] = values
    return found


def pairs() -> Iterator[tuple[str, str]]:
    """Development questions, each with a paragraph in its language, in turn."""
    [report] = load_reports()
    texts = {
        language: [as_read(rendering, paragraph.ref) for paragraph in report.texts(rendering)]
        for language in LANGUAGES
        for rendering in [report.rendering(language)]
    }
    asked = [row for row in load_questions() if row.split == "dev"]
    for place, row in enumerate(asked[:: max(1, len(asked) // SAMPLE)]):
        yield row.question, texts[row.language][place % len(texts[row.language])]


def large_channels(reader: OnnxReader) -> Apart:
    """The channels of what UNEVEN layers get that are too large to be rounded with the others."""
    return largest_channels(reader.inputs_of_layers(question, window) for question, window in pairs())


def compare(one: OnnxReader, other: OnnxReader) -> dict[str, float]:
    """How far their log-odds lie apart, and for how many pairs both find the same words."""
    said = [(one.read(question, [window])[0], other.read(question, [window])[0]) for question, window in pairs()]
    apart = np.array([abs(a.odds - b.odds) for a, b in said])
    same = [(a.start, a.end) == (b.start, b.end) for a, b in said]
    return {"apart": float(apart.mean()), "most": float(apart.max()), "same_words": float(np.mean(same))}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the layers and their SHA-256, and say how they compare."""
    parser = argparse.ArgumentParser(description="Put a trained reader's layers where fiqra loads them from.")
    parser.add_argument("checkpoint", type=Path)
    given = parser.parse_args(arguments)
    kept: Mapping[str, Any] = torch.load(given.checkpoint, weights_only=True)
    card = json.loads((FOLDER / CARD).read_bytes())
    first, data_dir = int(card["apart"]), load_settings().data_dir
    embedder = load_embedder(DEFAULT_MODEL, data_dir)
    if not isinstance(embedder, OnnxEmbedder):
        raise TypeError(f"{encoder_folder(DEFAULT_MODEL, data_dir)} holds no exported encoder")
    lower, weights = lower_layers(embedder, first, data_dir), weights_of(kept["upper"], first)
    plain = reader_graph(DEFAULT_SHAPE, weights, first=first, integers=False, shown=UNEVEN).SerializeToString()
    trained = OnnxReader(embedder, lower, plain)
    graph = reader_graph(DEFAULT_SHAPE, weights, first=first, apart=large_channels(trained))
    data = graph.SerializeToString(deterministic=True)
    agreement = compare(trained, OnnxReader(embedder, lower, data))
    print(json.dumps({"step": kept["step"], "bytes": len(data), **agreement}))  # noqa: T201
    if agreement["apart"] > MOST_APART:
        raise SystemExit(f"in 8 bits it reads otherwise than it was trained: {agreement}")
    (FOLDER / UPPER).write_bytes(data)
    card |= {"encoder": source_fingerprint(DEFAULT_MODEL), "sha256": hashlib.sha256(data).hexdigest()}
    (FOLDER / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
