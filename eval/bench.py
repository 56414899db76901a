"""`make bench`: fiqra next to plain sentence-transformers and FAISS, in one run, as ratios.

    python -m eval.bench → var/bench/latest.json

Machines differ and are noisy; the ratio is what lasts. Issue by issue this grows; today it times one caller.
"""

from __future__ import annotations

import json
import resource
import statistics
from collections.abc import Callable
from time import perf_counter

import faiss
import numpy as np

from eval.questions import load_questions
from index.embedder import load_embedder
from service.respond import answer_question
from service.schemas import AskRequest
from service.settings import load_settings
from service.state import load_state

ROUNDS = 60


def main() -> None:
    """Time both on the same questions, in turns, so that the machine's moods fall on both alike."""
    settings = load_settings()
    started = perf_counter()
    state = load_state(settings)
    ready_s = perf_counter() - started
    engine = state.ready_engine()
    embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
    texts = [p.text for report in engine.contents.reports for r in report.renderings for p in r.paragraphs]
    plain = faiss.IndexFlatIP(embedder.dimension)
    plain.add(np.stack([embedder.encode([text], "passage")[0].vector for text in texts]))
    questions = [row.question for row in load_questions() if row.split == "dev"][:ROUNDS]

    def bare(question: str) -> None:
        plain.search(embedder.encode([question], "query")[0].vector[None], 5)

    def whole(question: str) -> None:
        answer_question(engine, AskRequest(question=question))

    times: dict[str, list[float]] = {"bare": [], "fiqra": []}
    for question in questions:
        for name, work in (("bare", bare), ("fiqra", whole)):
            times[name].append(_milliseconds(work, question))
    p50 = {name: statistics.median(values) for name, values in times.items()}
    result = {
        "bare_encode_and_search_ms_p50": round(p50["bare"], 2),
        "fiqra_ask_ms_p50": round(p50["fiqra"], 2),
        "ratio": round(p50["fiqra"] / p50["bare"], 2),
        "ready_s": round(ready_s, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    folder = settings.data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(result, indent=2), "utf-8")
    print(json.dumps(result, indent=2))  # noqa: T201


def _milliseconds(work: Callable[[str], None], question: str) -> float:
    started = perf_counter()
    work(question)
    return 1e3 * (perf_counter() - started)


if __name__ == "__main__":
    main()
