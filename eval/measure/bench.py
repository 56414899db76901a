"""`make bench`: fiqra as a service next to plain sentence-transformers and FAISS, in one run, as ratios.

    python -m eval.measure.bench [questions] [--sizes 36 1000000] → var/bench/<time>-<commit>.json, and latest.json
    python -m eval.measure.bench --quick → what `eval.measure.guard` holds

The ratios of a commit are kept in docs/bench as well, and drawn (`eval.measure.history`). Every question has a word of
its own, for both, so that no cache answers.

Two processes: `fiqra serve`, asked over HTTP, everything included; and a script that loads the model with
sentence-transformers, encodes the paragraphs and searches them with FAISS. They are asked in turns, so that the
machine's moods fall on both alike. Machines differ and are noisy; the ratio is what lasts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

from eval.measure.footprint import footprint, installed_mb
from eval.measure.guard import costs
from eval.measure.history import Run, keep
from eval.measure.machine import machine
from eval.measure.processes import PATIENCE_S, Caller, cpu_ms, fresh, plain, resident_mb, serving, tell
from eval.questions import load_questions
from index.model.loading import original
from service.settings import load_settings

QUESTIONS = 40
CALLERS = (1, 8, 32)
SIZES = ("36", "10000", "1000000")
GROWTH_S = 1_800.0
PLAIN_PACKAGES = ("sentence-transformers", "faiss-cpu")

# What `fiqra ingest` does with a report, its sentences included, and how many of its paragraphs a second.
INGEST = """
import time
import numpy as np
from corpus.chunks import sentences
from index.model.centring import Centre
from index.model.loading import load_embedder
from index.disk.report_parts import make
from service.settings import load_settings
settings = load_settings()
embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
report = settings.library().base()[0]
nothing = np.zeros(embedder.dimension, np.float32)
sentences("What is imported when it is first needed. Others import it before they are timed.")
started = time.perf_counter()
make(report, embedder, {language: Centre(nothing, nothing) for language in report.languages})
print(sum(len(rendering.paragraphs) for rendering in report.renderings) / (time.perf_counter() - started))
"""


def main() -> None:
    """Start both, ask both, print and keep what it took."""
    parser = argparse.ArgumentParser(description="Measure fiqra beside sentence-transformers and FAISS.")
    parser.add_argument("questions", nargs="?", type=int, default=QUESTIONS, help="how many development questions")
    parser.add_argument("--sizes", nargs="*", default=SIZES, help="vectors to search, synthetic ones; none to skip it")
    parser.add_argument("--quick", action="store_true", help="what an answer costs, and no more")
    given = parser.parse_args()
    settings = load_settings()
    questions = [row.question for row in load_questions() if row.split == "dev"]
    model = Path(original(settings.model, settings.data_dir))
    texts = [p.text for report in settings.library().base() for r in report.renderings for p in r.paragraphs]
    ran = machine()
    result: dict[str, object] = {"costs": costs(settings.data_dir, model, texts, questions), "ratios": {}}
    if not given.quick:
        step = max(1, len(questions) // given.questions)  # of all kinds: they stand by kind
        asked = questions[::step][: given.questions]
        result |= measure(settings.data_dir, model, settings.threads, texts, asked)
        if given.sizes:
            result["growth"] = growth(given.sizes)
    result["load_average"] = os.getloadavg()[0]
    _keep(result, ran, settings.data_dir / "bench")


def _keep(result: Mapping[str, object], ran: Mapping[str, object], folder: Path) -> None:
    """Print what was measured, and keep it: whole among the data, its ratios and costs with the commit that ran."""
    text = json.dumps({**result, "machine": ran}, indent=2)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (f"{time.strftime('%Y%m%dT%H%M%S')}-{ran['commit']}", "latest"):
        (folder / f"{name}.json").write_text(text, "utf-8")
    print(text)  # noqa: T201
    run = Run.of(result, ran)
    kept = f"kept in {keep(run)}" if run else "not kept in docs/bench: no commit is what ran; commit, and run it again"
    print(kept, file=sys.stderr)  # noqa: T201


def measure(
    data_dir: Path, model: Path, threads: int, texts: Sequence[str], questions: Sequence[str]
) -> dict[str, object]:
    """Milliseconds, megabytes and seconds of fiqra and of the plain script, and fiqra's as a share of the other's."""
    with plain(model, threads, texts) as (script, told), serving(data_dir) as (process, url, ready_s):
        with closing(Caller(url)) as caller:
            numbers = count()

            def ask(question: str) -> None:
                caller.ask(fresh(question, numbers))

            def bare(question: str) -> None:
                tell(script, fresh(question, numbers))

            for work in (ask, bare):
                work(questions[0])
            before = cpu_ms(process.pid), cpu_ms(script.pid)
            # As they are: a word that stands nowhere, or a number, leaves doubt, and what is doubtful is read.
            turns = [
                (_milliseconds(caller.ask, question), _milliseconds(partial(tell, script), question))
                for question in questions
            ]
            spent = [
                (cpu_ms(pid) - then) / len(questions)
                for pid, then in zip((process.pid, script.pid), before, strict=True)
            ]
            fiqra, other = ([turn[i] for turn in turns] for i in (0, 1))
            loads = {str(n): _spread(_together(ask, questions, n)) for n in CALLERS}
        ingested, cold = ingest_rate(data_dir), cold_ask_s(data_dir)
        ours = {
            "ready_s": ready_s,
            "resident_mb": resident_mb(process.pid),
            "passages_per_s": ingested,
            "cold_ask_s": cold,
            **footprint(data_dir),
            "cpu_ms": spent[0],
        }
        theirs = {
            **told,
            "resident_mb": resident_mb(script.pid),
            "cpu_ms": spent[1],
            "packages_mb": installed_mb(PLAIN_PACKAGES),
        }
    return {
        "fiqra": {**ours, "ask_ms": _spread(fiqra), "ask_ms_by_callers": loads},
        "sentence_transformers": {**theirs, "query_ms": _spread(other)},
        "ratios": {
            "ask": statistics.median(fiqra) / statistics.median(other),
            "ask_mean": statistics.mean(fiqra) / statistics.mean(other),
            "ask_cpu": spent[0] / spent[1],
            "ready": ready_s / told["ready_s"],
            "resident": ours["resident_mb"] / theirs["resident_mb"],
            "passages_per_s": ingested / told["passages_per_s"],
            "packages": ours["packages_mb"] / theirs["packages_mb"],
            "cold_ask": cold / (told["ready_s"] + statistics.median(other) / 1e3),
        },
    }


def ingest_rate(data_dir: Path) -> float:
    """Paragraphs a second that are taken in, sentences included."""
    return float(_run([sys.executable, "-c", INGEST], data_dir))


def cold_ask_s(data_dir: Path) -> float:
    """Seconds that `fiqra ask` takes, in a process of its own."""
    started = perf_counter()
    _run([str(Path(sys.executable).with_name("fiqra")), "ask", "Who moderated the workshop?"], data_dir)
    return perf_counter() - started


def growth(sizes: Sequence[str]) -> list[dict[str, float]]:
    """Search over so many synthetic vectors, exact and approximate; see `eval.measure.scale`."""
    command = [sys.executable, "-m", "eval.measure.scale", *sizes]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GROWTH_S, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _run(command: Sequence[str], data_dir: Path) -> str:
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    return done.stdout


def _together(work: Callable[[str], None], questions: Sequence[str], callers: int) -> list[float]:
    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(lambda question: _milliseconds(work, question), [*questions, *questions]))


def _spread(times: Sequence[float]) -> dict[str, float]:
    """The median, the 95th and the 99th percentile."""
    cut = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(cut[49], 2), "p95": round(cut[94], 2), "p99": round(cut[98], 2)}


def _milliseconds(work: Callable[[str], object], question: str) -> float:
    started = perf_counter()
    work(question)
    return 1e3 * (perf_counter() - started)


if __name__ == "__main__":
    main()
