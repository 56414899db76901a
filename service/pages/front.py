"""What the front page shows of each report."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.records import Language, Report
from service.citing import title_of
from service.lookup import permalink
from service.pages.views import Words, other_renderings, reading_path

FORMS = ("21 (k)", "٢١ (ك)", "para. 21 (k)", "الفقرة 21 (ك)", "9-11")
"""A few of the ways to write a paragraph's number."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the words on it."""

    words: Words
    path: str


@dataclass(frozen=True, slots=True)
class Card:
    """A report: its title and subject, the ways to read it, and a few of its paragraphs."""

    report_id: str
    congress: str
    subject: str
    title: str
    languages: tuple[tuple[Link, bool], ...]  # a way to read it, and whether that text is official
    other_titles: tuple[Words, ...]
    examples: tuple[Link, ...]


def card(report: Report, language: Language) -> Card:
    """The report on a front page in that language."""
    own = report.rendering(language)
    return Card(
        report_id=report.id,
        congress=own.title("congress"),
        subject=own.title("subject"),
        title=title_of(report, own.language),
        languages=tuple(
            (Link(Words(r.language, title_of(report, r.language)), reading_path(report, r.language)), r.official)
            for r in report.renderings
        ),
        other_titles=tuple(
            Words(other.language, title_of(report, other.language)) for other in other_renderings(report, own.language)
        ),
        examples=_examples(report),
    )


def _examples(report: Report) -> tuple[Link, ...]:
    """The report's middle paragraph and its last one, each in each language."""
    refs = (report.refs[len(report.refs) // 2], report.refs[-1])
    return tuple(
        Link(
            Words(rendering.language, ref.local_label(rendering.language)),
            permalink(report, rendering.by_ref[ref], rendering.language),
        )
        for ref in dict.fromkeys(refs)
        for rendering in report.renderings
    )
