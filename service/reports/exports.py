"""A report in the formats that others read, for the command line and the page alike."""

from __future__ import annotations

from typing import Literal, get_args

from corpus.exchange import akn, jsonl, tmx
from corpus.records import Language, Report

Form = Literal["jsonl", "akn", "tmx"]
FORMS: tuple[Form, ...] = get_args(Form)
SUFFIX: dict[Form, str] = {"jsonl": ".jsonl", "akn": ".xml", "tmx": ".tmx"}


def export(report: Report, form: Form, language: Language | None = None) -> bytes:
    """The whole report; as Akoma Ntoso one language of it, the first where none is named."""
    if form == "jsonl":
        return "".join(f"{line}\n" for line in jsonl.write(report)).encode()
    return tmx.write(report) if form == "tmx" else akn.write(report, language or report.languages[0])
