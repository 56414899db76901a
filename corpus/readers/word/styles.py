"""What a Word file's styles say of a paragraph or a run that is silent itself: heading, number, hidden, struck out.

A style is based on another, and says what this one leaves open (ECMA-376, part 1, section 17.7.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)|title|subtitle", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of figures", re.IGNORECASE)
_OFF = {"0", "false", "off", "none"}
_LONGEST_CHAIN = 32  # styles that are based on each other; a circle of them ends here


class Styles:
    """The styles of one document, by their identifiers; of two with one identifier, the first counts."""

    def __init__(self, document: Document) -> None:
        root = document.styles.element
        self._styles = {style.get(f"{W}styleId"): style for style in reversed(root.findall(f"{W}style"))}
        self._default = next(
            (name for name, style in self._styles.items() if _is_default_of_paragraphs(style) and name), ""
        )
        numbering = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        self._numbering = getattr(numbering, "element", None)
        self._known: dict[tuple[str, str | None], bool | None] = {}

    def chain(self, identifier: str | None) -> Iterator[str]:
        """The style and those that it is based on, from the nearest."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(identifier)
            if style is None or identifier is None:
                return
            yield identifier
            identifier = _value(style, "basedOn")

    def of_paragraph(self, paragraph: Any) -> str:
        """The identifier of a paragraph's style: its own, or the document's default."""
        return _value(paragraph, "pPr", "pStyle") or self._default

    def numbered(self, identifier: str) -> tuple[str, int] | None:
        """The numbering instance and the level that a style names."""
        level: str | None = None
        for name in self.chain(identifier):
            properties = self._styles[name].find(f"{W}pPr/{W}numPr")
            if properties is not None:
                level = level or _value(properties, "ilvl")
                if number := _value(properties, "numId"):
                    return number, int(level or 0)
        return None

    @cached_property
    def linked_levels(self) -> dict[str, dict[str, int]]:
        """For each abstract numbering, the styles that its levels name as their own."""
        if self._numbering is None:
            return {}
        return {
            str(abstract.get(f"{W}abstractNumId")): {
                str(name): int(level.get(f"{W}ilvl"))
                for level in abstract.iterchildren(f"{W}lvl")
                if (name := _value(level, "pStyle"))
            }
            for abstract in self._numbering.iterchildren(f"{W}abstractNum")
        }

    def heading_level(self, identifier: str) -> int | None:
        """How deep a heading in that style stands, from 1; None for a style of text."""
        for name in self.chain(identifier):
            style = self._styles[name]
            if found := _HEADING.fullmatch(_value(style, "name") or ""):
                return int(found[1] or 1)
            if (outline := _value(style, "pPr", "outlineLvl")) is not None:
                return int(outline) + 1 if int(outline) < _DEEPEST else None
        return None

    def is_contents(self, identifier: str) -> bool:
        """Whether a paragraph in that style is a line of a table of contents."""
        return any(_CONTENTS.fullmatch(_value(self._styles[name], "name") or "") for name in self.chain(identifier))

    def has(self, what: str, properties: Any, paragraph: Any) -> bool:
        """Whether a run, or a paragraph's mark, with these properties is `vanish` or `strike`."""
        direct = _toggle(properties, what)
        if direct is None and properties is not None:
            direct = self._stated(what, _value(properties, "rStyle"))
        return bool(self._stated(what, self.of_paragraph(paragraph)) if direct is None else direct)

    def _stated(self, what: str, identifier: str | None) -> bool | None:
        if (what, identifier) not in self._known:
            stated = (_toggle(self._styles[name].find(f"{W}rPr"), what) for name in self.chain(identifier))
            self._known[what, identifier] = next((one for one in stated if one is not None), None)
        return self._known[what, identifier]


_DEEPEST = 9  # a level of outlines that means text


def _is_default_of_paragraphs(style: Any) -> bool:
    return style.get(f"{W}type") == "paragraph" and str(style.get(f"{W}default", "0")) not in _OFF


def _toggle(properties: Any, what: str) -> bool | None:
    found = None if properties is None else properties.find(f"{W}{what}")
    return None if found is None else str(found.get(f"{W}val", "1")).lower() not in _OFF


def _value(element: Any, *path: str) -> str | None:
    found = element.find("/".join(f"{W}{step}" for step in path))
    return None if found is None else found.get(f"{W}val")
