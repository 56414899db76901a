"""Pages that are pictures of text, read by Tesseract: lines of words, each with how sure the recogniser is of it.

    recogniser = Recogniser("report.pdf", "ar")
    recogniser.read(page, 3)   → [ScannedLine((("وترأست", 0.96), …), Place(3, …), begins=True), …]

Tesseract is a program of its own (Debian: tesseract-ocr, tesseract-ocr-ara, tesseract-ocr-eng). It runs below the
process that reads the document, under the same limits, and gets a picture on its standard input. Nothing here mends
what it says.
"""

from __future__ import annotations

import csv
import re
import resource
import shutil
import signal
import subprocess
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2

from corpus.isolated.parent import go_with_parent
from corpus.language import detect
from corpus.layout.told import Fact, Told, refused, told
from corpus.readers.lines import Ink, LineWriter, Place
from corpus.readers.pages.ink import spread
from corpus.readers.scans.picture import Picture, picture_of
from corpus.records import Language
from corpus.text import inked

DPI = 300  # what it was made for; a picture of fewer dots is drawn larger, which does no harm
MAX_PAGES = 40
MAX_NUMBERS = 400  # lines that begin with one, each a quarter of a second
PAGE_S = 30  # of processor time; A4 takes 2 or 3
DOUBTFUL = 0.75  # below it a word is called doubtful
POOR = 0.75  # below it a page is read a second time, without its specks, and the surer reading is kept
PROGRAM = "tesseract"
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-ara tesseract-ocr-eng"
_NAMES: dict[Language, str] = {"ar": "ara", "en": "eng"}
_Word = dict[str, str]
_DIGITS, _IS_NUMBER = re.compile(r"[0-9]{1,4}"), re.compile(r"[^\w]{0,3}[0-9]{1,4}[^\w]{0,3}")
_SIGNS = frozenset("-.)")  # what a paragraph's number ends with
_WORD = "5"  # the level of a row that holds a word
_POINTS = 72.0
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line of print: its words as they were recognised, where it stands, and whether a block begins with it.

    `ink` gives each letter of a word as much of the word's place.
    """

    words: tuple[tuple[str, float], ...]
    place: Place
    begins: bool
    ink: Ink

    @property
    def text(self) -> str:
        """The words in reading order."""
        return " ".join(word for word, _ in self.words)


def is_there() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def how_to_read() -> Told:
    """What to do about a page that is a picture."""
    if is_there():
        return told("read_by_ocr")
    return told("read_by_ocr_once_installed", program=PROGRAM, install=INSTALL)


def write_scanned(lines: Sequence[ScannedLine], page: int, writer: LineWriter) -> None:
    """Write a page as it was recognised, and list that it was, with the words that are doubtful."""
    words = [word for line in lines for word in line.words]
    if not words:
        writer.account.find(told("nothing_recognised", page=page))
        return
    first = writer.number + 1
    for line in lines:
        if line.begins:
            writer.gap()
        writer.origin = line.place
        writer.recognised(line.text, line.words, line.ink)
    writer.gap()
    doubtful = [word for word, sure in words if sure < DOUBTFUL]
    shown = f"{', '.join(doubtful[:_SHOWN])}{' …' if len(doubtful) > _SHOWN else ''}"
    sure = round(100 * sum(sure for _, sure in words) / len(words))
    listed: Fact = told("doubtful", words=shown) if doubtful else ""
    what = told("recognised", page=page, sure=sure, words=len(words), doubtful=listed)
    writer.account.find(what, first, "recognised")


class Recogniser:
    """Reads the pages of one document, in its language, or in that of its first page where none is given."""

    def __init__(self, name: str, language: Language | None) -> None:
        self._name = name
        self._languages = _NAMES[language] if language else ""
        self._pages = self._numbers = 0
        if not is_there():
            raise refused("no_recogniser", name=name, program=PROGRAM, install=INSTALL)

    def read(self, page: pypdfium2.PdfPage, number: int) -> list[ScannedLine]:
        """The lines of a page, from 1, in reading order. Raises DocumentRefused."""
        self._pages += 1
        if self._pages > MAX_PAGES:
            raise refused("many_pictures", name=self._name, most=str(MAX_PAGES))
        picture = picture_of(page, DPI)
        if not self._languages:
            both = "+".join(_NAMES.values())
            first = " ".join(line.text for line in self._lines(picture, both, page, number))
            self._languages = _NAMES[detect(first[:2_000]).language]
        lines = list(self._lines(picture, self._languages, page, number))
        if not lines or _sureness(lines) >= POOR:
            return lines
        again = list(self._lines(picture.without_specks(), self._languages, page, number))
        return max(lines, again, key=_sureness)

    def _lines(self, picture: Picture, languages: str, page: pypdfium2.PdfPage, number: int) -> Iterator[ScannedLine]:
        scale = _POINTS / picture.dpi
        size = round(page.get_width(), 1), round(page.get_height(), 1)
        line: list[_Word] = []
        before = ""
        for row in [*self._rows(picture, languages), {}]:
            if line and (not row or _line_of(row) != _line_of(line[0])):
                words = [(one["text"].strip(), max(float(one["conf"]), 0.0) / 100) for one in line]
                if _NAMES["ar"] in languages:
                    words[0] = self._number(picture, line[0], words[0])
                block = f"{line[0]['block_num']}.{line[0]['par_num']}"
                place = _place(line, number, size, scale)
                ink = _ink([text for text, _ in words], line, place, scale)
                yield ScannedLine(tuple(words), place, block != before, ink)
                line, before = [], block
            if row:
                line.append(row)

    def _number(self, picture: Picture, row: _Word, word: tuple[str, float]) -> tuple[str, float]:
        """The number that a line begins with, read a second time by itself: in Arabic lines some of it gets lost.

        `0-` → `10-`, `8` → `8-` where the second reading holds the first; else the first stays, and is doubtful.
        """
        text, sure = word
        first = _DIGITS.search(text)
        if first is None or not _IS_NUMBER.fullmatch(text) or self._numbers >= MAX_NUMBERS:
            return word
        self._numbers += 1
        left, top, width, height = (int(row[edge]) for edge in ("left", "top", "width", "height"))
        around = picture.part(left - height // 8, top - height // 4, left + width + height, top + height + height // 4)
        second = self._run(around, _NAMES["en"], "7").decode("utf-8", "replace")
        found = _DIGITS.findall(second)
        if len(found) != 1 or not found[0].endswith(first[0]):
            return text, min(sure, DOUBTFUL / 2)
        whole = text.replace(first[0], found[0])
        sign = next((sign for sign in second if sign in _SIGNS), "")
        return (f"{whole}{sign}" if whole.isdecimal() else whole), sure

    def _rows(self, picture: Picture, languages: str) -> list[_Word]:
        """A row for each word, as Tesseract writes them."""
        written = self._run(picture, languages, "3", "tsv").decode("utf-8", "replace")
        rows = csv.DictReader(written.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["level"] == _WORD and row["text"].strip()]

    def _run(self, picture: Picture, languages: str, segmentation: str, *form: str) -> bytes:
        """What Tesseract writes. Raises DocumentRefused where it does not."""
        dots = f"{picture.dpi:.0f}"
        command = [PROGRAM, "stdin", "stdout", "-l", languages, "--dpi", dots, "--psm", segmentation, *form]
        ended = subprocess.run(
            command,
            input=picture.pgm(),
            capture_output=True,
            check=False,
            preexec_fn=_confine,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "OMP_THREAD_LIMIT": "1"},
        )
        if ended.returncode == -signal.SIGXCPU:
            raise refused("slow_recognition", name=self._name, most=str(PAGE_S))
        if ended.returncode:
            said = " ".join(ended.stderr.decode("utf-8", "replace").split())[:160]
            raise refused("failed_recognition", name=self._name, program=PROGRAM, why=said, install=INSTALL)
        return ended.stdout


def _sureness(lines: Sequence[ScannedLine]) -> float:
    """How sure the recogniser is of a page's words; 0 where it found none."""
    words = [sure for line in lines for _, sure in line.words]
    return sum(words) / len(words) if words else 0.0


