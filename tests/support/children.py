"""What a process holds: others that it started, and open files. Of Linux, as /proc says it."""

from __future__ import annotations

from pathlib import Path


def children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("utf-8").rpartition(")")[2].split()[:2]
        except OSError:  # it has ended meanwhile
            continue
        if int(parent) == process and state != "Z":
            found.append(int(stat.parent.name))
    return found


def descriptors() -> frozenset[tuple[str, str]]:
    """What this process has open, as (number, what it is), but for TCP connections: clients of other tests in this
    process (that of a store, say) keep theirs, and let go of them or renew them when they like."""
    tcp = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path("/proc/self/net", table).read_text("ascii").splitlines()[1:]
    }
    opened = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            what = str(entry.readlink())
        except OSError:  # that of this very listing
            continue
        if what not in tcp:
            opened.add((entry.name, what))
    return frozenset(opened)
