"""A sentence-transformers model → an encoder for onnxruntime, written once and checked against the original.

What is exported: BERT and XLM-RoBERTa encoders with mean or first-token pooling, which the multilingual sentence
encoders are. Any other model serves through sentence-transformers. The default model is exported out of its package,
which takes neither sentence-transformers nor torch.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Any

import numpy as np

from corpus.records import Language
from index.disk import hashes
from index.disk.durable import discard, publish, replace_text, staged_folder
from index.model import bundled_model, vocabulary
from index.model.bundled_model import Blocks, Tensor
from index.model.embedding import Embedder, Encoding, Kind, Vector
from index.model.onnx_embedder import DESCRIPTION, FORMAT, REFUSAL, EncoderDescription, OnnxEmbedder
from index.model.onnx_graph import UNEVEN, Apart, Shape, write_graph
from index.model.reference import SentenceTransformerEmbedder
from index.search.background import background_questions

# What an export may differ by; the default model's texts keep a cosine of .9997 (docs/performance.md).
LEAST_COSINE = 0.999
LEAST_TOKEN_COSINE = 0.98
LEAST_SAME_FIRST = 0.98
BATCH = 16
COMPARED = 40
LARGE = 8  # of 4, 8 and 16 channels, what gains most
WORDS = "embeddings.word_embeddings.weight"
DEFAULT_SHAPE = Shape(bundled_model.LAYERS, bundled_model.HEADS, bundled_model.EPSILON, bundled_model.POSITIONS)


class NotExportable(Exception):
    """Why a model stays with sentence-transformers."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How an export compares with its original over the background questions.

    The least cosines of a text's vectors and of a token's, and for how many questions both find the same translation
    first.
    """

    cosine: float
    token_cosine: float
    same_first: float


def export(reference: SentenceTransformerEmbedder, folder: Path) -> Agreement:
    """Write the encoder's folder, whole or not at all.

    Raises NotExportable with the reason, which is kept in the folder so that nobody tries again.
    """
    with _refusal_kept(folder), staged_folder(folder.parent) as target:
        exported = _described(target, reference.prefixes, _write_model(reference, target))
        return _published(exported, reference, target, folder)


def export_default(packed: Path, reference: Embedder | None, folder: Path) -> Agreement:
    """The same for the default model, out of its package: its weights in 4 bits.

    It is compared with `reference`, the model on sentence-transformers; where that is not installed, with the same
    weights in float32 in onnxruntime. The files are the same either way.
    """
    with _refusal_kept(folder), staged_folder(folder.parent) as plain, staged_folder(folder.parent) as target:
        tensors, settings = _write_default_vocabulary(packed.read_bytes(), target)
        for name in (vocabulary.PRUNED, vocabulary.WHOLE):
            shutil.copy(target / name, plain)
        write_graph(DEFAULT_SHAPE, _in_float(tensors), plain, shown=UNEVEN)
        original = _described(plain, bundled_model.PREFIXES, settings)
        write_graph(DEFAULT_SHAPE, tensors, target, large_channels(original))
        exported = _described(target, bundled_model.PREFIXES, settings)
        return _published(exported, reference or original, target, folder)


@contextmanager
def _refusal_kept(folder: Path) -> Iterator[None]:
    """Write down why a model is not exported."""
    try:
        yield
    except NotExportable as reason:
        folder.mkdir(parents=True, exist_ok=True)
        replace_text(folder / REFUSAL, f"{reason}\n")
        raise


def _described(folder: Path, prefixes: Mapping[Kind, str], settings: Mapping[str, Any]) -> OnnxEmbedder:
    """Write what a folder's encoder is, and load it."""
    description = EncoderDescription(format=FORMAT, prefixes=dict(prefixes), files=hashes.describe(folder), **settings)
    (folder / DESCRIPTION).write_text(description.to_json(), "utf-8")
    return OnnxEmbedder(folder, description)


def _published(exported: OnnxEmbedder, original: Embedder, target: Path, folder: Path) -> Agreement:
    """Put an encoder in its place that says what its original says."""
    agreement = compare(original, exported)
    if (
        agreement.cosine < LEAST_COSINE
        or agreement.token_cosine < LEAST_TOKEN_COSINE
        or agreement.same_first < LEAST_SAME_FIRST
    ):
        raise NotExportable(f"exported, it answers otherwise than the original: {agreement}")
    if folder.is_dir():
        discard(folder, {REFUSAL, *hashes.written(folder, DESCRIPTION)})
    publish(target, folder)
    return agreement


def compare(reference: Embedder, exported: Embedder) -> Agreement:
    """Encode background questions of both languages with both, as queries and as passages."""
    questions = {language: texts[:COMPARED] for language, texts in background_questions().items()}
    theirs, ours = _encode_all(reference, questions), _encode_all(exported, questions)
    pairs = [pair for key in theirs for pair in zip(theirs[key], ours[key], strict=True)]
    if any(a.tokens.shape != b.tokens.shape for a, b in pairs):
        raise NotExportable("exported, it cuts texts into other tokens than the original")
    same = [
        _nearest(theirs[asked, "query"], theirs[other, "passage"])
        == _nearest(ours[asked, "query"], ours[other, "passage"])
        for asked, other in (("ar", "en"), ("en", "ar"))
    ]
    return Agreement(
        min(float(a.vector @ b.vector) for a, b in pairs),
        min(float((a.tokens * b.tokens).sum(axis=1).min()) for a, b in pairs),
        float(np.mean(same)),
    )


