r"""Input that means harm, written by hand, in one place: what the service must bear and what a model might write.

    bodies.txt     what is sent as a body            refs.txt       names of paragraphs
    questions.txt  what is asked, searched, checked  paths.txt      request targets
    queries.txt    query strings                     headers.txt    header lines
    documents.txt  drafts and reports                outputs.py     what a language model writes

An input is a line; a line that starts with `#` and a space is a comment. `⟦…×N⟧` stands for N times what it holds, and
`\x41` for a byte; in all but bodies, `\n`, `\t`, `\r`, `\u0660` and `\U0001f642` stand for the characters they name.

>>> decoded("⟦ab×2⟧\\xff", as_text=False)
b'abab\xff'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.outputs import TRUE, TRUE_AR, outputs

__all__ = ["KINDS", "TRUE", "TRUE_AR", "decoded", "inputs", "outputs", "texts"]
KINDS = ("bodies", "questions", "refs", "paths", "queries", "headers", "documents")
_REPEATED = re.compile(r"⟦(.*?)×(\d+)⟧", re.DOTALL)
_BYTE = re.compile(rb"\\x([0-9a-f]{2})")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([ntr\\]))")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def decoded(line: str, *, as_text: bool) -> bytes:
    """What a line stands for."""
    if as_text:
        line = _ESCAPE.sub(lambda found: _NAMED.get(found[3] or "") or chr(int(found[1] or found[2], 16)), line)
    line = _REPEATED.sub(lambda found: found[1] * int(found[2]), line)
    return _BYTE.sub(lambda found: bytes([int(found[1], 16)]), line.encode("utf-8", "surrogatepass"))


def inputs(kind: str) -> Iterator[bytes]:
    """The inputs of a kind, as bytes."""
    for line in (Path(__file__).parent / f"{kind}.txt").read_text("utf-8").split("\n"):
        if line and not line.startswith("# "):
            yield decoded(line, as_text=kind != "bodies")


def texts(kind: str) -> list[str]:
    """The inputs of a kind, as text; bytes that are no UTF-8 are replaced."""
    return [data.decode("utf-8", "replace") for data in inputs(kind)]
