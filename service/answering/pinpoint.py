"""Which words of a quote answer a who, when or which question: the names, dates or symbols that it asks for.

    "Who came from Chainalysis?" in the list of panellists → "Hayato Shigekawa"
    "Which countries spoke?" in the list of delegations → each country

A list is read item by item: where one item shares more of the question's words than the others, it is the one that is
asked about; otherwise all of it is. What the question says already is no answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.records import Span
from corpus.text import fold
from index.search.lexical import terms
from index.search.wording.answer_types import AnswerType, asked_types, find_things
from index.search.wording.dialects import standard

_ITEM_END = re.compile(r"[;؛:]|(?<=[.؟!?])\s")
# An organisation is found by a word of its name. The whole name is a run of capitals, or, in Arabic, which has none,
# what stands between two stops, where that begins with the word and is short enough to be a name.
_CAPITALS = re.compile(r"[A-Z][\w’'-]*(?: (?:(?:of|for|the|and|on|to) )*[A-Z][\w’'-]*)*(?: [(\[][A-Z]+[)\]])?")
# "Hayato Shigekawa, Chainalysis;": a body of one word that says of itself nothing of what it is.
_ITEM_ENDS_ON = re.compile(r"(?<=, )[A-Z][\w’'-]+(?=;)")
_STOP = re.compile(r"[,;:،؛.()\[\]]")
LONGEST_NAME = 12
LONGEST_QUOTE = 4_000  # in a longer sentence nothing is marked: each name in it is looked for in all of it
ARTICLE = len("وال")
_NO_WORD = re.compile(r"[\W_]+")
# "How many" is answered by a number beside what is counted, "three meetings", "الجلسات الثلاث", and by no other figure.
_COUNTS = re.compile(r"\bhow many (?P<en>[a-z-]+)|\b(?:كم|ما عدد) (?P<ar>[ء-ي]+)")
_NUMBERS = frozenset(
    fold(
        """
        one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty
        fifty hundred واحد واحدة اثنان اثنين اثنتان اثنتين ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثماني ثمانية
        تسع تسعة عشر عشرة عشرون عشرين ثلاثون ثلاثين أربعون خمسون مائة أحد إحدى
        """
    ).split()
)
_TOKEN = re.compile(r"\w+")
_APART = 3  # words between a number and what it counts, at most: "three regional preparatory meetings", "اثنان من …"
_BETWEEN = re.compile(r"[\s,،;؛]*(?:(?:and|the|و)\s*){0,2}")
_MARKED: tuple[AnswerType, ...] = ("date", "country", "person", "organisation", "document")


class Pinpointer:
    """Finds in quotes what one question asks for; the question is read once, however many there are."""

    def __init__(self, question: str) -> None:
        question = standard(question)
        asked = asked_types(question)
        self._kinds = tuple(kind for kind in _MARKED if kind in asked)
        self._known = _words(question)
        counted = _COUNTS.search(fold(question))
        self._counted = frozenset(terms(counted["en"] or counted["ar"])) if counted else frozenset()
        self._terms = frozenset(term for term in terms(question) if len(term) > 3)  # the shorter: "the", "of", "في"

    def find(self, quote: str) -> tuple[Span, ...]:
        """The words of a quote that are asked for, in order, offsets in the quote; none where others are asked for.

        >>> Pinpointer("When was the workshop held?").find("It met on 10 and 11 March 2021.")
        (Span(start=10, end=30),)
        """
        if len(quote) > LONGEST_QUOTE:
            return ()
        if self._counted:
            return self._count(quote)
        found = [
            span
            for kind in self._kinds
            for span in _things(kind, quote)
            if _words(quote[span.start : span.end]) not in self._known
        ]
        return _merged(self._of_item(quote, found), quote) if found else ()

    def _count(self, quote: str) -> tuple[Span, ...]:
        """The number of what is counted, with it: "three meetings"; none where there are several."""
        said = list(_TOKEN.finditer(quote))
        numbers = [i for i, word in enumerate(said) if _is_number(word[0])]
        things = [i for i, word in enumerate(said) if self._counted & set(terms(word[0]))]
        found = []
        for thing in things:
            near = [i for i in numbers if 0 < thing - i <= _APART or i - thing == 1]
            if near and not re.search(
                r"[.;؛:]", quote[said[min(thing, *near)].end() : said[max(thing, *near)].start()]
            ):
                found.append(Span(said[min(thing, *near)].start(), said[max(thing, *near)].end()))
        return tuple(found) if len(found) == 1 else ()

    def _of_item(self, quote: str, found: list[Span]) -> list[Span]:
        """Those in the one item of a list that the question's words are about, or all."""
        ends = [*(end.start() for end in _ITEM_END.finditer(quote)), len(quote)]
        items = [
            [span for span in found if start <= span.start < end] for start, end in zip([0, *ends], ends, strict=False)
        ]
        shared = [
            len(self._terms & set(terms(quote[start:end]))) if held else -1
            for held, start, end in zip(items, [0, *ends], ends, strict=False)
        ]
        most = max(shared)
        return items[shared.index(most)] if shared.count(most) == 1 else found


def brief_of(quote: str, spans: Sequence[Span]) -> Span | None:
    """The one stretch of a quote that answers by itself: a name, a date, or names in a row; None where it is not one.

    >>> brief_of("Italy, the Philippines and Brazil spoke.", [Span(0, 5), Span(11, 22), Span(27, 33)])
    Span(start=0, end=33)
    """
    if not spans:
        return None
    gaps = (quote[before.end : after.start] for before, after in pairwise(spans))
    return Span(spans[0].start, spans[-1].end) if all(map(_BETWEEN.fullmatch, gaps)) else None


def _is_number(word: str) -> bool:
    folded = fold(word)
    return word.isdecimal() or not {folded, folded.removeprefix("ال"), folded.removeprefix("و")}.isdisjoint(_NUMBERS)


def _things(kind: AnswerType, quote: str) -> list[Span]:
    found = find_things(kind, quote)
    if kind != "organisation":
        return list(found)
    countries = {country.start for country in find_things("country", quote)}
    ends = (Span(*m.span()) for m in _ITEM_ENDS_ON.finditer(quote) if m.start() not in countries)
    return [*(s for s in (_whole_name(quote, f) for f in found) if s), *ends]


def _whole_name(quote: str, word: Span) -> Span | None:
    if quote[word.start].isascii():
        runs = (Span(*run.span()) for run in _CAPITALS.finditer(quote))
        # "Michigan State University" holds its word; "the company Chainalysis" follows it.
        return next((r for r in runs if r.start <= word.start < r.end or r.start == word.end + 1), None)
    start = max((stop.end() for stop in _STOP.finditer(quote, 0, word.start)), default=0)
    after = _STOP.search(quote, word.end)
    name = quote[start : after.start() if after else len(quote)]
    start += len(name) - len(name.lstrip())
    is_name = word.start - start <= ARTICLE and len(name.split()) <= LONGEST_NAME
    return Span(start, start + len(name.strip())) if is_name else None


def _words(text: str) -> str:
    return f" {_NO_WORD.sub(' ', fold(text)).strip()} "


def _merged(spans: list[Span], quote: str) -> tuple[Span, ...]:
    """In order; what overlaps, or has white space alone between, made one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if merged and not quote[merged[-1].end : span.start].strip():
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
