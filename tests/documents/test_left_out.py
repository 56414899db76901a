"""What a reader passes over, a parser drops or a rule leaves out is listed or counted: nothing goes in silence."""

from __future__ import annotations

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.readers import html as html_reader
from tests.documents import harmful
from tests.documents.harmful import paragraph, word

NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
PARAGRAPHS = "<p>1. One.</p>"


def read(data: bytes | str, name: str) -> ReadDocument:
    return read_document(data.encode() if isinstance(data, str) else data, name, DocumentDescription("en"))


def listed(data: bytes | str, name: str) -> str:
    """All that the account says is missing."""
    reading = read(data, name).reading
    return "\n".join([*(finding.detail for finding in reading.findings), *reading.left_out])


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>1. One.</p><!-- open <p>2. Two.</p>", ["a comment that is never closed", "2. Two."]),
        ("<p>1. One.</p><style> <p>2. Two.</p>", ["<style> that is never closed", "2. Two."]),
        ("<p>1. One.</p><script> <p>2. Two.</p>", ["<script> that is never closed", "2. Two."]),
        ('<p>1. One.</p><a href="x><p>2. Two.</p>', ["a quotation mark in a tag", "2. Two."]),
        ('<p>1. One.</p><a href="x><p>2. Two.</p><p class="c">', ["a quotation mark is missing", "2. Two."]),
        ("<p>1. One.</p><p 2. Two.", ["a tag that is never closed", "2. Two."]),
        ("<p>1. One.</p>\n<!weird 2. Two.", ["line 2", "a declaration that is never closed", "2. Two."]),
        ("<p>1. One.</p><aside><p>2. Two.</p></aside>", ["<aside>", "2. Two."]),
        ("<p>1. One.</p><form><p>2. Two.</p></form>", ["<form>", "2. Two."]),
        ("<p>1. One.</p><noscript>2. Two.</noscript>", ["<noscript>", "2. Two."]),
        ("<p>1. One.</p><nav>2. Two.</nav>", ["navigation", "2. Two."]),
        ("<p>1. One.</p><footer>2. Two.</footer>", ["page footers", "2. Two."]),
        ("<p>1. One.<button>2. Two.</button></p>", ["buttons", "2. Two."]),
        (
            "<p>1. One.</p><table><caption>2. Two.</caption><tr><td>a</td></tr></table>",
            ["none of its cells", "2. Two."],
        ),
        ("<p>1. One.</p><table><tr>2. Two.<td>a</td></tr></table>", ["none of its cells", "2. Two."]),
        ("<p>1. One.</p><table><tr><td>a<nav>2. Two.</nav></td></tr></table>", ["navigation", "2. Two."]),
    ],
)
def test_what_a_page_loses_is_listed(page: str, words: list[str]) -> None:
    """Taken out by hand (`Source.read`; `_skip`; `_list`), nothing is said."""
    said = listed(page, "a.html")
    for word_ in words:
        assert word_ in said


def test_what_stands_after_the_end_of_a_page_is_read() -> None:
    """Taken out by hand (`itersiblings`), paragraph 2 is gone and nothing is said."""
    for page in ("<html><p>1. One.</p></html><p>2. Two.", "<html><p>1. One.</html><html><body><p>2. Two.</html>"):
        found = read(page, "a.html")
        assert [p.text for p in found.rendering.paragraphs] == ["One.", "Two."]
        assert found.reading.findings == ()


