"""What is printed is read as it was written: the same Arabic text by four producers in many fonts, letter for letter.

The files in tests/documents/printed/ were made of it by Chromium, WeasyPrint, LibreOffice, fpdf2 and ReportLab.
"""

from __future__ import annotations

import re

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.readers.pages.bidi import logical
from corpus.readers.pages.ink import text_of
from corpus.readers.pdf_glyphs import Glyph
from corpus.text import clean
from tests.documents import harmful
from tests.support.paths import DOCUMENTS

PRINTED = DOCUMENTS / "printed"
TITLE = "تقرير لجنة العبّارات"
TEXT = """\
1- فحصت اللجنة 9 عبّارات في الفترة من 3 إلى 14 أيار/مايو 2031 (انظر الوثيقة A/CONF.999/12، الفقرة 7)، \
ووجدت أن 25.5% منها غير صالح.
2- وتطلب اللجنة إلى كل مشغّل، عملا بالقرار 74/247 وبالمادة 12 (ب) «2» من قانون الموانئ (النسخة الثانية)، ما يلي:
(أ) مسك سجل لتدريبات قوارب النجاة، والإبلاغ عن الأعطال لا الإخفاء؛
(ب) تدريب الأطقم على الإسعافات الأولية [بما فيها الإنعاش].
٣- الغرامة ١٢٣٤ ريالا في اليوم، و٥٦٫٧ ريالا في الساعة (٢٠٣١-٢٠٣٢).
4- ينصّ نظام GPS-2000 (Global Positioning System) على إرسال الموقع كل 10 دقائق عبر الرابط \
https://port.test/ais?id=7 إلى الميناء.
5- بسم الله، واستجابةً لطلبٍ من هيئةٍ وطنيةٍ مُستقلّةٍ (ICAO)، تُؤكّد اللجنةُ أنّ COVID-19 أخّر أعمالَ الصيانة؛ \
وقالت: "لا بأس".
6- اتفقت الأطراف في 2019/2020 على نسبة 3-5 في المائة، أي 1,200 ريال.
7- ينتهي التقرير هنا.
"""
SAME = [
    *("weasyprint-kufi.ar.pdf", "fpdf2-dejavu.ar.pdf", "libreoffice-amiri.ar.pdf", "libreoffice-naskh.ar.pdf"),
    "browser-sans.ar.pdf",
]


def read(name: str) -> ReadDocument:
    return read_document((PRINTED / name).read_bytes(), name, DocumentDescription(None))


@pytest.mark.parametrize("name", SAME)
def test_one_text_printed_by_several_programs_in_several_fonts_is_read_letter_for_letter(name: str) -> None:
    """Vowels, ligatures, brackets, figures, Latin names, and lines that the end of the page's width cuts.

    Tried by hand, each fails it: spaces of PDFium's in the place of the file's; letters of one glyph as PDFium gives
    them; marks with the letter that stands beside them in its order; brackets by their shape.
    """
    found = read(name)
    assert found.rendering.title() == TITLE
    assert [p.text for p in found.rendering.paragraphs] == [
        clean(re.sub(r"^(?:\d+-|\([أ-ي]\))\s+", "", line)) for line in TEXT.splitlines()
    ]
    assert found.reading.findings == ()


def test_a_numbered_table_is_a_table_where_the_file_names_it() -> None:
    """Chromium tags it. Tried by hand: without the tags, row 3 is paragraph 3: its middle cell takes two lines."""
    found = read("browser-table.ar.pdf")
    paragraphs = found.rendering.paragraphs
    assert [str(p.ref) for p in paragraphs] == ["1", "2", "3", "4"]
    assert [[paragraphs[1].text[c.start : c.end] for c in row] for row in paragraphs[1].tables[0].rows] == [
        ["الرقم", "العبّارة", "المقاعد"],
        ["1-", "أمل", "212"],
        ["2-", "نور", "98"],
        ["3-", "صباح، وهي تبحر إلى الجزر الشمالية في أشهر الصيف فقط وتستريح في الشتاء", "120"],
    ]
    assert paragraphs[2].text == "الغرامة أربعون ريالا."
    assert found.reading.findings == ()


