"""What the measuring scripts share: time for each question, memory, and a line of JSON a size."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

Question = TypeVar("Question")
Found = TypeVar("Found")


def timed(ask: Callable[[Question], Found], questions: Iterable[Question]) -> tuple[list[Found], dict[str, float]]:
    """What was found for each question; percentiles of the milliseconds it took, by the clock and of processor time.

    On a machine that does other things besides, the processor's time is what a search costs and the clock's is noise.

    >>> found, took = timed(len, ["Who?", "When?"])
    >>> found, list(took)
    ([4, 5], ['p50_ms', 'p99_ms', 'p50_cpu_ms', 'p99_cpu_ms'])
    """
    found, clock, processor = [], [], []
    for question in questions:
        started, worked = perf_counter(), process_time()
        answer = ask(question)
        clock.append(1e3 * (perf_counter() - started))
        processor.append(1e3 * (process_time() - worked))
        found.append(answer)
    percentiles = {
        f"p{p}_{name}": round(float(np.percentile(took, p)), 2)
        for name, took in (("ms", clock), ("cpu_ms", processor))
        for p in (50, 99)
    }
    return found, percentiles


def resident() -> float:
    """The process's memory in MiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def lines_by_size(measure: Callable[[int, Path], Mapping[str, float]], usual: int) -> None:
    """Measure each size named on the command line, or the usual one, in a folder of its own: a line of JSON each."""
    for size in map(int, sys.argv[1:] or [str(usual)]):
        with tempfile.TemporaryDirectory(prefix="fiqra-measured-") as folder:
            sys.stdout.write(json.dumps(measure(size, Path(folder))) + "\n")
            sys.stdout.flush()
