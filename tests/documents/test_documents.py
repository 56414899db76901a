"""Documents in every format, read exactly; ugly ones listed; harmful ones refused.

The documents in tests/documents/ say the same thing in five formats and two languages; `content.py` says what, and
`make.py` wrote them.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.errors import DocumentRefused, NumberingError
from corpus.layout.headings import annex_of, looks_like_heading
from corpus.readers.pages.ink import text_of
from corpus.readers.pdf_glyphs import Glyph
from corpus.readers.safety import MAX_FILE, MAX_UNPACKED, MIB
from corpus.records import Language
from corpus.refs import find_refs, parse_ref, parse_refs
from corpus.refs.numerals import arabic_indic
from tests.documents.content import NOTES, PLACE, SYMBOL, TITLE, expected
from tests.support.paths import DOCUMENTS

FORMATS = ("txt", "md", "html", "docx", "pdf")
WITHOUT_TABLES = ("txt", "pdf")


def read(text: str | bytes, name: str = "report.txt", *, strict: bool = False) -> ReadDocument:
    data = text.encode() if isinstance(text, str) else text
    return read_document(data, name, DocumentDescription("en"), strict=strict)


def refs_of(text: str) -> list[str]:
    return [str(paragraph.ref) for paragraph in read(text).rendering.paragraphs]


def kinds_of(text: str) -> list[str]:
    return [finding.kind for finding in read(text).reading.findings]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_read_exactly(format_: str, language: Language) -> None:
    """Each paragraph's number, words, headings, footnotes with their places, and table. `strict`: nothing to look at.

    Taken out by hand, one by one, each fails it: Word's numbering, the browser's list numbers, the reading order of
    columns, running heads, right-to-left order, raised digits, sentences that go on over a page break.
    """
    path = DOCUMENTS / f"report.{language}.{format_}"
    found = read_document(path.read_bytes(), path.name, DocumentDescription(language), strict=True)
    want = expected(language)
    if format_ in WITHOUT_TABLES:
        want = [{**row, "text": row["text"].split(" ‖ ")[0], "table": []} for row in want]
    got = [
        {
            "ref": str(p.ref),
            "text": p.text,
            "heading": list(p.heading),
            "notes": [(note.at, note.text) for note in p.notes],
            "table": [[p.text[c.start : c.end] for c in row] for table in p.tables for row in table.rows],
        }
        for p in found.rendering.paragraphs
    ]
    assert got == want
    assert (found.rendering.title(), found.symbol, found.year) == (TITLE[language], SYMBOL, 2023)
    assert PLACE[language] in [block.text for block in found.rendering.front_matter]
    reading = found.reading
    assert (reading.paragraphs, reading.sub_paragraphs, reading.items, reading.annexes) == (9, 12, 2, 2)
    assert (reading.notes, reading.findings) == (len(NOTES[language]), ())


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("format_", FORMATS)
def test_source_spans_lead_back_to_the_text_that_was_read(format_: str, language: Language) -> None:
    path = DOCUMENTS / f"report.{language}.{format_}"
    found = read_document(path.read_bytes(), path.name, DocumentDescription(language))
    for paragraph in found.rendering.paragraphs:
        piece = " ".join(found.text[paragraph.source.start : paragraph.source.end].split())
        first, last = paragraph.text.split()[0], paragraph.text.split()[-1]
        assert first.strip("*") in piece.replace("*", "")
        assert last in piece
        assert len(piece) < len(paragraph.text) + 260  # and no other paragraph is within it


def test_a_gap_is_listed_and_read_over() -> None:
    found = read("1. One.\n2. Two.\n5. Five.\n6. Six.")
    assert [str(p.ref) for p in found.rendering.paragraphs] == ["1", "2", "5", "6"]
    [gap] = found.reading.findings
    assert (gap.kind, gap.line) == ("gap", 3)
    assert "paragraph 5 comes after paragraph 2, where 3 was expected" in gap.detail


def test_a_quoted_list_that_counts_anew_stays_within_its_paragraph() -> None:
    text = "1. One.\n2. It adopted this resolution:\n3. Three:\n1. Calls upon States;\n2. Requests more.\n4. Four."
    found = read(text)
    assert [str(p.ref) for p in found.rendering.paragraphs] == ["1", "2", "3", "4"]
    assert found.rendering.paragraphs[2].text.endswith("1. Calls upon States; 2. Requests more.")
    assert kinds_of(text) == ["repeat", "repeat"]


def test_a_year_or_a_measure_at_the_start_of_a_line_is_no_paragraph() -> None:
    assert refs_of("1. It met in\n2021. Then it met in\n7-12 April and again.\n2. Two.") == ["1", "2"]
    assert kinds_of("1. It met in\n2021. Then again.\n2. Two.") == []


def test_unnumbered_prose_is_joined_and_listed_and_a_short_line_is_a_heading() -> None:
    found = read("1. One.\n\nThis sentence has no number and ends.\n\nA heading\n\n2. Two.")
    assert found.rendering.paragraphs[0].text == "One. This sentence has no number and ends."
    assert found.rendering.paragraphs[1].heading == ("A heading",)
    assert [finding.kind for finding in found.reading.findings] == ["joined"]


def test_text_between_a_heading_and_a_number_is_listed_as_left_out() -> None:
    assert kinds_of("1. One.\n\nA heading\n\nA whole sentence stands here without a number.\n\n2. Two.") == ["unplaced"]


@pytest.mark.parametrize(
    "text", ["1. One.\n3. Three.", "1. One.\n2. Two.\n1. One.", "1. One.\n\nNo number here.\n\n2. Two.", "1. One¹."]
)
def test_strict_refuses_whatever_would_be_listed(text: str) -> None:
    assert read(text).reading.findings
    with pytest.raises(NumberingError):
        read(text, strict=True)


def test_the_ninth_letter_and_the_first_roman_number_are_told_apart_by_what_comes_next() -> None:
    letters = "".join(f"({letter}) x;\n" for letter in "abcdefgh")
    assert refs_of(f"1. A:\n{letters}(i) x;\n(j) x.")[-2:] == ["1(i)", "1(j)"]
    assert refs_of(f"1. A:\n{letters}(i) x;\n(ii) x.")[-2:] == ["1(h)(i)", "1(h)(ii)"]
    assert refs_of("1. A:\n(a) b:\n(i) x;\n(ii) y;\n(b) z.") == ["1", "1(a)", "1(a)(i)", "1(a)(ii)", "1(b)"]


def test_an_acronym_in_brackets_is_no_sub_paragraph() -> None:
    assert refs_of("1. The Union\n(ITU) said:\n(a) yes.") == ["1", "1(a)"]


def test_a_footnote_mark_that_restarts_on_each_page_means_the_note_of_its_page() -> None:
    text = "1. One¹ and\n\n_____\n1 First note.\n\nmore.\n2. Two¹.\n\n_____\n1 Second note.\n"
    notes = [[note.text for note in p.notes] for p in read(text).rendering.paragraphs]
    assert notes == [["First note."], ["Second note."]]


@pytest.mark.parametrize(
    ("heading", "annex"),
    [("Annex", 0), ("ANNEX II", 2), ("Annex 3", 3), ("المرفق", 0), ("المرفق الأول", 1), ("المرفق الثاني:", 2)],
)
def test_annex_headings(heading: str, annex: int) -> None:
    assert annex_of(heading) == annex
    assert annex_of(f"{heading} sentence that ends.") is None


NO_ANNEXES = (
    *(
        "Annexation of territory",
        "Annexes",
        "ANNEXES TO COME",
        "Annex's scope",
        "Annex-related matters",
        "Annexed maps",
    ),
    *("المرفقات", "المرفقة بالتقرير", "Annex to the report"),
)


@pytest.mark.parametrize("heading", NO_ANNEXES)
def test_a_heading_that_only_begins_like_annex_opens_none(heading: str) -> None:
    """Tried by hand: with the word's end left open, paragraph 1 below "Annexation of territory" became annex1:1."""
    assert annex_of(heading) is None
    assert refs_of(f"{heading}\n\n1. One.\n2. Two.") == ["1", "2"]


