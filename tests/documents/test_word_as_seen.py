"""A Word file is read as a reader sees it: its counters, its revisions, what is hidden or struck out."""

from __future__ import annotations

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from tests.documents.harmful import paragraph, word

DELETED = '<w:rPr><w:del w:id="9" w:author="A"/></w:rPr>'
HIDDEN = "<w:rPr><w:vanish/></w:rPr>"


def numbered(level: int = 0, number: int = 1, more: str = "") -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>{more}'


def level(at: int, text: str, form: str = "decimal", more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, instances: str = "") -> str:
    plain = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{plain}{instances}'


PLAIN = numbering(level(0, "%1."), level(1, "(%2)", "lowerLetter"))


def read(body: str, **parts: str) -> ReadDocument:
    return read_document(word(body, **({"numbering": PLAIN} | parts)), "a.docx", DocumentDescription("en"))


def texts(found: ReadDocument) -> list[str]:
    return [f"{p.ref} {p.text}" for p in found.rendering.paragraphs]


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


# ------------------------------------------------------------------------------------------------------- counters


def test_numbered_cells_move_the_counter_that_the_paragraphs_share() -> None:
    """Tried by hand: without the labels of cells, the paragraph below the table is 2."""
    rows = table((paragraph("North", numbered()), paragraph("7 m")), (paragraph("South", numbered()), paragraph("9 m")))
    found = read(paragraph("One.", numbered()) + rows + paragraph("After.", numbered()))
    assert texts(found) == ["1 One. ‖ 2. North | 7 m ‖ 3. South | 9 m", "4 After."]
    assert [finding.kind for finding in found.reading.findings] == ["gap"]


def test_a_table_with_a_list_of_its_own_leaves_the_paragraphs_counter_alone() -> None:
    both = numbering(level(0, "%1."), instances=(
        f'<w:abstractNum w:abstractNumId="1">{level(0, "%1.")}</w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    ))  # fmt: skip
    rows = table(
        (paragraph("No."), paragraph("Ferry")),
        (paragraph("", numbered(number=2)), paragraph("Amal")),
        (paragraph("", numbered(number=2)), paragraph("Nour")),
    )
    found = read(paragraph("One.", numbered()) + rows + paragraph("Two.", numbered()), numbering=both)
    assert texts(found) == ["1 One. ‖ No. | Ferry ‖ 1. | Amal ‖ 2. | Nour", "2 Two."]
    assert found.reading.findings == ()


def test_a_table_that_only_hangs_numbers_is_paragraphs_and_one_with_a_head_is_a_table() -> None:
    """Tried by hand: judged row by row, the rows below "No." became paragraphs 2 and 3."""
    rows = [(paragraph("2."), paragraph("Two.")), (paragraph("3."), paragraph("Three."))]
    assert texts(read(paragraph("1. One.") + table(*rows))) == ["1 One.", "2 Two.", "3 Three."]
    head = (paragraph("No."), paragraph("Ferry"))
    assert texts(read(paragraph("1. One.") + table(head, *rows))) == ["1 One. ‖ No. | Ferry ‖ 2. | Two. ‖ 3. | Three."]


HEADED = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>' + (
    '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="P"><w:name w:val="Para"/><w:pPr><w:numPr>'
    '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Own"/>'
    '<w:basedOn w:val="P"/></w:style>'
)


def test_headings_and_paragraphs_of_one_list_are_told_apart_by_the_levels_that_their_styles_name() -> None:
    """Tried by hand: without `pStyle` and `basedOn`, every paragraph is a heading's number or none."""
    levels = numbering(
        level(0, "%1.", "upperRoman", '<w:pStyle w:val="H"/>'),
        level(1, "%2.", more='<w:lvlRestart w:val="0"/><w:pStyle w:val="P"/>'),
    )
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in (("Ferries", "H"), ("One.", "P"), ("Two.", "Q"), ("Harbours", "H"), ("Three.", "P"))
    )
    found = read(paragraph("A title of some words") + body, numbering=levels, styles=HEADED)
    assert texts(found) == ["1 One.", "2 Two.", "3 Three."]
    assert [p.heading for p in found.rendering.paragraphs] == [("I. Ferries",), ("I. Ferries",), ("II. Harbours",)]


