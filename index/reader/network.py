"""The reader's network in onnxruntime: a question and windows of text → how much speaks for an answer in each.

An encoder's own layers. The lower half reads each text by itself, and what it makes of a window is kept for the next
question (as in DeFormer, Cao et al. 2020); the upper half, trained for it, reads question and window together. Of each
token of the window it says how much speaks for an answer that starts there, and for one that ends there, against there
being none, which counts 0 (shared normalisation, Clark and Gardner 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.model.embedding import Kind, Vector
from index.model.onnx_embedder import OnnxEmbedder
from index.model.onnx_session import open_session

MOST_ASKED, MOST_READ = 48, 128  # tokens of a question and of a window, as it was trained
KEPT = 256  # windows, 100 KB each at most and 40 as a rule: those of a report of 70 paragraphs
States = NDArray[np.float16]
"""What the lower layers make of a text, [tokens, d]."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was read in a window: `odds`, the log-odds that it holds an answer.

    `start` and `end` are the token that an answer most likely begins with, and the one it ends with, by their number
    among the window's own tokens.
    """

    odds: float
    start: int
    end: int


class Reader(Protocol):
    """What reads."""

    def read(self, question: str, windows: Sequence[str]) -> list[Said]:
        """What each window says to the question."""
        ...

    def length(self, text: str) -> int:
        """How many tokens a text has."""
        ...


class OnnxReader:
    """The reader of one encoder. `lower` is a graph whose weights lie in the encoder's folder, `upper` a whole one."""

    def __init__(self, embedder: OnnxEmbedder, lower: bytes, upper: bytes) -> None:
        """Raises ModelError where a graph cannot be loaded."""
        self._embedder = embedder
        self._lower = _session(lower, embedder.folder)
        self._upper = _session(upper, None)
        self._kept = lru_cache(KEPT)(self._states)
        self._pool = ThreadPoolExecutor(embedder.parallel, "reader")

    def length(self, text: str) -> int:
        """See `Reader.length`."""
        return len(self._embedder.tokens(text))

    def read(self, question: str, windows: Sequence[str]) -> list[Said]:
        """See `Reader.read`. A pass reads one window, and there are as many passes at a time as the embedder has cores.

        read("Who chaired?", ["Ms. Vale chaired the meeting."]) → [Said(odds=3.1, start=0, end=3)]
        """
        asked = self._states(question, "query", MOST_ASKED)
        return list(self._pool.map(lambda window: self._said(asked, self._kept(window, "passage", MOST_READ)), windows))

    def inputs_of_layers(self, question: str, window: str) -> dict[str, Vector]:
        """What goes into the layers that the upper graph shows, by layer → float32 [tokens, d]."""
        names = [output.name for output in self._upper.get_outputs() if output.name != "said"]
        given = _joined(self._states(question, "query", MOST_ASKED), self._kept(window, "passage", MOST_READ))
        shown = self._upper.run(names, given)
        return {name.removesuffix(".input"): rows for name, [rows] in zip(names, shown, strict=True)}

    def _states(self, text: str, kind: Kind, most: int) -> States:
        ids = self._embedder.ids(text, kind)
        ids = ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
        given = {"ids": np.array([ids], np.int64), "mask": np.ones((1, len(ids)), np.int32)}
        [[states]] = self._lower.run(["states"], given)
        kept: States = states.astype(np.float16)
        return kept

    def _said(self, question: States, window: States) -> Said:
        [[said]] = self._upper.run(["said"], _joined(question, window))
        asked = len(question)
        own = said[asked + self._embedder.skipped("passage") : -1, :2] + said[0, 2] + said[asked, 3]
        return said_of(own)


def said_of(edges: NDArray[np.float32]) -> Said:
    """Of what speaks for a start and an end at each token, float32 [tokens, 2].

    >>> said_of(np.array([[0, 0], [9, 0], [0, 9]], np.float32))
    Said(odds=9.0, start=1, end=2)
    """
    if not len(edges):
        return Said(float("-inf"), 0, 0)
    most = edges.max(axis=0)
    odds = float((most + np.log(np.exp(edges - most).sum(axis=0))).mean())
    start = int(edges[:, 0].argmax())
    return Said(round(odds, 3), start, start + int(edges[start:, 1].argmax()))


def _joined(question: States, window: States) -> dict[str, NDArray[Any]]:
    states = np.concatenate([question, window]).astype(np.float32)
    side = (np.arange(len(states)) >= len(question)).astype(np.int64)
    return {"states": states[None], "side": side[None], "mask": np.ones((1, len(states)), np.int32)}


def _session(graph: bytes, weights: Path | None) -> Any:
    try:
        return open_session(graph, weights)
    except Exception as error:
        raise ModelError(f"the reader cannot be loaded ({error}); set FIQRA_READER=off to do without") from error
