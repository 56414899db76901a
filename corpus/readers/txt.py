"""A plain text file → its lines, each with its place in the file.

Footnotes: a superscript number or `[^1]` is a mark; a line that begins with one, or one below a rule of underscores
that begins with a number, is the note.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.readers.lines import Account, DocumentLines, Line, note_mark
from corpus.readers.safety import decoded
from corpus.records import Span
from corpus.text import latin_digits, seen

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = re.compile(r"\[\^([\w*]{1,8})\]|(?<=[^\s\d⁰¹²³⁴-⁹])([⁰¹²³⁴-⁹]{1,3})")
_NOTE = re.compile(r"(?:\[\^([\w*]{1,8})\]:?|([⁰¹²³⁴-⁹]{1,3}))\s*(?=\S)")
_NUMBERED_NOTE = re.compile(r"(\d{1,3})(?:/|\.)?\s+(?=\S)")
_RULE = re.compile(r"[_\u2500\u2014]{5,}")


def read(data: bytes, name: str) -> DocumentLines:
    """The lines of a text file, with the text as it was decoded. Raises DocumentRefused for what is not text."""
    text, account = decoded(data, name), Account()
    return DocumentLines(lines_of(text, account), text, account.findings, account.left_out)


def read_lines(data: bytes, name: str) -> tuple[Line, ...]:
    r"""The lines of a UTF-8 text file, empty ones included, so that blank lines still part blocks.

    Raises DocumentRefused for what is not text, naming the first byte that is wrong.

    >>> [(line.text, line.span) for line in read_lines(b"  1- one\n", "a.txt")]
    [('1- one', Span(start=2, end=8))]
    """
    return lines_of(decoded(data, name), Account())


def lines_of(text: str, account: Account) -> tuple[Line, ...]:
    """The same of text that is decoded; what no line holds goes into the account."""
    lines: list[Line] = []
    at, below_rule = 0, False
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        bare = raw.strip()
        start = at + len(raw) - len(raw.lstrip()) if bare else at
        span = Span(start, start + len(bare))
        at += len(raw)
        if _RULE.fullmatch(bare):
            below_rule = True
            bare = ""
        elif not bare:
            below_rule = below_rule and bool(lines) and not lines[-1].text
        line = _line(account.unreserved(seen(bare)).strip(), span, number, below_rule=below_rule)
        if below_rule and line.kind == "text" and line.text and lines and lines[-1].kind == "note":
            line = replace(line, kind="note")  # a note goes on
        lines.append(line)
    return tuple(lines)


def _line(text: str, span: Span, number: int, *, below_rule: bool) -> Line:
    note = _NOTE.match(text)
    if note is None and below_rule:
        note = _NUMBERED_NOTE.match(latin_digits(text))
    if note is not None:
        mark = next(filter(None, note.groups())).translate(_SUPERSCRIPTS)
        return Line(text[note.end() :], span, number, "note", mark=mark)
    return Line(_MARK.sub(lambda m: note_mark(m[1] or m[2].translate(_SUPERSCRIPTS)), text), span, number)
