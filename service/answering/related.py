"""What a reader may ask next: questions that a report suggests and this service answers, checked by asking them.

related(engine, "Who moderated the meetings?", "en", [report]) → ("What are Member States encouraged to monitor?", …)
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from weakref import WeakKeyDictionary

from corpus.records import Language, Report
from corpus.text import fold
from service.answering.engine import Engine

MOST = 3
_REPORTS = 2  # of several; each has a few questions, and each is asked once

_answered: WeakKeyDictionary[Engine, dict[tuple[str, str], bool]] = WeakKeyDictionary()
"""Whether an engine answers a report's question; it goes when its engine goes."""
_lock = Lock()


def related(engine: Engine, asked: str, language: Language, reports: Iterable[Report]) -> tuple[str, ...]:
    """Up to three questions in that language, none of them the one that was asked."""
    found: list[str] = []
    for report in list(reports)[:_REPORTS]:
        rendering = report.rendering(language)
        if rendering.language != language:
            continue
        for question in rendering.questions:
            if len(found) < MOST and fold(question) != fold(asked) and _is_answered(engine, report.id, question):
                found.append(question)
    return tuple(found)


def _is_answered(engine: Engine, report: str, question: str) -> bool:
    with _lock:
        known = _answered.setdefault(engine, {})
    if (report, question) not in known:
        known[report, question] = engine.find(question, None, report).reason is None
    return known[report, question]
