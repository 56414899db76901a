"""What an answer costs, in half a minute and on a busy machine; a test holds it to what `make bench` found before.

Of each cost the least of some turns counts, in processor time: other work beside it only ever adds. The same turns go
to the plain script, on one thread, since two wait for each other by spinning; what is kept are shares of its costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median

from eval.measure.history import Run
from eval.measure.machine import features, processor
from eval.measure.processes import Caller, cpu_ms, fresh, plain, resident_mb, serving, tell

QUESTIONS, TEXTS, TURNS = 8, 16, 3
COSTS = ("answer", "known", "start", "memory")
# A machine repeats itself within a tenth; on another processor shares differ by half, since integer products cost a
# third where it has instructions for them.
MARGIN, MARGIN_ELSEWHERE = 1.3, 2.0


def costs(data_dir: Path, model: Path, texts: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
    """Shares of the plain script's costs, by COSTS.

    `answer`: the processor's time of whole answers, those that are read among them. `known`: that of an answer to a
    question which was asked before and is not read, so that all but encoding and reading shows in it. `start`: the
    processor's time until it is ready. `memory`: once all were asked.
    """
    with plain(model, 1, texts[:TEXTS]) as (script, told), serving(data_dir) as (process, url, _):
        start = cpu_ms(process.pid)
        with closing(Caller(url)) as caller:
            numbers, read = count(), set[str]()

            def ask(question: str) -> None:
                if "read" in caller.ask(question)["timings_ms"]:
                    read.add(question)

            def bare(question: str) -> None:
                tell(script, question)

            chosen = questions[:: len(questions) // QUESTIONS | 1][:QUESTIONS]  # by turns in both languages
            for work in (ask, bare):
                work(fresh(chosen[0], numbers))
            # A question is unheard of the first time that it is asked, and known the second.
            turns = [[fresh(question, numbers) for _ in range(TURNS)] for question in chosen]
            spent = [
                [(_spent(process.pid, ask, q), _spent(process.pid, ask, q), _spent(script.pid, bare, q)) for q in each]
                for each in turns
            ]
            least = [[min(each) for each in zip(*rows, strict=True)] for rows in spent]
            memory = resident_mb(process.pid) / resident_mb(script.pid)
    others = [other for _, _, other in least]
    unread = [known for (_, known, _), each in zip(least, turns, strict=True) if read.isdisjoint(each)]
    return {
        "answer": sum(answer for answer, _, _ in least) / sum(others),
        "known": median(unread) / median(others),
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

    >>> over({"answer": 0.7, "known": 0.2}, {"answer": 0.6, "known": 0.2})
    {'answer': '0.700, at most 0.600'}
    """
    return {name: f"{cost:.3f}, at most {most[name]:.3f}" for name, cost in costs.items() if cost > most[name]}


def _spent(pid: int, work: Callable[[str], None], question: str) -> float:
    before = cpu_ms(pid)
    work(question)
    return cpu_ms(pid) - before
