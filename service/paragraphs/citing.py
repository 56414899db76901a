"""How a paragraph is cited in words, the way United Nations documents do, in each language of its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from corpus.records import Language, Rendering, Report
from corpus.refs import Ref
from corpus.refs.types import FRONT_NAME

_PLACE: Mapping[Language, str] = {"en": "para. {label}", "ar": "الفقرة {label}"}  # the title page has a label alone
_COMMA: Mapping[Language, str] = {"en": ", ", "ar": "، "}
_ROUND = str.maketrans("[]", "()")  # square brackets are a marker's own
# Who quotes an unofficial rendering, or what a program made of a picture, has to say so.
_SCANNED: Mapping[Language, str] = {"en": " (recognised in a scan)", "ar": " (نص تُعرِّف عليه في صورة)"}
_UNOFFICIAL: Mapping[Language, str] = {"en": " (unofficial English rendering)", "ar": " (نص غير رسمي بالعربية)"}


def in_a_row(names: Iterable[str], language: Language) -> str:
    """Names in a sentence, one after the other: `9, 21 (k)`, `9، 21 (ك)`."""
    return _COMMA[language].join(names)


def title_of(report: Report, language: Language) -> str:
    """The report's title in that language, or its id where the title page has none."""
    return report.rendering(language).title() or report.id


def cite(report: Report, rendering: Rendering, ref: Ref) -> str:
    """The paragraph as a draft cites it, in the rendering's language.

    >>> cite(report, report.rendering("en"), parse_ref("21k"))
    'Report of Committee II: workshop 4, para. 21 (k) (unofficial English rendering)'
    """
    return f"{title_of(report, rendering.language)}{_COMMA[rendering.language]}{cited_place(rendering, ref)}"


def cite_in_full(report: Report, rendering: Rendering, ref: Ref) -> str:
    r"""As a paper cites it: with the meeting, its place and dates, and the document's symbol if it has one.

    >>> print(cite_in_full(report, report.rendering("en"), parse_ref("21k")).replace(", ", ",\n"))
    Report of Committee II: workshop 4,
    Fourteenth United Nations Congress on Crime Prevention and Criminal Justice,
    Kyoto,
    Japan,
    7-12 March 2021,
    para. 21 (k) (unofficial English rendering)
    """
    known = (rendering.title("congress"), rendering.title("place_and_dates"), report.symbol or "")
    parts = [title_of(report, rendering.language), *filter(None, known), cited_place(rendering, ref)]
    return in_a_row(parts, rendering.language)


def marker(ref: str, language: Language, report: str | None, shown: Callable[[str], str] = str) -> str:
    """What stands after a statement: `[21(k)]`; where several reports are loaded, with the report before it.

    `shown` is what makes its name fit where it is shown, such as Markdown.

    >>> marker("21(k)", "en", None), marker("4(b)", "ar", "المرافئ")
    ('[21(k)]', '[المرافئ، الفقرة 4(b)]')
    """
    if report is None:
        return f"[{ref}]"
    place = ref if ref == FRONT_NAME else _PLACE[language].format(label=ref)
    return f"[{shown(report.translate(_ROUND))}{_COMMA[language]}{place}]"


def cited_place(rendering: Rendering, ref: Ref) -> str:
    """The place alone: `para. 21 (k) (unofficial English rendering)`."""
    language = rendering.language
    label = rendering.label(ref)
    place = label if ref.is_front else _PLACE[language].format(label=label)
    place += _UNOFFICIAL[language] if rendering.unofficial else ""
    return place + _SCANNED[language] if rendering.recognised else place
