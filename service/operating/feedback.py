"""What readers say of answers, and what was asked and not answered: kept where the operator asked for it.

A line of JSON each, in `feedback.jsonl` in the data folder, which its owner alone may read: the day, the question, and
what was found; no address, no hour, nothing of who asked.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from corpus.errors import LookupFailed
from service.schemas.answers import AskResponse
from service.schemas.feedback import Verdict

log = logging.getLogger("fiqra")

FILE = "feedback.jsonl"
MOST_BYTES = 16 * 1024 * 1024
REMEMBERED = 1_000  # answers that a verdict is taken for
_NO_QUESTION = "not_a_question"


class FeedbackBook:
    """The file, and the last answers, so that a verdict needs to say no more than which one it is of."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._answers: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def answered(self, answer: AskResponse) -> None:
        """Remember an answer; write down a question that was declined."""
        refs = [f"{c.report} {c.ref}" for c in answer.citations]
        found = {"question": answer.question, "language": answer.language, "refs": refs, "reason": answer.reason}
        with self._lock:
            self._answers[answer.id] = found
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        if answer.reason and answer.reason != _NO_QUESTION:
            self._write({"kind": "declined", **found})

    def judged(self, answer_id: str, verdict: Verdict) -> None:
        """Write a verdict down. Raises LookupFailed where the answer is not known, or was judged before."""
        with self._lock:
            found = self._answers.pop(answer_id, None)
        if found is None:
            raise LookupFailed(f"that answer is none of the last {REMEMBERED} here, or was judged before; ask again")
        self._write({"kind": verdict, **found})

    def _write(self, row: dict[str, Any]) -> None:
        """Append a line, as long as there is room. What cannot be written is logged, and stops nobody."""
        line = json.dumps({"day": datetime.now(UTC).date().isoformat(), **row}, ensure_ascii=False) + "\n"
        try:
            with self._lock:
                file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    if os.fstat(file).st_size + len(line.encode()) > MOST_BYTES:
                        log.warning("%s is full at %d bytes; move it away", self._path, MOST_BYTES)
                        return
                    os.write(file, line.encode())
                finally:
                    os.close(file)
        except OSError as error:
            log.error("feedback was not kept: %s: %s", self._path, error.strerror)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked, how often, and what came of it: `declined`, or a reader's verdict."""

    kind: str
    question: str
    language: str
    count: int
    last_day: str
    refs: tuple[str, ...]


def read(data_dir: Path) -> tuple[Asked, ...]:
    """What was kept, the most frequent first. A line that was cut short by a crash is passed over."""
    counts: Counter[tuple[str, str, str]] = Counter()
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in _rows(data_dir / FILE):
        key = (row["kind"], row["question"], row["language"])
        counts[key] += 1
        last[key] = row
    return tuple(Asked(*key, count, last[key]["day"], tuple(last[key]["refs"])) for key, count in counts.most_common())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                continue
