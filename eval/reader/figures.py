"""What a reader does on the rows held back, by source and language."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from eval.metrics import auroc
from eval.reader.groups import Groups
from eval.reader.network import log_odds
from eval.reader.reading import Reader
from eval.reader.rows import Row

MEASURED = 100  # rows of each kind


def source_of(row: Row) -> str:
    """What a row counts as in a mix: its source, and whether the text is in the other language than the question."""
    return f"{row.source} across" if row.across else row.source


@torch.inference_mode()
def measured(reader: Reader, groups: Groups, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """On rows held back, by source and language: AUROC of answered against not, the right window first, exact spans."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.held:
            kinds[f"{source_of(row)} {row.language}"].append(row)
    found = {}
    for kind, held in sorted(kinds.items()):
        some = random.Random(kind).sample(held, min(MEASURED, len(held)))  # noqa: S311 - a sample, the same each time
        pairs = [(group, reader.edges([group])[0]) for row in some if (group := groups.of(row))]
        odds = [[float(log_odds(edges)) for edges in windows] for _, windows in pairs]
        answered = np.array([group.answered for group, _ in pairs])
        right = [int(np.argmax(each)) == 0 for each, yes in zip(odds, answered, strict=True) if yes]
        exact = [
            (int(windows[0][:, 0].argmax()), int(windows[0][:, 1].argmax())) == reader.answer(group.windows[0])
            for group, windows in pairs
            if group.answered
        ]
        found[kind] = {"first": float(np.mean(right)), "exact": float(np.mean(exact))}
        if not answered.all():
            found[kind]["auroc"] = auroc([max(each) for each in odds], answered.tolist())
    return found
