"""Reports → a sealed index: chunks, vectors, words, written so that a crash leaves the old index serving."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from corpus.chunks import chunk_reports
from corpus.errors import IndexRefused
from corpus.records import Chunk, Language, Report
from corpus.text import bare
from index import contents, durable, sealed
from index.answer_types import count_types
from index.background import SHIPPED as BACKGROUND
from index.background import Background, background_questions
from index.centring import Centre
from index.contents import IndexContents, paragraph_keys
from index.embedder import Embedder, Encoding, Kind
from index.lexical import LexicalIndex
from index.ranking import FILE as RANKING
from index.ranking import SHIPPED
from index.store import FaissStore
from index.tokens import TokenVectors

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

        def fill(folder: Path) -> None:
            contents.save(built, folder)
            shutil.copyfile(SHIPPED, folder / RANKING)

        name = sealed.write(index_dir, manifest_of, fill)
        sealed.remove_others(index_dir, keep=name)
        return name


def index_reports(reports: tuple[Report, ...], embedder: Embedder, progress: Progress | None = None) -> IndexContents:
    """Chunk, encode and count, in memory."""
    chunks = chunk_reports(reports)
    by_id = {report.id: report for report in reports}
    encodings = _encode([_model_text(by_id[chunk.report], chunk) for chunk in chunks], "passage", embedder, progress)
    centred = _centre([chunk.language for chunk in chunks], encodings)
    keys = paragraph_keys(reports)
    return IndexContents(
        reports,
        chunks,
        FaissStore.of(np.stack([encoding.vector for encoding in centred])),
        TokenVectors.of([encoding.tokens for encoding in centred]),
        {
            language: LexicalIndex.of([by_id[report].rendering(language).by_ref[ref].text for report, ref in found])
            for language, found in keys.items()
            if found
        },
        np.stack(
            [count_types([r.by_ref[ref].text for r in report.renderings]) for report in reports for ref in report.refs]
        ),
        {
            language: Background.of(_encode(list(map(bare, asked)), "query", embedder))
            for language, asked in background_questions().items()
        },
    )


def _model_text(report: Report, chunk: Chunk) -> str:
    """What the model reads for a chunk: its own words, without marks that tear them."""
    return bare(report.rendering(chunk.language).by_ref[chunk.ref].text[chunk.start : chunk.end])


def _centre(languages: Sequence[Language], encodings: Sequence[Encoding]) -> list[Encoding]:
    """Each passage seen from the centre of its language's passages."""
    centres = {
        language: Centre.of([e for e, other in zip(encodings, languages, strict=True) if other == language])
        for language in set(languages)
    }
    return [centres[language].apply(encoding) for language, encoding in zip(languages, encodings, strict=True)]


def _encode(texts: Sequence[str], kind: Kind, embedder: Embedder, progress: Progress | None = None) -> list[Encoding]:
    """Encode in batches of like length, so that little of a batch is padding; the order of the texts is kept."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    encodings: dict[int, Encoding] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        encodings |= zip(batch, embedder.encode([texts[i] for i in batch], kind), strict=True)
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
    digest.update(SHIPPED.read_bytes() + BACKGROUND.read_bytes())
    digest.update(f"{fingerprint}|{sealed.FORMAT}|{version('fiqra')}".encode())
    return digest.hexdigest()
