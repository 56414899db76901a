"""Reports → a sealed index: chunks, vectors, words, written so that a crash leaves the old index serving.

The reports that come with fiqra are the base, indexed together; each added report is a part (`index.parts`). What is
unchanged since the index before is linked, not made again, so taking in one report costs what that report costs.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from corpus.chunks import chunk_reports
from corpus.errors import IndexRefused
from corpus.records import Language, Report
from corpus.text import bare
from index import ann, contents, durable, parts, sealed
from index.answer_types import type_shares
from index.background import SHIPPED as BACKGROUND
from index.background import Background, background_questions
from index.centring import Centre
from index.contents import IndexContents, paragraph_keys
from index.embedder import Embedder, Encoding, Vector
from index.encode import Progress, encode_all
from index.lexical import LexicalIndex
from index.library import Added
from index.ranking import FILE as RANKING
from index.ranking import SHIPPED
from index.sealed import Files, Manifest, PartEntry
from index.store import FaissStore
from index.tokens import TokenVectors

__all__ = ["Progress", "build_index", "current_with", "index_reports", "vectors_of"]


def build_index(  # noqa: PLR0913 - each is a thing of its own
    index_dir: Path,
    reports: tuple[Report, ...],
    embedder: Embedder,
    model: str,
    progress: Progress | None = None,
    *,
    added: tuple[Added, ...] = (),
    check: bool = True,
) -> str:
    """Build the index of these reports and make it the current one; at once where it already is. Returns its name.

    `reports` are the base, `added` the parts. Without `check`, what is linked from the index before is taken at its
    sizes; whoever loads the new one checks every byte. Raises IndexBusy where another build runs, IndexNotWritten
    where the disk refuses.
    """
    with durable.exclusive(index_dir):
        durable.remove_leftovers(index_dir)
        if check and (name := current_with(index_dir, reports, embedder.fingerprint, added)) is not None:
            return name
        writer = _Writer(index_dir, reports, added, embedder, model, progress, check)
        name = sealed.write(index_dir, writer.manifest, writer.fill)
        sealed.remove_others(index_dir, keep=name)
        return name


@dataclass(slots=True)
class _Writer:
    """Fills one new index, with links to the one before where nothing changed."""

    index_dir: Path
    reports: tuple[Report, ...]
    added: tuple[Added, ...]
    embedder: Embedder
    model: str
    progress: Progress | None
    check: bool
    entries: dict[str, PartEntry] = field(default_factory=dict)
    base_chunks: int = 0
    base_linked: bool = False  # and so the centres are the same

    def fill(self, folder: Path) -> Files:
        """Write or link every file; what is returned was linked."""
        before = self._before()
        known: Files = {}
        centres, linked = self._base(folder, before)
        known |= linked
        for report in self.added:
            name = parts.name_of(report.digest, self.embedder.fingerprint, centres)
            prefix = f"{parts.FOLDER}/{name}/"
            old = before[1].parts.get(report.id) if before else None
            if before and old and old["name"] == name and (found := self._link(before, prefix, folder)):
                known |= found
                self.entries[report.id] = old
                continue
            vectors = self._known(before, old)
            part = parts.make(report.load(), self.embedder, centres, vectors, self.progress)
            parts.save(part, folder / prefix)
            self.entries[report.id] = {
                "name": name,
                "languages": list(part.report.languages),
                "paragraphs": len(part.report.refs),
                "chunks": len(part.chunks),
            }
        if self.base_chunks + sum(entry["chunks"] for entry in self.entries.values()) > ann.FLAT_UP_TO:
            ann.IvfStore.of(vectors_of(folder, self.entries, self.embedder.dimension)).save(folder / ann.FILE)
        return known

    def manifest(self, files: Files) -> Manifest:
        """The manifest of what `fill` wrote."""
        entries = self.entries.values()
        return Manifest(
            format=sealed.FORMAT,
            fiqra=version("fiqra"),
            inputs=_inputs(self.reports, self.embedder.fingerprint, self.added),
            model=self.model,
            model_fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            reports={
                **{report.id: list(map(str, report.languages)) for report in self.reports},
                **{report: entry["languages"] for report, entry in self.entries.items()},
            },
            paragraphs=sum(len(r.refs) for r in self.reports) + sum(entry["paragraphs"] for entry in entries),
            chunks=self.base_chunks + sum(entry["chunks"] for entry in entries),
            files=files,
            base=_inputs(self.reports, self.embedder.fingerprint),
            parts=self.entries,
        )

    def _link(self, before: tuple[Path, Manifest], prefix: str, folder: Path) -> Files | None:
        return sealed.link_files(*before, prefix, folder, check=self.check)

    def _before(self) -> tuple[Path, Manifest] | None:
        """The index before, where this model built it, with this version's format."""
        try:
            folder, manifest = sealed.manifest_of_current(self.index_dir)
        except IndexRefused:
            return None
        same = (manifest.model_fingerprint, manifest.dimension) == (self.embedder.fingerprint, self.embedder.dimension)
        return (folder, manifest) if same else None

    def _base(self, folder: Path, before: tuple[Path, Manifest] | None) -> tuple[Mapping[Language, Centre], Files]:
        if before and before[1].base == _inputs(self.reports, self.embedder.fingerprint):
            kept = (name for name in before[1].files if not name.startswith(f"{parts.FOLDER}/"))
            files = [name for name in kept if name != ann.FILE]
            links = [sealed.link_files(*before, name, folder, check=self.check) for name in files]
            if all(links):
                languages = {language for report in self.reports for language in report.languages}
                self.base_chunks, self.base_linked = _count_chunks(folder), True
                return _centres_in(folder, languages), {k: v for link in links if link for k, v in link.items()}
            for name in files:
                (folder / name).unlink(missing_ok=True)
        built = index_reports(self.reports, self.embedder, self.progress)
        contents.save(built, folder)
        shutil.copyfile(SHIPPED, folder / RANKING)
        self.base_chunks = len(built.chunks)
        return built.centres, {}

    def _known(self, before: tuple[Path, Manifest] | None, old: PartEntry | None) -> parts.Known | None:
        """The vectors of a report's part in the index before, where all of it is as it was written."""
        if before is None or old is None or not self.base_linked:
            return None
        folder, manifest = before
        part = old["name"]
        prefix = f"{parts.FOLDER}/{part}/"
        try:
            index = sealed.read_some(folder, manifest, prefix)
            return parts.known_of(parts.load(index, part, self.embedder.dimension))
        except (IndexRefused, ValueError, KeyError):
            return None


