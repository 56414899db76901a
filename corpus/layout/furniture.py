"""Lines that are no text of a report: tables of contents, and the heads and numbers of pages in a text without pages.

without_furniture(lines) → the others, and what was left out, a kind and its words each
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.layout.markers import find_marker
from corpus.layout.told import Told, told
from corpus.readers.lines import Line
from corpus.text import clean, fold, latin_digits

CONTENTS, PAGE_HEADS = told("contents"), told("page_heads")
LeftOut = tuple[Told, str, int]
"""What it is, its words, and the line that they begin on."""

_TITLES = frozenset(
    map(
        fold,
        (
            *("contents", "table of contents", "list of contents", "المحتويات", "جدول المحتويات", "قائمة المحتويات"),
            *("الفهرس", "فهرس", "فهرس المحتويات", "المحتوى"),
        ),
    )
)
_COLUMNS = frozenset(
    map(fold, "paragraphs paragraph page pages chapter section no الفقرات الفقرة الصفحة صفحة الفصل الفرع".split())
)
_PAGE, _SPACE, _LEADERS = "0123456789ivxlcIVXLC", " \t|", ".·•_…"
_LONGEST_PAGE = 7  # characters of a page's number
_FEWEST_DOTS = 4
_BETWEEN = 3  # short lines, such as "Annexes", that may stand between two lines with a page
_LONGEST, _LONGEST_TITLE = 160, 40

_SYMBOL = re.compile(r"[A-Z]{1,6}(?:/[A-Z0-9][\w.()-]*){1,6}")
_OF_PAGES = re.compile(r"(?:page|صفحة|الصفحة) ?:? ?\d{1,4}(?: ?(?:/|of|من) ?\d{1,4})?", re.IGNORECASE)
_DASHED = re.compile(r"[-–—]\s*\d{1,4}\s*[-–—]")
_LANGUAGE = re.compile(
    r"(?:original:\s*)?(?:english|arabic|french)|(?:الأصل:\s*)?(?:بال)?(?:عربية|عربي|إنكليزية)|العربية"
)


def without_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[LeftOut]]:
    """The lines without a table of contents and without heads of pages, and what was left out."""
    dropped: dict[int, Told] = {}
    for start, end in _contents(lines):
        dropped.update(dict.fromkeys(range(start, end), CONTENTS))
    for start, end in _page_heads(lines):
        dropped.update(dict.fromkeys(range(start, end), PAGE_HEADS))
    kept = [line for at, line in enumerate(lines) if at not in dropped]
    return kept, [(what, lines[at].text, lines[at].number) for at, what in dropped.items() if lines[at].text]


def _contents(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Where a table of contents begins and ends: below its title, or in front of all paragraphs with leaders."""
    cores: Counter[str] = Counter()
    at, in_front = 0, True
    while at < len(lines):
        text = lines[at].text
        titled = len(text) <= _LONGEST_TITLE and fold(text).strip(" :*") in _TITLES
        if titled and not cores:
            cores.update(core for line in lines if (core := _core(line.text)))
        if titled or (in_front and _leads(text)):
            end = _end_of_contents(lines, at + titled, cores if titled else None)
            if end > at + 1:
                yield at, end
                at = end
                continue
        in_front = in_front and not (lines[at].kind == "text" and text and find_marker(text, None))
        at += 1


def _end_of_contents(lines: Sequence[Line], at: int, cores: Counter[str] | None) -> int:
    """The line after the last one with a page; without any, after the last whose words come again as a heading."""
    end = known = at
    others = 0
    for place in range(at, len(lines)):
        text = lines[place].text
        if not text or _is_column_head(text):
            continue
        if _leads(text) or (cores is not None and _is_wide(text)):
            end, others = place + 1, 0
            continue
        others += 1
        if others > _BETWEEN or len(text) > _LONGEST:
            break
    if end > at or cores is None:
        return end if end > at + (cores is None) else at
    seen = set[str]()
    for place in range(at, len(lines)):
        core = _core(lines[place].text)
        if not lines[place].text:
            continue
        if not core or cores[core] < 2 or core in seen:  # the heading itself, and no line of contents
            break
        seen.add(core)
        known = place + 1
    return known


def _leads(text: str) -> bool:
    """Whether a line leads to a page with a row of dots: `I. Introduction ......... 3`."""
    before = _before_page(text)
    if before is None:
        return False
    row = before.rstrip(_SPACE)
    for end in (
        row,
        row.rstrip("0123456789,–- " + _SPACE),
    ):  # the range of paragraphs stands before the page, or nothing
        dots = end[len(end.rstrip(_LEADERS + " ")) :]
        if sum(map(dots.count, _LEADERS)) >= _FEWEST_DOTS or dots.count("…") > 1:
            return True
    return False


def _is_wide(text: str) -> bool:
    """Whether a line leads to a page with white space or with the border of a cell: `Introduction    3`."""
    before = _before_page(text)
    space = "" if before is None else before[len(before.rstrip(_SPACE)) :]
    return bool(before and before.strip(_SPACE)) and (len(space) > 1 or space in {"\t", "|"})


def _before_page(text: str) -> str | None:
    """What stands before the number of a page that ends a line, or None where none does."""
    if not text or len(text) > 2 * _LONGEST:
        return None
    text = latin_digits(text)
    before = text.rstrip(_PAGE)
    return before if 0 < len(text) - len(before) <= _LONGEST_PAGE else None


def _is_column_head(text: str) -> bool:
    words = fold(text).replace("|", " ").split()
    return bool(words) and all(word.strip(".:") in _COLUMNS for word in words)


def _core(text: str) -> str:
    """A heading's words without its number and its page, folded; an empty string for what is too long for one."""
    if not text or len(text) > _LONGEST:
        return ""
    marker = find_marker(text, None)
    text = text[marker.length :] if marker else text
    before = _before_page(text)
    if before is not None and before[-1:] in _LEADERS + _SPACE:
        text = before
    return fold(text.rstrip(_LEADERS + _SPACE))


def _page_heads(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Blocks of short lines with the number of a page, below the first paragraph: `A/1`, `English`, `Page 2`."""
    first = next((i for i, line in enumerate(lines) if line.kind == "text" and find_marker(line.text, None)), None)
    if first is None:
        return
    at = first
    while at < len(lines):
        end = at
        while end < len(lines) and end - at <= _BETWEEN and lines[end].kind == "text" and _is_head(lines[end].text):
            end += 1
        if any(_OF_PAGES.fullmatch(clean(line.text)) or _DASHED.fullmatch(line.text) for line in lines[at:end]):
            yield at, end
        at = max(end, at + 1)


def _is_head(text: str) -> bool:
    if not text or len(text) > _LONGEST:
        return False
    text = clean(text)
    patterns = (_SYMBOL, _OF_PAGES, _DASHED, _LANGUAGE)
    return any(pattern.fullmatch(text.casefold() if pattern is _LANGUAGE else text) for pattern in patterns)
