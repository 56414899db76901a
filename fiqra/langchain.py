"""A LangChain retriever, with the extra `langchain`: `FiqraRetriever(fiqra=Fiqra("http://127.0.0.1:8000"), k=3)`."""

from service.adapters.langchain import FiqraRetriever

__all__ = ["FiqraRetriever"]
