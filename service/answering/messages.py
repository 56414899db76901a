"""What fiqra says in its own words, in both languages; everything else it says is a quotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from corpus.records import Language

Message = Literal[
    "not_in_report",
    "not_in_reports",
    "not_held",
    "spoken_of",
    "which_report",
    "in_no_report",
    "not_a_question",
    "other_language",
    "unknown_paragraph",
    "no_title_page",
    "no_rendering",
    "some_unknown",
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
        "ar": "لا يجيب {report} عن هذا السؤال. وترد مع هذا الرد أقرب الفقرات إليه.",
    },
    "not_in_reports": {
        "en": "None of the {count} reports ({reports}) answers this question. The nearest paragraphs are listed with "
        "this reply.",
        "ar": "لا يجيب أي من التقارير، وعددها {count} ({reports})، عن هذا السؤال. وترد مع هذا الرد أقرب الفقرات إليه.",
    },
    "not_held": {
        "en": "“{document}” is not among the documents held here, so what its paragraph {refs} says cannot be quoted.",
        "ar": "«{document}» ليس من الوثائق المتاحة هنا، فلا يمكن اقتباس ما جاء في فقرته {refs}.",
    },
    "spoken_of": {
        "en": "{report} speaks of it in paragraph {refs}.",
        "ar": "ويتحدث عنه {report} في الفقرة {refs}.",
    },
    "which_report": {
        "en": "{count} reports are held here, and a number alone does not say which is meant. A paragraph {refs} is in "
        "{reports}: which report do you mean?",
        "ar": "المتاح هنا {count} من التقارير، والرقم وحده لا يبيّن أيها المقصود. والفقرة {refs} موجودة في "
        "{reports}: فأي تقرير تقصد؟",
    },
    "in_no_report": {
        "en": "None of the {count} reports held here has a paragraph {refs}.",
        "ar": "لا ترد الفقرة {refs} في أي من التقارير المتاحة هنا، وعددها {count}.",
    },
    "not_a_question": {
        "en": "This is not a question about the report. Ask about what its paragraphs say, or name a paragraph.",
        "ar": "ليس هذا سؤالاً عن التقرير. اسأل عما جاء في فقراته، أو اذكر رقم فقرة.",
    },
    "other_language": {
        "en": "Questions are answered in Arabic and English. Please ask in one of them.",
        "ar": "يُجاب عن الأسئلة بالعربية والإنكليزية. يرجى السؤال بإحداهما.",
    },
    "unknown_paragraph": {
        "en": "{report} has no paragraph {refs}. The nearest paragraphs are {nearest}.",
        "ar": "لا يتضمن {report} الفقرة {refs}. وأقرب الفقرات إليها هي {nearest}.",
    },
    "no_title_page": {
        "en": "{report} has no title page here. The nearest paragraphs are {nearest}.",
        "ar": "ليست في {report} هنا صفحة عنوان. وأقرب الفقرات إليها هي {nearest}.",
    },
    "some_unknown": {
        "en": "{report} has no paragraph {refs}.",
        "ar": "لا يتضمن {report} الفقرة {refs}.",
    },
    "partly": {
        "en": "The report answers only a part of this question.",
        "ar": "لا يجيب التقرير إلا عن جزء من هذا السؤال.",
    },
    "cut_short": {
        "en": "The first {count} sentences are quoted; the report goes on.",
        "ar": "اقتُبست أول {count} جملة؛ وللنص بقية في التقرير.",
    },
    "recognised": {
        "en": "The words quoted were recognised in a scan by a program, which may have misread some.",
        "ar": "تَعرَّف على الكلمات المقتبسة برنامج في صورة ممسوحة ضوئياً، وربما أخطأ في بعضها.",
    },
    "llm_absent": {
        "en": "No language model is configured; the answer quotes the report.",
        "ar": "لم يُضبط أي نموذج لغوي؛ والجواب مقتبس من التقرير.",
    },
    "llm_timeout": {
        "en": "The language model did not answer in time; the answer quotes the report.",
        "ar": "لم يجب النموذج اللغوي في الوقت المحدد؛ والجواب مقتبس من التقرير.",
    },
    "llm_resting": {
        "en": "The language model failed several times and is left alone for a while; the answer quotes the report.",
        "ar": "أخفق النموذج اللغوي عدة مرات فتُرك لبعض الوقت؛ والجواب مقتبس من التقرير.",
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


def labelled(report: str, language: Language) -> str:
    """A report's name in a sentence: `“Harbours”`, `«المرافئ»`."""
    return _LABELLED[language].format(report)


def language_names(asked: Language, shown: Language) -> dict[str, str]:
    """What a language that was asked for and one that is shown are called, for the values of a message in the first."""
    return {"asked": _NAMES[asked][asked], "shown": _NAMES[asked][shown]}
