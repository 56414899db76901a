"""What an answer costs, found on a busy machine too; a test holds it to what `make bench` found before.

Of each cost the least of some turns counts, in processor time: other work beside it only ever adds. The same turns go
to the plain script, on one thread, since two wait for each other by spinning; what is kept are shares of its costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path

from eval.measure.history import Run
from eval.measure.machine import features, processor
from eval.measure.processes import Caller, cpu_ms, fresh, plain, resident_mb, serving, tell

QUESTIONS, TEXTS, TURNS = 8, 16, 3
COSTS = ("answer", "start", "memory")
# A machine repeats itself within a sixth; on another processor shares differ by half, since integer products cost a
# third where it has instructions for them.
MARGIN, MARGIN_ELSEWHERE = 1.3, 2.0


def costs(data_dir: Path, model: Path, texts: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
    """Shares of the plain script's costs, by COSTS.

    `answer`: the processor's time of whole answers, those that are read among them. `start`: the processor's time until
    it is ready. `memory`: once all were asked.
    """
    with plain(model, 1, texts[:TEXTS]) as (script, told), serving(data_dir) as (process, url, _):
        start = cpu_ms(process.pid)
        with closing(Caller(url)) as caller:
            numbers = count()

            def turn(question: str) -> tuple[float, float]:
                asked = fresh(question, numbers)
                return _spent(process.pid, caller.ask, asked), _spent(script.pid, partial(tell, script), asked)

            chosen = questions[:: len(questions) // QUESTIONS | 1][:QUESTIONS]  # by turns in both languages
            turn(chosen[0])
            turns = [[turn(question) for question in chosen] for _ in range(TURNS)]
            memory = resident_mb(process.pid) / resident_mb(script.pid)
    least = [[min(each) for each in zip(*rows, strict=True)] for rows in zip(*turns, strict=True)]
    return {
        "answer": sum(answer for answer, _ in least) / sum(other for _, other in least),
        "start": start / told["ready_cpu_ms"],
        "memory": memory,
    }


def allowed(found: Sequence[Run]) -> dict[str, float]:
    """The most that each cost may be: by the last run on a processor like this one, or else by the dearest of any."""
    measured = [run for run in found if run.costs]
    alike = [run for run in measured if (run.processor, list(run.features)) == (processor(), features())]
    taken = [run.costs for run in alike[-1:] or measured]
    margin = MARGIN if alike else MARGIN_ELSEWHERE
    return {name: margin * max(each[name] for each in taken) for name in COSTS}


def over(costs: Mapping[str, float], most: Mapping[str, float]) -> dict[str, str]:
    """What costs more than it may, in words.

    >>> over({"answer": 0.7, "start": 0.2}, {"answer": 0.6, "start": 0.2})
    {'answer': '0.700, at most 0.600'}
    """
    return {name: f"{cost:.3f}, at most {most[name]:.3f}" for name, cost in costs.items() if cost > most[name]}


def _spent(pid: int, work: Callable[[str], object], question: str) -> float:
    before = cpu_ms(pid)
    work(question)
    return cpu_ms(pid) - before
