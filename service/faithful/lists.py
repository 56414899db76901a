"""The flat lists of a sentence, `Italy, Peru and Brazil`: where their items begin, and where they end.

    "the representatives of Italy, Peru and Brazil spoke" → firsts at Italy, Peru, Brazil; ends behind each

Three items or more, each of few words and without a verb or preposition: whole items of such a list may go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.records import Language
from service.faithful.tables import TABLES
from service.faithful.tokens import Token

_ITEM = 5  # words that an item of a list has at most


@dataclass(frozen=True)
class Bounds:
    """Where the items of a list begin, and where they end."""

    firsts: frozenset[int]
    ends: frozenset[int]


class Lists:
    """Finds the lists among tokens. `frame` says where a phrase of time ends that begins at a token, or 0."""

    def __init__(self, tokens: Sequence[Token], language: Language, frame: Callable[[int], int]) -> None:
        self.tokens = tokens
        self.keys = [token.key for token in tokens]
        self.language = language
        self.known = TABLES[language]
        self._frame = frame

    def found(self) -> tuple[Bounds, ...]:
        """In their order."""
        found: list[Bounds] = []
        at = 0
        while at < len(self.tokens):
            bounds, at = self._list_from(at)
            if bounds:
                found.append(bounds)
        return tuple(found)

    def _list_from(self, at: int) -> tuple[Bounds | None, int]:
        """The list whose first separator stands at or after a token, and where to look on."""
        separators = [i for i in range(at, len(self.keys)) if self._separates(i)]
        if not separators:
            return None, len(self.keys)
        chain = [separators[0]]
        while (following := self._next_separator(chain[-1])) is not None:
            chain.append(following)
            if self.language == "en" and self._joins(following):
                break
        place, last = chain[-1], self._past(chain[-1])
        end = last
        while end < len(self.keys) and self._is_item(last, end + 1):
            end += 1
        goes_on = end < len(self.keys) and not self.tokens[end].is_mark and self.keys[end] not in self.known.finite
        if len(chain) < 2 or end == last or not self._is_list(chain):
            return None, chain[0] + 1
        # Where the last item goes on, only what stands before it is of whole items.
        ends = frozenset(chain if goes_on else (*chain, end))
        return Bounds(self._firsts(chain), ends), place + 1

    def _next_separator(self, at: int) -> int | None:
        begin = self._past(at)
        following = next((i for i in range(begin, len(self.keys)) if self._separates(i)), None)
        return following if following is not None and self._is_item(begin, following) else None

    def _joins(self, at: int) -> bool:
        """Whether a separator is "and", with a comma or without."""
        return self._conjunction_at(at) or (self.keys[at] == "," and self._conjunction_at(at + 1))

    def _conjunction_at(self, at: int) -> bool:
        """Whether a token is "and"."""
        return at < len(self.keys) and self.keys[at] == self.known.conjunction

    def _is_list(self, chain: Sequence[int]) -> bool:
        """Commas and a last "and"; in Arabic an "and" before each item. The comma after a phrase of time is none."""
        if any(self._frame(i) - 1 == chain[0] for i in (0, 1) if i < len(self.keys)):
            return False
        if self.language == "ar":
            return all(map(self._joins, chain))
        return self._joins(chain[-1]) and not any(map(self._joins, chain[:-1]))

    def _firsts(self, chain: Sequence[int]) -> frozenset[int]:
        """Where the items begin; the first one only where it is known."""
        begun = {self._past(i) for i in chain}
        opener = chain[0]
        while opener > 0 and self._is_item(opener - 1, chain[0]):
            opener -= 1
        after = self.keys[opener - 1] in self.known.prepositions and self.keys[opener] not in self.known.verbs
        known = after if opener else self.language == "en"
        return frozenset(begun | ({opener} if known else set()))

    def _separates(self, at: int) -> bool:
        return self.keys[at] == "," or self.keys[at] == self.known.conjunction

    def _past(self, at: int) -> int:
        """The first token after a separator: past `, and`."""
        at += 1
        return at + 1 if at < len(self.keys) and self.keys[at] == self.known.conjunction else at

    def _is_item(self, start: int, end: int) -> bool:
        keys = self.keys[start:end]
        barred = self.known.prepositions | self.known.finite | self.known.restricting | self.known.relatives
        return (
            0 < len(keys) <= _ITEM
            and not any(token.is_mark or token.opens for token in self.tokens[start:end])
            and not barred & set(keys)
            and self.known.conjunction not in keys
            and "that" not in keys
        )
