"""A recursive-descent parser of paragraph references, one method a rule.

    expression    = ordinals | item { separator item }
    item          = letters-first | [keyword] ["from"] point [ "to" point ]
    point         = [annex] [keyword] number [letter [roman]] [of annex] | letter     a letter alone belongs to the
                    number before it; annex1:4(b)(iii), annex I, para. 4, paragraph 4 of annex I
    letters-first = ["subparagraph"] letters "of" paragraph     subparagraphs (a) and (b) of paragraph 21
    ordinals      = ordinal { separator ordinal } keyword [letter]     the ninth and tenth paragraphs

`Parser` reads a text that is meant to be a reference, and reads it generously. The section "what running text
refuses" holds the questions that `corpus.ref_prose` answers more warily.
"""

# ruff: noqa: ARG002 - a hook that always says yes looks at nothing

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from corpus.numerals import SpelledNumber, roman_value, spelled_number
from corpus.ref_tokens import ANNEX, KEYWORDS, Keyword, Token
from corpus.ref_types import MAX_ANNEX, MAX_NUMBER, Ref, RefRange, Target

CLOSING = {"(": ")", "[": "]", "{": "}", "﴾": "﴾"}
FINAL = (".", "?", "!", ":")
AFTER_A_REF = frozenset((*FINAL, ",", ";", *CLOSING.values(), "»", "”", '"', "'", ""))
LOOK_AHEAD = 4  # no rule looks further
ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
_JOINERS = (".", "/", "-")  # between a number and its letter
_DECIMAL = (".", "/", ":")  # between two numbers that are no paragraph: 9.5, 74/247, 10:30
_ITEM_MARKS = ("'", "‘", "’", '"')  # Arabic documents number the items of a sub-paragraph ‘1’, ‘2’
_NUMBER_SIGN = Keyword(short=True)


class Seen(NamedTuple):
    """What was read so far and matters to what follows."""

    keyword: Keyword | None = None  # the last one: it governs the numbers after it
    joined: bool = False  # an "and"
    spelled: bool = False  # a number in words


NOTHING_SEEN = Seen()


