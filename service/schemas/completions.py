"""What somebody may mean who began to write."""

from __future__ import annotations

from typing import Literal

from corpus.records import Language
from service.schemas.base import Outgoing

CompletionKind = Literal["question", "heading", "name", "paragraph"]


class Completion(Outgoing):
    """What somebody may mean who began to write it; `about` is how a paragraph begins."""

    text: str
    kind: CompletionKind
    about: str | None = None


class CompletionsOut(Outgoing):
    """Questions, headings, names and numbers of a report, the first few hundred of them."""

    report: str
    language: Language
    completions: tuple[Completion, ...]
