"""What a named paragraph is asked about: the words, and whether and where they stand in it.

"What does paragraph 15 say about cryptocurrencies?"   → cryptocurrencies, which do not stand in it
"Does paragraph 9 mention virtual assets?"             → virtual, assets, which stand in its second sentence
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.language import asks_in_words
from corpus.text import fold
from service.answering.composed.topics import content_terms, holds
from service.records import Quote

_WORD = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*+")
# What says that something is spoken of, and not what.
_SPEAKING = frozenset(
    fold(
        """
        mention mentioned mentions speak speaks spoke spoken speakers
        refer refers referred reference discuss discusses discussed address deal
        addresses deals with regarding concerning there anything something any word words named made that this its by
        according from where when said stated ذكر ذكرت تذكر يذكر مذكور مذكورة وردت يرد تتطرق تطرقت تشير أشارت إشارة شيء
        شيئا هناك بشأن حول بخصوص كلمة لفظ بحسب حسب وفق وفقا قيل قالت قال تكلم تكلمت المتكلمون
        """
    ).split()
)


@dataclass(frozen=True, slots=True)
class About:
    """The words that a question asks a paragraph about; `is_topic` where it asks nothing else of them."""

    words: tuple[str, ...]
    is_topic: bool


def asked_about(rest: str, says_nothing: Callable[[str], bool]) -> About:
    """What is asked in the rest of a question, its references aside.

    >>> asked_about("Does it mention Japan?", lambda word: word in ("Does", "it"))
    About(words=('Japan',), is_topic=True)
    """
    said = [word for word in _WORD.findall(rest) if not says_nothing(word)]
    meant = (word for word in said if not asks_in_words(word) and not _speaks(fold(word)))
    return About(tuple(word for word in meant if content_terms(word)), not any(map(asks_in_words, said)))


def _speaks(word: str) -> bool:
    return word in _SPEAKING or word.removeprefix("و") in _SPEAKING


def stands(words: Sequence[str], text: str) -> bool:
    """Whether any of the words is in a text, in whatever form."""
    return any(holds(text, word) for word in words)


def holding(words: Sequence[str], sentences: Mapping[Quote, str]) -> tuple[Quote, ...]:
    """The sentences that hold the most of the words, in their order; none where none holds any."""
    held = {quote: sum(holds(text, word) for word in words) for quote, text in sentences.items()}
    most = max(held.values(), default=0)
    return tuple(quote for quote, count in held.items() if count == most and most)
