"""Reports set as PDF one at a time, in a process beside the service, which goes on answering meanwhile.

A thousand paragraphs are some 140 pages and take four seconds. What is set is text that the service holds already, so
the process needs no other limits than on its time and on how much there may be of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import anyio
from anyio import BrokenWorkerProcess, to_process, to_thread
from pydantic import TypeAdapter

from corpus.errors import LookupFailed, Overloaded
from corpus.isolated.wire import written
from corpus.records import Rendering
from service.reports.reading_room import Turns
from service.typeset.report import whole_report

MOST_LETTERS = 2_000_000  # some 700 pages
WAITING, WAIT_S, LONGEST_S = 8, 30.0, 90.0
_NICE = 10  # the questions that are asked meanwhile go first


@dataclass(frozen=True, slots=True)
class _Task:
    title: str
    rendering: Rendering
    notice: str


class TooLongForPdf(LookupFailed):
    """A report that is not set as PDF."""


def fits(rendering: Rendering) -> bool:
    """Whether a report in one language is short enough to be set."""
    return _letters(rendering) <= MOST_LETTERS


def _letters(rendering: Rendering) -> int:
    return sum(
        len(paragraph.text) + sum(len(note.text) for note in paragraph.notes) for paragraph in rendering.paragraphs
    )


class Press:
    """Sets reports for one service."""

    def __init__(self, waiting: int = WAITING, wait_s: float = WAIT_S, longest_s: float = LONGEST_S) -> None:
        self._turns = Turns("PDFs", waiting, wait_s)
        self._longest_s = longest_s

    async def report(self, title: str, rendering: Rendering, notice: str) -> bytes:
        """A report in one language as PDF. Raises TooLongForPdf or Overloaded."""
        if not fits(rendering):
            raise TooLongForPdf(
                f"this report holds {_letters(rendering):,} letters, over the {MOST_LETTERS:,} that are set as PDF; "
                "take it as Word, or print its pages"
            )
        async with self._turns.next():
            told = await to_thread.run_sync(_told, title, rendering, notice)
            try:
                with anyio.fail_after(self._longest_s):
                    return await to_process.run_sync(_set, told, cancellable=True)
            except (TimeoutError, BrokenWorkerProcess) as error:
                raise Overloaded(
                    f"setting the report as PDF took over {self._longest_s:g} s, or its process was ended; "
                    "try again later, or take it as Word"
                ) from error


def _told(title: str, rendering: Rendering, notice: str) -> bytes:
    """What the process beside is told, as JSON: the record without what it has worked out and remembers."""
    return written({"title": title, "rendering": rendering, "notice": notice})


def _set(told: bytes) -> bytes:
    """In the process beside: the file."""
    os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    task = TypeAdapter(_Task).validate_json(told)
    return whole_report(task.title, task.rendering, task.notice)
