"""`python -m tests.stress`: run the parts and write var/stress/report.html; exit 1 where a promise is not kept.

Parts that were run earlier stay in the report until they are run again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment

from service.settings import load_settings
from tests.stress import parts
from tests.stress.cluster import cluster
from tests.stress.documents import documents

PARTS = ("load", "documents", "swaps", "cluster", "suites", "soak")
TEMPLATE = Path(__file__).with_name("report.html")


def main() -> None:
    """Run what is asked for, all of it by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where left out")
    parser.add_argument("--seconds", type=float, default=20, help="how long each load lasts")
    parser.add_argument("--soak", type=float, default=1800, help="how many seconds the soak lasts")
    parser.add_argument("--rate", type=float, default=5, help="calls a second in the soak")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    data_dir = load_settings().data_dir.absolute()
    folder = data_dir / "stress"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    run: dict[str, Callable[[], parts.Part]] = {
        "load": lambda: parts.load(data_dir, given.seconds),
        "documents": lambda: documents(data_dir, given.seconds),
        "swaps": lambda: parts.swaps(data_dir, 200, max(given.seconds, 100)),
        "cluster": lambda: cluster(data_dir),
        "suites": parts.suites,
        "soak": lambda: parts.soak(data_dir, given.soak, given.rate),
    }
    broken = False
    for name in given.parts or PARTS:
        part = run[name]()
        results[name] = {**part.as_json(), "at": datetime.now(UTC).isoformat(timespec="minutes")}
        broken |= any(row.holds is False for row in part.rows)
        kept.write_text(json.dumps(results, ensure_ascii=False, indent=1), "utf-8")
        (folder / "report.html").write_text(render(results), "utf-8")
    print(folder / "report.html")  # noqa: T201 - a program's output
    sys.exit(1 if broken else 0)


def render(results: dict[str, Any]) -> str:
    """The report, a page that needs nothing beside it."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    found = [results[name] for name in PARTS if name in results]
    template = Environment(autoescape=True).from_string(TEMPLATE.read_text("utf-8"))
    return template.render(parts=found, machine=machine, line=line)


def line(series: list[list[float]]) -> str:
    """The points of a polyline in a box of 600 by 120: seconds to the right, megabytes up from nothing.

    >>> line([[0, 50], [10, 100]])
    '0,60 600,0'
    """
    longest, most = max(at for at, _ in series) or 1, max(value for _, value in series)
    return " ".join(f"{600 * at / longest:.0f},{120 - 120 * value / most:.0f}" for at, value in series)


if __name__ == "__main__":
    main()
