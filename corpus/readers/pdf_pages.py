"""A PDF → its pages: the letters of each with their places, and what of it could not be read."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import DocumentRefused
from corpus.layout.told import told
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
        hint = "locked with a password" if "assword" in str(error) else "no PDF that can be read, or damaged"
        raise DocumentRefused(f"{name} is {hint}; save it anew, without a password") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentRefused(f"{name} has {len(document):,} pages, over {MAX_PAGES:,}; split the report")
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
                raise DocumentRefused(f"{name} holds over {MAX_GLYPHS:,} letters; split the report")
            page.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentRefused(f"{name} is damaged: {clean(str(error))[:80]}; save it anew") from error
    finally:
        document.close()
    return pages


def _letters(page: pypdfium2.PdfPage, number: int, name: str, reader: LetterReader) -> Page:
    """The letters of a page; what of it could not be read is listed."""
    textpage, account = page.get_textpage(), reader.account
    if (count := pdfium.FPDFText_CountChars(textpage.raw)) > MAX_ON_A_PAGE:
        raise DocumentRefused(
            f"{name}, page {number + 1}, holds {count:,} letters, over the {MAX_ON_A_PAGE:,} that are read of a page; "
            "print it anew"
        )
    found = reader.read(page, textpage)
    textpage.close()
    if found.lost:
        account.find(told("lost_letters", page=number + 1, number=found.lost))
    if found.guessed:
        account.find(told("guessed_letters", page=number + 1, number=found.guessed))
    if written := sum(_is_written(page, at) for at in range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        account.find(told("laid_over", page=number + 1, number=written))
    width, height = page.get_width(), page.get_height()
    glyphs, angle = level_letters(found.glyphs, width, number, account)
    spaces = found.spaces
    if angle:  # a page that is printed across: its lines are level in their own coordinates
        spaces = [turned(*space, angle) for space in spaces]
    return Page(glyphs, spaces, number, width, height, not angle and _has_usual_corner(page))


def _has_usual_corner(page: pypdfium2.PdfPage) -> bool:
    """Whether places on a page count from the lower left corner of what is shown of it."""
    left, bottom, _, _ = page.get_bbox()
    return bool(page.get_rotation() == 0) and abs(left) < 1.0 and abs(bottom) < 1.0


def _is_written(page: pypdfium2.PdfPage, at: int) -> bool:
    """Whether that annotation is text of its own, and no link, highlight or comment."""
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind in {pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET}
