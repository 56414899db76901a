"""Parts of a text that are named by their place: what a question counts, and no number says.

    "the second sentence of paragraph 9"     → the sentence 2
    "آخر فقرة فرعية من الفقرة ٢١"             → the sub-paragraph -1, the last
    "the last two paragraphs"                → the paragraphs -2 and -1

"The ninth paragraph" is a number: `corpus.refs.find_refs` reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.refs.numerals import fold_each, spelled_number
from corpus.refs.pieces import ORDINAL_ENDINGS
from corpus.refs.tokens import Token, tokenize

Unit = Literal["paragraph", "sub", "sentence"]
_MOST = 40  # of what is counted at once
_IN_A_ROW = 8  # ordinals of one list: a longer one is read again from each of them

_SENTENCES = frozenset(
    fold_each("sentence sentences جملة الجملة جملتان جملتين الجملتان الجملتين جمل الجمل").text.split()
)
_TWO = tuple(fold_each("فقرتان فقرتين جملتان جملتين").text.split())
_FIRST = frozenset(fold_each("first أول الأولى الأوليان الأوليين").text.split())
_LAST = frozenset(fold_each("last final آخر الأخيرة الأخير أخيرة الأخيرتان الأخيرتين الأخيرات").text.split())
_FROM_THE_END: tuple[tuple[int, tuple[frozenset[str], ...]], ...] = (
    (-2, (_LAST, frozenset(["but"]), frozenset(["one"]))),
    (-2, (frozenset(["next"]), frozenset(["to"]), _LAST)),
    (-2, (frozenset(["قبل"]), _LAST)),
    (-2, (frozenset(["penultimate"]),)),
    (-1, (_LAST,)),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted at `text[start:end]`: `places` from 1, or from -1 where they are counted from the end."""

    unit: Unit
    places: tuple[int, ...]
    start: int
    end: int


def find_counted(text: str) -> tuple[Counted, ...]:
    """What a text counts, in order.

    >>> [(each.unit, each.places) for each in find_counted("the last sentence of the second subparagraph")]
    [('sentence', (-1,)), ('sub', (2,))]
    """
    tokens, found, at = tokenize(text), list[Counted](), 0
    while tokens[at].kind != "end":
        places, after = _counted_before(text, tokens, at) or _counted_after(text, tokens, at) or ((), at + 1)
        unit = next((_unit(token) for token in tokens[at:after] if _unit(token)), None)
        if places and unit and not (unit == "paragraph" and places[0] > 0 and len(places) == 1):
            found.append(Counted(unit, places, tokens[at].start, tokens[after - 1].end))
        at = after
    return tuple(found)


_Read = tuple[tuple[int, ...], int]
"""The places, and where the tokens that say them end."""


def _counted_before(text: str, tokens: Sequence[Token], at: int) -> _Read | None:
    """Read `second sentence`, `first and last sentences`, `last two paragraphs`, `ثاني جملة`, `آخر جملتين`."""
    places, end = _ordinals(tokens, at)
    if not places:
        return None
    if len(places) == 1 and places[0] in (1, -1):
        count, after = _cardinal(tokens, end)
        if count and _unit(tokens[after]):
            return _run(places[0], count), after + 1
        if _unit(tokens[end]) and _is_two(text, tokens[end]):
            return _run(places[0], 2), end + 1
    return (places, end + 1) if _unit(tokens[end]) else None


def _counted_after(text: str, tokens: Sequence[Token], at: int) -> _Read | None:
    """Read `الجملة الثانية`, `الجملتان الأخيرتان`, `الفقرات الثلاث الأولى`, `sentence 2`, `الجملة رقم ٢`."""
    unit = _unit(tokens[at])
    if unit is None:
        return None
    end = at + 1 + (tokens[at + 1].kind == "no")
    count, after = _cardinal(tokens, end)
    places, last = _ordinals(tokens, after if count else end)
    is_arabic = tokens[last - 1].text.startswith("ال")  # "the sentence second" is no English
    if is_arabic and places in ((1,), (-1,)) and (count or _is_two(text, tokens[at])):
        return _run(places[0], count or 2), last
    if count and unit != "paragraph":
        return _counts(tokens, end)
    return (places, last) if is_arabic and places and not count else None


def _counts(tokens: Sequence[Token], at: int) -> _Read:
    """Read the numbers of `sentences 2 and 3`."""
    places = list[int]()
    count, end = _cardinal(tokens, at)
    while count and len(places) < _IN_A_ROW:
        places.append(count)
        count, after = _cardinal(tokens, end + 1) if tokens[end].kind in ("and", ",") else (0, end)
        end = after if count else end
    return tuple(places), end


def _run(first: int, count: int) -> tuple[int, ...]:
    count = min(count, _MOST)
    return tuple(range(1, count + 1)) if first > 0 else tuple(range(-count, 0))


def _ordinals(tokens: Sequence[Token], at: int) -> _Read:
    """Read `second`, `second and third`, `الثانية والثالثة`."""
    places = list[int]()
    end = at
    while len(places) < _IN_A_ROW:
        skip = end + (bool(places) and tokens[end].kind in ("and", ","))
        place, after = _ordinal(tokens, skip) if skip > end or not places else (0, end)
        if not place:
            break
        places.append(place)
        end = after
    return tuple(places), end


def _ordinal(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Read `2nd`, `second`, `last`, `second to last`, `الثانية`, `قبل الأخيرة` as a place; 0 for none."""
    texts = [token.text for token in tokens[at : at + 4]]
    for place, words in _FROM_THE_END:
        if len(texts) >= len(words) and all(text in said for text, said in zip(texts, words, strict=False)):
            return place, at + len(words)
    if texts[0] in _FIRST:
        return 1, at + 1
    value, end = 0, at
    if tokens[at].kind == "number" and tokens[at + 1].text in ORDINAL_ENDINGS and tokens[at + 1].glued:
        value, end = tokens[at].number(), at + 2
    elif (spelled := spelled_number(texts)) and spelled.ordinal:
        value, end = spelled.value, at + spelled.words
    if value and [token.text for token in tokens[end : end + 2]] == ["to", "last"]:
        return -value, end + 2
    return value, end


def _cardinal(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """Read `2`, `two`, `الثلاث` as a count; 0 for none, and for `2nd`."""
    token = tokens[at]
    if token.kind == "number":
        return (0, at) if tokens[at + 1].runs_on() else (token.number(), at + 1)
    spelled = spelled_number([each.text for each in tokens[at : at + 4]]) if token.kind == "numeral" else None
    return (spelled.value, at + spelled.words) if spelled and not spelled.ordinal else (0, at)


def _unit(token: Token) -> Unit | None:
    if token.kind == "sub":
        return "sub"
    if token.kind == "paragraph":
        return "paragraph"
    return "sentence" if token.text.removeprefix("و") in _SENTENCES else None


def _is_two(text: str, token: Token) -> bool:
    """Whether the word is a dual: جملتين, الفقرتان الفرعيتان."""
    return fold_each(text[token.start : token.end]).text.removeprefix("و").removeprefix("ال").startswith(_TWO)
