"""What the style sheets within a page say of an element: whether it is seen, and what a browser writes before it.

    Sheet.of(["li::before { content: counter(n) '. ' } .draft { display: none }"])

Read are the few properties that change which words people see. A selector that cannot be judged without a browser
(`:hover`, `:nth-child`) matches nothing, and rules for paper or for a width of the window are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

READ = frozenset(
    (
        *("display", "visibility", "text-decoration", "text-decoration-line", "list-style", "list-style-type"),
        *("counter-reset", "counter-increment", "counter-set", "content", "mso-hide"),
    )
)
MAX_RULES = 4_000
MAX_CHECKS = 3_000_000  # of a selector against an element: seconds
MAX_DEPTH = 8  # of blocks in each other

_BRACE = re.compile(r"[{}]")
_DECLARATION = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^;\"'])+")
_STEP = re.compile(r"\s*([>+~]|\s)\s*")
_COMPOUND = re.compile(r"(?P<tag>[\w-]+|\*)?(?P<rest>(?:[.#][\w-]+|\[[^\]]*\])*)(?P<pseudo>::?before)?")
_PART = re.compile(r"([.#])([\w-]+)|\[\s*([\w-]+)\s*(?:=\s*+[\"']?([^\"'\[\]]*+)[\"']?)?\]")
_PLAIN_MEDIA = re.compile(r"(?:only\s+)?(?:screen|all)?")

Declarations = Mapping[str, str]


class TooMuchStyle(Exception):
    """A page's style sheets take longer to apply than any page's do."""


@dataclass(frozen=True, slots=True)
class _Compound:
    """One element of a selector: `ol.list#a[hidden]`; `combinator` is what parts it from the one before."""

    combinator: str
    tag: str
    classes: tuple[str, ...]
    identifier: str
    attributes: tuple[tuple[str, str | None], ...]

    def matches(self, element: Any) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.identifier and element.get("id") != self.identifier:
            return False
        if self.classes and not set(self.classes) <= set(str(element.get("class", "")).split()):
            return False
        return all(
            (found := element.get(name)) is not None and value in {None, found} for name, value in self.attributes
        )

    @property
    def key(self) -> str:
        """What an element must have to match: looked up before anything is compared."""
        return f"#{self.identifier}" if self.identifier else f".{self.classes[0]}" if self.classes else self.tag

    @property
    def weight(self) -> tuple[int, int, int]:
        return bool(self.identifier), len(self.classes) + len(self.attributes), bool(self.tag)


@dataclass(frozen=True, slots=True)
class _Rule:
    steps: tuple[_Compound, ...]
    before: bool
    declarations: Declarations
    order: tuple[int, ...]


@dataclass(slots=True)
class Sheet:
    """The rules of a page, found by what the element that they are about must have."""

    _rules: dict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    _number: int = 0
    _checks: int = 0

    @classmethod
    def of(cls, styles: Iterable[str]) -> Sheet:
        """The rules of these style sheets. Raises TooMuchStyle."""
        sheet = cls()
        for style in styles:
            for selectors, body in _blocks(_without_comments(style)):
                declarations = declarations_of(body)
                if declarations:
                    sheet._add(selectors, declarations)
        return sheet

    @property
    def writes(self) -> bool:
        """Whether any rule writes text before an element or counts."""
        names = {"content", "counter-reset", "counter-increment", "counter-set"}
        return any(names & rule.declarations.keys() for rules in self._rules.values() for rule in rules)

    def style(self, element: Any, *, before: bool = False) -> dict[str, str]:
        """What holds for an element, or for what is written before it; its own attribute last. Raises TooMuchStyle."""
        own = str(element.get("style", ""))
        found: list[_Rule] = []
        if self._rules:
            keys = ["", str(element.tag), f"#{element.get('id')}"]
            keys += [f".{name}" for name in set(str(element.get("class", "")).split())]
            for key in keys:
                found += [
                    rule for rule in self._rules.get(key, ()) if rule.before == before and self._fits(rule, element)
                ]
        style: dict[str, str] = {}
        important: dict[str, str] = {}
        for rule in sorted(found, key=lambda rule: rule.order):
            _apply(rule.declarations, style, important)
        if own and not before:
            _apply(declarations_of(own), style, important)
        return style | important

    def _add(self, selectors: str, declarations: Declarations) -> None:
        for selector in selectors.split(","):
            parsed = _selector(selector.strip())
            if parsed is None:
                continue
            self._number += 1
            if self._number > MAX_RULES:
                raise TooMuchStyle
            steps, before = parsed
            weight = tuple(map(sum, zip(*(step.weight for step in steps), strict=True)))
            rule = _Rule(steps, before, declarations, (*weight, self._number))
            self._rules[steps[-1].key].append(rule)

    def _fits(self, rule: _Rule, element: Any) -> bool:
        self._checks += 1
        if self._checks > MAX_CHECKS:
            raise TooMuchStyle
        *above, last = rule.steps
        if not last.matches(element):
            return False
        combinator = last.combinator
        for step in reversed(above):
            element = self._related(step, combinator, element)
            if element is None:
                return False
            combinator = step.combinator
        return True

    def _related(self, step: _Compound, combinator: str, element: Any) -> Any | None:
        """The nearest element above or beside that a step of a selector is about."""
        if combinator == ">":
            others = [element.getparent()]
        elif combinator == "+":
            others = [element.getprevious()]
        else:
            others = element.iterancestors() if combinator == " " else element.itersiblings(preceding=True)
        for other in others:
            self._checks += 1
            if other is not None and isinstance(other.tag, str) and step.matches(other):
                return other
        return None


def declarations_of(body: str) -> dict[str, str]:
    """The declarations that are read of a block: `"display: none; color: red"` → `{"display": "none"}`."""
    found = (one.partition(":") for one in _DECLARATION.findall(body))
    return {name: value.strip() for raw, _, value in found if (name := raw.strip().lower()) in READ}


def _apply(declarations: Declarations, style: dict[str, str], important: dict[str, str]) -> None:
    for name, value in declarations.items():
        plain, mark, _ = value.partition("!")
        (important if mark else style)[name] = plain.strip()


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and their blocks; those within `@media screen` and `@supports` too."""
    opened: list[tuple[str, int]] = []
    at = 0
    for brace in _BRACE.finditer(css):
        if brace[0] == "{":
            head = css[at : brace.start()].rpartition(";")[2].strip()
            opened.append((head, brace.end()))
            if len(opened) > MAX_DEPTH:
                raise TooMuchStyle
        elif opened:
            head, start = opened.pop()
            if not head.startswith("@") and all(_holds(above) for above, _ in opened):
                yield head, css[start : brace.start()]
        at = brace.end()


