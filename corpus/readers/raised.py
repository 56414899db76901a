"""Raised and lowered letters as the characters that Unicode has for them: `m2` with its 2 raised → `m²`.

A raised letter that nobody can see as raised is a wrong word, as `crownsa` for "crowns" with a note's mark; the ending
of a number (`1st`) is read as it is written.
"""

from __future__ import annotations

_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_SIGNS = frozenset("0123456789+-−=() ")


def raised(text: str) -> str:
    """A text above the line: `raised("2") → "²"`, `raised("st") → "st"`."""
    if set(text) <= _SIGNS:
        return text.translate(_RAISED)
    return text.translate(_LETTERS) if len(text.strip()) == 1 else text


def lowered(text: str) -> str:
    """A text below the line: `lowered("2") → "₂"`."""
    return text.translate(_LOWERED) if set(text) <= _SIGNS else text
