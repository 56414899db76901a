"""What is said of a text wherever one is shown: whether it is official, what was mended, where it is printed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from corpus.records import Certainty, Language
from service.schemas.base import Outgoing

Official = Annotated[bool, Field(description="Whether it was declared an official text of the document.")]
TranslatedFrom = Annotated[
    Language | None,
    Field(
        description="The language this text was made from, where that is known; what is not official and has one is an "
        "unofficial rendering."
    ),
]
ReportTitle = Annotated[
    str | None,
    Field(description="The report's short name, where more than one is loaded; null where one is."),
]
Cited = Annotated[str, Field(description="How a paper cites it: title, meeting, date, symbol and paragraph.")]
InOriginal = Annotated[
    str | None,
    Field(
        description="A page that shows the words in boxes where they are printed, or offers the document; null where "
        "nothing of it may be looked at."
    ),
]


class SpanOut(Outgoing):
    """A stretch of a text, in code points."""

    start: int
    end: int


class RecognisedOut(Outgoing):
    """Says that a text was recognised in a picture by a program, which may have misread it.

    `confidence` is the program's own, 0 to 1; `doubtful` are the words that it was not sure of.
    """

    confidence: Annotated[float, Field(ge=0, le=1)]
    doubtful: tuple[SpanOut, ...]


Scanned = Annotated[
    RecognisedOut | None,
    Field(description="Where the text was recognised in a picture of its page; null where the file holds text."),
]


class CorrectionOut(Outgoing):
    """A misreading of the converter that the stored text mends: `text[start:end]` of `ref` reads `read`.

    `certain`: what was printed is no word or cannot stand, and one reading is near. `probable`: what was printed could
    stand, or the reading is one of several. `why` is the reason in English, `why_ar` in Arabic.
    """

    ref: str
    printed: str
    read: str
    certainty: Certainty
    why: str
    why_ar: str
    start: int
    end: int


class ParallelText(Outgoing):
    """The same paragraph in another language.

    Beside a quote, `text[start:end]` are the sentences that say what it says; else these two are null.
    """

    language: Language
    official: Official
    translated_from: TranslatedFrom
    label: str
    lead_in: str | None
    text: str
    start: int | None = None
    end: int | None = None
    corrections: tuple[CorrectionOut, ...]
    recognised: Scanned = None
    url: str
    cited: Cited = ""
