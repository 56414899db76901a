"""A report as PDF: read again, it says what was set, letter for letter; and what a PDF must have for its readers."""

from __future__ import annotations

import asyncio
import ctypes
import random
import re
import time
import unicodedata
from collections import Counter
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from fastapi.testclient import TestClient

from corpus import errors
from corpus.documents import DocumentDescription, read_every
from corpus.records import LANGUAGES, Language, Note, Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from service.paragraphs.citing import title_of
from service.typeset import press
from service.typeset.faces import REGULAR
from service.typeset.press import Press
from service.typeset.report import whole_report
from tests.support.html_pages import BROWSER, ID
from tests.support.html_pages import page as shown

WORD = re.compile(r"[\w\u064b-\u0652]+")


def read_again(content: bytes, language: Language) -> Rendering:
    [document] = read_every(content, "report.pdf", DocumentDescription(language), strict=False)
    return document.rendering


def as_pdf(report: Report, language: Language) -> bytes:
    return whole_report(title_of(report, language), report.rendering(language), "")


def made_of(*texts: str, language: Language = "en", **more: object) -> Rendering:
    paragraphs = tuple(
        Paragraph(Ref(number), text, (), Span(0, len(text)), **more)  # type: ignore[arg-type]
        for number, text in enumerate(texts, 1)
    )
    return Rendering(language, True, (TitleBlock("title", "Ports"),), paragraphs, "x", "0" * 64)


def copied(content: bytes) -> str:
    """What PDFium, and with it Chromium, copies out of the file."""
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_read_back_letter_for_letter(report: Report, language: Language) -> None:
    """Tried by hand: with one number a glyph, whatever its text, most words come otherwise."""
    own, read = report.rendering(language), read_again(as_pdf(report, language), language)
    assert [(p.ref, p.text, p.heading) for p in read.paragraphs] == [(p.ref, p.text, p.heading) for p in own.paragraphs]
    assert [block.text for block in read.front_matter] == [block.text for block in own.front_matter]


def test_words_with_marks_are_copied_as_they_are(report: Report) -> None:
    """By Chromium's PDFium. Tried by hand: with `ActualText` for each letter and its marks, 22 words come otherwise."""
    words = {word for p in report.rendering("ar").paragraphs for word in WORD.findall(p.text)}
    said = unicodedata.normalize("NFC", copied(as_pdf(report, "ar")))
    lost = words - set(WORD.findall(said))
    assert {word for word in lost if not word.isascii()} <= {"كوفيد", "مستشهداً"}  # beside a hyphen, before a comma
    assert {"عنصراً", "النُّهُج", "وشُدِّد", "تُشجّع", "وأُعرب"} <= words - lost


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_what_it_is(report: Report, language: Language) -> None:
    document = pypdfium2.PdfDocument(as_pdf(report, language))
    assert document.get_metadata_dict()["Title"] == title_of(report, language)
    assert [item.get_title() for item in document.get_toc()] == list(report.rendering(language).headings)
    assert pdfium.FPDFCatalog_IsTagged(document.raw)
    size = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    assert buffer.raw.decode("utf-16-le").rstrip("\0") == language
    first = document[0]
    tree = pdfium.FPDF_StructTree_GetForPage(first.raw)
    root = pdfium.FPDF_StructTree_GetChildAtIndex(tree, 0)
    kinds = [pdfium.FPDF_StructElement_GetChildAtIndex(root, at) for at in range(3)]
    assert all(kinds)
    pdfium.FPDF_StructTree_Close(tree)
    document.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_numbered_in_the_digits_of_the_text(language: Language) -> None:
    digits = "٠١٢٣٤٥٦٧٨٩" if language == "ar" else "0123456789"
    words = "نص طويل" if language == "ar" else "a long text"
    texts = [f"{' '.join([words] * 120)} {digits}." for _ in range(20)]
    document = pypdfium2.PdfDocument(whole_report("x", made_of(*texts, language=language), ""))
    for number, page in enumerate(document, 1):
        last = page.get_textpage().get_text_bounded(bottom=0, top=60).strip()
        assert last == "".join(digits[int(digit)] for digit in str(number))
    assert len(document) > 3
    document.close()


def test_notes_stand_at_the_foot_of_their_page_and_are_read_back_as_notes(report: Report) -> None:
    texts = [
        f"The {word} words of it. And the others follow, as they do in a text that is as long as the {word} one."
        for word in report.rendering("en").paragraphs[8].text.split()[:30]
    ]
    notes = (Note("1", 12, "See resolution 74/247."),)
    read = read_again(whole_report("x", made_of(*texts, notes=notes), ""), "en")
    assert [p.text for p in read.paragraphs] == texts
    found = [(note.text, note.at) for paragraph in read.paragraphs for note in paragraph.notes]
    assert found == [("See resolution 74/247.", 12)] * 30


