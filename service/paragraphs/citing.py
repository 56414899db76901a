"""How a paragraph is cited in words, the way United Nations documents do, in each language of its report."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.records import Language, Rendering, Report
from corpus.refs import Ref

_PLACE: Mapping[Language, str] = {"en": "para. {label}", "ar": "الفقرة {label}"}  # the title page has a label alone
_COMMA: Mapping[Language, str] = {"en": ", ", "ar": "، "}
# Who quotes an unofficial rendering has to say so.
_UNOFFICIAL: Mapping[Language, str] = {"en": " (unofficial English rendering)", "ar": " (نص غير رسمي بالعربية)"}


def title_of(report: Report, language: Language) -> str:
    """The report's title in that language, or its id where the title page has none."""
    return report.rendering(language).title() or report.id


def cite(report: Report, rendering: Rendering, ref: Ref) -> str:
    """The paragraph as a draft cites it, in the rendering's language.

    >>> cite(report, report.rendering("en"), parse_ref("21k"))
    'Report of Committee II: workshop 4, para. 21 (k) (unofficial English rendering)'
    """
    return f"{title_of(report, rendering.language)}{_COMMA[rendering.language]}{cited_place(rendering, ref)}"


def cited_place(rendering: Rendering, ref: Ref) -> str:
    """The place alone: `para. 21 (k) (unofficial English rendering)`."""
    language = rendering.language
    label = ref.label(language)
    place = label if ref.is_front else _PLACE[language].format(label=label)
    return place + _UNOFFICIAL[language] if rendering.unofficial else place
