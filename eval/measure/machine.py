"""What ran where: what a figure means only together with."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

FEATURES = re.compile(r"\b(?:avx2|avx512_vnni|avx_vnni|amx_int8)\b")
NAME = re.compile(r"^model name[ \t]*+:[ \t]*+(.*)$", re.MULTILINE)
CHANGED = "-dirty"
"""What a commit's name ends with where files differ from it."""


def features(told: str | None = None) -> list[str]:
    """Which of the processor's instructions for integer products there are, by what /proc/cpuinfo tells.

    >>> features("flags : sse2 avx2 avx512_vnni")
    ['avx2', 'avx512_vnni']
    """
    return sorted(set(FEATURES.findall(told or _told())))


def processor(told: str | None = None) -> str:
    """What the processor calls itself there, or the machine's kind where it says nothing.

    >>> processor("model name : AMD EPYC")
    'AMD EPYC'
    """
    found = NAME.search(told or _told())
    return found[1] if found else platform.machine()


def machine() -> dict[str, object]:
    """Processor, cores and instructions, the commit that ran and its time in UTC; None where this is no checkout.

    The figures of earlier runs in docs/bench change nothing in a commit.
    """
    commit, _, committed = _git(
        "log", "-1", "--abbrev=10", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%h %cd"
    ).partition(" ")
    if commit and _git("status", "--porcelain", "--untracked-files=no", "--", ":(top)", ":(top,exclude)docs/bench"):
        commit += CHANGED
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "features": features(),
        "commit": commit or None,
        "committed": committed or None,
    }


def _told() -> str:
    return Path("/proc/cpuinfo").read_text("ascii", "replace")


def _git(*words: str) -> str:
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run(
        ["git", *words], cwd=Path(__file__).parent, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
