"""What Word writes before a numbered paragraph: counters out of the numbering part → "21.", "(k)", "(ك)".

ECMA-376, part 1, section 17.9: a paragraph names a numbering instance and a level; the instance names an abstract
numbering, whose levels have a format, a text such as `(%2)` and a start; a level starts again where one above it moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.refs.numerals import ABJAD, LATIN, arabic_indic, letter_name, roman

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The order of Word's arabicAlpha is the alphabet's, not that of the abjad.
_HIJAI = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_SLOT = re.compile(r"%(\d)")
_LEVELS, _LONGEST = 9, 255  # levels and characters of a number, as many as Word has


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The counters of one document, read from top to bottom."""

    instances: Mapping[str, tuple[str, Mapping[int, int]]]  # numId → abstract numbering, its own starts by level
    levels: Mapping[str, Mapping[int, _Level]]
    styles: Mapping[str, tuple[str, int]]  # a style's numId and level
    elsewhere: frozenset[str] = frozenset()  # abstract numberings that name a list style instead of levels
    unread: int = 0  # paragraphs whose number a list style would have given
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, document: Document) -> Numbering:
        """The numbering of a document; none of it is numbered where it has no such part."""
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        if root is None:
            return cls({}, {}, {})
        levels = {
            abstract.get(f"{W}abstractNumId"): {
                at: _level(level)
                for level in abstract.iterchildren(f"{W}lvl")
                if 0 <= (at := int(level.get(f"{W}ilvl"))) < _LEVELS
            }
            for abstract in root.iterchildren(f"{W}abstractNum")
        }
        instances = {
            number.get(f"{W}numId"): (
                _value(number, "abstractNumId"),
                {
                    int(over.get(f"{W}ilvl")): int(_value(over, "startOverride") or 1)
                    for over in number.iterchildren(f"{W}lvlOverride")
                },
            )
            for number in root.iterchildren(f"{W}num")
        }
        styles = {}
        for style in document.styles.element.iterchildren(f"{W}style"):
            if (found := _numbered(style)) is not None:
                styles[style.get(f"{W}styleId")] = found
        elsewhere = frozenset(
            str(abstract.get(f"{W}abstractNumId"))
            for abstract in root.iterchildren(f"{W}abstractNum")
            if abstract.find(f"{W}numStyleLink") is not None
        )
        return cls(instances, levels, styles, elsewhere)

    def label(self, paragraph: Any) -> str:
        """What stands before this paragraph, which moves its counter; an empty string for one without a number."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = _numbered(paragraph) or self.styles.get(style.get(f"{W}val") if style is not None else "")
        if named is None or named[0] not in self.instances:
            return ""
        number, at = named
        abstract, starts = self.instances[number]
        levels = self.levels.get(abstract, {})
        if at not in levels:
            self.unread += abstract in self.elsewhere
            return ""
        counts = self._counts.setdefault(abstract, {})
        if at in starts and (number, at) not in self._started:
            self._started.add((number, at))
            counts[at] = starts[at]
        else:
            counts[at] = counts[at] + 1 if at in counts else levels[at].start
        for below in [level for level in counts if level > at]:
            del counts[below]
        if levels[at].format == "bullet":
            return ""
        return _SLOT.sub(lambda slot: self._written(levels, counts, int(slot[1]) - 1), levels[at].text)

    @staticmethod
    def _written(levels: Mapping[int, _Level], counts: Mapping[int, int], level: int) -> str:
        return _format(counts.get(level, levels[level].start), levels[level].format) if level in levels else ""


def _level(element: Any) -> _Level:
    text = _value(element, "lvlText")
    if len(text) > _LONGEST:
        raise ValueError(f"a list writes its numbers with {len(text):,} characters")
    return _Level(_value(element, "numFmt") or "decimal", text, int(_value(element, "start") or 1))


def _value(element: Any, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _numbered(element: Any) -> tuple[str, int] | None:
    properties = element.find(f"{W}pPr/{W}numPr")
    if properties is None:
        return None
    return _value(properties, "numId"), int(_value(properties, "ilvl") or 0)


def _format(value: int, kind: str) -> str:
    """A count as Word writes it; a format that reports do not use is written in digits."""
    if kind in {"lowerLetter", "upperLetter"} and 1 <= value <= len(LATIN):
        return LATIN[value - 1].upper() if kind == "upperLetter" else LATIN[value - 1]
    if kind in {"lowerRoman", "upperRoman"} and 1 <= value < 40:
        return roman(value).upper() if kind == "upperRoman" else roman(value)
    if kind == "arabicAbjad" and 1 <= value <= len(ABJAD):
        return letter_name(value, "ar")
    if kind == "arabicAlpha" and 1 <= value <= len(_HIJAI):
        return _HIJAI[value - 1]
    if kind == "hindiNumbers":
        return arabic_indic(str(value))
    return str(value)
