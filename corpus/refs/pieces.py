"""The pieces of a reference, one method each: a keyword, a number, an annex, a letter.

number        = (21 | 21) | 21st | twenty-one | (21)) [inserted] | (21 inserted)
inserted      = bis | ter | مكررا | مكررا ثانيا …     after a number: a paragraph that was put in after that one
annex         = annex II | المرفق الثاني     before its paragraph, or after it with "of"
letter        = (k) | k | k) | .k | /k | -k | – k | , subparagraph (k)     after a number; with its item: (k)(iii)
repeat        = inserted     after a letter: a sub-paragraph that was put in later, which none here is
"""

from __future__ import annotations

from corpus.refs.cursor import CLOSING, Cursor
from corpus.refs.numerals import (
    INSERTION_WORDS,
    SpelledNumber,
    insertion,
    insertion_name,
    letter_name,
    roman_value,
    spelled_number,
)
from corpus.refs.tokens import ANNEX, KEYWORDS, Keyword, Token
from corpus.refs.types import MAX_ANNEX, MAX_NUMBER, Odd

FINAL = (".", "?", "!", ":")
AFTER_A_REF = frozenset((*FINAL, ",", ";", *CLOSING.values(), "»", "”", '"', "'", ""))
ORDINAL_ENDINGS = ("st", "nd", "rd", "th")
_DECIMAL = (".", "/", ":")  # between two numbers that are no paragraph: 9.5, 74/247, 10:30
_ITEM_MARKS = ("'", "‘", "’", '"')  # Arabic documents number the items of a sub-paragraph ‘1’, ‘2’
_NUMBER_SIGN = Keyword(short=True)


class Pieces(Cursor):
    """Reads pieces of references."""

    heading_kinds: tuple[str, ...] = ("paragraph", "no")
    joiners: tuple[str, ...] = (".", "/", "-", "–")  # between a number and its letter
    spaced_joiners: tuple[str, ...] = joiners  # 21 / k, 21 – k

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

    def numbered(self, keyword: Keyword | None) -> tuple[int, int]:
        """Read `21` as (21, 0), `2 bis`, `2bis`, `(2) bis` and `(2 bis)` as (2, 1); (0, 0) for none."""
        if number := self.number(keyword):
            return number, self.inserted()
        start, closing = (self.at, self.seen), CLOSING.get(self.peek().text)
        self.at += closing is not None
        number = self.digits() if closing else 0
        inserted = self.inserted() if number else 0
        if inserted and self.peek().text == closing:
            self.at += 1
            return number, inserted
        self.back_to(start)
        return 0, 0

    def inserted(self) -> int:
        """Read the `bis` of `9 bis` as 1, the `مكررا ثانيا` of `٩ مكررا ثانيا` as 2; 0 for none."""
        value, tokens = self.inserted_ahead()
        self.at += tokens
        return value

    def inserted_ahead(self, ahead: int = 0) -> tuple[int, int]:
        """Look at `bis`, `-bis`, `(bis)` or `مكررا ثانيا`: which it is, and its tokens; (0, 0) for none."""
        first, second = self.peek(ahead), self.peek(ahead + 1)
        if first.text not in INSERTION_WORDS and second.text not in INSERTION_WORDS:  # as after nearly every number
            return 0, 0
        closing = CLOSING.get(first.text)
        joined = first.text in self.joiners and ((first.glued and second.glued) or first.text in self.spaced_joiners)
        opening = int(joined or closing is not None)
        value, words = insertion([self.peek(ahead + opening + word).text for word in range(2)])
        after = self.peek(ahead + opening + words)
        fits = after.text == closing if closing else not (after.runs_on() or (after.glued and after.kind == "number"))
        return (value, opening + words + (closing is not None)) if value and fits else (0, 0)

    def uncounted(self) -> Odd | None:
        """Read the 5 of `2 bis 5` and `٢ مكررا ٥`, which no paragraph here is called by; None for none."""
        if self.peek().kind != "number":
            return None
        self.at += 1
        number = self.tokens[self.at - 1].text
        return Odd(number, number)

    def number(self, keyword: Keyword | None) -> int:
        """Read `21`, `(21)`, `21)`, `21st` or `twenty-one`; 0 for none."""
        return self.bracketed(Token.number) or self.closed(self.digits()) or self.spelled_out(keyword)

    def digits(self) -> int:
        """Read `21` or `21st`, and nothing of `5kg`, `9.5`, `74/247`, `12%`."""
        token, after, later = self.peek(), self.peek(1), self.peek(2)
        if token.kind != "number":
            return 0
        number = token.number()
        if not number:
            self.problem = f"paragraphs are numbered from 1 to {MAX_NUMBER}"
        ordinal = after.glued and after.text in ORDINAL_ENDINGS
        named = after.letter() or self.inserted_ahead(1)[0] or ordinal
        measure = after.text == "%" or (after.runs_on() and not named)
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

    def ordinal(self) -> int:
        """Read `21st` or `twenty-first`."""
        if self.peek(1).glued and self.peek(1).text in ORDINAL_ENDINGS:
            return self.digits()
        spelled = self.spelled()
        if spelled is None or not spelled.ordinal:
            return 0
        self.at += spelled.words
        return spelled.value

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

    def repeat(self) -> Odd | None:
        """Read the `bis` of `9(a) bis`, and the مكرراً of `٩ (أ) مكرراً (ب)` with its letter; None for none."""
        value = self.inserted()
        if not value:
            return None
        position = self.bracketed(Token.letter)
        return Odd(_repeated(value, position, "en"), _repeated(value, position, "ar"))

    def item_after_letter(self) -> int:
        """Read the (iii) of `21(k)(iii)`, in brackets or in quotation marks: `21 (ك) ‘٣’`; 0 for none."""
        opening, inner, closing = self.peek(), self.peek(1), self.peek(2)
        if opening.text in _ITEM_MARKS and closing.text in _ITEM_MARKS and inner.item() and inner.glued:
            self.at += 3
            return inner.item()
        if inner.kind == "number" and not opening.glued:
            return 0
        return self.bracketed(Token.item)

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
        """Read `k`, `.k`, `/k`, `-k`, `– k`."""
        start, joiner = (self.at, self.seen), self.peek()
        if joiner.text not in self.joiners:
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
        """Read `k`, `k)`, and `(k` at the end. A و is one only where nothing follows that it could join."""
        opened = self.peek().text == "(" and self.peek(2).kind == "end" and self.may_be_half_bracketed()
        letter, after = self.peek(opened), self.peek(1 + opened)
        position = letter.letter()
        conjunction = letter.kind == "and" and after.text not in AFTER_A_REF
        if not position or conjunction or after.runs_on() or not self.may_stand_alone(letter, after):
            return 0
        self.at += 1 + opened
        return self.closed(position)

    def of_paragraph(self) -> bool:
        """Tell whether `of paragraph 9` follows, which takes a letter away from the number before it."""
        noun = self.peek(2) if self.peek(1).kind == "lead" else self.peek(1)
        return self.peek().kind in ("of", "of/from") and noun.kind == "paragraph"


def _repeated(value: int, position: int, language: str) -> str:
    """1 and 2 → `bis (b)` or `مكررا (ب)`; 1 and 0 → `bis` or `مكررا`."""
    name = insertion_name(value, language)
    return f"{name} ({letter_name(position, language)})" if position else name
