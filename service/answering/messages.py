"""What fiqra says in its own words, in both languages; everything else it says is a quotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from corpus.records import Language

Message = Literal[
    "not_in_report",
    "not_a_question",
    "other_language",
    "unknown_paragraph",
    "no_title_page",
    "no_rendering",
    "some_unknown",
    "partly",
    "cut_short",
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
        "en": "The report does not answer this question. The nearest paragraphs are listed with this reply.",
        "ar": "لا يجيب التقرير عن هذا السؤال. وترد مع هذا الرد أقرب الفقرات إليه.",
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
        "en": "The report has no paragraph {refs}. The nearest paragraphs are {nearest}.",
        "ar": "لا يتضمن التقرير الفقرة {refs}. وأقرب الفقرات إليها هي {nearest}.",
    },
    "no_title_page": {
        "en": "The report has no title page here. The nearest paragraphs are {nearest}.",
        "ar": "لا ترد هنا صفحة عنوان لهذا التقرير. وأقرب الفقرات إليها هي {nearest}.",
    },
    "some_unknown": {
        "en": "The report has no paragraph {refs}.",
        "ar": "لا يتضمن التقرير الفقرة {refs}.",
    },
    "partly": {
        "en": "The report answers only a part of this question.",
        "ar": "لا يجيب التقرير إلا عن جزء من هذا السؤال.",
    },
    "cut_short": {
        "en": "The first {count} sentences are quoted; the report goes on.",
        "ar": "اقتُبست أول {count} جملة؛ وللنص بقية في التقرير.",
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
        "en": "The report is not available in English; the answer quotes its Arabic text.",
        "ar": "لا يتوافر التقرير بالعربية؛ والجواب مقتبس من نصه الإنكليزي.",
    },
}


def say(message: Message, language: Language, **values: str) -> str:
    """The message in that language, with its values filled in.

    >>> say("some_unknown", "en", refs="22")
    'The report has no paragraph 22.'
    """
    return _TEXTS[message][language].format(**values)
