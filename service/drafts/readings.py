"""The ways to read a quotation: as it stands, and with its ellipses and brackets as those of an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.refs import Mention
from service.drafts.alignment import ANYWHERE
from service.drafts.quotations import Quotation
from service.drafts.sources import INSERTED, MAX_PIECES, Piece, Reading
from service.drafts.words import Line, Word, split, trim

_LEFT_OUT = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|…|\.{3,}|(?:\.[ \u00a0]){2,}\.|\[[^\[\]]{0,200}\]")
_CHANGED_LETTER = re.compile(r"\[([^\W\d_]{1,2})\](?=[^\W\d_])")  # [M]ember
_BRACKETS = re.compile(r"\([^()]{0,80}\Z")


def readings(text: str, quotation: Quotation) -> list[Reading]:
    """As it stands; then, where it has any, without what its ellipses and brackets say of themselves.

    >>> from service.drafts.quotations import claims
    >>> draft = "“the [new] trends”"
    >>> [quotation] = claims(draft).quotations
    >>> ["|".join(word.text for word in reading.words) for reading in readings(draft, quotation)]
    ['the|[|new|]|trends', 'the|trends']
    """
    base = quotation.start
    raw = text[base : quotation.end]
    as_it_stands = Reading((Piece(Line(trim(split(text, base, quotation.end))), 0),))
    edited = _CHANGED_LETTER.sub(lambda m: f"\u200b{m[1]}\u200b", _without_citations(raw, base, quotation.inside))
    marks = list(islice(_LEFT_OUT.finditer(edited), MAX_PIECES))
    found = [as_it_stands]
    if edited != raw or marks:
        found.append(_as_edited(edited, base, marks))
    return [reading for reading in found if reading.words]


def _as_edited(edited: str, base: int, marks: Sequence[re.Match[str]]) -> Reading:
    """Pieces of the text between what an editor left out or put in; none where there are too many."""
    pieces: list[Piece] = []
    own_words: list[str] = []
    gap = start = 0
    for mark in (*marks, None) if len(marks) < MAX_PIECES else ():
        words = trim(split(edited, start, mark.start() if mark else len(edited), base))
        if words:
            pieces.append(Piece(Line(words), gap if pieces else 0))
            gap = 0
        if mark:
            start = mark.end()
            inserted = any(map(str.isalnum, mark[0]))
            own_words += [mark[0]] if inserted else []
            gap = max(gap, INSERTED if inserted else ANYWHERE)
    return Reading(tuple(pieces), tuple(own_words))


def after_a_conjunction(ways: Sequence[Reading]) -> Iterator[Reading]:
    """The readings with what Arabic writes together with a word, and a quotation that begins there leaves out.

    «التهديد المتمثل» is quoted from والتهديد المتمثل.
    """
    for reading in ways:
        first, *rest = reading.pieces
        for words in conjoined(first.line.words):
            yield Reading((Piece(Line(words), 0), *rest), reading.own_words)


def conjoined(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """The words with a conjunction written together with the first, where that is Arabic."""
    if words and "\u0620" <= words[0].text[0] <= "\u064a":
        for conjunction in "وف":
            yield words[0]._replace(text=conjunction + words[0].text), *words[1:]


def _without_citations(raw: str, base: int, inside: Sequence[Mention]) -> str:
    """With spaces in place of the citations within, and of the round brackets around each."""
    for mention in inside[-MAX_PIECES:]:
        start, end = mention.start - base, min(mention.end - base, len(raw))
        if start >= end:
            continue  # it stands in the line that attributes a block quote
        if opened := _BRACKETS.search(raw, max(0, start - 81), start):
            closed = raw.find(")", end, end + 80)
            start, end = opened.start(), closed + 1 if closed >= 0 else end
        raw = raw[:start] + " " * (end - start) + raw[end:]
    return raw
