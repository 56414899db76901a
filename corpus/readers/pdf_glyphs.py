"""The letters of a PDF's page, each with its place, its size and its weight.

A PDF holds glyphs with places, not text. PDFium says which letters a glyph stands for, in the order in which they were
painted, some runs turned round and others not; so only places are taken from it, and the letters of one glyph (a lam
with its alef, a letter with its vowel) are put into reading order by the way their neighbours run. Spaces are those that
the file holds; what PDFium adds to the text is left out.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.readers.lines import Account, note_mark
from corpus.readers.pages.bidi import RAISED, Direction, logical
from corpus.text import count_letters

# White space between words, in units of the letters' size, where the file holds no spaces. An alef that does not join
# leaves 0.17 within a word, DejaVu's space is 0.32 wide.
_SPACE: dict[str, float] = {"ltr": 0.15, "rtl": 0.24}
_WIDE = 0.55  # and where it does hold spaces
HEAVY, REGULAR = 2_000, 0  # weights of fonts that say so in their names
_SAYS_HEAVY = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_SAYS_REGULAR = re.compile(r"regular|roman|book|medium|light|normal", re.IGNORECASE)
_WHITE = frozenset(b"\t\n\r ")
_HYPHEN = 2  # PDFium's sign for a hyphen at the end of a line
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


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The visible letters of a page, its spaces (place and line), and how many letters had no meaning or no place."""

    glyphs: list[Glyph]
    spaces: list[tuple[float, float]]
    guessed: int
    lost: int


@dataclass(slots=True)
class _Cluster:
    """The letters that one glyph stands for, as PDFium gives them, and the place of the first in its order."""

    letters: list[str]
    at: int
    glyph: Glyph


@dataclass(slots=True)
class _Object:
    size: float
    angle: float
    weight: int