@pytest.mark.parametrize(
    ("restart", "want"),
    [("", ["1", "1(a)", "2", "2(a)"]), ('<w:lvlRestart w:val="0"/>', ["1", "1(a)", "2", "2(b)"])],
)
def test_a_level_starts_again_unless_the_list_says_otherwise(restart: str, want: list[str]) -> None:
    levels = numbering(level(0, "%1."), level(1, "(%2)", "lowerLetter", restart))
    body = "".join(paragraph("Text.", numbered(at)) for at in (0, 1, 0, 1))
    assert [str(p.ref) for p in read(body, numbering=levels).rendering.paragraphs] == want


def test_a_list_style_and_levels_of_an_instance_are_followed() -> None:
    """Tried by hand: neither was; the first lost its numbers, the second wrote those of the list that it changes."""
    style = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    linked = numbering(level(0, "%1."), instances=(
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    ))  # fmt: skip
    body = paragraph("One.", numbered(number=2)) + paragraph("Two.", numbered(number=1))
    assert texts(read(body, numbering=linked, styles=style)) == ["1 One.", "2 Two."]
    over = f'<w:lvlOverride w:ilvl="1">{level(1, "%2)", "lowerRoman")}</w:lvlOverride>'
    own = numbering(level(0, "%1."), level(1, "(%2)", "lowerLetter"), instances=(
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{over}</w:num>'
    ))  # fmt: skip
    body = paragraph("One:", numbered()) + paragraph("a", numbered(1)) + paragraph("b", numbered(1, 2))
    assert "ii) b" in " ".join(texts(read(body, numbering=own)))


def test_a_number_without_words_is_listed_and_counted() -> None:
    found = read(paragraph("One.", numbered()) + paragraph("", numbered()) + paragraph("Three.", numbered()))
    assert texts(found) == ["1 One.", "3 Three."]
    assert "the number “2.” has no words" in found.reading.findings[0].detail


# ------------------------------------------------------------------------------------------------------ revisions


def gone(text: str) -> str:
    return f'<w:del w:id="1" w:author="A"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next_and_counts_once() -> None:
    """Tried by hand: with the marks left in, these are paragraphs 1 to 4, cut in the middle of the sentence."""
    first = f"<w:p><w:pPr>{numbered(more=DELETED)}</w:pPr>{run('The fine is ')}</w:p>"
    second = f"<w:p><w:pPr>{numbered(more=DELETED)}</w:pPr>{gone('fifty or ')}</w:p>"
    third = f"<w:p><w:pPr>{numbered()}</w:pPr>{run('forty crowns.')}</w:p>"
    found = read(first + second + third + paragraph("Two.", numbered()))
    assert texts(found) == ["1 The fine is forty crowns.", "2 Two."]
    assert any("forty crowns" in what and "goes on" in what for what in found.reading.left_out)


def test_a_deleted_paragraph_in_a_cell_and_a_deleted_row_are_gone() -> None:
    cell = f"<w:p><w:pPr>{DELETED}</w:pPr>{gone('old')}</w:p>{paragraph('new')}"
    row = f"<w:tr><w:trPr><w:del w:id='3' w:author='A'/></w:trPr><w:tc>{paragraph('Gone', numbered())}</w:tc></w:tr>"
    rows = table((cell, paragraph("b"), paragraph("c"))).replace("</w:tbl>", f"{row}</w:tbl>")
    found = read(paragraph("One.", numbered()) + rows + paragraph("Two.", numbered()))
    assert texts(found) == ["1 One. ‖ new | b | c", "2 Two."]
    assert any("rows of tables" in what and "Gone" in what for what in found.reading.left_out)


