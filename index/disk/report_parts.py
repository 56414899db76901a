"""The part of an index that one added report makes: encoded once, kept as a folder that every later index shares.

An index holds the reports that come with fiqra as its base, and each added report as a part of its own. A part has a
key, a digest of all that it depends on, so that taking one report in, or out, leaves the others' files as they are.
Within a report that changed, a chunk whose text is the same keeps its vectors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.chunks import chunk_reports
from corpus.records import Chunk, Language, Report, Span
from corpus.text import bare
from corpus.title_page import ROLES, as_read
from index.disk.sealed import FORMAT
from index.disk.shared_folders import SealedFolder
from index.model.batches import Progress, encode_all
from index.model.centring import Centre
from index.model.embedding import Embedder, Encoding, Vector
from index.search.late_interaction import TokenVectors, quantised
from index.search.lexical import terms
from index.search.wording.answer_types import TYPES, type_shares

_REPORT = TypeAdapter(Report)
_CHUNKS = TypeAdapter(tuple[Chunk, ...])
Known = Mapping[bytes, tuple[Vector, NDArray[np.int8]]]
"""Vectors by what was encoded: the digest of a chunk's language and text → its vector and token vectors, centred."""


@dataclass(frozen=True)
class Part:
    """What one report adds to an index; row r of `vectors` and `tokens` is `chunks[r]`, of `types` paragraph r."""

    report: Report
    chunks: tuple[Chunk, ...]
    vectors: Vector
    tokens: TokenVectors
    terms: Mapping[Language, Sequence[Sequence[str]]]
    types: NDArray[np.uint8]


def key_of(report_digest: str, fingerprint: str, centres: Mapping[Language, Centre]) -> str:
    """A digest of what a part depends on, 32 hex digits: the report, the model and what its vectors are centred on."""
    digest = hashlib.sha256(f"{report_digest}|{fingerprint}|{FORMAT}|{ROLES!r}|".encode())
    for language in sorted(centres):
        digest.update(centres[language].vector.tobytes() + centres[language].token.tobytes())
    return digest.hexdigest()[:32]


def make(
    report: Report,
    embedder: Embedder,
    centres: Mapping[Language, Centre],
    known: Known | None = None,
    progress: Progress | None = None,
) -> Part:
    """Chunk, encode and count one report; what is `known` is not encoded again."""
    chunks = chunk_reports([report])
    texts = [model_text(report, chunk) for chunk in chunks]
    found = [(known or {}).get(digest_of(c.language, text)) for c, text in zip(chunks, texts, strict=True)]
    missing = [i for i, encoded in enumerate(found) if encoded is None]
    fresh = encode_all([texts[i] for i in missing], "passage", embedder, progress)
    for i, encoding in zip(missing, fresh, strict=True):
        found[i] = _quantised(centres[chunks[i].language].apply(encoding))
    encoded = [pair for pair in found if pair is not None]
    return Part(
        report,
        chunks,
        np.stack([vector for vector, _ in encoded]),
        TokenVectors.of_chunks(chunks, [tokens for _, tokens in encoded]),
        {r.language: [terms(as_read(r, paragraph.ref)) for paragraph in report.texts(r)] for r in report.renderings},
        np.stack([type_shares([r.by_ref[ref].text for r in report.renderings]) for ref in report.citable]),
    )


def model_text(report: Report, chunk: Chunk) -> str:
    """The text that the model encodes for a chunk, without marks that would cut words into unknown pieces."""
    return bare(as_read(report.rendering(chunk.language), chunk.ref, Span(chunk.start, chunk.end)))


def digest_of(language: Language, text: str) -> bytes:
    """A digest of the text that was encoded: with the model and the centre, all that a chunk's vectors depend on."""
    return hashlib.sha256(f"{language}|{text}".encode()).digest()


def _quantised(encoding: Encoding) -> tuple[Vector, NDArray[np.int8]]:
    return encoding.vector, quantised(encoding.tokens)


def known_of(part: Part) -> Known:
    """The vectors of a part's chunks, by the digest of what was encoded."""
    return {
        digest_of(chunk.language, model_text(part.report, chunk)): (part.vectors[row], part.tokens.of_row(row))
        for row, chunk in enumerate(part.chunks)
    }


def save(part: Part, folder: Path) -> None:
    """Write a part's files into the folder."""
    (folder / "report.json").write_bytes(_REPORT.dump_json(part.report))
    (folder / "chunks.json").write_bytes(_CHUNKS.dump_json(part.chunks))
    (folder / "terms.json").write_text(json.dumps(part.terms, ensure_ascii=False), "utf-8")
    arrays: dict[str, NDArray[Any]] = {
        "vectors": part.vectors,
        "tokens": part.tokens.values,
        "token-spans": part.tokens.spans,
        "answer-types": part.types,
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def read_tokens(folder: SealedFolder, prefix: str, rows: int, dimension: int) -> TokenVectors:
    """The token vectors of a verified folder. Raises ValueError where spans and tokens do not fit each other."""
    spans = folder.array(f"{prefix}token-spans", np.int64, (rows, 2))
    return TokenVectors(folder.array(f"{prefix}tokens", np.int8, (int(spans.max()), dimension)), spans)


def load(folder: SealedFolder, dimension: int, *, words: bool = True) -> Part:
    """A part out of a verified folder, without `words` where others keep them.

    Raises ValueError or KeyError where its files do not fit each other.
    """
    report = _REPORT.validate_json(folder.files["report.json"])
    chunks = _CHUNKS.validate_json(folder.files["chunks.json"])
    found: dict[Language, list[list[str]]] = json.loads(folder.files["terms.json"]) if words else {}
    counted = {r.language: len(report.texts(r)) for r in report.renderings}
    if words and counted != {language: len(rows) for language, rows in found.items()}:
        raise ValueError(f"{folder.path / 'terms.json'} does not fit the report")
    return Part(
        report,
        chunks,
        folder.array("vectors", np.float32, (len(chunks), dimension)),
        read_tokens(folder, "", len(chunks), dimension),
        found,
        folder.array("answer-types", np.uint8, (len(report.citable), len(TYPES))),
    )
