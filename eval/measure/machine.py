"""What ran where: what a figure means only together with."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

FEATURES = re.compile(r"\b(?:avx2|avx512_vnni|avx_vnni|amx_int8)\b")


def features(told: str | None = None) -> list[str]:
    """Which of the processor's instructions for integer products there are, by what /proc/cpuinfo tells.

    >>> features("flags : sse2 avx2 avx512_vnni")
    ['avx2', 'avx512_vnni']
    """
    return sorted(set(FEATURES.findall(told or Path("/proc/cpuinfo").read_text("ascii"))))


def machine() -> dict[str, object]:
    """Cores and instructions, and the commit that ran; None where this is no checkout."""
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return {"cores": os.cpu_count(), "features": features(), "commit": done.stdout.strip() or None}
