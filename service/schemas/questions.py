"""What comes in to be answered: a question, what to look in, and what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from corpus.records import Language
from corpus.text import clean
from service.schemas.base import Incoming

if TYPE_CHECKING:
    from index.search.scope import Scope

MAX_QUESTION = 2_000
MAX_HISTORY = 20
MAX_TURN = 8_000  # characters of an earlier message
MAX_TOP_K = 20
Mode = Literal["extractive", "llm"]


def not_empty(text: str) -> str:
    """Refuse a text of white space and invisible characters alone."""
    if not clean(text):
        raise ValueError("is empty; write a question of 1 to 2,000 characters")
    return text


Question = Annotated[StrictStr, Field(max_length=MAX_QUESTION), AfterValidator(not_empty)]
ReportName = Annotated[StrictStr, Field(max_length=200)]


class Turn(Incoming):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[StrictStr, Field(max_length=MAX_TURN)]


class Filters(Incoming):
    """What to look in: reports that have a language, of some years; paragraphs below headings with some words."""

    language: Language | None = None
    year_from: Annotated[StrictInt, Field(ge=1900, le=2100)] | None = None
    year_to: Annotated[StrictInt, Field(ge=1900, le=2100)] | None = None
    heading: Annotated[StrictStr, Field(min_length=1, max_length=200)] | None = None


class AskRequest(Incoming):
    """A question about a report."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"question": "ما الذي تُشجّع الدول الأعضاء على رصده؟"},
                {"question": "What are Member States encouraged to monitor?", "language": "en", "top_k": 5},
            ]
        },
    )

    question: Question
    language: Language | None = Field(None, description="The answer's language; detected where null.")
    report: ReportName | Annotated[tuple[ReportName, ...], Field(max_length=100)] | None = Field(
        None, description="One report, or several in a list; all where null."
    )
    filters: Filters | None = Field(None, description="Which reports and paragraphs to look in.")
    top_k: Annotated[StrictInt, Field(ge=1, le=MAX_TOP_K, description="How many passages to return.")] = 5
    mode: Mode | None = Field(None, description="`extractive`, or `llm` where a language model is configured.")
    stream: StrictBool = Field(False, description="Answer with server-sent events.")
    history: Annotated[tuple[Turn, ...], Field(max_length=MAX_HISTORY)] = ()

    def scope(self) -> Scope:
        """Where to look for the answer."""
        from index.search.scope import Scope  # noqa: PLC0415 - NumPy comes with it, which a client needs not

        ids = (self.report,) if isinstance(self.report, str) else self.report
        f = self.filters or Filters()
        years = (f.year_from or 0, f.year_to or 9999) if f.year_from or f.year_to else None
        return Scope(frozenset(ids) if ids else None, f.language, years, f.heading)