def test_a_numbered_table_is_told_by_the_white_space_between_its_columns_where_no_tag_names_it() -> None:
    """Tried by hand: without `tables_of`, its rows 3 and 4 are paragraphs 3 and 4."""
    found = read("reportlab-table.en.pdf")
    assert [f"{p.ref} {p.text}" for p in found.rendering.paragraphs] == [
        "1 The commission inspected three ferries.",
        "2 The ferries are listed below: ‖ No. | Ferry | Seats ‖ 1. | Amal | 212 ‖ 2. | Nour | 98 ‖ 3. | Sabah | 120 "
        "‖ 4. | Layl | 45",
        "3 The fine is forty crowns.",
        "4 The report ends here.",
    ]


def test_what_a_browser_prints_around_a_page_and_light_words_under_it_are_left_out() -> None:
    """A date, a title, an address, page numbers; a pale word across two pages; a paragraph that is bold as a whole."""
    found = read("browser-watermark.ar.pdf")
    assert [(str(p.ref), p.heading) for p in found.rendering.paragraphs] == [
        *((str(n), ("أولا- مقدمة",)) for n in range(1, 5)),
        *((str(n), ("ثانيا- الموانئ",)) for n in (5, 6)),
    ]
    assert found.rendering.paragraphs[4].text == (
        "تم تطهير الموانئ مرتين في عام 2031، بتكلفة 1,250.75 دولارا (أي 3.5%)، وفقا للقرار 65/230."
    )
    assert [what.split(":")[0] for what in found.reading.left_out] == [
        "large, light words on page 1, as of a watermark",
        "large, light words on page 2, as of a watermark",
        "running heads and page numbers",
    ]


@pytest.mark.parametrize(
    ("visual", "direction", "text"),
    [
        ("GPS-2000 (Global System) ماظن", "rtl", "نظام GPS-2000 (Global System)"),
        ("(ICAO) 2031 يف", "rtl", "في 2031 (ICAO)"),
        ("ICAO (2031) يف", "rtl", "في ICAO (2031)"),
        ("%25.5 نأ", "rtl", "أن 25.5%"),
        ("GDP 25% يف", "rtl", "في GDP 25%"),
        ("COVID- نأ", "rtl", "أن COVID-"),
        ("Report -1", "rtl", "1- Report"),
        (")ج( بنذ", "rtl", "ذنب (ج)"),
        ("5-3 ةبسن", "rtl", "نسبة 3-5"),
        ("A/CONF.9/3 ،10:30 ةعاسلا", "rtl", "الساعة 10:30، A/CONF.9/3"),
        ("the word ةنجل ةنجللا means", "ltr", "the word اللجنة لجنة means"),
        ("see (a) [b], all", "ltr", "see (a) [b], all"),
    ],
)
def test_lines_are_put_into_reading_order(visual: str, direction: str, text: str) -> None:
    assert "".join(logical(list(visual), direction)) == text  # type: ignore[arg-type]


def test_a_mark_stays_with_its_letter_and_a_gap_is_a_space_only_without_spaces() -> None:
    letters = [Glyph("لّ", 10, 16, 0, 10), Glyph("ك", 20, 26, 0, 10)]
    assert text_of(letters, "rtl") == "ك لّ"
    assert text_of(letters, "rtl", ()) == "كلّ"
    assert text_of(letters, "rtl", (17.0,)) == "ك لّ"


def test_words_across_the_page_and_numbers_of_lines_are_left_out_and_listed() -> None:
    """Made by hand: an angle of 30 degrees, and a figure beside each line."""
    lines = "".join(
        f"BT /F 12 Tf 80 {700 - 20 * n} Td ({n}. Paragraph {n} has some words.) Tj ET "
        f"BT /F 9 Tf 30 {700 - 20 * n} Td ({n}) Tj ET "
        for n in range(1, 6)
    )
    across = "BT /F 40 Tf .866 .5 -.5 .866 100 600 Tm (DRAFT) Tj ET "
    found = read_document(harmful.page_of((lines + across).encode()), "a.pdf", DocumentDescription("en"))
    assert [p.text for p in found.rendering.paragraphs] == [f"Paragraph {n} has some words." for n in range(1, 6)]
    assert "words across page 1, as of a watermark: “DRAFT”" in found.reading.left_out
    assert "numbers of lines: “1” and 4 more" in found.reading.left_out
