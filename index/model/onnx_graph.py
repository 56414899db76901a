"""A BERT encoder's weights → an ONNX graph of the operations that onnxruntime runs fastest on a processor.

    ids, mask → embeddings → 12 × (attention, feed-forward) → a vector a token

The default model comes in 4 bits. Its table of words stays in those blocks (`GatherBlockQuantized`). Its products are
computed in integers, which on a processor is faster than any product that takes 4-bit blocks (docs/performance.md):
activations in 8 bits a token, so that a text's vectors do not depend on what else is in its batch, and weights in up to
8 bits a column. A few channels of what goes into a layer are far larger than the rest and would take the others'
precision: they are multiplied by themselves in float32 (as in LLM.int8(), Dettmers et al. 2022). Other models' weights
stay as they are, in float32.
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

from index.model.bundled_model import BLOCK, Blocks, Tensor

OPSET, IR = 21, 10
_MOST, _MIDDLE = 127, 128
# The least that GELU gives is −.17: from there on all 8 bits are for what is above.
_GELU_LEAST = -0.1701
_FUSED = "com.microsoft"
_LAYERS = "encoder.layer."
_MESSAGE_LIMIT = 1024  # bytes beyond which a tensor goes into the file beside the graph, which is memory-mapped


Weights = Mapping[str, Tensor]
"""Weights by their name in transformers' BertModel, such as `embeddings.LayerNorm.bias`."""
Apart = Mapping[str, NDArray[np.int64]]
"""The channels that are too large to be rounded with the others, by the layer's name in transformers' BertModel."""
UNEVEN = ("attention.self.query", "intermediate.dense")
"""The layers that need them: what they get is normalised, and a few of its channels are up to twenty times the rest."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a BERT encoder its weights do not say. The first text token has position `first_position`."""

    layers: int
    heads: int
    epsilon: float
    max_tokens: int
    first_position: int = 0


def write_graph(
    shape: Shape, weights: Weights, folder: Path, apart: Apart | None = None, shown: tuple[str, ...] = ()
) -> None:
    """Write `model.onnx` and, beside it, its weights. Products are in integers where weights are in blocks.

    Inputs `ids` int64 [b, s] and `mask` int32 [b, s], 1 for a token and 0 for padding; output `tokens` float32
    [b, s, d], the last layer, and what goes into the layers whose names end with one of `shown`, as `<layer>.input`.
    """
    in_blocks = any(isinstance(tensor, Blocks) for name, tensor in weights.items() if name.startswith(_LAYERS))
    graph = _Graph(weights, apart or {}, shown, in_blocks)
    hidden = graph.embed(shape)
    for number in range(shape.layers):
        hidden = graph.layer(f"{_LAYERS}{number}", hidden, shape)
    graph.nodes[-1].output[0] = "tokens"
    width = graph.vector("embeddings.LayerNorm.bias").size
    onnx.save(
        graph.model({"ids": TensorProto.INT64, "mask": TensorProto.INT32}, {"tokens": width}),
        folder / "model.onnx",
        save_as_external_data=True,
        location="model.weights",
        size_threshold=_MESSAGE_LIMIT,
    )
    (folder / "model.weights").chmod(0o644)  # onnx makes it the owner's alone


def reader_graph(  # noqa: PLR0913 - keyword-only, but for what it is of
    shape: Shape,
    weights: Weights,
    *,
    first: int,
    integers: bool = True,
    apart: Apart | None = None,
    shown: tuple[str, ...] = (),
) -> onnx.ModelProto:
    """The layers of an encoder from `first` on, trained to read a question and a window together (`index.reader`).

    Inputs `states` float32 [b, s, d], which `first` layers make of each text by itself; `side` int64 [b, s], 0 for a
    token of the question and 1 for one of the window; `mask` int32 [b, s]. Output `said` float32 [b, s, 4]: what speaks
    for an answer's start and its end at a token, and for an answer anywhere, by the question's first token and by the
    window's. Weights beside those of the layers: `sides` [2, d], `said.weight` [4, d] and `said.bias`.
    """
    graph = _Graph(weights, apart or {}, shown, integers, shaped_as="mask")
    hidden = graph.join_sides()
    for number in range(first, shape.layers):
        hidden = graph.layer(f"{_LAYERS}{number}", hidden, shape)
    graph.say(hidden)
    return graph.model(
        {"states": TensorProto.FLOAT, "side": TensorProto.INT64, "mask": TensorProto.INT32},
        {"said": graph.vector("said.bias").size},
        {"states": graph.vector("sides").shape[1]},
    )


