"""Where a parser of references stands: the tokens ahead, what was read so far, and what a text may ask it to refuse.

The rules over it are `corpus.refs.pieces` and `corpus.refs.parser`. The section "what running text refuses" holds the
questions that `corpus.refs.prose` answers more warily.
"""

# ruff: noqa: ARG002 - a hook that always says yes looks at nothing

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from corpus.refs.numerals import SpelledNumber
from corpus.refs.tokens import Keyword, Token
from corpus.refs.types import NoRef, Odd, Ref

CLOSING = {"(": ")", "[": "]", "{": "}", "﴾": "﴾"}
LOOK_AHEAD = 6  # no rule looks further


class Seen(NamedTuple):
    """What was read so far and matters to what follows."""

    keyword: Keyword | None = None  # the last one: it governs the numbers after it
    joined: bool = False  # an "and"
    spelled: bool = False  # a number in words


NOTHING_SEEN = Seen()


class Cursor:
    """Steps over `tokens[at:]`; a method that reads nothing leaves `at` and `seen` as they were."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens + tokens[-1:] * LOOK_AHEAD
        self.at = 0
        self.seen = NOTHING_SEEN
        self.problem = "it cannot be read" if len(tokens) > 1 else "it is empty"

    def peek(self, ahead: int = 0) -> Token:
        """Look at a token without taking it; after the last there are ends enough to look at."""
        return self.tokens[self.at + ahead]

    def take(self, *kinds: str) -> bool:
        """Step over the next token if it is of one of these kinds."""
        found = self.tokens[self.at].kind in kinds
        self.at += found
        return found

    def back_to(self, mark: tuple[int, Seen]) -> None:
        """Return to a `mark`, the `(at, seen)` of where a reading began."""
        self.at, self.seen = mark

    def bracketed(self, value_of: Callable[[Token], int]) -> int:
        """Read `(k)` as 11 or `(9)` as 9; 0 where brackets or content do not fit, as in `1(b)est`."""
        closing = CLOSING.get(self.peek().text)
        if closing is None or closing != self.peek(2).text or self.peek(3).runs_on():
            return 0
        value = value_of(self.peek(1))
        self.at += 3 if value else 0
        return value

    def closed(self, value: int) -> int:
        """Step over the bracket of `9)` and `a)`, as some lists are numbered, and give the value back."""
        self.at += bool(value) and self.peek().text == ")" and self.may_be_half_bracketed()
        return value

    def separator(self) -> str:
        """Read `,` as ",", `and` and `, and` as "and", nothing as ""."""
        comma = "," if self.take(",") else ""
        if not self.take("and"):
            return comma
        self.seen = self.seen._replace(joined=True)
        return "and"

    # ---------------------------------------------------------------------------- what running text refuses

    def may_have_a_stop(self, keyword: Keyword) -> bool:
        """Tell whether a stop after this keyword abbreviates it: `para. 9`."""
        return True

    def may_lack_brackets(self) -> bool:
        """Tell whether a letter may do without brackets here."""
        return True

    def may_be_half_bracketed(self) -> bool:
        """Tell whether one bracket does for two: `9)`, `21 a)`, and at the end `21(k`."""
        return True

    def may_stand_alone(self, letter: Token, after: Token) -> bool:
        """Tell whether this one-letter word is the letter of a sub-paragraph."""
        return True

    def may_be_a_title_page(self) -> bool:
        """Tell whether the next token, `front` or `title page`, names the title page."""
        return True

    def may_go_on(self, previous: int, position: int) -> bool:
        """Tell whether a letter by itself belongs to the list of letters before it."""
        return True

    def belongs(self, ref: Ref, previous: Ref | None, separator: str) -> bool:
        """Tell whether a number without a keyword of its own is a reference."""
        return True

    def beyond(self, separator: str) -> NoRef | None:
        """Read a number that no paragraph has; a text that is meant to be a reference is refused for it."""
        return None

    def no_letter(self) -> Odd | None:
        """Read a bracketed letter beyond the last; a text that is meant to be a reference is refused for it."""
        return None

    def names_paragraph(self, spelled: SpelledNumber, own: Keyword | None) -> bool:
        """Tell whether a number in words is a paragraph's name, not a count."""
        return True

    def may_follow(self, first: Token, numbers: list[int], keyword: Keyword) -> bool:
        """Tell whether this keyword goes with the ordinals before it."""
        return True
