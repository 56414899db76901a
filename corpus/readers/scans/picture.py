"""A page of a PDF as a picture, in a format that is written in a few lines: PNG for a browser, PGM for a recogniser."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import pypdfium2

from corpus.layout.told import refused
from corpus.text import clean

SEEN_DPI = 110  # as a person looks at it: a line of print is about 15 pixels high
MOST_PIXELS = 12_000_000  # A4 at 300 dpi has 9 million; a larger page comes with fewer dots an inch
_POINTS = 72.0
_DARK, _ACROSS, _INK = 160, 5, 13  # a dark dot is ink where as many of the 5 by 5 dots around it are dark
_GRAY_8, _PLAIN_ROW = (8, 0, 0, 0, 0), b"\0"  # of PNG: eight bits of grey, rows as they are


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey dots, row by row from the top, and how many there are an inch."""

    width: int
    height: int
    dpi: float
    dots: bytes

    def png(self) -> bytes:
        """As a browser shows it."""
        rows = (self.dots[at : at + self.width] for at in range(0, len(self.dots), self.width))
        packed = zlib.compress(b"".join(_PLAIN_ROW + row for row in rows), 6)
        head = struct.pack(">II5B", self.width, self.height, *_GRAY_8)
        chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)

    def part(self, left: int, top: int, right: int, bottom: int) -> Picture:
        """A part of it, as far as it reaches."""
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, self.width), min(bottom, self.height)
        rows = (self.dots[at * self.width + left : at * self.width + right] for at in range(top, bottom))
        return Picture(right - left, bottom - top, self.dpi, b"".join(rows))

    def without_specks(self) -> Picture:
        """The same without dark dots that have few beside them, as dust and a poor copier leave them on paper."""
        import numpy as np  # noqa: PLC0415 - for a page that is hard to read, and for no other

        dots = np.frombuffer(self.dots, np.uint8).reshape(self.height, self.width)
        dark = dots < _DARK
        beside = _ACROSS // 2
        sums = np.pad(dark, ((beside + 1, beside), (beside + 1, beside))).astype(np.int32).cumsum(0).cumsum(1)
        around = sums[_ACROSS:, _ACROSS:] - sums[:-_ACROSS, _ACROSS:] - sums[_ACROSS:, :-_ACROSS]
        around += sums[:-_ACROSS, :-_ACROSS]
        cleaned = np.where(dark & (around < _INK), np.uint8(255), dots)
        return Picture(self.width, self.height, self.dpi, cleaned.tobytes())

    def pgm(self) -> bytes:
        """As programs for pictures read it."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.dots


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def picture_of(page: pypdfium2.PdfPage, dpi: float, *, notes: bool = True) -> Picture:
    """The page as it is printed, with so many dots an inch, or fewer where it is very large.

    `notes` are what people laid over it: comments, stamps, the fields of a form.
    """
    width, height = max(page.get_width(), 1.0), max(page.get_height(), 1.0)
    scale = min(dpi / _POINTS, (MOST_PIXELS / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=notes, may_draw_forms=notes)
    rows, stride = bytes(bitmap.buffer), bitmap.stride
    size = bitmap.width, bitmap.height
    bitmap.close()
    dots = b"".join(rows[at : at + size[0]] for at in range(0, stride * size[1], stride))
    return Picture(*size, scale * _POINTS, dots)


def png_of(data: bytes, name: str, number: int, *, notes: bool) -> bytes:
    """A page, from 1, for a browser. Raises DocumentRefused where there is none, or it cannot be shown."""
    try:
        document = pypdfium2.PdfDocument(data)
        if not 1 <= number <= len(document):
            raise refused("no_such_page", name=name, number=len(document), page=number)
        return picture_of(document[number - 1], SEEN_DPI, notes=notes).png()
    except pypdfium2.PdfiumError as error:
        raise refused("page_not_shown", name=name, page=number, why=clean(str(error))[:80]) from error
