"""A BERT encoder's weights → an ONNX graph of the operations that onnxruntime runs fastest on a processor.

    ids, mask → embeddings → 12 × (attention, feed-forward) → a vector a token

4-bit weights stay as they are: `MatMulNBits` and `GatherBlockQuantized` take the blocks that the default model comes
in, so nothing is rounded twice. Everything else is float32. Queries, keys and values are one product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.bundled_model import BLOCK, Blocks, Tensor

OPSET, IR = 21, 10
# MatMulNBits: 8-bit activations a block; the weights are taken as they are. See docs/performance.md.
ACCURACY_LEVEL = 4
_FUSED = "com.microsoft"
_MESSAGE_LIMIT = 1024  # bytes beyond which a tensor goes into the file beside the graph, which is memory-mapped


Weights = Mapping[str, Tensor]
"""Weights by their name in transformers' BertModel, such as `embeddings.LayerNorm.bias`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a BERT encoder its weights do not say. The first text token has position `first_position`."""

    layers: int
    heads: int
    epsilon: float
    max_tokens: int
    first_position: int = 0


def write_graph(shape: Shape, weights: Weights, folder: Path) -> None:
    """Write `model.onnx` and, beside it, its weights.

    Inputs `ids` int64 [b, s] and `mask` int32 [b, s], 1 for a token and 0 for padding; output `tokens` float32
    [b, s, d], the last layer.
    """
    graph = _Graph(weights)
    hidden = graph.embed(shape)
    for number in range(shape.layers):
        hidden = graph.layer(f"encoder.layer.{number}", hidden, shape)
    graph.nodes[-1].output[0] = "tokens"
    width = graph.vector("embeddings.LayerNorm.bias").size
    onnx.save(
        helper.make_model(
            helper.make_graph(
                graph.nodes,
                "encoder",
                [
                    helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "length"]),
                    helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "length"]),
                ],
                [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["texts", "length", width])],
                graph.stored,
            ),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(_FUSED, 1)],
            ir_version=IR,
        ),
        folder / "model.onnx",
        save_as_external_data=True,
        location="model.weights",
        size_threshold=_MESSAGE_LIMIT,
    )
    (folder / "model.weights").chmod(0o644)  # onnx makes it the owner's alone


class _Graph:
    """Nodes and weights, as they are added."""

    def __init__(self, weights: Weights) -> None:
        self._given = weights
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []

    def vector(self, name: str) -> NDArray[np.float32]:
        """A weight that is never in blocks."""
        tensor = self._given[name]
        if isinstance(tensor, Blocks):
            raise TypeError(f"{name} is in blocks, expected float32")
        return tensor

    def embed(self, shape: Shape) -> str:
        """Word, position and type embeddings, normalised."""
        words = self._look_up("embeddings.word_embeddings.weight")
        positions = self.vector("embeddings.position_embeddings.weight")
        positions = positions[shape.first_position : shape.first_position + shape.max_tokens]
        # A text has one segment: type 0 at every position.
        places = self._weight("places", positions + self.vector("embeddings.token_type_embeddings.weight")[0])
        length = self._node("Shape", ["ids"], "length", start=1, end=2)
        start = self._weight("start", np.array([0], np.int64))
        used = self._node("Slice", [places, start, length, start], "used_places")
        total = self._node("Add", [words, used], "embedded")
        scale, shift = self._norm("embeddings.LayerNorm")
        return self._node(
            "LayerNormalization", [total, scale, shift], "embeddings", axis=-1, epsilon=float(shape.epsilon)
        )

    def layer(self, name: str, hidden: str, shape: Shape) -> str:
        """Attention and the feed-forward network, each with its residual."""
        attended = self._attention(f"{name}.attention.self", hidden, shape)
        between = self._closing(f"{name}.attention.output", attended, hidden, shape)
        wide = self._product([f"{name}.intermediate.dense"], between)
        bias = self._weight(f"{name}.intermediate.bias", self.vector(f"{name}.intermediate.dense.bias"))
        active = self._node("BiasGelu", [wide, bias], f"{name}.active", _FUSED)
        return self._closing(f"{name}.output", active, between, shape)

    def _attention(self, name: str, hidden: str, shape: Shape) -> str:
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        together = self._product(parts, hidden)
        biases = [self.vector(f"{part}.bias") for part in parts]
        sizes = self._weight(f"{name}.sizes", np.array([len(bias) for bias in biases], np.int64))
        self.nodes.append(helper.make_node("Split", [together, sizes], parts, axis=-1))
        bias = self._weight(f"{name}.bias", np.concatenate(biases))
        return self._node("MultiHeadAttention", [*parts, bias, "mask"], name, _FUSED, num_heads=shape.heads)

    def _closing(self, name: str, inner: str, residual: str, shape: Shape) -> str:
        """A product, the residual and the normalisation that end a half of a layer."""
        product = self._product([f"{name}.dense"], inner)
        scale, shift = self._norm(f"{name}.LayerNorm")
        bias = self._weight(f"{name}.bias", self.vector(f"{name}.dense.bias"))
        inputs = [product, residual, scale, shift, bias]
        return self._node("SkipLayerNormalization", inputs, name, _FUSED, epsilon=float(shape.epsilon))

    def _product(self, names: Sequence[str], inputs: str) -> str:
        """`inputs` times the transposed weights of the layers, stacked; without their biases."""
        tensors = [self._given[f"{name}.weight"] for name in names]
        output = f"{names[0]}.product"
        blocks = [tensor for tensor in tensors if isinstance(tensor, Blocks)]
        if len(blocks) < len(tensors):
            stacked = np.concatenate([tensor for tensor in tensors if not isinstance(tensor, Blocks)])
            return self._node("MatMul", [inputs, self._weight(f"{output}.weight", stacked.T)], output)
        packed = self._weight(f"{output}.packed", np.concatenate([b.packed() for b in blocks]))
        scales = self._weight(f"{output}.scales", np.concatenate([b.scales for b in blocks]))
        rows, columns = sum(b.shape[0] for b in blocks), blocks[0].shape[1]
        return self._node(
            "MatMulNBits",
            [inputs, packed, scales],
            output,
            _FUSED,
            N=rows,
            K=columns,
            bits=4,
            block_size=BLOCK,
            accuracy_level=ACCURACY_LEVEL,
        )

    def _look_up(self, name: str) -> str:
        """The rows of an embedding table that `ids` number."""
        table = self._given[name]
        if not isinstance(table, Blocks):
            return self._node("Gather", [self._weight("words", table), "ids"], "looked_up", axis=0)
        # INT4 holds −8 to 7 in two's complement, which is the nibble with its highest bit flipped.
        signed = Blocks(table.nibbles ^ np.uint8(8), table.scales).packed()
        self.stored.append(
            TensorProto(name="words", data_type=TensorProto.INT4, dims=table.shape, raw_data=signed.tobytes())
        )
        scales = self._weight("words.scales", table.scales)
        return self._node(
            "GatherBlockQuantized",
            ["words", "ids", scales],
            "looked_up",
            _FUSED,
            gather_axis=0,
            quantize_axis=1,
            block_size=BLOCK,
        )

    def _norm(self, name: str) -> tuple[str, str]:
        return (
            self._weight(f"{name}.weight", self.vector(f"{name}.weight")),
            self._weight(f"{name}.bias", self.vector(f"{name}.bias")),
        )

    def _weight(self, name: str, values: NDArray[Any]) -> str:
        self.stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operation: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operation, list(inputs), [output], output, domain=domain, **attributes))
        return output
