"""What fiqra says in its own words, in both languages; everything else it says is a quotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from corpus.records import Language
from service.schemas.answers import SectionKind

Message = Literal[
    "not_in_report",
    "not_in_reports",
    "not_held",
    "spoken_of",
    "which_report",
    "in_no_report",
    "not_a_question",
    "greeting",
    "thanks",
    "unknown_words",
    "not_understood",
    "no_answer_before",
    "doubtful",
    "parts",
    "some_reports",
    "see_also",
    "occasion",
    "sure",
    "sure_named",
    "sure_composed",
    "which_paragraph",
    "same_in",
    "other_language",
    "unknown_paragraph",
    "no_title_page",
    "no_rendering",
    "some_unknown",
    "no_such_sentence",
    "words_not_there",
    "partly",
    "cut_short",
    "recognised",
    "llm_absent",
    "llm_timeout",
    "llm_resting",
    "llm_failed",
    "llm_silent",
    "llm_unproved",
    "llm_replaced",
]

_TEXTS: Mapping[Message, Mapping[Language, str]] = {
    "not_in_report": {
        "en": "{report} does not answer this question. The nearest paragraphs are listed with this reply.",
        "ar": "لا يجيب {report} عن هذا السؤال. وهذه أقرب الفقرات إليه.",
    },
    "not_in_reports": {
        "en": "None of the {count} reports ({reports}) answers this question. The nearest paragraphs are listed with "
        "this reply.",
        "ar": "لا يجيب أي من التقارير، وعددها {count} ({reports})، عن هذا السؤال. وهذه أقرب الفقرات إليه.",
    },
    "not_held": {
        "en": "“{document}” is not among the documents held here, so what its paragraph {refs} says cannot be quoted.",
        "ar": "«{document}» ليس من الوثائق المتاحة هنا، فلا يمكن اقتباس ما جاء في الفقرة {refs} منه.",
    },
    "spoken_of": {
        "en": "{report} speaks of it in paragraph {refs}.",
        "ar": "ويتناوله {report} في الفقرة {refs}.",
    },
    "which_report": {
        "en": "{count} reports are held here, and a number alone does not say which is meant. A paragraph {refs} is in "
        "{reports}: which report do you mean?",
        "ar": "عدد التقارير المتاحة هنا {count}، والرقم وحده لا يبيّن أيها المقصود. وترد الفقرة {refs} في "
        "{reports}. فأي تقرير تقصد؟",
    },
    "in_no_report": {
        "en": "None of the {count} reports held here has a paragraph {refs}.",
        "ar": "لا ترد الفقرة {refs} في أي من التقارير المتاحة هنا، وعددها {count}.",
    },
    "not_a_question": {
        "en": "This is not a question about the report. Ask about what its paragraphs say, or name a paragraph.",
        "ar": "ليس هذا سؤالاً عن التقرير. اسأل عما جاء في فقراته، أو اذكر رقم فقرة منه.",
    },
    "greeting": {
        "en": "Hello. Ask about what is in the report; every answer quotes the paragraph that it rests on. For "
        "example: {examples}",
        "ar": "مرحباً. اسأل عما جاء في التقرير، وكل جواب مقتبس من الفقرة التي يستند إليها. أمثلة: {examples}",
    },
    "thanks": {
        "en": "You are welcome. You may also ask: {examples}",
        "ar": "على الرحب والسعة. ويمكنك أيضاً أن تسأل: {examples}",
    },
    "unknown_words": {
        "en": "{report} has none of these words. Ask in other words, or for example: {examples}",
        "ar": "لا يرد أي من هذه الكلمات في {report}. اسأل بكلمات أخرى، أو جرِّب مثلاً: {examples}",
    },
    "not_understood": {
        "en": "This was not understood. Ask in Arabic or English, for example: {examples}",
        "ar": "لم يُفهم هذا النص. اسأل بالعربية أو الإنكليزية، مثلاً: {examples}",
    },
    "no_answer_before": {
        "en": "There is no answer before this one to go back to. Ask, for example: {examples}",
        "ar": "لا يوجد جواب سابق يمكن الرجوع إليه. اسأل مثلاً: {examples}",
    },
    "doubtful": {
        "en": "This may not be what you asked about. Read the paragraph before you rely on it.",
        "ar": "قد لا يكون هذا ما سألت عنه، فاقرأ الفقرة قبل أن تعتمد عليه.",
    },
    "parts": {
        "en": "{report} has {count} parts, each with its paragraphs: {parts}.",
        "ar": "عدد أقسام {report} {count}، وهي بفقراتها: {parts}.",
    },
    "some_reports": {
        "en": "Of the {count} reports held here, {shown} are quoted; name one to ask about it alone.",
        "ar": "المتاح هنا {count} من التقارير، والمقتبس منها {shown}؛ اذكر اسم تقرير لتسأل عنه وحده.",
    },
    "see_also": {
        "en": "See also: {refs}.",
        "ar": "انظر أيضاً: {refs}.",
    },
    "occasion": {
        "en": "Where the occasion is named, before that: {refs}.",
        "ar": "ورد ذكر المناسبة قبل ذلك في: {refs}.",
    },
    "sure": {
        "en": "These are the report’s own words, in their place. That they answer “{question}” is {percent} per cent "
        "probable; whether they do is for you to judge.",
        "ar": "هذه ألفاظ التقرير نفسها في موضعها. واحتمال أن تكون جواباً عن «{question}» هو {percent} في المائة؛ والحكم "
        "في ذلك لك.",
    },
    "sure_named": {
        "en": "These are the report’s own words, in the paragraph that was named.",
        "ar": "هذه ألفاظ التقرير نفسها، من الفقرة المذكورة.",
    },
    "sure_composed": {
        "en": "These are the report’s own words. They were chosen by wording and place; something may be missing.",
        "ar": "هذه ألفاظ التقرير نفسها. وقد اختيرت بحسب صياغتها وموضعها، فقد يكون فاتها شيء.",
    },
    "which_paragraph": {
        "en": "To be cited as: {places}.",
        "ar": "يُستشهد بها على النحو التالي: {places}.",
    },
    "same_in": {
        "en": "The same paragraphs, in English.",
        "ar": "الفقرات نفسها بالعربية.",
    },
    "other_language": {
        "en": "Questions are answered in Arabic and English. Please ask in one of them.",
        "ar": "تُقبل الأسئلة بالعربية والإنكليزية. يُرجى طرح السؤال بإحداهما.",
    },
    "unknown_paragraph": {
        "en": "{report} has no paragraph {refs}. The nearest paragraphs are {nearest}.",
        "ar": "لا يتضمن {report} الفقرة {refs}. وأقرب الفقرات إليها هي {nearest}.",
    },
    "no_title_page": {
        "en": "{report} has no title page here. The nearest paragraphs are {nearest}.",
        "ar": "لا توجد في {report} هنا صفحة عنوان. وأقرب الفقرات إليها هي {nearest}.",
    },
    "some_unknown": {
        "en": "{report} has no paragraph {refs}.",
        "ar": "لا يتضمن {report} الفقرة {refs}.",
    },
    "no_such_sentence": {
        "en": "{report} has no such sentence in paragraph {refs}; the number of sentences there is {count}.",
        "ar": "لا يتضمن {report} جملة بهذا الترتيب في الفقرة {refs}؛ وعدد الجمل فيها {count}.",
    },
    "words_not_there": {
        "en": "None of the words asked about stands in paragraph {refs}; what is quoted is nearest to the question.",
        "ar": "لا يرد أي من الألفاظ المسؤول عنها في الفقرة {refs}؛ والمقتبس أقرب ما فيها إلى السؤال.",
    },
    "partly": {
        "en": "The report answers only a part of this question.",
        "ar": "لا يجيب التقرير إلا عن جزء من هذا السؤال.",
    },
    "cut_short": {
        "en": "The first {count} sentences are quoted; the report goes on.",
        "ar": "عدد الجمل المقتبسة من أول النص {count}؛ وللنص بقية في التقرير.",
    },
    "recognised": {
        "en": "The words quoted were recognised in a scan by a program, which may have misread some.",
        "ar": "تَعرَّف على الكلمات المقتبسة برنامج في صورة ممسوحة ضوئياً، وربما أخطأ في بعضها.",
    },
    "llm_absent": {
        "en": "No language model is configured; the answer quotes the report.",
        "ar": "لم يُهيَّأ أي نموذج لغوي؛ والجواب مقتبس من التقرير.",
    },
    "llm_timeout": {
        "en": "The language model did not answer in time; the answer quotes the report.",
        "ar": "لم يجب النموذج اللغوي في الوقت المحدد؛ والجواب مقتبس من التقرير.",
    },
    "llm_resting": {
        "en": "The language model failed several times and is left alone for a while; the answer quotes the report.",
        "ar": "أخفق النموذج اللغوي عدة مرات فأُوقف استخدامه مؤقتاً؛ والجواب مقتبس من التقرير.",
    },
    "llm_failed": {
        "en": "The language model gave no usable reply; the answer quotes the report.",
        "ar": "لم يقدم النموذج اللغوي رداً صالحاً؛ والجواب مقتبس من التقرير.",
    },
    "llm_silent": {
        "en": "The language model found no answer in the paragraphs; the answer quotes the report.",
        "ar": "لم يجد النموذج اللغوي جواباً في الفقرات؛ والجواب مقتبس من التقرير.",
    },
    "llm_unproved": {
        "en": "The report proves nothing of what the language model wrote; the answer quotes the report.",
        "ar": "لا يثبت التقرير شيئاً مما كتبه النموذج اللغوي؛ والجواب مقتبس من التقرير.",
    },
    "llm_replaced": {
        "en": "The report's own words stand in place of what the language model wrote and it does not prove: {count}.",
        "ar": "عدد عبارات النموذج اللغوي التي لا يثبتها التقرير: {count}؛ وقد حلت ألفاظ التقرير محلها.",
    },
    "no_rendering": {
        "en": "{report} is not available in {asked}; the answer quotes its {shown} text.",
        "ar": "لا يتوافر {report} ب{asked}؛ والجواب مقتبس من نصه ب{shown}.",
    },
}


SECTIONS: Mapping[SectionKind, Mapping[Language, str]] = {
    "subject": {"en": "What it is about", "ar": "الموضوع"},
    "parts": {"en": "How it begins, part by part", "ar": "مطلع كل جزء"},
    "speakers": {"en": "Who spoke", "ar": "المتكلمون"},
    "countries": {"en": "Which countries spoke", "ar": "البلدان التي تكلمت"},
    "recommendations": {
        "en": "What is recommended or put forward for consideration",
        "ar": "التوصيات والنقاط المطروحة للنظر",
    },
}
"""The titles of the sections of an overview."""

EXAMPLES: Mapping[Language, tuple[str, ...]] = {
    "en": ("What is this report about?", "Who spoke?", "What does the report recommend?"),
    "ar": ("ما موضوع هذا التقرير؟", "من تكلم؟", "ما التوصيات الواردة في التقرير؟"),
}
"""What any report can be asked, where it suggests no questions of its own."""

SEMICOLON: Mapping[Language, str] = {"en": "; ", "ar": "؛ "}
"""What parts the entries of a list, in a sentence of that language."""

_THE_REPORT: Mapping[Language, str] = {"en": "The report", "ar": "التقرير"}
_LABELLED: Mapping[Language, str] = {"en": "“{}”", "ar": "«{}»"}
_NAMES: Mapping[Language, Mapping[Language, str]] = {
    "en": {"ar": "Arabic", "en": "English"},
    "ar": {"ar": "العربية", "en": "الإنكليزية"},
}


def say(message: Message, language: Language, *, report: str | None = None, **values: str) -> str:
    """The message in that language, with its values filled in; `report` is named where several are loaded.

    >>> say("some_unknown", "en", refs="22")
    'The report has no paragraph 22.'
    >>> say("some_unknown", "ar", report="المرافئ", refs="22")
    'لا يتضمن «المرافئ» الفقرة 22.'
    """
    subject = _THE_REPORT[language] if report is None else labelled(report, language)
    return _TEXTS[message][language].format(report=subject, **values)


def quoted_questions(questions: Iterable[str], language: Language) -> str:
    """Questions in a sentence: `“Who spoke?” “What is this report about?”`."""
    return " ".join(labelled(question, language) for question in questions)


def labelled(report: str, language: Language) -> str:
    """A report's name in a sentence: `“Harbours”`, `«المرافئ»`."""
    return _LABELLED[language].format(report)


def language_names(asked: Language, shown: Language) -> dict[str, str]:
    """What a language that was asked for and one that is shown are called, for the values of a message in the first."""
    return {"asked": _NAMES[asked][asked], "shown": _NAMES[asked][shown]}