def test_a_page_of_contents_that_lists_annexes_leaves_the_first_paragraph_where_it_is() -> None:
    """Tried by hand: "Annexes" alone once opened annex 1, so that paragraph 1 below it became annex1:1."""
    assert refs_of("Annexes\n\n1. One.\n2. Two.\n\nAnnexes\n\nAnnex I\n\n1. First.") == ["1", "2", "annex1:1"]


@pytest.mark.parametrize("heading", ["Annex2", "ANNEX-II", "Annex - II", "Annex: Speakers", "Annex – Speakers"])
def test_an_annex_heading_however_it_is_joined_to_what_follows(heading: str) -> None:
    assert annex_of(heading) == (0 if " " in heading else 2)


def test_what_looks_like_a_heading() -> None:
    assert looks_like_heading(["ملخص الرئيس"])
    assert not looks_like_heading(["A sentence that ends."])
    assert not looks_like_heading(["word " * 50])


@pytest.mark.parametrize(
    ("written", "ref"),
    [
        ("annex I, para. 4", "annex1:4"),
        ("annex1:4(b)(iii)", "annex1:4(b)(iii)"),
        ("paragraph 4 (b) of annex II", "annex2:4(b)"),
        ("الفقرة ٤ من المرفق الثاني", "annex2:4"),
        ("المرفق الأول، الفقرة ٤", "annex1:4"),
        ("21(k)(ii)", "21(k)(ii)"),
        ("21 (ك) ‘2’", "21(k)(ii)"),
    ],
)
def test_annexes_and_items_are_read_in_references(written: str, ref: str) -> None:
    assert str(parse_ref(written)) == ref
    assert [str(t) for m in find_refs(f"see {written}, then") for t in m.targets] == [ref]


