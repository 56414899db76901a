"""Reports → a sealed index: chunks, vectors, words, written so that a crash leaves the old index serving.

The reports that come with fiqra are the base, indexed together; each added report is a part
(`index.disk.report_parts`). Each is a folder that indexes share, so that taking in one report costs what that report
costs: its folder, and a manifest.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from corpus.chunks import chunk_reports
from corpus.errors import CorpusError, IndexDamaged, IndexNotWritten, IndexRefused
from corpus.records import Language, Report
from corpus.text import bare
from corpus.title_page import ROLES, as_read
from index import contents
from index.contents import IndexContents, paragraph_keys
from index.disk import durable, merged_parts, report_parts, sealed, shared_folders, tags
from index.disk.report_parts import Part
from index.disk.sealed import Manifest, PartEntry
from index.disk.shelf import Added
from index.model.batches import Progress, encode_all
from index.model.centring import Centre
from index.model.embedding import Embedder, Encoding
from index.search.background import SHIPPED as BACKGROUND
from index.search.background import Background, background_questions
from index.search.late_interaction import TokenVectors, quantised
from index.search.lexical import LexicalIndex
from index.search.ranking import FILE as RANKING
from index.search.ranking import SHIPPED
from index.search.wording.answer_types import type_shares
from index.stores import approximate
from index.stores.vectors import FaissStore

__all__ = ["Progress", "build_index", "current_with", "index_reports"]

log = logging.getLogger("fiqra")


def build_index(  # noqa: PLR0913 - each is a thing of its own
    index_dir: Path,
    reports: tuple[Report, ...],
    embedder: Embedder,
    model: str,
    progress: Progress | None = None,
    *,
    added: tuple[Added, ...] = (),
    check: bool = True,
    ready: Callable[[str], None] | None = None,
) -> str:
    """Build the index of these reports and make it the current one; at once where it already is. Returns its name.

    `reports` are the base, `added` the parts; one of these that cannot be read is left out, and the log names it. With
    `check`, every byte of what is taken over from the index before is read again; without, whoever loads the new one
    does. `ready` is called with the index's name when it is written, just before it is current. Raises IndexBusy where
    another build runs, IndexNotWritten where the disk refuses; then what was current still is.
    """
    with durable.exclusive(index_dir):
        durable.remove_leftovers(index_dir)
        name = current_with(index_dir, reports, embedder.fingerprint, added) if check else None
        is_current = name is not None
        if name is None:
            writer = _Writer(index_dir, reports, added, embedder, model, progress, check)
            name = sealed.write(index_dir, writer.make())
        if ready is not None:
            ready(name)
        if not is_current:
            sealed.make_current(index_dir, name)
        try:
            sealed.collect(index_dir, name, tags.read(index_dir).values())
        except (IndexNotWritten, IndexDamaged) as error:  # the index is current all the same
            log.warning("what no index needs any more goes with the next build: %s", error)
        return name


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes the folders that a new index needs and no index before it has."""

    index_dir: Path
    reports: tuple[Report, ...]
    added: tuple[Added, ...]
    embedder: Embedder
    model: str
    progress: Progress | None
    check: bool

    def make(self) -> Manifest:
        """Put every folder in its place; the manifest that names them."""
        before = self._before()
        base, centres = self._base(before)
        present = {path.name for path in self._parts.iterdir()}
        entries = {}
        for report in self.added:
            key = report_parts.key_of(report.digest, self.embedder.fingerprint, centres)
            old = before.parts.get(report.id) if before else None
            if old is None or old["key"] != key or not self._is_there(old["name"], present):
                known = self._known(old) if before and old and before.base["name"] == base["name"] else None
                try:
                    read = report.load()
                except CorpusError as error:  # one bad report does not keep the others from being served
                    log.warning("the report %s is set aside: %s", report.id, error)
                    continue
                old = self._added(read, key, centres, known)
            entries[report.id] = old
        return self._manifest(base, entries, self._merged(before, base, entries, present))

    def _merged(
        self, before: Manifest | None, base: PartEntry, entries: Mapping[str, PartEntry], present: set[str]
    ) -> str:
        """The folder of what is searched together, in an index too large to compare every vector; "" in others."""
        chunks = {entry["name"]: entry["chunks"] for entry in entries.values()}
        if not chunks or base["chunks"] + sum(chunks.values()) <= approximate.FLAT_UP_TO:
            return ""
        if before and before.merged and self._is_there(before.merged, present):
            members = merged_parts.read_members((self._parts / before.merged / sealed.MEMBERS).read_bytes())
            if merged_parts.still_serves(members, chunks):
                return before.merged
        with durable.staged_folder(self.index_dir) as partial:
            merged_parts.write(((name, self._load(name)) for name in chunks), partial)
            return shared_folders.put(partial, self._parts)

    def _load(self, name: str) -> Part:
        folder = self._parts / name
        return report_parts.load(shared_folders.read(folder, shared_folders.read_list(folder)), self.embedder.dimension)

    def _manifest(self, base: PartEntry, entries: dict[str, PartEntry], merged_parts: str) -> Manifest:
        every = (base, *entries.values())
        return Manifest(
            format=sealed.FORMAT,
            fiqra=version("fiqra"),
            inputs=_inputs(self.reports, self.embedder.fingerprint, self.added),
            model=self.model,
            model_fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            reports={
                **{report.id: list(map(str, report.languages)) for report in self.reports},
                **{report: entry["languages"] for report, entry in entries.items()},
            },
            paragraphs=sum(entry["paragraphs"] for entry in every),
            chunks=sum(entry["chunks"] for entry in every),
            base=base,
            parts=entries,
            merged=merged_parts,
        )

    @property
    def _parts(self) -> Path:
        return sealed.parts_of(self.index_dir)

    def _is_there(self, name: str, present: set[str]) -> bool:
        """Whether a folder can be taken over as it is."""
        return name in present and (not self.check or shared_folders.is_whole(self._parts / name))

    def _before(self) -> Manifest | None:
        """The index before, where this model built it, with this version's format."""
        try:
            before = sealed.manifest_of_current(self.index_dir)
        except IndexRefused:
            return None
        same = (before.model_fingerprint, before.dimension) == (self.embedder.fingerprint, self.embedder.dimension)
        return before if same else None

    def _base(self, before: Manifest | None) -> tuple[PartEntry, Mapping[Language, Centre]]:
        """The folder of the reports that come with fiqra, and the centres of their passages."""
        key = _inputs(self.reports, self.embedder.fingerprint)
        languages = {language for report in self.reports for language in report.languages}
        if (
            before
            and before.base["key"] == key
            and shared_folders.is_whole(folder := self._parts / before.base["name"])
        ):
            return before.base, contents.centres_in(folder, languages)
        built = index_reports(self.reports, self.embedder, self.progress)
        with durable.staged_folder(self.index_dir) as partial:
            contents.save(built, partial)
            shutil.copyfile(SHIPPED, partial / RANKING)
            name = shared_folders.put(partial, self._parts)
        return _entry(name, key, self.reports, len(built.chunks)), built.centres

    def _added(
        self, report: Report, key: str, centres: Mapping[Language, Centre], known: report_parts.Known | None
    ) -> PartEntry:
        """The folder of an added report."""
        part = report_parts.make(report, self.embedder, centres, known, self.progress)
        with durable.staged_folder(self.index_dir) as partial:
            report_parts.save(part, partial)
            name = shared_folders.put(partial, self._parts)
        return _entry(name, key, (part.report,), len(part.chunks))

    def _known(self, old: PartEntry) -> report_parts.Known | None:
        """The vectors of a report's part in the index before, where all of it is as it was written."""
        try:
            return report_parts.known_of(self._load(old["name"]))
        except (IndexRefused, OSError, ValueError, KeyError):
            return None


