"""`2 bis`, `2 ter`, `2 مكررا`: paragraphs of their own where a document numbers them so, words where it speaks of them.

`cases/30*` holds whole documents of each format; here is what one line decides.
"""

from __future__ import annotations

import re

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.errors import DocumentRefused, NumberingError
from corpus.exchange import akn, jsonl
from corpus.layout.markers import find_marker
from corpus.records import Report
from corpus.refs import Ref
from corpus.structure import compare
from tests.documents.test_cases import CASES, read

# What a line begins with → the paragraph, after paragraph 2.
MARKED = """
2 bis. Text       → 2bis
2bis. Text        → 2bis
2 bis) text       → 2bis
2 bis - text      → 2bis
2 bis – text      → 2bis
2 bis.Text        → 2bis
2 bis-Text        → 2bis
2-bis. text       → 2bis
2/bis. text       → 2bis
2 (bis). text     → 2bis
(2 bis) text      → 2bis
2 *bis*. text     → 2bis
2 BIS. TEXT       → 2bis
- 2 bis- text     → 2bis
Para. 2 ter. text → 2ter
2 bis. 40 crowns  → 2bis
2 quinquies. text → 2quinquies
2 مكرر- النص      → 2bis
٢مكررا-النص       → 2bis
٢ مكرراً - النص   → 2bis
٢ مكرّر- النص     → 2bis
٢ مكررة- النص     → 2bis
٢-مكرر- النص      → 2bis
(٢ مكررا) النص    → 2bis
٢ مكررا- ٤٠ ريالا → 2bis
الفقرة ٢ مكررا- ن → 2bis
٢ مكررا ثانيا- ن  → 2ter
٢ مكرراً ثانياً. ن → 2ter
٢ مكررا ثالثا- ن  → 2quater
2. bis text       → 2
2. Terms are kept → 2
"""

UNMARKED = """
2 bis text | 2 bis, which | 2 bis and 2 ter. Deleted | 2 bis-4. Deleted | 2 bis - 4. Deleted | 2 bis-quater. Deleted
2 terms. Of | 2 bisected. Text | 2bisa. Text | bis. Text | 2 bis 5 persons | (3 ter) text | 2 مكررا والنص | مكررا- النص
"""

START = "Rules of the commission\n\n1. One ferry.\n\n"


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("→")] for line in table.strip().splitlines()]


def read_text(text: str, *, strict: bool = False) -> ReadDocument:
    return read_document(text.encode(), "rules.txt", DocumentDescription(None), strict=strict)


def refs(found: ReadDocument) -> str:
    return " ".join(str(paragraph.ref) for paragraph in found.rendering.paragraphs)


@pytest.mark.parametrize(("line", "expected"), rows(MARKED))
def test_a_number_between_two_others_is_one(line: str, expected: str) -> None:
    """Before, each of them was refused, or joined to paragraph 2."""
    marker = find_marker(line, Ref(2))
    assert marker is not None
    assert [str(ref) for ref in marker.readings(Ref(2))] == [expected]
    assert line[marker.length :].strip()


@pytest.mark.parametrize("line", [cell.strip() for cell in re.split(r"[|\n]", UNMARKED.strip())])
def test_what_only_looks_like_one_is_none(line: str) -> None:
    assert find_marker(line, Ref(2)) is None


@pytest.mark.parametrize(
    "wrapped",
    [
        "2. A ship is bound by the rule of article\n2 bis. The master pays.",
        "2. A ship is bound by rules 1 and\n2 bis. The master pays.",
        "2. A ship is bound by it, as it was in\n2 bis. before the reform.",
        "2. A ship is bound by what rule\n2 bis says of ships.",
        "2. A ship is bound by paragraph 2 bis\n(a), and by no other.",
        "2. A ship is bound by paragraph 2\n(a).",
        "2- تلتزم السفينة بأحكام المادة\n2 مكررا- ويدفع الربان.",
        "2- تلتزم السفينة وفقا للفقرة\n2 مكررا- ويدفع الربان.",
        "2- تلتزم السفينة عملا بالمادتين\n2 مكررا- ويدفع الربان.",
        "2- تلتزم السفينة بالفقرة ٢ مكررا\n(أ)، دون سواها.",
    ],
)
def test_a_line_that_begins_so_within_a_sentence_is_text(wrapped: str) -> None:
    """Tried by hand: without `leads_to_a_number` of Arabic prefixes, and without `_WITHIN`, four of them are cut."""
    found = read_text(f"{START}{wrapped}\n\n3. The end.", strict=True)
    assert refs(found) == "1 2 3"
    assert found.rendering.by_ref[Ref(2)].text == wrapped[3:].replace("\n", " ")


def test_a_number_that_is_still_to_come_is_text_where_a_line_begins_with_it() -> None:
    text = f"{START}2. The new rule has the number\n2 bis. It is short.\n\n2 bis. A fine is due.\n\n3. The end."
    assert refs(read_text(text, strict=True)) == "1 2 2bis 3"


