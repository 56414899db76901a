"""Any sentence-transformers model as an embedder: what every other implementation is measured against."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import ModelError
from index.model.embedding import Encoding, Kind, unit


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by folder or name.

    Prefixes are the model's own prompts (`query`, and `passage` or `document`); the E5 family, which publishes its
    prefixes in prose alone, gets `query: ` and `passage: `. One forward pass at a time, on `threads` cores: tokenizers
    are not safe to share between threads.
    """

    batch, parallel = 16, 1

    def __init__(self, model: str, fingerprint: str, threads: int | None = None) -> None:
        try:
            import torch  # noqa: PLC0415 - seconds of import that only this implementation should cost
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from transformers.utils import logging  # noqa: PLC0415
        except ImportError as error:
            raise ModelError(
                f"the model {model!r} needs sentence-transformers, which is not installed here ({error}): install "
                "fiqra with its extra `models`, or run `fiqra build` where it is installed, and bring its data folder "
                "along"
            ) from error

        if threads:
            torch.set_num_threads(threads)
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            local = Path(model).is_dir()  # a folder is all there is: nothing is looked up on a network
            self.model = SentenceTransformer(model, device="cpu", trust_remote_code=False, local_files_only=local)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the model {model!r}: {error}; set FIQRA_MODEL to a folder or name"
            ) from error
        self._no_grad = torch.inference_mode
        prompts = self.model.prompts
        e5 = "e5-" in Path(model).name.lower()
        self.prefixes: dict[Kind, str] = {
            "query": prompts.get("query") or ("query: " if e5 else ""),
            "passage": prompts.get("passage") or prompts.get("document") or ("passage: " if e5 else ""),
        }
        self.fingerprint = fingerprint
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """How long a vector is."""
        return int(self.model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        """One padded forward pass; the caller chooses the batch.

        >>> embedder.encode(["من أدار الجلسات؟"], "query")[0].vector.shape
        (384,)
        """
        if not texts:
            return []
        prefix = self.prefixes[kind]
        with self._lock, self._no_grad():
            prepared = self.model.preprocess([prefix + text for text in texts])
            skip = len(self.model.tokenizer(prefix, add_special_tokens=False)["input_ids"]) if prefix else 0
            output = self.model.forward(prepared)
        vectors = unit(output["sentence_embedding"].numpy())
        mask = output["attention_mask"].numpy().astype(bool)
        tokens = output["token_embeddings"].numpy()
        # <s> and the prefix stand before the text, </s> after it.
        return [
            Encoding(vector, unit(row[keep][1 + skip : -1]))
            for vector, row, keep in zip(vectors, tokens, mask, strict=True)
        ]
