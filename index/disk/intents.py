"""What a change of the library is about to do, written down before it is done, so that whoever comes next can end it.

    reports/.change.json    {"report": "harbours", "before": ["5d…"], "after": "c3…", "index": "9f…"}

The change is made by the rename that makes `index` current (`index.disk.sealed.make_current`), and by nothing else.
Until then the report is as it was `before`, from then on it is `after`; the versions that do not count are removed, and
then the intent. It lies there for a moment only, or where somebody was killed in that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged, IndexRefused
from index.disk import durable, sealed

FILE = ".change.json"


@dataclass(frozen=True, slots=True)
class Intent:
    """A report's versions before a change and after it (None: taken out), and the index that makes it."""

    report: str
    before: tuple[str, ...]
    after: str | None
    index: str


_INTENT = TypeAdapter(Intent)


def read(folder: Path) -> Intent | None:
    """The intent that lies in a library's folder, if any. Raises IndexDamaged where it cannot be read."""
    try:
        return _INTENT.validate_json((folder / FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"{folder / FILE} cannot be read") from error


def write(folder: Path, intent: Intent) -> None:
    """Put an intent there, for good. Raises IndexNotWritten."""
    durable.replace_text(folder / FILE, _INTENT.dump_json(intent).decode())


def withdraw(folder: Path) -> None:
    """Take the intent away, for good: it must not come back beside the next one."""
    (folder / FILE).unlink()
    durable.sync(folder)


def out_of_use(folder: Path, intent: Intent) -> tuple[str, ...]:
    """The versions of its report that do not count: those before it, if it is made, else the one after."""
    if is_made(folder, intent):
        return tuple(name for name in intent.before if name != intent.after)
    return () if intent.after is None or intent.after in intent.before else (intent.after,)


def is_made(folder: Path, intent: Intent) -> bool:
    """Whether the change is made: its index is current, and the version that it takes in has its final name."""
    is_there = intent.after is None or (folder / intent.report / intent.after).is_dir()
    return is_there and current(folder) == intent.index


def current(folder: Path) -> str:
    """The name of the index that is current beside a library's folder; "" where there is none."""
    try:
        return sealed.current_name(folder.with_name("index"))
    except IndexRefused:
        return ""