def _encode_all(
    embedder: Embedder, questions: Mapping[Language, Sequence[str]]
) -> dict[tuple[str, Kind], list[Encoding]]:
    kinds: tuple[Kind, ...] = ("query", "passage")
    return {
        (language, kind): [
            encoding
            for start in range(0, len(texts), BATCH)
            for encoding in embedder.encode(texts[start : start + BATCH], kind)
        ]
        for language, texts in questions.items()
        for kind in kinds
    }


def _nearest(asked: Sequence[Encoding], found: Sequence[Encoding]) -> Any:
    """The row of the nearest vector for each of those asked → int64 [n]."""
    return (np.stack([e.vector for e in asked]) @ np.stack([e.vector for e in found]).T).argmax(axis=1)


def _write_model(reference: SentenceTransformerEmbedder, folder: Path) -> dict[str, Any]:
    """Any BERT or XLM-RoBERTa encoder, in float32."""
    model = reference.model
    pooling = _pooling(model)
    transformer: Any = model[0].auto_model
    config = transformer.config.to_dict()
    if config["model_type"] not in {"bert", "xlm-roberta"} or config["hidden_act"] != "gelu":
        raise NotExportable(f"its architecture is {config['model_type']} with {config.get('hidden_act')}")
    # RoBERTa counts positions from behind the padding's number.
    first = config["pad_token_id"] + 1 if config["model_type"] == "xlm-roberta" else 0
    limit = min(model.max_seq_length or config["max_position_embeddings"], config["max_position_embeddings"] - first)
    shape = Shape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"], limit, first)
    weights = {name: tensor.detach().float().numpy() for name, tensor in transformer.state_dict().items()}
    write_graph(shape, weights, folder)
    tokenizer = model.tokenizer
    around = tokenizer("")["input_ids"]
    if not tokenizer.is_fast or len(around) != 2:
        raise NotExportable(f"its tokenizer puts {len(around)} tokens around a text, expected one on either side")
    (folder / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str(), "utf-8")
    return {
        "dimension": reference.dimension,
        "max_tokens": limit,
        "pooling": pooling,
        "begin": around[0],
        "end": around[1],
        "pad": tokenizer.pad_token_id,
    }


def _pooling(model: Any) -> str:
    """How the model makes one vector of its tokens'. Raises NotExportable where it does more than that."""
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise NotExportable(f"it consists of {', '.join(kinds)}")
    mode = str(model[1].pooling_mode)
    if mode not in {"mean", "cls"} or not model[1].include_prompt:
        raise NotExportable(f"it pools by {mode}{'' if model[1].include_prompt else ' without the prompt'}")
    return mode


def large_channels(original: OnnxEmbedder) -> Apart:
    """The LARGE channels of what UNEVEN layers get from background questions, as queries and as passages."""
    kinds: tuple[Kind, ...] = ("query", "passage")
    texts = (text for questions in background_questions().values() for text in questions[:COMPARED])
    return largest_channels(original.inputs_of_layers(text, kind) for text, kind in product(texts, kinds))


def largest_channels(inputs: Iterable[Mapping[str, Vector]]) -> Apart:
    """The LARGE channels of what layers get, by layer, of several times that they get something."""
    peaks: dict[str, Vector] = {}
    for layer, rows in chain.from_iterable(each.items() for each in inputs):
        most = np.abs(rows).max(axis=0)
        peaks[layer] = np.maximum(peaks.get(layer, most), most)
    return {layer: np.sort(np.argsort(-sizes, kind="stable")[:LARGE]) for layer, sizes in peaks.items()}


def _write_default_vocabulary(data: bytes, folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Its vocabulary, sorted so that the pruned part is in front; its weights in that order, and what else it is."""
    pieces = bundled_model.read_pieces(data)
    order, kept = vocabulary.pruned_first(pieces, bundled_model.MASK_ID)
    vocabulary.write_vocabularies(pieces, order, kept, bundled_model.charsmap(), folder)
    tensors = bundled_model.read_tensors(data)
    words = tensors[WORDS]
    tensors[WORDS] = words.rows(order) if isinstance(words, Blocks) else words[order]
    return tensors, {
        "dimension": bundled_model.HIDDEN,
        "max_tokens": bundled_model.POSITIONS,
        "pooling": "mean",
        "begin": vocabulary.BEGIN,
        "end": vocabulary.END,
        "pad": vocabulary.PAD,
    }


def _in_float(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights whose products are in float32. The table of words is looked up without loss as it is."""
    return {
        name: tensor.dense() if isinstance(tensor, Blocks) and name != WORDS else tensor
        for name, tensor in tensors.items()
    }
