"""Letters as they stand in a printed line → the text in reading order: Unicode's bidirectional algorithm, backwards.

    logical("A/CONF.9/3 ةقيثولا", from left to right, "rtl") → "الوثيقة A/CONF.9/3"

Standard Annex #9 puts text into the order of a line. Several texts may end up in one order; of those the one is taken
that people write: a Latin name and its number are one run, a number before a Latin name in brackets is none of it. A
bracket's shape says little, since producers mirror it or do not: what stands beside it tells if it opens or closes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

Direction = Literal["ltr", "rtl"]

_OPENING, _CLOSING = "([{«‹", ")]}»›"
_PAIRS = {**dict(zip(_OPENING, _CLOSING, strict=True)), **dict(zip(_CLOSING, _OPENING, strict=True))}
_SEPARATORS = ",.:/٫٬"  # between two numbers, one of them joins them (rule W4)
_TERMINATORS = "%‰$€£°#+−-"  # beside a number, one is of it where the number is of a Latin run (rules W5 and W7)
_TRAILING = "-/?&=_#.,:;!"  # beside a Latin run, with white space on the other side: the end of the line cut it there
_MARKERS = "-–—.)"
_AFTER_CLOSING = ".,،؛:;!?؟"
_BESIDE_A_RUN = frozenset((*_TERMINATORS, *_PAIRS, *_TRAILING))
RAISED = "\x00"  # before a piece that is a footnote's mark


def logical(pieces: Sequence[str], direction: Direction) -> list[str]:
    """The pieces of a line, given from left to right, in reading order; in a piece, letters are in reading order.

    >>> "".join(logical(list("ab (ج)"), "rtl"))
    '(ج) ab'
    """
    return brackets_turned(in_order(pieces, direction), direction)


def in_order(pieces: Sequence[str], direction: Direction) -> list[str]:
    """The same, each piece as it was given: brackets may still open where they close."""
    if direction == "rtl":
        return _turned(list(reversed(pieces)))
    kinds = [_kind(piece) for piece in pieces]
    if "R" not in kinds:
        return list(pieces)
    found: list[str] = []
    at = 0
    while at < len(pieces):  # Arabic words within a line from left to right
        if kinds[at] != "R":
            found.append(pieces[at])
            at += 1
            continue
        end = _end_of_arabic(kinds, at)
        found += _turned(list(reversed(pieces[at:end])))
        at = end
    return found


def _end_of_arabic(kinds: Sequence[str], at: int) -> int:
    end = at + 1
    for place in range(at + 1, len(kinds)):
        if kinds[place] == "L":
            break
        if kinds[place] == "R":
            end = place + 1
    return end


def _turned(pieces: list[str]) -> list[str]:
    """Pieces from right to left → in reading order: Latin words and numbers turned round."""
    kinds = "".join(map(_kind, pieces))
    found: list[str] = []
    at = 0
    while at < len(pieces):
        start = at
        while at < len(pieces) and kinds[at] == "O" and pieces[at] in _BESIDE_A_RUN:
            at += 1
        if at == len(pieces) or kinds[at] not in "LNA":
            at = start
            found.append(pieces[at])
            at += 1
            continue
        end = _end_of_run(pieces, kinds, at)
        apart = start == 0 or pieces[start - 1] == " "
        kept = _kept(pieces[start:at], pieces[at:end], apart) if "L" in kinds[at:end] else 0
        found += pieces[start : at - kept]
        start = at - kept
        found += reversed(pieces[start:end])
        at = end
    return found


def _kept(before: Sequence[str], run: Sequence[str], apart: bool) -> int:
    """How many of the signs to the right of a Latin run are of it: `%` of a number, a bracket that opens within it."""
    if apart and all(sign in _TRAILING for sign in before):
        return len(before)
    inside = "".join(run)
    kept = 0
    for sign in reversed(before):
        if sign in _PAIRS:
            if (inside.count(sign) + inside.count(_PAIRS[sign])) % 2 == 0:
                break
            inside += sign
        elif sign not in _TERMINATORS or not run[0].isdecimal():
            break
        kept += 1
    return kept


def _end_of_run(pieces: Sequence[str], kinds: str, at: int) -> int:
    """Where a run from left to right ends, going from right to left."""
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
        number_first = kinds[end - 1] in "NA" and "L" not in kinds[at:end]
        if not _is_one_run(pieces[end:after], kinds[end - 1], kinds[after], at == 0, number_first):
            break
        end = after + 1
    return end


def _is_one_run(between: Sequence[str], right: str, left: str, at_start: bool, number_first: bool) -> bool:
    """Whether what stands to the right and to the left of these pieces is one run from left to right."""
    text = "".join(between)
    if right == left == "L" or (right == "L" and left in "NA"):
        return True
    if left == "L" and number_first:
        # Read from the right, a number comes first: of the paragraph, or of the sentence before a name in brackets.
        if at_start and text[0] in _MARKERS and " " in text:
            return False
        return not (between[-1] in _PAIRS and text[0] == " ")
    if "L" in right + left:
        return True
    # After an Arabic letter a European number counts as an Arabic one (rule W2), so a hyphen does not join two.
    return not number_first if len(between) != 1 else text in _SEPARATORS or not number_first


def _kind(piece: str) -> str:
    """`L` and `R` for letters, `N` and `A` for digits, `O` for the others."""
    character = piece.removeprefix(RAISED)[:1]
    if character.isascii() and character.isdigit():
        return "N"
    if character.isdecimal():
        return "A"
    category = unicodedata.bidirectional(character) if character else ""
    return {"L": "L", "R": "R", "AL": "R", "NSM": "R"}.get(category, "O")


def brackets_turned(pieces: Sequence[str], direction: Direction) -> list[str]:
    """The brackets of a line, each as it opens or closes; one with letters on both sides closes what is open.

    A line without Arabic letters stays as it is.
    """
    found = list(pieces)
    if direction == "ltr" and "R" not in map(_kind, pieces):
        return found
    depth = dict.fromkeys(_OPENING, 0)
    for at, piece in enumerate(pieces):
        if piece not in _PAIRS:
            continue
        opening = piece if piece in _OPENING else _PAIRS[piece]
        before = found[at - 1] if at else " "
        after = pieces[at + 1] if at + 1 < len(pieces) else " "
        may_open = (before.isspace() or before in _OPENING) and not after.isspace()
        may_close = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING or after in _PAIRS)
        opens = may_open if may_open != may_close else not depth[opening]
        found[at] = opening if opens else _PAIRS[opening]
        depth[opening] = depth[opening] + 1 if opens else max(0, depth[opening] - 1)
    return found
