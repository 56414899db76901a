"""Where a sentence ends: after a full stop that is none of an abbreviation's, an initial's or an item's number."""

from __future__ import annotations

import pytest

from corpus.chunks import sentences

ONE = [
    "The floor was given to Ms. Rapporteur and to Dr. President.",
    "The meeting was opened by H.E. Mr. Minister of Justice of St. Lucia.",
    "It recalled art. 5, paras. (a) to (c), and No. 4 of Vol. II.",
    "It met on 5 Sept. 2021 in the building of the Dept. Head.",
    "J. R. R. Tolkien and Wm. Shakespeare were quoted, cf. Annex I.",
    "Some bodies, e.g. UNODC, and others, i.e. UNICRI, took part.",
    "The U.S. Department of Justice spoke against Messrs. Adams and Brown.",
    "38. At its third meeting the Committee adopted its agenda.",
    "Recalling its resolution 6/11, 1. Approves the pilot scheme; 2. Requests a report.",
    "وعرض د. الأمين العام التقرير على أ. د. المدير، ثم م. رئيس القسم.",
    "وعُقدت الدورة في عام 1445 هـ. الموافق 2023.",
]
TWO = [
    ("The answer was no. The Committee agreed.", "The answer was no."),
    ("It was adopted in 2019. The Committee agreed.", "It was adopted in 2019."),
    ("There were 12. Four spoke.", "There were 12."),
    ("The Chair spoke of Annex II. The Committee agreed.", "The Chair spoke of Annex II."),
    ("It closed at 6 p.m. The Chair thanked all.", "It closed at 6 p.m."),
    ("The work of the art. Another matter followed.", "The work of the art."),
    ("واعتُمد جدول الأعمال. وافتتح الرئيس الجلسة.", "واعتُمد جدول الأعمال."),
    ("ومُنحت الأولوية للرضّع. ولا يُطلب من أحد شيء.", "ومُنحت الأولوية للرضّع."),
    ("هل من اعتراض؟ لا.", "هل من اعتراض؟"),
]


@pytest.mark.parametrize("text", ONE)
def test_no_sentence_ends_after_what_is_written_short(text: str) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == [text]


@pytest.mark.parametrize(("text", "first"), TWO)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, first: str) -> None:
    spans = sentences(text)
    assert len(spans) == 2
    assert text[spans[0].start : spans[0].end] == first
