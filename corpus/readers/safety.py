"""What a file must be before any reader touches it: small, what its name says, and not built to do harm.

    kind_of(b"%PDF-1.7…", "report.pdf") → "pdf"
    kind_of(b"%PDF-1.7…", "report.txt") → DocumentRefused: report.txt holds a PDF; …

A Word file is a zip archive of XML. It is unpacked only where all of it together is small and every part is itself and
no other's, and refused where a part, whatever it is called, declares a document type, before python-docx parses it.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from corpus.layout.told import refused, told
from corpus.text import clean

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

Format = Literal["txt", "md", "docx", "pdf", "html", "jsonl", "akn"]
MIB = 1024 * 1024
MAX_FILE: dict[Format, int] = {
    "txt": 16 * MIB,
    "md": 16 * MIB,
    "html": 16 * MIB,
    "jsonl": 64 * MIB,
    "akn": 64 * MIB,
    "docx": 50 * MIB,
    "pdf": 100 * MIB,
}
LARGEST = max(MAX_FILE.values())
MAX_UNPACKED = 50 * MIB
MAX_PARTS = 5_000

_SUFFIXES: dict[str, Format] = {
    ".txt": "txt",
    ".md": "md",
    ".markdown": "md",
    ".docx": "docx",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".xml": "akn",
    ".akn": "akn",
}
READ = ", ".join(sorted(_SUFFIXES))
_SIGNATURES = {
    b"%PDF-": "a_pdf",
    b"PK\x03\x04": "a_zip",
    b"\xd0\xcf\x11\xe0": "old_office",
    b"\x89PNG": "a_picture",
    b"\xff\xd8\xff": "a_picture",
    b"{\\rtf": "rich_text",
    b"\x1f\x8b": "a_gzip",
    b"\x7fELF": "a_program",
}
_OWN = {"pdf": b"%PDF-", "docx": b"PK\x03\x04"}


def named_kind(name: str) -> Format | None:
    """The format that a file's name promises, or None where it promises none that is read."""
    return _SUFFIXES.get(PurePath(name).suffix.lower())


def kind_of(data: bytes, name: str) -> Format:
    """The format of a file, by its name and its first bytes, which must agree. Raises DocumentRefused."""
    suffix = PurePath(name).suffix.lower()
    kind = named_kind(name)
    if suffix == ".tmx":
        raise refused("translation_memory", name=name)
    if kind is None:
        raise refused("not_read", name=name, what=suffix or told("no_extension"), read=READ)
    if not data.strip():
        raise refused("empty", name=name)
    if len(data) > MAX_FILE[kind]:
        raise refused("too_large", name=name, size=len(data), most=MAX_FILE[kind], suffix=suffix)
    found = next((told(what) for start, what in _SIGNATURES.items() if data.startswith(start)), None)
    own = _OWN.get(kind)
    if own is None and found is not None:
        raise refused("misnamed", name=name, suffix=suffix, what=found)
    if own is not None and not data[:1024].lstrip().startswith(own):
        what = found or told("something_else")
        raise refused("other_content", name=name, suffix=suffix, what=what, expected=repr(own))
    return kind


def decoded(data: bytes, name: str) -> str:
    """A text file's text. Raises DocumentRefused, naming the first byte that is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("no_utf8", name=name, at=str(error.start)) from error
    if "\0" in text:
        raise refused("no_text_file", name=name, at=str(text.index(chr(0))))
    return text


def open_word(data: bytes, name: str) -> WordDocument:
    """A Word file, parsed by python-docx. Raises DocumentRefused where it is none, or would not be safe to unpack."""
    from docx import Document  # noqa: PLC0415 - a tenth of a second that only a Word file should cost

    try:
        _check_archive(data, name)
        return Document(io.BytesIO(data))
    # What python-docx, lxml (SyntaxError) and zipfile raise for an archive that is damaged, encrypted or no Word file.
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, SyntaxError, AttributeError) as error:
        raise refused("no_word", name=name, why=clean(str(error))[:80]) from error
    except (OSError, EOFError, OverflowError, TypeError) as error:
        raise refused("no_sound_word", name=name) from error
    except (RuntimeError, NotImplementedError) as error:
        raise refused("encrypted", name=name) from error


def _check_archive(data: bytes, name: str) -> None:
    """Raises DocumentRefused for an archive that is not what it seems, before anything of it is parsed.

    A part that declares less than it holds is read no further than that, here and by python-docx; its checksum tells.
    """
    from corpus.readers.markup import no_doctype  # noqa: PLC0415 - so that a text file need not load lxml

    if (parts := data.count(b"PK\x01\x02")) > MAX_PARTS:  # counted before there is a record of each
        raise refused("many_parts", name=name, number=parts, most=MAX_PARTS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MAX_UNPACKED:
            raise refused("unpacks_large", name=name, size=unpacked, most=MAX_UNPACKED)
        if len({entry.filename.casefold() for entry in entries}) < len(entries):
            raise refused("twin_parts", name=name)
        for entry, following in itertools.pairwise(entries):
            if entry.header_offset + entry.compress_size > following.header_offset:
                raise refused("overlapping_parts", name=name)
        for entry in entries:
            if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise NotImplementedError(entry.compress_type)
            no_doctype(archive.read(entry), f"{name}: {clean(entry.filename)[:80]}")
