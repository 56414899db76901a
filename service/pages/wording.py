"""What the pages say in their own words, in both languages; everything else on them is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corpus.records import Certainty, Language, Rendering
from corpus.refs import Ref

DIRECTION: Mapping[Language, Literal["rtl", "ltr"]] = {"ar": "rtl", "en": "ltr"}
NUMBER_END: Mapping[Language, str] = {"ar": "-", "en": "."}  # what a paragraph's number ends with: 9. and 9-
OWN_NAME: Mapping[Language, str] = {"ar": "العربية", "en": "English"}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words; `{…}` is filled in where they are used."""

    # frame
    tagline: str
    skip: str
    find_label: str
    find_button: str
    find_example: str
    languages: str
    home: str
    api: str
    unofficial_notice: str
    source_official: str
    original_elsewhere: str
    translation_notice: str
    no_rendering: str
    recognised_notice: str
    recognised: str
    doubtful_words: str
    # report
    language_name: Mapping[Language, str]
    official_text: str
    official_translation: str
    unofficial_text: str
    unofficial_rendering: str
    contents: str
    parts: str
    part: str
    elsewhere: str
    corrections: str
    corrections_about: str
    printed: str
    read: str
    certainty: str
    certainties: Mapping[Certainty, str]
    certainties_about: str
    mended_here: str
    why: str
    names: str
    names_about: str
    unsure_name: str
    name: str
    spelled: str
    paragraph: str
    paragraphs: str
    # citation
    cite: str
    copy: str
    copy_both: str
    copied: str
    # one paragraph
    paragraph_title: str
    title_page: str
    changed: str
    changed_quote: str
    in_report: str
    previous: str
    next: str
    others_between: str
    corrections_of: str
    neighbours: str
    # what is marked on a reading page
    found_words: str
    found_quotes: str
    found_refs: str
    found_nothing: str
    found_ask: str
    unmark: str
    previous_place: str
    next_place: str
    # taken away
    as_word: str
    for_managers: str
    ask_about: str
    ask_about_start: str
    quoted: str
    # several reports
    which_title: str
    which_about: str
    which_words: str
    all_reports: str
    # front page
    reports: str
    report: str
    read_in: str
    lookup: str
    lookup_about: str
    examples: str
    ask: str
    ask_label: str
    nearest_to_question: str
    doubtful: str
    related: str
    in_report_marked: str
    unofficial_quotes: str
    embed: str
    embed_about: str
    for_developers: str
    api_about: str
    # demo
    demo_title: str
    demo_about: str
    demo_site: str
    demo_heading: str
    demo_text: tuple[str, ...]
    demo_snippet: str
    demo_policy: str
    # API reference
    api_title: str
    api_language: str
    # errors
    error_titles: Mapping[int, str]
    error_other: str
    nearest: str
    accepted_forms: str
    loaded_reports: str
    bad_address: str
    too_long: str
    nothing_here: str
    no_index: str


