"""Two sequences of words that are nearly the same → the steps from one to the other, and how near they are.

align(…, "Member Nations are encouraged", …, "The Member States are encouraged to …")
→ equal Member, replace Nations → States, equal are encouraged; 2 · 3 / (4 + 4) = 0.75
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from corpus.records import Span
from service.drafts.words import Word, count_words

ANYWHERE = 10**6  # words that an ellipsis may stand for: any number
MOST_APART = 1_000  # words of a paragraph on either side of the longest run that are compared
LEFT_OUT = 4  # words that a stretch which a draft leaves out counts for, at most: it is one change, however long
_SHORT = 3  # letters of a word that may stand anywhere
_A_LONG_WORD = 12  # true words that may be left out for each longer one, where there are two or more

Operation = Literal["equal", "insert", "delete", "replace"]
Words = Sequence[Word]
Joints = Mapping[int, int]  # which word begins a piece of the quotation → how many true words may be left out before it


@dataclass(frozen=True, slots=True)
class Change:
    """A step that turns the words given into the true ones. `insert`: the true words alone; `delete`: the given."""

    op: Operation
    given: str
    true: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the words given compare with `span` of the true text.

    `similarity`, 0 to 1, is 2 · common / (words given + words there), without punctuation and what may be left out;
    of a stretch that is left out though it may not be, `LEFT_OUT` words count.
    """

    span: Span
    changes: tuple[Change, ...]
    similarity: float
    common: int


def align(draft: str, given: Words, joints: Joints, text: str, true: Words) -> Alignment | None:
    """Compare the words given, of `draft`, with the stretch of `true`, of `text`, that is most like them."""
    blocks = _blocks([w.text.casefold() for w in given], [w.text.casefold() for w in true], joints)
    if not blocks:
        return None
    (first_i, first_j, _), (last_i, last_j, _) = blocks[0], blocks[-1]
    start, end = max(0, first_j - first_i), min(len(true), last_j + len(given) - last_i)
    changes: list[Change] = []
    there = i = 0
    j = start
    for block_i, block_j, size in [*blocks, (len(given), end, 0)]:
        for a, b in _between(given[i:block_i], true[j:block_j], {k - i: gap for k, gap in joints.items()}):
            changes.append(_change(draft, a, text, b))
            there += min(count_words(b), count_words(a) + LEFT_OUT)
        i, j = block_i + size, block_j + size
        there += count_words(true[block_j:j])
        begins = {k - block_i for k in (0, *joints)}
        for same, a, b in _runs(given[block_i:i], true[block_j:j], begins):
            changes.append(Change("equal" if same else "replace", _slice(draft, a), _slice(text, b)))
    common = sum(count_words(given[i : i + size]) for i, _, size in blocks)
    similarity = 2 * common / max(1, count_words(given) + there)
    return Alignment(Span(true[start].start, true[end - 1].end), tuple(changes), similarity, common)


def _between(given: Words, true: Words, joints: Joints) -> Iterator[tuple[Words, Words]]:
    """What differs between two runs of common words; at a joint, true words beyond the number given are left out."""
    longer = len(true) - len(given)
    joint = next((k for k, gap in joints.items() if 0 <= k <= len(given) and 0 <= longer <= gap), None)
    if joint is None:
        parts = [(given, true)]
    else:
        parts = [(given[:joint], true[:joint]), (given[joint:], true[longer + joint :])]
    yield from ((a, b) for a, b in parts if a or b)


_Block = tuple[int, int, int]  # given[i : i + size] and true[j : j + size] are the same but for case


def _blocks(given: Sequence[str], true: Sequence[str], joints: Joints) -> list[_Block]:
    """The runs of common words, in order: the longest where most words point to, and what fits on either side of it."""
    start, end = 0, len(true)
    if ANYWHERE not in joints.values():
        places: dict[str, list[int]] = defaultdict(list)
        for j, key in enumerate(true):
            places[key].append(j)
        votes: Counter[int] = Counter()
        for i, key in enumerate(given):
            votes.update(j - i for j in places.get(key, ()))
        if not votes:
            return []
        offset = max(votes, key=lambda d: (votes[d - 1] + 2 * votes[d] + votes[d + 1], -d))
        start, end = max(0, offset - _slack(given)), offset + len(given) + _slack(given)
    matcher = SequenceMatcher(None, given, true[start:end], autojunk=False)
    i, at, size = matcher.find_longest_match()
    if not size:
        return []
    j = start + at
    before = _outward(given[:i][::-1], true[:j][::-1], [i - joint for joint in joints])
    after = _outward(given[i + size :], true[j + size :], [joint - i - size for joint in joints])
    return [
        *((i - a - n, j - b - n, n) for a, b, n in reversed(before)),
        (i, j, size),
        *((i + size + a, j + size + b, n) for a, b, n in after),
    ]


def _outward(given: Sequence[str], true: Sequence[str], joints: Sequence[int]) -> list[_Block]:
    """The runs of common words from the longest one on, counted from there; joints are too.

    Where those within reach hold a chance find, those near by are taken.
    """
    far = MOST_APART if joints else len(given) + _allowed(given)
    found: list[_Block] = []
    for reach in (far, len(given) + _slack(given)):
        matcher = SequenceMatcher(None, given, true[:reach], autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        found, i, j = [], 0, 0
        for n, (a, b, size) in enumerate(blocks):
            outer = [word for run in blocks[n:] for word in given[run.a : run.a + run.size]]
            if (b - j) - (a - i) > _allowed(outer) and not any(i <= joint <= a for joint in joints):
                break
            found.append((a, b, size))
            i, j = a + size, b + size
        if len(found) == len(blocks):
            break
    return found


def _allowed(words: Sequence[str]) -> int:
    """How many true words may be left out before some that are common; after more those are a chance find.

    Who leaves out a clause keeps words of some length on both sides of it; "of the" stands anywhere.
    """
    long = sum(len(word) > _SHORT for word in words)
    return _A_LONG_WORD * long if long > 1 else 2 * len(words)


def _slack(given: Sequence[str]) -> int:
    return 2 + len(given) // 4


def _runs(given: Words, true: Words, begins: Collection[int]) -> Iterator[tuple[bool, Words, Words]]:
    """Runs of common words whose case is the same, or not; at a beginning it may differ."""
    for same, group in groupby(range(len(given)), lambda n: given[n].text == true[n].text or n in begins):
        numbers = list(group)
        part = slice(numbers[0], numbers[-1] + 1)
        yield same, given[part], true[part]


def _change(draft: str, given: Words, text: str, true: Words) -> Change:
    op: Operation = "replace" if given and true else "delete" if given else "insert"
    return Change(op, _slice(draft, given), _slice(text, true))


def _slice(text: str, words: Words) -> str:
    return " ".join(text[words[0].start : words[-1].end].split()) if words else ""
