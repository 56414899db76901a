"""A draft → whether it cites and quotes the report correctly. It needs no model and no index.

    verify_draft(report, '“Member States are encouraged to pray” [21(k)]')
    → citation 21(k): supported; quotation: altered, pray → monitor

A citation is supported where its paragraph exists, a quotation where its words stand in the paragraph that it cites, in
either language, as `service.words` compares them; without a citation, anywhere in the report. An ellipsis joins pieces
of one paragraph, in order; words in [square brackets] are the draft's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from corpus.errors import UnknownParagraph
from corpus.records import Language, Report
from corpus.refs import Mention, Ref
from corpus.text import count_letters
from service.alignment import SIMILAR, Alignment
from service.lookup import permalink, resolve
from service.quotations import Claims, Quotation, claims
from service.schemas import Checked, ClaimKind, ClaimStatus, TrueText, VerifyResponse, WordChange
from service.sources import ANYWHERE, INSERTED, MIN_COMMON, Library, Piece, Place, Reading, library
from service.words import Line, Word, split, trim

MAX_RESULTS = 500
MAX_PIECES = 20
_MAX_TARGETS = 100  # of one citation
_SHOWN = 200  # characters of the draft that a result repeats
_FOUND_IN = 10

_LEFT_OUT = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|…|\.{3,}|(?:\.[ \u00a0]){2,}\.|\[[^\[\]]{0,200}\]")
_CHANGED_LETTER = re.compile(r"\[([^\W\d_]{1,2})\](?=[^\W\d_])")  # [M]ember
_BRACKETS = re.compile(r"\([^()]{0,80}\Z")


def verify_draft(report: Report, draft: str, index: str | None = None, limit: int = MAX_RESULTS) -> VerifyResponse:
    """Check the first `limit` citations and quotations of a draft, in its order."""
    found = claims(draft)
    checker = _Checker(report, library(report), found)
    items = sorted((*found.citations, *found.quotations), key=lambda item: (item.start, -item.end))
    results = tuple(result for item in items[:limit] if (result := checker.check(item)))
    counts = Counter([r.kind for r in results] + [r.status for r in results])
    return VerifyResponse(
        report=report.id,
        ok=all(result.status == "supported" for result in results),
        counts={name: counts[name] for name in (*get_args(ClaimKind), *get_args(ClaimStatus))},
        results=results,
        truncated=len(items) > limit or checker.truncated,
        index=index,
    )


def readings(text: str, quotation: Quotation) -> list[Reading]:
    """The ways to read a quotation: as it stands; then with its ellipses and brackets as those of an editor.

    >>> ["|".join(w.text for p in r for w in p.line.words) for r in readings("“the [new] trends”", …)]
    ['the|[|new|]|trends', 'the|trends']
    """
    base = quotation.start
    raw = text[base : quotation.end]
    found = [[Piece(Line(trim(_split(raw, base))), 0)]]
    edited = _CHANGED_LETTER.sub(lambda m: f"\u200b{m[1]}\u200b", _without_citations(raw, base, quotation.inside))
    pieces: list[Piece] = []
    gap = start = 0
    for mark in (*_LEFT_OUT.finditer(edited), None):
        words = trim(_split(edited, base, start, mark.start() if mark else len(edited)))
        if words:
            pieces.append(Piece(Line(words), gap if pieces else 0))
            gap = 0
        if mark:
            start = mark.end()
            gap = max(gap, INSERTED if any(map(str.isalnum, mark[0])) else ANYWHERE)
    if edited != raw or len(pieces) > 1:
        found.append(pieces)
    return [tuple(reading) for reading in found if reading and reading[0].line.words and len(reading) <= MAX_PIECES]


def _split(text: str, base: int, start: int = 0, end: int | None = None) -> list[Word]:
    return [Word(word.text, word.start + base, word.end + base) for word in split(text, start, end)]


def _without_citations(raw: str, base: int, inside: Iterable[Mention]) -> str:
    """With spaces in place of the citations within, and of the round brackets around each."""
    for mention in inside:
        start, end = mention.start - base, min(mention.end - base, len(raw))
        if opened := _BRACKETS.search(raw, max(0, start - 81), start):
            closed = raw.find(")", end, end + 80)
            start, end = opened.start(), closed + 1 if closed >= 0 else end
        raw = raw[:start] + " " * (end - start) + raw[end:]
    return raw
