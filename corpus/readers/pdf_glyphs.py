"""The letters of a PDF's page, each with its place, its size and its weight.

A PDF holds glyphs with places, not text. PDFium says which letters a glyph stands for, in the order in which they were
painted, some runs turned round and others not; so only places are taken from it. Spaces are those that the file holds;
what PDFium adds to the text is left out.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.readers.lines import Account
from corpus.readers.pages.bidi import Direction
from corpus.readers.pages.tags import Cell, TableTags
from corpus.text import count_letters

HEAVY, REGULAR = 2_000, 0  # weights of fonts that say so in their names
_SAYS_HEAVY = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_SAYS_REGULAR = re.compile(r"regular|roman|book|medium|light|normal", re.IGNORECASE)
_SPACES = frozenset(b"\t\n\r ")
_LARGE, _LIGHT, _WHITE = 18.0, 0.55, 0.97  # points, and shares of white
_HYPHEN = 2  # PDFium's sign for a hyphen at the end of a line
_HONORIFICS = {"صلىاللهعليهوسلم": "\ufdfa", "جلجلاله": "\ufdfb"}  # one letter each, which PDFium spells out
_ALEFS = "اأإآٱ"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, or several that one glyph stands for; `left` is where its pen begins, `base` its line's height."""

    text: str
    left: float
    right: float
    base: float
    size: float
    weight: int = REGULAR
    raised: bool = False
    angle: int = 0  # of its line, in degrees; 0 is the page's
    paint: int = 0  # the object that painted it
    light: bool = False  # whether it is large and in a light colour
    cell: Cell | None = None  # of a table, where the file says so


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The visible letters of a page, its spaces (place and line), and how many letters had no meaning or no place."""

    glyphs: list[Glyph]
    spaces: list[tuple[float, float]]
    guessed: int
    lost: int


@dataclass(slots=True)
class _Cluster:
    """The letters that one glyph stands for, as PDFium gives them, and how far they reach."""

    letters: list[str]
    glyph: Glyph
    right: float


@dataclass(slots=True)
class _Object:
    size: float
    angle: float
    weight: int
    light: bool
    cell: Cell | None

    def shared(self, paint: int) -> tuple[float, int, bool, int, int, bool, Cell | None]:
        """What all its letters have: from `Glyph.size` on."""
        return self.size, self.weight, False, 0, paint, self.light, self.cell


@dataclass(slots=True)
class LetterReader:
    """Reads the letters of page after page."""

    account: Account
    _fonts: dict[tuple[str, int], int] = field(default_factory=dict)

    def read(self, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> PageLetters:
        """The visible letters of a page."""
        reading = _Reading(textpage.raw, TableTags(page.raw).read(), self)
        for at in range(pdfium.FPDFText_CountChars(textpage.raw)):
            reading.take(at)
        spaces, ink = _painted_alone(page, reading.objects)
        glyphs = _settled(list(reading.clusters.values()), ink)
        return PageLetters(glyphs, reading.spaces + spaces, reading.guessed, reading.lost)

    def object(self, raw: Any, at: int, height: float, cells: Mapping[int, Cell]) -> _Object:
        """What all letters of one object share: size in points as printed, angle, weight."""
        stated = float(pdfium.FPDFText_GetFontSize(raw, at))
        matrix, angle = pdfium.FS_MATRIX(), 0.0
        if pdfium.FPDFText_GetMatrix(raw, at, matrix):
            stated *= (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0  # some writers set size 1 and scale the page instead
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        size = stated if stated > 0.5 else max(height, 1.0)
        cell = None
        if cells and (one := pdfium.FPDFText_GetTextObject(raw, at)):
            cell = cells.get(pdfium.FPDFPageObj_GetMarkedContentID(one))
        return _Object(size, angle, self._weight(raw, at), size > _LARGE and _is_light(raw, at), cell)

    def _weight(self, raw: Any, at: int) -> int:
        """How heavy the font says it is, in its name or else in figures, which compare within a document alone."""
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(raw, at, name, 128, flags)
        stated = pdfium.FPDFText_GetFontWeight(raw, at)
        key = name.value.decode("utf-8", "replace"), stated
        if key not in self._fonts:
            heavy, regular = _SAYS_HEAVY.search(key[0]), _SAYS_REGULAR.search(key[0])
            self._fonts[key] = HEAVY if heavy else REGULAR if regular else max(stated, 0)
        return self._fonts[key]


class _Reading:
    """What is read of one page, letter by letter."""

    def __init__(self, raw: Any, cells: Mapping[int, Cell], reader: LetterReader) -> None:
        self._raw, self._cells, self._reader = raw, cells, reader
        self._box, self._x, self._y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        self.clusters: dict[tuple[int, int], _Cluster] = {}
        self.objects: dict[int, _Object] = {}
        self.spaces: list[tuple[float, float]] = []
        self.guessed = self.lost = 0

    def take(self, at: int) -> None:
        """Read the next letter, unless PDFium adds it."""
        raw, box, x, y = self._raw, self._box, self._x, self._y
        code = pdfium.FPDFText_GetUnicode(raw, at)
        if code != _HYPHEN and pdfium.FPDFText_IsGenerated(raw, at) == 1:
            return
        has_meaning = (code >= 32 or code == _HYPHEN or code in _SPACES) and not 0xD800 <= code < 0xE000
        text = self._reader.account.unreserved(_plain(chr(code))) if has_meaning and code not in _SPACES else " "
        if not text:
            return
        placed = pdfium.FPDFText_GetLooseCharBox(raw, at, box) and pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
        if not has_meaning or not placed:
            self.lost += code not in _SPACES
            return
        paint = ctypes.cast(pdfium.FPDFText_GetTextObject(raw, at), ctypes.c_void_p).value or 0
        key = paint, round(x.value * 20 + y.value * 20_000)
        if text.isspace():
            if paint and box.right > box.left and key not in self.clusters:  # one without a width parts nothing
                self.spaces.append((x.value, y.value))
            return
        self.guessed += pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1
        if paint and (same := self.clusters.get(key)) is not None:
            same.letters.append(text)
            turned_line = self.objects[paint].angle  # a ligature in one is as wide as in any other
            same.right = max(same.right, self._glyph(text, at, paint).right if turned_line else box.right)
        else:
            glyph = self._glyph(text, at, paint)
            self.clusters[key if paint else (0, -at - 1)] = _Cluster([text], glyph, glyph.right)

    def _glyph(self, text: str, at: int, paint: int) -> Glyph:
        raw, box, x, y = self._raw, self._box, self._x, self._y
        if paint not in self.objects or not paint:
            self.objects[paint] = self._reader.object(raw, at, box.top - box.bottom, self._cells)
        of = self.objects[paint]
        glyph = Glyph(text, x.value, max(box.right, x.value), y.value, *of.shared(paint))
        if of.angle:
            return _turned(glyph, (box.left, box.right, box.bottom, box.top), of.angle)
        return _where_its_ink_is(glyph, raw, at) if unicodedata.combining(text[0]) else glyph


def _is_light(raw: Any, at: int) -> bool:
    """Whether a letter is painted in a light colour, or one that lets the paper through, but not in white."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(raw, at, red, green, blue, alpha):
        return False
    brightness = (0.3 * red.value + 0.6 * green.value + 0.1 * blue.value) / 255
    through = 1 - (1 - brightness) * alpha.value / 255
    return _LIGHT < through < _WHITE


