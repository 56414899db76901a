"""What the desk says in its own words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.readers.lines import FindingKind
from corpus.records import Language
from service.reports.jobs import JobStatus


@dataclass(frozen=True, slots=True)
class DeskWording:
    """One language's words; `{…}` is filled in where they are used."""

    title: str
    # signing in
    sign_in: str
    sign_in_about: str
    token: str
    wrong_token: str
    sign_out: str
    # handing in
    add: str
    add_about: str
    files: str
    files_about: str
    report_id: str
    report_id_about: str
    language: str
    found_out: str
    report_title: str
    symbol: str
    year: str
    where_left_out: str
    official: str
    ocr: str
    ocr_about: str
    offer_original: str
    offer_original_about: str
    read: str
    # lists
    waiting: str
    nothing_waiting: str
    account: str
    take_in_by: str
    take_out_by: str
    set_aside: str
    discard: str
    reports: str
    comes_with: str
    unreadable: str
    export: str
    remove: str
    remove_about: str
    jobs: str
    job_kinds: Mapping[str, str]
    job_states: Mapping[JobStatus, str]
    job_about: str
    job_failed: str
    in_report: str
    back: str
    # what was read
    read_as: str
    replaces: str
    counts: Mapping[str, str]
    clean: str
    findings: str
    at_line: str
    whole_document: str
    finding_titles: Mapping[FindingKind, str]
    finding_advice: Mapping[FindingKind, str]
    differences: str
    left_out: str
    as_read: str
    origin: str
    other: str
    not_there: str
    no_origin: str
    page: str
    line: str
    note: str
    recognised: str
    doubtful: str
    accept: str
    accept_about: str
    accept_differences: str
    again: str
    again_about: str
    refused: str
    # errors
    errors: Mapping[int, str]


