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

from corpus.errors import DocumentRefused
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
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive, such as .docx",
    b"\xd0\xcf\x11\xe0": "an old Office file; open it and save it as .docx",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "rich text; open it and save it as .docx",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
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
        raise DocumentRefused(f"{name}: a TMX holds sentences and no report; export the report as jsonl or akn instead")
    if kind is None:
        raise DocumentRefused(f"{name}: {suffix or 'a name without extension'} is not read; {READ} are")
    if not data.strip():
        raise DocumentRefused(f"{name} is empty; choose the file that holds the report")
    if len(data) > MAX_FILE[kind]:
        raise DocumentRefused(
            f"{name} has {len(data):,} bytes, over the {MAX_FILE[kind]:,} that are read of a {suffix} file; "
            "take pictures out, or split the report"
        )
    found = next((what for start, what in _SIGNATURES.items() if data.startswith(start)), None)
    own = _OWN.get(kind)
    if own is None and found is not None:
        raise DocumentRefused(f"{name} is named {suffix}, and holds {found}; give the file its right name")
    if own is not None and not data[:1024].lstrip().startswith(own):
        raise DocumentRefused(
            f"{name} is named {suffix}, and holds {found or 'something else'}; expected it to begin with {own!r}"
        )
    return kind


def decoded(data: bytes, name: str) -> str:
    """A text file's text. Raises DocumentRefused, naming the first byte that is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"{name}: byte {error.start} is no UTF-8 text; save the document as UTF-8 and try again"
        ) from error
    if "\0" in text:
        raise DocumentRefused(f"{name}: a NUL stands at character {text.index(chr(0))}; this is no text file")
    return text


def open_word(data: bytes, name: str) -> WordDocument:
    """A Word file, parsed by python-docx. Raises DocumentRefused where it is none, or would not be safe to unpack."""
    from docx import Document  # noqa: PLC0415 - a tenth of a second that only a Word file should cost

    try:
        _check_archive(data, name)
        return Document(io.BytesIO(data))
    # What python-docx, lxml (SyntaxError) and zipfile raise for an archive that is damaged, encrypted or no Word file.
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, SyntaxError, AttributeError) as error:
        raise DocumentRefused(f"{name} is no Word document: {clean(str(error))[:80]}") from error
    except (OSError, EOFError, OverflowError, TypeError) as error:
        raise DocumentRefused(f"{name} is no Word document, or a damaged one; open it and save it anew") from error
    except (RuntimeError, NotImplementedError) as error:
        raise DocumentRefused(f"{name} is encrypted or packed in a way that is not read") from error


def _check_archive(data: bytes, name: str) -> None:
    """Raises DocumentRefused for an archive that is not what it seems, before anything of it is parsed.

    A part that declares less than it holds is read no further than that, here and by python-docx; its checksum tells.
    """
    from corpus.readers.markup import no_doctype  # noqa: PLC0415 - so that a text file need not load lxml

    if (parts := data.count(b"PK\x01\x02")) > MAX_PARTS:  # counted before there is a record of each
        raise DocumentRefused(f"{name} has {parts:,} parts, over {MAX_PARTS:,}; save it anew")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > MAX_UNPACKED:
            raise DocumentRefused(f"{name} unpacks to {unpacked:,} bytes, over {MAX_UNPACKED:,}; take pictures out")
        if len({entry.filename.casefold() for entry in entries}) < len(entries):
            raise DocumentRefused(f"{name} holds two parts of one name, of which programs read one or the other")
        for entry, following in itertools.pairwise(entries):
            if entry.header_offset + entry.compress_size > following.header_offset:
                raise DocumentRefused(f"{name} holds parts that overlap, as no program writes them; save it anew")
        for entry in entries:
            if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise NotImplementedError(entry.compress_type)
            no_doctype(archive.read(entry), f"{name}: {clean(entry.filename)[:80]}")
