"""fiqra as a LlamaIndex retriever: `pip install '.[llamaindex]'`.

retriever = FiqraRetriever(Fiqra("http://127.0.0.1:8000"), k=3)
retriever.retrieve("Who moderated the workshop?")[0].metadata["ref"]
"""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.records import Language
from service.adapters.searcher import Searcher, metadata_of


class FiqraRetriever(BaseRetriever):
    """Paragraphs as nodes: the text word for word, and in `metadata` what a citation needs.

    `metadata` has `report`, `ref`, `language`, `label` and `url`; a node's score, 0 to 1, orders the nodes.
    """

    def __init__(
        self, fiqra: Searcher, *, k: int = 5, language: Language | None = None, report: str | None = None
    ) -> None:
        super().__init__()
        self._fiqra = fiqra
        self._k = k
        self._language = language
        self._report = report

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._fiqra.search(query_bundle.query_str, language=self._language, report=self._report, k=self._k)
        return [
            NodeWithScore(node=TextNode(id_=p.url, text=p.text, metadata=metadata_of(p)), score=p.score)
            for p in found.passages
        ]
