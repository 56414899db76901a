"""How letters of two scripts stand in a line: Unicode's bidirectional algorithm (Standard Annex #9, revision 50).

    levels("فقرة 21 (k)", 1)       → 1 for what runs from right to left, 2 for what runs from left to right within it
    visual([1, 2, 1])              → the places from left to right: [2, 1, 0]

Characters that order text without being seen (embeddings, overrides, isolates) count as neutral: stored text has none
to speak of. `corpus/readers/pages/bidi.py` goes the other way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_BRACKETS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "〈": "〉", "⁅": "⁆"}
_NUMBERS, _STRONG = frozenset(("EN", "AN")), frozenset(("L", "R"))
_MARK = "NSM"  # one above or below a letter
_MOST_OPEN = 63  # brackets, as the annex has it


def levels(text: str, base: int) -> list[int]:
    """The level of each character in a paragraph that runs from left to right (base 0) or from right to left (1).

    >>> levels("فقرة 21", 1)
    [1, 1, 1, 1, 1, 2, 2]
    >>> levels("(k) of", 1)
    [1, 2, 1, 1, 2, 2]
    """
    start = "R" if base else "L"
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    _weak(kinds, start)
    _bracketed(text, kinds, start)
    _neutral(kinds, start)
    return [_level(kind, base) for kind in kinds]


def visual(found: Sequence[int]) -> list[int]:
    """The places from left to right of what stands in a line at these levels (rule L2).

    >>> visual([0, 1, 1, 0])
    [0, 2, 1, 3]
    """
    order = list(range(len(found)))
    for level in range(max(found, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and found[order[end]] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = max(end, at + 1)
    return order


def _level(kind: str, base: int) -> int:
    if kind == "L":
        return base + base % 2
    if kind == "R":
        return base + 1 - base % 2
    return base + 2 - base % 2  # a number


def _weak(kinds: list[str], start: str) -> None:
    """Rules W1 to W7: what marks, numbers and the signs beside them are."""
    _numbers_of_arabic(kinds, start)
    for at in range(1, len(kinds) - 1):
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and before in _NUMBERS and (kind == "CS" or (kind == "ES" and before == "EN")):
            kinds[at] = before
    _beside_numbers(kinds)
    strong = start
    for at, kind in enumerate(kinds):
        if kind == "EN" and strong == "L":
            kinds[at] = "L"
        elif kind in {"L", "R", "AL"}:
            kinds[at] = strong = "L" if kind == "L" else "R"
        elif kind not in _NUMBERS:
            kinds[at] = "ON"


def _numbers_of_arabic(kinds: list[str], start: str) -> None:
    """Rules W1 and W2: a mark is of its letter, and a number after Arabic letters of theirs."""
    before = strong = start
    for at, kind in enumerate(kinds):
        if kind == _MARK:
            kinds[at] = before
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
        before = kinds[at]
        if kind in {"L", "R", "AL"}:
            strong = kind


def _beside_numbers(kinds: list[str]) -> None:
    """Rule W5: signs such as % are of the European number that they stand beside."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > at and "EN" in (kinds[at - 1] if at else "", kinds[end] if end < len(kinds) else ""):
            kinds[at:end] = ["EN"] * (end - at)
        at = end + 1


def _bracketed(text: str, kinds: list[str], start: str) -> None:
    """Rule N0: a pair of brackets is of the direction of what it holds, or of what stands before it."""
    before, seen = start, 0
    for opening, closing in sorted(_pairs(text, kinds)):
        before = next((s for kind in reversed(kinds[seen:opening]) if (s := _strength(kind)) in _STRONG), before)
        seen = opening
        inside = {_strength(kind) for kind in kinds[opening + 1 : closing]} & _STRONG
        if start in inside:
            found = start
        elif inside:
            found = before if before in inside else start
        else:
            continue
        kinds[opening] = kinds[closing] = found


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in _BRACKETS:
            if len(opened) == _MOST_OPEN:
                break
            opened.append((_BRACKETS[character], at))
            continue
        for depth in range(len(opened) - 1, -1, -1):
            if opened[depth][0] == character:
                found.append((opened[depth][1], at))
                del opened[depth:]
                break
    return found


def _neutral(kinds: list[str], start: str) -> None:
    """Rules N1 and N2: what is neutral goes with its sides where they agree, and with the paragraph where not."""
    at, before = 0, start
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        after = _strength(kinds[end]) if end < len(kinds) else start
        kinds[at:end] = [before if before == after else start] * (end - at)
        before, at = after, end + 1


def _strength(kind: str) -> str:
    """A number counts as running from right to left beside what is neutral."""
    return "R" if kind in _NUMBERS else kind
