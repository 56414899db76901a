"""`make profile`: where the processor time of an answer goes, by stage, and a flame graph of it.

    python -m eval.measure.profile var/tools/bin/py-spy [seconds] → var/profile/stages.md, flame.svg, stacks.txt

py-spy looks at a real `fiqra serve` from outside, 200 times a second, while development questions are asked of it over
HTTP, each as nobody asked it before. A moment that a thread of the service works counts for the stage of the innermost
function that belongs to one. Shares of one run compare on any machine; milliseconds are those of the machine named.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from itertools import count, cycle
from pathlib import Path
from time import perf_counter

from eval.measure.machine import features
from eval.measure.processes import PATIENCE_S, Caller, cpu_ms, fresh, serving
from eval.questions import load_questions
from service.settings import load_settings

SECONDS, RATE, WARMING = 20.0, 200, 50
# A path, or its beginning, of the code of a stage. Where several fit, the longest counts.
STAGES: Mapping[str, tuple[str, ...]] = {
    "HTTP parsing and writing": ("uvicorn/", "h11/", "httptools/"),
    "event loop": ("asyncio/", "uvloop/", "anyio/", "selectors.py"),
    "routing and middleware": ("starlette/", "fastapi/", "service/http/", "service/app.py", "prometheus_client/"),
    "admission and work queue": ("service/http/work_queue", "concurrent/"),
    "question read": ("corpus/", "service/answering/parting/", "service/answering/named_paragraphs.py",
                      "service/answering/small_talk.py", "service/answering/follow_up.py", "service/paragraphs/"),
    "tokens": ("index/model/tokenizing.py", "sentencepiece/"),
    "encode": ("index/model/",),
    "vectors": ("index/stores/",),
    "words": ("index/search/lexical.py", "index/stores/postings.py"),
    "late interaction": ("index/search/late_interaction.py",),
    "reading": ("index/reader/",),
    "answer types": ("index/search/wording/answer_types.py",),
    "ranking": ("index/search/",),
    "confidence": ("index/search/confidence.py", "index/search/background.py"),
    "sentences": ("service/answering/extraction.py",),
    "pinpointing": ("service/answering/pinpoint.py",),
    "quote gate": ("service/answering/quote_gate.py",),
    "engine": ("service/answering/engine.py",),
    "response": ("service/answering/", "service/schemas/"),
    "JSON": ("json/", "pydantic", "orjson"),
}  # fmt: skip
OTHER = "other"
_FRAME = re.compile(r"\((?P<path>[^():]++)(?::\d++)?\)\Z")
_INSTALLED = re.compile(r"\A.*/(?:site-packages|lib/python3\.\d++|lib-dynload)/")


def stage_of(stack: str) -> str:
    """The stage of the innermost frame that belongs to one; a stack is py-spy's: outer to inner, `;` between.

    >>> stage_of("run (uvicorn/server.py:1);encode (index/model/onnx_embedder.py:9);fold (re/__init__.py:3)")
    'encode'
    """
    for frame in reversed(stack.split(";")):
        found = _FRAME.search(frame)
        path = _INSTALLED.sub("", found["path"]) if found else ""
        fitting = [(len(at), stage) for stage, starts in STAGES.items() for at in starts if path.startswith(at)]
        if fitting:
            return max(fitting)[1]
    return OTHER


def shares(stacks: Iterable[str], root: Path) -> dict[str, float]:
    """Each stage's share of the moments in folded stacks (`outer;inner 12`), largest first; `root` is the project's.

    >>> shares(["a (/p/index/model/x.py:1) 3", "b (/p/index/stores/vectors.py:1) 1"], Path("/p"))
    {'encode': 0.75, 'vectors': 0.25}
    """
    moments: Counter[str] = Counter()
    for line in stacks:
        stack, _, times = line.rpartition(" ")
        moments[stage_of(stack.replace(f"{root}/", ""))] += int(times)
    return {stage: times / moments.total() for stage, times in moments.most_common()}


def table(parts: Mapping[str, float], answer_ms: float, machine: str) -> str:
    """The stages as Markdown.

    >>> print(table({"encode": 0.75, "vectors": 0.25}, 20.0, "two cores"))
    | stage | share | ms |
    | --- | --- | --- |
    | encode | 75.0 % | 15.00 |
    | vectors | 25.0 % | 5.00 |
    | all | | 20.00 |
    <BLANKLINE>
    two cores
    <BLANKLINE>
    """
    rows = [f"| {stage} | {100 * share:.1f} % | {share * answer_ms:.2f} |" for stage, share in parts.items()]
    head = ["| stage | share | ms |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, f"| all | | {answer_ms:.2f} |", "", machine, ""])


def main() -> None:
    """Ask for some seconds while py-spy looks; write the stacks, the graph and the table; print the table."""
    parser = argparse.ArgumentParser(description="Where the time of an answer goes.")
    parser.add_argument("spy", type=Path, help="py-spy's program")
    parser.add_argument("seconds", nargs="?", type=float, default=SECONDS)
    given = parser.parse_args()
    settings = load_settings()
    folder = settings.data_dir / "profile"
    folder.mkdir(parents=True, exist_ok=True)
    files = {"raw": folder / "stacks.txt", "flamegraph": folder / "flame.svg"}
    questions = cycle([row.question for row in load_questions() if row.split == "dev"])
    with serving(settings.data_dir) as (process, url, _), closing(Caller(url)) as caller:
        numbers = count()

        def ask() -> None:
            caller.ask(fresh(next(questions), numbers))

        for _ in range(WARMING):
            ask()
        measured = [_watched(given.spy, process.pid, kind, file, given.seconds, ask) for kind, file in files.items()]
    answer_ms, answers = measured[0]
    lines = files["raw"].read_text("utf-8").splitlines()
    text = table(shares(lines, Path.cwd()), answer_ms, _machine(answers))
    (folder / "stages.md").write_text(text, "utf-8")
    print(text)  # noqa: T201 - a program's output


def _watched(  # noqa: PLR0913, PLR0917 - each says what is watched, and how
    spy: Path, pid: int, kind: str, file: Path, seconds: float, ask: Callable[[], None]
) -> tuple[float, int]:
    """Ask while py-spy writes what it sees; the processor's milliseconds an answer, and how many answers there were."""
    command = [str(spy), "record", "--pid", str(pid), "--rate", str(RATE), "--duration", str(int(seconds))]
    with subprocess.Popen([*command, "--nonblocking", "--format", kind, "--output", str(file)]) as watching:
        before, answers, started = cpu_ms(pid), 0, perf_counter()
        while watching.poll() is None and perf_counter() - started < seconds + PATIENCE_S:
            ask()
            answers += 1
        spent = cpu_ms(pid) - before
        if watching.poll() is None:
            watching.kill()
    if watching.returncode:
        raise SystemExit(
            f"py-spy ended with {watching.returncode}: it must be allowed to trace a process (root, or CAP_SYS_PTRACE)"
        )
    return spent / answers, answers


def _machine(answers: int) -> str:
    """What ran, in a line."""
    return f"{answers} answers on {os.cpu_count()} cores ({', '.join(features()) or 'neither AVX2 nor VNNI'})"


if __name__ == "__main__":
    main()
