"""What a reference names: a paragraph, a range of them, and a place in a text where they are named."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.numerals import ABJAD, arabic_indic, letter_name

MAX_NUMBER = 9999


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The canonical name of a paragraph; refs sort in reading order.

    Ref(21, 11): str → "21(k)", label("ar") → "21 (ك)", eid → "para_21__subpara_k".
    """

    number: int
    position: int = 0  # 0: the whole paragraph; 1: (a), (أ) … 28: (bb), (غ)

    def __post_init__(self) -> None:
        if not (1 <= self.number <= MAX_NUMBER and 0 <= self.position <= len(ABJAD)):
            raise ValueError(f"no paragraph is called {self.number}, {self.position}: 1 to {MAX_NUMBER}, 0 to 28")

    def __str__(self) -> str:
        return f"{self.number}({self.letter})" if self.position else str(self.number)

    @property
    def letter(self) -> str:
        """`k`, or an empty string for a whole paragraph."""
        return letter_name(self.position, "en")

    @property
    def parent(self) -> Ref | None:
        """21(k) → 21; 21 → None."""
        return Ref(self.number) if self.position else None

    @property
    def eid(self) -> str:
        """The identifier after Akoma Ntoso's naming convention: 21(k) → `para_21__subpara_k`."""
        return f"para_{self.number}__subpara_{self.letter}" if self.position else f"para_{self.number}"

    def label(self, language: str) -> str:
        """21(k) → `21 (k)` in English, `21 (ك)` in Arabic."""
        return f"{self.number} ({letter_name(self.position, language)})" if self.position else str(self.number)

    def local_label(self, language: str) -> str:
        """As `label`, with the digits of the language: 21(k) → `٢١ (ك)` in Arabic."""
        return arabic_indic(self.label(language)) if language == "ar" else self.label(language)


@dataclass(frozen=True, slots=True)
class RefRange:
    """From `first` to `last`, both included: two paragraphs, or two sub-paragraphs of one; first < last."""

    first: Ref
    last: Ref

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


Target = Ref | RefRange


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference found in running text: `text[start:end]` is how it was written."""

    targets: tuple[Target, ...]
    start: int
    end: int
