"""Letters with places → text in reading order, in either direction.

A PDF's letters come in the order they were painted, and PDFium turns some Arabic runs round and not others. So the
order is taken from the places alone: in a right-to-left line from right to left, but Latin words and numbers from left
to right, which undoes the bidirectional algorithm (Unicode Standard Annex #9) for the cases that reports have.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.readers.lines import Account, note_mark
from corpus.text import count_letters

Direction = Literal["ltr", "rtl"]
# White space between words, in units of the letters' size. What PDFium says of spaces is not asked: in Arabic it puts
# them beside the wrong letter. An alef that does not join leaves 0.17 within a word, DejaVu's space is 0.32 wide.
_SPACE: dict[str, float] = {"ltr": 0.15, "rtl": 0.24}
_BOLD = 600
_WHITE = frozenset(b"\t\n\r ")
_MIRRORED = str.maketrans("()[]{}«»‹›<>", ")(][}{»«›‹><")
_ALEFS = "اأإآٱ"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, or several that one glyph stands for; `base` is the height of its base line, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class PageLetters:
    """The visible letters of a page, how many of them the file gives no meaning, and how many could not be read."""

    glyphs: list[Glyph]
    guessed: int
    lost: int


def read_glyphs(textpage: pypdfium2.PdfTextPage, account: Account) -> PageLetters:
    """The visible letters of a page; white space and what PDFium adds to the text are left out."""
    raw = textpage.raw
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    glyphs = []
    guessed = lost = 0
    for at in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        # 2 is PDFium's sign for a hyphen at the end of a line.
        if code != 2 and (code in _WHITE or pdfium.FPDFText_IsGenerated(raw, at) == 1):
            continue
        if (code < 32 and code != 2) or 0xD800 <= code < 0xE000:
            lost += 1
            continue
        text = account.unreserved(_plain(chr(code)))
        if not text or text.isspace():
            continue
        if not (pdfium.FPDFText_GetLooseCharBox(raw, at, box) and pdfium.FPDFText_GetCharOrigin(raw, at, x, y)):
            lost += 1
            continue
        guessed += pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1
        size = _size(raw, at, box.top - box.bottom)
        bold = pdfium.FPDFText_GetFontWeight(raw, at) >= _BOLD
        glyphs.append(Glyph(text, box.left, box.right, y.value, size, bold))
    return PageLetters(_ligatures(glyphs), guessed, lost)


def _size(raw: object, at: int, height: float) -> float:
    """A letter's size in points as printed: some writers set size 1 and scale the page instead."""
    stated = float(pdfium.FPDFText_GetFontSize(raw, at))
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(raw, at, matrix):
        stated *= (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    return stated if stated > 0.5 else max(height, 1.0)


def _plain(character: str) -> str:
    """A presentation form as the letters that it shows."""
    if "\ufb00" <= character <= "\ufb06" or "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc":
        plain = unicodedata.normalize("NFKC", character)
        return plain.replace(" ", "") or character
    return "" if unicodedata.category(character) in {"Cf", "Cc"} and character != "\x02" else character


def _ligatures(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Letters that share one glyph become one: lam before alef, whichever way PDFium turned them."""
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


def _rest(glyph: Glyph) -> tuple[float, float, bool]:
    return glyph.base, glyph.size, glyph.bold


def _same_place(one: Glyph, other: Glyph) -> bool:
    overlap = min(one.right, other.right) - max(one.left, other.left)
    narrower = min(one.right - one.left, other.right - other.left)
    return abs(one.base - other.base) < 0.1 * one.size and (overlap > 0.6 * narrower or narrower < 0.01)


def direction_of(glyphs: Iterable[Glyph], default: Direction = "ltr") -> Direction:
    """Which way a line runs, by its letters; digits alone run as the document does."""
    arabic, latin, _ = count_letters("".join(g.text for g in glyphs))
    if arabic == latin:
        return default
    return "rtl" if arabic > latin else "ltr"


def mirrors_brackets(rows: Iterable[Sequence[Glyph]]) -> bool:
    """Whether this document's right-to-left lines hold brackets by their shape, not by their meaning."""
    shape = meaning = 0
    for row in rows:
        if direction_of(row) == "rtl":
            text = "".join(g.text for g in sorted(row, key=lambda g: -g.left))
            shape += len(re.findall(r"\)[^()]*\(", text)) and text.find(")") < text.find("(")
            meaning += "(" in text and text.find("(") < text.find(")")
    return shape > meaning


def text_of(glyphs: Sequence[Glyph], direction: Direction, mirrored: bool = False) -> str:
    """The text of letters in a row, in reading order, raised digits as note marks."""
    bases = [g for g in glyphs if not unicodedata.combining(g.text[0])]
    if not bases:
        return ""
    ordered = sorted(bases, key=lambda g: g.left + g.right, reverse=direction == "rtl")
    pieces: list[str] = []
    previous: Glyph | None = None
    marks: dict[int, str] = {}
    for mark in (g for g in glyphs if unicodedata.combining(g.text[0])):
        nearest = min(range(len(ordered)), key=lambda i: abs(_centre(ordered[i]) - _centre(mark)))
        marks[nearest] = marks.get(nearest, "") + mark.text
    for at, glyph in enumerate(ordered):
        if previous is not None:
            distance = _apart(previous, glyph) / max(previous.size, glyph.size)
            if distance > _SPACE[direction] * (1.3 if previous.raised != glyph.raised else 1.0):
                pieces.append(" ")
        text = glyph.text + marks.get(at, "")
        pieces.append(f"\x00{text}" if glyph.raised else text)
        previous = glyph
    if direction == "rtl":
        pieces = _logical(pieces, mirrored)
    return re.sub(r"(?:\x00(.))+", lambda m: note_mark(m[0].replace("\x00", "")), "".join(pieces))


def _centre(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _apart(one: Glyph, other: Glyph) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def _logical(pieces: Sequence[str], mirrored: bool) -> list[str]:
    """Pieces from right to left → in reading order: Latin words and numbers turned round, brackets as meant."""
    kinds = "".join(map(_kind, pieces))
    result: list[str] = []
    at = 0
    while at < len(pieces):
        if kinds[at] in "LNA":
            end = _run_end(pieces, kinds, at)
            result += reversed(pieces[at:end])
            at = end
        else:
            result.append(pieces[at].translate(_MIRRORED) if mirrored else pieces[at])
            at += 1
    return result


def _run_end(pieces: Sequence[str], kinds: str, at: int) -> int:
    """Where a run from left to right ends: letters with anything between them, numbers with one separator."""
    end = at + 1
    while end < len(kinds):
        if kinds[end] in "LNA":
            end += 1
            continue
        after = end
        while after < len(kinds) and kinds[after] == "O":
            after += 1
        if after == len(kinds) or kinds[after] not in "LNA":
            break
        ends = kinds[end - 1] + kinds[after]
        between = "".join(pieces[end:after])
        # After an Arabic letter a European number counts as an Arabic one (rule W2), so a hyphen does not join two.
        if not ("L" in ends or (len(between) == 1 and between in ",.:/٫٬")):
            break
        end = after + 1
    return end


def _kind(piece: str) -> str:
    character = piece.removeprefix("\x00")[:1]
    if character.isascii() and character.isdigit():
        return "N"
    if character.isdecimal():
        return "A"
    category = unicodedata.bidirectional(character) if character else ""
    return {"L": "L", "R": "R", "AL": "R", "NSM": "R"}.get(category, "O")
