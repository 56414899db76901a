"""A question that asks for something of a kind, and a text that has nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.search.wording.lacking import lacks

SPEAKS_OF_IT = (
    "The Innovation Centre helps the police to keep abreast.",
    "يساعد مركز الابتكار الشرطة على مواكبة الجديد.",
)


@pytest.mark.parametrize(
    ("question", "has_it"),
    [
        ("When did the centre open?", ["It opened in April."]),
        ("When did the centre open?", ["افتُتح المركز سنة ٢٠١٨."]),
        ("In which year was it opened?", ["It was opened in 2018."]),
        ("The centre, when was it opened?", ["It was opened on Monday."]),
        ("متى افتُتح المركز؟", ["افتُتح المركز يوم الاثنين."]),
        ("وفي أي سنة اعتُمدت الاتفاقية؟", ["The Convention was adopted in 2000."]),
        ("ما تاريخ الافتتاح؟", ["في القرن الماضي."]),
        ("At what time did the meeting start?", ["It started at 10.30."]),
        ("في أي ساعة بدأت الجلسة؟", ["بدأت الجلسة الساعة العاشرة صباحا."]),
        ("How many delegates came?", ["Forty delegates came."]),
        ("How much of it is stolen?", ["Some 35 per cent."]),
        ("كم مندوبا حضر؟", ["حضر خمسون مندوبا."]),
        ("كم دولة صوتت؟", ["صوتت مئة دولة."]),
        ("ما نسبة المسروق؟", ["نحو ٣٥٪."]),
        ("How much does it cost?", ["It costs 20 dollars."]),
        ("كم تكلفة المشروع؟", ["تبلغ ٢٠ ألف دولار."]),
        ("Where is the centre?", ["Its seat is in Singapore."]),
        ("In which city is the centre located?", ["It works from Nairobi."]),
        ("أين عُقدت الاجتماعات؟", ["عُقدت في نيروبي."]),
        ("في أي مدينة يقع المركز؟", ["يقع في سنغافورة."]),
        ("In what languages is the guide available?", ["The guide is available in French."]),
        ("بأي لغات يتوفر الدليل؟", ["يتوفر الدليل بالفرنسية والعربية."]),
        ("What is the web address of the portal?", ["See www.example.org."]),
        ("ما عنوان البوابة على الإنترنت؟", ["https://example.org"]),
        ("What nationality was the Chair?", ["The Chair came from Japan."]),
        ("ما جنسية الرئيس؟", ["الرئيس من اليابان."]),
    ],
)
def test_what_is_asked_for_is_lacking_or_there(question: str, has_it: Sequence[str]) -> None:
    assert lacks(question, lambda: SPEAKS_OF_IT)
    assert not lacks(question, lambda: [*SPEAKS_OF_IT, *has_it])


@pytest.mark.parametrize(
    "question",
    [
        "What does the centre do?",
        "What happens when evidence is lost?",
        "Why is it known as the place where police learn?",
        "Who opened the centre?",
        "ما الذي يفعله المركز؟",
        "من افتتح المركز؟",
        "ما رأي رابطة المعلمين؟",
        "لماذا يُساعد؟",
    ],
)
def test_a_question_for_nothing_of_a_kind_lacks_nothing_and_no_text_is_looked_up(question: str) -> None:
    def unneeded() -> Sequence[str]:
        raise AssertionError(question)

    assert not lacks(question, unneeded)


@pytest.mark.parametrize(
    "text",
    [
        "Resolution 74/247 was adopted.",
        "At the 4th meeting, on 10 and 11 March 2021.",
        "See A/CONF.234/15.",
        "وفي 10 و11 آذار/مارس 2021.",
        "تنقص المياه.",
    ],
)
def test_the_numbers_of_symbols_ordinals_and_dates_count_nothing(text: str) -> None:
    assert lacks("How many States voted?", lambda: [text])
