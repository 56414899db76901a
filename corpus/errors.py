"""Every error that fiqra raises on purpose.

    FiqraError
    ├── CorpusError              a document cannot become a report
    │   ├── DocumentRefused      a file that is not read: too large, damaged, or not what its name says
    │   ├── StructureMismatch    two languages of a report do not have the same paragraphs
    │   ├── NumberingError       a gap, a repeat or a step back in the paragraph numbers
    │   └── CorrectionError      the corrections table does not fit the source
    ├── LookupFailed
    │   ├── UnreadableReference  the text is not a paragraph reference
    │   ├── UnknownParagraph     a readable reference to a paragraph that the report lacks
    │   └── UnknownReport        no report of that id is loaded, or of the name that a reference gives
    │       └── WhichReport      a number alone, where several reports are loaded
    ├── ModelError               the embedding model is missing, damaged or not the one asked for
    ├── IndexRefused             an index that must not be read
    │   ├── IndexMissing         there is none yet
    │   ├── IndexDamaged         a file is altered, missing, extra or cut short
    │   └── IndexMismatch        whole, but built by another version, model or corpus
    ├── IndexBusy                another build holds the lock
    ├── IndexNotWritten          the disk refused the new index; the old one still serves
    ├── UploadNotKept            an upload could not be stored, for lack of room here
    ├── Overloaded               more is asked than can be answered in time
    └── Abandoned                the service was told to stop before the work was done; none of it is

A message states what was found, what was expected and what to do. `service.http.problems` gives each class its
HTTP status, and a test holds the two lists together.
"""

from __future__ import annotations


class FiqraError(Exception):
    """The root: catching it catches what fiqra knows how to explain, and nothing else.

    `detail_ar` says in Arabic what the message says in English, where there are words for it.
    """

    detail_ar: str | None = None


class CorpusError(FiqraError):
    """A document cannot become a report; `corpus.layout.told` words why, in both languages."""

    def __init__(self, message: str, detail_ar: str | None = None) -> None:
        super().__init__(message)
        self.detail_ar = detail_ar


class DocumentRefused(CorpusError):
    """A file that is not read: too large, empty, damaged, unsafe, or not what its name says."""


class StructureMismatch(CorpusError):
    """Two languages of a report do not have the same paragraphs; `differences` lists them, one a line."""

    def __init__(self, message: str, detail_ar: str | None = None, differences: tuple[str, ...] = ()) -> None:
        super().__init__(message, detail_ar)
        self.differences = differences


class NumberingError(CorpusError):
    """A gap, a repeat or a step back in the paragraph numbers."""


class CorrectionError(CorpusError):
    """The corrections table names words that the source does not have at that place."""


class LookupFailed(FiqraError):
    """What was asked for by name is not there."""


class UnreadableReference(LookupFailed):
    """The text is not a paragraph reference; the message lists the forms that are."""


class UnknownParagraph(LookupFailed):
    """A readable reference to a paragraph that the report does not have.

    `nearest` holds the canonical refs of the closest paragraphs that exist, best first.
    """

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class UnknownReport(LookupFailed):
    """No report of that id is loaded."""


class WhichReport(UnknownReport):
    """A number alone, where several reports are loaded.

    `choices` are reports that have that paragraph: the id, the short name, and the paragraph's permanent link.
    """

    def __init__(self, message: str, choices: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.choices = choices


class ModelError(FiqraError):
    """The embedding model is missing, damaged or not the one asked for."""


class IndexRefused(FiqraError):
    """An index that must not be read."""


class IndexMissing(IndexRefused):
    """There is no index yet."""


class IndexDamaged(IndexRefused):
    """A file of the index is altered, missing, extra or cut short."""


class IndexMismatch(IndexRefused):
    """The index is whole, but another version, model or corpus built it."""


class IndexBusy(FiqraError):
    """Another build holds the lock."""


class IndexNotWritten(FiqraError):
    """The disk refused the new index; the old one still serves."""


class Overloaded(FiqraError):
    """More is asked than can be answered in time; asking again in a moment may succeed."""


class UploadNotKept(FiqraError):
    """An upload could not be stored, for lack of room here; the caller did nothing wrong."""


class Abandoned(FiqraError):
    """Work that was given up because the service was told to stop; none of it is done."""
