"""Questions about anything but the report: what a score looks like when there is nothing to find."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.records import Language

_SHIPPED = Path(__file__).parent / "data" / "background.json"


def background_questions() -> dict[Language, list[str]]:
    """Sixty questions of everyday and public life in each language, translations of each other, in no report here."""
    questions: dict[Language, list[str]] = json.loads(_SHIPPED.read_text("utf-8"))
    return questions
