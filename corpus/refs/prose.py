"""References inside running text, read warily: a missed reference costs less than one that nobody wrote.

    "paragraph 21 a list of …" names 21, "الفقرة 9 والشرطة" names 9;
    "10 and 11 March 2021", "resolution 74/247", "article 3 (b)", "the first panel", "فقرة واحدة" name nothing.

A reference has a keyword, a section sign, square brackets around it, or a number with a bracketed letter: `2 bis (a)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.refs.cursor import CLOSING, NOTHING_SEEN, Seen
from corpus.refs.numerals import ONE_OF_SOMETHING, SpelledNumber
from corpus.refs.parser import Parser
from corpus.refs.pieces import AFTER_A_REF, ORDINAL_ENDINGS
from corpus.refs.tokens import ANNEX, TITLE_PAGE, Keyword, Token
from corpus.refs.types import MAX_NUMBER, Mention, NoRef, Odd, Ref, Target

_BEFORE_A_REF = frozenset((*CLOSING, "«", "“", '"', "'", ",", ";", ":", "و"))
_YEARS = 1_000  # numbers from here on are years, unless a list has gone so far or goes on to one
_LONGEST = 9  # digits of a number that is told to be no paragraph's
_NO_LETTER = re.compile(r"([a-z])\1{1,2}")  # (zz), to which no language counts
_IN_MARKER = Seen(Keyword(plural=True))  # the square brackets of [9, 12] do what a keyword does


class ProseParser(Parser):
    """Finds the references among `tokens`, in time linear in their number.

    A rule that fails gives up after a few tokens, or (`ordinals`) stops where its tokens end, so none is read
    more than a few times.
    """

    heading_kinds = ("paragraph",)
    lists_letters_first = False
    joiners = (".", "/", "-")
    spaced_joiners = ()

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.opening = _paired(tokens)
        self.readers = {
            "paragraph": self.targets,
            "sub": self.targets,
            "item": self.letters_first,
            "(": self.letters_first,
            "[": self.marker,
            "number": self.without_keyword,
            "numeral": self.ordinals,
            "thing": self.annexed,
            "front": self.title_page,
        }

    def mentions(self) -> Iterator[Mention]:
        """Read the tokens from left to right, a reference wherever one starts."""
        while self.peek().kind != "end":
            start = self.at
            self.seen = NOTHING_SEEN
            read = self.readers.get(self.tokens[start].kind)
            found = read() if read else []
            if found and not self.counts_paragraphs(found):
                yield Mention(tuple(found), self.tokens[start].start, self.tokens[self.at - 1].end)
            self.at = max(self.at, start + 1)

    def counts_paragraphs(self, found: list[Target]) -> bool:
        """Tell a count from a name: a plural keyword with one number in words, الفقرات الأولى."""
        plural = self.seen.keyword is not None and self.seen.keyword.plural
        return plural and self.seen.spelled and len(found) == 1 and isinstance(found[0], Ref)

    def annexed(self) -> list[Target]:
        """Read `annex I, para. 4` and `annex1:4`, and no other thing that is numbered."""
        return self.targets() if self.peek().text in ANNEX else []

    def marker(self) -> list[Target]:
        """Read `[21(k)]`: square brackets around a reference and nothing else."""
        kinds = ("number", "thing", "front", *self.heading_kinds)
        if self.peek(1).kind not in kinds or self.at not in self.opening:
            return []
        if self.peek(2).text == "]" and 0 < (number := self.peek(1).number()) < _YEARS:  # [9], the commonest by far
            self.at += 3
            return [Ref(number)]
        start = self.at, self.seen
        self.at += 1
        self.seen = _IN_MARKER
        found = self.targets()
        if found and self.peek().text == "]":
            self.at += 1
            return found
        self.back_to(start)
        return []

    def without_keyword(self) -> list[Target]:
        """Read `21(k)`, unless the word before says what else is numbered, and `the 21st paragraph`."""
        if self.peek(1).text in ORDINAL_ENDINGS:
            return self.ordinals()
        after = 1 + self.inserted_ahead(1)[1]
        if self.peek(after).text not in CLOSING or not self.peek(after + 1).letter():
            return []
        before = self.tokens[max(self.at - 3, 0) : self.at]
        if self.peek().glued and before[-1].text not in _BEFORE_A_REF:
            return []  # the 15 of A/CONF.234/15
        numbered = [token.kind for token in before if token.kind not in ("no", ".")][-1:]
        found = self.targets()  # also for article 3 (b) and 4 (c), to step over it
        return [] if numbered in (["thing"], ["item"]) else found

    # ---------------------------------------------------------------------------- what running text refuses

    def may_have_a_stop(self, keyword: Keyword) -> bool:
        """Let a stop end the sentence after a full word: "… in that paragraph. 9 States …"."""
        return keyword.short

    def may_lack_brackets(self) -> bool:
        """Ask for brackets where no keyword stands: 5 G, 3D."""
        return self.seen.keyword is not None

    def may_be_half_bracketed(self) -> bool:
        """Leave a bracket to the words around it: "(see paragraph 9)"."""
        return False

    def may_stand_alone(self, letter: Token, after: Token) -> bool:
        """Take a letter for a word when it stands apart and more follows: "paragraph 21 a list", "الفقرة 9 ص 3"."""
        announced = self.tokens[self.at - 1].kind in ("sub", "item")
        if letter.glued or announced or (letter.text != "و" and after.text in AFTER_A_REF):
            return True
        return letter.text not in ("a", "i", "و") and not after.glued and after.kind != "number"

    def may_be_a_title_page(self) -> bool:
        """Take `front` alone for the title page only in a marker of its own, [front]."""
        alone = self.tokens[self.at - 1].text == "[" and self.peek(1).text == "]"
        return self.peek().text == TITLE_PAGE or (self.at > 0 and alone)

    def may_go_on(self, previous: int, position: int) -> bool:
        """Take a letter that goes back for another list: "as 21(k) says, (a) the first …"."""
        return position > previous

    def belongs(self, ref: Ref, previous: Ref | None, separator: str) -> bool:
        """Refuse years, numbers without keyword or bracketed letter, and what a comma sets apart."""
        if ref.number >= _YEARS and (previous is None or previous.number < _YEARS):
            return separator == "and" and self.goes_on(separator)
        if ref.item or (ref.position and self.tokens[self.at - 1].text in CLOSING.values()):
            return True
        keyword = self.seen.keyword
        if keyword is None:
            return False
        # "In paragraph 9, 12 States …"; "in paragraphs 9 and 10, 12 States …"
        return separator != "," or (keyword.plural and not self.seen.joined)

    def beyond(self, separator: str) -> NoRef | None:
        """Read the 12000 of "paragraphs 9, 12000 and 12", so that it is told, and 12 is read; no amount, no year."""
        token, after, later = self.peek(), self.peek(1), self.peek(2)
        if token.kind != "number" or not self.goes_on(separator):
            return None
        number = after.glued and (later.kind == "number" or after.kind in ("number", "word") or after.text == "%")
        if number or not (token.text == "0" or (token.text[0] != "0" and 4 < len(token.text) <= _LONGEST)):
            return None
        self.at += 1
        return NoRef(Odd(token.text, token.text), Ref(1 if token.text == "0" else MAX_NUMBER))

    def no_letter(self) -> Odd | None:
        """Read the `(zz)` of `21(zz)` and of `21 (a), (zz)`, so that it is told; None for none."""
        name = f"({self.peek(1).text})"
        return Odd(name, name) if self.bracketed(_is_no_letter) else None

    def goes_on(self, separator: str) -> bool:
        """Whether the numbers after a plural keyword go on: "paragraphs 9, 10 and 2021", but not after their "and"."""
        keyword = self.seen.keyword
        return (
            keyword is not None
            and keyword.plural
            and (separator == "and" or (separator == "," and not self.seen.joined))
        )

    def names_paragraph(self, spelled: SpelledNumber, own: Keyword | None) -> bool:
        """Tell `الفقرة التاسعة` from `فقرة واحدة`, and "paragraph nine" from "the paragraph first appeared"."""
        keyword = own or self.seen.keyword
        if keyword is None or not (own or (keyword.plural and self.seen.spelled)):
            return False
        if not keyword.arabic:
            return not spelled.ordinal
        if spelled.words == 1 and self.peek().text in ONE_OF_SOMETHING:
            return False
        if keyword.plural:
            return spelled.ordinal  # الفقرات الثلاث: the three paragraphs
        return keyword.definite or not spelled.ordinal  # فقرة ثانية: a second paragraph

    def may_follow(self, first: Token, numbers: list[int], keyword: Keyword) -> bool:
        """Tell `أول فقرة` from `الجلسة الرابعة، الفقرة …`, whose ordinal is another noun's."""
        if keyword.plural != (len(numbers) > 1):
            return False
        feminine_or_definite = first.text.startswith("ال") or first.text.endswith("ه")
        return not keyword.arabic or not (keyword.definite or feminine_or_definite)


def _is_no_letter(token: Token) -> int:
    return not token.letter() and _NO_LETTER.fullmatch(token.text) is not None


def _paired(tokens: list[Token]) -> frozenset[int]:
    """Which tokens are square brackets that something closes: of `[9 [10]`, the second.

    A marker that nothing closes would be read for nothing, up to where the next one begins.
    """
    found, open_ones = set[int](), list[int]()
    for at, token in enumerate(tokens):
        if token.text == "[":
            open_ones.append(at)
        elif token.text == "]" and open_ones:
            found.add(open_ones.pop())
    return frozenset(found)