def _without_comments(css: str) -> str:
    pieces, at = [], 0
    while (start := css.find("/*", at)) >= 0 and (end := css.find("*/", start + 2)) >= 0:
        pieces.append(css[at:start])
        at = end + 2
    return " ".join((*pieces, css[at:])).replace("<!--", " ").replace("-->", " ")


def _holds(head: str) -> bool:
    """Whether what stands below this head is for every screen."""
    name, _, condition = head.partition(" ")
    return name in {"@supports", "@layer"} or (
        name == "@media" and any(_PLAIN_MEDIA.fullmatch(one.strip().lower()) for one in condition.split(","))
    )


def _selector(text: str) -> tuple[tuple[_Compound, ...], bool] | None:
    """The steps of a selector, and whether it is about what is written before the element; None for one not judged."""
    pieces = _STEP.split(text)
    steps = []
    before = False
    for at in range(0, len(pieces), 2):
        found = _COMPOUND.fullmatch(pieces[at])
        if found is None or not pieces[at] or before:
            return None
        parts = _PART.findall(found["rest"])
        tag = (found["tag"] or "").lower()
        steps.append(
            _Compound(
                pieces[at - 1].strip() or " " if at else "",
                "" if tag == "*" else tag,
                tuple(name for sign, name, _, _ in parts if sign == "."),
                next((name for sign, name, _, _ in parts if sign == "#"), ""),
                tuple((name, value or None) for sign, _, name, value in parts if not sign),
            )
        )
        before = found["pseudo"] is not None
    return tuple(steps), before
