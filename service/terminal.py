r"""What the command line prints: whatever a report or a file's name holds, nothing of it controls the terminal.

tell("harbours\x1b[2J") → harbours\x1b[2J, as it is written here
"""

from __future__ import annotations

import re

import click

# C0 but for line feeds and tabs, C1, what turns the direction of text round, and halves of characters, which a file's
# name may have and no terminal can be sent.
_CONTROLLING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def tell(text: str, *, err: bool = False) -> None:
    """Print a text for people."""
    click.echo(plain(text), err=err)


def tell_json(document: str) -> None:
    """Print a JSON document: the same one, with what would control the terminal in escapes."""
    click.echo(_CONTROLLING.sub(lambda found: f"\\u{ord(found[0]):04x}", document))


def plain(text: str) -> str:
    r"""The text with its control characters written out.

    >>> plain("a\x07b\u202e")
    'a\\x07b\\u202e'
    """
    return _CONTROLLING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