def vectors_of(folder: Path, entries: Mapping[str, PartEntry], dimension: int) -> Vector:
    """The vectors of the base and of every part, in the order of their rows."""
    base = FaissStore.from_bytes((folder / "vectors.faiss").read_bytes(), dimension, _count_chunks(folder)).vectors()
    arrays = [
        np.load(folder / parts.FOLDER / entry["name"] / "vectors.npy", mmap_mode="r", allow_pickle=False)
        for entry in entries.values()
    ]
    return np.concatenate([base, *arrays])


def _count_chunks(folder: Path) -> int:
    return len(TypeAdapter(list[object]).validate_json((folder / "chunks.json").read_bytes()))


def _centres_in(folder: Path, languages: set[Language]) -> dict[Language, Centre]:
    return {
        language: Centre(*np.load(folder / f"passages-{language}-centre.npy", allow_pickle=False))
        for language in sorted(languages)
    }


def index_reports(reports: tuple[Report, ...], embedder: Embedder, progress: Progress | None = None) -> IndexContents:
    """Chunk, encode and count, in memory."""
    chunks = chunk_reports(reports)
    by_id = {report.id: report for report in reports}
    texts = [parts.model_text(by_id[chunk.report], chunk) for chunk in chunks]
    encodings = encode_all(texts, "passage", embedder, progress)
    centres = _centres([chunk.language for chunk in chunks], encodings)
    centred = [centres[chunk.language].apply(encoding) for chunk, encoding in zip(chunks, encodings, strict=True)]
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
            [type_shares([r.by_ref[ref].text for r in report.renderings]) for report in reports for ref in report.refs]
        ),
        {
            language: Background.of(encode_all(list(map(bare, asked)), "query", embedder))
            for language, asked in background_questions().items()
        },
        centres,
    )


def _centres(languages: Sequence[Language], encodings: Sequence[Encoding]) -> dict[Language, Centre]:
    """The centre of each language's passages. Added reports are seen from the base's: theirs would move with each."""
    return {
        language: Centre.of([e for e, other in zip(encodings, languages, strict=True) if other == language])
        for language in sorted(set(languages))
    }


def current_with(
    index_dir: Path, reports: tuple[Report, ...], fingerprint: str, added: tuple[Added, ...] = ()
) -> str | None:
    """The current index's name, where it is whole and made of exactly these reports with that model."""
    try:
        index = sealed.read(index_dir)
    except IndexRefused:
        return None
    return index.name if index.manifest.inputs == _inputs(reports, fingerprint, added) else None


def _inputs(reports: tuple[Report, ...], fingerprint: str, added: tuple[Added, ...] = ()) -> str:
    """A digest of all that the index depends on: the reports as read, the model, the format and fiqra's version."""
    digest = hashlib.sha256(TypeAdapter(tuple[Report, ...]).dump_json(reports))
    digest.update(SHIPPED.read_bytes() + BACKGROUND.read_bytes())
    digest.update(f"{fingerprint}|{sealed.FORMAT}|{version('fiqra')}".encode())
    for report in added:
        digest.update(f"{report.id} {report.digest}".encode())
    return digest.hexdigest()