def test_the_canonical_forms_of_annexes_and_items() -> None:
    ref = parse_ref("annex2:4(b)(iii)")
    assert (ref.label("en"), ref.label("ar")) == ("annex II, 4 (b) (iii)", "المرفق II، 4 (ب) ‘3’")
    assert ref.eid == "att_2__para_4__subpara_b__point_iii"
    assert str(ref.parent) == "annex2:4(b)"
    assert parse_ref("21") < parse_ref("21(a)") < parse_ref("21(a)(i)") < parse_ref("annex1:1")
    assert [str(t) for t in parse_refs("21(a)(i)-21(a)(iii)")] == ["21(a)(i)-21(a)(iii)"]


@given(st.integers(1, 9999), st.integers(0, 28), st.integers(0, 39), st.integers(0, 39), st.sampled_from(["en", "ar"]))
def test_every_ref_is_read_back_from_each_way_it_is_written(n: int, p: int, i: int, annex: int, language: str) -> None:
    from corpus.refs import Ref

    ref = Ref(n, p, i if p else 0, annex)
    assert parse_ref(str(ref)) == ref
    assert parse_ref(ref.label(language)) == ref
    assert parse_ref(arabic_indic(ref.label(language))) == ref


# ------------------------------------------------------------------------------------------------ right to left


def glyphs(visual: str) -> list[Glyph]:
    """Letters as they stand on the page from left to right."""
    return [Glyph(c, 6.0 * i, 6.0 * i + 6, 0, 10) for i, c in enumerate(visual) if c != " "]


@pytest.mark.parametrize(
    ("visual", "text"),
    [
        ("ةيقافتا", "اتفاقية"),
        ("A/CONF.9/3 ةقيثولا", "الوثيقة A/CONF.9/3"),
        ("2021 ماع 5-3 يف", "في 3-5 عام 2021"),
        ("٢٠٢١ ماع", "عام ٢٠٢١"),
        (".2025 ماع", "عام 2025."),
        ("COVID-19 ضرم", "مرض COVID-19"),
    ],
)
def test_right_to_left_lines_come_out_in_reading_order(visual: str, text: str) -> None:
    assert text_of(glyphs(visual), "rtl") == text


# ------------------------------------------------------------------------------------------------------ refused


def word(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph("1. One.")
    document.save(buffer)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"word/{name}.xml", data)
    return buffer.getvalue()


def test_a_word_file_made_for_the_tests_is_read() -> None:
    assert [str(p.ref) for p in read(word(), "a.docx").rendering.paragraphs] == ["1"]


_BOMB = b"\0" * (MAX_UNPACKED + 1)
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "is empty"),
        ("a.docx", b"  ", "is empty"),
        ("a.txt", b"1. a\0b", "NUL"),
        ("a.txt", b"\xff\xfe1", "no UTF-8"),
        ("a.md", b"%PDF-1.7", "holds a PDF"),
        ("a.txt", word(), "holds a zip archive"),
        ("a.pdf", word(), "holds a zip archive"),
        ("a.docx", b"%PDF-1.7", "holds a PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0old", "save it as .docx"),
        ("a.docx", word()[:400], "no Word document"),
        ("a.docx", b"PK\x03\x04" + bytes(200), "no Word document"),
        ("a.doc", b"x", "is not read"),
        ("a", b"x", "without extension"),
        ("a.pdf", b"%PDF-1.7\nnothing else", "no PDF that can be read"),
        ("a.html", _ENTITIES, "entities"),
        ("a.html", b"\xff<p>1. a", "neither UTF-8"),
        ("a.html", b"<div>" * 300 + b"1. a", "deep"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(name: str, data: bytes, why: str) -> None:
    with pytest.raises(DocumentRefused, match=why) as error:
        read(data, name)
    assert name in str(error.value) or "page" in str(error.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = word(big=_BOMB)
    assert len(bomb) < MIB
    with pytest.raises(DocumentRefused, match="unpacks to"):
        read(bomb, "a.docx")


def test_entities_in_a_word_file_are_refused() -> None:
    with pytest.raises(DocumentRefused, match="entities"):
        read(word(comments=_ENTITIES), "a.docx")


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.html"])
def test_200_mebibytes_are_refused_at_once(name: str) -> None:
    assert max(MAX_FILE.values()) < 200 * MIB
    with pytest.raises(DocumentRefused, match="over the"):
        read(bytes(1) + b"1" * (200 * MIB), name)


def test_a_pdf_of_pictures_is_refused_with_a_hint() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    buffer = io.BytesIO()
    document.save(buffer)
    with pytest.raises(DocumentRefused, match="--ocr"):
        read(buffer.getvalue(), "a.pdf")


def test_a_document_without_numbers_is_refused() -> None:
    with pytest.raises(NumberingError, match="no numbered paragraph"):
        read("only prose")
