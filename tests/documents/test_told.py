"""What is listed of a document is said in both languages, from the same facts."""

from __future__ import annotations

import re
import string

import pytest

from corpus.documents import DocumentDescription, read_document
from corpus.layout.told import WORDS, told
from corpus.refs import Ref
from corpus.text import count_letters
from tests.support.paths import ROOT

LISTED = (
    "تقرير\n\n1- تجرّ القاطرات الصنادل.\n\n(أ) الأولى؛\n(ب) الثانية؛\n\nسطر طويل بلا رقم ينتهي بنقطة، وهو يستمر طويلا "
    "جدا حتى لا يبدو عنوانا من العناوين التي تعلو الفقرات.\n\n4- يغوص الغواصون.\n1- قائمة مقتبسة.\n\n5- الخاتمة.\n"
)


@pytest.mark.parametrize("wording", WORDS)
def test_both_languages_have_the_same_facts_and_each_is_in_its_own_letters(wording: str) -> None:
    en, ar = WORDS[wording]
    fields = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in (en, ar)]
    assert fields[0] == fields[1]
    plain = [re.sub(r"\{\w+\}", "", text) for text in (en, ar)]
    arabic, latin, _ = count_letters(plain[1])
    assert arabic > latin or plain[1] == "<>"
    assert not re.search(r"[A-Za-z]{3,}", plain[1].replace("Word", "").replace("--ocr", ""))


def test_no_wording_is_left_that_nothing_says() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "corpus").rglob("*.py") if path.name != "told.py")
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
