r"""The file: pages of letters as PDF 1.7, tagged, its fonts embedded, and each letter copied out as the text it was.

    file = PdfFile("Report", "en")
    block = file.block("P")
    page = file.page(595.28, 841.89)
    page.show(line, 72.0, 700.0, block)
    file.save() → b"%PDF-1.7…"

A glyph is written by a number that stands for it together with its text, so that the font's table of texts
(`ToUnicode`) is exact, marks included; only where several glyphs are one letter does `ActualText` say it once. That is
why no library writes this file: those that were tried copy the text of a mark twice (typst 0.15), letters for parts of
letters (fpdf2 2.8), or a mark before its letter (prints of Chromium).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.typeset.fonts import Fonts
from service.typeset.lines import Line
from service.typeset.objects import Objects, string
from service.typeset.writing import operators


@dataclass
class Block:
    """An element of the document's structure, such as a paragraph or a heading: where it is shown."""

    kind: str
    title: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)  # a page from 0, and the marked content on it
    top: float = 0.0


class PdfFile:
    """A file as it grows."""

    def __init__(self, title: str, language: str) -> None:
        self._title, self._language = title, language
        self.fonts = Fonts()
        self.pages: list[Page] = []
        self._blocks: list[Block] = []

    def block(self, kind: str, title: str = "") -> Block:
        """A new element of the document; `title` is what a list of contents calls it."""
        self._blocks.append(Block(kind, title))
        return self._blocks[-1]

    def page(self, width: float, height: float) -> Page:
        """A new page, the last one."""
        self.pages.append(Page(self, len(self.pages), width, height))
        return self.pages[-1]

    def save(self) -> bytes:
        """The file."""
        file = Objects()
        tree, pages, outline = file.reserve(), file.reserve(), file.reserve()
        fonts = self.fonts.write(file)
        numbers = [self._page(file, page, pages, fonts) for page in self.pages]
        kids = " ".join(f"{number} 0 R" for number in numbers)
        file.put(pages, f"<< /Type /Pages /Count {len(numbers)} /Kids [{kids}] >>")
        self._structure(file, tree, numbers)
        self._outline(file, outline, numbers)
        catalog = file.add(
            f"<< /Type /Catalog /Pages {pages} 0 R /Outlines {outline} 0 R /StructTreeRoot {tree} 0 R "
            f"/MarkInfo << /Marked true >> /Lang {string(self._language)} "
            f"/ViewerPreferences << /DisplayDocTitle true{' /Direction /R2L' if self._language == 'ar' else ''} >> >>"
        )
        about = file.add(f"<< /Title {string(self._title)} /Producer (fiqra) >>")
        return file.done(catalog, about)

    def _page(self, file: Objects, page: Page, parent: int, fonts: str) -> int:
        content = file.stream("\n".join(page.content).encode("ascii"))
        return file.add(
            f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {page.width:.2f} {page.height:.2f}] "
            f"/Resources << /Font << {fonts} >> >> /Contents {content} 0 R /StructParents {page.number} /Tabs /S >>"
        )

    def _structure(self, file: Objects, tree: int, pages: Sequence[int]) -> None:
        """The elements in reading order, and for each page whose the marked contents on it are."""
        document = file.reserve()
        owners: list[list[int]] = [[0] * page.marks for page in self.pages]
        elements: list[int] = []
        for block in self._blocks:
            kids = " ".join(f"<< /Type /MCR /Pg {pages[page]} 0 R /MCID {mark} >>" for page, mark in block.marks)
            elements.append(file.add(f"<< /Type /StructElem /S /{block.kind} /P {document} 0 R /K [{kids}] >>"))
            for page, mark in block.marks:
                owners[page][mark] = elements[-1]
        kids = " ".join(f"{element} 0 R" for element in elements)
        file.put(document, f"<< /Type /StructElem /S /Document /P {tree} 0 R /K [{kids}] >>")
        parents = " ".join(f"{page} [{' '.join(f'{o} 0 R' for o in own)}]" for page, own in enumerate(owners))
        file.put(
            tree,
            f"<< /Type /StructTreeRoot /K [{document} 0 R] /ParentTree << /Nums [{parents}] >> "
            f"/ParentTreeNextKey {len(owners)} >>",
        )

    def _outline(self, file: Objects, outline: int, pages: Sequence[int]) -> None:
        """The list of contents beside the pages: each heading, one below the other."""
        titled = [block for block in self._blocks if block.title and block.marks]
        numbers = [file.reserve() for _ in titled]
        for at, block in enumerate(titled):
            sides = (f"/Prev {numbers[at - 1]} 0 R " if at else "") + (
                f"/Next {numbers[at + 1]} 0 R " if at + 1 < len(titled) else ""
            )
            where = f"[{pages[block.marks[0][0]]} 0 R /XYZ null {block.top:.2f} null]"
            file.put(numbers[at], f"<< /Title {string(block.title)} /Parent {outline} 0 R {sides}/Dest {where} >>")
        ends = f" /First {numbers[0]} 0 R /Last {numbers[-1]} 0 R" if numbers else ""
        file.put(outline, f"<< /Type /Outlines /Count {len(numbers)}{ends} >>")


@dataclass
class Page:
    """A page as it grows: its lines are shown from the left and the bottom of it."""

    file: PdfFile
    number: int
    width: float
    height: float
    content: list[str] = field(default_factory=list)
    marks: int = 0

    def show(self, line: Line, left: float, base: float, block: Block | None) -> None:
        """Write a line as part of that block; of none, as what is no part of the text, such as a page's number."""
        if block is None:
            self.content.append("/Artifact BMC")
        else:
            if not block.marks:
                block.top = base + 2 * max((item.piece.size for item, _ in line.items), default=0.0)
            block.marks.append((self.number, self.marks))
            self.content.append(f"/{block.kind} << /MCID {self.marks} >> BDC")
            self.marks += 1
        self.content.append(f"BT 1 0 0 1 {left:.3f} {base:.3f} Tm")
        self.content += operators(line, self.file.fonts)
        self.content.append("ET EMC")
