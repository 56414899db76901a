"""What the OpenAPI document shows: examples in both languages."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import Body
from fastapi.openapi.models import Example

VERSION = version("fiqra")
DESCRIPTION = (
    "fiqra answers Arabic and English questions about reports whose paragraphs are numbered. Every statement of an "
    "answer quotes a paragraph; `start` and `end` count Unicode code points. Errors are `application/problem+json`."
)
STREAM = (
    "The answer; with `stream: true` as server-sent events: `passages`, then for each statement a `delta` and its "
    "`citation`s, where they are new, then `done` with the whole answer. `error` carries a problem document."
)
CHUNKS = (
    "A chat completion; with `stream: true` as server-sent events of chunks, a statement each, and `[DONE]`. A chunk's "
    "`delta.annotations` hold the citations of its markers; their indexes count in the whole content."
)
REFS: dict[str, Example] = {
    "latin": {"summary": "A sub-paragraph", "value": "21(k)"},
    "arabic": {"summary": "فقرة فرعية بالعربية", "value": "الفقرة ٢١ (ك)"},
    "range": {"summary": "A range", "value": "9-11"},
    "list": {"summary": "A list", "value": "9,12,21(b)"},
    "front": {"summary": "The title page", "value": "front"},
}
QUERIES: dict[str, Example] = {
    "arabic": {"summary": "كلمات بالعربية", "value": "مخاطر الذكاء الاصطناعي"},
    "english": {"summary": "A question in English", "value": "Who moderated the workshop?"},
}
_QUESTIONS: dict[str, Example] = {
    "arabic": {"summary": "سؤال بالعربية", "value": {"question": "ما الذي تُشجّع الدول الأعضاء على رصده؟"}},
    "english": {
        "summary": "A question in English",
        "value": {"question": "What are Member States encouraged to monitor?", "top_k": 3},
    },
    "number": {"summary": "By number", "value": {"question": "What does paragraph 21 (k) say?"}},
}
QUESTIONS = Body(openapi_examples=_QUESTIONS)
_DRAFTS: dict[str, Example] = {
    "arabic": {
        "summary": "اقتباس واستشهاد بالعربية",
        "value": {"text": "«تُشجّع الدول الأعضاء على رصد وفهم المخاطر» (الفقرة ٢١ (ك))."},
    },
    "english": {
        "summary": "A quotation with one word changed",
        "value": {"text": "“Member States are obliged to monitor and understand the risks” (para. 21 (k))."},
    },
}
DRAFTS = Body(openapi_examples=_DRAFTS)
_CHATS: dict[str, Example] = {
    "arabic": {
        "summary": "سؤال بالعربية",
        "value": {
            "model": "fiqra",
            "messages": [{"role": "user", "content": "ما الذي تُشجّع الدول الأعضاء على رصده؟"}],
        },
    },
    "english": {
        "summary": "A follow-up question in English",
        "value": {
            "model": "fiqra:kyoto-2021-workshop-4",
            "messages": [
                {"role": "user", "content": "What was discussed at the fourth meeting?"},
                {"role": "assistant", "content": "At its fourth meeting … [3]"},
                {"role": "user", "content": "And who moderated it?"},
            ],
            "stream": True,
        },
    },
}
CHATS = Body(openapi_examples=_CHATS)
