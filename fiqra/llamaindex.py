"""A LlamaIndex retriever, with the extra `llamaindex`: `FiqraRetriever(Fiqra("http://127.0.0.1:8000"), k=3)`."""

from service.adapters.llamaindex import FiqraRetriever

__all__ = ["FiqraRetriever"]
