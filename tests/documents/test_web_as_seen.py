"""A web page is read as a browser shows it: hidden and struck text, line breaks, numbers of lists and style sheets."""

from __future__ import annotations

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.errors import DocumentRefused
from corpus.readers.html_style import MAX_RULES


def read(page: str) -> ReadDocument:
    return read_document(page.encode(), "a.html", DocumentDescription("en"))


def texts(page: str) -> list[str]:
    return [f"{p.ref} {p.text}" for p in read(page).rendering.paragraphs]


HIDDEN = [
    "<div hidden>{}</div>",
    "<div hidden=until-found>{}</div>",
    "<div style='color: red; DISPLAY : none'>{}</div>",
    "<div style='display:none !important'>{}</div>",
    "<div style='visibility:hidden'>{}</div>",
    "<p style='mso-hide:all'>{}</p>",
    "<dialog>{}</dialog>",
    "<template>{}</template>",
    "<style>.x{{display:none}}</style><p class='y x'>{}</p>",
    "<style>#q > p {{ display : none }}</style><div id=q><p>{}</p></div>",
    "<style>div.q p{{visibility:hidden}}</style><div class=q><div><p>{}</p></div></div>",
    "<style>@media screen {{ p.x {{ display:none }} }}</style><p class=x>{}</p>",
    "<style>p + p.x {{ display:none }}</style><p></p><p class=x>{}</p>",
    "<style>[data-draft] {{ display:none }}</style><p data-draft=1>{}</p>",
    "<style>/* .x{{}} */ a, .x , b{{ display:none; }}</style><p class=x>{}</p>",
    "<style>p{{display:none}} .shown{{display:block}}</style><p class=shown></p><p>{}</p>",
    "<p><del>{}</del></p>",
    "<p><s>{}</s></p>",
    "<p><strike>{}</strike></p>",
    "<p style='text-decoration: line-through'>{}</p>",
    "<style>.old{{text-decoration-line:line-through}}</style><p><span class=old>{}</span></p>",
    "<select><option>{}</option></select>",
]


@pytest.mark.parametrize("markup", HIDDEN)
def test_what_nobody_sees_is_no_paragraph_and_is_listed(markup: str) -> None:
    """Taken out by hand (`_find_unseen`; a kind of rule each), paragraph 2 is the hidden one."""
    page = f"<body><div>1. One.</div>{markup.format('2. A draft of two.')}<div>2. Two.</div></body>"
    found = read(page)
    assert [f"{p.ref} {p.text}" for p in found.rendering.paragraphs] == ["1 One.", "2 Two."]
    assert any("A draft of two" in what for what in found.reading.left_out)


@pytest.mark.parametrize(
    "markup",
    [
        "<div aria-hidden=true>{}</div>",
        "<div style='display:block' hidden>{}</div>",
        "<style>@media print{{.x{{display:none}}}}</style><p class=x>{}</p>",
        "<style>@media (max-width:600px){{.x{{display:none}}}}</style><p class=x>{}</p>",
        "<style>.x:hover{{display:none}}</style><p class=x>{}</p>",
        "<style>.x{{display:none}} .x{{display:block}}</style><p class=x>{}</p>",
        "<style>p{{display:none}} p.x{{display:block}}</style><p class=x>{}</p>",
        "<p><ins>{}</ins></p>",
        "<details><summary>More</summary><p>{}</p></details>",
        "<dialog open>{}</dialog>",
    ],
)
def test_what_people_see_is_read(markup: str) -> None:
    assert "2 Two." in texts(f"<div>1. One.</div>{markup.format('2. Two.')}")


def test_line_breaks_part_lines_and_two_of_them_part_paragraphs() -> None:
    """Tried by hand: with a break read as a space, all of it is paragraph 1."""
    assert texts("<div>1. One.<br>2. Two,<br>which goes on.<br><br>3. Three.<br/> <br/>4. Four.</div>") == [
        "1 One.",
        "2 Two, which goes on.",
        "3 Three.",
        "4 Four.",
    ]
    assert texts("<h2>Annex I<br>List</h2><p>1. One.</p>") == ["1 One."]
    assert texts("<p>1. One:</p><table><tr><td>a<br>b<td>c<td>d</table>") == ["1 One: ‖ a b | c | d"]
    assert texts("<pre>1. One.\n2. Two,\nand more.\n\n3. Three.</pre>") == ["1 One.", "2 Two, and more.", "3 Three."]


def test_a_note_that_only_struck_or_hidden_text_leads_to_is_left_out() -> None:
    """Tried by hand: it was listed as a note that no mark leads to, and refused by --strict."""
    page = (
        "<p>1. One<del> or two<sup><a href='#n1'>1</a></sup></del>, and more<sup><a href='#n2'>2</a></sup>.</p>"
        "<ol><li id=n1>Struck note.</li><li id=n2>Kept note.</li></ol>"
    )
    found = read(page)
    assert [(p.text, [(n.at, n.text) for n in p.notes]) for p in found.rendering.paragraphs] == [
        ("One, and more.", [(13, "Kept note.")])
    ]
    assert found.reading.findings == ()
    assert any("Struck note" in what for what in found.reading.left_out)


def test_hidden_items_of_a_list_do_not_count() -> None:
    assert texts("<ol><li>One.</li><li hidden>Draft.</li><li>Two.</li></ol>") == ["1 One.", "2 Two."]


@pytest.mark.parametrize(
    ("page", "want"),
    [
        ("<ol style='list-style:none'><li>1. One.<li>2. Two.</ol>", ["1 One.", "2 Two."]),
        ("<ol style='list-style-type:arabic-indic'><li>One.<li>Two.</ol>", ["1 One.", "2 Two."]),
        ("<ol reversed><li>Two.<li>One.</ol>", ["2 Two. 1. One."]),
        (
            "<style>ol ol{list-style-type:lower-alpha}</style><ol><li>One:<ol><li>a;<li>b.</ol></ol>",
            ["1 One:", "1(a) a;", "1(b) b."],
        ),
        (
            "<style>body{counter-reset:p} p.n::before{counter-increment:p;content:counter(p) '. '}"
            " p.l{counter-increment:q} p.l:before{content:'(' counter(q,lower-latin) ') '} p.n{counter-reset:q}</style>"
            "<p class=n>One:</p><p class=l>a;</p><p class=l>b.</p><p class=n>Two:</p><p class=l>c.</p>",
            ["1 One:", "1(a) a;", "1(b) b.", "2 Two:", "2(a) c."],
        ),
        ("<style>p::before{content:'» '}</style><p>1. One.</p>", ["1 One."]),
    ],
)
def test_numbers_are_those_that_a_browser_writes(page: str, want: list[str]) -> None:
    assert texts(page) == want


def test_raised_and_lowered_figures_keep_their_place() -> None:
    assert texts("<p>1. 10 m<sup>2</sup> of CO<sub>2</sub>, the 1<sup>st</sup>, crowns<sup>a</sup>.</p>") == [
        "1 10 m² of CO₂, the 1st, crownsᵃ."
    ]


def test_style_sheets_that_take_too_long_are_refused_with_what_to_do() -> None:
    rules = "".join(f".a{n}{{display:none}}" for n in range(MAX_RULES + 1))
    with pytest.raises(DocumentRefused, match="save it without them"):
        read(f"<style>{rules}</style><p>1. One.</p>")
    deep = "<style>" + "p " * 40 + "p{display:none}</style>" + "<div>" * 100 + "<p>1. One." * 2_000
    read_in = read(deep)
    assert read_in.rendering.paragraphs
