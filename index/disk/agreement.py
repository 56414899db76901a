"""Whether the library and an index hold the same reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.errors import CorpusError
from corpus.records import Language
from index.disk import report_parts
from index.disk.sealed import Manifest
from index.disk.shelf import SetAside, Shelf
from index.model.centring import Centre


def doubts(shelf: Shelf, manifest: Manifest, centres: Mapping[Language, Centre]) -> Iterator[SetAside]:
    """Each added report that cannot be used as it lies on the disk, or that the index does not hold as it lies there.

    What the index holds is read only where it holds something else. `centres` are the index's.
    """
    added, aside = shelf.look()
    for entry in aside:
        yield SetAside(entry.id, entry.why + _served(entry.id, manifest))
    for report in added:
        part = manifest.parts.get(report.id)
        try:
            report.content() if part else report.load()
        except CorpusError as error:
            yield SetAside(report.id, str(error) + _served(report.id, manifest))
            continue
        if part is None:
            yield SetAside(report.id, f"{report.path} is not in the index; run `fiqra build`")
        elif part["key"] != report_parts.key_of(report.digest, manifest.model_fingerprint, centres):
            yield SetAside(report.id, f"{report.path} is not what the index holds of it; run `fiqra build`")
    known = {report.id for report in added} | {entry.id for entry in aside}
    for gone in sorted(set(manifest.parts) - known):
        why = f"{shelf.folder / gone} is missing, and the index holds that report; put it back, or run `fiqra build`"
        yield SetAside(gone, why)


def _served(report_id: str, manifest: Manifest) -> str:
    return "; the index still serves it as it was taken in" if report_id in manifest.parts else ""