@pytest.mark.parametrize(
    ("rest", "expected", "kinds", "told"),
    [
        (
            "2. Two.\n\n3. In:\n\n2 bis. A fine.\n\n4. End.",
            "1 2 3 4",
            "repeat",
            "“2 bis” comes again after paragraph 3",
        ),
        (
            "2. Two.\n\n2 ter. A fine.\n\n3. End.",
            "1 2 2ter 3",
            "gap",
            "paragraph 2ter comes after paragraph 2, where 2bis",
        ),
        (
            "2. Two.\n\n3 bis. A fine.\n\n4. End.",
            "1 2 3bis 4",
            "gap",
            "paragraph 3bis comes after paragraph 2, where 3 was",
        ),
        ("2. Two.\n\n2 bis. A.\n\n2 bis. B.\n\n3. End.", "1 2 2bis 3", "repeat", "comes again after paragraph 2bis"),
        (
            "2. Two.\n\n2 bis. A.\n\n2 bis. (continued) B.\n\n3. End.",
            "1 2 2bis 3",
            "joined",
            "paragraph 2bis goes on here",
        ),
        ("2. Two.\n\n2 bis-2 quater. [Deleted]\n\n3. End.", "1 2 3", "gap", "paragraphs 2bis to 2quater are one line"),
        ("2. Two.\n\n2 bis and 3. [Deleted]\n\n4. End.", "1 2 4", "gap", "paragraphs 2bis to 3 are one line"),
        (
            "2. Two.\n\n2 bis-ter. [Deleted]\n\n2 quater. Q.\n\n3. End.",
            "1 2 2quater 3",
            "gap",
            "2bis to 2ter are one line",
        ),
    ],
)
def test_out_of_order_or_left_out_is_listed_and_strict_refuses_it(
    rest: str, expected: str, kinds: str, told: str
) -> None:
    found = read_text(START + rest)
    assert refs(found) == expected
    assert " ".join(finding.kind for finding in found.reading.findings) == kinds
    assert told in found.reading.findings[0].detail
    with pytest.raises(NumberingError):
        read_text(START + rest, strict=True)


@pytest.mark.parametrize("number", ["2 bis 1", "2 bis 2", "2 duodecies", "٢ مكررا ٢", "٢ مكرراً ١"])
def test_a_number_that_has_no_name_here_is_refused_with_those_that_have(number: str) -> None:
    """`٢ مكررا ٢` is ter to some and "bis 2" to others: neither is guessed."""
    with pytest.raises(NumberingError, match=rf"line 7: '{number}' .* call it 2 bis, 2 ter … .*٢ مكررا ثانيا"):
        read_text(f"{START}2. Two.\n\n{number}. A fine.\n\n3. End.")


def test_an_annex_and_items_have_them() -> None:
    annex = "Annex I\n\n1. One.\n\n1 bis. A:\n\n(a) ships:\n\n(i) small;\n\n(ii) large;\n\n(b) x.\n\n2. B."
    names = "1 2 annex1:1 annex1:1bis annex1:1bis(a) annex1:1bis(a)(i) annex1:1bis(a)(ii) annex1:1bis(b) annex1:2"
    assert refs(read_text(f"{START}2. Two.\n\n{annex}", strict=True)) == names


@pytest.mark.parametrize("name", ["30c-docx-bis{}.docx", "30d-html-bis{}.html", "30f-pdf-bis{}.pdf"])
def test_both_languages_of_a_report_have_the_same_paragraphs(name: str) -> None:
    """2 bis is ٢ مكررا, 2 ter is ٢ مكررا ثانيا, and (a) of it (أ)."""
    english, arabic = (read(CASES / name.format(infix)).rendering for infix in ("", ".ar"))
    assert compare(english, arabic) == []
    assert {"2bis", "2bis(a)", "2ter"} <= set(map(str, arabic.by_ref))
    assert arabic.label(Ref(2, 1, inserted=1)) == "2 مكررا (أ)"
    assert english.label(Ref(2, inserted=2)) == "2 ter"


def test_an_export_says_which_it_is() -> None:
    report = Report("rules", (read(CASES / "30d-html-bis.ar.html").rendering,))
    written = akn.write(report, "ar").decode()
    assert '<paragraph eId="para_2bis"><num>2 مكررا.</num>' in written
    assert '<subparagraph eId="para_2bis__subpara_a"><num>(أ)</num>' in written
    assert 'ref="[0, 2, 1, 0, 1]"' in written
    assert 'ref="[0, 2, 1, 0]"' in written  # 2(a), as it always was
    line = next(line for line in jsonl.write(report) if '"2bis(a)"' in line)
    assert '"ref": "2bis(a)", "label": "2 مكررا (أ)", "eid": "para_2bis__subpara_a"' in line
    for wrong in ("[0, 2, 1, 0, 10]", "[0, 2, 1, 0, -1]", '[0, 2, 1, 0, "1"]', "[0, 2, 1, 0, 1, 1]"):
        with pytest.raises(DocumentRefused):
            akn.read(written.replace('ref="[0, 2, 1, 0, 1]"', f"ref='{wrong}'").encode(), "a.xml")
    with pytest.raises(DocumentRefused, match="'2 bis', expected '2bis'"):
        jsonl.read("\n".join(jsonl.write(report)).replace('"ref": "2bis"', '"ref": "2 bis"').encode(), "a.jsonl")
