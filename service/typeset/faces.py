"""The letters of a font: text in, the glyphs that HarfBuzz draws it with out; and as much of the font as was used.

    REGULAR.shaped("لا", right=True) → (Cluster("ا", (Glyph(2518, 0, 0),), 340), Cluster("ل", …))

Lengths are in thousandths of the letters' size. Text that cannot be parted, such as a ligature, is a cluster, which
knows its text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

import uharfbuzz

_FONTS = Path(__file__).parent / "amiri"
_SHADDA = "\u0651"
_SLIGHT = 100  # a mark that would be moved up by less stays: programs take what leaves the line for one above it
_WORDS = 20_000  # that are remembered as they are shaped
_NOT_IN_A_PDF = ("GSUB", "GPOS", "GDEF", "BASE", "DSIG", "name", "post", "OS/2", "STAT", "meta", "cmap")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a font, and how far from the pen it stands."""

    number: int
    across: int
    up: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Text that is drawn as one, its glyphs from left to right, and how far the pen moves."""

    text: str
    glyphs: tuple[Glyph, ...]
    width: int


@dataclass(frozen=True)
class Face:
    """A font file."""

    name: str

    @cached_property
    def _face(self) -> uharfbuzz.Face:
        return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(_FONTS / f"{self.name}.ttf"))

    @cached_property
    def _font(self) -> uharfbuzz.Font:
        return uharfbuzz.Font(self._face)

    @cached_property
    def extents(self) -> tuple[int, int]:
        """How far letters reach above the line and, as a negative number, below it."""
        found = self._font.get_font_extents("ltr")
        return self._unit(found.ascender), self._unit(found.descender)

    def _unit(self, length: int) -> int:
        upem: int = self._face.upem
        return round(1000 * length / upem)

    def shaped(self, text: str, *, right: bool) -> tuple[Cluster, ...]:
        """The clusters from left to right; `right` where the text runs from right to left."""
        return _shaped(self, text, right)

    def shape(self, text: str, *, right: bool) -> Iterator[Cluster]:
        """The same, worked out anew."""
        buffer = uharfbuzz.Buffer()
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right else "ltr"
        if buffer.script is None:  # digits and signs alone: this font would draw the stop of `1.` as an Arabic one
            buffer.script = "Arab" if right else "Latn"
        uharfbuzz.shape(self._font, buffer)
        drawn = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        starts = sorted({info.cluster for info, _ in drawn})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        for start, own in groupby(drawn, key=lambda one: one[0].cluster):
            glyphs, width = list[Glyph](), 0
            for info, place in own:
                up = self._unit(place.y_offset)
                up = up if abs(up) > _SLIGHT else 0
                glyphs.append(Glyph(info.codepoint, width + self._unit(place.x_offset), up))
                width += self._unit(place.x_advance)
            yield from _apart(Cluster(text[start : ends[start]], tuple(glyphs), width), right=right)

    def subset(self, glyphs: frozenset[int]) -> bytes:
        """The font with these glyphs alone, under their own numbers."""
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.NO_HINTING
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode().ljust(4)) for tag in _NOT_IN_A_PDF)
        data: bytes = uharfbuzz.subset(self._face, wanted).blob.data
        return data


@lru_cache(_WORDS)
def _shaped(face: Face, text: str, right: bool) -> tuple[Cluster, ...]:
    return tuple(face.shape(text, right=right))


def _apart(cluster: Cluster, *, right: bool) -> Iterator[Cluster]:
    """A letter and its marks, which HarfBuzz has put in its own order (a shadda first), each with its own glyph.

    A text that is said once for several glyphs is turned round by some programs that copy Arabic out of a PDF.
    """
    base = [letter for letter in cluster.text if not unicodedata.combining(letter)]
    if len(cluster.glyphs) < 2 or len(cluster.glyphs) != len(cluster.text) or len(base) > 1:
        yield cluster
        return
    marks = sorted(set(cluster.text) - set(base), key=lambda letter: letter != _SHADDA)
    letters = [*base, *marks]
    if len(letters) != len(cluster.text):
        yield cluster
        return
    owner = len(letters) - 1 if right else 0  # of the width: the letter itself
    for place, (letter, glyph) in enumerate(zip(letters[::-1] if right else letters, cluster.glyphs, strict=True)):
        before = 0 if right or place == owner else cluster.width
        yield Cluster(letter, (replace(glyph, across=glyph.across - before),), cluster.width if place == owner else 0)


REGULAR, BOLD = Face("Amiri-Regular"), Face("Amiri-Bold")
