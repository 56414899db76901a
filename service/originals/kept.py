"""The documents that reports were read from, and where their letters stand, as they lie in the library.

Nothing of them is in memory but what is being shown. Each file is compared with its seal before it is used for the
first time, and again once it looks changed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from corpus.boxes import Boxes, BoxesDamaged, Printed
from corpus.errors import CorpusError, IndexDamaged, LookupFailed
from corpus.records import Rendering, Report
from corpus.refs import Ref
from index.disk import shared_folders
from index.disk.report_library import ReportLibrary
from index.disk.shared_folders import FileEntry
from index.disk.shelf import BOXES, LINES, Added

_KNOWN = 1_000  # files that are remembered as sound
_Stamp = tuple[int, int, int]


class NoOriginal(LookupFailed):
    """There is no document to look at, or not any more, or nobody may."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document: its file, and that of the places of its letters."""

    document: Path
    boxes: Path | None


class Originals:
    """The documents of a library."""

    def __init__(self, library: ReportLibrary) -> None:
        self._library = library
        self._sound: OrderedDict[Path, _Stamp] = OrderedDict()

    def of(self, report: Report, rendering: Rendering) -> Kept:
        """The document that a rendering was read from. Raises NoOriginal."""
        if rendering.original is None:
            raise NoOriginal(f"the document that {report.id} was read from is not shown here")
        gone = NoOriginal(f"the document that {report.id} was read from is not here any more, or was changed")
        try:
            entry = self._library.shelf.entry(report.id)
            if not isinstance(entry, Added):
                raise gone
            folder = entry.path.parent
            listed = shared_folders.read_list(folder)
        except (CorpusError, IndexDamaged, OSError) as error:
            raise gone from error
        stem = f"{rendering.language}-{rendering.source_sha256[:16]}."
        own = [name for name in listed if name.startswith(stem) and not name.endswith((LINES, BOXES))]
        if len(own) != 1 or listed[own[0]].sha256 != rendering.source_sha256:
            raise gone
        places = f"{stem.removesuffix('.')}{BOXES}"
        if not self._is_sound(folder / own[0], listed[own[0]]):
            raise gone
        known = places in listed and self._is_sound(folder / places, listed[places])
        return Kept(folder / own[0], folder / places if known else None)

    def printed(self, report: Report, rendering: Rendering, ref: Ref) -> Printed | None:
        """Where a paragraph is printed; None where that is not known of its text as it is now. Raises NoOriginal."""
        kept = self.of(report, rendering)
        if kept.boxes is None:
            return None
        try:
            found = Boxes(kept.boxes).paragraph(ref)
        except (BoxesDamaged, OSError):
            return None
        text = rendering.by_ref[ref].text_sha256
        return found if found is not None and found.text == text[: len(found.text)] else None

    def _is_sound(self, path: Path, entry: FileEntry) -> bool:
        """Whether a file is, byte for byte, what its list says of it."""
        try:
            now = path.stat()
        except OSError:
            return False
        stamp = now.st_size, now.st_mtime_ns, now.st_ino
        if self._sound.get(path) == stamp:
            return True
        if not shared_folders.is_as_listed(path, entry):
            return False
        self._sound[path] = stamp
        while len(self._sound) > _KNOWN:
            self._sound.popitem(last=False)
        return True
