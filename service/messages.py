"""What fiqra says in its own words, in both languages; everything else it says is a quotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from corpus.records import Language

Message = Literal[
    "not_in_report", "not_a_question", "other_language", "unknown_paragraph", "no_rendering", "some_unknown"
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
    "some_unknown": {
        "en": "The report has no paragraph {refs}.",
        "ar": "لا يتضمن التقرير الفقرة {refs}.",
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
