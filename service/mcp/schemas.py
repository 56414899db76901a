"""What research connectors expect of `search` and `fetch`; the other tools answer in the HTTP contract's types."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class FoundParagraph(_Out):
    """A paragraph that was found; `text` is all of it."""

    id: str = Field(description="Pass it to `fetch`: `kyoto-2021-workshop-4/21(k)?lang=en`.")
    title: str
    url: str
    text: str


class SearchResults(_Out):
    """Paragraphs, best first."""

    results: tuple[FoundParagraph, ...]


class Document(_Out):
    """One paragraph, word for word. `metadata` says what stands around it."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]
