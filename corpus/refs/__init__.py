"""The one grammar of paragraph references: a path, a query, the command line and a question all read it.

    parse_ref("٢١(ك)") → Ref 21(k)
    parse_refs("paras. 9-11 and 21(b)") → (RefRange 9-11, Ref 21(b))
    find_refs("ماذا جاء في الفقرة ٢١ (ك)؟") → one Mention, over "الفقرة ٢١ (ك)"

A text becomes characters that compare (`numerals`), tokens (`tokens`), then what they name (`types`):
`parser` reads a text that is meant to be a reference, `prose` finds references among other words.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import UnreadableReference
from corpus.refs.cursor import CLOSING
from corpus.refs.parser import Parser
from corpus.refs.pieces import FINAL
from corpus.refs.prose import ProseParser
from corpus.refs.tokens import Token, tokenize, with_letters, with_sure_letters
from corpus.refs.types import FRONT, Mention, NoRef, Ref, RefRange, Target

__all__ = [
    "ACCEPTED_FORMS",
    "FRONT",
    "Mention",
    "NoRef",
    "Ref",
    "RefRange",
    "Target",
    "UnreadableReference",
    "each_ref",
    "find_refs",
    "is_reference",
    "parse_ref",
    "parse_refs",
]

ACCEPTED_FORMS = (
    "21, 21(k), 21 (ك), 21 k), para. 21 (k), الفقرة 21 (ك), 2 bis, 2 مكررا, 9-11, 21(a)-(c), 9,12,21(b), title page"
)
_MAX_LENGTH = 200
_SHOWN = 40  # characters of an unreadable text that its message repeats


def parse_refs(text: str) -> tuple[Target, ...]:
    """Read a text that is one reference expression: "9-11, 21 (ب)" → (RefRange 9-11, Ref 21(b)).

    Raises UnreadableReference for anything else; the message shows the forms that are accepted.
    """
    if len(text) > _MAX_LENGTH:  # before any work is done on it
        raise _unreadable(text, f"it is longer than {_MAX_LENGTH} characters")
    tokens = with_letters([token for token in tokenize(text) if token.kind != "break"])
    while len(tokens) > 1 and tokens[-2].text in FINAL:
        del tokens[-2]
    parser = Parser(tokens)
    targets = parser.expression()
    if not targets and len(tokens) > 3 and CLOSING.get(tokens[0].text) == tokens[-2].text:
        targets = Parser([*tokens[1:-2], tokens[-1]]).expression()  # [21(k)]
    if not targets:
        raise _unreadable(text, _half_bracketed(tokens) or parser.problem)
    return tuple(targets)


def is_reference(text: str) -> bool:
    """Whether `parse_refs` reads it.

    >>> is_reference("٢١(ك)"), is_reference("resolution 74/247")
    (True, False)
    """
    try:
        return bool(parse_refs(text))
    except UnreadableReference:
        return False


def parse_ref(text: str) -> Ref:
    """Read a text that names exactly one paragraph: "الفقرة ٢١ (ك)" → Ref 21(k)."""
    targets = parse_refs(text)
    if len(targets) == 1 and isinstance(targets[0], Ref):
        return targets[0]
    raise _unreadable(text, "it names several paragraphs where one is expected")


def find_refs(text: str) -> tuple[Mention, ...]:
    """Find the references in running text: "Does paragraph 9 say so? [21(k)]" → 9 and 21(k), with their places.

    A reference has a keyword, a section sign, square brackets around it, or a bracketed letter; a bare number
    never is one. Reads any text, in time linear in its length.
    """
    return tuple(each_ref(text))


def each_ref(text: str) -> Iterator[Mention]:
    """Find the same one after the other, for who may need but the first of them."""
    return ProseParser(with_sure_letters(tokenize(text))).mentions()


def _half_bracketed(tokens: list[Token]) -> str:
    """What is wrong with brackets that are not two and two; "" where they are."""
    marks = [token.text for token in tokens]
    opened, closed = (sum(map(marks.count, brackets)) for brackets in ("([{", ")]}"))
    if opened == closed:
        return ""
    return f"its brackets do not pair, {opened} opening and {closed} closing"


def _unreadable(text: str, problem: str) -> UnreadableReference:
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:_SHOWN])
    shown += "…" if len(text) > _SHOWN else ""
    return UnreadableReference(f"“{shown}” is not a paragraph reference: {problem}. Accepted: {ACCEPTED_FORMS}")
