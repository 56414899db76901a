"""The two processes that are asked side by side: `fiqra serve`, and what somebody would write instead.

Both are asked from outside, and what they use is read from outside: memory, and the processor's time.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from time import clock_gettime, perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx

PATIENCE_S = 120.0
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
ready, worked = time.perf_counter() - started, 1e3 * time.process_time()
encoding = time.perf_counter()
vectors = model.encode(["passage: " + t for t in texts], batch_size=16, normalize_embeddings=True)
encoded = time.perf_counter() - encoding
index = faiss.IndexFlatIP(vectors.shape[1]); index.add(vectors)
print(json.dumps({"ready_s": ready, "ready_cpu_ms": worked, "passages_per_s": len(texts) / encoded}), flush=True)
for line in sys.stdin:
    index.search(model.encode(["query: " + json.loads(line)], normalize_embeddings=True), 5)
    print("{}", flush=True)
"""


class Caller:
    """Asks over HTTP/1.1, a connection a thread, by what Python itself has: the caller's own work is not measured."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)
        self._own = threading.local()
        self._opened: list[HTTPConnection] = []

    def ask(self, question: str) -> dict[str, Any]:
        """Ask → the answer. Raises RuntimeError where it is none."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection(self._at.hostname or "", self._at.port, timeout=PATIENCE_S)
            self._opened.append(self._own.connection)
        connection: HTTPConnection = self._own.connection
        connection.request("POST", "/v1/ask", json.dumps({"question": question}), {"content-type": "application/json"})
        response = connection.getresponse()
        if response.status != HTTPStatus.OK:
            raise RuntimeError(f"{response.status} for {question!r}: {response.read()[:200]!r}")
        answer: dict[str, Any] = json.loads(response.read())
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._opened:
            connection.close()


def fresh(question: str, numbers: Iterator[int]) -> str:
    """The question as nobody asked it before."""
    return f"{question} zq{next(numbers)}"


@contextmanager
def plain(model: Path, threads: int, texts: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, float]]]:
    """The plain script: its process, and what it tells of its start. `tell` asks it."""
    command = [sys.executable, "-c", PLAIN, str(model), str(threads)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, tell(process, texts)
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], message: object) -> dict[str, float]:
    """Send a message, and wait for what the process answers."""
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


def resident_mb(pid: int) -> float:
    """What of a process's memory is in RAM, in megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1e6


def cpu_ms(pid: int) -> float:
    """Processor time that a process has used: on a busy machine steadier than what a clock says.

    Linux numbers the clocks of processes so, as clock_getcpuclockid(3) gives them; /proc counts in steps of 10 ms.
    """
    return 1e3 * clock_gettime(~pid << 3 | 2)
