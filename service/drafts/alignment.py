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

    `similarity`, 0 to 1, is 2 · common / (words given + words there), without punctuation and what may be left out.
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
            there += count_words(b)
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
    """The runs of common words, in order, from the stretch of the paragraph that most words point to."""
    at = 0
    if ANYWHERE not in joints.values():
        places: dict[str, list[int]] = defaultdict(list)
        for j, key in enumerate(true):
            places[key].append(j)
        votes: Counter[int] = Counter()
        for i, key in enumerate(given):
            votes.update(j - i for j in places.get(key, ()))
        if not votes:
            return []
        slack = 2 + len(given) // 4
        offset = max(votes, key=lambda d: (votes[d - 1] + 2 * votes[d] + votes[d + 1], -d))
        at = max(0, offset - slack)
        true = true[at : offset + len(given) + slack]
    matcher = SequenceMatcher(None, given, true, autojunk=False)
    blocks = [(i, j + at, size) for i, j, size in matcher.get_matching_blocks() if size]
    while len(blocks) > 1 and _astray(blocks[0], blocks[0], blocks[1], joints):
        del blocks[0]
    while len(blocks) > 1 and _astray(blocks[-1], blocks[-2], blocks[-1], joints):
        del blocks[-1]
    return blocks


def _astray(outer: _Block, before: _Block, after: _Block, joints: Joints) -> bool:
    """Whether the outermost run is a chance find: it has half the words, or fewer, that are missing beside it."""
    given_gap = after[0] - before[0] - before[2]
    true_gap = after[1] - before[1] - before[2]
    if any(before[0] + before[2] <= joint <= after[0] for joint in joints):
        return False
    return true_gap - given_gap > 2 * outer[2]


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