def _where_its_ink_is(mark: Glyph, raw: Any, at: int) -> Glyph:
    """A mark between the edges of its ink: its pen says little of the letter that it stands on."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(raw, at, left, right, bottom, top):
        return mark
    return Glyph(mark.text, left.value, right.value, *_rest(mark))


_Ink = tuple[float, float, float]
"""Where an object without letters was painted: its pen, its right edge, its line."""


def _painted_alone(
    page: pypdfium2.PdfPage, objects: dict[int, _Object]
) -> tuple[list[tuple[float, float]], list[_Ink]]:
    """Where a space was painted by itself, which PDFium leaves out, and where a part of another object's letters."""
    spaces: list[tuple[float, float]] = []
    ink: list[_Ink] = []
    matrix, edges = pdfium.FS_MATRIX(), [ctypes.c_float() for _ in range(4)]
    left, bottom, right, top = edges
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        one = pdfium.FPDFPage_GetObject(page.raw, at)
        if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if (ctypes.cast(one, ctypes.c_void_p).value or 0) in objects or not pdfium.FPDFPageObj_GetMatrix(one, matrix):
            continue
        if pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top) and top.value > bottom.value:
            ink.append((float(matrix.e), right.value, float(matrix.f)))
        else:
            spaces.append((float(matrix.e), float(matrix.f)))
    return spaces, ink


