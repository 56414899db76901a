"""What `fiqra watch` knows of a folder, on disk: which reports wait, are taken in, or are set aside, and why.

    var/watch/<digest of the folder's path>/queue.json    replaced as a whole, written beside it and synced before

Whatever is killed, the next watch goes on from here; where nothing can be read here, it goes on from the library, which
knows the documents that it holds by their SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexBusy, IndexDamaged
from corpus.records import Language
from index.disk import durable
from service.reports.folder import Stamp
from service.schemas.admin import WatchedFolder, WatchedOut, WatchedReport

FILE = "queue.json"
Standing = Literal["waiting", "taken", "aside", "gone"]

log = logging.getLogger("fiqra")


def now() -> str:
    """The time, to the second: `2026-11-27T22:10:00+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as it was when its report came to stand where it stands."""

    stamp: Stamp
    language: Language | None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of the folder: where it stands, since when, and of which documents that is true.

    Of one set aside: why, what was read of it (as `fiqra ingest --dry-run --json` prints it), the same in lines, and
    the command that takes it in all the same. Of one that has gone and is still in the library: why, and the command
    that takes it out. A document that has gone while others of its report are here is an entry of its own. `why_ar`
    says in Arabic what `why` says in English, where there are words for it; an earlier fiqra kept none.
    """

    report: str
    standing: Standing
    documents: dict[str, Seen]
    since: str = field(default_factory=now)
    why: str | None = None
    why_ar: str | None = None
    account: dict[str, Any] | None = None
    lines: str | None = None
    command: str | None = None

    @property
    def is_listed(self) -> bool:
        """Whether a person is told of it: it waits, or says why somebody should look."""
        return self.standing == "waiting" or self.why is not None


@dataclass(frozen=True, slots=True)
class Queue:
    """A folder that is watched, and the reports in it by their ids; `departures` says how what has gone is kept."""

    folder: str
    entries: dict[str, Entry] = field(default_factory=dict)


_QUEUE = TypeAdapter(Queue)


def place(data_dir: Path, folder: Path) -> Path:
    """Where the queue of a folder lies."""
    return data_dir / "watch" / hashlib.sha256(str(folder).encode()).hexdigest()[:16]


@contextmanager
def held(where: Path, folder: Path) -> Iterator[Queue]:
    """The queue of a folder, this process's alone while the block runs. Raises IndexBusy, IndexNotWritten."""
    with ExitStack() as stack:
        try:
            stack.enter_context(durable.exclusive(where))
        except IndexBusy as error:
            raise IndexBusy(f"another `fiqra watch` watches {folder} already; end that one first") from error
        durable.remove_leftovers(where)
        try:
            found = read(where)
        except IndexDamaged as error:
            log.warning("%s; it is kept beside it, and what is taken in already is known from the library", error)
            durable.put_aside(where / FILE)
            found = None
        yield found or Queue(str(folder))


def read(where: Path) -> Queue | None:
    """The queue that lies there; None where there is none. Raises IndexDamaged where it cannot be read."""
    try:
        return _QUEUE.validate_json((where / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"{where / FILE} cannot be read") from error


def write(where: Path, queue: Queue) -> None:
    """Keep it, for good. Raises IndexNotWritten."""
    durable.replace_text(where / FILE, _QUEUE.dump_json(queue).decode())


def every(data_dir: Path) -> tuple[Queue, ...]:
    """The queue of each folder that is or was watched; the log names those that cannot be read."""
    found = []
    for path in sorted((data_dir / "watch").glob(f"*/{FILE}")):
        try:
            found.append(read(path.parent))
        except IndexDamaged as error:
            log.warning("%s; the next `fiqra watch` of that folder makes it anew", error)
    return tuple(queue for queue in found if queue is not None)


def listing(queues: Iterable[Queue]) -> WatchedOut:
    """The queues in the contract's words: what a person is told of, and how many reports are taken in."""
    return WatchedOut(
        folders=tuple(
            WatchedFolder(
                folder=queue.folder,
                taken=sum(entry.standing == "taken" for entry in queue.entries.values()),
                reports=tuple(
                    WatchedReport(
                        report=entry.report,
                        standing=entry.standing,
                        since=entry.since,
                        documents=tuple(entry.documents),
                        why=entry.why,
                        why_ar=entry.why_ar,
                        account=entry.account,
                        command=entry.command,
                    )
                    for entry in queue.entries.values()
                    if entry.is_listed and entry.standing != "taken"
                ),
            )
            for queue in queues
        )
    )
