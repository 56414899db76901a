"""Which paragraphs of a report recommend something, known by how they are led in, headed or worded.

    21. The Chair invited the participants to consider the following points:   leads in to (a) … (k): each recommends
    Recommendations / 30. …                                                    stands below such a heading
    12. … The Committee recommended that States …                              one sentence of it recommends

A paragraph recommends where it does in any of the report's languages, so that both answer alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.records import Report
from corpus.refs import Ref
from corpus.text import bare

_HEADED = re.compile(r"\brecommendations?\b|توصيات|\bproposals? for action\b|مقترحات", re.IGNORECASE)
_TO = r"\b[^.:;؛]{0,80}?(?:\bto\b|\bthat\b)"
_LEADS_IN = re.compile(
    rf"\brecommend|\bshould\b|\b(?:invit|encourag|urg|call|request|advis|propos)(?:e|es|ed|s)\b{_TO}"
    r"|\b(?:points|measures|actions|steps) (?:for|to) (?:consider|be considered|be taken|consideration|action)"
    r"|[أا]?وص[ىيت]|توصي|ينبغي|\bو?(?:دع[اتو]|[يت]دعو)\w{0,4} .{0,80}?\b(?:إلى|لل?نظر)\b"
    r"|\bو?[يت]?(?:شجع|حث)ت?\b .{0,80}?\bعلى\b",
    re.IGNORECASE,
)
_RECOMMENDS = re.compile(
    r"\bshould\b(?! be (?:noted|recalled|mentioned))|\brecommend(?:s|ed)\b|\b(?:call|calls|called) upon\b"
    r"|\b(?:invites?|invited|encourages?|encouraged|urges?|urged)\b[^.:;؛]{0,80}?\bto "
    r"(?!speak|make|take the floor|address|deliver|introduce|attend|chair)"
    r"|\bينبغي\b|\bو?(?:أوص[ىت]|أوصوا|[يت]وصي|يوصى)\b|\bو?(?:أهابت?|[يت]هيب)\b|\bيتعين على\b|\bمدعو(?:ة|ون|ين)? إلى\b"
    r"|\bو?[يت]?(?:شجع|حث)ت? (?:المكتب|الدول|الحكومات|الأعضاء|الأطراف|جميع|كل|اللجنة|الأمانة|السلطات)",
    re.IGNORECASE,
)


def recommending(report: Report) -> Mapping[Ref, bool]:
    """The paragraphs that recommend, in reading order: whether all of each does, or only a sentence of it.

    >>> [str(ref) for ref in recommending(report)][:3]
    ['21', '21(a)', '21(b)']
    """
    found: dict[Ref, bool] = {}
    led: set[Ref] = set()
    for ref in report.refs:
        if ref in led or _is_headed(report, ref):
            found[ref] = True
            led.update(report.children(ref))
        elif _leads_in(report, ref):
            found[ref] = True
            led.update(report.children(ref) or _following(report, ref))
        elif any(_RECOMMENDS.search(text) for text in _texts(report, ref)):
            found[ref] = False
    return found


def says_so(sentence: str) -> bool:
    """Whether a sentence recommends by its own words.

    >>> says_so("Member States should prevent corruption"), says_so("Two panellists spoke of corruption")
    (True, False)
    """
    return bool(_RECOMMENDS.search(bare(sentence)))


def _texts(report: Report, ref: Ref) -> Iterator[str]:
    return (bare(rendering.by_ref[ref].text) for rendering in report.renderings if ref in rendering.by_ref)


def _is_headed(report: Report, ref: Ref) -> bool:
    paragraphs = (rendering.by_ref[ref] for rendering in report.renderings if ref in rendering.by_ref)
    return any(_HEADED.search(heading) for paragraph in paragraphs for heading in paragraph.heading)


def _leads_in(report: Report, ref: Ref) -> bool:
    """Whether a paragraph ends on a colon, with words before it that say that what follows is recommended."""
    return any(text.endswith(":") and _LEADS_IN.search(text[-_LEAD:]) for text in _texts(report, ref))


_LEAD = 400  # characters before a colon that can belong to it


def _following(report: Report, ref: Ref) -> list[Ref]:
    """The paragraphs after one that leads in to its neighbours: those below the same heading."""
    texts = report.renderings[0].by_ref
    found = []
    for later in report.refs[report.places[ref] + 1 :]:
        if texts[later].heading != texts[ref].heading or later.level < ref.level:
            break
        found.append(later)
    return found
