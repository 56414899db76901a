"""What is listed of a document is said in both languages, from the same facts."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from corpus.documents import DocumentDescription, read_document, read_every
from corpus.errors import CorpusError
from corpus.layout.told import WORDS, told
from corpus.readers.docx import _BESIDE
from corpus.readers.html import _FRAME
from corpus.readers.lines import MAX_LISTED, Account
from corpus.readers.safety import named_kind
from corpus.readers.word.seen import GONE
from corpus.records import LANGUAGES
from corpus.refs import Ref
from corpus.structure import compare
from corpus.text import count_letters
from tests.documents.test_cases import CASES, EXPECTED
from tests.support.paths import DOCUMENTS, ROOT

LISTED = (
    "تقرير\n\n1- تجرّ القاطرات الصنادل.\n\n(أ) الأولى؛\n(ب) الثانية؛\n\nسطر طويل بلا رقم ينتهي بنقطة، وهو يستمر طويلا "
    "جدا حتى لا يبدو عنوانا من العناوين التي تعلو الفقرات.\n\n4- يغوص الغواصون.\n1- قائمة مقتبسة.\n\n5- الخاتمة.\n"
)

NAMES = "Word|PDF|HTML|TMX|UTF|docx|jsonl|akn|bis|ter|decies|ocr|force|strict"
"""What is written in Latin letters in Arabic, too."""
LEFT_OUT = {**GONE, **_BESIDE, **_FRAME}
QUOTED = r"“[^”]*”"
DIFFERENT = (
    "# Report\n\n## I. Ports\n\n1. Tugboats pull barges.[^1]\n\n2. Cranes lift crates.\n\n| No. | Crane |"
    "\n\n3. The end.\n\n[^1]: Of steel.\n",
    "# تقرير\n\n1. تجرّ القاطرات الصنادل.\n\n(أ) الأولى؛\n\n## أولا- المرافئ\n\n2. ترفع الرافعات الصناديق.\n",
)
UNREAD = [
    ("a.tmx", b"<tmx/>", ("holds sentences", "جملاً لا تقريراً")),
    ("a.xls", b"x", (".xls is not read", "لا يُقرأ .xls")),
    ("a", b"x", ("a name without extension is not read", "لا يُقرأ ملف بلا لاحقة في اسمه")),
    ("a.txt", b" ", ("is empty", "الملف فارغ")),
    ("a.txt", b"%PDF-1.7", ("holds a PDF; give", "ومحتواه وثيقة PDF؛ فليُسمَّ")),
    ("a.pdf", b"{\\rtf1", ("holds rich text", "ومحتواه نص منسّق")),
    ("a.docx", b"1. One", ("holds something else", "ومحتواه شيء آخر")),
    ("a.txt", b"1. \xff", ("byte 3 is no UTF-8", "البايت رقم 3")),
    ("a.md", b"1. \0", ("a NUL stands at character 3", "في موضع الحرف 3")),
    ("a.html", b"<!ENTITY a 'b'><p>1. One</p>", ("declares entities", "تصريحاً بكيانات")),
    ("a.html", b"<p>1. One" + b"<b>" * 300, ("over 256 deep", "عمق يتجاوز 256")),
    ("a.docx", b"PK\x03\x04", ("is no Word document", "ليس وثيقة Word سليمة")),
    ("a.pdf", b"%PDF-1.7", ("is no PDF that can be read", "ليس ملف PDF")),
    ("a.txt", b"no numbers", ("no numbered paragraph found", "لم يُعثر على أي فقرة مرقّمة")),
    ("a.jsonl", b"{}", ("a.jsonl, line 1: ", "a.jsonl، السطر 1: ")),
    ("a.xml", b"<a/>", ("is no Akoma Ntoso document", "ليس ملفاً بصيغة akn")),
]
"""Files that are not read, each with some of the reason in both languages."""
READ = sorted(
    path
    for folder in (DOCUMENTS, CASES)
    for path in folder.iterdir()
    if named_kind(path.name) and path.name != "expected.txt"
)
REFUSED = [path for path in READ if EXPECTED.get(path.name, [""])[0].startswith("refused")]


@pytest.mark.parametrize("wording", WORDS)
def test_both_languages_have_the_same_facts_and_each_is_in_its_own_letters(wording: str) -> None:
    en, ar = WORDS[wording]
    fields = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in (en, ar)]
    assert fields[0] == fields[1]
    plain = [re.sub(r"\{\w+\}", "", text) for text in (en, ar)]
    arabic, latin, _ = count_letters(plain[1])
    assert arabic > latin or not any(map(str.isalpha, "".join(plain)))
    assert not re.findall(rf"(?!(?:{NAMES})\b)\b[A-Za-z]{{3,}}", plain[1])


def test_no_wording_is_left_that_nothing_says() -> None:
    rooms = (ROOT / "corpus", ROOT / "index" / "disk", ROOT / "service" / "reports")
    own = {"told.py", "refusals.py"}
    code = "".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py") if path.name not in own)
    assert [wording for wording in WORDS if f'"{wording}"' not in code] == []


def test_facts_are_written_as_their_language_writes_them() -> None:
    said = told("joined", ref=Ref(21, 11), text="“…”")
    assert (said.en, said.ar) == (
        "unnumbered text was joined to paragraph 21(k): “…”",
        "أُلحق بالفقرة 21 (ك) نص غير مرقّم: “…”",
    )
    assert told("more", number=2_000).en == "and 2,000 more"


def test_what_is_found_in_a_document_is_listed_in_both() -> None:
    findings = read_document(LISTED.encode(), "a.txt", DocumentDescription("ar")).reading.findings
    assert {finding.kind for finding in findings} >= {"gap", "repeat", "joined"}
    for finding in findings:
        assert "الفقرة" in finding.detail_ar
        assert "paragraph" in finding.detail


@pytest.mark.parametrize("path", sorted({*READ} - {*REFUSED}), ids=lambda path: path.name)
def test_what_rules_leave_out_is_said_in_both(path: Path) -> None:
    """Tried by hand: `left_out_ar` without what the reader itself leaves out has fewer lines."""
    reading = read_document(path.read_bytes(), path.name, DocumentDescription(None)).reading
    assert len(reading.left_out_ar) == len(reading.left_out)
    for english, arabic in zip(reading.left_out, reading.left_out_ar, strict=True):
        assert re.findall(QUOTED, english) == re.findall(QUOTED, arabic)
        assert not re.search(r"[A-Za-z]{3,}", re.sub(QUOTED, "", arabic))
        assert not re.search(r"[\u0600-\u06ff]", re.sub(QUOTED, "", english))


@pytest.mark.parametrize("wording", LEFT_OUT.values())
def test_whatever_a_format_leaves_out_has_a_name_in_both(wording: str) -> None:
    assert wording in WORDS


def test_beyond_the_first_thousand_what_is_left_out_is_counted_in_both() -> None:
    account = Account()
    for line in range(MAX_LISTED + 3):
        account.take_out(told("hidden_text"), "draft", line)
    assert len(account.left_out) == MAX_LISTED + 1
    assert [account.left_out[at].en for at in (0, 1, -1)] == [
        "hidden text: “draft”",
        "hidden text, at line 1: “draft”",
        "more, as hidden text: “draft” and 2 more",
    ]
    assert [account.left_out[at].ar for at in (0, 1, -1)] == [
        "نص مخفي: “draft”",
        "نص مخفي، في السطر 1: “draft”",
        "مواضع أخرى من قبيل نص مخفي: “draft”، ومواضع أخرى عددها 2",
    ]


def test_where_languages_differ_is_said_in_both() -> None:
    """Each kind of difference: a paragraph, headings, footnotes, rows of a table."""
    english, arabic = (
        read_document(text.encode(), f"a.{language}.md", DocumentDescription(language)).rendering
        for language, text in zip(LANGUAGES[::-1], DIFFERENT, strict=True)
    )
    found = compare(english, arabic)
    assert [difference.en for difference in found] == [
        "paragraph 1: 1 headings in en (a.en.md), 0 in ar (a.ar.md)",
        "paragraph 1: 1 footnotes in en (a.en.md), 0 in ar (a.ar.md)",
        "paragraph 1(a) is in ar (a.ar.md) and not in en (a.en.md)",
        "paragraph 2: 1 table rows in en (a.en.md), 0 in ar (a.ar.md)",
        "paragraph 3 is in en (a.en.md) and not in ar (a.ar.md)",
    ]
    assert [difference.ar for difference in found] == [
        "الفقرة 1: عدد العناوين 1 في النص الإنكليزي (a.en.md) و0 في النص العربي (a.ar.md)",
        "الفقرة 1: عدد الحواشي 1 في النص الإنكليزي (a.en.md) و0 في النص العربي (a.ar.md)",
        "الفقرة 1 (أ) واردة في النص العربي (a.ar.md) وغير واردة في النص الإنكليزي (a.en.md)",
        "الفقرة 2: عدد صفوف الجداول 1 في النص الإنكليزي (a.en.md) و0 في النص العربي (a.ar.md)",
        "الفقرة 3 واردة في النص الإنكليزي (a.en.md) وغير واردة في النص العربي (a.ar.md)",
    ]


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.name)
def test_why_a_document_is_refused_is_said_in_both(path: Path) -> None:
    with pytest.raises(CorpusError) as refusal:
        read_document(path.read_bytes(), path.name, DocumentDescription(None))
    assert (refusal.value.detail_ar or "").startswith(path.name)
    assert str(refusal.value).startswith(path.name)


@pytest.mark.parametrize(("name", "data", "words"), UNREAD)
def test_each_way_of_being_no_document_is_said_in_both(name: str, data: bytes, words: tuple[str, str]) -> None:
    with pytest.raises(CorpusError) as refusal:
        read_every(data, name, DocumentDescription(None))
    assert words[0] in str(refusal.value)
    assert words[1] in (refusal.value.detail_ar or "")


SILENT = {"corpus/exchange/checks.py", "corpus/readers/word_draft.py"}
"""Refusals in English alone: the faults of an export that was changed by hand, and drafts, which no desk shows."""


def test_readers_refuse_in_both_languages() -> None:
    """Walks the code that reads documents: what is raised there is worded in `corpus.layout`."""
    rooms = ("readers", "layout", "exchange", "isolated")
    files = [path for room in rooms for path in (ROOT / "corpus" / room).rglob("*.py")]
    plain = {
        str(path.relative_to(ROOT))
        for path in files
        if re.search(r"raise (?:DocumentRefused|NumberingError|CorpusError)\(", path.read_text("utf-8"))
    }
    assert plain - SILENT == {"corpus/exchange/tmx.py"}  # which writes, and reads nothing
