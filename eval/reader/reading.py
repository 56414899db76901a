"""Groups of windows → what the network says of them. Texts are tokenised and read apart once, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from corpus.records import Span
from eval.reader.groups import Group, Window
from eval.reader.network import Lower, Upper, loss_of

TOKENS = {"query": 48, "passage": 128}
PREFIX = {"query": "query: ", "passage": "passage: "}
TOGETHER = 16  # texts that are read apart at a time
BUCKETS = 4  # windows of like length together, so that little is padding
KEPT = 40_000  # texts whose states are kept; the oldest go


@dataclass(frozen=True, slots=True)
class Read:
    """A text's token ids, and where each token stands in it."""

    ids: list[int]
    spans: list[Span]


class Reading:
    """Tokenises and reads texts apart; what was read is kept."""

    def __init__(self, tokenizer: Any, lower: Lower) -> None:
        self._tokenizer = tokenizer
        self._lower = lower
        self._read: dict[tuple[str, str], Read] = {}
        self._states: dict[tuple[str, str], Tensor] = {}

    def read(self, text: str, kind: str) -> Read:
        """Its tokens, the prefix among them; spans count in the text, those of the prefix are empty."""
        if (kind, text) not in self._read:
            prefix = PREFIX[kind]
            found = self._tokenizer(
                prefix + text, return_offsets_mapping=True, truncation=True, max_length=TOKENS[kind]
            )
            spans = [Span(max(a - len(prefix), 0), max(b - len(prefix), 0)) for a, b in found["offset_mapping"]]
            self._read[kind, text] = Read(found["input_ids"], spans)
        return self._read[kind, text]

    def states(self, texts: Sequence[tuple[str, str]]) -> list[Tensor]:
        """The states of (kind, text) pairs, float16 [t, d] each."""
        new = {key: len(self.read(key[1], key[0]).ids) for key in texts if key not in self._states}
        order = sorted(new, key=new.__getitem__)
        for at in range(0, len(order), TOGETHER):
            keys = order[at : at + TOGETHER]
            found = self._lower([self.read(text, kind).ids for kind, text in keys])
            self._states |= {key: states.half() for key, states in zip(keys, found, strict=True)}
        kept = [self._states[key] for key in texts]
        while len(self._states) > KEPT:
            del self._states[next(iter(self._states))]
        return kept


@dataclass(slots=True)
class Reader:
    """Reads groups with the network as it is."""

    reading: Reading
    upper: Upper
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    def edges(self, groups: Sequence[Group]) -> list[list[Tensor]]:
        """For each group, each window's [t, 2]."""
        pairs = [(("query", group.question), ("passage", window.text)) for group in groups for window in group.windows]
        asked = self.reading.states([question for question, _ in pairs])
        shown = self.reading.states([window for _, window in pairs])
        states = [(q.float().to(self.device), w.float().to(self.device)) for q, w in zip(asked, shown, strict=True)]
        order = sorted(range(len(states)), key=lambda i: len(states[i][0]) + len(states[i][1]))
        found: dict[int, Tensor] = {}
        for bucket in filter(len, np.array_split(order, BUCKETS)):
            found |= zip(bucket.tolist(), self.upper([states[i] for i in bucket]), strict=True)
        each = iter(range(len(pairs)))
        return [[found[next(each)] for _ in group.windows] for group in groups]

    def answer(self, window: Window) -> tuple[int, int] | None:
        """The first and last token of a window's answer."""
        if window.answer is None:
            return None
        spans = self.reading.read(window.text, "passage").spans
        said = window.answer
        held = [i for i, span in enumerate(spans) if max(span.start, said.start) < min(span.end, said.end)]
        return (held[0], held[-1]) if held else None

    def loss(self, groups: Sequence[Group]) -> Tensor:
        """The mean over the groups."""
        losses = [
            loss_of(windows, self.answer(group.windows[0]) if group.answered else None, group.answered)
            for group, windows in zip(groups, self.edges(groups), strict=True)
        ]
        return torch.stack(losses).mean()