def _entry(name: str, key: str, reports: tuple[Report, ...], chunks: int) -> PartEntry:
    return {
        "name": name,
        "key": key,
        "languages": sorted({str(language) for report in reports for language in report.languages}),
        "paragraphs": sum(len(report.refs) for report in reports),
        "chunks": chunks,
    }


def index_reports(reports: tuple[Report, ...], embedder: Embedder, progress: Progress | None = None) -> IndexContents:
    """Chunk, encode and count, in memory."""
    chunks = chunk_reports(reports)
    by_id = {report.id: report for report in reports}
    texts = [report_parts.model_text(by_id[chunk.report], chunk) for chunk in chunks]
    encodings = encode_all(texts, "passage", embedder, progress)
    centres = _centres([chunk.language for chunk in chunks], encodings)
    centred = [centres[chunk.language].apply(encoding) for chunk, encoding in zip(chunks, encodings, strict=True)]
    keys = paragraph_keys(reports)
    return IndexContents(
        reports,
        chunks,
        FaissStore.of(np.stack([encoding.vector for encoding in centred])),
        TokenVectors.of_chunks(chunks, [quantised(encoding.tokens) for encoding in centred]),
        {
            language: LexicalIndex.of([as_read(by_id[report].rendering(language), ref) for report, ref in found])
            for language, found in keys.items()
            if found
        },
        np.stack(
            [
                type_shares([r.by_ref[ref].text for r in report.renderings])
                for report in reports
                for ref in report.citable
            ]
        ),
        {
            language: Background.of(encode_all(list(map(bare, asked)), "query", embedder))
            for language, asked in background_questions().items()
        },
        centres,
    )


def _centres(languages: Sequence[Language], encodings: Sequence[Encoding]) -> dict[Language, Centre]:
    """The mean vector of each language's passages, in the base alone: with added reports it would change with each."""
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
    digest.update(SHIPPED.read_bytes() + BACKGROUND.read_bytes() + repr(ROLES).encode())
    digest.update(f"{fingerprint}|{sealed.FORMAT}|{version('fiqra')}".encode())
    for report in added:
        digest.update(f"{report.id} {report.digest}".encode())
    return digest.hexdigest()
