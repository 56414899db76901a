"""The HTTP contract, as types: what comes in, what goes out, and the examples that the OpenAPI document shows.

Every `start` and `end` counts Unicode code points (not UTF-16 units, as JavaScript does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from corpus.records import Certainty, Language
from corpus.text import clean

if TYPE_CHECKING:
    from index.search.scope import Scope

MAX_QUESTION = 2_000
MAX_HISTORY = 20
MAX_TURN = 8_000  # characters of an earlier message
MAX_TOP_K = 20
MAX_DRAFT = 60_000
MAX_PARAGRAPHS = 100  # of a reference, a call
MAX_COUNT = 1_000_000  # of anything that may be asked for or left out

Mode = Literal["extractive", "llm"]
Reason = Literal["not_in_report", "unknown_paragraph", "not_a_question", "other_language"]
CompletionKind = Literal["question", "heading", "name", "paragraph"]
SectionKind = Literal["subject", "parts", "speakers", "countries", "recommendations"]
AnswerCertainty = Literal["sure", "likely", "doubtful"]
ClaimKind = Literal["citation", "quotation"]
Verdict = Literal["right", "wrong", "other"]
"""What a reader says of an answer: right, wrong, or not what was asked."""
ClaimStatus = Literal["supported", "altered", "not_found", "no_such_paragraph"]


def not_empty(text: str) -> str:
    """Refuse a text of white space and invisible characters alone."""
    if not clean(text):
        raise ValueError("is empty; write a question of 1 to 2,000 characters")
    return text


Question = Annotated[StrictStr, Field(max_length=MAX_QUESTION), AfterValidator(not_empty)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Turn(_In):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[StrictStr, Field(max_length=MAX_TURN)]


ReportName = Annotated[StrictStr, Field(max_length=200)]


class Filters(_In):
    """What to look in: reports that have a language, of some years; paragraphs below headings with some words."""

    language: Language | None = None
    year_from: Annotated[StrictInt, Field(ge=1900, le=2100)] | None = None
    year_to: Annotated[StrictInt, Field(ge=1900, le=2100)] | None = None
    heading: Annotated[StrictStr, Field(min_length=1, max_length=200)] | None = None


class AskRequest(_In):
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


class CorrectionOut(_Out):
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


Cited = Annotated[str, Field(description="How a paper cites it: title, meeting, date, symbol and paragraph.")]


class SpanOut(_Out):
    """A stretch of a text, in code points."""

    start: int
    end: int


class RecognisedOut(_Out):
    """Says that a text was recognised in a picture by a program, which may have misread it.

    `confidence` is the program's own, 0 to 1; `doubtful` are the words that it was not sure of.
    """

    confidence: Annotated[float, Field(ge=0, le=1)]
    doubtful: tuple[SpanOut, ...]


InOriginal = Annotated[
    str | None,
    Field(
        description="A page that shows the words in boxes where they are printed, or offers the document; null where "
        "nothing of it may be looked at."
    ),
]
Scanned = Annotated[
    RecognisedOut | None,
    Field(description="Where the text was recognised in a picture of its page; null where the file holds text."),
]


class ParallelText(_Out):
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


class Statement(_Out):
    """A sentence of the answer, `answer[start:end]`; `citations` are positions in the citations."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


class Section(_Out):
    """A part of an overview: its title, in the answer's language, and the positions of its statements."""

    kind: SectionKind
    title: str
    statements: tuple[int, ...]


class Brief(_Out):
    """The words of a quote that answer a question by themselves: `text[start:end]` of that citation's paragraph."""

    text: str
    citation: int
    start: int
    end: int


class Citation(_Out):
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


class PassageOut(_Out):
    """A paragraph that retrieval returned. `score`, 0 to 1, orders the passages of one response.

    Where a question is declined, `quote` is the sentence nearest to it, `text[start:end]`; else these three are null.
    """

    report: str
    report_title: ReportTitle = None
    ref: str
    language: Language
    label: str
    text: str
    recognised: Scanned = None
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    score: float
    url: str


class ReloadResponse(_Out):
    """Which index serves, and whether it was changed by the call."""

    index: str
    changed: bool


class JobError(_Out):
    """Why a job failed, with the status that its error has elsewhere; `detail_ar` says it in Arabic, if anything."""

    status: int
    detail: str
    detail_ar: str | None = None


class JobOut(_Out):
    """A piece of long work: how far it is, 0 to 1, and what came of it.

    An ingest's `result` has what was read (`readings`), how the languages differ, and the index that holds it;
    `left_out_ar`, `differences_ar` and a finding's `detail_ar` say in Arabic what the key without `_ar` says.
    """

    id: str | None
    kind: str
    report: str
    status: Literal["queued", "running", "done", "failed"]
    progress: Annotated[float, Field(ge=0, le=1)]
    result: dict[str, Any] | None = None
    error: JobError | None = None


