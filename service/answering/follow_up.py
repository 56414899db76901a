"""Follow-up questions: "and who moderated it?" leans on what was asked before it.

The rule: a question leans on the last one where it opens as a continuation ("and …", "what about …", "وماذا عن …"),
or where it is short and has a pronoun that points back. Such a question is ranked by its own evidence and half of
that of the question it leans on; any other question is ranked as if nothing had been said before, so that history
cannot make a standalone question worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold
from index.search.wording.dialects import standard

SHORT, VERY_SHORT = 8, 4
_CONTINUES = re.compile(
    r"^(?:and|but|also|or|so|then|what about|how about|what else|anything else|who else|why so|same for"
    r"|و ?ماذا|و ?ما|و ?من|و ?هل|و ?كيف|و ?لماذا|و ?متي|و ?اين|و ?كم|و ?اي|ماذا عن|و ?عن|كذلك|ايضا|ثم|طيب و)\b"
)
# "ما هي", "هذا التقرير" and "this report" stand alone, so هي, هذا and "this" are not here.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|he|his|him|she|her"
    r"|منهم|منها|منه|فيها|فيه|عنها|عنه|لها|له|لهم|بها|به|عليها|عليه|نفسه|نفسها)\b"
)
# An attached pronoun points back in "من أدارها؟"; in a longer question it mostly belongs to a noun before it.
_ATTACHED = re.compile(r"\b\w{3,}(?:ها|هما)\b")
# An Arabic verb holds its subject: "متى عُقدت؟" is "when was it held?". A noun has its article.
_NO_SUBJECT = re.compile(r"^و?(?:متي|اين|كيف|كم|لماذا) (?!ال)[^\W\d]{3,}\W*$")
_WORD = re.compile(r"\w+")


def leans_on(question: str, history: Sequence[str]) -> str | None:
    """The earlier question that this one leans on, or None for one that stands alone.

    `history` holds what the user asked before, oldest first.

    >>> leans_on("And who moderated it?", ["What happened at the fourth meeting?"])
    'What happened at the fourth meeting?'
    >>> leans_on("Who moderated the workshop?", ["What happened at the fourth meeting?"]) is None
    True
    """
    earlier = next((text for text in reversed(history) if text.strip()), None)
    if earlier is None:
        return None
    folded = fold(standard(question))
    words = len(_WORD.findall(folded))
    if words > SHORT:
        return None
    attached = words <= VERY_SHORT and _ATTACHED.search(folded)
    leans = _CONTINUES.search(folded) or _POINTS_BACK.search(folded) or _NO_SUBJECT.search(folded) or attached
    return earlier if leans else None