DESK: Mapping[Language, DeskWording] = {
    "en": DeskWording(
        title="Taking reports in",
        sign_in="Sign in",
        sign_in_about="For whoever holds the admin token of this service.",
        token="Admin token",  # noqa: S106 - the word for it
        wrong_token="That is not the admin token.",  # noqa: S106
        sign_out="Sign out",
        add="Add a report",
        add_about="You will see what was read before anything is taken in.",
        files="Documents, one a language: drop them here, or choose them",
        files_about="Word, PDF, HTML, Markdown, text, or an export of fiqra; four at most.",
        report_id="Id of the report",
        report_id_about="Small letters, digits, dots and hyphens. Under an id that is there, a language is added or "
        "replaced.",
        language="Language",
        found_out="as found out",
        report_title="Title",
        symbol="Symbol",
        year="Year",
        where_left_out="What is left out is taken from the title page.",
        official="This is an official text of the document",
        ocr="Recognise pages that are pictures of text",
        ocr_about="For scans. What is recognised may hold misread words; it says so wherever it is shown.",
        offer_original="Readers may fetch the documents themselves",
        offer_original_about="Without it, readers see the pages of a PDF that their quotations stand on, as pictures.",
        read="Read it",
        waiting="Waiting for you",
        nothing_waiting="Nothing is waiting.",
        account="What was read of it",
        take_in_by="To take it in all the same:",
        take_out_by="To remove it:",
        set_aside="Set aside",
        discard="Throw away",
        reports="Reports",
        comes_with="comes with fiqra",
        unreadable="cannot be read",
        export="Export",
        remove="Remove …",
        remove_about="This takes {id} out of the index and deletes its documents here.",
        jobs="Done lately",
        job_kinds={"ingest": "Taking in", "remove": "Removing"},
        job_states={"queued": "waits", "running": "running", "done": "done", "failed": "failed"},
        job_about="This page looks again by itself until it is done.",
        job_failed="Nothing was changed.",
        in_report="Read the report",
        back="All reports",
        read_as="Read from {name}",
        replaces="There is a report of this id; what it has in this language is replaced.",
        counts={
            "paragraphs": "Paragraphs",
            "sub_paragraphs": "Sub-paragraphs",
            "items": "Items",
            "annexes": "Annexes",
            "headings": "Headings",
            "notes": "Footnotes",
            "tables": "Tables",
            "joined_lines": "Lines joined",
        },
        clean="Nothing was guessed: there is nothing to look at in particular.",
        findings="To look at",
        at_line="line {line}",
        whole_document="the whole document",
        finding_titles={
            "gap": "A number is missing",
            "repeat": "A number comes again",
            "joined": "Text without a number was joined",
            "unplaced": "Text was left out",
            "note": "A footnote hangs nowhere",
            "letters": "Letters in the order of the alphabet",
            "left_out": "Something was not read",
            "recognised": "Recognised in a picture",
        },
        finding_advice={
            "gap": "If the document skips it, accept it. If the paragraph is there, give its number a line of its own.",
            "repeat": "It was read as text of this paragraph. If it is a paragraph of its own, mend its number.",
            "joined": "If it is a heading, give it a heading’s style. If it is a paragraph, number it.",
            "unplaced": "It stands below a heading and above the first number. Number it if it is to be cited.",
            "note": "Give the note and its mark in the text the same number.",
            "letters": "The third letter, ت, is cited as (c), which fiqra writes (ج) in Arabic. Cite this report so.",
            "left_out": "Look for it in the original. If it belongs to the report, type it as ordinary text.",
            "recognised": "Compare it with the page, the doubtful words and the numbers first. A text file is better.",
        },
        differences="The languages differ",
        left_out="Left out by rule",
        as_read="As read",
        origin="Where it comes from",
        other="In {language}",
        not_there="Not in this language.",
        no_origin="From an export, which says no more of it.",
        page="Page {page}",
        line="Line {line}",
        note="Footnote {mark}",
        recognised="Recognised in a picture of the page, {sure} % sure. Doubtful words are underlined.",
        doubtful="doubtful",
        accept="Take it in",
        accept_about="The report and the index that holds it change together; questions are answered meanwhile.",
        accept_differences="I have seen where the languages differ",
        again="Try again with a mended document",
        again_about="Mend it in the program that it was written in, and drop it here; it takes the place of this one.",
        refused="This cannot be read",
        errors={
            401: "Please sign in",
            403: "Not from here",
            404: "Not found",
            409: "Not now",
            413: "Too large",
            415: "Not a form",
            422: "This could not be read",
            503: "Not available at the moment",
            507: "No room",
        },
    ),
    "ar": DeskWording(
        title="إدخال التقارير",
        sign_in="تسجيل الدخول",
        sign_in_about="لمن لديه رمز إدارة هذه الخدمة.",
        token="رمز الإدارة",  # noqa: S106 - the word for it
        wrong_token="ليس هذا رمز الإدارة.",  # noqa: S106
        sign_out="تسجيل الخروج",
        add="إضافة تقرير",
        add_about="سترى ما قُرئ قبل إدخال أي شيء.",
        files="الوثائق، واحدة لكل لغة: أفلتها هنا أو اخترها",
        files_about="وورد أو PDF أو HTML أو Markdown أو نص عادي أو ملف صدّرته فقرة؛ أربع وثائق على الأكثر.",
        report_id="معرّف التقرير",
        report_id_about="حروف لاتينية صغيرة وأرقام ونقاط وشرطات. وإذا كان المعرّف موجوداً أُضيفت إليه لغة أو "
        "حلّت محل سابقتها.",
        language="اللغة",
        found_out="تُستخلص من النص",
        report_title="العنوان",
        symbol="الرمز",
        year="السنة",
        where_left_out="وما يُترك فارغاً يؤخذ من صفحة العنوان.",
        official="هذا نص رسمي للوثيقة",
        ocr="التعرف على نص الصفحات المصوّرة",
        ocr_about="للوثائق الممسوحة ضوئياً. وقد يتضمن ما يُتعرَّف عليه كلمات خاطئة؛ ويُذكر ذلك أينما عُرض.",
        offer_original="السماح للقراء بتنزيل الوثائق نفسها",
        offer_original_about="ومن دون ذلك لا يرى القراء من وثيقة PDF إلا صور الصفحات التي ترد فيها الاقتباسات.",
        read="اقرأها",
        waiting="في انتظارك",
        nothing_waiting="لا شيء في الانتظار.",
        account="ما قُرئ منه",
        take_in_by="لإدخاله على أي حال:",
        take_out_by="لإزالته:",
        set_aside="نُحّي جانباً",
        discard="حذف",
        reports="التقارير",
        comes_with="يأتي مع فقرة",
        unreadable="تتعذر قراءته",
        export="تصدير",
        remove="إزالة …",
        remove_about="يُزال {id} من الفهرس وتُحذف وثائقه من هنا.",
        jobs="ما أُنجز مؤخراً",
        job_kinds={"ingest": "إدخال", "remove": "إزالة"},
        job_states={"queued": "في الانتظار", "running": "جارٍ", "done": "تم", "failed": "لم يتم"},
        job_about="تتجدد هذه الصفحة من تلقاء نفسها إلى أن ينتهي العمل.",
        job_failed="لم يتغير شيء.",
        in_report="قراءة التقرير",
        back="كل التقارير",
        read_as="قُرئ من {name}",
        replaces="يوجد تقرير بهذا المعرّف؛ ويُستبدل ما فيه بهذه اللغة.",
        counts={
            "paragraphs": "الفقرات",
            "sub_paragraphs": "الفقرات الفرعية",
            "items": "البنود",
            "annexes": "المرفقات",
            "headings": "العناوين",
            "notes": "الحواشي",
            "tables": "الجداول",
            "joined_lines": "أسطر ضُمّت",
        },
        clean="لم يُخمَّن شيء: ليس فيها ما يستدعي نظرة خاصة.",
        findings="ما ينبغي النظر فيه",
        at_line="السطر {line}",
        whole_document="الوثيقة كلها",
        finding_titles={
            "gap": "رقم ناقص",
            "repeat": "رقم متكرر",
            "joined": "ضُمّ نص بلا رقم",
            "unplaced": "أُسقط نص",
            "note": "حاشية لا موضع لها",
            "letters": "حروف بالترتيب الهجائي",
            "left_out": "لم يُقرأ شيء ما",
            "recognised": "نص تُعرِّف عليه في صورة",
        },
        finding_advice={
            "gap": "إذا كانت الوثيقة تتخطاه فاقبلها. وإذا كانت الفقرة موجودة فضع رقمها في أول سطر مستقل.",
            "repeat": "قُرئ على أنه من نص هذه الفقرة. فإذا كان فقرة قائمة بذاتها فصحّح رقمها.",
            "joined": "إذا كان عنواناً فأعطه نمط العناوين، وإذا كان فقرة فرقّمها.",
            "unplaced": "يقع تحت عنوان وفوق أول رقم. رقّمه إذا أُريد الاستشهاد به.",
            "note": "أعطِ الحاشية وعلامتها في النص الرقم نفسه.",
            "letters": "يُستشهد بالحرف الثالث، ت، على أنه (ج). فليُستشهد بهذا التقرير على هذا النحو.",
            "left_out": "ابحث عنه في الأصل. فإذا كان من التقرير فاكتبه نصاً عادياً.",
            "recognised": "قارنه بالصفحة بدءاً بالكلمات المشكوك فيها وبالأرقام. والأفضل ملف نصي.",
        },
        differences="اختلاف اللغتين",
        left_out="ما أُسقط بحكم القواعد",
        as_read="كما قُرئ",
        origin="مصدره",
        other="ب{language}",
        not_there="غير وارد بهذه اللغة.",
        no_origin="من ملف مصدَّر لا يزيد على ذلك.",
        page="الصفحة {page}",
        line="السطر {line}",
        note="الحاشية {mark}",
        recognised="تُعرِّف عليه في صورة الصفحة بدرجة ثقة {sure} في المائة. والكلمات المشكوك فيها تحتها خط.",
        doubtful="مشكوك فيها",
        accept="أدخِله",
        accept_about="يتغير التقرير والفهرس الذي يضمه معاً؛ ويستمر الرد على الأسئلة أثناء ذلك.",
        accept_differences="اطّلعت على مواضع اختلاف اللغتين",
        again="إعادة المحاولة بوثيقة مصحّحة",
        again_about="صحّحها في البرنامج الذي كُتبت فيه، ثم أفلتها هنا فتحل محل هذه.",
        refused="تتعذر قراءة هذه الوثيقة",
        errors={
            401: "يرجى تسجيل الدخول",
            403: "غير مسموح من هنا",
            404: "غير موجود",
            409: "غير ممكن الآن",
            413: "أكبر مما ينبغي",
            415: "ليست استمارة",
            422: "تعذّرت القراءة",
            503: "غير متاح حالياً",
            507: "لا متسع",
        },
    ),
}
