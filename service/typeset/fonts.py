"""Fonts of a PDF, each with as much of it as was used, and the table of the texts that its glyphs stand for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from service.typeset.faces import Face
from service.typeset.objects import Objects, utf16

_MOST_NUMBERS = 65_535
_PER_MAP = 100  # entries of a block of a table of texts, as its format has it
_BOLD_STEM, _STEM = 140, 80
_SYMBOLIC = 4


class Fonts:
    """The fonts of a file, each from its first use on."""

    def __init__(self) -> None:
        self._known: dict[Face, Font] = {}

    def of(self, face: Face) -> Font:
        """The font of a face."""
        if face not in self._known:
            self._known[face] = Font(face, f"F{len(self._known)}")
        return self._known[face]

    def write(self, objects: Objects) -> str:
        """Their objects; the fonts as pages name them."""
        return " ".join(f"/{font.name} {font.write(objects)} 0 R" for font in self._known.values())


class Font:
    """A font, and the numbers that glyphs have in the file."""

    def __init__(self, face: Face, name: str) -> None:
        self.face, self.name = face, name
        self._numbers: dict[tuple[int, str, int], str] = {}
        self._widths = [0]
        self._glyphs = [0]

    def number(self, glyph: int, text: str, width: int) -> str:
        """Of a glyph that stands for that text and takes that room; of an empty box where a file has no more numbers.

        `Font(REGULAR, "F0").number(6227, "A", 612)` → `0001`
        """
        key = glyph, text, width
        number = self._numbers.get(key)
        if number is None:
            if len(self._glyphs) > _MOST_NUMBERS:
                return "0000"
            number = self._numbers[key] = f"{len(self._glyphs):04X}"
            self._glyphs.append(glyph)
            self._widths.append(width)
        return number

    def write(self, objects: Objects) -> int:
        """Its objects; the number of the font's own."""
        data = self.face.subset(frozenset(self._glyphs))
        program = objects.stream(data, f"/Length1 {len(data)}")
        up, down = self.face.extents
        bold = self.face.name.endswith("Bold")
        base = f"/{_tag(data)}+{self.face.name}"
        descriptor = objects.add(
            f"<< /Type /FontDescriptor /FontName {base} /Flags {_SYMBOLIC} /FontBBox [-1000 {down} 2000 {up}] "
            f"/ItalicAngle 0 /Ascent {up} /Descent {down} /CapHeight 650 "
            f"/StemV {_BOLD_STEM if bold else _STEM} /FontFile2 {program} 0 R >>"
        )
        glyphs = objects.stream(b"".join(glyph.to_bytes(2) for glyph in self._glyphs))
        widths = " ".join(map(str, self._widths))
        descendant = objects.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {base} /CIDToGIDMap {glyphs} 0 R /DW 0 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R /W [0 [{widths}]] >>"
        )
        texts = objects.stream(_texts((number, text) for (_, text, _), number in self._numbers.items()))
        return objects.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont {base} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {texts} 0 R >>"
        )


def _tag(data: bytes) -> str:
    """Six letters that tell one part of a font from another."""
    return "".join(chr(ord("A") + (zlib.crc32(data) >> 5 * place) % 26) for place in range(6))


def _texts(texts: Iterable[tuple[str, str]]) -> bytes:
    """The table that says which text a number stands for."""
    lines = [f"<{number}> <{utf16(text)}>" for number, text in texts if text]
    blocks = (lines[at : at + _PER_MAP] for at in range(0, len(lines), _PER_MAP))
    table = "\n".join("\n".join((f"{len(own)} beginbfchar", *own, "endbfchar")) for own in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{table}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