class WatchedReport(_Out):
    """A report of a watched folder that waits, is set aside for a person, or has gone and is still in the library.

    `account` is what was read, as an ingest's `result` has it; `command` takes in all the same what is set aside, and
    takes out what has gone. `why_ar` says in Arabic what `why` says, where there are words for it.
    """

    report: str
    standing: Literal["waiting", "aside", "gone"]
    since: str
    documents: tuple[str, ...]
    why: str | None = None
    why_ar: str | None = None
    account: dict[str, Any] | None = None
    command: str | None = None


class WatchedFolder(_Out):
    """A folder that `fiqra watch` takes reports in from: how many are taken in, and which are not."""

    folder: str
    taken: int
    reports: tuple[WatchedReport, ...]


class WatchedOut(_Out):
    """Every folder that is or was watched."""

    folders: tuple[WatchedFolder, ...]


class AskResponse(_Out):
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


class FeedbackRequest(_In):
    """A verdict on an answer: `right`, `wrong`, or `other` for one that is not what was asked."""

    id: Annotated[StrictStr, Field(max_length=64, description="The answer's `id`.")]
    verdict: Verdict


class SearchResponse(_Out):
    """Ranked passages, one a paragraph, without an answer."""

    query: str
    language: Language
    passages: tuple[PassageOut, ...]
    index: str
    timings_ms: dict[str, float]


class ParagraphOut(_Out):
    """A paragraph, complete. `previous` and `next` follow reading order, sub-paragraphs included."""

    report: str
    ref: str
    label: str
    language: Language
    official: Official
    translated_from: TranslatedFrom
    heading: tuple[str, ...]
    lead_in: str | None
    text: str
    text_sha256: str
    corrections: tuple[CorrectionOut, ...]
    recognised: Scanned = None
    eid: str
    children: tuple[str, ...]
    parent: str | None
    previous: str | None
    next: str | None
    url: str
    original: InOriginal = None
    cited: Cited = ""
    parallel: tuple[ParallelText, ...]
    source: SpanOut


class ParagraphsResponse(_Out):
    """The paragraphs that a reference, range or list names, in its order: up to 100 a call."""

    paragraphs: tuple[ParagraphOut, ...]
    next: str | None = Field(None, description="The path that has the following ones; null where these are the last.")


class OriginalOut(_Out):
    """What may be looked at of the document: how many pages are shown, and where it can be fetched, if it may be."""

    pages: int
    document: str | None = None


class Completion(_Out):
    """What somebody may mean who began to write it; `about` is how a paragraph begins."""

    text: str
    kind: CompletionKind
    about: str | None = None


class CompletionsOut(_Out):
    """Questions, headings, names and numbers of a report, the first few hundred of them."""

    report: str
    language: Language
    completions: tuple[Completion, ...]


class RenderingOut(_Out):
    """A report in one language. `title_page` gives each block of it by its role, `questions` a few that it answers."""

    language: Language
    official: Official
    translated_from: TranslatedFrom
    title: str
    title_page: dict[str, str]
    headings: tuple[str, ...]
    source_sha256: str
    original: OriginalOut | None = None
    questions: tuple[str, ...]
    corrections: tuple[CorrectionOut, ...]


class ReportOut(_Out):
    """What is loaded of a report."""

    id: str
    title: str
    short_titles: Annotated[
        dict[Language, str], Field(description="What it is called where several are loaded, in each of its languages.")
    ]
    symbol: str | None = None
    year: int | None = None
    languages: tuple[Language, ...]
    headings: tuple[str, ...]
    counts: dict[str, int]
    renderings: tuple[RenderingOut, ...]
    url: str


class ReportsResponse(_Out):
    """Every report that is loaded; `set_aside` are the ids of those on the disk that cannot be, as the log says why."""

    reports: tuple[ReportOut, ...]
    set_aside: tuple[str, ...] = ()


class VerifyRequest(_In):
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


class TrueText(_Out):
    """What the report says: `text` is `[start:end]` of that paragraph's text in that language."""

    ref: str
    language: Language
    text: str
    start: int
    end: int
    url: str


class WordChange(_Out):
    """A step from the words given to the true ones; `insert` adds true words, `delete` takes given ones away."""

    op: Literal["equal", "insert", "delete", "replace"]
    given: str
    true: str


class Checked(_Out):
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


class LeftAlone(_Out):
    """A citation, `[start:end]` of the draft, of a document that is not loaded; it was not checked."""

    start: int
    end: int
    text: Annotated[str, Field(description="The first 200 characters.")]
    document: str


class VerifyResponse(_Out):
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


class FieldError(_Out):
    """One thing that is wrong with the input, and where."""

    loc: tuple[str | int, ...]
    msg: str


class Choice(_Out):
    """A report that has the paragraph which was asked for by its number alone."""

    report: str
    report_title: str
    url: str


class Problem(_Out):
    """An error, after RFC 9457. `nearest` names paragraphs that exist where an unknown one was asked for.

    `choices` are the reports that have a paragraph which was asked for without its report, where several are loaded.
    `detail_ar` says in Arabic why a document is not taken in, where there are words for it.
    """

    type: str
    title: str
    status: int
    detail: str
    detail_ar: str | None = None
    errors: tuple[FieldError, ...] | None = None
    nearest: tuple[str, ...] | None = None
    choices: tuple[Choice, ...] | None = None
