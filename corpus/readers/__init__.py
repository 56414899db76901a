"""Files in, numbered lines out: one module a format, chosen by a file's name and its first bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

from corpus.layout.told import refused
from corpus.readers.lines import MAX_TEXT, DocumentLines, TooMuchText
from corpus.readers.safety import Format, kind_of, named_kind
from corpus.records import Language

EXPORTS = ("jsonl", "akn")


def prepare_for(name: str) -> None:
    """Load what reading a file of that name takes, before there is a byte of it."""
    kind = named_kind(name)
    if kind in EXPORTS:
        import_module(f"corpus.exchange.{kind}")
    elif kind is not None:
        import_module(f"corpus.readers.{kind}")
    if kind == "docx":
        import_module("docx")


def read_lines_of(
    data: bytes, name: str, *, ocr: bool = False, language: Language | None = None
) -> tuple[Format, DocumentLines]:
    """The lines of a document in a format that has lines. Raises DocumentRefused, with the reason and the fix.

    With `ocr`, pages of a PDF that are pictures are recognised, in that language or in the one that is found out.

    >>> read_lines_of(b"1. One", "a.txt")[1].lines[0].text
    '1. One'
    """
    kind = kind_of(data, name)
    if kind in EXPORTS:
        raise refused("is_an_export", name=name)
    module = import_module(f"corpus.readers.{kind}")  # each format costs its own libraries and no others
    read: Callable[[bytes, str], DocumentLines] = module.read
    if kind == "pdf" and ocr:
        read = partial(module.read, recogniser=module.Recogniser(name, language))
    try:
        return kind, read(data, name)
    except TooMuchText:
        raise refused("too_much_text", name=name, most=MAX_TEXT, size=len(data)) from None
