"""What an index holds, in memory: made by `build`, searched by `retrieve`, and kept in files that need no pickle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged, IndexMismatch
from corpus.records import LANGUAGES, Chunk, Language, Report
from corpus.refs import Ref
from index import ann, parts
from index.answer_types import TYPES
from index.background import Background, background_questions
from index.centring import Centre
from index.lexical import LexicalIndex, terms
from index.parts import Part
from index.sealed import MEND, SealedIndex
from index.store import FaissStore, PassageStore
from index.tokens import JoinedTokens, TokenMatch, TokenVectors

Key = tuple[str, Ref]
"""A paragraph in whatever language: the report's id and the ref. Results are ranked by it."""

_REPORTS = TypeAdapter(tuple[Report, ...])
_CHUNKS = TypeAdapter(tuple[Chunk, ...])


@dataclass(frozen=True)
class IndexContents:
    """The reports, their chunks, and the ways to find them.

    Row r of `store` and of `tokens` is `chunks[r]`, seen from the centre of its language's passages. Document r of
    `lexical[language]` is paragraph r of `keys[language]`. Row r of `types`, uint8 [paragraphs, len(TYPES)], says
    how much of `all_keys[r]` things of each kind are. `background` are the questions that no report here answers.
    `centres` are what passages are seen from.
    """

    reports: tuple[Report, ...]
    chunks: tuple[Chunk, ...]
    store: PassageStore
    tokens: TokenMatch
    lexical: Mapping[Language, LexicalIndex]
    types: NDArray[np.uint8]
    background: Mapping[Language, Background]
    centres: Mapping[Language, Centre] = field(default_factory=dict)

    @cached_property
    def report_rows(self) -> dict[str, NDArray[np.int64]]:
        """The rows of each report's chunks."""
        rows: dict[str, list[int]] = {}
        for row, chunk in enumerate(self.chunks):
            rows.setdefault(chunk.report, []).append(row)
        return {report: np.array(found, np.int64) for report, found in rows.items()}

    @cached_property
    def report_documents(self) -> dict[Language, dict[str, tuple[int, int]]]:
        """Where each report's paragraphs begin and end among the documents of a language."""
        spans: dict[Language, dict[str, tuple[int, int]]] = {}
        for language, keys in self.keys.items():
            spans[language] = {}
            for document, (report, _) in enumerate(keys):
                spans[language][report] = (spans[language].get(report, (document, 0))[0], document + 1)
        return spans

    @cached_property
    def keys(self) -> dict[Language, list[Key]]:
        """The paragraphs that exist in a language, in reading order: the document numbers of that language."""
        return paragraph_keys(self.reports)

    @cached_property
    def all_keys(self) -> list[Key]:
        """Every paragraph of every report, in reading order."""
        return [(report.id, ref) for report in self.reports for ref in report.refs]

    @cached_property
    def by_id(self) -> dict[str, Report]:
        """The reports by their id."""
        return {report.id: report for report in self.reports}

    @cached_property
    def rows(self) -> dict[tuple[str, Ref, Language], list[int]]:
        """The rows of a paragraph's chunks in a language: the paragraph itself, then its sentences."""
        rows: dict[tuple[str, Ref, Language], list[int]] = {}
        for row, chunk in enumerate(self.chunks):
            rows.setdefault((chunk.report, chunk.ref, chunk.language), []).append(row)
        return rows

    def sentence_rows(self, report: str, ref: Ref, language: Language) -> list[int]:
        """The rows of a paragraph's sentences, in order; its own row where it is one sentence."""
        rows = self.rows[report, ref, language]
        return rows[1:] or rows


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
    if not isinstance(contents.store, FaissStore) or not isinstance(contents.tokens, TokenVectors):
        raise TypeError("only what was indexed in memory has files of its own")
    (folder / "reports.json").write_bytes(_REPORTS.dump_json(contents.reports, indent=1))
    (folder / "chunks.json").write_bytes(_CHUNKS.dump_json(contents.chunks))
    (folder / "vectors.faiss").write_bytes(contents.store.to_bytes())
    for language, lexical in contents.lexical.items():
        lexical.save(folder / f"lexical-{language}")
    arrays: dict[str, NDArray[Any]] = {
        "tokens": contents.tokens.values,
        "token-offsets": contents.tokens.offsets,
        "answer-types": contents.types,
    }
    for language, centre in contents.centres.items():
        arrays[f"passages-{language}-centre"] = np.stack([centre.vector, centre.token])
    for language, background in contents.background.items():
        arrays |= {
            f"background-{language}-centre": np.stack([background.centre.vector, background.centre.token]),
            f"background-{language}-vectors": background.vectors,
            f"background-{language}-tokens": background.tokens.values,
            f"background-{language}-token-offsets": background.tokens.offsets,
        }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def load(sealed: SealedIndex, fingerprint: str, dimension: int, store: PassageStore | None = None) -> IndexContents:
    """A verified index → its contents, for the model that will encode the questions; searched in `store`, if given.

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
        return _load(sealed, dimension, store)
    except (ValidationError, ValueError, KeyError, OSError, EOFError) as error:
        what = f"{type(error).__name__}: {str(error)[:200]}"
        raise IndexDamaged(f"{sealed.folder} holds files that are not what they should be ({what}); {MEND}") from error


def _load(sealed: SealedIndex, dimension: int, store: PassageStore | None) -> IndexContents:
    """The base of an index, and its parts after it."""
    base = _load_base(sealed, dimension)
    added = tuple(parts.load(sealed, entry["name"], dimension) for entry in sealed.manifest.parts.values())
    if added:
        return with_parts(base, added, store or _approximate(sealed, dimension))
    return replace(base, store=store) if store else base


def _approximate(sealed: SealedIndex, dimension: int) -> PassageStore | None:
    """The approximate store of an index that is too large for an exact one."""
    if ann.FILE not in sealed.manifest.files:
        return None
    return ann.IvfStore.open(sealed.folder / ann.FILE, dimension, sealed.manifest.chunks)


def with_parts(base: IndexContents, added: tuple[Part, ...], store: PassageStore | None = None) -> IndexContents:
    """An index of the base's reports and the added ones, in the order of their ids after them."""
    if not isinstance(base.store, FaissStore) or not isinstance(base.tokens, TokenVectors):
        raise TypeError("parts go after what was indexed in memory")
    words: dict[Language, list[Sequence[str]]] = {}
    for language, keys in base.keys.items():
        words[language] = [terms(base.by_id[report].rendering(language).by_ref[ref].text) for report, ref in keys]
        for part in added:
            words[language].extend(part.terms.get(language, ()))
    return IndexContents(
        (*base.reports, *(part.report for part in added)),
        (*base.chunks, *(chunk for part in added for chunk in part.chunks)),
        store or FaissStore.of(np.concatenate([base.store.vectors(), *(part.vectors for part in added)])),
        JoinedTokens((base.tokens, *(part.tokens for part in added))),
        {language: LexicalIndex.of_terms(documents) for language, documents in words.items() if documents},
        np.concatenate([base.types, *(part.types for part in added)]),
        base.background,
        base.centres,
    )


