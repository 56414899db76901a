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
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from corpus.chunks import sentences
from corpus.records import Language, Span
from service.faithful.cuts import Sentence
from service.faithful.forms import ADDED, LONGEST, forms
from service.faithful.tables import TABLES
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


@dataclass(frozen=True)
class _Source:
    """A sentence of a paragraph, and the one before it; its forms are made when a sentence may come from one."""

    span: Span
    text: str
    before: str
    language: Language

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(token.key for token in words(self.text, self.language))

    @cached_property
    def forms(self) -> tuple[Sentence, ...]:
        return forms(self.text, self.before, self.language)


def shorten(claim: str, text: str, language: Language) -> Verdict:
    """What a paragraph's text says to a sentence.

    >>> text = "Some speakers welcomed the plan, which had been long awaited. Two panellists opposed it."
    >>> [shorten(said, text, "en").kind for said in ("Some speakers welcomed the plan.", "Speakers welcomed the plan.")]
    ['faithful', 'turned']
    """
    wanted = words(claim[:MOST_CHARACTERS], language)
    if not wanted or len(claim) > MOST_CHARACTERS:
        return Verdict("absent", None)
    keys = {token.key for token in wanted}
    content = keys - TABLES[language].dangling or keys
    best = Verdict("absent", None)
    for source in _sources(text, language):
        shared = len(content & source.keys) / len(content)
        if shared > best.shared:
            best = Verdict("turned" if shared >= SHARED else "absent", source.span, shared)
        if keys <= source.keys | ADDED[language] and not _ASKS.search(claim):
            for form in source.forms:
                if (moves := _moves(wanted, form)) is not None:
                    return Verdict("faithful", source.span, shared, _named(moves))
    return best


def restricts(text: str, language: Language) -> frozenset[str]:
    """The words of a text that deny, restrict or offer a choice.

    >>> sorted(restricts("No rise was noted, or only a small one.", "en"))
    ['no', 'only', 'or']
    """
    return TABLES[language].restricting & {token.key for token in words(text, language)}


def _named(moves: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(move for move in moves if move not in ("whole", "as it stands")))


@lru_cache(maxsize=512)
def _sources(text: str, language: Language) -> tuple[_Source, ...]:
    """The sentences of a paragraph."""
    written = [(span, text[span.start : span.end]) for span in sentences(text)]
    before = ["", *(sentence for _, sentence in written)]
    return tuple(
        _Source(span, sentence, earlier, language)
        for (span, sentence), earlier in zip(written, before[: len(written)], strict=True)
    )


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
