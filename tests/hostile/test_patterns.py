"""Every regular expression in the code takes time in proportion to its input, on the worst that it can be given.

They are looked for where they stand (`re.compile`, `re.sub` and the like, anywhere in the packages) and where they end
up (in modules, containers and classes); one that is built where neither finds it fails the test.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.paths import ROOT
from tests.support.pumped import UNITS, Attack, Run, attacks, every_match, slow_on

PACKAGES = ("fiqra", "corpus", "index", "service", "eval")
_ANYWHERE = frozenset(("search", "findall", "finditer", "split", "sub", "subn"))
_FROM_THE_START = frozenset(("match", "fullmatch"))
_METHODS = _ANYWHERE | _FROM_THE_START
_UNKNOWN = "word"  # in the place of what only a call knows
_DEEP = 3
Found = Iterator[tuple[str, "re.Pattern[Any]"]]
"""Expressions, each with the place where it was found."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression of the code, where it stands, and the methods it is used by."""

    place: str
    pattern: re.Pattern[Any]
    methods: set[str] = field(default_factory=set)

    @property
    def runs(self) -> Mapping[str, Run]:
        """What to time: a search through the text, a match from its start; both where its uses are not known."""
        methods = self.methods or _METHODS
        runs: dict[str, Run] = {name: getattr(self.pattern, name) for name in sorted(methods & _FROM_THE_START)}
        return runs | ({"search": every_match(self.pattern)} if methods & _ANYWHERE else {})

    def faults(self) -> Iterator[str]:
        """What it is slow on, once a use."""
        encoding = "latin-1" if isinstance(self.pattern.pattern, bytes) else None
        tried = [*attacks(self.pattern), *(Attack("", unit, end) for unit in UNITS for end in ("", "x"))]
        for name, run in self.runs.items():
            if slow := slow_on(run, tried, encoding):
                yield f"{self.place}, {name}, {self.pattern.pattern!r}: {slow}"


@cache
def modules() -> Mapping[str, ModuleType]:
    """Every module of the packages."""
    names = [info.name for package in PACKAGES for info in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")]
    return {name: importlib.import_module(name) for name in (*PACKAGES, *names)}


@cache
def trees() -> tuple[tuple[ModuleType, ast.Module], ...]:
    """Each module with its syntax tree."""
    return tuple((m, ast.parse(Path(m.__file__).read_text("utf-8"))) for m in modules().values() if m.__file__)


# ------------------------------------------------------------------------------------------------ where they end up


def held_by_modules() -> Found:
    """Every expression that a module holds, and by which name."""
    for name, module in modules().items():
        for key, value in list(vars(module).items()):
            yield from _held(value, f"{name}.{key}")


def _held(value: object, place: str, depth: int = 0) -> Found:
    """The expressions in a value: itself, or in containers, our classes, and functions that make one of nothing."""
    inner: Mapping[Any, object] = {}
    if isinstance(value, re.Pattern):
        yield place, value
    elif depth >= _DEEP:
        return
    elif isinstance(value, Mapping):
        inner = value
    elif isinstance(value, list | tuple | set | frozenset):
        inner = dict(enumerate(value))
    elif getattr(value, "__module__", "").partition(".")[0] in PACKAGES:
        if isinstance(value, type):
            inner = vars(value)
        elif callable(value) and getattr(value, "__annotations__", {}) == {"return": "re.Pattern[str]"}:
            yield from _held(value(), f"{place}()", depth + 1)
    for key, each in list(inner.items()):
        yield from _held(each, f"{place}.{key}" if isinstance(value, type) else f"{place}[{key!r}]", depth + 1)


# ------------------------------------------------------------------------------------------------- where they stand


def written_in_calls() -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Every expression that a call of `re` has, with the call's place and name."""
    for module, tree in trees():
        tops = [statement for statement in tree.body if not isinstance(statement, _DEFINITIONS)]
        at_import = {id(node) for top in tops for node in ast.walk(top)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) != "re":
                continue
            method, place = call.func.attr, f"{module.__name__}:{call.lineno}"
            if method not in _METHODS | {"compile"}:
                continue
            source = _value(call.args[0], module)
            if source is None:  # what is made at import, of other names, is found in the module
                assert id(call) in at_import, f"{place}: no test can see this expression; write it in the call"
                continue
            flags = [k.value for k in call.keywords if k.arg == "flags"] or call.args[1 : 2 * (method == "compile")]
            yield place, re.compile(source, *(_value(flag, module) for flag in flags)), method


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _value(node: ast.expr, module: ModuleType) -> Any:
    """What an expression of the source is at import; None, or `_UNKNOWN` in a string, for what a call decides."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(_value(part, module) or _UNKNOWN) for part in node.values)
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    try:
        return eval(compile(ast.Expression(inner), "", "eval"), vars(module))  # noqa: S307 - our own source
    except NameError:
        return None


@cache
def uses() -> Mapping[str, set[str]]:
    """The methods that are called on what has a name; a name that begins with `_` is one module's own."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _METHODS:
                name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                found[f"{module.__name__}.{name}" if name.startswith("_") else name].add(node.attr)
    return found


@cache
def expressions() -> tuple[Expression, ...]:
    """Every expression of the packages, each once."""
    found: dict[tuple[str | bytes, int], Expression] = {}
    for place, pattern in held_by_modules():
        expression = found.setdefault((pattern.pattern, pattern.flags), Expression(place, pattern))
        name = place.rpartition(".")[2]
        expression.methods.update(uses().get(place if name.startswith("_") else name, ()))
    for place, pattern, method in written_in_calls():
        expression = found.setdefault((pattern.pattern, pattern.flags), Expression(place, pattern))
        expression.methods.update({method} - {"compile"})
    return tuple(found.values())


# ------------------------------------------------------------------------------------------------------------ tests


def test_every_expression_of_the_code_is_linear() -> None:
    """Tried by hand: the former `_SECOND` of service/answering/clauses.py takes 15 s and is named."""
    faults = [fault for expression in expressions() for fault in expression.faults()]
    assert not faults, "\n".join(faults)


def test_expressions_are_found_wherever_they_stand() -> None:
    places = {expression.place for expression in expressions()}
    assert {"service.answering.parting.clauses._ENGLISH", "index.search.wording.answer_types._countries()"} <= places
    assert any(place.startswith("index.search.wording.answer_types._FOUND_PATTERNS[") for place in places)
    assert any(place.startswith("service.generation.proof:") for place in places)  # in a call, of a word
    assert len(places) > 100


@pytest.mark.parametrize(
    "source",
    [
        r"\s+$",  # begins anew at each space
        r"(?<=[?؟])\s+(?=.*[?؟]\W*$)",  # looks ahead from each
        r"^(?:a+)+$",
        r"(?:a|ab|b)*c",
        r"\[\w+\](?:\s*,?\s*\[\w+\])*$",  # one stretch of spaces, read in two ways
        r"x*y?x*y?x*$",
        r"\([^)]*\)",
        r"[.]['\"]*(?:<[^>]*>)*$",
        r"<!--.*?-->",
    ],
)
def test_what_is_slow_is_found(source: str) -> None:
    pattern = re.compile(source)
    assert slow_on(every_match(pattern), attacks(pattern)) is not None


@pytest.mark.parametrize(
    "source", [r"(?<!\s)\s+$", r"[^\W\d_]+(?:['’][^\W\d_]+)?", r"\([^()]*\)", r"\A.*x", r"\A(?:\[\w\]\s*)*$"]
)
def test_what_is_linear_passes(source: str) -> None:
    pattern = re.compile(source)
    assert slow_on(every_match(pattern), attacks(pattern)) is None
