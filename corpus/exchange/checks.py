"""Exports read back: strictly, and held to what every stage relies on before anything is made of them.

check(report, "a.jsonl")   → DocumentRefused: a.jsonl, en, paragraph 4: a note hangs beyond its text
"""

from __future__ import annotations

from pydantic import ConfigDict, ValidationError

from corpus.errors import DocumentRefused
from corpus.records import Report
from corpus.soundness import faults

STRICT = ConfigDict(extra="forbid", strict=True)
"""How records are read: every field there, of its own type, and none that nobody knows."""


def first_fault(error: ValidationError) -> str:
    """What is wrong first, and where: `year: Input should be a valid integer`."""
    fault = error.errors(include_url=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return f"no JSON ({fault['msg'].removeprefix('Invalid JSON: ')[:80]})"
    if fault["type"] == "dataclass_type" and len(fault["loc"]) == 1:
        return "no JSON object"
    place = ".".join(str(part) for part in fault["loc"][1:])
    return f"{place[:80]}: {fault['msg'][:120]}"


def check(report: Report, name: str) -> None:
    """Raises DocumentRefused, naming the paragraph, where a report is none that fiqra could have written."""
    for fault in faults(report):
        raise DocumentRefused(f"{name}{fault}; mend it, or export the report anew")
