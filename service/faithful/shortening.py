"""A sentence and a paragraph → whether the sentence shortens one of the paragraph's faithfully.

    shorten("Criminals continued to use virtual assets.", text, "en") → faithful, or turned, or absent

Faithful: each word of it is a word of one sentence of the paragraph, in the same order, and whatever lies between them,
before or after may go by a named move (`cuts`), in the sentence as it stands or in one of its known other `forms`.
Turned: most of its words are there, and it says something else with them. Absent: it speaks of other things.
There is no score: the report's own sentence is always faithful, and one word that it does not have never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from corpus.chunks import sentences
from corpus.records import Language, Span
from service.faithful.cuts import Sentence
from service.faithful.forms import LONGEST, forms
from service.faithful.tokens import Token, words

Kind = Literal["faithful", "turned", "absent"]
SHARED = 0.6  # of a sentence's words: with as many of the report's, it turns that sentence; else it speaks of others
MOST_CHARACTERS = 2_000
_ASKS = re.compile(r"[?؟!]")
_REPORTS = frozenset("noted observed indicated stressed highlighted considered".split())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the paragraph says to a sentence: `span` is the sentence of the paragraph that is nearest, or proves it.

    `shared` is how many of the words that sentence has, 0 to 1; `moves` are those that made it shorter.
    """

    kind: Kind
    span: Span | None
    shared: float = 0.0
    moves: tuple[str, ...] = ()

    @property
    def is_faithful(self) -> bool:
        """Whether the paragraph proves it."""
        return self.kind == "faithful"


@dataclass(frozen=True, slots=True)
class _Source:
    span: Span
    keys: frozenset[str]
    forms: tuple[Sentence, ...]


def shorten(claim: str, text: str, language: Language) -> Verdict:
    """What a paragraph's text says to a sentence.

    >>> text = "Some speakers welcomed the plan, which had been long awaited. Two panellists opposed it."
    >>> [shorten(said, text, "en").kind for said in ("Some speakers welcomed the plan.", "Speakers welcomed the plan.")]
    ['faithful', 'turned']
    """
    wanted = words(claim[:MOST_CHARACTERS], language)
    if not wanted or len(claim) > MOST_CHARACTERS:
        return Verdict("absent", None)
    best, most = None, 0.0
    asks = bool(_ASKS.search(claim))
    for source in _sources(text, language):
        share = sum(token.key in source.keys for token in wanted) / len(wanted)
        if share > most:
            best, most = source.span, share
        for form in () if asks or share < SHARED else source.forms:
            moves = _moves(wanted, form)
            if moves is not None:
                return Verdict(
                    "faithful",
                    source.span,
                    share,
                    tuple(dict.fromkeys(m for m in moves if m not in ("whole", "as it stands"))),
                )
    return Verdict("turned" if most >= SHARED else "absent", best, most)


@lru_cache(maxsize=256)
def _sources(text: str, language: Language) -> tuple[_Source, ...]:
    """The sentences of a paragraph in all their forms, made once."""
    found, before = [], ""
    for span in sentences(text):
        sentence = text[span.start : span.end]
        if all_forms := forms(sentence, before, language):
            keys = frozenset(key for form in all_forms for key in form.keys)
            found.append(_Source(span, keys, all_forms))
        before = sentence
    return tuple(found)


def _moves(wanted: Sequence[Token], source: Sentence) -> tuple[str, ...] | None:
    """The moves that leave of a source the words wanted, in their order; None where there are none."""
    if [token.key for token in wanted] == [token.key for token in source.tokens if not token.is_mark]:
        return (source.form,)
    if {token.key for token in wanted} - {*source.keys, "that", source.known.conjunction}:
        return None
    if len(source.tokens) > LONGEST:
        return None
    reached: dict[int, tuple[str, ...]] = {
        at: (source.form, move) for at in _places(wanted[0], source, -1) if (move := source.may_begin(at)) is not None
    }
    for before, token in pairwise(wanted):
        following: dict[int, tuple[str, ...]] = {}
        for at, moves in reached.items():
            for to in _places(token, source, at):
                if to not in following and (move := source.may_miss(at + 1, to)) is not None:
                    following[to] = (*moves, move)
            if token.key == "that" and before.key in _REPORTS:
                following.setdefault(at, moves)
        if not following:
            return None
        reached = following
    return next(((*moves, move) for at, moves in reached.items() if (move := source.may_end(at + 1)) is not None), None)


def _places(token: Token, source: Sentence, after: int) -> Iterator[int]:
    """Where a word stands after another; "and" may stand for the comma of a list."""
    joins = token.key == source.known.conjunction
    for at in range(after + 1, len(source.keys)):
        if source.keys[at] == token.key or (joins and source.keys[at] == ","):
            yield at
