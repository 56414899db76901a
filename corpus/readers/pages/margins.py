"""What stands on a page and is no text of it: running heads, page numbers, numbers of lines, words across the page."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.layout.told import told
from corpus.readers.lines import Account
from corpus.readers.pages.rows import Page, Row
from corpus.readers.pdf_glyphs import Glyph, direction_of
from corpus.text import clean

_MARGIN = 0.12  # of the page's height: where running heads stand
_LONGEST_HEAD = 80  # letters: what fills a line is text, also where it comes again
_EDGE = 0.06  # and where a browser prints the address of the page
_BESIDE = 0.1  # of the page's width: where numbers of forms stand, turned by a right angle
_FEWEST_LINES = 3
_LARGE = 1.8  # of the text's size: a watermark that is not turned

PAGE_NUMBER = re.compile(r"[-–—(]?\s*(?:page\s+|صفحة\s+)?\d{1,4}(?:\s*(?:/|of|من)\s*\d{1,4})?\s*[-–—)]?", re.IGNORECASE)
_PRINTED_ON = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}")
_ADDRESS = re.compile(r"(?:https?|file|about|data):\S+", re.IGNORECASE)


def running_heads(pages: Sequence[Sequence[Row]]) -> set[Row]:
    """Rows in the margins that come again on other pages, digits aside; page numbers; what a browser prints there."""

    def pattern(row: Row) -> str:
        return re.sub(r"\d+", "#", clean(row.text(direction_of(row.glyphs))))

    margins = [
        row for page in pages for row in page if len(row.glyphs) <= _LONGEST_HEAD and _is_in_margin(row, _MARGIN)
    ]
    counts = Counter((pattern(row), round(row.base / 4)) for row in margins)
    found = {
        row
        for row in margins
        if counts[pattern(row), round(row.base / 4)] > max(1, len(pages) // 3)
        or PAGE_NUMBER.fullmatch(clean(row.text("ltr")))
    }
    return found | set(_of_a_browser(margins))


def _is_in_margin(row: Row, share: float) -> bool:
    """Whether a row stands in the margin above or below the text."""
    return not share * row.height <= row.base <= (1 - share) * row.height


def _of_a_browser(margins: Sequence[Row]) -> Iterator[Row]:
    """The rows beside the date that a browser prints above a page, and beside the address that it prints below."""
    edge = [row for row in margins if _is_in_margin(row, _EDGE)]
    marked = {
        (row.page, round(row.base))
        for row in edge
        if _PRINTED_ON.search(text := clean(row.text("ltr"))) or _ADDRESS.fullmatch(text)
    }
    return (row for row in edge if (row.page, round(row.base)) in marked)


def line_numbers(page: Sequence[Row]) -> set[Row]:
    """Digits in the margin, one for each line or for each fifth, that count the lines of a page."""
    digits = [row for row in page if (text := row.text("ltr")).isdecimal() and len(text) <= 4]
    others = [row for row in page if row not in set(digits)]
    if len(digits) < _FEWEST_LINES or not others:
        return set()
    left, right = min(row.left for row in others), max(row.right for row in others)
    for side in ([row for row in digits if row.right < left], [row for row in digits if row.left > right]):
        side.sort(key=lambda row: -row.base)
        values = [int(row.text("ltr")) for row in side]
        steps = {after - before for before, after in itertools.pairwise(values)}
        bases = [row.base for row in others]
        beside = sum(any(abs(row.base - base) < 0.3 * row.size for base in bases) for row in side)
        if len(side) >= _FEWEST_LINES and steps in ({1}, {5}, {10}) and beside * 10 >= len(side) * 8:
            return set(side)
    return set()


def level_letters(glyphs: Sequence[Glyph], width: float, page: int, account: Account) -> tuple[list[Glyph], int]:
    """The letters that run as most of the page's do, and at which angle; what runs otherwise is left out and listed."""
    angles = Counter(g.angle for g in glyphs)
    usual = angles.most_common(1)[0][0] if angles else 0
    usual = usual if usual in {0, 90, 180, 270} else 0
    if len(angles) <= 1 and usual in angles:
        return list(glyphs), usual
    where = str(page + 1)
    for angle in sorted(angles.keys() - {usual}):
        turned = [g for g in glyphs if g.angle == angle]
        text = "".join(g.text for g in turned)
        if angle not in {0, 90, 180, 270}:
            account.take_out(told("across_page", page=where), text)
        elif all(not _BESIDE * width < abs(g.base) < (1 - _BESIDE) * width for g in turned):
            account.take_out(told("beside_page", page=where), text)
        else:
            account.find(told("right_angle", page=page + 1, text=text[:60]))
    return [g for g in glyphs if g.angle == usual], usual


def without_watermarks(pages: Sequence[Page], size: float, account: Account) -> list[Page]:
    """The pages without letters that are large and light, and printed under the others; they are listed."""
    found = []
    for page in pages:
        light = [g for g in page.glyphs if g.light and g.size > _LARGE * size]
        if light:
            words = "".join(g.text for g in light)
            account.take_out(told("under_page", page=str(page.number + 1)), words)
        found.append(replace(page, glyphs=[g for g in page.glyphs if not (g.light and g.size > _LARGE * size)]))
    return found
