"""A report of 10,000 paragraphs and a service on it, to see what grows with a report."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from corpus.records import Correction, Language, Note, Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from index.build import build_index
from index.model.fakes import HashEmbedder
from service.state import State
from tests.support.services import hashed_state

ID = "large"
PARAGRAPHS = 10_000
WORDS: dict[Language, tuple[str, ...]] = {
    "en": tuple("Member States monitor firearms (A/CONF.234/5)".split()),
    "ar": tuple("تُشجّع الدول على رصد Chainalysis".split()),
}


class FastHashes(HashEmbedder):
    """Word hashes that are worked out once a word."""

    def __init__(self) -> None:
        super().__init__()
        self._kept = cache(super()._word)

    def _word(self, word: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return self._kept(word)


def refs() -> list[Ref]:
    """8,000 paragraphs, of which the seventh has 28 letters and each of those 39 items; the rest in an annex."""
    found = [Ref(number) for number in range(1, 8_001)]
    found += [Ref(7, letter) for letter in range(1, 29)]
    found += [Ref(7, letter, item) for letter in range(1, 29) for item in range(1, 40)]
    found += [Ref(number, annex=1) for number in range(1, PARAGRAPHS - len(found) + 1)]
    return sorted(found, key=lambda ref: ref.order)


def large_report(name: str = ID) -> Report:
    """Both languages, a heading for every two paragraphs, a correction and a note in every third."""
    numbered = refs()

    def rendering(language: Language) -> Rendering:
        words = WORDS[language]
        paragraphs = []
        for place, ref in enumerate(numbered):
            turn = place % len(words)
            text = f"{' '.join([*words[turn:], *words[:turn]])} {ref}."
            mended = Correction(
                str(ref), "misprint", text[:4], "certain", "a reason in English, and تفتقر", "سبب", Span(0, 4)
            )
            paragraphs.append(
                Paragraph(
                    ref,
                    text,
                    (f"Part {ref.number // 100}", f"Chapter {ref.number // 2}"),
                    Span(place, place + 1),
                    emphasis=(Span(5, 9),),
                    corrections=(mended,) if place % 3 == 0 else (),
                    notes=(Note("1", 4, "A note."),) if place % 3 == 0 else (),
                )
            )
        front = (TitleBlock("title", f"A large report ({language})"), TitleBlock("congress", "A congress"))
        return Rendering(language, language == "ar", front, tuple(paragraphs), "large.txt", "0" * 64)

    return Report(name, (rendering("ar"), rendering("en")), "A/CONF.999/1", 2024)


def large_state(folder: Path) -> State:
    """A service on the index of that report alone, which is built below the folder."""
    build_index(folder / "index", (large_report(),), FastHashes(), "hash")
    return hashed_state(folder)
