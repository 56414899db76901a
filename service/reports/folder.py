"""A folder of documents, as `fiqra watch` sees it: each is of a report by its name, and read whole or not at all.

    harbours.ar.docx, harbours.en.pdf     the report `harbours` in two languages
    harbours/final.ar.docx, harbours/en.md    the same, in a folder of its own
    harbours.docx                         its language is found out

Links are not followed: whoever can write here would else have read what only fiqra may. What a program names while it
is at work is passed over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.layout.told import refused
from corpus.readers.safety import LARGEST
from corpus.records import LANGUAGES, Language

_AT_WORK = {"tmp", "part", "partial", "crdownload", "download", "filepart", "swp"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells a file from the same file changed, without reading it."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the folder: its name in it, the report and the language that the name gives, and its stamp."""

    name: str
    report: str
    language: Language | None
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in the folder, and the folders in it that could not be read, whose documents are not known."""

    documents: tuple[Document, ...]
    unread: tuple[str, ...]


class NotWhole(Exception):
    """The file is gone, or changed while it was read: it is not finished yet."""


def look(folder: Path) -> Look:
    """Every document in the folder and in the folders in it. Raises OSError where the folder cannot be read."""
    documents, unread = [], []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if _is_passed_over(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                try:
                    with os.scandir(entry.path) as inner:
                        documents += [d for e in sorted(inner, key=lambda e: e.name) for d in _document(e, entry.name)]
                except OSError:
                    unread.append(entry.name)
            else:
                documents += _document(entry)
    return Look(tuple(documents), tuple(unread))


def read(folder: Path, document: Document) -> bytes:
    """The document's bytes, as many as any reader takes. Raises NotWhole, DocumentRefused where it may not be read."""
    *above, name = PurePath(document.name).parts
    try:
        within = os.open(folder.joinpath(*above), os.O_RDONLY | os.O_DIRECTORY | (os.O_NOFOLLOW if above else 0))
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=within)
        finally:
            os.close(within)
        with open(handle, "rb") as file:  # noqa: PTH123 - it has no path any more
            data = file.read(LARGEST + 1)
            now = os.fstat(handle)
    except PermissionError as error:
        raise refused("not_allowed", name=document.name, why=str(error.strerror)) from error
    except OSError as error:
        raise NotWhole(document.name) from error
    if not stat.S_ISREG(now.st_mode) or Stamp(now.st_size, now.st_mtime_ns) != document.stamp:
        raise NotWhole(document.name)
    return data


def _document(entry: os.DirEntry[str], within: str = "") -> Iterator[Document]:
    """The entry as a document, where it is one: a file of its own, with a name that is text."""
    if _is_passed_over(entry.name) or not entry.is_file(follow_symlinks=False):
        return
    with suppress(OSError, UnicodeEncodeError):  # gone meanwhile; or bytes that are no text, which could not be named
        name = f"{within}/{entry.name}" if within else entry.name
        name.encode()
        found = entry.stat(follow_symlinks=False)
        report, language = named(entry.name)
        yield Document(name, within or report, language, Stamp(found.st_size, found.st_mtime_ns))


def named(name: str) -> tuple[str, Language | None]:
    """A file's name → the report's id and the language that it gives.

    >>> named("harbours.2026.ar.docx"), named("harbours.docx"), named("en.md")
    (('harbours.2026', 'ar'), ('harbours', None), ('en', 'en'))
    """
    stem = name.rpartition(".")[0] or name
    before, _, last = stem.rpartition(".")
    language = next((language for language in LANGUAGES if language == last.lower()), None)
    return (before or stem) if language else stem, language


def _is_passed_over(name: str) -> bool:
    """Hidden files, those of the system, and what programs write before it has its name."""
    lower = name.lower()
    return (
        name.startswith((".", "~"))
        or name.endswith("~")
        or lower in _OF_THE_SYSTEM
        or lower.rpartition(".")[2] in _AT_WORK
    )
