"""A question in an address, and its answer as the front page shows it where no script does.

/?q=When was the workshop held? → "10 and 11 March 2021" first, then the sentence that has it
/?q=List the recommendations    → the sentences of one paragraph below its number, the parts of an overview below titles
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Query

from corpus.records import Language
from corpus.refs.types import FRONT_NAME
from corpus.text import clean
from service.pages.front import Link
from service.pages.marked import Run, foreign_runs
from service.pages.places import MOST_WORDS, QUOTE
from service.pages.views import Words
from service.pages.wording import DIRECTION, WORDING
from service.paragraphs.lookup import NEAREST
from service.paragraphs.original import IN_ORIGINAL
from service.schemas.answers import AskResponse, Citation, Statement
from service.schemas.passages import PassageOut
from service.schemas.questions import MAX_QUESTION, AskRequest, Turn
from service.schemas.texts import CorrectionOut

AskedHere = Annotated[str, Query(max_length=MAX_QUESTION)]
MOST_OPEN = 6
"""Of the parts of an overview, one with more statements is folded."""


@dataclass(frozen=True, slots=True)
class AskedInAddress:
    """What the front page is asked: a question, for those whose browser runs no script and for links to an answer.

    `after` is the question that it leans on, if it leans on one; `report` whom to ask, all of them where it is left
    out; `about` the number of a paragraph, or `words` what is selected in the report, that the reader means to ask
    about.
    """

    q: str
    after: str
    report: str
    about: str
    words: str

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The same as parameters of an address."""
        pairs = (
            *(("q", self.q), ("after", self.after), ("report", self.report)),
            *(("about", self.about), ("words", self.words)),
        )
        return [(name, value) for name, value in pairs if clean(value)]

    def request(self) -> AskRequest:
        """The question as the service is asked it."""
        history = (Turn(role="user", content=self.after),) if clean(self.after) else ()
        return AskRequest(question=self.q, report=self.report or None, history=history)

    def begun(self, language: Language) -> str:
        """What stands in the box before anything is asked: `In paragraph 21 (k), `."""
        said = WORDING[language]
        if selected := clean(self.words):
            return said.ask_words.format(words=selected)
        return said.ask_about_start.format(label=clean(self.about)) if clean(self.about) else ""


async def asked_in_address(
    q: AskedHere = "",
    after: AskedHere = "",
    report: Annotated[str, Query(max_length=200)] = "",
    about: Annotated[str, Query(max_length=60)] = "",
    words: Annotated[str, Query(max_length=MOST_WORDS)] = "",
) -> AskedInAddress:
    """It, out of the address's parameters; a coroutine, since anything else would go through a thread."""
    return AskedInAddress(q, after, report, about, words)


Asked = Annotated[AskedInAddress, Depends(asked_in_address)]


