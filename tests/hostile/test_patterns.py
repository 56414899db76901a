"""Every regular expression in the code takes time in proportion to its input, on the worst that it can be given.

They are looked for where they stand (`re.compile`, `re.sub` and the like, anywhere in the packages) and where they end
up (modules, containers, classes); one that is built where this test cannot see it fails it.
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

from tests.support.paths import ROOT
from tests.support.pumped import Run, attacks, every_match, slow_on

PACKAGES = ("corpus", "index", "service", "eval")
_AT_ANY_PLACE = frozenset(("search", "findall", "finditer", "split", "sub", "subn"))
_FROM_THE_START = frozenset(("match", "fullmatch"))
_METHODS = _AT_ANY_PLACE | _FROM_THE_START
_UNKNOWN = "word"  # in the place of what is only known at run time
_DEEP = 3


@dataclass(frozen=True)
class Expression:
    """A regular expression of the code, where it stands, and the methods it is used by."""

    place: str
    pattern: re.Pattern[Any]
    methods: set[str] = field(default_factory=set)

    @property
    def runs(self) -> Mapping[str, Run]:
        """What to time: a search at every place, or from the start alone; both where nothing is known."""
        methods = self.methods or _METHODS
        runs: dict[str, Run] = {name: getattr(self.pattern, name) for name in sorted(methods & _FROM_THE_START)}
        return runs | ({"search": every_match(self.pattern)} if methods & _AT_ANY_PLACE else {})


@cache
def modules() -> Mapping[str, ModuleType]:
    """Every module of the packages."""
    names = [info.name for package in PACKAGES for info in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")]
    return {name: importlib.import_module(name) for name in (*PACKAGES, *names)}


def trees() -> Iterator[tuple[ModuleType, ast.Module]]:
    """Each module with its syntax tree."""
    for module in modules().values():
        if module.__file__:
            yield module, ast.parse(Path(module.__file__).read_text("utf-8"))


# ------------------------------------------------------------------------------------------------ where they end up


def _held(value: object, place: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions in a value: itself, or in containers, classes, and functions that make one of nothing."""
    if isinstance(value, re.Pattern):
        yield place, value
    elif depth >= _DEEP:
        return
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _held(inner, f"{place}[{key!r}]", depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for number, inner in enumerate(value):
            yield from _held(inner, f"{place}[{number}]", depth + 1)
    elif isinstance(value, type):
        for name, inner in list(vars(value).items()):
            yield from _held(inner, f"{place}.{name}", depth + 1)
    elif callable(value) and getattr(value, "__annotations__", {}) == {"return": "re.Pattern[str]"}:
        yield from _held(value(), f"{place}()", depth + 1)


def held() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every expression that a module holds, and by which name."""
    for name, module in modules().items():
        for key, value in list(vars(module).items()):
            if getattr(value, "__module__", name).split(".")[0] in PACKAGES or not callable(value):
                yield from _held(value, f"{name}.{key}")


# ------------------------------------------------------------------------------------------------- where they stand


def written() -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Every expression that a call of `re` has, its place, and the call's name; fails at one that cannot be read."""
    for module, tree in trees():
        at_top = {id(node) for statement in tree.body if not _is_definition(statement) for node in ast.walk(statement)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if not _is_re(call.func) or method not in _METHODS | {"compile"}:
                continue
            source, place = _value(call.args[0], module), f"{module.__name__}:{call.lineno}"
            if source is None:
                assert id(call) in at_top, f"{place}: no test sees what this pattern is; give it a name in the module"
                continue
            flags = [
                *(call.args[1:] if method == "compile" else ()),
                *(k.value for k in call.keywords if k.arg == "flags"),
            ]
            yield place, re.compile(source, *(_value(flag, module) for flag in flags)), method


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _is_re(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


def _value(node: ast.expr, module: ModuleType) -> Any:
    """What an expression is at import; `_UNKNOWN` stands for what a format string takes from elsewhere."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(_value(part, module) or _UNKNOWN) for part in node.values)
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    try:
        return eval(compile(ast.Expression(inner), "", "eval"), vars(module))  # noqa: S307 - the code's own words
    except NameError:
        return None


def methods() -> Mapping[str, set[str]]:
    """The methods that are called on what has a name, by module and name where it is the module's own."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _METHODS:
                name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                found[f"{module.__name__}.{name}" if name.startswith("_") else name].add(node.attr)
    return found


@cache
def expressions() -> Mapping[tuple[str | bytes, int], Expression]:
    """Every expression of the packages, each once."""
    found: dict[tuple[str | bytes, int], Expression] = {}
    used = methods()
    for place, pattern in held():
        expression = found.setdefault((pattern.pattern, pattern.flags), Expression(place, pattern))
        name = place.rpartition(".")[2]
        expression.methods.update(used.get(place if name.startswith("_") else name, ()))
    for place, pattern, method in written():
        expression = found.setdefault((pattern.pattern, pattern.flags), Expression(place, pattern))
        expression.methods.update({method} - {"compile"})
    return found


def test_every_expression_is_linear() -> None:
    """Tried by hand: with `\\s*` put before `_WORD` of followup.py, "…" is reported."""
    slow = [
        f"{e.place}, {name}, {e.pattern.pattern!r}: {found}"
        for e in expressions().values()
        for name, run in e.runs.items()
        if (found := slow_on(run, attacks(e.pattern), isinstance(e.pattern.pattern, bytes)))
    ]
    assert not slow, "\n".join(slow)