def test_the_note_of_a_deleted_reference_is_left_out_and_listed_with_its_words() -> None:
    """Tried by hand: with deleted references read, the note hung on a mark that nobody sees."""
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = (
        f"<w:p><w:pPr>{numbered()}</w:pPr>{run('One')}<w:del w:id='4' w:author='A'>{reference.format(5)}</w:del>"
        f"{run(' and more')}{reference.format(6)}{run('.')}</w:p>"
    )
    notes = "".join(f'<w:footnote w:id="{n}">{paragraph(t)}</w:footnote>' for n, t in ((5, "Struck."), (6, "Kept.")))
    found = read(body, footnotes=notes)
    assert [(p.text, [(n.at, n.text) for n in p.notes]) for p in found.rendering.paragraphs] == [
        ("One and more.", [(12, "Kept.")])
    ]
    assert found.reading.findings == ()
    assert "notes of text that is not seen: “Struck.”" in found.reading.left_out


def test_a_moved_paragraph_stands_where_it_was_moved_to() -> None:
    moved = '<w:rPr><w:moveFrom w:id="7" w:author="A"/></w:rPr>'
    words = f"<w:moveFrom w:id='8' w:author='A'>{run('Moved.')}</w:moveFrom>"
    away = f"<w:p><w:pPr>{numbered(more=moved)}</w:pPr>{words}</w:p>"
    here = f"<w:p><w:pPr>{numbered()}</w:pPr><w:moveTo w:id='8' w:author='A'>{run('Moved.')}</w:moveTo></w:p>"
    found = read(away + paragraph("One.", numbered()) + here)
    assert texts(found) == ["1 One.", "2 Moved."]


# ------------------------------------------------------------------------------------------------ hidden and struck

STYLES = (
    '<w:style w:type="character" w:styleId="Hid"><w:name w:val="Hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Sub"><w:name w:val="Sub"/><w:basedOn w:val="Hid"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Draft"><w:name w:val="Draft"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    "properties", ["<w:vanish/>", '<w:rStyle w:val="Sub"/>', "<w:strike/>", '<w:dstrike w:val="1"/>']
)
def test_hidden_and_struck_words_are_left_out_and_listed(properties: str) -> None:
    """Tried by hand: each was read as text."""
    body = f"<w:p><w:pPr>{numbered()}</w:pPr>{run('The fine is ')}{run('fifty ', properties)}{run('forty.')}</w:p>"
    found = read(body, styles=STYLES)
    assert texts(found) == ["1 The fine is forty."]
    assert any("fifty" in what for what in found.reading.left_out)


@pytest.mark.parametrize("properties", ['<w:vanish w:val="0"/>', '<w:strike w:val="false"/>', "<w:webHidden/>"])
def test_what_is_switched_off_again_is_seen(properties: str) -> None:
    body = f"<w:p><w:pPr>{numbered()}</w:pPr>{run('fifty ', properties)}{run('forty.')}</w:p>"
    assert texts(read(body)) == ["1 fifty forty."]


def test_a_hidden_paragraph_does_not_count() -> None:
    """Tried by hand: it was paragraph 2, or moved the counter."""
    by_style = paragraph("Draft.", f'<w:pStyle w:val="Draft"/>{numbered(more=HIDDEN)}')
    found = read(paragraph("One.", numbered()) + by_style + paragraph("Two.", numbered()), styles=STYLES)
    assert texts(found) == ["1 One.", "2 Two."]


def test_symbols_and_raised_figures_are_read_as_they_look() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    symbols = '<w:r><w:sym w:font="Symbol" w:char="F0B0"/></w:r>'
    body = f"<w:p><w:pPr>{numbered()}</w:pPr>{run('10 m')}{run('2', raised)}{run(' at 5')}{symbols}{run('C, 1')}" + (
        f"{run('st', raised)}{run('.')}</w:p>"
    )
    assert texts(read(body)) == ["1 10 m² at 5°C, 1st."]


def test_a_table_of_contents_is_left_out_however_word_marks_it() -> None:
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("1. First 3")}</w:p>'
        f'<w:p>{run("2. Second 4")}</w:p><w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    style = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    for body in (field, paragraph("1. First\t3", '<w:pStyle w:val="T"/>')):
        found = read(body + paragraph("One.", numbered()) + paragraph("Two.", numbered()), styles=style)
        assert texts(found) == ["1 One.", "2 Two."]
        assert any("First" in what for what in found.reading.left_out)
