"""The model that the settings name → an embedder, unpacked and exported the first time."""

from __future__ import annotations

import hashlib
import logging
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import ModelError
from index.disk import durable
from index.model import bundled_model
from index.model.embedding import Embedder
from index.model.names import DEFAULT_MODEL
from index.model.onnx_embedder import OnnxEmbedder, encoder_fingerprint, read_description, read_refusal
from index.model.reference import SentenceTransformerEmbedder

log = logging.getLogger("fiqra")
EXPORT_WAIT_S = 600.0  # an export takes half a minute; a large model of one's own takes longer
UNEXPORTED = "the model %s serves through sentence-transformers: %s"


def load_embedder(model: str, data_dir: Path, threads: int = 1) -> Embedder:
    """The model that the settings name, in onnxruntime where it has been exported or can be, else as it is.

    The first time, any model is exported below `data_dir`; the default one needs no sentence-transformers for that.
    Raises ModelError where it cannot be loaded or its files are not those that were written. Up to `threads` cores are
    used at a time.
    """
    folder = encoder_folder(model, data_dir)
    if (description := read_description(folder)) is not None:
        return OnnxEmbedder(folder, description, threads)
    if (reason := read_refusal(folder)) is not None:
        log.warning(UNEXPORTED, model, reason)
        return load_reference(model, data_dir, threads)
    with durable.exclusive(folder.parent, EXPORT_WAIT_S):  # several processes may find none at once
        if read_description(folder) is None and read_refusal(folder) is None:
            durable.remove_leftovers(folder.parent)
            _export(model, data_dir, threads, folder)
    return load_embedder(model, data_dir, threads)


def _export(model: str, data_dir: Path, threads: int, folder: Path) -> None:
    """Leave the model's encoder in the folder, or why it has none; the caller holds the lock. Raises ModelError."""
    try:
        from index.model.export import NotExportable, export, export_default  # noqa: PLC0415 - what serves needs none
    except ImportError as error:
        raise ModelError(
            f"{folder} holds no encoder of {model}, and what makes one is not installed here ({error}): run "
            "`fiqra build` where it is, and bring its data folder along"
        ) from error
    try:
        if model == DEFAULT_MODEL:
            is_there = find_spec("sentence_transformers") is not None
            reference = load_reference(model, data_dir, threads) if is_there else None
            agreement = export_default(bundled_model.packed_file(), reference, folder)
        else:
            agreement = export(load_reference(model, data_dir, threads), folder)
        log.info("the model %s is exported: %s", model, agreement)
    except NotExportable as refused:
        log.debug("the model %s is not exported: %s", model, refused)  # why is kept, and said whenever it is loaded


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
        with durable.exclusive(folder.parent, EXPORT_WAIT_S):
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