def _turned(glyph: Glyph, box: tuple[float, float, float, float], angle: float) -> Glyph:
    """A letter of a line at an angle, in the coordinates of that line where this is a right one."""
    left, right, bottom, top = box
    rounded = round(angle) % 360
    if rounded == 0:
        return glyph
    places = {
        90: (glyph.base, top, -glyph.left),
        180: (-glyph.left, -left, -glyph.base),
        270: (-glyph.base, -bottom, glyph.left),
    }
    start, end, base = places.get(rounded, (glyph.left, right, glyph.base))
    return replace(glyph, left=start, right=max(start, end), base=base, angle=rounded or 1)


def turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """A place on a page in the coordinates of lines at a right angle, as `_turned` has them."""
    return {90: (y, -x), 180: (-x, -y), 270: (-y, x)}.get(angle, (x, y))


def _plain(character: str) -> str:
    """A presentation form as the letters that it shows."""
    if "\ufb00" <= character <= "\ufb06" or "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc":
        plain = unicodedata.normalize("NFKC", character)
        return plain.replace(" ", "") or character
    return "" if unicodedata.category(character) in {"Cf", "Cc"} and character != "\x02" else character


def _settled(clusters: Sequence[_Cluster], ink: Sequence[_Ink]) -> list[Glyph]:
    """The glyphs with their letters in reading order."""
    lines = Counter(round(one.glyph.base) for one in clusters)
    parts: dict[int, list[_Ink]] = defaultdict(list)
    for part in ink:
        parts[round(part[0] / _CELL)].append(part)
    glyphs: list[Glyph] = []
    for one in clusters:
        text = _in_order(one.letters) if len(one.letters) > 1 else one.letters[0]
        glyph = Glyph(text, one.glyph.left, max(one.glyph.right, one.right), *_rest(one.glyph))
        if len(text) > 1 and unicodedata.combining(text[-1]):
            glyph = _on_its_line(glyph, parts, lines)
        glyphs.append(glyph)
    return _ligatures(_with_neighbours(glyphs))


