"""What an index holds, in memory: made by `build`, searched by `retrieve`, and kept in files that need no pickle."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged, IndexMismatch
from corpus.records import LANGUAGES, Chunk, Language, Report
from corpus.refs import Ref
from index.embedder import Vector
from index.lexical import LexicalIndex
from index.sealed import MEND, SealedIndex
from index.store import FaissStore, PassageStore

Key = tuple[str, Ref]
"""A paragraph in whatever language: the report's id and the ref. Results are ranked by it."""

_REPORTS = TypeAdapter(tuple[Report, ...])
_CHUNKS = TypeAdapter(tuple[Chunk, ...])


@dataclass(frozen=True)
class TokenVectors:
    """A vector a token of each paragraph, for late interaction.

    `values` int8 [tokens, d] holds unit vectors times 127; row r has the tokens `offsets[r]` to `offsets[r + 1]`.
    """

    values: NDArray[np.int8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, tokens: list[Vector]) -> TokenVectors:
        """Quantise one float32 [t, d] array a row."""
        offsets = np.cumsum([0, *map(len, tokens)]).astype(np.int64)
        return cls(np.rint(np.concatenate(tokens) * 127).astype(np.int8), offsets)

    def row(self, row: int) -> Vector:
        """The row's token vectors, float32 [t, d], of unit length but for rounding."""
        values = self.values[self.offsets[row] : self.offsets[row + 1]]
        return values.astype(np.float32) / np.float32(127)


@dataclass(frozen=True)
class IndexContents:
    """The reports, their chunks, and three ways to find them.

    Row r of `store` is `chunks[r]`; row r of `tokens` is `rows_of_paragraphs[r]`'s; document r of
    `lexical[language]` is paragraph r of `keys[language]`.
    """

    reports: tuple[Report, ...]
    chunks: tuple[Chunk, ...]
    store: PassageStore
    lexical: Mapping[Language, LexicalIndex]
    tokens: Mapping[Language, TokenVectors]

    @cached_property
    def keys(self) -> dict[Language, list[Key]]:
        """The paragraphs that exist in a language, in reading order: the document numbers of that language."""
        return paragraph_keys(self.reports)

    @cached_property
    def by_id(self) -> dict[str, Report]:
        """The reports by their id."""
        return {report.id: report for report in self.reports}


def paragraph_keys(reports: tuple[Report, ...]) -> dict[Language, list[Key]]:
    """Each language's paragraphs, in reading order."""
    return {
        language: [
            (report.id, paragraph.ref)
            for report in reports
            for rendering in report.renderings
            if rendering.language == language
            for paragraph in rendering.paragraphs
        ]
        for language in LANGUAGES
    }


def save(contents: IndexContents, folder: Path) -> None:
    """Write the files of an index into the folder."""
    if not isinstance(contents.store, FaissStore):
        raise TypeError("only a FAISS store has files of its own")
    (folder / "reports.json").write_bytes(_REPORTS.dump_json(contents.reports, indent=1))
    (folder / "chunks.json").write_bytes(_CHUNKS.dump_json(contents.chunks))
    (folder / "vectors.faiss").write_bytes(contents.store.to_bytes())
    for language, lexical in contents.lexical.items():
        lexical.save(folder / f"lexical-{language}")
    for language, tokens in contents.tokens.items():
        np.save(folder / f"tokens-{language}.npy", tokens.values, allow_pickle=False)
        np.save(folder / f"token-offsets-{language}.npy", tokens.offsets, allow_pickle=False)


def load(sealed: SealedIndex, fingerprint: str, dimension: int) -> IndexContents:
    """A verified index → its contents, for the model that will encode the questions.

    Raises IndexMismatch where another model built it, IndexDamaged where the files do not fit each other.
    """
    manifest = sealed.manifest
    if (manifest.model_fingerprint, manifest.dimension) != (fingerprint, dimension):
        raise IndexMismatch(
            f"the index was built with the model {manifest.model} ({manifest.dimension}-d, "
            f"{manifest.model_fingerprint}), this model is {dimension}-d, {fingerprint}: "
            "run `fiqra build`, or set FIQRA_MODEL to the model of the index"
        )
    try:
        reports = _REPORTS.validate_json(sealed.files["reports.json"])
        chunks = _CHUNKS.validate_json(sealed.files["chunks.json"])
    except (ValidationError, KeyError) as error:
        raise IndexDamaged(f"{sealed.folder} holds no readable reports ({error}); {MEND}") from error
    languages = [language for language in LANGUAGES if f"tokens-{language}.npy" in sealed.files]
    contents = IndexContents(
        reports,
        chunks,
        FaissStore.from_bytes(sealed.files["vectors.faiss"], dimension, len(chunks)),
        {language: LexicalIndex.load(sealed.folder / f"lexical-{language}") for language in languages},
        {language: _load_tokens(sealed, language) for language in languages},
    )
    _check_counts(contents, sealed)
    return contents


def _load_tokens(sealed: SealedIndex, language: Language) -> TokenVectors:
    def array(name: str) -> NDArray[np.generic]:
        loaded: NDArray[np.generic] = np.load(io.BytesIO(sealed.files[f"{name}-{language}.npy"]), allow_pickle=False)
        return loaded

    return TokenVectors(
        array("tokens").astype(np.int8, copy=False), array("token-offsets").astype(np.int64, copy=False)
    )


def _check_counts(contents: IndexContents, sealed: SealedIndex) -> None:
    for language, tokens in contents.tokens.items():
        expected = len(contents.keys[language])
        if len(tokens.offsets) != expected + 1 or tokens.offsets[-1] != len(tokens.values):
            raise IndexDamaged(
                f"{sealed.folder / f'tokens-{language}.npy'} holds {len(tokens.offsets) - 1} paragraphs, "
                f"expected {expected}; {MEND}"
            )
