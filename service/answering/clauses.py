"""Questions that ask two things: "Who came from INTERPOL, and what is its Innovation Centre for?" is two questions.

A question is parted where "and" (و) begins a second question, and between questions that each end in a question mark.
Each part is then answered for itself; a later one whose "its" points back is read as a follow-up to the one before it.
"""

from __future__ import annotations

import re

# "and which" without a comma mostly goes on about what was just said, and so does "وما" or "ومن" in Arabic.
_JOINT = (
    r"[,;،؛]\s*and\s+(?=(?:then\s+|also\s+)?(?:(?:in|on|to|for|from|by|with|under|at)\s+)?"
    r"(?:what|who|whom|whose|which|when|where|why|how|did|does|do|is|are|was|were)\b)"
    r"|(?<!\s)\s+and\s+(?=(?:what|who|when|where|why|how)\b)"
    r"|[,;،؛]\s*و(?=(?:ما|ماذا|من|متى|متي|أين|اين|كيف|كم|لماذا|هل|أي|اي|بماذا|لمن|إلى|الى)\b)"
)
_SECOND = re.compile(_JOINT, re.IGNORECASE)
_SECOND_OR_NEXT = re.compile(rf"(?<=[?؟])\s+|{_JOINT}", re.IGNORECASE)
_WORD = re.compile(r"\w+")
FEWEST, MOST = 2, 3


def clauses(question: str) -> tuple[str, ...]:
    """The questions in a question, in order; the question itself where it is one.

    >>> clauses("Who moderated, and when was it held?")
    ('Who moderated', 'when was it held?')
    """
    last = max(map(question.rfind, "?؟")) + 1
    if last and not _WORD.search(question, last):  # only what ends in a question is parted after question marks
        *before, final = _SECOND_OR_NEXT.split(question[:last])
        found = [*before, final + question[last:]]
    else:
        found = _SECOND.split(question)
    parts = [part.strip() for part in found]
    if not 1 < len(parts) <= MOST or any(len(_WORD.findall(part)) < FEWEST for part in parts):
        return (question,)
    return tuple(parts)