def _with_neighbours(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each mark that was painted between two letters of its line with the one before it in reading order.

    A mark that was painted by itself stays one: `pages.rows` looks for the letter under it.
    """
    found: list[Glyph] = []
    ahead = ""  # marks of the letter that comes next
    last: Glyph | None = None
    after = _letters_after(glyphs)
    for at, glyph in enumerate(glyphs):
        if not unicodedata.combining(glyph.text[0]):
            found.append(replace(glyph, text=glyph.text + ahead) if ahead else glyph)
            last, ahead = glyph, ""
            continue
        coming = after[at]
        if last and coming and _beside(last, glyph) and _beside(glyph, coming):
            if last.left > coming.left or not "\u0600" <= glyph.text <= "\u08ff":
                own = -1 if found[-1].text[0].isalpha() or not found[-2:-1] else -2  # a comma bears no mark
                found[own] = replace(found[own], text=found[own].text + glyph.text)
            else:
                ahead = glyph.text + ahead
            continue
        found.append(glyph)
    return found


def _letters_after(glyphs: Sequence[Glyph]) -> list[Glyph | None]:
    """For each glyph the next one that is no mark."""
    found: list[Glyph | None] = []
    coming: Glyph | None = None
    for glyph in reversed(glyphs):
        found.append(coming)
        if not unicodedata.combining(glyph.text[0]):
            coming = glyph
    return found[::-1]


def _beside(one: Glyph, other: Glyph) -> bool:
    """Whether two glyphs are of one object and of one word."""
    return one.paint == other.paint and one.base == other.base and abs(one.left - other.left) < 1.5 * one.size


_CELL = 20.0  # points: how far apart the parts of one letter are looked for


def _on_its_line(glyph: Glyph, parts: Mapping[int, Sequence[_Ink]], lines: Mapping[int, int]) -> Glyph:
    """A letter with its mark, where the letter stands: some files hang both on the mark, above the line."""
    cell = round(glyph.left / _CELL)
    near = [
        part
        for around in (cell - 1, cell, cell + 1)
        for part in parts.get(around, ())
        if abs(part[0] - glyph.left) < glyph.size
        and abs(part[2] - glyph.base) < glyph.size
        and lines.get(round(part[2]), 0) > lines.get(round(glyph.base), 0)
    ]
    if not near:
        return glyph
    left, right, base = min(near, key=lambda part: abs(part[0] - glyph.left))
    return Glyph(glyph.text, left, max(right, left), base, *_rest(glyph)[1:])


def _in_order(letters: Sequence[str]) -> str:
    """The letters of one glyph in reading order: PDFium gives those of an Arabic one from left to right.

    A letter comes before its vowels, a lam before its alef.
    """
    bases = [letter for letter in letters if not unicodedata.combining(letter[0])]
    marks = [letter for letter in letters if unicodedata.combining(letter[0])]
    if honorific := _HONORIFICS.get("".join(bases)) or _HONORIFICS.get("".join(reversed(bases))):
        return honorific
    if len(bases) == 2 and "ل" in bases and set(bases) & set(_ALEFS):
        bases.sort(key=lambda letter: letter != "ل")
    elif any(unicodedata.bidirectional(letter[0]) in {"R", "AL"} for letter in bases):
        bases.reverse()
    return "".join((*bases, *marks))


def _ligatures(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """A lam and an alef that stand in one place become one glyph, whichever way PDFium turned them."""
    found: list[Glyph] = []
    for glyph in glyphs:
        last = found[-1] if found else None
        letters = {last.text, glyph.text} if last else set()
        if last and "ل" in letters and letters & set(_ALEFS) and _same_place(last, glyph):
            alef = glyph.text if last.text == "ل" else last.text
            found[-1] = Glyph("ل" + alef, min(last.left, glyph.left), max(last.right, glyph.right), *_rest(last))
        else:
            found.append(glyph)
    return found


def _rest(glyph: Glyph) -> tuple[float, float, int, bool, int, int, bool, Cell | None]:
    return glyph.base, glyph.size, glyph.weight, glyph.raised, glyph.angle, glyph.paint, glyph.light, glyph.cell


def _same_place(one: Glyph, other: Glyph) -> bool:
    return abs(one.base - other.base) < 0.1 * one.size and abs(one.left - other.left) < 0.02 * one.size


def direction_of(glyphs: Iterable[Glyph], default: Direction = "ltr") -> Direction:
    """Which way a text runs, by its letters; digits alone run as the document does."""
    arabic, latin, _ = count_letters("".join(g.text for g in glyphs))
    if arabic == latin:
        return default
    return "rtl" if arabic > latin else "ltr"
