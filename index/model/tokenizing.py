"""Text → token ids without transformers: what the serving encoder reads with.

SentencePiece's runtime holds the default model's pruned vocabulary in a tenth of what the `tokenizers` library needs
for the whole one (docs/performance.md). What the pruned vocabulary cannot write is tokenised with the whole one.
"""

from __future__ import annotations

import unicodedata
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from corpus.errors import ModelError

UNKNOWN = 3
_SCRIPTS = ("LATIN ", "ARABIC ", "COMBINING ")


class Tokenizer(Protocol):
    """What cuts a text into the ids of the model's vocabulary, without special tokens."""

    def encode(self, text: str) -> list[int]:
        """The ids of a text's tokens, in order."""
        ...


@lru_cache(maxsize=4096)
def is_kept(character: str) -> bool:
    """Whether the pruned vocabulary keeps pieces with this character.

    Digits, punctuation and symbols of every script are kept, letters and marks of Latin and Arabic alone.

    >>> [is_kept(c) for c in "a٣ك€й漢"]
    [True, True, True, True, False, False]
    """
    if unicodedata.category(character)[0] in "NPSZC":
        return True
    return unicodedata.name(character, "").startswith(_SCRIPTS)


class SentencePieceTokenizer:
    """A pruned vocabulary, and the whole one for what lies outside it, loaded when it is first needed.

    Both number their pieces alike: the whole vocabulary is the pruned one with the rest behind it. Pruning drops every
    piece with a character that is not kept. So such a character is unknown to the pruned vocabulary, and a text
    without one is cut in the same way by both.
    """

    def __init__(self, pruned: Path, whole: Path) -> None:
        self._pruned = _processor(pruned)
        self._whole_path = whole

    def encode(self, text: str) -> list[int]:
        """See `Tokenizer.encode`."""
        # The model's own normaliser reads a zero-width joiner as a space; SentencePiece's table keeps it.
        text = text.replace("\u200d", " ")
        ids: list[int] = self._pruned.encode(text)
        if UNKNOWN in ids:
            pieces: list[str] = self._pruned.encode(text, out_type=str)
            unknown = "".join(piece for id_, piece in zip(ids, pieces, strict=True) if id_ == UNKNOWN)
            if not all(map(is_kept, unknown)):
                ids = self._whole.encode(text)
        return ids

    @cached_property
    def _whole(self):  # type: ignore[no-untyped-def]
        return _processor(self._whole_path)


def _processor(path: Path):  # type: ignore[no-untyped-def]
    from sentencepiece import SentencePieceProcessor  # noqa: PLC0415 - only a loaded model should cost

    return SentencePieceProcessor(model_file=str(path))


class JsonTokenizer:
    """A `tokenizer.json`, for every model but the default one."""

    def __init__(self, path: Path) -> None:
        """Raises ModelError where the library that reads it is not installed."""
        try:
            from tokenizers import Tokenizer as Fast  # noqa: PLC0415 - the default model does without
        except ImportError as error:
            raise ModelError(
                f"{path} needs the package tokenizers, which is not installed here ({error}): install fiqra with its "
                "extra `models`"
            ) from error

        self._fast = Fast.from_file(str(path))

    def encode(self, text: str) -> list[int]:
        """See `Tokenizer.encode`."""
        return list(self._fast.encode(text, add_special_tokens=False).ids)
