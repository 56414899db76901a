"""A paragraph's number within a sentence of fiqra's own: written as the language of the sentence writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.documents import DocumentDescription, read_document
from corpus.records import Report
from corpus.refs import find_refs
from corpus.refs.numerals import arabic_indic
from index.build import build_index
from index.model.fakes import HashEmbedder
from tests.support.services import hashed_state, service

ARABIC = """قواعد المعدّية

الرسوم

1- رسم الراكب 10 ريالات. ويدفع الرسم نقدا. ويدفع الرسم مسبقا. ولا يرد الرسم. ويراجع الرسم في عام 2030.

2- تعفى من الرسم الفئات التالية:

(أ) الأطفال دون سن 7 سنوات؛

(ب) البحارة.

الجلسات

3- تكلم ممثلو إيطاليا والبرازيل.
"""
ENGLISH = """Ferry rules

Fees

1. The fee of a passenger is 10 crowns. It is paid in cash. It is paid before. It stays. It is reviewed in 2030.

2. Free of charge are:

(a) Children below the age of 7;

(b) Sailors.

Meetings

3. Statements were made by the representatives of Italy and Brazil.
"""


def rules(name: str, *texts: str) -> Report:
    """A report of these texts."""
    described = DocumentDescription(None)
    return Report(name, tuple(read_document(text.encode(), f"{name}.txt", described).rendering for text in texts))


FERRY = rules("ferry", ARABIC, ENGLISH)
INDIC = rules("indic", arabic_indic(ARABIC), ENGLISH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index of each pair of the reports and of each alone."""
    folder = tmp_path_factory.mktemp("prose")
    held = {
        "ferry": (FERRY,),
        "indic": (INDIC,),
        "english": (rules("english", ENGLISH),),
        "both": (INDIC, replace(INDIC, id="other")),
    }
    for name, reports in held.items():
        build_index(folder / name / "index", reports, HashEmbedder(), "hash")
    return folder


@pytest.fixture(scope="module", params=["ferry", "indic", "english", "both"])
def asked(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, TestClient]]:
    """A service on one of the indexes, and its name."""
    with service(hashed_state(folder / request.param)) as client:
        yield request.param, client


def reply(client: TestClient, question: str) -> Any:
    found = client.post("/v1/ask", json={"question": question}).json()
    return " ".join(filter(None, (found["answer"], found["note"])))


