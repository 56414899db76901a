"""What the test documents say: the report that `make.py` writes in every format, and that every format must yield.

A row is a heading `("h", level, text)`, a paragraph `("p", ref, text)`, or a table `("t", rows)`; `{1}` in a text hangs
up footnote 1, `⏎` is where a page ends in the middle of a sentence.
"""

from __future__ import annotations

from typing import Any

Row = tuple[Any, ...]

SYMBOL = "A/CONF.999/7"
TITLE = {"en": "Report of the working group on harbour safety", "ar": "تقرير الفريق العامل المعني بسلامة المرافئ"}
PLACE = {"en": "Valletta, 3–5 May 2023", "ar": "فاليتا، 3-5 أيار/مايو 2023"}
RUNNING_HEAD = SYMBOL

NOTES = {
    "en": [
        "Harbour authorities of twelve States replied.",
        "See A/CONF.999/3, annex, for the figures of each port.",
        "The delegation of Malta abstained.",
    ],
    "ar": [
        "ردت سلطات المرافئ في اثنتي عشرة دولة.",
        "انظر الوثيقة A/CONF.999/3، المرفق، للاطلاع على أرقام كل مرفأ.",
        "امتنع وفد مالطة عن التصويت.",
    ],
}

ROWS: dict[str, list[Row]] = {
    "en": [
        ("h", 2, "I. Opening"),
        ("p", "1", "The working group met in Valletta and elected its officers.{1}"),
        (
            "p",
            "2",
            "Ms. Vella (Malta) chaired the meeting. Statements were made by the observers of two organizations.",
        ),
        ("h", 2, "II. Deliberations"),
        ("h", 3, "A. State of the ports"),
        (
            "p",
            "3",
            "Speakers described how often vessels had to wait, and noted that the time ⏎spent at anchor had grown "
            "in every region. The figures{2} for three ports were as follows:",
        ),
        (
            "t",
            [
                ["Port", "Days at anchor", "Change since 2020"],
                ["Valletta", "1.5", "+10 %"],
                ["Alexandria", "3", "+25 %"],
                ["Tangier", "2", "−5 %"],
            ],
        ),
        ("p", "4", "Several speakers underlined the following needs:"),
        ("p", "4(a)", "To share positions of vessels without delay, in particular:"),
        ("p", "4(a)(i)", "Of vessels that carry dangerous goods;"),
        ("p", "4(a)(ii)", "Of vessels without power;"),
        ("p", "4(b)", "To train pilots together;"),
        ("p", "4(c)", "To keep lights and buoys in good order, also in winter;"),
        ("p", "4(d)", "To publish notices in the languages of seafarers;"),
        ("p", "4(e)", "To measure the depth of channels each year;"),
        ("p", "4(f)", "To insure small vessels;"),
        ("p", "4(g)", "To shorten inspections;"),
        ("p", "4(h)", "To report accidents within a day;"),
        ("p", "4(i)", "To test radio equipment;"),
        ("p", "4(j)", "To review these needs in 2025."),
        ("h", 3, "B. Conclusions"),
        (
            "p",
            "5",
            "The working group agreed that harbours were safest where pilots, masters and port authorities ⏎spoke "
            "to each other before a vessel arrived.{3}",
        ),
        ("p", "6", "It decided to meet again in 2025."),
        ("h", 1, "Annex I"),
        ("h", 2, "List of recommendations"),
        ("p", "annex1:1", "Ports should publish their waiting times every month."),
        ("p", "annex1:2", "States should consider:"),
        ("p", "annex1:2(a)", "A common form for reports of accidents;"),
        ("p", "annex1:2(b)", "A fund for small ports."),
        ("h", 1, "Annex II"),
        ("p", "annex2:1", "The next meeting will be chaired by Morocco."),
    ],
    "ar": [
        ("h", 2, "أولا- الافتتاح"),
        ("p", "1", "اجتمع الفريق العامل في فاليتا وانتخب أعضاء مكتبه.{1}"),
        ("p", "2", "وترأست الاجتماع السيدة فيلا (مالطة). وأدلى ببيانات مراقبان عن منظمتين."),
        ("h", 2, "ثانيا- المداولات"),
        ("h", 3, "ألف- حالة المرافئ"),
        (
            "p",
            "3",
            "ووصف المتكلمون عدد المرات التي اضطرت فيها السفن إلى الانتظار، ولاحظوا أن الوقت ⏎الذي يُقضى في المرسى "
            "قد زاد في كل منطقة. وكانت الأرقام{2} الخاصة بثلاثة مرافئ كما يلي:",
        ),
        (
            "t",
            [
                ["المرفأ", "الأيام في المرسى", "التغير منذ عام 2020"],
                ["فاليتا", "1.5", "زيادة 10"],
                ["الإسكندرية", "3", "زيادة 25"],
                ["طنجة", "2", "نقصان 5"],
            ],
        ),
        ("p", "4", "وشدد عدة متكلمين على الاحتياجات التالية:"),
        ("p", "4(a)", "تبادل مواقع السفن دون إبطاء، ولا سيما:"),
        ("p", "4(a)(i)", "مواقع السفن التي تحمل بضائع خطرة؛"),
        ("p", "4(a)(ii)", "مواقع السفن التي انقطعت عنها الطاقة؛"),
        ("p", "4(b)", "تدريب المرشدين معا؛"),
        ("p", "4(c)", "صيانة الأضواء والعوامات، في الشتاء أيضا؛"),
        ("p", "4(d)", "نشر الإشعارات بلغات البحارة؛"),
        ("p", "4(e)", "قياس عمق القنوات كل عام؛"),
        ("p", "4(f)", "التأمين على السفن الصغيرة؛"),
        ("p", "4(g)", "تقصير عمليات التفتيش؛"),
        ("p", "4(h)", "الإبلاغ عن الحوادث في غضون يوم؛"),
        ("p", "4(i)", "اختبار أجهزة اللاسلكي؛"),
        ("p", "4(j)", "استعراض هذه الاحتياجات في عام 2025."),
        ("h", 3, "باء- الاستنتاجات"),
        (
            "p",
            "5",
            "واتفق الفريق العامل على أن المرافئ تكون أكثر أمانا حيث يتحدث المرشدون والربابنة وسلطات المرافئ "
            "⏎بعضهم إلى بعض قبل وصول السفينة.{3}",
        ),
        ("p", "6", "وقرر أن يجتمع مرة أخرى في عام 2025."),
        ("h", 1, "المرفق الأول"),
        ("h", 2, "قائمة التوصيات"),
        ("p", "annex1:1", "ينبغي للمرافئ أن تنشر أوقات الانتظار كل شهر."),
        ("p", "annex1:2", "ينبغي للدول أن تنظر فيما يلي:"),
        ("p", "annex1:2(a)", "استمارة موحدة للإبلاغ عن الحوادث؛"),
        ("p", "annex1:2(b)", "صندوق للمرافئ الصغيرة."),
        ("h", 1, "المرفق الثاني"),
        ("p", "annex2:1", "سيرأس المغرب الاجتماع المقبل."),
    ],
}


def expected(language: str) -> list[dict[str, Any]]:
    """What a reader must make of the report: each paragraph with its headings, notes and table."""
    found: list[dict[str, Any]] = []
    stack: list[tuple[int, str]] = []
    for row in ROWS[language]:
        if row[0] == "h":
            stack = [(level, text) for level, text in stack if level < row[1]] + [(row[1], row[2])]
        elif row[0] == "p":
            text = row[2].replace("⏎", "")
            notes = []
            for number, note in enumerate(NOTES[language], 1):
                if (at := text.find(f"{{{number}}}")) >= 0:
                    text = text.replace(f"{{{number}}}", "")
                    notes.append((at, note))
            heading = [text for _, text in stack]
            found.append({"ref": row[1], "text": text, "heading": heading, "notes": notes, "table": []})
        else:
            found[-1]["table"] = row[1]
            found[-1]["text"] += "".join(" ‖ " + " | ".join(cells) for cells in row[1])
    return found