class Parser:
    """Reads references from `tokens[at:]`; a method that reads nothing leaves `at` and `seen` as they were."""

    heading_kinds: tuple[str, ...] = ("paragraph", "no")
    lists_letters_first = True  # (a) and (b) of paragraph 21
    spaced_joiners: tuple[str, ...] = (".", "/")  # 21 / k; but 21 - k is half a range

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens + tokens[-1:] * LOOK_AHEAD
        self.at = 0
        self.seen = NOTHING_SEEN
        self.problem = "it cannot be read" if len(tokens) > 1 else "it is empty"

    # ------------------------------------------------------------------------------------------------- tokens

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

    def separator(self) -> str:
        """Read `,` as ",", `and` and `, and` as "and", nothing as ""."""
        comma = "," if self.take(",") else ""
        if not self.take("and"):
            return comma
        self.seen = self.seen._replace(joined=True)
        return "and"

    # -------------------------------------------------------------------------------- references and their lists

    def expression(self) -> list[Target]:
        """Read all the tokens as one reference, or nothing."""
        if self.peek().text == "و" and self.peek(1).glued:
            self.at += 1  # والفقرة ٩
        while self.take("lead", "in"):  # "see paragraph 9", "في الفقرة ٩"
            pass
        start = self.at, self.seen
        for read in (self.ordinals, self.letter_before_number, self.targets):
            found = read()
            if found and self.peek().kind == "end":
                return found
            self.back_to(start)
        return []

    def letter_before_number(self) -> list[Target]:
        """Read `(k) 21`, as right-to-left text may be copied; alone, since in a list (k) goes with what precedes."""
        position = self.bracketed(Token.letter)
        number = self.digits() if position else 0
        return [Ref(number, position)] if number else []

    def targets(self) -> list[Target]:
        """Read items and separators, up to the last item."""
        found: list[Target] = []
        while True:
            mark = self.at, self.seen
            separator = self.separator() if found else ""
            if found and not separator:
                return found
            items = self.letters_first() or self.item(_last(found), separator)
            if not items:
                self.back_to(mark)
                return found
            found += items

    def item(self, previous: Ref | None, separator: str) -> list[Target]:
        """Read `21(k)`, `para. 9`, `9-11`, `from paragraph 9 to paragraph 11`."""
        start = self.at, self.seen
        annex = self.annex_before()
        keyword = self.heading()
        opened = self.take("from", "of/from")
        if opened and not keyword:
            keyword = self.heading()
        first = self.point(previous, separator, keyword, annex)
        if first is None:
            self.back_to(start)
            return []
        mark = self.at, self.seen
        if self.take("to", "-"):
            target = self.range_of(first, self.point(first, "to", self.heading(), self.annex_before() or annex))
            if target:
                return [target]
        self.back_to(start if opened else mark)
        return [] if opened else [first]

    def range_of(self, first: Ref, last: Ref | None) -> Target | None:
        """Make 9 and 11 a range, 9 and 9 a paragraph, and of 11 and 9 or 9 and 11(a) nothing."""
        if last is None or first == last:
            return last
        if first < last and first.level == last.level and first.annex == last.annex and first.parent == last.parent:
            return RefRange(first, last)
        self.problem = "a range runs forward, over whole paragraphs or over the letters of one"
        return None

    def point(self, previous: Ref | None, separator: str, keyword: Keyword | None, annex: int = 0) -> Ref | None:
        """Read one paragraph, or a letter of the `previous` one. `keyword` is the point's own, if it has one."""
        start = self.at, self.seen
        letter_alone = None if keyword or annex else self.letter_alone(previous)
        if letter_alone:
            return letter_alone
        sub = self.take("sub")
        number = self.number(keyword)
        position = self.letter_after_number() if number else 0
        if number and (position or not sub):
            item = self.item_after_letter() if position else 0
            ref = Ref(number, position, item, annex or self.annex_after() if keyword or position else annex)
            if keyword or annex or self.belongs(ref, previous, separator):
                return ref
        self.back_to(start)
        return None

    def annex_before(self) -> int:
        """Read `annex1:`, `annex II,`, `المرفق الأول،`; 0 for none, or where no paragraph follows."""
        start = self.at, self.seen
        annex = self.annex()
        self.take(",", ":")
        if annex and self.peek().kind in ("number", "paragraph", "sub", "no"):
            return annex
        self.back_to(start)
        return 0

    def annex_after(self) -> int:
        """Read `of annex I`, `من المرفق الأول`, `in the annex`."""
        start = self.at, self.seen
        if self.take("of", "of/from", "in"):
            self.take("lead")
            if annex := self.annex():
                return annex
        self.back_to(start)
        return 0

    def annex(self) -> int:
        """Read `annex`, `annex II`, `المرفق الثاني` as 1, 2, 2."""
        if self.peek().text not in ANNEX:
            return 0
        self.at += 1
        named = roman_value(self.peek().text) if self.peek().kind != "number" else self.peek().number()
        after = self.peek(1)
        if named and named <= MAX_ANNEX and not (self.peek().kind == "number" and after.text in CLOSING):
            self.at += 1
            return named
        spelled = self.spelled()
        if spelled is not None and spelled.ordinal and spelled.value <= MAX_ANNEX:
            self.at += spelled.words
            return spelled.value
        return 1

    def item_after_letter(self) -> int:
        """Read the (iii) of `21(k)(iii)`, in brackets or in quotation marks: `21 (ك) ‘٣’`; 0 for none."""
        opening, inner, closing = self.peek(), self.peek(1), self.peek(2)
        if opening.text in _ITEM_MARKS and closing.text in _ITEM_MARKS and inner.item() and inner.glued:
            self.at += 3
            return inner.item()
        if inner.kind == "number" and not opening.glued:
            return 0
        return self.bracketed(Token.item)

    def heading(self) -> Keyword | None:
        """Read a keyword and what goes with it: `para.`, `paragraph(s)`, `§§`, `الفقرة رقم`."""
        token, after = self.peek(), self.peek(1)
        if token.kind not in self.heading_kinds:
            return None
        self.at += 1
        keyword = KEYWORDS.get(token.text, _NUMBER_SIGN)
        if after.glued and [self.peek(ahead).text for ahead in range(3)] == ["(", "s", ")"]:
            keyword = keyword._replace(plural=True)
            self.at += 3
        if self.may_have_a_stop(keyword):
            self.take(".", ":")
        if self.take("no"):
            self.take(".")
        self.seen = self.seen._replace(keyword=keyword)
        return keyword

    def sub_heading(self) -> bool:
        """Read `subparagraph`, `sub-para.`, `item`, `البند`: what announces a letter."""
        found = self.take("sub", "item")
        if found:
            self.take(".")
        return found

    # ------------------------------------------------------------------------------------------------ numbers

    def number(self, keyword: Keyword | None) -> int:
        """Read `21`, `(21)`, `21st` or `twenty-one`; 0 for none."""
        return self.bracketed(Token.number) or self.digits() or self.spelled_out(keyword)

    def digits(self) -> int:
        """Read `21` or `21st`, and nothing of `5kg`, `9.5`, `74/247`, `12%`."""
        token, after, later = self.peek(), self.peek(1), self.peek(2)
        if token.kind != "number":
            return 0
        number = token.number()
        if not number:
            self.problem = f"paragraphs are numbered from 1 to {MAX_NUMBER}"
        ordinal = after.glued and after.text in ORDINAL_ENDINGS
        measure = after.text == "%" or (after.runs_on() and not after.letter() and not ordinal)
        decimal = after.glued and after.text in _DECIMAL and later.glued and later.kind == "number"
        if not number or measure or decimal:
            return 0
        self.at += 2 if ordinal else 1
        return number

    def spelled_out(self, keyword: Keyword | None) -> int:
        """Read `twenty-one` or `الحادية والعشرون` beside its keyword."""
        spelled = self.spelled()
        if spelled is None or not self.names_paragraph(spelled, keyword):
            return 0
        self.at += spelled.words
        self.seen = self.seen._replace(spelled=True)
        return spelled.value

    def spelled(self) -> SpelledNumber | None:
        """Look at the words ahead as a number."""
        if self.peek().kind != "numeral":
            return None
        return spelled_number([self.peek(ahead).text for ahead in range(4)])

    def ordinals(self) -> list[Target]:
        """Read `ninth and tenth paragraphs`, `21st para. (k)`, `أول فقرة`. A failure stops where the ordinals end."""
        first = self.peek()
        numbers = [self.ordinal()]
        while numbers[-1] and self.separator():
            numbers.append(self.ordinal())
        mark = self.at, self.seen
        keyword = self.heading() if numbers[-1] else None
        if keyword and self.peek().kind != "number" and self.may_follow(first, numbers, keyword):
            return [*map(Ref, numbers[:-1]), Ref(numbers[-1], self.bracketed(Token.letter))]
        self.back_to(mark)
        return []

    def ordinal(self) -> int:
        """Read `21st` or `twenty-first`."""
        if self.peek(1).glued and self.peek(1).text in ORDINAL_ENDINGS:
            return self.digits()
        spelled = self.spelled()
        if spelled is None or not spelled.ordinal:
            return 0
        self.at += spelled.words
        return spelled.value

    # ------------------------------------------------------------------------------------------------ letters

    def letter_after_number(self) -> int:
        """Read the k of `21(k)`, `21 (k)`, `21k`, `21.k`, `21/k`, `21-k`, `21, subparagraph (k)`; 0 for none."""
        position = self.bracketed(Token.letter)
        if position or not self.may_lack_brackets():
            return position
        return self.named_letter() or self.joined_letter()

    def named_letter(self) -> int:
        """Read `, subparagraph (k)`."""
        start = self.at, self.seen
        self.take(",")
        position = self.any_letter() if self.sub_heading() else 0
        if position and not self.of_paragraph():
            return position
        self.back_to(start)
        return 0

    def joined_letter(self) -> int:
        """Read `k`, `.k`, `/k`, `-k`."""
        start, joiner = (self.at, self.seen), self.peek()
        if joiner.text not in _JOINERS:
            return self.plain_letter()
        if not (joiner.glued and self.peek(1).glued) and joiner.text not in self.spaced_joiners:
            return 0
        self.at += 1
        position = self.any_letter()
        if not position:
            self.back_to(start)
        return position

    def any_letter(self) -> int:
        """Read `(k)` or `k`."""
        return self.bracketed(Token.letter) or self.plain_letter()

    def plain_letter(self) -> int:
        """Read `k`. A و is one only where nothing follows that it could join."""
        letter, after = self.peek(), self.peek(1)
        position = letter.letter()
        conjunction = letter.text == "و" and after.text not in AFTER_A_REF
        if not position or conjunction or after.runs_on() or not self.may_stand_alone(letter, after):
            return 0
        self.at += 1
        return position

    def letter_alone(self, previous: Ref | None) -> Ref | None:
        """Read the (c) of `21(a), (c)` or `21(a)-c`: only after a letter, since `21, (c)` could mean 21(c)."""
        if previous is None or not previous.position:
            return None
        start = self.at, self.seen
        named = self.sub_heading()
        plain = named or self.peek().glued or self.may_lack_brackets()
        position = self.any_letter() if plain else self.bracketed(Token.letter)
        if position and self.may_go_on(previous.position, position) and not self.of_paragraph():
            return Ref(previous.number, position)
        self.back_to(start)
        return None

    def of_paragraph(self) -> bool:
        """Tell whether `of paragraph 9` follows, which takes a letter away from the number before it."""
        noun = self.peek(2) if self.peek(1).kind == "lead" else self.peek(1)
        return self.peek().kind in ("of", "of/from") and noun.kind == "paragraph"

    def letters_first(self) -> list[Target]:
        """Read `subparagraphs (a) to (c) of paragraph 21`, `(ب) من الفقرة 21`."""
        start = self.at, self.seen
        named = self.sub_heading()
        if not (named or self.peek().letter() or self.peek().text in CLOSING):
            return []
        spans = self.letter_spans(named)
        linked = bool(spans) and (self.take("of", "of/from") or named)
        if linked:
            self.take(",", "in", "from")
            self.take("lead")
            keyword = self.heading()
            number = self.number(keyword) if keyword else 0
            if number:
                return [_span(number, first, last) for first, last in spans]
        self.back_to(start)
        return []

    def letter_spans(self, named: bool) -> list[tuple[int, int]]:
        """Read `(a), (c) to (e)` as (1, 1), (3, 5)."""
        spans: list[tuple[int, int]] = []
        plain = named or self.lists_letters_first
        while plain or not spans:
            mark = self.at, self.seen
            if spans and not self.separator():
                break
            first = last = self.any_letter() if plain else self.bracketed(Token.letter)
            if first and self.take("to", "-"):
                last = self.any_letter() if plain else self.bracketed(Token.letter)
            if not 0 < first <= last:
                self.back_to(mark)
                break
            spans.append((first, last))
        return spans

    # ---------------------------------------------------------------------------- what running text refuses

    def may_have_a_stop(self, keyword: Keyword) -> bool:
        """Tell whether a stop after this keyword abbreviates it: `para. 9`."""
        return True

    def may_lack_brackets(self) -> bool:
        """Tell whether a letter may do without brackets here."""
        return True

    def may_stand_alone(self, letter: Token, after: Token) -> bool:
        """Tell whether this one-letter word is the letter of a sub-paragraph."""
        return True

    def may_go_on(self, previous: int, position: int) -> bool:
        """Tell whether a letter by itself belongs to the list of letters before it."""
        return True

    def belongs(self, ref: Ref, previous: Ref | None, separator: str) -> bool:
        """Tell whether a number without a keyword of its own is a reference."""
        return True

    def names_paragraph(self, spelled: SpelledNumber, own: Keyword | None) -> bool:
        """Tell whether a number in words is a paragraph's name, not a count."""
        return True

    def may_follow(self, first: Token, numbers: list[int], keyword: Keyword) -> bool:
        """Tell whether this keyword goes with the ordinals before it."""
        return True


def _span(number: int, first: int, last: int) -> Target:
    return Ref(number, first) if first == last else RefRange(Ref(number, first), Ref(number, last))


def _last(found: list[Target]) -> Ref | None:
    """Name the last paragraph read, which a letter alone belongs to: 21(a)-(c) → 21(c)."""
    if not found:
        return None
    return found[-1].last if isinstance(found[-1], RefRange) else found[-1]
