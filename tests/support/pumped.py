r"""Inputs that are slow to read, and how long something takes over them.

    attacks(re.compile(r"\s+$")) → Attack("", " ", "x"), …     made of an expression
    UNITS                                                       what people would repeat by hand

A backtracking matcher is slow where it can read one stretch in many ways, and where it begins anew at each place of it.
Both come of repeats: so each repeat is fed what it repeats, behind what leads up to it and before what it cannot go on
with. None of the libraries that look for this serves: regexploit (last released in 2021) and redos miss what takes
quadratic time, and what begins anew.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from tests.support.pace import slowness

_parser, _compiler = re._parser, re._compiler  # type: ignore[attr-defined]  # what `re` itself reads expressions with

# Of a class of characters the first few in this row are tried: what the expressions here tell apart, commonest first.
STOCK = " a1.\nAو(?,-[\"'“/;:؟،)]’*_\t«=#٣|>\\x\u0301\u00a0漢\u0000"
MEMBERS, SAMPLES = 6, 8  # of a class, and of anything else
MANY = 10  # what is repeated less often costs a constant
ENDS = ("", "x", "\u0000", "\n?")
UNITS = (
    "? |؟ |. |… |…|\"|'|“|” |«a» |‘a’ |((|)]|[|[1(a)|[9] |21(a)|(a), |1-1-|1, |9-11, |para. 9 |الفقرة |and |, and |،و|"
    "، و |A/A/|A/1.|- |—|a\u0301|بً|ـ|Aa |Aa of |Mr. |a.b.|http://a.b/|a|ا|ال|who and |من |ﷺ|²|🙂|漢 |a’s |> |\n|\t|"
    "the … of [a] "
).split("|")
"""What is repeated in pumped questions and drafts."""
# From 2,000 to 20,000 characters time grows 10-fold where it is linear and 100-fold where it is quadratic.
SMALL, LARGE, MOST_GROWTH = 2_000, 20_000, 33
_LENGTHS = (25, 35, 50, 100, 200, 500, SMALL, LARGE)  # an exponential one shows before it takes for ever
_FLOOR_S = 0.01  # what takes less is no matter, and no measure
Node = tuple[Any, Any]
Run = Callable[[Any], object]
"""What reads a text: a method of an expression, or a function."""


@dataclass(frozen=True, slots=True)
class Attack:
    """`before`, then `unit` as often as there is room for, then `after`."""

    before: str
    unit: str
    after: str

    def text(self, length: int) -> str:
        """So many characters of it.

        >>> Attack("<", "ab", ">").text(8)
        '<ababab>'
        """
        times = max(1, (length - len(self.before) - len(self.after)) // len(self.unit))
        return self.before + self.unit * times + self.after


def attacks(pattern: re.Pattern[Any]) -> tuple[Attack, ...]:
    """Every input that the expression's repeats give cause for, each once."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    reader = _Reader(_parser.parse(source, flags & ~re.DEBUG), flags)
    pumps = dict.fromkeys(pump for pump in reader.pumps() if pump[1])
    return tuple(Attack(before, unit, after) for (before, unit), after in product(pumps, ENDS))


