"""Many texts → their encodings, in batches of like length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.embedder import Embedder, Encoding, Kind

BATCH = 16
Progress = Callable[[int, int], None]
"""Called with how many texts are encoded and how many there are."""


def encode_all(
    texts: Sequence[str], kind: Kind, embedder: Embedder, progress: Progress | None = None
) -> list[Encoding]:
    """Encode in batches of like length, so that little of a batch is padding; the order of the texts is kept."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    encodings: dict[int, Encoding] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        encodings |= zip(batch, embedder.encode([texts[i] for i in batch], kind), strict=True)
        if progress:
            progress(len(encodings), len(texts))
    return [encodings[i] for i in range(len(texts))]
