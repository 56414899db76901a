"""A draft to check, and every citation and quotation of it with what the report says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictStr

from corpus.records import Language
from service.schemas.base import Incoming, Outgoing

MAX_DRAFT = 60_000
ClaimKind = Literal["citation", "quotation"]
ClaimStatus = Literal["supported", "altered", "not_found", "no_such_paragraph"]


class VerifyRequest(Incoming):
    """A draft that cites or quotes a report."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"text": "«تُشجّع الدول الأعضاء على رصد وفهم المخاطر» (الفقرة ٢١ (ك))."},
                {"text": "“Member States are encouraged to monitor and understand the risks” [21(k)]."},
            ]
        },
    )

    text: Annotated[StrictStr, Field(min_length=1, max_length=MAX_DRAFT, description="Plain text or Markdown.")]
    report: Annotated[StrictStr, Field(max_length=200)] | None = Field(
        None, description="The report it cites; may be left out where one is loaded, or where the draft names it."
    )


class TrueText(Outgoing):
    """What the report says: `text` is `[start:end]` of that paragraph's text in that language."""

    ref: str
    language: Language
    text: str
    start: int
    end: int
    url: str


class WordChange(Outgoing):
    """A step from the words given to the true ones; `insert` adds true words, `delete` takes given ones away."""

    op: Literal["equal", "insert", "delete", "replace"]
    given: str
    true: str


class Checked(Outgoing):
    """A citation or quotation, `[start:end]` of the draft, and what the report says to it.

    A citation is supported where its paragraph proves the sentence that cites it, or where no sentence does; altered
    where that sentence has the paragraph's words and says something else; not found where it says what is not there.
    `refs` are the paragraphs it cites; `found_in` those that have its words exactly; `nearest` those that exist near a
    number that does not, or that have nearly its words.
    """

    kind: ClaimKind
    status: ClaimStatus
    report: Annotated[str | None, Field(description="The report that it was checked against.")] = None
    start: int
    end: int
    text: Annotated[str, Field(description="The first 200 characters.")]
    refs: tuple[str, ...]
    language: Language | None
    true_text: TrueText | None = None
    difference: tuple[WordChange, ...] = ()
    nearest: tuple[str, ...] = ()
    found_in: tuple[str, ...] = ()
    note: str | None = None


class LeftAlone(Outgoing):
    """A citation, `[start:end]` of the draft, of a document that is not loaded; it was not checked."""

    start: int
    end: int
    text: Annotated[str, Field(description="The first 200 characters.")]
    document: str


class VerifyResponse(Outgoing):
    """Every citation and quotation of a draft, in its order; `ok` where all are supported.

    `counts` has the number of each kind and of each status. `truncated`: the draft has more than were checked.
    """

    report: str
    ok: bool
    counts: dict[str, int]
    results: tuple[Checked, ...]
    left_alone: tuple[LeftAlone, ...] = ()
    truncated: bool
    index: str | None
