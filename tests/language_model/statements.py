"""Statements about the report, false and faithful, in both languages: see `statements.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

STATEMENTS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_suffix(".jsonl").read_text("utf-8").splitlines()
]
