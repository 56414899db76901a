"""What an index holds, in memory: made by `build`, searched by `retrieve`, and kept in files that need no pickle."""

from __future__ import annotations

from collections.abc import Mapping
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
from index.disk import report_parts
from index.disk.merged_parts import Merged, MergedStore
from index.disk.report_parts import Part
from index.disk.sealed import SealedIndex
from index.disk.shared_folders import MEND, SealedFolder
from index.model.centring import Centre
from index.model.embedding import Vector
from index.search.background import Background, background_questions
from index.search.late_interaction import JoinedTokens, TokenMatch, TokenVectors
from index.search.lexical import Block, LexicalIndex, WordStore
from index.search.row_map import RowMap
from index.search.wording.answer_types import TYPES
from index.stores.postings import Postings
from index.stores.vectors import FaissStore, OutsideStore, PassageStore

Key = tuple[str, Ref]
"""A paragraph in whatever language: the report's id and the ref. Results are ranked by it."""

_REPORTS = TypeAdapter(tuple[Report, ...])
_CHUNKS = TypeAdapter(tuple[Chunk, ...])


@dataclass(frozen=True)
class IndexContents:
    """The reports, their chunks, and the ways to find them.

    Row r of `store` and of `tokens` is `chunks[r]`, less the centre of its language's passages. Document r of
    `lexical[language]` is paragraph r of `keys[language]`. Row r of `types`, uint8 [paragraphs, len(TYPES)], says
    how much of `all_keys[r]` things of each kind are. `background` are the questions that no report here answers.
    `centres` are the mean vectors that are subtracted from passages, by language.
    """

    reports: tuple[Report, ...]
    chunks: tuple[Chunk, ...]
    store: PassageStore
    tokens: TokenMatch
    lexical: Mapping[Language, WordStore]
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
        """Every paragraph of every report, in reading order, each report's title page first."""
        return [(report.id, ref) for report in self.reports for ref in report.citable]

    @cached_property
    def places(self) -> RowMap:
        """For each chunk and document, the position of its paragraph in `all_keys`, as arrays."""
        return RowMap.of(self.all_keys, self.chunks, self.keys)

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
            for paragraph in report.texts(rendering)
        ]
        for language in LANGUAGES
    }


def own_words(contents: IndexContents) -> dict[Language, LexicalIndex]:
    """The BM25 indexes that this index holds itself; none where a store beside it, such as Milvus, has the words."""
    return {language: words for language, words in contents.lexical.items() if isinstance(words, LexicalIndex)}


def document_rows(contents: IndexContents, language: Language) -> NDArray[np.int64]:
    """The row of the chunk that is the whole paragraph, for each document of a language."""
    rows = (contents.rows[report, ref, language][0] for report, ref in contents.keys[language])
    return np.fromiter(rows, np.int64, len(contents.keys[language]))


def weights_of(contents: IndexContents) -> dict[int, dict[str, float]]:
    """What each term adds to each paragraph's BM25 score, by the row of the paragraph's chunk."""
    found: dict[int, dict[str, float]] = {}
    for language, words in own_words(contents).items():
        found |= zip(document_rows(contents, language).tolist(), words.weights(), strict=True)
    return found


def save(contents: IndexContents, folder: Path) -> None:
    """Write the files of an index into the folder."""
    if not isinstance(contents.store, FaissStore) or not isinstance(contents.tokens, TokenVectors):
        raise TypeError("only what was indexed in memory has files of its own")
    (folder / "reports.json").write_bytes(_REPORTS.dump_json(contents.reports, indent=1))
    (folder / "chunks.json").write_bytes(_CHUNKS.dump_json(contents.chunks))
    (folder / "vectors.faiss").write_bytes(contents.store.to_bytes())
    for language, lexical in own_words(contents).items():
        [block] = lexical.blocks
        block.postings.save(folder / f"lexical-{language}")
    arrays: dict[str, NDArray[Any]] = {
        "tokens": contents.tokens.values,
        "token-spans": contents.tokens.spans,
        "answer-types": contents.types,
    }
    for language, centre in contents.centres.items():
        arrays[_centre_file(language)] = np.stack([centre.vector, centre.token])
    for language, background in contents.background.items():
        arrays |= {
            f"background-{language}-centre": np.stack([background.centre.vector, background.centre.token]),
            f"background-{language}-vectors": background.vectors,
            f"background-{language}-tokens": background.tokens.values,
            f"background-{language}-token-spans": background.tokens.spans,
        }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def load(sealed: SealedIndex, fingerprint: str, dimension: int, store: OutsideStore | None = None) -> IndexContents:
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


def _load(sealed: SealedIndex, dimension: int, store: OutsideStore | None) -> IndexContents:
    """The base of an index, and its parts after it."""
    base = _load_base(sealed.base, dimension)
    folder = sealed.folders.get(sealed.manifest.merged)
    merged = Merged.load(folder, dimension) if folder and store is None else None
    members = {member.name for member in merged.members} if merged else set()
    added = {
        entry["name"]: report_parts.load(
            sealed.folders[entry["name"]], dimension, words=store is None and entry["name"] not in members
        )
        for entry in sealed.manifest.parts.values()
    }
    whole = with_parts(base, added, merged, store) if added else base
    if store is None:
        return whole
    words = {lang: store.words(lang, document_rows(whole, lang)) for lang, keys in whole.keys.items() if keys}
    return replace(whole, store=store, lexical=words)


