"""The default model's vocabulary as two SentencePiece models: what Arabic and Latin texts use, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.model.tokenizing import UNKNOWN, is_kept

BEGIN, PAD, END = 0, 1, 2
PRUNED, WHOLE = "tokenizer.spm", "tokenizer-whole.spm"
Piece = tuple[str, float]
"""A piece and its log probability."""


def pruned_first(pieces: Sequence[Piece], mask: int) -> tuple[list[int], int]:
    """The pieces' ids, those that are kept before the others, and how many are kept.

    The mask, a piece that no text holds, is not kept; what must stay is in front anyway.

    >>> pruned_first([("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0), ("▁漢", -9), ("▁a", -5)], mask=-1)
    ([0, 1, 2, 3, 5, 4], 5)
    """
    kept, others = list(range(UNKNOWN + 1)), list[int]()
    for number, (piece, _) in enumerate(pieces[UNKNOWN + 1 :], UNKNOWN + 1):
        (kept if number != mask and all(map(is_kept, piece)) else others).append(number)
    return kept + others, len(kept)


def write_vocabularies(pieces: Sequence[Piece], order: Sequence[int], kept: int, charsmap: bytes, folder: Path) -> None:
    """Write both vocabularies, pieces in `order`, the first `kept` of them in the pruned one."""
    for name, ids in ((PRUNED, order[:kept]), (WHOLE, order)):
        (folder / name).write_bytes(_sentencepiece([pieces[i] for i in ids], charsmap))


def _sentencepiece(pieces: Sequence[Piece], charsmap: bytes) -> bytes:
    from sentencepiece import sentencepiece_model_pb2 as proto  # noqa: PLC0415 - only building needs it

    model = proto.ModelProto()  # type: ignore[attr-defined]
    kinds = proto.ModelProto.SentencePiece  # type: ignore[attr-defined]
    trainer = model.trainer_spec
    trainer.model_type, trainer.vocab_size = trainer.UNIGRAM, len(pieces)
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = BEGIN, PAD, END, UNKNOWN
    trainer.bos_piece, trainer.pad_piece, trainer.eos_piece, trainer.unk_piece = (p for p, _ in pieces[: UNKNOWN + 1])
    model.normalizer_spec.precompiled_charsmap = charsmap
    for number, (piece, score) in enumerate(pieces):
        added = model.pieces.add()
        added.piece, added.score = piece, score
        special = number <= UNKNOWN or piece == "<mask>"
        added.type = (kinds.UNKNOWN if number == UNKNOWN else kinds.CONTROL) if special else kinds.NORMAL
    serialised: bytes = model.SerializeToString()
    return serialised
