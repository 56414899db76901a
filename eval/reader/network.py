"""The reader's network, an encoder's own layers: the lower ones read question and window apart, the upper together.

What is read apart can be kept from one question to the next (as in DeFormer, Cao et al. 2020). With `apart` 0 all
layers read both together. For each token of a window the network says how much speaks for an answer that starts there,
and for one that ends there, against the answer being in none of the question's windows, which counts 0: one softmax
over all tokens of all windows (shared normalisation, Clark and Gardner 2018).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_HIDDEN = -1e4
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "second_norm": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a BERT encoder; the default model's."""

    width: int = 384
    heads: int = 12
    inner: int = 1536
    layers: int = 12
    epsilon: float = 1e-12


class Layer(nn.Module):
    """A layer of BERT without drop-out, whose random numbers cost half the time of training on a processor."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attended = nn.Linear(width, width)
        self.first_norm = nn.LayerNorm(width, sizes.epsilon)
        self.wide = nn.Linear(width, sizes.inner)
        self.narrow = nn.Linear(sizes.inner, width)
        self.second_norm = nn.LayerNorm(width, sizes.epsilon)

    def forward(self, states: Tensor, hidden: Tensor) -> Tensor:
        """States float [b, t, d], and what is added to the attention to each, [b, 1, 1, t] → states."""
        batch, length, width = states.shape

        def split(values: Tensor) -> Tensor:
            return values.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(states)), split(self.key(states)), split(self.value(states))
        attention = (query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + hidden).softmax(-1)
        joined = (attention @ value).transpose(1, 2).reshape(batch, length, width)
        states = self.first_norm(states + self.attended(joined))
        found: Tensor = self.second_norm(states + self.narrow(functional.gelu(self.wide(states))))
        return found

    def load(self, weights: Mapping[str, Tensor], number: int) -> None:
        """Take the weights of an encoder's layer, named as in transformers' BertModel."""
        self.load_state_dict(
            {
                f"{own}.{kind}": weights[f"encoder.layer.{number}.{theirs}.{kind}"]
                for own, theirs in PARTS.items()
                for kind in ("weight", "bias")
            }
        )


class Lower(nn.Module):
    """Embeddings and the layers that read one text; never trained."""

    def __init__(self, weights: Mapping[str, Tensor], sizes: Sizes, apart: int) -> None:
        super().__init__()
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = nn.LayerNorm(sizes.width, sizes.epsilon)
        self.norm.load_state_dict({kind: weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")})
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(apart))
        for number, layer in enumerate(self.layers):
            layer.load(weights, number)  # type: ignore[operator]

    @torch.inference_mode()
    def forward(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """Token ids → states float [t, d] of each text."""
        length = max(map(len, texts))
        ids = torch.tensor([[*text, *[0] * (length - len(text))] for text in texts])
        absent = torch.arange(length) >= torch.tensor([[len(text)] for text in texts])
        states = self.norm(functional.embedding(ids, self.words) + self.places[:length])
        hidden = absent[:, None, None, :] * _HIDDEN
        for layer in self.layers:
            states = layer(states, hidden)
        return [found[: len(text)].clone() for found, text in zip(states, texts, strict=True)]


class Upper(nn.Module):
    """The layers that read question and window together, and what they say of each token. This is what is trained."""

    def __init__(self, weights: Mapping[str, Tensor], sizes: Sizes, apart: int) -> None:
        super().__init__()
        self.sides = nn.Parameter(torch.zeros(2, sizes.width))
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(apart, sizes.layers))
        for number, layer in enumerate(self.layers, apart):
            layer.load(weights, number)  # type: ignore[operator]
        self.whole = nn.Linear(2 * sizes.width, 1)
        self.edges = nn.Linear(sizes.width, 2)
        for linear in (self.whole, self.edges):
            nn.init.normal_(linear.weight, std=0.02)

    def forward(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> list[Tensor]:
        """Questions and windows, states float [t, d] each → for each token of the window, [t, 2]: start and end."""
        rows = [torch.cat(pair) for pair in pairs]
        states = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        asked = torch.tensor([len(question) for question, _ in pairs], device=states.device)
        lengths = torch.tensor([len(row) for row in rows], device=states.device)
        places = torch.arange(states.shape[1], device=states.device)
        states = states + self.sides[(places >= asked[:, None]).long()]
        hidden = (places >= lengths[:, None])[:, None, None, :] * _HIDDEN
        for layer in self.layers:
            states = layer(states, hidden)
        each = torch.arange(len(rows), device=states.device)
        speaks = self.whole(torch.cat([states[:, 0], states[each, asked]], -1))
        edges = self.edges(states) + speaks[:, None, :]
        return [found[len(question) : len(row)] for found, (question, _), row in zip(edges, pairs, rows, strict=True)]


def log_odds(edges: Tensor) -> Tensor:
    """How much speaks for an answer anywhere in a window, against none, of its tokens' [t, 2]."""
    return edges.logsumexp(0).mean()


def loss_of(windows: Sequence[Tensor], answer: tuple[int, int] | None, answered: bool) -> Tensor:
    """Of one group: each window's [t, 2]; the first and last token of the answer in the first window, where known."""
    nothing = windows[0].new_zeros(1, 2)
    norm = torch.cat([nothing, *windows]).logsumexp(0)
    if not answered:
        return norm.mean()  # the logit of none is 0
    first = windows[0]
    found = torch.stack([first[answer[0], 0], first[answer[1], 1]]) if answer else first.logsumexp(0)
    return (norm - found).mean()