def with_parts(
    base: IndexContents, added: Mapping[str, Part], merged: Merged | None = None, store: PassageStore | None = None
) -> IndexContents:
    """The base index, extended by the parts of the added reports, in their order; `added` has them by folder name.

    Parts that are in `merged` are searched there, on the disk, and the others in memory. Where a `store` is given, it
    searches all vectors instead.
    """
    if not isinstance(base.store, FaissStore) or not isinstance(base.tokens, TokenVectors):
        raise TypeError("parts go after what was indexed in memory")
    return IndexContents(
        (*base.reports, *(part.report for part in added.values())),
        (*base.chunks, *(chunk for part in added.values() for chunk in part.chunks)),
        store or _searched(base.store, added, merged),
        JoinedTokens((base.tokens, *(part.tokens for part in added.values()))),
        {language: index for language in LANGUAGES if (index := _words(base, added, merged, language))},
        np.concatenate([base.types, *(part.types for part in added.values())]),
        base.background,
        base.centres,
    )


def _searched(base: FaissStore, added: Mapping[str, Part], merged: Merged | None) -> PassageStore:
    """Every vector in memory, or what is merged on the disk and the rest in memory."""
    first = _firsts(len(base.vectors()), {name: len(part.chunks) for name, part in added.items()})
    members = {member.name for member in merged.members} if merged else set()
    rest = {name: part.vectors for name, part in added.items() if name not in members}
    in_memory = FaissStore.of(np.concatenate([base.vectors(), *rest.values()]))
    if merged is None:
        return in_memory
    own = [np.arange(len(base.vectors())), *(np.arange(first[n], first[n] + len(v)) for n, v in rest.items())]
    return MergedStore(merged.store, merged.rows(first), in_memory, np.concatenate(own).astype(np.int64))


def _words(
    base: IndexContents, added: Mapping[str, Part], merged: Merged | None, language: Language
) -> LexicalIndex | None:
    """The words of a language: the base's, what is merged, and the rest, counted now; None where nothing is in it."""
    blocks = [block for words in (own_words(base).get(language),) if words for block in words.blocks]
    own = sum(len(block.numbers) for block in blocks)
    counts = {
        name: sum(len(part.report.texts(r)) for r in part.report.renderings if r.language == language)
        for name, part in added.items()
    }
    first = _firsts(own, counts)
    if merged and language in merged.postings:
        blocks.append(Block(merged.postings[language], merged.documents(language, first)))
    if rest := {name: part.terms[language] for name, part in added.items() if language in part.terms}:
        numbers = [np.arange(first[name], first[name] + counts[name]) for name in rest]
        postings = Postings.of(words for rows in rest.values() for words in rows)
        blocks.append(Block(postings, np.concatenate(numbers).astype(np.int64)))
    return LexicalIndex(blocks, own + sum(counts.values())) if blocks else None


def _firsts(start: int, counts: Mapping[str, int]) -> dict[str, int]:
    """The first row of each, where they follow one another from row `start`; `counts` has how many rows each has.

    >>> _firsts(5, {"a": 2, "b": 3})
    {'a': 5, 'b': 7}
    """
    ends = [start, *(start + int(end) for end in np.cumsum(list(counts.values())))]
    return dict(zip(counts, ends, strict=False))


def vectors_of(sealed: SealedIndex, dimension: int) -> Vector:
    """The vectors of an index float32 [n, d], in the order of their rows."""
    base = FaissStore.from_bytes(sealed.base.files["vectors.faiss"], dimension, sealed.manifest.base["chunks"])
    added = sealed.manifest.parts.values()
    arrays = [sealed.folders[e["name"]].array("vectors", np.float32, (e["chunks"], dimension)) for e in added]
    return np.concatenate([base.vectors(), *arrays])


def _load_base(folder: SealedFolder, dimension: int) -> IndexContents:
    reports = _REPORTS.validate_json(folder.files["reports.json"])
    chunks = _CHUNKS.validate_json(folder.files["chunks.json"])
    rows, paragraphs = len(chunks), sum(len(report.citable) for report in reports)
    return IndexContents(
        reports,
        chunks,
        FaissStore.from_bytes(folder.files["vectors.faiss"], dimension, rows),
        report_parts.read_tokens(folder, "", rows, dimension),
        {
            language: LexicalIndex.of_postings(_postings(folder, language, len(keys)))
            for language, keys in paragraph_keys(reports).items()
            if keys
        },
        folder.array("answer-types", np.uint8, (paragraphs, len(TYPES))),
        {language: _background(folder, language, dimension) for language in LANGUAGES},
        _centres(folder, reports, dimension),
    )


def _postings(folder: SealedFolder, language: Language, count: int) -> Postings:
    postings = Postings.load(lambda name: folder.anything(f"lexical-{language}/{name}"))
    if len(postings.lengths) != count:
        raise ValueError(f"the words of {folder.path} are of {len(postings.lengths)} paragraphs, expected {count}")
    return postings


def _centres(folder: SealedFolder, reports: tuple[Report, ...], dimension: int) -> dict[Language, Centre]:
    languages = {language for report in reports for language in report.languages}
    return {
        language: Centre(*folder.array(_centre_file(language), np.float32, (2, dimension)))
        for language in sorted(languages)
    }


def centres_in(folder: Path, languages: set[Language]) -> dict[Language, Centre]:
    """The centres of an index's passages, by language, read from the folder of its base, which is verified already."""
    return {
        language: Centre(*np.load(folder / f"{_centre_file(language)}.npy", allow_pickle=False))
        for language in sorted(languages)
    }


def _centre_file(language: Language) -> str:
    return f"passages-{language}-centre"


def _background(folder: SealedFolder, language: Language, dimension: int) -> Background:
    prefix = f"background-{language}-"
    count = len(background_questions()[language])
    return Background(
        Centre(*folder.array(f"{prefix}centre", np.float32, (2, dimension))),
        folder.array(f"{prefix}vectors", np.float32, (count, dimension)),
        report_parts.read_tokens(folder, prefix, 1, dimension),
    )
