"""How fast and how right the vector stores are, by size: `python -m eval.measure.scale 1000000`.

The vectors are synthetic, since nobody has a million paragraphs to encode in passing: clusters of a low intrinsic
dimension with noise, as encoders' vectors are, 384 numbers of unit length. Questions are vectors moved a little. Recall
is against exact search over the same vectors. One line of JSON a size.
"""

from __future__ import annotations

import resource
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.measure.timing import lines_by_size, resident, timed
from index.model.embedding import Vector, unit
from index.stores.approximate import FILE, IvfStore
from index.stores.vectors import FaissStore

DIMENSION, LATENT, CLUSTER, QUESTIONS, K = 384, 64, 200, 200, 10
_TIMED_EXACTLY = 20  # exact search of a million takes long


def synthetic(count: int, seed: int = 1) -> tuple[Vector, Vector]:
    """Vectors float32 [count, 384] and questions float32 [200, 384], of unit length."""
    rng = np.random.default_rng(seed)
    plane = rng.standard_normal((LATENT, DIMENSION)).astype(np.float32) / np.sqrt(DIMENSION).astype(np.float32)
    centres = rng.standard_normal((max(2, count // CLUSTER), LATENT)).astype(np.float32)
    vectors = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        latent = centres[rng.integers(0, len(centres), size)] + 0.6 * rng.standard_normal((size, LATENT)).astype("f4")
        noise = 0.02 * rng.standard_normal((size, DIMENSION)).astype(np.float32)
        vectors[start : start + size] = unit(latent @ plane + noise)
    near = vectors[rng.integers(0, count, QUESTIONS)]
    return vectors, unit(near + 0.02 * rng.standard_normal(near.shape).astype(np.float32))


def measure(count: int, folder: Path) -> dict[str, float]:
    """Build, save, map and search an index of that many vectors, and exact search beside it."""
    vectors, questions = synthetic(count)
    _, flat = timed(partial(FaissStore.of(vectors).search, k=K), questions[:_TIMED_EXACTLY])
    exact = _nearest(vectors, questions)
    started = perf_counter()
    IvfStore.of(vectors).save(folder / FILE)
    built = perf_counter() - started
    del vectors
    before = resident()
    store = IvfStore.open(folder / FILE, DIMENSION, count)
    timed(partial(store.search, k=K), questions[:50])
    found, ivf = timed(partial(store.search, k=K), questions)
    recall = np.mean([len({*a.tolist()} & {hit.row for hit in b}) / K for a, b in zip(exact, found, strict=True)])
    return {
        "vectors": count,
        **{f"flat_{name}": value for name, value in flat.items()},
        "ivf_build_s": round(built, 1),
        "ivf_file_mib": round((folder / FILE).stat().st_size / 2**20, 1),
        **{f"ivf_{name}": value for name, value in ivf.items()},
        "ivf_recall_at_10": round(float(recall), 4),
        "ivf_resident_mib": round(resident() - before, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _nearest(vectors: Vector, questions: Vector) -> NDArray[np.int64]:
    """The rows of the K nearest of each question, a block of vectors at a time."""
    scores, rows = np.empty((len(questions), 0), np.float32), np.empty((len(questions), 0), np.int64)
    for start in range(0, len(vectors), 50_000):
        block = questions @ vectors[start : start + 50_000].T
        best = np.argpartition(-block, K, axis=1)[:, :K]
        scores = np.concatenate([scores, np.take_along_axis(block, best, 1)], axis=1)
        rows = np.concatenate([rows, best + start], axis=1)
    nearest: NDArray[np.int64] = np.take_along_axis(rows, np.argsort(-scores, axis=1)[:, :K], 1)
    return nearest


if __name__ == "__main__":
    lines_by_size(measure, 10_000)
