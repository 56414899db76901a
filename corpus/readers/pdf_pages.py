"""A PDF → its pages: the letters of each with their places, and what of it could not be read."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.layout.told import refused, told
from corpus.readers.lines import Account
from corpus.readers.pages.margins import level_letters
from corpus.readers.pages.rows import Page
from corpus.readers.pdf_glyphs import LetterReader, turned
from corpus.readers.scans.recognise import Recogniser, how_to_read
from corpus.text import clean

MAX_PAGES = 2_000
MAX_GLYPHS = 3_000_000  # what a gibibyte of memory holds
MAX_ON_A_PAGE = 100_000  # five times what fits on one in the smallest print
FEW = 20  # letters; a page, or a document, with fewer is a picture with a stamp on it


def pages_of(data: bytes, name: str, account: Account, recogniser: Recogniser | None) -> list[Page]:
    """The pages; those without letters as the recogniser reads them. Raises DocumentRefused."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise refused("locked" if "assword" in str(error) else "no_pdf", name=name) from error
    try:
        if len(document) > MAX_PAGES:
            raise refused("many_pages", name=name, number=len(document), most=MAX_PAGES)
        pages, letters, reader = [], 0, LetterReader(account)
        for number in range(len(document)):
            page = document[number]
            pages.append(_letters(page, number, name, reader))
            if recogniser is not None and len(pages[-1].glyphs) < FEW:
                pages[-1] = replace(pages[-1], glyphs=(), spaces=(), scanned=recogniser.read(page, number + 1))
            elif not pages[-1].glyphs:
                account.find(told("no_letters", page=number + 1, fix=how_to_read()))
            letters += len(pages[-1].glyphs)
            if letters > MAX_GLYPHS:
                raise refused("many_letters", name=name, most=MAX_GLYPHS)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise refused("damaged", name=name, why=clean(str(error))[:80]) from error
    finally:
        document.close()
    return pages


def _letters(page: pypdfium2.PdfPage, number: int, name: str, reader: LetterReader) -> Page:
    """The letters of a page; what of it could not be read is listed."""
    textpage, account = page.get_textpage(), reader.account
    if (count := pdfium.FPDFText_CountChars(textpage.raw)) > MAX_ON_A_PAGE:
        raise refused("crowded_page", name=name, page=str(number + 1), number=count, most=MAX_ON_A_PAGE)
    found = reader.read(page, textpage)
    textpage.close()
    if found.lost:
        account.find(told("lost_letters", page=number + 1, number=found.lost))
    if found.guessed:
        account.find(told("guessed_letters", page=number + 1, number=found.guessed))
    if written := sum(_is_written(page, at) for at in range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        account.find(told("laid_over", page=number + 1, number=written))
    glyphs, angle = level_letters(found.glyphs, page.get_width(), number, account)
    across, up, width, height = _held(page, angle)
    spaces = [turned(*space, angle) for space in found.spaces]
    if abs(across) > _UNSEEN or abs(up) > _UNSEEN:
        glyphs = [replace(g, left=g.left - across, right=g.right - across, base=g.base - up) for g in glyphs]
        spaces = [(x - across, y - up) for x, y in spaces]
    return Page(glyphs, spaces, number, width, height, (angle - page.get_rotation()) % 360)


_UNSEEN = 0.05  # points


def _held(page: pypdfium2.PdfPage, angle: int) -> tuple[float, float, float, float]:
    """The page held so that letters at that angle are upright: its lower left corner in their lines, and its size."""
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    corners = {90: (bottom, -right), 180: (-right, -top), 270: (-top, left)}
    return *corners.get(angle, (left, bottom)), *((height, width) if angle in {90, 270} else (width, height))


def _is_written(page: pypdfium2.PdfPage, at: int) -> bool:
    """Whether that annotation is text of its own, and no link, highlight or comment."""
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind in {pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET}
