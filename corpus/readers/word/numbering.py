"""What Word writes before a numbered paragraph: counters out of the numbering part → "21.", "(k)", "(ك)".

ECMA-376, part 1, section 17.9: a paragraph names a numbering instance and a level, or its style does, or the style that
this one is based on; the instance names an abstract numbering, whose levels have a format, a text such as `(%2)` and a
start; a level starts again where one above it moves, unless `lvlRestart` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.refs.numerals import ABJAD, LATIN, arabic_indic, letter_name, roman

if TYPE_CHECKING:
    from docx.document import Document

    from corpus.readers.word.styles import Styles

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
    restart: int | None = None  # the last level, from 1, that starts it again; 0 for none, None for each above it
    decimal: bool = False  # whether it writes the levels above it in digits, whatever they are written in

    def starts_again(self, at: int) -> bool:
        """Whether a paragraph on the level `at`, above this one, starts it again."""
        return self.restart is None or at < self.restart


@dataclass(frozen=True, slots=True)
class _Instance:
    abstract: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]  # its own starts by level


@dataclass(slots=True)
class Numbering:
    """The counters of one document, read from top to bottom."""

    instances: Mapping[str, _Instance]
    styles: Styles
    unread: int = 0  # paragraphs whose number is of a list that the document does not hold
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, document: Document, styles: Styles) -> Numbering:
        """The numbering of a document; none of it is numbered where it has no such part."""
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        if root is None:
            return cls({}, styles)
        abstracts = {str(one.get(f"{W}abstractNumId")): one for one in root.iterchildren(f"{W}abstractNum")}
        levels = {name: _levels(abstract) for name, abstract in abstracts.items()}
        numbers = {str(number.get(f"{W}numId")): number for number in root.iterchildren(f"{W}num")}
        instances = {}
        for name, number in numbers.items():
            abstract = _value(number, "abstractNumId")
            linked = abstracts[abstract].find(f"{W}numStyleLink") if abstract in abstracts else None
            if linked is not None:  # the levels are those of the list that a style names
                named = styles.numbered(str(linked.get(f"{W}val")))
                home = numbers.get(named[0]) if named else None
                abstract = abstract if home is None else _value(home, "abstractNumId")
            overrides = list(number.iterchildren(f"{W}lvlOverride"))
            instances[name] = _Instance(
                abstract,
                {**levels.get(abstract, {}), **{at: lvl for over in overrides for at, lvl in _levels(over).items()}},
                {
                    int(over.get(f"{W}ilvl")): int(_value(over, "startOverride") or 1)
                    for over in overrides
                    if over.find(f"{W}startOverride") is not None
                },
            )
        return cls(instances, styles)

    def label(self, paragraph: Any) -> str:
        """What stands before this paragraph, which moves its counter; an empty string for one without a number."""
        number, at = self._named(paragraph)
        if number not in self.instances:
            return ""
        instance = self.instances[number]
        levels = instance.levels
        if at not in levels:
            self.unread += not levels
            return ""
        counts = self._counts.setdefault(instance.abstract, {})
        if at in instance.starts and (number, at) not in self._started:
            self._started.add((number, at))
            counts[at] = instance.starts[at]
        else:
            counts[at] = counts[at] + 1 if at in counts else levels[at].start
        for below in [level for level in counts if level > at]:
            if below not in levels or levels[below].starts_again(at):
                del counts[below]
        if levels[at].format == "bullet":
            return ""
        return _SLOT.sub(lambda slot: self._written(levels, counts, int(slot[1]) - 1, at), levels[at].text)

    def _named(self, paragraph: Any) -> tuple[str, int]:
        """The instance and the level that a paragraph or its style names; `"0"` is Word's way to say none."""
        style = self.styles.numbered(self.styles.of_paragraph(paragraph))
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is None:
            number, at = style or ("0", 0)
            return number, self._level_of_style(number, at, self.styles.of_paragraph(paragraph))
        number = _value(properties, "numId") or (style[0] if style else "0")
        return number, int(_value(properties, "ilvl") or (style[1] if style else 0) or 0)

    def _level_of_style(self, number: str, at: int, style: str) -> int:
        """The level of a list that names this style as its own, or else the one that the style states."""
        instance = self.instances.get(number)
        linked = self.styles.linked_levels.get(instance.abstract, {}) if instance else {}
        return next((linked[name] for name in self.styles.chain(style) if name in linked), at)

    @staticmethod
    def _written(levels: Mapping[int, _Level], counts: Mapping[int, int], level: int, at: int) -> str:
        if level not in levels:
            return ""
        kind = "decimal" if levels[at].decimal and levels[level].format != "none" else levels[level].format
        return _format(counts.get(level, levels[level].start), kind)


def _levels(element: Any) -> dict[int, _Level]:
    """The levels that an abstract numbering, or an instance of its own, defines."""
    return {
        at: _level(level)
        for level in element.iterchildren(f"{W}lvl")
        if 0 <= (at := int(level.get(f"{W}ilvl"))) < _LEVELS
    }


def _level(element: Any) -> _Level:
    text = _value(element, "lvlText")
    if len(text) > _LONGEST:
        raise ValueError(f"a list writes its numbers with {len(text):,} characters")
    restart = _value(element, "lvlRestart")
    return _Level(
        _value(element, "numFmt") or "decimal",
        text,
        int(_value(element, "start") or 1),
        int(restart) if restart else None,
        element.find(f"{W}isLgl") is not None,
    )


def _value(element: Any, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val", ""))


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
    digits = {"none": "", "decimalZero": f"{value:02}", "hindiNumbers": arabic_indic(str(value))}
    return digits.get(kind, str(value))