@dataclass(slots=True)
class LetterReader:
    """Reads the letters of page after page."""

    account: Account
    _fonts: dict[tuple[str, int], int] = field(default_factory=dict)

    def read(self, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> PageLetters:
        """The visible letters of a page."""
        raw = textpage.raw
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        clusters: dict[tuple[int, int], _Cluster] = {}
        objects: dict[int, _Object] = {}
        spaces: list[tuple[float, float]] = []
        guessed = lost = 0
        for at in range(pdfium.FPDFText_CountChars(raw)):
            code = pdfium.FPDFText_GetUnicode(raw, at)
            if code != _HYPHEN and pdfium.FPDFText_IsGenerated(raw, at) == 1:
                continue
            paint = ctypes.cast(pdfium.FPDFText_GetTextObject(raw, at), ctypes.c_void_p).value or 0
            if code in _WHITE:
                if paint and pdfium.FPDFText_GetCharOrigin(raw, at, x, y):
                    spaces.append((x.value, y.value))
                continue
            if (code < 32 and code != _HYPHEN) or 0xD800 <= code < 0xE000:
                lost += 1
                continue
            text = self.account.unreserved(_plain(chr(code)))
            if not text or text.isspace():
                continue
            if not (pdfium.FPDFText_GetLooseCharBox(raw, at, box) and pdfium.FPDFText_GetCharOrigin(raw, at, x, y)):
                lost += 1
                continue
            guessed += pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1
            key = paint, round(x.value * 20 + y.value * 20_000)
            if paint and (same := clusters.get(key)) is not None:
                same.letters.append(text)
                continue
            if paint not in objects or not paint:
                objects[paint] = self._object(raw, at, box.top - box.bottom)
            of = objects[paint]
            glyph = Glyph(text, x.value, max(box.right, x.value), y.value, of.size, of.weight, False, 0, paint)
            if of.angle:
                glyph = _turned(glyph, (box.left, box.right, box.bottom, box.top), of.angle)
            clusters[key if paint else (0, -at - 1)] = _Cluster([text], at, glyph)
        spaces += _painted_spaces(page, objects)
        return PageLetters(_settled(list(clusters.values())), spaces, guessed, lost)

    def _object(self, raw: Any, at: int, height: float) -> _Object:
        """What all letters of one object share: size in points as printed, angle, weight."""
        stated = float(pdfium.FPDFText_GetFontSize(raw, at))
        matrix, angle = pdfium.FS_MATRIX(), 0.0
        if pdfium.FPDFText_GetMatrix(raw, at, matrix):
            stated *= (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0  # some writers set size 1 and scale the page instead
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        return _Object(stated if stated > 0.5 else max(height, 1.0), angle, self._weight(raw, at))

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


def _painted_spaces(page: pypdfium2.PdfPage, objects: dict[int, _Object]) -> list[tuple[float, float]]:
    """Where a space was painted by itself, which PDFium leaves out of the text."""
    found = []
    matrix, edges = pdfium.FS_MATRIX(), [ctypes.c_float() for _ in range(4)]
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        one = pdfium.FPDFPage_GetObject(page.raw, at)
        if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if (ctypes.cast(one, ctypes.c_void_p).value or 0) in objects:
            continue
        left, bottom, right, top = edges
        if not pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top) or top.value > bottom.value:
            continue  # it has ink: a part of a letter that another object stands for
        if pdfium.FPDFPageObj_GetMatrix(one, matrix):
            found.append((float(matrix.e), float(matrix.f)))
    return found


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
    return Glyph(
        glyph.text, start, max(start, end), base, glyph.size, glyph.weight, False, rounded or 1, glyph.paint
    )


def _plain(character: str) -> str:
    """A presentation form as the letters that it shows."""
    if "\ufb00" <= character <= "\ufb06" or "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc":
        plain = unicodedata.normalize("NFKC", character)
        return plain.replace(" ", "") or character
    return "" if unicodedata.category(character) in {"Cf", "Cc"} and character != "\x02" else character


def _settled(clusters: Sequence[_Cluster]) -> list[Glyph]:
    """The glyphs with their letters in reading order, vowels and other marks with the letter that they stand on."""
    glyphs: list[Glyph] = []
    marks: list[tuple[int, Glyph]] = []
    for place, one in enumerate(clusters):
        text = _in_order(one.letters, _runs_backwards(clusters, place)) if len(one.letters) > 1 else one.letters[0]
        glyph = Glyph(text, one.glyph.left, one.glyph.right, *_rest(one.glyph))
        if unicodedata.combining(text[0]) and len(text) == 1:
            marks.append((place, glyph))
            glyph = Glyph("", glyph.left, glyph.right, *_rest(glyph))
        glyphs.append(glyph)
    for place, mark in marks:
        if (home := _home(glyphs, clusters, place, mark)) is not None:
            base = glyphs[home]
            glyphs[home] = Glyph(base.text + mark.text, base.left, base.right, *_rest(base))
        else:
            glyphs[place] = mark
    return _ligatures([glyph for glyph in glyphs if glyph.text])


def _runs_backwards(clusters: Sequence[_Cluster], at: int) -> bool:
    """Whether letters come from left to right about here, where an Arabic reader goes from right to left."""
    here = clusters[at].glyph
    near = [
        (other.glyph.left > here.left) == (place > at)
        for place in (at - 1, at + 1)
        if 0 <= place < len(clusters) and abs((other := clusters[place]).glyph.base - here.base) < 0.3 * here.size
    ]
    return 2 * sum(near) > len(near)


def _in_order(letters: Sequence[str], backwards: bool) -> str:
    """The letters of one glyph in reading order; a lam comes before its alef, a letter before its vowels."""
    bases = [letter for letter in letters if not unicodedata.combining(letter[0])]
    marks = [letter for letter in letters if unicodedata.combining(letter[0])]
    arabic = any(unicodedata.bidirectional(letter[0]) in {"R", "AL"} for letter in bases)
    if len(bases) == 2 and "ل" in bases and set(bases) & set(_ALEFS):
        bases.sort(key=lambda letter: letter != "ل")
    elif arabic and backwards:
        bases.reverse()
    return "".join((*bases, *marks))


def _home(glyphs: Sequence[Glyph], clusters: Sequence[_Cluster], at: int, mark: Glyph) -> int | None:
    """The glyph that a mark stands on: the one before it in reading order."""
    backwards = unicodedata.bidirectional(mark.text) == "NSM" and _is_arabic(mark.text) and _ascends(clusters, at)
    for step in (1, -1) if backwards else (-1, 1):
        place = at + step
        while 0 <= place < len(glyphs) and not glyphs[place].text:
            place += step
        if 0 <= place < len(glyphs) and _stands_near(glyphs[place], mark):
            return place
    return None


def _ascends(clusters: Sequence[_Cluster], at: int) -> bool:
    """Whether the letters around a mark come from left to right."""
    here = clusters[at].glyph
    line = [
        one.glyph
        for one in clusters[max(0, at - 3) : at + 4]
        if not unicodedata.combining(one.letters[0][0]) and abs(one.glyph.base - here.base) < 0.6 * here.size
    ]
    rising = sum(1 if after.left > before.left else -1 for before, after in zip(line, line[1:], strict=False))
    return rising > 0


def _is_arabic(mark: str) -> bool:
    return "\u0600" <= mark <= "\u08ff"


def _stands_near(glyph: Glyph, mark: Glyph) -> bool:
    return (
        abs(glyph.base - mark.base) < glyph.size
        and glyph.left - 0.6 * glyph.size < (mark.left + mark.right) / 2 < glyph.right + 0.6 * glyph.size
    )


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


def _rest(glyph: Glyph) -> tuple[float, float, int, bool, int, int]:
    return glyph.base, glyph.size, glyph.weight, glyph.raised, glyph.angle, glyph.paint


def _same_place(one: Glyph, other: Glyph) -> bool:
    return abs(one.base - other.base) < 0.1 * one.size and abs(one.left - other.left) < 0.02 * one.size


def direction_of(glyphs: Iterable[Glyph], default: Direction = "ltr") -> Direction:
    """Which way a text runs, by its letters; digits alone run as the document does."""
    arabic, latin, _ = count_letters("".join(g.text for g in glyphs))
    if arabic == latin:
        return default
    return "rtl" if arabic > latin else "ltr"


def text_of(glyphs: Sequence[Glyph], direction: Direction, spaces: Sequence[float] | None = None) -> str:
    """The text of letters in a row, in reading order, raised digits as note marks.

    `spaces` are the places of the row's spaces, sorted; None where the file holds none, and gaps must tell.
    """
    ordered = sorted(glyphs, key=lambda g: g.left)
    pieces: list[str] = []
    previous: Glyph | None = None
    at = 0
    for glyph in ordered:
        if previous is not None:
            gap = (glyph.left - previous.right) / max(previous.size, glyph.size)
            spaced = False
            while spaces and at < len(spaces) and spaces[at] <= glyph.left + 0.01:
                spaced = spaced or spaces[at] > previous.left
                at += 1
            narrow = _SPACE[direction] * (1.3 if previous.raised != glyph.raised else 1.0)
            if spaced or gap > (narrow if spaces is None else _WIDE):
                pieces.append(" ")
        pieces.append(f"{RAISED}{glyph.text}" if glyph.raised else glyph.text)
        previous = glyph
    text = "".join(logical(pieces, direction))
    return re.sub(r"(?:\x00(.))+", lambda m: note_mark(m[0].replace(RAISED, "")), text)
