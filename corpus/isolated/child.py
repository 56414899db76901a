"""The process that reads one document: `python -m corpus.isolated.child`, started by `corpus.isolated.reading`.

It limits itself before it sees the first byte of the document, reads it, writes the answer and ends. It holds no secret
of the service's, and it goes when the process that waits for it goes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import sys
import traceback
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.documents import read_every
from corpus.errors import CorpusError
from corpus.isolated.parent import go_with_parent
from corpus.isolated.wire import Limits, Task, pieces_of, pieces_of_text, written
from corpus.layout.told import refused
from corpus.readers import prepare_for
from corpus.readers.safety import MIB

_DESCRIPTORS = 64
_NICE = 10  # the questions that are asked meanwhile go first
_FIRST_TO_GO = "1000"  # where the machine runs out of memory, before the service
_TASK_LINE = MIB


class _TooLong(Exception):
    """The answer is over its limit."""


def main() -> None:
    """Read the task and the document from standard input; answer on standard output."""
    task = Task.of(sys.stdin.buffer.readline(_TASK_LINE))
    limits = task.limits
    _confine(limits, task.parent)
    no_memory = written(_refusal(refused("large_reading", name=task.name, most=limits.memory // MIB)))
    size = 0
    try:
        for piece in _answer(task):
            line = written(piece)
            size += len(line)
            if size > limits.answer:
                raise _TooLong
            sys.stdout.buffer.write(line)
        line = written({"done": True})
    except CorpusError as error:
        line = written(_refusal(error))
    except _TooLong:
        line = written(_refusal(refused("large_answer", name=task.name, most=limits.answer // MIB)))
    except MemoryError:
        line = no_memory
    except Exception as error:  # noqa: BLE001 - whatever it is, the document is not read, and the service goes on
        line = written(_refusal(_unforeseen(task.name, error)))
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _answer(task: Task) -> Iterator[dict[str, Any]]:
    prepare_for(task.name)
    _limit(resource.RLIMIT_FSIZE, 0)  # from here on nothing is written but the answer, which is no file
    data = sys.stdin.buffer.read()
    if task.page is not None:
        from corpus.readers.scans.picture import png_of  # noqa: PLC0415 - as the next, for this task alone

        yield from pieces_of_text(b64encode(png_of(data, task.name, task.page, notes=task.notes)).decode())
        return
    if task.given is None:
        from corpus.readers.word_draft import draft_text  # noqa: PLC0415 - lxml and python-docx, for a draft alone

        yield from pieces_of_text(draft_text(data, task.name))
        return
    for document in read_every(data, task.name, task.given, strict=task.strict, origins=task.origins):
        yield from pieces_of(document)


def _confine(limits: Limits, parent: int) -> None:
    """Take the limits on, so that they hold for all that follows."""
    gc.disable()  # what a document becomes stays until the end, and looking through it again and again takes a third
    os.nice(_NICE)
    go_with_parent()
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")
        if os.getppid() != parent:
            sys.exit("the process that waited for this one is gone")
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
    with contextlib.suppress(ValueError):  # macOS takes no limit on the address space
        _limit(resource.RLIMIT_AS, limits.memory)


def _limit(what: int, amount: int, hard: int | None = None) -> None:
    """Set a limit, unless a lower one holds already. Beyond `hard` the system asks no more; `amount` where left out."""
    _, hardest = resource.getrlimit(what)
    hard = amount if hard is None else hard
    if hardest != resource.RLIM_INFINITY:
        amount, hard = min(amount, hardest), min(hard, hardest)
    resource.setrlimit(what, (amount, hard))


def _refusal(error: CorpusError) -> dict[str, Any]:
    return {"refused": {"error": type(error).__name__, "message": str(error), "detail_ar": error.detail_ar}}


def _unforeseen(name: str, error: Exception) -> CorpusError:
    """What to say of an error that no reader foresaw: its kind and its place, but none of the document's words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return refused("unforeseen", name=name, why=f"{type(error).__name__} at {place}")


if __name__ == "__main__":
    main()
