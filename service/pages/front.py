"""What the front page shows of each report."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.records import Language, Rendering, Report
from service.pages.views import Words, reading_path
from service.paragraphs.citing import title_of

FORMS = ("21 (k)", "٢١ (ك)", "para. 21 (k)", "الفقرة 21 (ك)", "9-11", "title page", "صفحة العنوان")
"""A few of the ways to write a paragraph's number."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the words on it."""

    words: Words
    path: str


@dataclass(frozen=True, slots=True)
class Card:
    """A report: its title and subject, the ways to read it, and a few questions to ask."""

    report_id: str
    congress: str
    subject: str
    title: str
    languages: tuple[tuple[Link, Rendering], ...]  # a way to read it, and the text that is read so
    questions: tuple[Link, ...]


def card(report: Report, language: Language, *, several: bool = False) -> Card:
    """The report on a front page in that language; of `several`, its questions are asked of it alone."""
    own = report.rendering(language)
    asked = {"report": report.id} if several else {}
    return Card(
        report_id=report.id,
        congress=own.title("congress"),
        subject=own.title("subject"),
        title=title_of(report, own.language),
        languages=tuple(
            (Link(Words(r.language, title_of(report, r.language)), reading_path(report, r.language)), r)
            for r in report.renderings
        ),
        questions=tuple(
            Link(Words(own.language, question), f"/?{urlencode({'q': question, 'lang': language, **asked})}")
            for question in own.questions
        ),
    )
