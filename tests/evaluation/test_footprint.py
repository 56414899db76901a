"""What serves next to what it came from, as ratios with a wide margin; `make bench` measures them well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.model.loading import original
from index.model.names import DEFAULT_MODEL
from tests.support.paths import DATA_DIR
from tests.support.services import QUESTION

# One answer from cold, then what ten more take; the words of their own are for the cache.
MEASURE = """
import json, time
started = time.process_time()
answer = load()
answer(QUESTION)
cold = time.process_time() - started
for number in range(10):
    answer(f"{QUESTION} zq{number}")
warm = time.process_time() - started - cold
resident = int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0])
print(json.dumps({"cold": cold, "warm": warm, "resident": resident}))
"""
FIQRA = """
def load():
    from service.in_process import Library
    return Library.load().ask
"""
PLAIN = """
def load():
    import faiss
    from sentence_transformers import SentenceTransformer
    model = SentenceTransformer(MODEL, device="cpu")
    index = faiss.IndexFlatIP(384)
    index.add(model.encode(["passage: " + QUESTION] * 16))
    return lambda question: index.search(model.encode(["query: " + question]), 5)
"""


def measured(load: str, data_dir: Path) -> dict[str, float]:
    constants = f"QUESTION = {QUESTION!r}\nMODEL = {original(DEFAULT_MODEL, data_dir)!r}\n"
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", constants + load + MEASURE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=True)
    row: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return row


@pytest.mark.model
def test_answering_takes_less_than_the_bare_search_of_the_original(data_dir: Path) -> None:
    """Processor time and memory, of a whole answer here and of a bare search there.

    Tried by hand: with `PLAIN` on both sides, memory fails.
    """
    ours, theirs = measured(FIQRA, data_dir), measured(PLAIN, DATA_DIR)
    ratios = {name: ours[name] / theirs[name] for name in ours}
    assert ratios["warm"] <= 1, ratios
    assert ratios["resident"] <= 0.6, ratios
    assert ratios["cold"] <= 0.75, ratios
