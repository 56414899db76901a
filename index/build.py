"""Reports → a sealed index: chunks, vectors, words, written so that a crash leaves the old index serving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from corpus.chunks import chunk_reports
from corpus.errors import IndexRefused
from corpus.records import LANGUAGES, Chunk, Language, Paragraph, Report
from index import contents, durable, sealed
from index.contents import IndexContents, TokenVectors, paragraph_keys
from index.embedder import Embedder, Encoding
from index.lexical import LexicalIndex
from index.store import FaissStore

BATCH = 16
Progress = Callable[[int, int], None]
"""Called with how many texts are encoded and how many there are."""


def build_index(
    index_dir: Path, reports: tuple[Report, ...], embedder: Embedder, model: str, progress: Progress | None = None
) -> str:
    """Build the index of these reports and make it the current one; at once where it already is. Returns its name.

    Raises IndexBusy where another build runs, IndexNotWritten where the disk refuses.
    """
    inputs = _inputs(reports, embedder.fingerprint)
    with durable.exclusive(index_dir):
        if (name := current_with(index_dir, reports, embedder.fingerprint)) is not None:
            return name
        built = index_reports(reports, embedder, progress)

        def manifest_of(files: dict[str, dict[str, int | str]]) -> sealed.Manifest:
            return sealed.Manifest(
                format=sealed.FORMAT,
                fiqra=version("fiqra"),
                inputs=inputs,
                model=model,
                model_fingerprint=embedder.fingerprint,
                dimension=embedder.dimension,
                reports={report.id: list(report.languages) for report in reports},
                paragraphs=sum(len(report.refs) for report in reports),
                chunks=len(built.chunks),
                files=files,
            )

        name = sealed.write(index_dir, manifest_of, lambda folder: contents.save(built, folder))
        sealed.remove_others(index_dir, keep=name)
        return name


def index_reports(reports: tuple[Report, ...], embedder: Embedder, progress: Progress | None = None) -> IndexContents:
    """Chunk and encode the reports, in memory."""
    chunks = chunk_reports(reports)
    by_id = {report.id: report for report in reports}
    encodings = _encode([passage_text(by_id[chunk.report], chunk) for chunk in chunks], embedder, progress)
    tokens: dict[Language, list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]] = {}
    for chunk, encoding in zip(chunks, encodings, strict=True):
        if chunk.kind == "paragraph":
            tokens.setdefault(chunk.language, []).append(encoding.tokens)
    keys = paragraph_keys(reports)
    texts: dict[Language, list[str]] = {
        language: [by_id[report].rendering(language).by_ref[ref].text for report, ref in keys[language]]
        for language in LANGUAGES
        if keys[language]
    }
    return IndexContents(
        reports,
        chunks,
        FaissStore.of(np.stack([encoding.vector for encoding in encodings])),
        {language: LexicalIndex.of(documents) for language, documents in texts.items()},
        {language: TokenVectors.of(rows) for language, rows in tokens.items()},
    )


def passage_text(report: Report, chunk: Chunk) -> str:
    """What the model reads for a chunk: its own words."""
    paragraph: Paragraph = report.rendering(chunk.language).by_ref[chunk.ref]
    return paragraph.text[chunk.start : chunk.end]


def _encode(texts: Sequence[str], embedder: Embedder, progress: Progress | None) -> list[Encoding]:
    """Encode in batches of like length, so that little of a batch is padding; the order of the texts is kept."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    encodings: dict[int, Encoding] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        encodings |= zip(batch, embedder.encode([texts[i] for i in batch], "passage"), strict=True)
        if progress:
            progress(len(encodings), len(texts))
    return [encodings[i] for i in range(len(texts))]


def current_with(index_dir: Path, reports: tuple[Report, ...], fingerprint: str) -> str | None:
    """The current index's name, where it is whole and made of exactly these reports with that model."""
    try:
        index = sealed.read(index_dir)
    except IndexRefused:
        return None
    return index.name if index.manifest.inputs == _inputs(reports, fingerprint) else None


def _inputs(reports: tuple[Report, ...], fingerprint: str) -> str:
    """A digest of all that the index depends on: the reports as read, the model, the format and fiqra's version."""
    digest = hashlib.sha256(TypeAdapter(tuple[Report, ...]).dump_json(reports))
    digest.update(f"{fingerprint}|{sealed.FORMAT}|{version('fiqra')}".encode())
    return digest.hexdigest()
