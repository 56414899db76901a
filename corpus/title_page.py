"""Labels for the blocks of a title page, which are indexed together with what the blocks say.

Who asks where and when the Congress took place says what "Kyoto, Japan, 7-12 March 2021" does not say of itself.

    as_read(rendering, FRONT) → "… / Where and when the Congress took place: … Kyoto, Japan, 7-12 March 2021 / …"
"""

from __future__ import annotations

from collections.abc import Mapping

from corpus.records import Language, Rendering, Span
from corpus.refs import Ref

ROLES: Mapping[str, Mapping[Language, str]] = {
    "masthead": {
        "en": "Document: distribution, date of issue, language, original language",
        "ar": "الوثيقة: التوزيع، تاريخ الصدور، اللغة، اللغة الأصلية",
    },
    "congress": {"en": "Name of the Congress", "ar": "اسم المؤتمر"},
    "place_and_dates": {
        "en": "Where and when the Congress took place: city, country, dates",
        "ar": "أين ومتى عُقد المؤتمر: المدينة، البلد، التاريخ",
    },
    "agenda_item": {"en": "Number of the agenda item", "ar": "رقم بند جدول الأعمال"},
    "agenda_title": {"en": "Title of the agenda item", "ar": "عنوان بند جدول الأعمال"},
    "title": {"en": "Title of the report", "ar": "عنوان التقرير"},
    "addendum": {"en": "Kind of document: a supplement", "ar": "نوع الوثيقة: ملحق"},
    "closing": {"en": "Closing lines of the document", "ar": "ختام الوثيقة"},
    "subject": {"en": "Title of the workshop", "ar": "عنوان حلقة العمل"},
}
"""By the roles that a report gives its blocks; a report that was taken in has `title` and `closing` alone."""


def as_read(rendering: Rendering, ref: Ref, part: Span | None = None) -> str:
    """The text that is indexed for a paragraph, or for `part` of it; on the title page, each block after its label.

    >>> english = report.rendering("en")
    >>> as_read(english, parse_ref("front"), english.front_lines[3])
    'Number of the agenda item: Agenda item 6'
    """
    text = rendering.by_ref[ref].text
    span = part or Span(0, len(text))
    if not ref.is_front:
        return text[span.start : span.end]
    return "\n".join(
        f"{what}: {block.text}" if (what := ROLES.get(block.role, {}).get(rendering.language)) else block.text
        for block, line in zip(rendering.front_matter, rendering.front_lines, strict=True)
        if span.start <= line.start and line.end <= span.end
    )
