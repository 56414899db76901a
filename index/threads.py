"""How many threads the libraries underneath may take.

Idle threads of OpenMP, OpenBLAS and onnxruntime spin for a while before they sleep, each pool against the others. On
two cores that cost four fifths of a question's processor time (docs/performance.md). Searching, comparing and
the model's pass therefore stay in the thread that asks, and cores are used by asking in several threads.
"""

from __future__ import annotations

import os

import faiss
from threadpoolctl import threadpool_limits


def calm_numpy() -> None:
    """Let NumPy's products run in the thread that asks for them; holds for the whole process."""
    threadpool_limits(1, user_api="blas")


def search_alone() -> None:
    """Let FAISS search in the calling thread. OpenMP keeps this setting a thread, so every search says so."""
    faiss.omp_set_num_threads(1)


def train_together() -> None:
    """Let FAISS use every core, for the calling thread."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)
