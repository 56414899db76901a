"""Document symbols and resolution numbers: terms that name one thing, the same in every language.

`A/CONF.234/15` is one symbol. Arabic prints `74/247` as `247/74`, so both orders of such a pair are one symbol.
"""

from __future__ import annotations

import re

from corpus.text import fold

TERM = re.compile(r"[^\W_]+(?:[./\-][^\W_]+)*")
_PAIR = re.compile(r"(\d+)/(\d+)")


def symbols(text: str) -> frozenset[str]:
    """The symbols in a text, folded.

    >>> sorted(symbols("resolution 74/247 (see A/CONF.234/15)"))
    ['74/247', 'a/conf.234/15']
    """
    return frozenset(filter(None, map(as_symbol, TERM.findall(fold(text)))))


def as_symbol(term: str) -> str | None:
    """A folded term as the symbol that it is, or None for a word.

    >>> as_symbol("247/74"), as_symbol("and/or")
    ('74/247', None)
    """
    if pair := _PAIR.fullmatch(term):
        return "/".join(sorted(pair.groups(), key=_size))
    return term if "/" in term and any(map(str.isdigit, term)) else None


def _size(number: str) -> tuple[int, str]:
    """What orders digits as the number they are; `int` would refuse 4,301 of them, and take the square of their count.

    >>> _size("0247") > _size("74")
    True
    """
    digits = number.lstrip("0")
    return len(digits), digits
