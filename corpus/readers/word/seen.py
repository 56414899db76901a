"""Why a node of a Word file is not seen: deleted, moved away, hidden, struck out, part of a table of contents.

    Seen(styles).why_not(<w:t> in a <w:del>) → "deleted_text"

A paragraph whose mark is deleted, moved away or hidden ends where no reader sees an end: it goes on in the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.readers.word.styles import Styles

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = {f"{W}del": "deleted_text", f"{W}moveFrom": "moved_text"}
_MARKS = {f"{W}del", f"{W}moveFrom"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a document is seen, by its revisions, its runs and its styles."""

    styles: Styles

    def why_not(self, node: Any, paragraph: Any) -> str | None:
        """What to call a node of text that nobody sees (`corpus.layout.told`), or None for one that is seen."""
        run = None
        for above in node.iterancestors():
            if above is paragraph:
                break
            if above.tag in GONE:
                return GONE[above.tag]
            if above.tag == f"{W}r" and run is None:
                run = above
        properties = None if run is None else run.find(f"{W}rPr")
        if self.styles.has("vanish", properties, paragraph):
            return "hidden_text"
        if self.styles.has("strike", properties, paragraph) or self.styles.has("dstrike", properties, paragraph):
            return "struck_text"
        return None

    def ends(self, paragraph: Any) -> bool:
        """Whether a reader sees the end of this paragraph."""
        properties = paragraph.find(f"{W}pPr/{W}rPr")
        if properties is None:
            return True
        if any(properties.find(mark) is not None for mark in _MARKS):
            return False
        return not (
            self.styles.has("vanish", properties, paragraph) or self.styles.has("specVanish", properties, paragraph)
        )

    @staticmethod
    def row(row: Any) -> bool:
        """Whether a row of a table is there, and neither deleted nor hidden."""
        properties = row.find(f"{W}trPr")
        return properties is None or all(properties.find(f"{W}{what}") is None for what in ("del", "hidden"))

    @staticmethod
    def cell(cell: Any) -> bool:
        """Whether a cell of a table is there."""
        return cell.find(f"{W}tcPr/{W}cellDel") is None


def vertical(node: Any) -> str:
    """`superscript` or `subscript` where the node's run says so, or an empty string."""
    run = next(node.iterancestors(f"{W}r"), None)
    found = None if run is None else run.find(f"{W}rPr/{W}vertAlign")
    return "" if found is None else str(found.get(f"{W}val", ""))


class Contents:
    """Tells the paragraphs of a table of contents, in the order of the document: by field, control or style."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[str] = []

    def holds(self, paragraph: Any) -> bool:
        """Whether this paragraph is one; it moves through the fields that begin and end in it."""
        found = any(_is_contents(instruction) for instruction in self._fields)
        for node in paragraph.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"):
            kind = node.get(f"{W}fldCharType")
            if node.tag == f"{W}fldSimple":
                found = found or _is_contents(str(node.get(f"{W}instr", "")))
            elif kind == "begin":
                self._fields.append("")
            elif kind == "end" and self._fields:
                self._fields.pop()
            elif node.tag == f"{W}instrText" and self._fields:
                self._fields[-1] = (self._fields[-1] + (node.text or ""))[:_LONGEST]
                found = found or _is_contents(self._fields[-1])
        return found or self._styles.is_contents(self._styles.of_paragraph(paragraph)) or _in_gallery(paragraph)


_LONGEST = 64  # characters of a field's instruction, of which the first word matters


def _is_contents(instruction: str) -> bool:
    return instruction.split()[:1] == ["TOC"]


def _in_gallery(paragraph: Any) -> bool:
    """Whether it stands in the content control of a table of contents that Word inserts."""
    for control in paragraph.iterancestors(f"{W}sdt"):
        gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
            return True
    return False