class _Reader:
    """Reads a parsed expression for what it matches, roughly: what it looks at counts as what it takes."""

    def __init__(self, parsed: Sequence[Node], flags: int) -> None:
        self._parsed = parsed
        self._flags = flags
        self._groups: dict[int, list[str]] = {}

    def pumps(self) -> Iterator[tuple[str, str]]:
        """What leads up to each repeat, and what it repeats; then every beginning of a match, over and over."""
        yield from self._repeats(self._parsed, [""])
        for branch in self._branches(self._parsed):
            for length in range(1, len(branch) + 1):
                yield from (("", sample) for sample in self._sequence(branch[:length]))

    def _branches(self, nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
        if len(nodes) == 1 and nodes[0][0] is _parser.BRANCH:
            yield from nodes[0][1][1]
        else:
            yield nodes

    def _repeats(self, nodes: Sequence[Node], before: list[str]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            kind, value = node
            inner = self._inner(node)
            for each in inner:
                yield from self._repeats(each, before)
            if kind in _REPEATS and value[1] >= MANY:
                samples = [sample for each in inner for sample in self._sequence(each)]
                yield from product(before[:2], samples)
                yield from (("", a + b) for a, b in product(before[:2], samples))
                yield from product(before[:1], ("".join(pair) for pair in product(samples[:3], repeat=2)))
            before = [a + b for a, b in islice(product(before, self._samples(node)), SAMPLES)]

    @staticmethod
    def _inner(node: Node) -> list[Sequence[Node]]:
        kind, value = node
        if kind is _parser.BRANCH:
            return list(value[1])
        if kind in _REPEATS:
            return [value[2]]
        if kind is _parser.SUBPATTERN:
            return [value[3]]
        if kind in (_parser.ASSERT, _parser.ASSERT_NOT):
            return [value[1]]
        return [value] if kind is _parser.ATOMIC_GROUP else []

    def _sequence(self, nodes: Sequence[Node]) -> list[str]:
        found = [""]
        for node in nodes:
            found = [a + b for a, b in islice(product(found, self._samples(node)), SAMPLES)]
        return list(dict.fromkeys(found))

    def _samples(self, node: Node) -> list[str]:
        """A few texts that the node matches."""
        kind, value = node
        if kind is _parser.LITERAL:
            return [chr(value)]
        if kind in (_parser.NOT_LITERAL, _parser.ANY, _parser.IN):
            return self._members(node)
        if kind is _parser.GROUPREF:
            return self._groups.get(value, [""])
        inner = [self._sequence(each) for each in self._inner(node)]
        samples = [sample for row in zip(*inner, strict=False) for sample in row] or [""]
        samples += [sample for each in inner for sample in each[:2]]
        if kind in _REPEATS:
            samples = [sample * max(value[0], 1) for sample in samples] + ([""] if not value[0] else [])
        elif kind is _parser.SUBPATTERN and value[0] is not None:
            self._groups[value[0]] = samples
        elif kind is _parser.ASSERT_NOT:
            samples = [""]
        return list(dict.fromkeys(samples))[:SAMPLES]

    def _members(self, node: Node) -> list[str]:
        own = "".join(_literals(node[1])) if node[0] is _parser.IN else ""
        single = _compiler.compile(self._wrapped(node), self._flags & ~re.DEBUG)
        return [c for c in dict.fromkeys(own[:2] + STOCK) if single.fullmatch(c)][:MEMBERS] or [""]

    def _wrapped(self, node: Node) -> Any:
        return _parser.SubPattern(self._parsed.state, [node])  # type: ignore[attr-defined]


_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)


def _literals(members: Iterable[Node]) -> Iterator[str]:
    for kind, value in members:
        if kind is _parser.LITERAL:
            yield chr(value)
        elif kind is _parser.RANGE:
            yield chr(value[0])


def every_match(pattern: re.Pattern[Any]) -> Run:
    """Find all matches: what `findall`, `sub`, `split` and, where nothing matches, `search` come to."""
    return lambda text: sum(1 for _ in pattern.finditer(text))


@dataclass(frozen=True, slots=True)
class Slow:
    """An input that takes longer than its length accounts for."""

    attack: Attack
    length: int
    seconds: float

    def __str__(self) -> str:
        """`'' + ' ' × n + 'x': 20,000 characters take 1.250 s`."""
        a = self.attack
        return f"{a.before!r} + {a.unit!r} × n + {a.after!r}: {self.length:,} characters take {self.seconds:.3f} s"


def slow_on(run: Run, tried: Iterable[Attack], encoding: str | None = None) -> Slow | None:
    """The first of the inputs on which time grows faster than length, or None; as bytes where there is an encoding."""
    for attack in tried:
        before = 0.0
        for length in _LENGTHS:
            text = attack.text(length)
            given = text.encode(encoding, "replace") if encoding else text
            took = _seconds(run, given)
            if length == SMALL and took < _FLOOR_S / 20:
                break  # were it quadratic, this would take three times as long
            too_long = length < SMALL or (length == LARGE and took > MOST_GROWTH * before)
            if took > _FLOOR_S and too_long and (took := _again(run, given, took)) > _FLOOR_S * slowness():
                return Slow(attack, length, took)
            before = took
    return None


def _again(run: Run, given: str | bytes, took: float) -> float:
    """The least of three tries, unless the first one leaves no doubt."""
    return took if took > 20 * _FLOOR_S else min(took, _seconds(run, given), _seconds(run, given))


def _seconds(run: Run, given: str | bytes) -> float:
    started = time.thread_time()
    run(given)
    return time.thread_time() - started