def first_layers(graph: onnx.ModelProto, count: int) -> onnx.ModelProto:
    """An encoder's graph up to its first so many layers, whose output it gives as `states`; its weights stay outside.

    Raises ValueError where the graph has no such layer.
    """
    last = f"{_LAYERS}{count - 1}.output"
    nodes = list(graph.graph.node)
    ends = [place for place, node in enumerate(nodes) if last in node.output]
    if not ends:
        raise ValueError(f"the graph has no output {last}")
    nodes = nodes[: ends[0] + 1]
    nodes.append(helper.make_node("Identity", [last], ["states"]))
    used = {name for node in nodes for name in node.input}
    width = graph.graph.output[0].type.tensor_type.shape.dim[2].dim_value
    return helper.make_model(
        helper.make_graph(
            nodes,
            "first layers",
            list(graph.graph.input),
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["texts", "length", width])],
            [tensor for tensor in graph.graph.initializer if tensor.name in used],
        ),
        opset_imports=list(graph.opset_import),
        ir_version=graph.ir_version,
    )


def column_steps(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much a step of each column's weights [k, n] is, once they are rounded → float32 [n].

    AVX2 adds two products of 8 bits in 16, which overflow where two weights that follow each other are over 128 steps
    together; so no two are. On average that leaves 96 steps for the largest weight of a column.
    """
    sizes = np.abs(weights)
    steps: NDArray[np.float32] = (sizes[:-1] + sizes[1:]).max(axis=0) / np.float32(_MOST)
    return steps


class _Graph:
    """Nodes and weights, as they are added."""

    def __init__(
        self, weights: Weights, apart: Apart, shown: tuple[str, ...], integers: bool, shaped_as: str = "ids"
    ) -> None:
        self._given = weights
        self._in_integers = integers
        self._shaped_as = shaped_as  # an input of shape [b, s]
        self._apart = apart
        self._to_show = shown
        self._made: set[str] = set()
        self.shown: list[str] = []
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []

    def vector(self, name: str) -> NDArray[np.float32]:
        """A weight that is never in blocks."""
        tensor = self._given[name]
        if isinstance(tensor, Blocks):
            raise TypeError(f"{name} is in blocks, expected float32")
        return tensor

    def model(
        self, inputs: Mapping[str, int], outputs: Mapping[str, int], wide: Mapping[str, int] | None = None
    ) -> onnx.ModelProto:
        """The whole, by its inputs' types (and the widths of those that have one) and its outputs' widths."""
        shapes: dict[str, list[str | int | None]] = {name: ["texts", "length"] for name in inputs}
        for name, width in (wide or {}).items():
            shapes[name].append(width)
        return helper.make_model(
            helper.make_graph(
                self.nodes,
                "encoder",
                [helper.make_tensor_value_info(name, kind, shapes[name]) for name, kind in inputs.items()],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "length", width])
                    for name, width in {**outputs, **dict.fromkeys(self.shown)}.items()
                ],
                self.stored,
            ),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(_FUSED, 1)],
            ir_version=IR,
        )

    def join_sides(self) -> str:
        """States of two texts that stand behind each other, each told which it is of."""
        sides = self._node("Gather", [self._weight("sides", self.vector("sides")), "side"], "told", axis=0)
        return self._node("Add", ["states", sides], "joined")

    def say(self, hidden: str) -> None:
        """The few numbers that are told of each token."""
        weights = self._weight("said.weight", self.vector("said.weight").T)
        product = self._node("MatMul", [hidden, weights], "said.product")
        self._node("Add", [product, self._weight("said.bias", self.vector("said.bias"))], "said")

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
        # Among integers GELU by tanh costs no cosine, and a third of the time.
        gelu = "FastGelu" if self._in_integers else "BiasGelu"
        active = self._node(gelu, [wide, bias], f"{name}.active", _FUSED)
        return self._closing(f"{name}.output", active, between, shape, _GELU_LEAST)

    def _attention(self, name: str, hidden: str, shape: Shape) -> str:
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        together = self._product(parts, hidden)
        biases = [self.vector(f"{part}.bias") for part in parts]
        sizes = self._weight(f"{name}.sizes", np.array([len(bias) for bias in biases], np.int64))
        self.nodes.append(helper.make_node("Split", [together, sizes], parts, axis=-1))
        bias = self._weight(f"{name}.bias", np.concatenate(biases))
        return self._node("MultiHeadAttention", [*parts, bias, "mask"], name, _FUSED, num_heads=shape.heads)

    def _closing(self, name: str, inner: str, residual: str, shape: Shape, least: float | None = None) -> str:
        """A product, the residual and the normalisation that end a half of a layer.

        In operations of their own: `SkipLayerNormalization`, which is all three, takes several times as long.
        """
        product = self._product([f"{name}.dense"], inner, least)
        bias = self._weight(f"{name}.bias", self.vector(f"{name}.dense.bias"))
        total = self._node("Add", [self._node("Add", [product, bias], f"{name}.biased"), residual], f"{name}.total")
        scale, shift = self._norm(f"{name}.LayerNorm")
        return self._node("LayerNormalization", [total, scale, shift], name, axis=-1, epsilon=float(shape.epsilon))

    def _product(self, names: Sequence[str], inputs: str, least: float | None = None) -> str:
        """`inputs`, where known never below `least`, times the transposed weights of the layers, stacked; no biases."""
        tensors = [self._given[f"{name}.weight"] for name in names]
        weights = np.concatenate([t.dense() if isinstance(t, Blocks) else t for t in tensors]).T
        output = f"{names[0]}.product"
        if self._to_show and names[0].endswith(self._to_show):
            self.shown.append(self._node("Identity", [inputs], f"{names[0]}.input"))
        if not self._in_integers:
            return self._node("MatMul", [inputs, self._weight(f"{output}.weight", weights)], output)
        apart = self._apart.get(names[0])
        if apart is None:
            return self._integers(inputs, weights, output, least)
        own = self._node("Gather", [inputs, self._weight(f"{output}.apart", apart)], f"{output}.large", axis=-1)
        large = self._node(
            "MatMul", [own, self._weight(f"{output}.apart_weight", weights[apart])], f"{output}.of_large"
        )
        others = np.ones(len(weights), np.float32)
        others[apart] = 0
        inputs = self._node("Mul", [inputs, self._weight(f"{output}.others", others)], f"{output}.small")
        rest = self._integers(inputs, weights * others[:, None], f"{output}.of_small", least)
        return self._node("Add", [rest, large], output)

    def _integers(self, inputs: str, weights: NDArray[np.float32], output: str, least: float | None) -> str:
        """The product with both sides rounded to integers."""
        columns = column_steps(weights)
        rounded = np.rint(weights / columns)
        steps, integers, zero = (
            self._above(inputs, least, len(weights)) if least else self._around(inputs, len(weights))
        )
        factors = [
            integers,
            self._weight(f"{output}.weight", rounded.astype(np.int8)),
            self._constant("one", np.float32(1)),
            self._weight(f"{output}.columns", columns),
            zero,
        ]
        unscaled = self._node("MatMulIntegerToFloat", factors, f"{output}.unscaled", _FUSED)
        if not least:
            return self._node("Mul", [unscaled, steps], output)
        scaled = self._node("Mul", [unscaled, steps], f"{output}.scaled")
        lifted = self._weight(f"{output}.lifted", np.float32(least) * (rounded * columns).sum(axis=0, dtype=np.float32))
        return self._node("Add", [scaled, lifted], output)

    def _around(self, inputs: str, width: int) -> tuple[str, str, str]:
        """Activations [b, s, width] in 8 bits → the step of each token [b, s, 1], its values, and their zero, _MIDDLE.

        A token of zeros has a step of zero, which is what its products are multiplied by.
        """
        magnitudes = self._node("Abs", [inputs], f"{inputs}.magnitudes")
        steps = self._steps(magnitudes, 1 / _MOST)
        rounding = [inputs, steps, self._middles()]
        integers = self._node("QuantizeLinear", rounding, f"{inputs}.rounded", axis=-1, block_size=width)
        return steps, integers, self._constant("middle", np.uint8(_MIDDLE))

    def _above(self, inputs: str, least: float, width: int) -> tuple[str, str, str]:
        """The same for values that are never below `least`: all 8 bits are for what is above it."""
        lifted = self._node("Sub", [inputs, self._constant("least", np.float32(least))], f"{inputs}.lifted")
        steps = self._steps(lifted, 1 / (2 * _MOST + 1))
        integers = self._node(
            "QuantizeLinear",
            [lifted, steps],
            f"{inputs}.rounded",
            axis=-1,
            block_size=width,
            output_dtype=TensorProto.UINT8,
        )
        return steps, integers, self._constant("nothing", np.uint8(0))

    def _steps(self, sizes: str, share: float) -> str:
        """The size of one step for each token, [b, s, 1]: that share of its largest value."""
        most = self._node(
            "ReduceMax", [sizes, self._constant("last", np.array([-1], np.int64))], f"{sizes}.most", keepdims=1
        )
        return self._node("Mul", [most, self._constant(f"share_{share:.4f}", np.float32(share))], f"{sizes}.steps")

    def _middles(self) -> str:
        """The zero point of each token's activations, uint8 [b, s, 1]."""
        if "middles" not in self._made:
            self._made.add("middles")
            whole = self._node("Shape", [self._shaped_as], f"{self._shaped_as}_shape")
            one = self._weight("one_step", np.array([1], np.int64))
            shape = self._node("Concat", [whole, one], "steps_shape", axis=0)
            value = numpy_helper.from_array(np.array([_MIDDLE], np.uint8))
            self._node("ConstantOfShape", [shape], "middles", value=value)
        return "middles"

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

    def _constant(self, name: str, value: NDArray[Any] | np.generic) -> str:
        """A weight that many nodes share."""
        if name not in self._made:
            self._made.add(name)
            self._weight(name, np.asarray(value))
        return name

    def _node(self, operation: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operation, list(inputs), [output], output, domain=domain, **attributes))
        return output