def _load_base(sealed: SealedIndex, dimension: int) -> IndexContents:
    reports = _REPORTS.validate_json(sealed.files["reports.json"])
    chunks = _CHUNKS.validate_json(sealed.files["chunks.json"])
    rows, paragraphs = len(chunks), sum(len(report.refs) for report in reports)
    return IndexContents(
        reports,
        chunks,
        FaissStore.from_bytes(sealed.files["vectors.faiss"], dimension, rows),
        _tokens(sealed, "", rows, dimension),
        {
            language: LexicalIndex.load(_below(sealed, f"lexical-{language}/"))
            for language, keys in paragraph_keys(reports).items()
            if keys
        },
        sealed.array("answer-types", np.uint8, (paragraphs, len(TYPES))),
        {language: _background(sealed, language, dimension) for language in LANGUAGES},
        load_centres(sealed, reports, dimension),
    )


def load_centres(sealed: SealedIndex, reports: tuple[Report, ...], dimension: int) -> dict[Language, Centre]:
    """What the passages of an index are seen from."""
    languages = {language for report in reports for language in report.languages}
    return {
        language: Centre(*sealed.array(f"passages-{language}-centre", np.float32, (2, dimension)))
        for language in sorted(languages)
    }


def _below(sealed: SealedIndex, prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): data for name, data in sealed.files.items() if name.startswith(prefix)}


def _tokens(sealed: SealedIndex, prefix: str, rows: int, dimension: int) -> TokenVectors:
    offsets = sealed.array(f"{prefix}token-offsets", np.int64, (rows + 1,))
    return TokenVectors(sealed.array(f"{prefix}tokens", np.int8, (int(offsets[-1]), dimension)), offsets)


def _background(sealed: SealedIndex, language: Language, dimension: int) -> Background:
    prefix = f"background-{language}-"
    count = len(background_questions()[language])
    return Background(
        Centre(*sealed.array(f"{prefix}centre", np.float32, (2, dimension))),
        sealed.array(f"{prefix}vectors", np.float32, (count, dimension)),
        _tokens(sealed, prefix, count, dimension),
    )
