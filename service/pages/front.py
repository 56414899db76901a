"""What the front page shows of each report, and of an answer where no script shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from corpus.records import Language, Rendering, Report
from corpus.refs.types import FRONT_NAME
from corpus.text import clean
from service.pages.marked import Run, foreign_runs
from service.pages.places import QUOTE
from service.pages.views import Words, reading_path
from service.pages.wording import WORDING
from service.paragraphs.citing import title_of
from service.paragraphs.lookup import NEAREST
from service.paragraphs.original import IN_ORIGINAL
from service.schemas import AskResponse, Citation, CorrectionOut, PassageOut

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


@dataclass(frozen=True, slots=True)
class Mended:
    """A correction in what is quoted, and its reason in the page's language."""

    correction: CorrectionOut
    why: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a statement's paragraph says in another language, what is claimed of that text, and where it stands."""

    language: Language
    official: bool
    unofficial: bool
    words: Words
    link: Link


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and the paragraphs it rests on, or a paragraph and its number.

    `mended` are the corrections in the words that it quotes, `beside` the same in the other languages; `originals` is
    where the words are shown in the document.
    """

    words: Words
    links: tuple[Link, ...]
    mended: tuple[Mended, ...] = ()
    beside: tuple[Beside, ...] = ()
    originals: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer: what the report says, or `refusal` and the nearest paragraphs."""

    question: str
    statements: tuple[Said, ...]
    refusal: Words | None
    nearest: tuple[Said, ...]
    unofficial: Language | None  # that of an unofficial rendering that is quoted
    note: str | None
    doubtful: bool
    as_word: str  # where its quotations are as a Word file; "" where there are none
    in_reports: tuple[Link, ...]  # the reports with its quotations marked


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


def answered(response: AskResponse, language: Language) -> Answered:
    """An answer as a page in that language shows it; each link leads to the words that it rests on."""
    citations = tuple(
        _named(c, f"{c.url}&{urlencode({'start': c.start, 'end': c.end})}#{QUOTE}") for c in response.citations
    )
    refusal = None if response.answered else Words(response.language, response.answer)
    return Answered(
        question=clean(response.question),
        statements=tuple(
            Said(
                Words(response.citations[s.citations[0]].language, s.text),
                tuple(dict.fromkeys(citations[i] for i in s.citations)),
                tuple(mended for i in s.citations for mended in _mended_in(response.citations[i], language)),
                tuple(beside for i in s.citations for beside in _beside(response.citations[i])),
                tuple(
                    Link(Words(language, IN_ORIGINAL[language]), path)
                    for i in s.citations
                    if (path := response.citations[i].original)
                ),
            )
            for s in response.statements
        ),
        refusal=refusal,
        nearest=tuple(
            Said(Words(p.language, p.quote or p.text), (_named(p, p.url),))
            for p in response.passages[:NEAREST]
            if refusal
        ),
        unofficial=next((c.language for c in response.citations if c.translated_from and not c.official), None),
        note=response.note,
        doubtful=response.certainty == "doubtful",
        as_word=_as_word(response),
        in_reports=_in_reports(response, language),
    )


def first_words(response: AskResponse) -> str:
    """What a link to the answer shows of it where it is pasted: the first quotation, or why there is none."""
    if not response.citations:
        return response.answer
    first = response.citations[0]
    words = WORDING[first.language]
    return words.quoted.format(quote=first.quote, label=first.label)


def _as_word(response: AskResponse) -> str:
    """`/answer.docx?q=…&lang=en&cite=kyoto-2021-workshop-4/21(k):0-338`."""
    if not response.citations:
        return ""
    cited = [("cite", f"{c.report}/{_stretch(c)}") for c in response.citations]
    return f"/answer.docx?{urlencode([('q', response.question), ('lang', response.citations[0].language), *cited])}"


def _in_reports(response: AskResponse, language: Language) -> tuple[Link, ...]:
    quoted: dict[tuple[str, Language], list[Citation]] = {}
    for citation in response.citations:
        quoted.setdefault((citation.report, citation.language), []).append(citation)
    links = []
    for (report, shown), cited in quoted.items():
        query = urlencode([("lang", shown), *(("quote", _stretch(c)) for c in cited)])
        words = WORDING[language].in_report_marked
        said = f"{cited[0].report_title}: {words}" if cited[0].report_title else words
        links.append(Link(Words(language, said), f"/reports/{quote(report, safe='')}?{query}#mark_1"))
    return tuple(links)


def _stretch(citation: Citation) -> str:
    return f"{citation.ref}:{citation.start}-{citation.end}"


def _beside(citation: Citation) -> Iterator[Beside]:
    for text in citation.parallel:
        words = WORDING[text.language]
        name = words.title_page if citation.ref == FRONT_NAME else words.paragraph_title.format(label=text.label)
        start, end = text.start or 0, text.end or len(text.text)
        path = f"{text.url}&{urlencode({'start': start, 'end': end})}#{QUOTE}"
        link = Link(Words(text.language, name), path)
        claimed = (text.official, not text.official and text.translated_from is not None)
        yield Beside(text.language, *claimed, Words(text.language, text.text[start:end]), link)


def _mended_in(citation: Citation, language: Language) -> tuple[Mended, ...]:
    """The corrections that the words quoted hold."""
    return tuple(
        Mended(c, foreign_runs(c.why_ar if language == "ar" else c.why, language))
        for c in citation.corrections
        if c.start < citation.end and citation.start < c.end
    )


def _named(place: Citation | PassageOut, path: str) -> Link:
    words = WORDING[place.language]
    name = words.title_page if place.ref == FRONT_NAME else words.paragraph_title.format(label=place.label)
    return Link(Words(place.language, f"{place.report_title}: {name}" if place.report_title else name), path)
