"""An answer: its statements, the citations that prove them, and what is said where there is none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from corpus.records import Language
from service.schemas.base import Outgoing
from service.schemas.passages import PassageOut
from service.schemas.questions import Mode
from service.schemas.texts import (
    Cited,
    CorrectionOut,
    InOriginal,
    Official,
    ParallelText,
    ReportTitle,
    Scanned,
    SpanOut,
    TranslatedFrom,
)

Reason = Literal["not_in_report", "unknown_paragraph", "not_a_question", "other_language"]
SectionKind = Literal["subject", "parts", "speakers", "countries", "recommendations"]
AnswerCertainty = Literal["sure", "likely", "doubtful"]


class Statement(Outgoing):
    """A sentence of the answer, `answer[start:end]`; `citations` are positions in the citations."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


class Section(Outgoing):
    """A part of an overview: its title, in the answer's language, and the positions of its statements."""

    kind: SectionKind
    title: str
    statements: tuple[int, ...]


class Brief(Outgoing):
    """The words of a quote that answer a question by themselves: `text[start:end]` of that citation's paragraph."""

    text: str
    citation: int
    start: int
    end: int


class Citation(Outgoing):
    """A quote that proves a statement: `quote` is `text[start:end]` of that paragraph in that language.

    `spans` are the words in it that a who, when or which question asks for, counted in that text like the quote;
    `corrections` those of the whole paragraph.
    """

    report: str
    report_title: ReportTitle = None
    ref: str
    label: str
    language: Language
    official: Official
    translated_from: TranslatedFrom
    heading: tuple[str, ...]
    quote: str
    start: int
    end: int
    spans: tuple[SpanOut, ...]
    score: float
    lead_in: str | None
    text_sha256: str
    corrections: tuple[CorrectionOut, ...]
    recognised: Scanned = None
    url: str
    original: InOriginal = None
    cited: Cited = ""
    parallel: tuple[ParallelText, ...]


class AskResponse(Outgoing):
    """An answer, every statement of it proved, or `answered: false` with the reason."""

    id: str
    question: str
    language: Language
    answered: bool
    reason: Reason | None = None
    report_title: Annotated[
        str | None,
        Field(description="The short names of the reports that answer, or do not, where more than one is loaded."),
    ] = None
    confidence: Annotated[float, Field(ge=0, le=1, description="Probability that the top passage answers.")]
    certainty: Annotated[
        AnswerCertainty | None,
        Field(
            description="The confidence in a word: of the answers to reference questions, 94 % of the `sure` ones "
            "are right, 67 % of the `likely` ones, 42 % of the `doubtful` ones; null where there is no answer."
        ),
    ] = None
    warning: Annotated[
        str | None, Field(description="What to show above a doubtful answer, in the answer's language; else null.")
    ] = None
    mode: Mode
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[PassageOut, ...]
    note: str | None
    brief: Annotated[
        Brief | None, Field(description="The names, date or number asked for, where they are sure; else null.")
    ] = None
    sections: Annotated[tuple[Section, ...], Field(description="The parts of an overview; empty elsewhere.")] = ()
    suggestions: Annotated[
        tuple[str, ...], Field(description="Questions to ask, where a greeting or no question was asked.")
    ] = ()
    leans_on: Annotated[
        str | None, Field(description="The earlier question without which this one is not understood; else null.")
    ] = None
    index: str
    timings_ms: dict[str, float]
    feedback: Annotated[bool, Field(description="Whether `POST /v1/feedback` takes a verdict on this answer.")] = False