def test_letters_that_the_parser_drops_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reason: the letters of the source are held against those of the tree."""
    whole = html_reader._tree_text
    monkeypatch.setattr(html_reader, "_tree_text", lambda root: whole(root).replace("swallowed", ""))
    said = listed("<p>1. One.</p><p>Here it is swallowed whole.</p>", "a.html")
    assert "the parser lost 9 letters" in said
    assert "Here it is swallowed" in said


TEXT_BOX = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('2. In a box.')}</w:txbxContent></w:pict></w:r></w:p>"
MATHS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TEXT_BOX, ["a text box is left out", "2. In a box."]),
        (f"<w:p><m:oMath {MATHS}><m:r><m:t>E=mc</m:t></m:r></m:oMath></w:p>", ["a formula is left out", "E=mc"]),
        ('<w:altChunk r:id="x" xmlns:r="y"/>', ["a document within the document"]),
        ('<w:p><w:r><w:sym w:font="Webdings" w:char="F0E0"/></w:r></w:p>', ["1 symbols of the font 'Webdings'"]),
        (f"<w:unknown>{paragraph('2. Two.')}</w:unknown>", ["text is left out", "2. Two."]),
        ("<w:p><w:del><w:r><w:delText>2. Two.</w:delText></w:r></w:del></w:p>", ["deleted text", "2. Two."]),
        (f"<w:p><w:moveFrom>{'<w:r><w:t>2. Two.</w:t></w:r>'}</w:moveFrom></w:p>", ["moved elsewhere", "2. Two."]),
        ('<w:p><w:r><w:t>2. a</w:t><w:footnoteReference w:id="7"/></w:r></w:p>', ["the mark '1' leads to no"]),
    ],
)
def test_what_a_word_file_loses_is_listed(body: str, words: list[str]) -> None:
    """Taken out by hand (`_list_unread`; `_count_left_out`), nothing is said."""
    said = listed(word(paragraph("1. One.") + body), "a.docx")
    for word_ in words:
        assert word_ in said


def test_text_in_content_controls_and_nested_tables_is_read_once() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('inner')}</w:tc></w:tr></w:tbl>"
    cells = f"<w:tc>{paragraph('outer')}{inner}{paragraph('more')}</w:tc>"
    controlled = f"<w:customXml><w:sdt><w:sdtContent>{paragraph('2. Two.')}</w:sdtContent></w:sdt></w:customXml>"
    found = read(word(f"{paragraph('1. One.')}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{controlled}"), "a.docx")
    assert [p.text for p in found.rendering.paragraphs] == ["One. ‖ outer more ‖ inner", "Two."]
    assert found.reading.findings == ()


def test_a_note_that_nothing_is_made_of_and_a_list_style_are_listed() -> None:
    body = word(paragraph("1. One."), footnotes=f'<w:footnote w:id="5">{paragraph("Nobody leads here.")}</w:footnote>')
    assert "text of a footnote is left out: “Nobody leads here.”" in listed(body, "a.docx")
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Legal"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    linked = word(paragraph("1. One.") + paragraph("By a list style.", NUMBERED), numbering=numbering)
    assert "1 paragraphs have numbers of a list style" in listed(linked, "a.docx")


def test_what_a_pdf_loses_is_listed() -> None:
    """Running heads are counted; a page without letters, letters without a meaning and form fields are listed."""
    text = b"BT /F 12 Tf 40 700 Td (1. One is a paragraph of some words.) Tj ET"
    assert "page 1: 1 text boxes or form fields" in listed(
        harmful.page_of(
            text, b"<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(2. Two.)>>", annotations=b"6 0 R"
        ),
        "a.pdf",
    )
    assert "page 2 holds no letters" in listed(harmful.pages_of(text, b"0 0 10 10 re f"), "a.pdf")
    said = listed(harmful.page_of(text + b" BT /F 12 Tf 40 600 Td <000102> Tj ET"), "a.pdf")
    assert "page 1: 2 letters are left out" in said
    assert "page 1: 1 letters are a guess" in said


def test_a_markdown_comment_is_counted_and_what_follows_it_on_its_line_listed() -> None:
    said = listed("1. One.\n\n<!-- a comment -->\n\n<!-- another --> 2. Two.", "a.md")
    assert "comments: “<!-- a comment -->”" in said
    assert "all of it: “<!-- another --> 2. Two.”" in said


def test_more_findings_than_anybody_reads_are_counted() -> None:
    findings = read(PARAGRAPHS + "<aside>x</aside>" * 1_500, "a.html").reading.findings
    assert (len(findings), findings[-1].detail) == (1_001, "and 500 more of the kind")
    findings = read("1. One." + " a¹" * 3_000, "a.txt").reading.findings
    assert (len(findings), findings[-1].detail) == (1_001, "and 2,000 more")


def test_characters_that_stand_for_notes_and_rows_are_not_taken_from_a_document() -> None:
    """Taken out by hand (the last two of `_RESERVED`), the text forges a table."""
    found = read("1. One\ue002a\ue003b and \ue0001\ue001 two.", "a.txt")
    assert found.rendering.paragraphs[0].text == "Oneab and 1 two."
    assert found.rendering.paragraphs[0].tables == ()
    assert found.reading.left_out[0].startswith("characters of private use")