def test_a_note_that_is_longer_than_its_page_goes_on_on_the_next_ones() -> None:
    """Tried by hand: with all of a note hung on its page, its last lines stand below the paper, and are not found."""
    words = [f"word{number}" for number in range(3_000)]
    rendering = made_of("One two.", "Three.", notes=(Note("1", 3, " ".join(words)),))
    document = pypdfium2.PdfDocument(whole_report("x", rendering, ""))
    on_paper = Counter(
        word for page in document for word in page.get_textpage().get_text_bounded().split() if word.startswith("word")
    )
    assert on_paper == Counter(dict.fromkeys(words, 2))
    document.close()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000,
        "漢字かな交じり文 and 🐫, אבג",
        "a" + "\u0301" * 3_000,
        "\u200b" * 20_000 + "a",
        "one\ntwo\tthree",
        "(a)[" * 5_000,
    ],
    ids=["a long word", "letters that the font lacks", "marks", "nothing to see", "white space", "brackets"],
)
def test_whatever_a_report_holds_is_set_in_bounded_time_and_copied(text: str) -> None:
    began = time.process_time()
    content = whole_report("x", made_of(f"Before {text} after."), "")
    assert time.process_time() - began < 20
    found = Counter(copied(content))
    for letter, times in Counter(letter for letter in text if letter.isalpha()).items():
        assert found[letter] >= times, letter


def test_no_letter_stands_beyond_the_margins() -> None:
    chance = random.Random(7)
    words = ["الدول", "الأعضاء", "(A/CONF.234/RPM.1/1)", "و", "21", "عنصراً", "https://example.test/" + "a" * 200]
    texts = [" ".join(chance.choices(words, k=150)) for _ in range(10)]
    document = pypdfium2.PdfDocument(whole_report("x", made_of(*texts, language="ar"), ""))
    for page in document:
        textpage = page.get_textpage()
        boxes = [textpage.get_charbox(at) for at in range(textpage.count_chars())]
        assert all(68 < left <= right < 528 and bottom > 30 for left, bottom, right, _ in boxes if right > left)
    document.close()


def test_the_stop_behind_a_number_is_that_of_the_letters_beside_it() -> None:
    """Without a script of its own `1.` had an Arabic stop in an English report; tried by hand: it has again."""
    stop = REGULAR.shaped("a.", right=False)[-1].glyphs
    assert REGULAR.shaped("1.", right=False)[-1].glyphs == stop
    assert REGULAR.shaped("1.", right=True)[0].glyphs == REGULAR.shaped("ب.", right=True)[0].glyphs


def test_a_heading_is_not_the_last_line_of_a_page() -> None:
    text = "Words that take a line. " * 3
    base = made_of(*[text.strip()] * 200)
    headed = tuple(replace(p, heading=(f"Part {p.ref.number}",)) for p in base.paragraphs)
    document = pypdfium2.PdfDocument(whole_report("x", replace(base, paragraphs=headed), ""))
    for page in document:
        lines = [line for line in page.get_textpage().get_text_range().splitlines() if line.strip()]
        assert not lines[-2].startswith("Part "), lines[-2:]
    document.close()


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_downloaded_as_pdf(client: TestClient, report: Report, language: Language) -> None:
    tree = shown(client, f"/reports/{ID}?lang={language}")
    [link] = [a["href"] for a in tree.all("a") if "/report.pdf" in a["href"]]
    answer = client.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{ID}-{language}.pdf"'
    assert answer.headers["cache-control"] == "private, max-age=60"
    read = read_again(answer.content, language)
    assert [p.text for p in read.paragraphs] == [p.text for p in report.rendering(language).paragraphs]
    assert ("Unofficial rendering." in copied(answer.content)) == (language == "en")
    assert client.get(link).content == answer.content
    assert client.head(link).headers["content-length"] == str(len(answer.content))


@pytest.mark.model
def test_what_is_not_there_or_too_long_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried by hand: with the link always on the page, the second half fails."""
    unknown = client.get("/reports/nowhere/report.pdf")
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert client.get("/reports/nowhere/report.pdf", headers=BROWSER).headers["content-type"].startswith("text/html")
    assert client.get(f"/reports/{ID}/report.pdf?lang=de").status_code == 422
    monkeypatch.setattr(press, "MOST_LETTERS", 1_000)
    refused = client.get(f"/reports/{ID}/report.pdf?lang=en")
    assert refused.status_code == 404
    assert "over the 1,000 that are set as PDF; take it as Word" in refused.json()["detail"]
    assert not [a for a in shown(client, f"/reports/{ID}?lang=en").all("a") if "/report.pdf" in a["href"]]


def test_who_waits_too_long_is_told_so() -> None:
    """A process that takes too long is ended, and the next caller has another."""

    async def try_it() -> None:
        with pytest.raises(errors.Overloaded, match="took over"):
            await Press(longest_s=0.001).report("x", made_of("One."), "")
        full = Press(waiting=1, wait_s=20)
        made = await asyncio.gather(*(full.report("x", made_of("One."), "") for _ in range(3)), return_exceptions=True)
        assert sorted(type(one).__name__ for one in made) == ["Overloaded", "bytes", "bytes"]

    asyncio.run(try_it())
