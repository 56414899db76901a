"""Errors, in the one shape that all of them have."""

from __future__ import annotations

from service.schemas.base import Outgoing


class FieldError(Outgoing):
    """One thing that is wrong with the input, and where."""

    loc: tuple[str | int, ...]
    msg: str


class ReportChoice(Outgoing):
    """A report that has the paragraph which was asked for by its number alone."""

    report: str
    report_title: str
    url: str


class Problem(Outgoing):
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
    choices: tuple[ReportChoice, ...] | None = None