def _confine() -> None:
    """What Tesseract's process does first."""
    go_with_parent()
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    if hardest == resource.RLIM_INFINITY or hardest > PAGE_S:
        resource.setrlimit(resource.RLIMIT_CPU, (PAGE_S, PAGE_S + 1))


def _line_of(row: _Word) -> tuple[str, str, str]:
    return row["block_num"], row["par_num"], row["line_num"]


def _ink(texts: Sequence[str], line: Sequence[_Word], place: Place, scale: float) -> Ink:
    """Where the letters of a line's words stand, as far as the places of its words tell."""
    letters, edges = list[str](), array("H")
    for text, word in zip(texts, line, strict=True):
        if own := inked(text):
            left = float(word["left"]) * scale
            letters.append(own)
            edges.extend(spread(own, left, left + float(word["width"]) * scale))
    return Ink(place.page, place.top, place.bottom, "".join(letters), edges)


def _place(line: list[_Word], number: int, size: tuple[float, float], scale: float) -> Place:
    left = min(float(word["left"]) for word in line)
    top = min(float(word["top"]) for word in line)
    right = max(float(word["left"]) + float(word["width"]) for word in line)
    bottom = max(float(word["top"]) + float(word["height"]) for word in line)
    return Place(number, *size, *(round(edge * scale, 1) for edge in (left, top, right, bottom)))
