"""fiqra in one's own process, without a server: the calls of `service.client.Fiqra` on a loaded index.

    fiqra = Library.load()
    print(fiqra.ask("من أدار جلسات حلقة العمل؟").answer)

One call at a time. It answers as the service does, in a language model's words where the settings name one.
"""

from __future__ import annotations

from typing import Self, Unpack

from corpus.records import Language
from service.answering.asking import answer_now
from service.answering.response import search_passages
from service.client import AskOptions
from service.drafts.check import verify_draft
from service.paragraphs.lookup import choose_report, look_up, paragraph_out, report_out
from service.schemas.answers import AskResponse
from service.schemas.drafts import VerifyResponse
from service.schemas.paragraphs import ParagraphOut
from service.schemas.passages import SearchResponse
from service.schemas.questions import AskRequest
from service.schemas.reports import ReportOut
from service.settings import Settings, load_settings
from service.state import State, load_state


class Library:
    """What a loaded index answers. The same FiqraErrors come that the service makes problem documents of."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._engine = state.ready_engine()

    @classmethod
    def load(cls, settings: Settings | None = None) -> Self:
        """Load the model and the index that `fiqra build` made. Raises ModelError or IndexRefused."""
        return cls(load_state(settings or load_settings()))

    def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """See `Fiqra.ask`."""
        return answer_now(self._state, AskRequest(question=question, **options))

    def search(
        self, query: str, *, language: Language | None = None, report: str | None = None, k: int = 5
    ) -> SearchResponse:
        """See `Fiqra.search`."""
        return search_passages(self._engine, query, language, report, k)

    def paragraphs(
        self, reference: str, *, language: Language | None = None, report: str | None = None
    ) -> tuple[ParagraphOut, ...]:
        """See `Fiqra.paragraphs`. Raises UnknownParagraph or UnreadableReference."""
        chosen, refs = look_up(self._engine.documents, report, reference)
        return tuple(paragraph_out(chosen, ref, language) for ref in refs)

    def reports(self) -> tuple[ReportOut, ...]:
        """See `Fiqra.reports`."""
        return tuple(report_out(self._engine.documents, report) for report in self._engine.contents.reports)

    def verify(self, text: str, *, report: str | None = None) -> VerifyResponse:
        """See `Fiqra.verify`."""
        documents = self._engine.documents
        chosen = choose_report(documents.by_id, report) if report or not documents.several else None
        return verify_draft(chosen, text, self._engine.name, documents=documents)
