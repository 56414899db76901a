"""A recursive-descent parser of paragraph references, one method a rule.

    expression    = ordinals | item { separator item }
    item          = title-page | letters-first | [keyword] ["from"] point [ "to" point ]
    title-page    = front | title page | صفحة العنوان
    point         = [annex] [keyword] number [letter [roman]] [of annex] | letter | inserted     a letter alone, and
                    the ter of "2 bis and ter", belongs to the number before it; annex1:4(b)(iii), annex I, para. 4,
                    paragraph 4 of annex I, paragraph 2 bis (a)
    letters-first = ["subparagraph"] letters "of" paragraph     subparagraphs (a) and (b) of paragraph 21
    ordinals      = ordinal { separator ordinal } keyword [letter]     the ninth and tenth paragraphs

`Parser` reads a text that is meant to be a reference, and reads it generously. `corpus.refs.pieces` reads the points'
pieces.
"""

from __future__ import annotations

from corpus.refs.cursor import CLOSING
from corpus.refs.pieces import Pieces
from corpus.refs.tokens import Keyword, Token
from corpus.refs.types import FRONT, NoRef, Ref, RefRange, Target


class Parser(Pieces):
    """Reads references and lists of them."""

    lists_letters_first = True  # (a) and (b) of paragraph 21

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
        return [Ref(number, position, inserted=self.inserted())] if number else []

    def targets(self) -> list[Target]:
        """Read items and separators, up to the last item."""
        found: list[Target] = []
        while True:
            mark = self.at, self.seen
            separator = self.separator() if found else ""
            if found and not separator:
                return found
            items = self.title_page() or self.letters_first() or self.item(_last(found), separator)
            if not items:
                self.back_to(mark)
                return found
            found += items

    def title_page(self) -> list[Target]:
        """Read `title page`, `صفحة العنوان`, and `front` where a reference is expected."""
        if self.peek().kind != "front" or not self.may_be_a_title_page():
            return []
        self.at += 1
        return [FRONT]

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
            keyword, start_of = self.heading(), _last([first])
            target = self.range_of(first, self.point(start_of, "to", keyword, self.annex_before() or annex))
            if target:
                return [target]
        self.back_to(start if opened else mark)
        return [] if opened else [first]

    def range_of(self, first: Ref | NoRef, last: Ref | NoRef | None) -> Target | None:
        """Make 9 and 11 a range, 9 and 9 a paragraph, and of 11 and 9 or 9 and 11(a) nothing."""
        if last is None or first == last:
            return last
        if isinstance(first, NoRef) or isinstance(last, NoRef):  # a range whose end cannot be: that end is told
            return first if isinstance(first, NoRef) else last
        if first < last and first.level == last.level and first.annex == last.annex and first.parent == last.parent:
            return RefRange(first, last)
        self.problem = "a range runs forward, over whole paragraphs or over the letters of one"
        return None

    def point(
        self, previous: Ref | None, separator: str, keyword: Keyword | None, annex: int = 0
    ) -> Ref | NoRef | None:
        """Read one paragraph, or a letter of the `previous` one. `keyword` is the point's own, if it has one."""
        start = self.at, self.seen
        alone = None if keyword or annex else self.letter_alone(previous) or self.inserted_alone(previous)
        if alone:
            return alone
        sub = self.take("sub")
        number, inserted = self.numbered(keyword)
        if not number and (beyond := self.beyond(separator)):
            return beyond
        odd = self.uncounted() if inserted else None
        position = self.letter_after_number() if number and not odd else 0
        if number and (position or not sub):
            item = self.item_after_letter() if position else 0
            odd = odd or (self.repeat() if position else self.no_letter())
            whose = annex or self.annex_after() if keyword or position else annex
            ref = Ref(number, position, item, whose, inserted)
            if keyword or annex or self.belongs(ref, previous, separator):
                return NoRef(odd, ref, ref) if odd else ref
        self.back_to(start)
        return None

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

    def letter_alone(self, previous: Ref | None) -> Ref | NoRef | None:
        """Read the (c) of `21(a), (c)` or `21(a)-c`: only after a letter, since `21, (c)` could mean 21(c)."""
        if previous is None or not previous.position:
            return None
        start = self.at, self.seen
        named = self.sub_heading()
        plain = named or self.peek().glued or self.may_lack_brackets()
        position = self.any_letter() if plain else self.bracketed(Token.letter)
        if position and self.may_go_on(previous.position, position) and not self.of_paragraph():
            return previous.part(position)
        if not position and (odd := self.no_letter()):
            return NoRef(odd, previous, previous.part())
        self.back_to(start)
        return None

    def inserted_alone(self, previous: Ref | None) -> Ref | None:
        """Read the ter of `2 bis and ter` and `2 bis to ter`: only where it is further on than that before it."""
        if previous is None or previous.level or not previous.inserted:
            return None
        value, tokens = self.inserted_ahead()
        if value <= previous.inserted:
            return None
        self.at += tokens
        return Ref(previous.number, annex=previous.annex, inserted=value)

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
            number, inserted = self.numbered(keyword) if keyword else (0, 0)
            if number:
                whole = Ref(number, inserted=inserted)
                return [_span(whole, first, last) for first, last in spans]
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


def _span(whole: Ref, first: int, last: int) -> Target:
    return whole.part(first) if first == last else RefRange(whole.part(first), whole.part(last))


def _last(found: list[Target]) -> Ref | None:
    """Name the last paragraph read, which a letter alone belongs to: 21(a)-(c) → 21(c)."""
    if not found:
        return None
    last = found[-1]
    return last.last if isinstance(last, RefRange) else last.near if isinstance(last, NoRef) else last
