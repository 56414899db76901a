r"""What a regular expression may be slow on, made from the expression itself, and how long it takes over it.

    attacks(re.compile(r"\s+$")) → " " × n + "x", …

A backtracking matcher is slow where it can read the same stretch in many ways, or begins anew at each place of it. Both
come of repeats: so each repeat is fed what it repeats, behind what leads up to it and before what it cannot go on with.
None of the libraries that look for this serves: regexploit (its last release is of 2021) and redos find neither what
begins anew nor what takes quadratic time.
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

# Characters of every class that the patterns here tell apart, the commonest first: of a class, the first few are tried.
STOCK = " a1.\nAو(?,-[\"'“/;:؟،)]’*_\t«=#٣|>\\x\u0301\u00a0漢\u0000"
_MEMBERS, _SAMPLES = 6, 8  # of a class, and of anything else
_MANY = 10  # what is repeated less often costs a constant
ENDS = ("", "x", "\u0000", "\n?")
# Growth from 2,000 to 20,000 characters is 10-fold where it is linear and 100-fold where it is quadratic.
SMALL, LARGE, MOST_GROWTH = 2_000, 20_000, 33
_FLOOR_S = 0.01  # what so many characters may take whatever the growth: below it, clocks and caches are measured
Node = tuple[Any, Any]
Text = str | bytes


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
            if kind in _REPEATS and value[1] >= _MANY:
                samples = [sample for each in inner for sample in self._sequence(each)]
                yield from product(before[:2], samples)
                yield from (("", a + b) for a, b in product(before[:2], samples))
                yield from product(before[:1], ("".join(pair) for pair in product(samples[:3], repeat=2)))
            before = [a + b for a, b in islice(product(before, self._samples(node)), _SAMPLES)]

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
            found = [a + b for a, b in islice(product(found, self._samples(node)), _SAMPLES)]
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
        return list(dict.fromkeys(samples))[:_SAMPLES]

    def _members(self, node: Node) -> list[str]:
        own = "".join(_literals(node[1])) if node[0] is _parser.IN else ""
        single = _compiler.compile(self._wrapped(node), self._flags & ~re.DEBUG)
        return [c for c in dict.fromkeys(own[:2] + STOCK) if single.fullmatch(c)][:_MEMBERS] or [""]

    def _wrapped(self, node: Node) -> Any:
        return _parser.SubPattern(self._parsed.state, [node])  # type: ignore[attr-defined]


_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)


def _literals(members: Iterable[Node]) -> Iterator[str]:
    for kind, value in members:
        if kind is _parser.LITERAL:
            yield chr(value)
        elif kind is _parser.RANGE:
            yield chr(value[0])


Run = Callable[[Any], object]
"""A use of an expression: `pattern.search`, or another method."""


def every_match(pattern: re.Pattern[Any]) -> Run:
    """Find all matches, which is what `findall`, `sub`, `split` and `search` come to."""
    return lambda text: sum(1 for _ in pattern.finditer(text))


@dataclass(frozen=True, slots=True)
class Slow:
    """An input on which a use of an expression takes more than its length accounts for."""

    attack: Attack
    length: int
    seconds: float

    def __str__(self) -> str:
        """`{before}{unit × n}{after}: 20,000 characters take 1.25 s`."""
        a = self.attack
        return f"{a.before!r} + {a.unit!r} × n + {a.after!r}: {self.length:,} characters take {self.seconds:.3f} s"


def slow_on(run: Run, found: Iterable[Attack], as_bytes: bool = False) -> Slow | None:
    """The first of the inputs whose cost grows faster than its length, or None."""
    for attack in found:
        last = 0.0
        for length in (25, 100, 500, SMALL, LARGE):  # an exponential one shows before it takes for ever
            text = attack.text(length)
            given = text.encode("latin-1", "replace") if as_bytes else text
            took = _seconds(run, given)
            if length < LARGE and took < _FLOOR_S / 20 and length == SMALL:
                break  # were it quadratic, 20,000 characters would take no more than five floors
            if took > _FLOOR_S and (length < SMALL or (length == LARGE and took > MOST_GROWTH * last)):
                took = took if took > 20 * _FLOOR_S else min(took, _seconds(run, given), _seconds(run, given))
                if took > _FLOOR_S * slowness():
                    return Slow(attack, length, took)
            last = took
    return None


def _seconds(run: Run, text: Text) -> float:
    started = time.thread_time()
    run(text)
    return time.thread_time() - started
