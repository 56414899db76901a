"""Questions that name paragraphs by number: which paragraphs answer, and what is said where they do not."""

from __future__ import annotations

import pytest

from service.answering.engine import Engine
from service.records import Finding

pytestmark = pytest.mark.model


def refs(found: Finding) -> list[str]:
    """What is quoted, each once, in order."""
    return list(dict.fromkeys(str(quote.ref) for quote in found.quotes))


@pytest.mark.parametrize("text", ["21(a)", "21a", "21 A", "See 21(a)", "21 (a) please", "٢١(أ)", "21(أ)?"])
def test_a_paragraph_typed_alone_is_shown_though_its_letter_is_a_word(engine: Engine, text: str) -> None:
    """Tried by hand: with digits left out of small talk's words, those in Latin letters are greeted."""
    assert refs(engine.find(text, None, None)) == ["21(a)"]


@pytest.mark.parametrize("text", ["9(a)", "21u", "21(u)?"])
def test_a_paragraph_that_is_not_there_is_told_though_its_letter_is_a_word(engine: Engine, text: str) -> None:
    assert engine.find(text, None, None).reason == "unknown_paragraph"
