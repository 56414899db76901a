"""The added reports as one file, and back: `fiqra backup`, `fiqra restore`.

    reports/<id>/<version>/…      in a .tar.gz, as they lie in the data folder (`index.disk.shelf`)

All else there is made again by `fiqra build`. What comes out of a file is a report's sealed folder, by its name and
byte for byte, or it is refused.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from corpus.errors import CorpusError
from index.disk import durable, shared_folders
from index.disk.report_library import ReportLibrary
from index.disk.shelf import FILE, Added

FOLDER = "reports"
_MEMBER = re.compile(rf"{FOLDER}/(?P<id>[a-z0-9][a-z0-9._-]{{0,79}})/(?P<version>[0-9a-f]{{32}})/(?P<file>[^/]+)")


def write(library: ReportLibrary, target: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write every added report to a file; the ids of those in it, and why each other is left out.

    Nothing changes the reports meanwhile. Raises IndexNotWritten where the disk refuses, IndexBusy.
    """
    with library.changing(), durable.disk_errors(target.parent):
        added, aside = library.shelf.look()
        partial = target.with_name(durable.partial_name())
        left_out = [entry.why for entry in aside]
        kept = []
        try:
            with partial.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                with tarfile.open(fileobj=file, mode="w:gz") as archive:
                    for report in added:
                        folder = report.path.parent
                        if faults := list(shared_folders.faults(folder)):
                            left_out += faults
                            continue
                        for name in sorted(durable.names_in(folder)):
                            archive.add(folder / name, f"{FOLDER}/{report.id}/{folder.name}/{name}", recursive=False)
                        kept.append(report.id)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            durable.sync(target.parent)
        finally:
            partial.unlink(missing_ok=True)
    return tuple(kept), tuple(left_out)


def read(library: ReportLibrary, source: Path) -> tuple[str, ...]:
    """Put the reports of a file among those there are, or none where one is refused; their ids.

    The caller holds `library.changing`. Raises CorpusError where the file is not what `write` wrote, or where a report
    is there in another version.
    """
    with durable.staged_folder(library.folder) as partial:
        found = _unpacked(source, partial)
        for report_id, version in found.items():
            library.check_id(report_id)
            folder = partial / report_id / version
            if not shared_folders.is_whole(folder):
                raise CorpusError(f"{source}: the report {report_id} is not whole; take another backup")
            listed = shared_folders.read_list(folder)
            Added(report_id, folder / FILE, listed[FILE].sha256 if FILE in listed else "").load()
            there = [path.name for path in library.shelf.versions(report_id)]
            if there not in ([], [version]):
                raise CorpusError(
                    f"{report_id} is here in another version than in {source}; `fiqra remove {report_id}` first"
                )
        for report_id, version in found.items():
            shared_folders.place(partial / report_id / version, library.folder / report_id, version)
    return tuple(sorted(found))


def _unpacked(source: Path, folder: Path) -> dict[str, str]:
    """The file's reports, below that folder; each one's version by its id."""
    found: dict[str, str] = {}
    try:
        with gzip.open(source) as whole, tarfile.open(fileobj=whole, mode="r:") as archive:
            for member in archive:
                name = _MEMBER.fullmatch(member.name)
                content = archive.extractfile(member) if member.isreg() else None
                if name is None or content is None or found.setdefault(name["id"], name["version"]) != name["version"]:
                    raise CorpusError(f"{source} holds {member.name[:120]!r}, which is no file of a report's")
                path = folder / PurePosixPath(name["id"], name["version"], name["file"])
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    shutil.copyfileobj(content, file)
            while whole.read(1 << 20):  # to the check sum at its end
                pass
    except (gzip.BadGzipFile, zlib.error, tarfile.TarError, EOFError, FileExistsError) as error:
        raise CorpusError(f"{source} is no backup of fiqra's, or not all of one: {error}") from error
    return found
