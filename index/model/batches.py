"""Many texts → their encodings, in batches of like length, as many at a time as the embedder bears."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from index.model.embedding import Embedder, Encoding, Kind

Progress = Callable[[int, int], None]
"""Called with how many texts are encoded and how many there are."""


def encode_all(
    texts: Sequence[str], kind: Kind, embedder: Embedder, progress: Progress | None = None
) -> list[Encoding]:
    """Encode in batches of like length, so that little of a batch is padding; the order of the texts is kept."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    batches = [order[start : start + embedder.batch] for start in range(0, len(order), embedder.batch)]
    encodings: dict[int, Encoding] = {}
    with ThreadPoolExecutor(embedder.parallel) as pool:
        try:
            for batch, encoded in zip(
                batches, pool.map(lambda batch: embedder.encode([texts[i] for i in batch], kind), batches), strict=True
            ):
                encodings |= zip(batch, encoded, strict=True)
                if progress:
                    progress(len(encodings), len(texts))
        except BaseException:  # an interruption too ends the work that waits
            pool.shutdown(cancel_futures=True)
            raise
    return [encodings[i] for i in range(len(texts))]