WORDING: Mapping[Language, Wording] = {
    "en": Wording(
        tagline="Reports with numbered paragraphs, in Arabic and English",
        skip="Skip to the text",
        find_label="Paragraph or words",
        find_button="Find",
        find_example="21 (k)",
        languages="Language",
        home="Front page",
        api="API reference",
        unofficial_notice="Unofficial rendering. This {language} text was made for this service from the {source}.",
        source_official="The {source} is an official text of the document; this {language} is not.",
        original_elsewhere="The document's original language is {original}; the original text is not held here.",
        translation_notice="This is an official text of the document, translated from {original}; the original text is "
        "not held here.",
        no_rendering="This report is not available in {language}; its {shown} text is shown.",
        recognised_notice="This text was recognised in pictures of the document’s pages by a program, which may have "
        "misread some words. Below each paragraph it says how sure the program was of it.",
        recognised="Recognised in a picture, {sure} % sure.",
        doubtful_words="Doubtful:",
        language_name={"ar": "Arabic", "en": "English"},
        official_text="official text",
        official_translation="official text, translated from {source}",
        unofficial_text="unofficial rendering",
        unofficial_rendering="unofficial rendering from the {source}",
        contents="Contents",
        parts="Parts",
        part="Part {number} of {count}",
        elsewhere="In the other parts",
        corrections="Corrections",
        corrections_about="The source file was misread in these places. The text above reads as shown here; words with "
        "a dotted underline lead to this table.",
        printed="As printed",
        read="As read",
        certainty="Certainty",
        certainties={"certain": "certain", "probable": "probable"},
        certainties_about="Certain: what was printed is no word, or neither grammar nor sense let it stand, and one "
        "reading alone is near. Probable: what was printed could stand, or the reading is one of several; the context "
        "speaks for it.",
        mended_here="Corrected:",
        why="Why",
        names="Names",
        names_about="No publication with the English spelling of these names was found; they are spelled after the "
        "Arabic. In the text they have a dotted underline.",
        unsure_name="Spelling not found published",
        name="Name",
        spelled="As spelled here",
        paragraph="Para.",
        paragraphs="paras. {first}–{last}",
        cite="Cite",
        copy="Copy",
        copy_both="Copy both",
        copied="Copied ✓",
        paragraph_title="Paragraph {label}",
        title_page="Title page",
        changed="The text of this paragraph has changed since this link was made. What you see is the present text.",
        changed_quote="The quotation that the link points to is not highlighted, because it may stand elsewhere now.",
        in_report="In the report",
        previous="Previous: {label}",
        next="Next: {label}",
        others_between="{first} to {last}",
        corrections_of="Corrections in this paragraph",
        neighbours="Neighbouring paragraphs",
        found_words="Places with “{words}”: {count}",
        found_quotes="Quotations of the answer: {count}",
        found_refs="Paragraphs marked: {count}",
        found_nothing="“{words}” does not stand in the report.",
        found_ask="Ask it as a question",
        unmark="Take the marks away",
        previous_place="Previous place",
        next_place="Next place",
        as_word="Download as Word",
        for_managers="For reference managers:",
        ask_about="Ask about this paragraph",
        ask_about_start="In paragraph {label}, ",
        quoted="“{quote}” ({label})",
        which_title="Which report?",
        which_about="Several reports are held here, and these have a paragraph of that number:",
        which_words="These reports have the words:",
        all_reports="All reports",
        reports="Reports",
        report="Report",
        read_in="Read in {language}",
        lookup="Look something up",
        lookup_about="Write words of the report, or a paragraph’s number in any usual way, in either language:",
        examples="For example",
        ask="Ask",
        ask_label="Ask about the report",
        nearest_to_question="The nearest paragraphs",
        doubtful="This may not be what you asked about. Read the paragraph before you rely on it.",
        related="You may also ask",
        in_report_marked="Marked in the report",
        unofficial_quotes="Quoted from an unofficial {language} rendering",
        embed="On your own page",
        embed_about="Two lines put this on any page, under a strict content policy.",
        for_developers="For developers",
        api_about="Questions, search and look-up over HTTP, with examples.",
        demo_title="Reading the Kyoto workshop report – a site of its own",
        demo_about="The fiqra widget on a page that is somebody else's.",
        demo_site="Institute library",
        demo_heading="Reading the Kyoto workshop report",
        demo_text=(
            "In March 2021 a workshop of the Fourteenth United Nations Congress on Crime Prevention and Criminal "
            "Justice dealt with new technologies, both as means for and as tools against crime. "
            "Its report has 21 numbered paragraphs, and the last of them lists what States were invited to consider.",
            "The button in the corner asks that report. It answers in the report's own words, names the paragraph, "
            "and shows the Arabic text beside the English; what the report does not say, it does not answer.",
        ),
        demo_snippet="What this page contains for it",
        demo_policy="What this site's policy allows for it",
        api_title="API reference",
        api_language="Every call of the service, with examples in both languages.",
        error_titles={
            404: "Not found",
            422: "This could not be read",
            503: "Not available at the moment",
        },
        error_other="Something went wrong",
        nearest="There is no paragraph of that number. The nearest ones are:",
        accepted_forms="Paragraph numbers are read in these forms, among others:",
        loaded_reports="These reports are here:",
        bad_address="Something in this address does not fit. The language, lang, is ar or en.",
        too_long="The question is longer than 2,000 characters. Please shorten it.",
        nothing_here="There is no page at this address.",
        no_index="Nothing is loaded yet. Please try again in a moment.",
    ),
    "ar": Wording(
        tagline="تقارير مرقّمة الفقرات، بالعربية والإنكليزية",
        skip="الانتقال إلى النص",
        find_label="رقم فقرة أو كلمات",
        find_button="بحث",
        find_example="21 (ك)",
        languages="اللغة",
        home="الصفحة الرئيسية",
        api="مرجع الواجهة البرمجية",
        unofficial_notice="نص غير رسمي. أُعدّ هذا النص ب{language} لهذه الخدمة نقلاً عن {source}.",
        source_official="والنص ب{source} نص رسمي للوثيقة، أما هذا النص ب{language} فليس نصاً رسمياً.",
        original_elsewhere="واللغة الأصلية للوثيقة هي {original}؛ ونصها الأصلي غير متاح هنا.",
        translation_notice="هذا نص رسمي للوثيقة، مترجم عن {original}؛ والنص الأصلي غير متاح هنا.",
        no_rendering="هذا التقرير غير متاح ب{language}؛ والمعروض هو نصه ب{shown}.",
        recognised_notice="تَعرَّف على هذا النص برنامج في صور صفحات الوثيقة، وربما أخطأ في قراءة بعض الكلمات. وترد تحت "
        "كل فقرة درجة ثقة البرنامج فيها.",
        recognised="تُعرِّف عليه في صورة بدرجة ثقة {sure} في المائة.",
        doubtful_words="المشكوك فيه:",
        language_name={"ar": "العربية", "en": "الإنكليزية"},
        official_text="نص رسمي",
        official_translation="نص رسمي مترجم عن {source}",
        unofficial_text="نص غير رسمي",
        unofficial_rendering="نص غير رسمي منقول عن {source}",
        contents="المحتويات",
        parts="الأجزاء",
        part="الجزء {number} من {count}",
        elsewhere="في الأجزاء الأخرى",
        corrections="التصويبات",
        corrections_about="قُرئ الملف الأصلي قراءة خاطئة في هذه المواضع. ويرد النص أعلاه بالصيغة المصوّبة المبيّنة هنا؛ "
        "والكلمات التي تحتها خط منقّط تحيل إلى هذا الجدول.",
        printed="كما وردت",
        read="كما صُوِّبت",
        certainty="درجة اليقين",
        certainties={"certain": "مؤكد", "probable": "مرجَّح"},
        certainties_about="مؤكد: ما ورد ليس كلمة، أو لا يستقيم نحواً أو معنى، ولا تقاربه إلا قراءة واحدة. "
        "مرجَّح: ما ورد محتمل، أو تحتمل الكلمة أكثر من قراءة، والسياق يرجّح القراءة المثبتة.",
        mended_here="تصويب:",
        why="السبب",
        names="الأسماء",
        names_about="لم يُعثر على منشور يرد فيه الرسم الإنكليزي لهذه الأسماء، فكُتبت نقلاً عن العربية. "
        "وتحتها في النص الإنكليزي خط منقّط.",
        unsure_name="لم يُعثر على هذا الرسم في أي منشور",
        name="الاسم",
        spelled="الرسم المستخدم هنا",
        paragraph="الفقرة",
        paragraphs="الفقرات {first}–{last}",
        cite="الاستشهاد",
        copy="نسخ",
        copy_both="نسخ الاستشهادين",
        copied="نُسخ ✓",
        paragraph_title="الفقرة {label}",
        title_page="صفحة العنوان",
        changed="تغيّر نص هذه الفقرة منذ إنشاء هذا الرابط. والمعروض هو النص الحالي.",
        changed_quote="لم يُبرَز الاقتباس الذي يشير إليه الرابط لأن موضعه ربما تغيّر.",
        in_report="في التقرير",
        previous="السابقة: {label}",
        next="التالية: {label}",
        others_between="من {first} إلى {last}",
        corrections_of="التصويبات في هذه الفقرة",
        neighbours="الفقرات المجاورة",
        found_words="مواضع «{words}»: {count}",
        found_quotes="اقتباسات الجواب: {count}",
        found_refs="الفقرات المبرزة: {count}",
        found_nothing="لم ترد «{words}» في التقرير.",
        found_ask="اطرحها سؤالاً",
        unmark="إزالة الإبراز",
        previous_place="الموضع السابق",
        next_place="الموضع التالي",
        as_word="تنزيل بصيغة Word",
        for_managers="لبرامج إدارة المراجع:",
        ask_about="اسأل عن هذه الفقرة",
        ask_about_start="في الفقرة {label}، ",
        quoted="«{quote}» ({label})",
        which_title="أي تقرير؟",
        which_about="في هذا الموقع عدة تقارير، وفي كل من التقارير التالية فقرة بهذا الرقم:",
        which_words="ترد هذه الكلمات في التقارير التالية:",
        all_reports="جميع التقارير",
        reports="التقارير",
        report="التقرير",
        read_in="اقرأ ب{language}",
        lookup="البحث في التقرير",
        lookup_about="اكتب كلمات من التقرير، أو رقم فقرة بأي صيغة مألوفة، بأي من اللغتين:",
        examples="أمثلة",
        ask="اسأل",
        ask_label="اطرح سؤالك عن التقرير",
        nearest_to_question="أقرب الفقرات إلى سؤالك",
        doubtful="قد لا يكون هذا جواب سؤالك. راجع الفقرة قبل الاستناد إليها.",
        related="أسئلة أخرى",
        in_report_marked="مواضعها في التقرير",
        unofficial_quotes="مقتبس من نص غير رسمي ب{language}",
        embed="الإضافة إلى صفحتك",
        embed_about="يكفي سطران لإضافة الأداة إلى أي صفحة، حتى في ظل سياسة محتوى صارمة.",
        for_developers="للمطوّرين",
        api_about="طرح الأسئلة والبحث وعرض الفقرات عبر HTTP، مع أمثلة.",
        demo_title="قراءة في تقرير حلقة عمل كيوتو – موقع قائم بذاته",
        demo_about="أداة «فقرة» في صفحة من موقع آخر.",
        demo_site="مكتبة المعهد",
        demo_heading="قراءة في تقرير حلقة عمل كيوتو",
        demo_text=(
            "في آذار/مارس 2021، تناولت حلقة عمل في إطار مؤتمر الأمم المتحدة الرابع عشر لمنع الجريمة والعدالة الجنائية "
            "التكنولوجيات الجديدة بوصفها وسائل لارتكاب الجريمة وأدوات لمكافحتها. ويتألف تقريرها من 21 فقرة مرقّمة، "
            "تسرد الأخيرة منها ما دُعيت الدول إلى النظر فيه.",
            "والزر الظاهر في الزاوية مخصص لطرح الأسئلة عن ذلك التقرير: يأتي الجواب بألفاظ التقرير نفسها مع رقم الفقرة، "
            "ويُعرض النص الإنكليزي إلى جانب العربي؛ ولا جواب عما لم يرد في التقرير.",
        ),
        demo_snippet="ما أُضيف إلى هذه الصفحة لإدراج الأداة",
        demo_policy="ما تأذن به سياسة محتوى هذا الموقع للأداة",
        api_title="مرجع الواجهة البرمجية",
        api_language="جميع نداءات الخدمة، مع أمثلة باللغتين؛ ونص المرجع نفسه بالإنكليزية.",
        error_titles={
            404: "غير موجود",
            422: "تعذّرت قراءة الطلب",
            503: "الخدمة غير متاحة حالياً",
        },
        error_other="حدث خطأ",
        nearest="لا توجد فقرة بهذا الرقم. وأقرب الفقرات هي:",
        accepted_forms="تُقبل أرقام الفقرات بهذه الصيغ وغيرها:",
        loaded_reports="التقارير المتاحة هنا:",
        bad_address="في هذا العنوان خطأ. وقيمة اللغة، lang، هي ar أو en.",
        too_long="السؤال أطول من 2000 حرف. يُرجى اختصاره.",
        nothing_here="لا توجد صفحة بهذا العنوان.",
        no_index="لم يُحمَّل أي تقرير بعد. يُرجى إعادة المحاولة بعد قليل.",
    ),
}


def name_of(rendering: Rendering, ref: Ref) -> str:
    """What a page calls a place, on its own: `Paragraph 21 (k)`, `Title page`, `الفقرة 21 (ك)`."""
    words = WORDING[rendering.language]
    return words.title_page if ref.is_front else words.paragraph_title.format(label=rendering.label(ref))
