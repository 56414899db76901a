"""The numbers that a browser writes: before the items of a list, and wherever a style sheet counts.

ListCounter(<ol type="a">, "").label(<li>) → "(a)"
Counters(sheet).enter(<li>) → "(b) ", of `li::before { content: "(" counter(n, lower-latin) ") " }`
"""

from __future__ import annotations

import re
from typing import Any

from corpus.readers.html_style import Sheet
from corpus.refs.numerals import LATIN, arabic_indic, roman

_LETTERS = {"a", "A", "lower-alpha", "lower-latin", "upper-alpha", "upper-latin"}
_ROMAN = {"i", "I", "lower-roman", "upper-roman"}
_BULLETS = {"none", "disc", "circle", "square", "disclosure-open", "disclosure-closed"}
_STYLE_WORDS = re.compile(r"[\w-]+")
_PIECE = re.compile(
    r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|counters?\(\s*([\w-]+)\s*(?:,\s*(?:\"([^\"]*)\"|'([^']*)')\s*)?"
    r"(?:,\s*([\w-]+)\s*)?\)"
)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_NAMED = re.compile(r"([a-zA-Z_][\w-]*)(?:\s+(-?\d{1,6}))?")


class ListCounter:
    """What a browser writes before the items of an ordered list; `kind` is what its style says."""

    def __init__(self, element: Any, kind: str) -> None:
        self._ordered = element.tag == "ol"
        self._kind = kind or str(element.get("type", "1"))
        self._nested = self._ordered and any(above.tag in {"ol", "ul"} for above in element.iterancestors())
        self._step = -1 if element.get("reversed") is not None else 1
        start = str(element.get("start", ""))
        backwards = sum(child.tag == "li" for child in element) if self._ordered and self._step < 0 else 1
        self._next = int(start) if start.isdecimal() and len(start) < 5 else backwards

    def label(self, item: Any, kind: str = "") -> str:
        """The number of the next item."""
        if not self._ordered:
            return ""
        value = str(item.get("value", ""))
        at = int(value) if value.isdecimal() and len(value) < 5 else self._next
        self._next = at + self._step
        kind = kind or self._kind
        if kind in _BULLETS:
            return ""
        if kind in _LETTERS and 1 <= at <= len(LATIN):
            return f"({LATIN[at - 1]})"
        if kind in _ROMAN and 1 <= at < 40:
            return f"({roman(at)})"
        number = arabic_indic(str(at)) if kind == "arabic-indic" else str(at)
        return f"({number})" if self._nested else f"{number}."


def list_kind(style: dict[str, str]) -> str:
    """The kind of number that a style asks for: `{"list-style": "lower-roman inside"}` → `lower-roman`."""
    if kind := style.get("list-style-type"):
        return kind.lower()
    known = _LETTERS | _ROMAN | _BULLETS | {"decimal", "arabic-indic"}
    words = _STYLE_WORDS.findall(style.get("list-style", "").lower())
    return next((word for word in words if word in known), "")


class Counters:
    """The counters of a page's style sheets, moved through it from top to bottom.

    A counter that an element resets holds for what is within it and for its younger siblings.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._active = sheet.writes
        self._scopes: list[dict[str, int]] = [{}]

    def enter(self, element: Any) -> str:
        """Move to an element; what is written before it, where that has a letter or a digit."""
        if not self._active:
            return ""
        self._move(self._sheet.style(element), self._scopes[-1])
        self._scopes.append({})
        before = self._sheet.style(element, before=True)
        self._move(before, self._scopes[-1])
        text = self._written(before.get("content", "")) if before.get("display") != "none" else ""
        return text if any(map(str.isalnum, text)) else ""

    def leave(self) -> None:
        """Leave the element that was entered last."""
        if self._active:
            self._scopes.pop()

    def _move(self, style: dict[str, str], scope: dict[str, int]) -> None:
        scope |= dict(_named(style.get("counter-reset", ""), 0))
        for name, value in _named(style.get("counter-increment", ""), 1):
            home = self._home(name, scope)
            home[name] = home.get(name, 0) + value
        for name, value in _named(style.get("counter-set", ""), 0):
            self._home(name, scope)[name] = value

    def _home(self, name: str, scope: dict[str, int]) -> dict[str, int]:
        return next((one for one in reversed(self._scopes) if name in one), scope)

    def _written(self, content: str) -> str:
        pieces = []
        for found in _PIECE.finditer(content):
            if (name := found[3]) is None:
                pieces.append(_ESCAPE.sub(_unescaped, found[1] if found[1] is not None else found[2]))
            else:
                between = found[4] if found[4] is not None else found[5]
                values = [scope[name] for scope in self._scopes if name in scope] or [0]
                shown = values if between is not None else values[-1:]
                pieces.append((between or "").join(_counted(value, found[6] or "decimal") for value in shown))
        return "".join(pieces)


def _named(value: str, default: int) -> list[tuple[str, int]]:
    """`a 2 b` → a with 2, b with the default."""
    return [(name, int(number or default)) for name, number in _NAMED.findall(value) if name != "none"]


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[2] or ""


def _counted(value: int, kind: str) -> str:
    if kind in _LETTERS and 1 <= value <= len(LATIN):
        return LATIN[value - 1].upper() if kind.startswith("upper") else LATIN[value - 1]
    if kind in _ROMAN and 1 <= value < 40:
        return roman(value).upper() if kind.startswith("upper") else roman(value)
    return arabic_indic(str(value)) if kind == "arabic-indic" else str(value)
