"""`make bench-peers`: LangChain, LlamaIndex and txtai on the same model and paragraphs, and what fiqra takes in.

    python -m eval.measure.peers PYTHON [questions] → var/bench/peers.json

PYTHON is that of the environment which has them (`requirements-peers.lock`). Each runs in a process of its own: it
loads the model, takes the report's paragraphs in, and answers questions with the nearest five, one at a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.measure.bench import QUESTIONS, ingest_rate
from eval.questions import load_questions
from index.model.loading import original
from service.settings import load_settings

# Each defines `load()`, `take_in(texts)` and `ask(question)`.
PEERS = {
    "langchain": """
def load():
    global model
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings
    model = HuggingFaceEmbeddings(model_name=MODEL, model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True, "batch_size": 16, "prompt": "passage: "},
        query_encode_kwargs={"normalize_embeddings": True, "prompt": "query: "})
def take_in(texts):
    global store
    from langchain_community.vectorstores import FAISS
    store = FAISS.from_texts(texts, model)
def ask(question):
    return store.similarity_search(question, k=5)
""",
    "llamaindex": """
def load():
    from llama_index.core import Settings
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    Settings.embed_model = HuggingFaceEmbedding(MODEL, device="cpu", query_instruction="query: ",
        text_instruction="passage: ", embed_batch_size=16)
def take_in(texts):
    global retriever
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.faiss import FaissVectorStore
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
    nodes = [TextNode(text=text) for text in texts]
    index = VectorStoreIndex(nodes, storage_context=StorageContext.from_defaults(vector_store=store))
    retriever = index.as_retriever(similarity_top_k=5)
def ask(question):
    return retriever.retrieve(question)
""",
    "txtai": """
def load():
    global embeddings
    from txtai import Embeddings
    embeddings = Embeddings(path=MODEL, instructions={"query": "query: ", "data": "passage: "}, content=True, gpu=False)
def take_in(texts):
    embeddings.index(texts)
def ask(question):
    return embeddings.search(question, 5)
""",
}
HARNESS = """
import json, statistics, sys, time
MODEL = sys.argv[1]
given = json.load(sys.stdin)
exec(given["peer"])
started = time.perf_counter()
load()
loaded = time.perf_counter()
take_in(given["texts"])
taken = time.perf_counter()
ask(given["questions"][0])
took = []
worked = time.process_time()
for question in given["questions"]:
    asked = time.perf_counter()
    ask(question)
    took.append(1e3 * (time.perf_counter() - asked))
worked = time.process_time() - worked
resident = int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0]) / 1e3
print(json.dumps({"ready_s": loaded - started, "passages_per_s": len(given["texts"]) / (taken - loaded),
    "query_ms": statistics.median(took), "cpu_ms": 1e3 * worked / len(took), "resident_mb": resident}))
"""


def measure(python: Path, model: Path, peer: str, texts: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
    """What one of them takes."""
    given = json.dumps({"peer": PEERS[peer], "texts": texts, "questions": questions})
    command = [str(python), "-c", HARNESS, str(model)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=600, check=True)
    row: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return row


def main() -> None:
    """Measure all, print and keep it."""
    python, limit = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else QUESTIONS
    settings = load_settings()
    model = Path(original(settings.model, settings.data_dir)).absolute()
    texts = [p.text for report in settings.library().base() for r in report.renderings for p in r.paragraphs]
    questions = [row.question for row in load_questions() if row.split == "dev"][:limit]
    result: dict[str, dict[str, float]] = {"fiqra": {"passages_per_s": ingest_rate(settings.data_dir)}}
    for peer in PEERS:
        result[peer] = measure(python, model, peer, texts, questions)
        print(peer, result[peer], file=sys.stderr)  # noqa: T201 - each takes a minute or more
    folder = settings.data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2)
    (folder / "peers.json").write_text(text, "utf-8")
    print(text)  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
