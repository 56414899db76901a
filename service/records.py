"""The records that the parts of the service share on the way from a question to its answer: frozen and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.records import Language
from corpus.refs import Ref
from index.search.fusion import Passage
from service.schemas.answers import Reason, SectionKind


@dataclass(frozen=True, slots=True)
class Question:
    """A question, cleaned: the language that it is `asked_in`, as which it is searched and judged, and the answer's.

    The same question finds the same paragraphs, whatever language they are quoted in.
    """

    text: str
    language: Language
    asked_in: Language
    supported: bool
    letters: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of a paragraph: `text[start:end]` of that ref, in that language."""

    report: str
    ref: Ref
    language: Language
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A statement in a model's words, and the quotes that prove it, one a paragraph.

    `is_quotation`: the words are the report's, in place of a statement that it does not prove.
    """

    text: str
    quotes: tuple[Quote, ...]
    is_quotation: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A section of an overview: what it is of, and the quotes that it consists of."""

    kind: SectionKind
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the report says to a question: quotes, best evidence first, or the reason why there are none.

    `written` are the statements of a language model that the report proves; they take the quotes' place. `message` is
    fiqra's own sentence where there is no answer; `about` the reports that it speaks of, all that were asked where it
    is empty. `as_found`: the quotes are the answer, whether a language model is there or not. `asked` is the question
    that they answer, where it is an earlier one; `marked` the slices of the quotes that answer it; `suggestions`
    questions to ask instead.
    """

    language: Language
    confidence: float
    quotes: tuple[Quote, ...] = ()
    passages: tuple[Passage, ...] = ()
    reason: Reason | None = None
    message: str = ""
    about: tuple[str, ...] = ()
    note: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    written: tuple[Written, ...] = ()
    sections: tuple[Composed, ...] = ()
    as_found: bool = False
    asked: str | None = None
    marked: tuple[Quote, ...] = ()
    suggestions: tuple[str, ...] = ()
