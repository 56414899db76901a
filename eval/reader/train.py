"""`make train-reader`: rows → a reader's upper layers, var/reader/reader.pt, and what it does on the rows held back.

    python -m eval.reader.train [--steps 2000] [--apart 6] [--shared ../shared] [--resume]

With `--resume` it goes on from the last checkpoint, with other draws. On a processor: `LD_PRELOAD` with tcmalloc (twice
the speed), nothing else running; bfloat16 where the processor multiplies it. 16 questions a step take 5.6 s on one AVX2
core with `--apart 6`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from corpus.reports import load_reports
from corpus.text import bare
from eval.reader.figures import measured, source_of
from eval.reader.groups import Group, Groups
from eval.reader.network import Lower, Sizes, Upper
from eval.reader.reading import Reader, Reading
from eval.reader.rows import Row, articles, development, parallel_squad, passages, written
from index.model.embedding import Vector
from index.model.loading import load_embedder, original
from index.model.names import DEFAULT_MODEL
from service.settings import load_settings

# The share of each source among the questions of a step; across: the text is in the other language.
SHARES = {
    "written": 0.28, "written across": 0.12, "squad2": 0.12, "squad": 0.10, "arcd": 0.09,
    "dev": 0.13, "dev across": 0.05, "xquad": 0.06, "xquad across": 0.05,
}  # fmt: skip
QUESTIONS, WARMING, LEAST_RATE, NEW_FASTER = 16, 60, 0.03, 10


def draws(rows: Sequence[Row], groups: Groups, rng: random.Random) -> Iterator[Group]:
    """Groups to train on, for ever: sources by their shares, each source's rows in turn and shuffled anew."""
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.held:
            by_source[source_of(row)].append(row)
    names = [name for name in SHARES if by_source[name]]
    left: dict[str, list[Row]] = {name: [] for name in names}
    while True:
        [name] = rng.choices(names, [SHARES[name] for name in names])
        if not left[name]:
            left[name] = rng.sample(by_source[name], len(by_source[name]))
        if group := groups.for_training(left[name].pop(), rng):
            yield group


def main() -> None:
    """Train, say how it goes in a line of JSON each, and keep checkpoints."""
    parser = argparse.ArgumentParser(description="Train a reader out of the default model's layers.")
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--apart", type=int, default=6, help="layers that read question and window apart, 0 to 11")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=200, help="steps between two checkpoints")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where training/ and bench/ lie")
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    torch.manual_seed(given.seed)
    settings = load_settings()
    rows, groups = _rows_and_groups(given.shared, settings.data_dir)
    reader = _reader(settings.data_dir, given.apart)
    train(reader, groups, rows, settings.data_dir / "reader" / "reader.pt", given)


def _rows_and_groups(shared: Path, data_dir: Path) -> tuple[list[Row], Groups]:
    [report] = load_reports()
    rows = [*written(), *development(report)]
    files = {"squad": ("squad-train.en", "en"), "squad2": ("squad2-dev.en", "en"), "arcd": ("arcd.ar", "ar")}
    for source, (name, language) in files.items():
        path = shared / "training" / f"{name}.jsonl.gz"
        rows += articles(path, source, language) if path.is_file() else _lacking(path)  # type: ignore[arg-type]
    parallel = [shared / "bench" / f"xquad-dev.{language}.json" for language in ("ar", "en")]
    rows += parallel_squad(parallel) if all(map(Path.is_file, parallel)) else _lacking(parallel[0])
    embedder = load_embedder(DEFAULT_MODEL, data_dir)

    def encode(texts: Sequence[str], kind: str) -> Vector:
        return np.stack([embedder.encode([bare(text)], kind)[0].vector for text in texts])  # type: ignore[arg-type]

    known = [passage for row in rows for passage in (row.passage, *row.others) if passage]
    return rows, Groups([*known, *passages(report)], encode)


def _lacking(path: Path) -> list[Row]:
    _say({"lacking": str(path), "so": "it is trained without"})
    return []


def _reader(data_dir: Path, apart: int) -> Reader:
    from safetensors.torch import load_file  # noqa: PLC0415 - heavy, and training alone needs them
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    folder = original(DEFAULT_MODEL, data_dir)
    weights = {name.removeprefix("bert."): w.float() for name, w in load_file(f"{folder}/model.safetensors").items()}
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    upper = Upper(weights, Sizes(), apart).to(device)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")  # type: ignore[no-untyped-call]
    return Reader(Reading(tokenizer, Lower(weights, Sizes(), apart).eval()), upper, device)


def train(reader: Reader, groups: Groups, rows: Sequence[Row], path: Path, given: argparse.Namespace) -> None:
    """Steps of AdamW, the rate rising for WARMING steps and falling linearly; what is new learns faster."""
    layers = list(reader.upper.layers.parameters())
    own = {id(parameter) for parameter in layers}
    new = [parameter for parameter in reader.upper.parameters() if id(parameter) not in own]
    rates = (given.rate, given.rate * NEW_FASTER)
    optimiser = torch.optim.AdamW([{"params": layers}, {"params": new}], lr=given.rate, weight_decay=0.01)
    rng, begun = random.Random(given.seed), 0  # noqa: S311 - draws, not secrets
    if given.resume and path.is_file():
        begun = _resumed(path, reader.upper, optimiser, rng)
    drawn = draws(rows, groups, rng)
    started, losses = time.monotonic(), list[float]()
    for step in range(begun, given.steps):
        share = min(1.0, (step + 1) / WARMING) * max(LEAST_RATE, 1 - step / given.steps)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        losses.append(_step(reader, [next(drawn) for _ in range(QUESTIONS)], optimiser))
        if (step + 1) % given.every == 0 or step + 1 == given.steps:
            seconds = (time.monotonic() - started) / (step + 1 - begun)
            _keep(path, {"upper": reader.upper.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1})
            figures = measured(reader, groups, rows)
            _say({"step": step + 1, "loss": float(np.mean(losses[-given.every :])), "s": seconds, "held": figures})


def _step(reader: Reader, groups: Sequence[Group], optimiser: torch.optim.Optimizer) -> float:
    bfloat16 = reader.device.type == "cpu" and torch.cpu._is_amx_tile_supported()
    with torch.autocast(reader.device.type, torch.bfloat16, enabled=bfloat16 or reader.device.type == "cuda"):
        loss = reader.loss(groups)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(reader.upper.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def _resumed(path: Path, upper: Upper, optimiser: torch.optim.Optimizer, rng: random.Random) -> int:
    kept: Mapping[str, Any] = torch.load(path, weights_only=True)
    upper.load_state_dict(kept["upper"])
    optimiser.load_state_dict(kept["optimiser"])
    rng.seed(f"{kept['step']}")
    return int(kept["step"])


def _keep(path: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    torch.save(dict(content), new)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(path)


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