SAID = [
    ("ما نص الفقرة 2 مكررا؟", "ferry", "الفقرة 2 مكررا. وأقرب الفقرات إليها هي 2، 3، 1."),
    ("ما نص الفقرة 2bis؟", "ferry", "الفقرة 2 مكررا."),
    ("ماذا جاء في الفقرة 2 (ج)؟", "ferry", "الفقرة 2 (ج). وأقرب الفقرات إليها هي 2 (ب)، 2 (أ)."),
    ("ماذا جاء في الفقرة 2 (هـ)؟", "ferry", "الفقرة 2 (هـ)."),
    ("ماذا جاء في الفقرات 1 و2 مكررا ثانيا و9؟", "ferry", "الفقرة 2 مكررا ثانيا، 9."),
    ("ماذا جاء في الفقرة 2 (أ) مكررا؟", "ferry", "الفقرة 2 (أ) مكررا."),
    ("ماذا جاء في الفقرة 2 (أ) مكررا (ب)؟", "ferry", "الفقرة 2 (أ) مكررا (ب)."),
    ("ماذا جاء في الفقرة 2 bis 5؟", "ferry", "الفقرة 2 مكررا 5."),
    ("ماذا جاء في الفقرة 2 (zz)؟", "ferry", "الفقرة 2 (zz)."),
    ("ماذا جاء في الفقرة 4 من المرفق الثاني؟", "ferry", "الفقرة المرفق II، 4."),
    ("ما نص الفقرة ٢ مكررا؟", "indic", "الفقرة ٢ مكررا. وأقرب الفقرات إليها هي ٢، ٣، ١."),
    ("ما نص الفقرة 2 (l)؟", "indic", "الفقرة ٢ (ل). وأقرب الفقرات إليها هي ٢ (ب)، ٢ (أ)."),
    ("ماذا جاء في الفقرات ١ و٢ (ل) و١٢٠٠٠؟", "indic", "الفقرة ٢ (ل)، ١٢٠٠٠."),
    ("ما أجزاء التقرير؟", "indic", "الرسوم (١–٢)؛ الجلسات (٣)."),
    ("ما الدول التي تكلمت بعد الجلسة المعنية بالأطفال؟", "indic", "ورد ذكر المناسبة قبل ذلك في: ٢ (أ)."),
    ("ماذا قيل عن الرسم؟", "indic", "انظر أيضاً: ٢."),
    ("ما نص الفقرة 2 (l)؟", "english", "الفقرة 2 (ل). وأقرب الفقرات إليها هي 2 (ب)، 2 (أ)."),
    ("ما نص الفقرة 9 bis؟", "both", "لا ترد الفقرة ٩ مكررا في أي من التقارير المتاحة هنا، وعددها 2."),
    ("ما نص الفقرة 2 (a)؟", "both", "وترد الفقرة ٢ (أ) في «"),
    ("ما نص الفقرتين 2 (a) و2 (b)؟", "both", "وترد الفقرة ٢ (أ)، ٢ (ب) في «"),
    ("ما نص الفقرات 2 (a)-(b)؟", "both", "وترد الفقرة ٢ (أ)–٢ (ب) في «"),
    ("ما نص الفقرة 2 (k) من إعلان كيوتو؟", "ferry", "ما جاء في الفقرة 2 (ك) منه."),
    ("What does paragraph 2 (l) say?", "ferry", "no paragraph 2(l). The nearest paragraphs are 2(b), 2(a)."),
    ("What does paragraph 2 مكررا say?", "indic", "no paragraph 2bis. The nearest paragraphs are 2, 3, 1."),
    ("What does paragraph 2 (a) مكررا say?", "ferry", "no paragraph 2(a) bis."),
]


def test_a_sentence_writes_a_paragraph_as_its_language_does(asked: tuple[str, TestClient]) -> None:
    """Before, an Arabic sentence said that there is no paragraph `2bis, 2(l)`, also of a report that writes ٢ (ل)."""
    index, client = asked
    for question, where, expected in SAID:
        if where == index:
            assert expected in reply(client, question), question


def test_a_number_that_is_in_no_report_is_told_as_it_was_asked(folder: Path) -> None:
    """Before, where several reports are held, the paragraph that may have been meant was said to be in none of them."""
    with service(hashed_state(folder / "both")) as client:
        assert "الفقرة ٢ (أ) مكررا" in reply(client, "ما نص الفقرة 2 (a) bis؟")
        assert "a paragraph 2(a) bis" in reply(client, "What does paragraph 2 (a) bis say?")


@pytest.mark.parametrize(
    ("written", "name", "english", "arabic"),
    [
        ("para. 21 (k) bis", "21(k) bis", "21 (k) bis", "21 (ك) مكررا"),
        ("الفقرة ٢١ (ك) مكررا ثانيا (ب)", "21(k) ter (b)", "21 (k) ter (b)", "21 (ك) مكررا ثانيا (ب)"),
        ("para. 2 bis 5", "2bis 5", "2 bis 5", "2 مكررا 5"),
        ("para. 21(zz)", "21(zz)", "21 (zz)", "21 (zz)"),
        ("paras. 21 (a), (zz)", "21(zz)", "21 (zz)", "21 (zz)"),
        ("paragraphs 9, 12000", "12000", "12000", "12000"),
        ("paras. 21(a)-(c)", "21(a)-21(c)", "21 (a)–21 (c)", "21 (أ)–21 (ج)"),
        ("annex II, para. 4 bis", "annex2:4bis", "annex II, 4 bis", "المرفق II، 4 مكررا"),
    ],
)
def test_whatever_a_reference_names_has_a_label_in_either_language(
    written: str, name: str, english: str, arabic: str
) -> None:
    target = find_refs(written)[0].targets[-1]
    assert (str(target), target.label("en"), target.label("ar")) == (name, english, arabic)
