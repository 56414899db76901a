"""Known vulnerabilities of what the lock files pin: `make audit`.

    python -m tests.audit      where pip-audit is installed

asks PyPI's database about each pinned version, and exits 1 where one is known to be vulnerable. Where the database
cannot be reached, which the smallest lock file finds out within seconds, it says that nothing was checked and exits 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.locks import ROOT

FIRST = "requirements-pip.lock"
LOCKS = (
    FIRST,
    "requirements.lock",  # which holds all of requirements-serve.lock
    "requirements-cuda.lock",
    "requirements-dev.lock",
    "requirements-docs.lock",
    "requirements-tools.lock",
    "requirements-peers.lock",
    "requirements-llm.lock",
)
PATIENCE_S, LONGEST_S = 5, 300
Row = Mapping[str, Any]
"""What pip-audit says of a package: its name, and its version and `vulns`, or a `skip_reason`."""


class Unreachable(Exception):
    """Why nothing was learnt of vulnerabilities."""


def audit(ask: Callable[[str], list[Row]]) -> str | None:
    """Print what is known of every lock file; returns what is wrong, for `sys.exit`, or None."""
    try:
        why = "the package index here has no list of them" if unknown(ask(FIRST)) else None
    except Unreachable as reason:
        why = str(reason)
    if why:
        print(f"Known vulnerabilities were NOT checked: {why}. `make audit` does it where PyPI itself is reached.")  # noqa: T201
        return None
    try:
        rows = [row for lock in LOCKS for row in ask(lock)]
    except Unreachable as reason:
        return f"The check for known vulnerabilities broke off: {reason}"
    if names := unknown(rows):
        print(f"Not checked, since PyPI does not know them: {', '.join(names)}.")  # noqa: T201
    if found := vulnerable(rows):
        return "\n".join(["Known vulnerabilities; `make lock UPGRADE=--upgrade` pins what mends them:", *found])
    print(f"No known vulnerability in {len({row['name'] for row in rows})} packages.")  # noqa: T201
    return None


def asked(lock: str) -> list[Row]:
    """What PyPI knows of a lock file's packages. Raises Unreachable where it does not answer."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--requirement", lock, "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", str(PATIENCE_S)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        rows: list[Row] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"it took longer than {LONGEST_S} s") from error
    except ValueError as error:
        said = done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode} and said nothing"]
        raise Unreachable(f"{said[-1]:.120}") from error
    return rows


def unknown(rows: Iterable[Row]) -> list[str]:
    """The packages of which nothing could be learnt."""
    return sorted({row["name"] for row in rows if "skip_reason" in row})


def vulnerable(rows: Iterable[Row]) -> list[str]:
    """A line a vulnerability: `idna 3.6: PYSEC-2024-60, mended in 3.7`."""
    return sorted({_line(row, known) for row in rows for known in row.get("vulns", ())})


def _line(row: Row, known: Mapping[str, Any]) -> str:
    mended = " or ".join(known["fix_versions"]) or "no version"
    return f"{row['name']} {row['version']}: {known['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(audit(asked))
