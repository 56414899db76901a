"""fiqra as a LangChain retriever: `pip install '.[langchain]'`.

retriever = FiqraRetriever(fiqra=Fiqra("http://127.0.0.1:8000"), k=3)
retriever.invoke("Who moderated the workshop?")[0].metadata["ref"]
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.records import Language
from service.adapters.searcher import Searcher, metadata_of


class FiqraRetriever(BaseRetriever):
    """Paragraphs as documents: the text word for word, and in `metadata` what a citation needs.

    `metadata` has `report`, `ref`, `language`, `label`, `url` and `score`, 0 to 1, which orders the documents.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    fiqra: Searcher
    k: int = 5
    language: Language | None = None
    report: str | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the seam's signature
    ) -> list[Document]:
        found = self.fiqra.search(query, language=self.language, report=self.report, k=self.k)
        return [
            Document(id=p.url, page_content=p.text, metadata={**metadata_of(p), "score": p.score})
            for p in found.passages
        ]
