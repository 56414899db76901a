"""The seam of the adapters: a client of a running service, or the library in one's own process."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from corpus.records import Language
from service.schemas.passages import PassageOut, SearchResponse


@runtime_checkable
class Searcher(Protocol):
    """What `service.client.Fiqra` and `service.in_process.Library` have in common here."""

    def search(
        self, query: str, *, language: Language | None = None, report: str | None = None, k: int = 5
    ) -> SearchResponse:
        """Ranked passages, no answer."""
        ...


def metadata_of(passage: PassageOut) -> dict[str, Any]:
    """What a framework keeps beside the text, so that whoever writes with it can cite."""
    return passage.model_dump(exclude={"text", "score"})
