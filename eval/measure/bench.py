"""`make bench`: fiqra as a service next to plain sentence-transformers and FAISS, in one run, as ratios.

    python -m eval.measure.bench [questions] [--sizes 36 1000000] → var/bench/<time>-<commit>.json, and latest.json

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
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import httpx

from eval.measure.footprint import footprint, installed_mb
from eval.measure.history import Run, keep
from eval.measure.machine import machine
from eval.questions import load_questions
from index.model.loading import original
from service.settings import load_settings

QUESTIONS = 40
CALLERS = (1, 8, 32)
SIZES = ("36", "10000", "1000000")
PATIENCE_S = 120.0
GROWTH_S = 1_800.0
PLAIN_PACKAGES = ("sentence-transformers", "faiss-cpu")
_PAGE = resource.getpagesize()

# What somebody would write instead: it answers each line with a line.
PLAIN = """
import sys, time, json
started = time.perf_counter()
import faiss, torch
from sentence_transformers import SentenceTransformer
torch.set_num_threads(int(sys.argv[2]))
model = SentenceTransformer(sys.argv[1], device="cpu")
texts = json.loads(sys.stdin.readline())
ready = time.perf_counter() - started
encoding = time.perf_counter()
vectors = model.encode(["passage: " + t for t in texts], batch_size=16, normalize_embeddings=True)
encoded = time.perf_counter() - encoding
index = faiss.IndexFlatIP(vectors.shape[1]); index.add(vectors)
print(json.dumps({"ready_s": ready, "passages_per_s": len(texts) / encoded}), flush=True)
for line in sys.stdin:
    index.search(model.encode(["query: " + json.loads(line)], normalize_embeddings=True), 5)
    print("{}", flush=True)
"""

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
    given = parser.parse_args()
    settings = load_settings()
    questions = [row.question for row in load_questions() if row.split == "dev"][: given.questions]
    model = Path(original(settings.model, settings.data_dir))
    texts = [p.text for report in settings.library().base() for r in report.renderings for p in r.paragraphs]
    result = measure(settings.data_dir, model, settings.threads, texts, questions)
    if given.sizes:
        result["growth"] = growth(given.sizes)
    result["machine"] = ran = machine()
    folder = settings.data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2)
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
    with _plain(model, threads, texts) as (plain, told), serving(data_dir) as (process, url, ready_s):
        with closing(Caller(url)) as caller:
            numbers = count()

            def ask(question: str) -> None:
                caller.ask(fresh(question, numbers))

            def bare(question: str) -> None:
                _tell(plain, fresh(question, numbers))

            for work in (ask, bare):
                work(questions[0])
            before = cpu_ms(process.pid), cpu_ms(plain.pid)
            turns = [(_milliseconds(ask, question), _milliseconds(bare, question)) for question in questions]
            spent = [
                (cpu_ms(pid) - then) / len(questions)
                for pid, then in zip((process.pid, plain.pid), before, strict=True)
            ]
            fiqra, other = ([turn[i] for turn in turns] for i in (0, 1))
            loads = {str(n): _spread(_together(ask, questions, n)) for n in CALLERS}
        ingested, cold = ingest_rate(data_dir), cold_ask_s(data_dir)
        ours = {
            "ready_s": ready_s,
            "resident_mb": _resident_mb(process.pid),
            "passages_per_s": ingested,
            "cold_ask_s": cold,
            **footprint(data_dir),
            "cpu_ms": spent[0],
        }
        theirs = {
            **told,
            "resident_mb": _resident_mb(plain.pid),
            "cpu_ms": spent[1],
            "packages_mb": installed_mb(PLAIN_PACKAGES),
        }
    return {
        "fiqra": {**ours, "ask_ms": _spread(fiqra), "ask_ms_by_callers": loads},
        "sentence_transformers": {**theirs, "query_ms": _spread(other)},
        "ratios": {
            "ask": statistics.median(fiqra) / statistics.median(other),
            "ask_cpu": spent[0] / spent[1],
            "ready": ready_s / told["ready_s"],
            "resident": ours["resident_mb"] / theirs["resident_mb"],
            "passages_per_s": ingested / told["passages_per_s"],
            "packages": ours["packages_mb"] / theirs["packages_mb"],
            "cold_ask": cold / (told["ready_s"] + statistics.median(other) / 1e3),
        },
        "load_average": os.getloadavg()[0],
    }


class Caller:
    """Asks over HTTP/1.1, a connection a thread, by what Python itself has: the caller's own work is not measured."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)
        self._own = threading.local()
        self._opened: list[HTTPConnection] = []

    def ask(self, question: str) -> None:
        """Ask, and read the answer. Raises RuntimeError where it is none."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection(self._at.hostname or "", self._at.port, timeout=PATIENCE_S)
            self._opened.append(self._own.connection)
        connection: HTTPConnection = self._own.connection
        connection.request("POST", "/v1/ask", json.dumps({"question": question}), {"content-type": "application/json"})
        response = connection.getresponse()
        if response.status != HTTPStatus.OK:
            raise RuntimeError(f"{response.status} for {question!r}: {response.read()[:200]!r}")
        response.read()

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._opened:
            connection.close()


def fresh(question: str, numbers: Iterator[int]) -> str:
    """The question as nobody asked it before."""
    return f"{question} zq{next(numbers)}"


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


@contextmanager
def _plain(model: Path, threads: int, texts: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, float]]]:
    command = [sys.executable, "-c", PLAIN, str(model), str(threads)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, _tell(process, texts)
        finally:
            process.kill()


def _tell(process: subprocess.Popen[str], message: object) -> dict[str, float]:
    if process.stdin is None or process.stdout is None:
        raise TypeError("the process was started without pipes")
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    answer: dict[str, float] = json.loads(process.stdout.readline())
    return answer


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """A `fiqra serve` of its own on the loopback: its process, its address, and the seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "FIQRA_PORT": str(port), "FIQRA_QUEUE": "200"}
    environment["FIQRA_LOG_LEVEL"] = "WARNING"
    started = perf_counter()
    with subprocess.Popen([Path(sys.executable).with_name("fiqra"), "serve"], env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            while not _is_ready(url):
                if process.poll() is not None or perf_counter() - started > PATIENCE_S:
                    raise RuntimeError("the service did not become ready; run `fiqra serve` to see why")
                time.sleep(0.02)
            yield process, url, perf_counter() - started
        finally:
            process.terminate()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _together(work: Callable[[str], None], questions: Sequence[str], callers: int) -> list[float]:
    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(lambda question: _milliseconds(work, question), [*questions, *questions]))


def _spread(times: Sequence[float]) -> dict[str, float]:
    """The median, the 95th and the 99th percentile."""
    cut = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(cut[49], 2), "p95": round(cut[94], 2), "p99": round(cut[98], 2)}


def _resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1e6


def cpu_ms(pid: int) -> float:
    """Processor time that a process has used: on a busy machine steadier than what a clock says."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return 1e3 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _milliseconds(work: Callable[[str], None], question: str) -> float:
    started = perf_counter()
    work(question)
    return 1e3 * (perf_counter() - started)


if __name__ == "__main__":
    main()