@dataclass(frozen=True, slots=True)
class Mended:
    """A correction in what is quoted, and its reason in the page's language."""

    correction: CorrectionOut
    why: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Stress:
    """A piece of a sentence; the words that are asked for are strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What the paragraph says in another language for these sentences, what is claimed of that text, and its place."""

    language: Language
    official: bool
    unofficial: bool
    sentences: tuple[str, ...]
    link: Link

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return DIRECTION[self.language]


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences that follow each other out of the same paragraphs, and links to these.

    `mended` are the corrections in the words that they quote, `beside` the same in the other languages; `originals` is
    where the words are shown in the document.
    """

    language: Language
    sentences: tuple[tuple[Stress, ...], ...]
    links: tuple[Link, ...]
    mended: tuple[Mended, ...] = ()
    beside: tuple[Beside, ...] = ()
    originals: tuple[Link, ...] = ()

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return DIRECTION[self.language]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an overview with its title, or, without one, all of an answer; `count` are its sentences."""

    title: str
    said: tuple[Said, ...]
    count: int
    folded: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer: what the report says, or `refusal` and the nearest paragraphs.

    `brief` are the words that answer by themselves.
    """

    question: str
    brief: Words | None
    parts: tuple[Part, ...]
    refusal: Words | None
    nearest: tuple[Said, ...]
    unofficial: Language | None  # that of an unofficial rendering that is quoted
    note: str | None
    doubtful: bool
    as_word: str  # where its quotations are as a Word file; "" where there are none
    in_reports: tuple[Link, ...]  # the reports with its quotations marked


def answered(response: AskResponse, language: Language) -> Answered:
    """An answer as a page in that language shows it; each link leads to the words that it rests on."""
    refusal = None if response.answered else Words(response.language, response.answer)
    brief = response.brief
    return Answered(
        question=clean(response.question),
        brief=Words(response.citations[brief.citation].language, brief.text) if brief else None,
        parts=tuple(_parts(response, language)),
        refusal=refusal,
        nearest=tuple(
            Said(p.language, ((Stress(p.quote or p.text),),), (_named(p, p.url),))
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


def _parts(response: AskResponse, language: Language) -> Iterator[Part]:
    """The parts of an overview, and what is in none of them; of anything else, one part without a title."""
    left = dict(enumerate(response.statements))
    for section in response.sections:
        own = [response.statements[at] for at in section.statements]
        folded = len(response.sections) > 1 and len(own) > MOST_OPEN
        yield Part(section.title, _said(response, own, language), len(own), folded)
        for at in section.statements:
            left.pop(at, None)
    if left:
        yield Part("", _said(response, left.values(), language), len(left), folded=False)


def _said(response: AskResponse, statements: Iterable[Statement], language: Language) -> tuple[Said, ...]:
    """The statements, those that follow each other out of the same paragraphs together."""

    def places(statement: Statement) -> list[tuple[str, str]]:
        return list(dict.fromkeys(_place(response.citations[i]) for i in statement.citations))

    said = []
    for _, same in groupby(statements, key=places):
        together = list(same)
        cited = [response.citations[i] for i in dict.fromkeys(i for s in together for i in s.citations)]
        by_place = [[c for c in cited if _place(c) == place] for place in places(together[0])]
        said.append(
            Said(
                language=cited[0].language,
                sentences=tuple(_stressed(s.text, response.citations[s.citations[0]]) for s in together),
                links=tuple(map(_link, by_place)),
                mended=tuple(mended for c in cited for mended in _mended_in(c, language)),
                beside=tuple(beside for there in by_place for beside in _beside(there)),
                originals=tuple(Link(Words(language, IN_ORIGINAL[language]), c.original) for c in cited if c.original),
            )
        )
    return tuple(said)


def _place(citation: Citation) -> tuple[str, str]:
    return citation.report, citation.ref


def _stressed(text: str, citation: Citation) -> tuple[Stress, ...]:
    """A sentence with the words that are asked for strong, where it is the quotation itself."""
    if text != citation.quote:
        return (Stress(text),)
    pieces, at = [], 0
    for span in citation.spans:
        start, end = span.start - citation.start, span.end - citation.start
        pieces += [Stress(text[at:start]), Stress(text[start:end], strong=True)]
        at = end
    return tuple(piece for piece in (*pieces, Stress(text[at:])) if piece.text)


def _link(cited: Sequence[Citation]) -> Link:
    """Where one quotation stands, or several of one paragraph: on its own page, or marked in the report."""
    first = cited[0]
    if len(cited) == 1:
        return _named(first, f"{first.url}&{urlencode({'start': first.start, 'end': first.end})}#{QUOTE}")
    return _named(first, _marked_path(cited))


def _marked_path(cited: Sequence[Citation]) -> str:
    """The report of the first with all of them marked."""
    query = urlencode([("lang", cited[0].language), *(("quote", _stretch(c)) for c in cited)])
    return f"/reports/{quote(cited[0].report, safe='')}?{query}#mark_1"


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
    for cited in quoted.values():
        words = WORDING[language].in_report_marked
        said = f"{cited[0].report_title}: {words}" if cited[0].report_title else words
        links.append(Link(Words(language, said), _marked_path(cited)))
    return tuple(links)


def _stretch(citation: Citation) -> str:
    return f"{citation.ref}:{citation.start}-{citation.end}"


def _beside(cited: Sequence[Citation]) -> Iterator[Beside]:
    """What these quotations of one paragraph are in each other language; the link leads to the first of them."""
    for text in cited[0].parallel:
        words = WORDING[text.language]
        name = words.title_page if cited[0].ref == FRONT_NAME else words.paragraph_title.format(label=text.label)
        there = [p for c in cited for p in c.parallel if p.language == text.language]
        start, end = text.start or 0, text.end or len(text.text)
        path = f"{text.url}&{urlencode({'start': start, 'end': end})}#{QUOTE}"
        yield Beside(
            text.language,
            official=text.official,
            unofficial=not text.official and text.translated_from is not None,
            sentences=tuple(dict.fromkeys(p.text[p.start or 0 : p.end or len(p.text)] for p in there)),
            link=Link(Words(text.language, name), path),
        )


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
