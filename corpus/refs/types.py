"""What a reference names: a paragraph, a range of them, one that cannot be; and the place in a text of such names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from operator import not_
from typing import Annotated, NamedTuple

from pydantic import Field

from corpus.refs.numerals import ABJAD, MAX_INSERTED, insertion_name, letter_name, roman

MAX_NUMBER = 9999
MAX_ITEM = 39  # (xxxix)
MAX_ANNEX = 39
FRONT_NAME = "front"


@total_ordering
@dataclass(frozen=True, slots=True)
class Ref:
    """The canonical name of a paragraph; refs sort in reading order, annexes last.

    Ref(21, 11): str → "21(k)", label("ar") → "21 (ك)", eid → "para_21__subpara_k".
    Ref(4, 2, 3, annex=1): str → "annex1:4(b)(iii)", label("en") → "annex I, 4 (b) (iii)".
    Ref(2, 1, inserted=1): str → "2bis(a)", label("ar") → "2 مكررا (أ)", eid → "para_2bis__subpara_a".
    Ref(0), which is FRONT: str → "front", label("ar") → "صفحة العنوان". It is cited like a paragraph and is none.
    """

    number: int  # 0: the title page
    position: int = 0  # 0: the whole paragraph; 1: (a), (أ) … 28: (bb), (غ)
    item: int = 0  # 0: the whole sub-paragraph; 1: (i) … 39: (xxxix)
    annex: int = 0  # 0: the report's body; 1: annex I, or the only annex
    # 0: the number itself; 1: 2 bis, 2: 2 ter … 9: 2 decies, between 2 and 3. Left out where it is 0, so that what is
    # stored of a report without them is, byte for byte, what it was before there were any.
    inserted: Annotated[int, Field(exclude_if=not_)] = 0

    def __post_init__(self) -> None:
        if not any(self.order):
            return
        if not 0 <= self.inserted <= MAX_INSERTED:
            raise ValueError(f"no paragraph is called {self.number} and {self.inserted} more: 0 to {MAX_INSERTED}")
        fits = 1 <= self.number <= MAX_NUMBER and 0 <= self.position <= len(ABJAD)
        if not (fits and 0 <= self.item <= (MAX_ITEM if self.position else 0) and 0 <= self.annex <= MAX_ANNEX):
            raise ValueError(
                f"no paragraph is called {self.number}, {self.position}, {self.item}, annex {self.annex}: "
                f"1 to {MAX_NUMBER}, 0 to 28, 0 to {MAX_ITEM} below a letter, 0 to {MAX_ANNEX}"
            )

    def __lt__(self, other: Ref) -> bool:
        return self.order < other.order

    def __str__(self) -> str:
        if self.is_front:
            return FRONT_NAME
        annex = f"annex{self.annex}:" if self.annex else ""
        letter = f"({self.letter})" if self.position else ""
        item = f"({roman(self.item)})" if self.item else ""
        return f"{annex}{self.number}{insertion_name(self.inserted, 'en')}{letter}{item}"

    @property
    def is_front(self) -> bool:
        """Whether this is the title page."""
        return not self.number

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """What refs sort by: 2, 2(a), 2 bis, 2 bis (a), 3."""
        return self.annex, self.number, self.inserted, self.position, self.item

    @property
    def level(self) -> int:
        """0 for a paragraph, 1 for a sub-paragraph, 2 for an item of one."""
        return bool(self.position) + bool(self.item)

    @property
    def letter(self) -> str:
        """`k`, or an empty string for a whole paragraph."""
        return letter_name(self.position, "en")

    @property
    def parent(self) -> Ref | None:
        """21(k)(ii) → 21(k); 21(k) → 21; 21 → None."""
        if self.item:
            return self.part(self.position)
        return self.part() if self.position else None

    def part(self, position: int = 0, item: int = 0) -> Ref:
        """A part of the same paragraph, or, without a position, all of it: of 2bis(c), part(1) → 2bis(a)."""
        return Ref(self.number, position, item, self.annex, self.inserted)

    def next_inserted(self) -> Ref | None:
        """What may be put between this paragraph and the next number: 2(c) → 2bis, 2bis → 2ter, 2decies → None."""
        if self.inserted == MAX_INSERTED:
            return None
        return Ref(self.number, annex=self.annex, inserted=self.inserted + 1)

    @property
    def eid(self) -> str:
        """The identifier after Akoma Ntoso's naming convention: 21(k) → `para_21__subpara_k`; FRONT → `front`."""
        if self.is_front:
            return FRONT_NAME
        parts = [f"att_{self.annex}"] if self.annex else []
        parts.append(f"para_{self.number}{insertion_name(self.inserted, 'en')}")
        parts += [f"subpara_{self.letter}"] if self.position else []
        parts += [f"point_{roman(self.item)}"] if self.item else []
        return "__".join(parts)

    def label(self, language: str) -> str:
        """21(k) → `21 (k)` in English, `21 (ك)` in Arabic."""
        arabic = language == "ar"
        if self.is_front:
            return "صفحة العنوان" if arabic else "title page"
        annex = (
            f"{'المرفق' if arabic else 'annex'} {roman(self.annex).upper()}{'،' if arabic else ','} "
            if self.annex
            else ""
        )
        letter = f" ({letter_name(self.position, language)})" if self.position else ""
        item = f" ‘{self.item}’" if arabic else f" ({roman(self.item)})"
        return f"{annex}{self.number_in(language)}{letter}{item if self.item else ''}"

    def number_in(self, language: str) -> str:
        """The number alone: 2bis(a) → `2 bis`, or `2 مكررا` in Arabic."""
        return f"{self.number} {insertion_name(self.inserted, language)}".rstrip()


FRONT = Ref(0)
"""The title page: before the first paragraph in reading order, in no range, and nobody's neighbour."""


@dataclass(frozen=True, slots=True)
class RefRange:
    """From `first` to `last`, both included: two paragraphs, or two sub-paragraphs of one; first < last."""

    first: Ref
    last: Ref

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def label(self, language: str) -> str:
        """21(a)-21(c) → `21 (a)–21 (c)`, or `21 (أ)–21 (ج)` in Arabic."""
        return f"{self.first.label(language)}–{self.last.label(language)}"


class Odd(NamedTuple):
    """What no paragraph is called by, in either language: `12000`, the `(zz)` of 21(zz), the `bis` of 21(k) bis."""

    en: str
    ar: str

    @classmethod
    def alike(cls, name: str) -> Odd:
        """`12000` → the same in both languages."""
        return cls(name, name)


@dataclass(frozen=True, slots=True)
class NoRef:
    """A name that is written like a paragraph's and that no paragraph here has: `21(k) bis`, `12000`, `21(zz)`.

    It is kept, so that whoever wrote it is told; `near` is the paragraph whose neighbours may have been meant, `whole`
    the one that the name begins with, if it begins with one.

    NoRef(Odd("bis", "مكررا"), Ref(21, 11), Ref(21, 11)): str → "21(k) bis", label("ar") → "21 (ك) مكررا".
    """

    odd: Odd
    near: Ref
    whole: Ref | None = None

    def __str__(self) -> str:
        gap = "" if self.odd.en.startswith("(") else " "
        return f"{self.whole}{gap}{self.odd.en}" if self.whole else self.odd.en

    def label(self, language: str) -> str:
        """21(zz) → `21 (zz)` in either language; 2bis 5 → `2 bis 5`, or `2 مكررا 5` in Arabic."""
        odd = self.odd.ar if language == "ar" else self.odd.en
        return f"{self.whole.label(language)} {odd}" if self.whole else odd


Target = Ref | RefRange | NoRef


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference found in running text: `text[start:end]` is how it was written."""

    targets: tuple[Target, ...]
    start: int
    end: int
