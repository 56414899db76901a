"""Words matched as words: a BM25 index a language, on folded and stemmed terms.

Names, symbols and numbers are what vectors blur and words keep. A symbol such as `A/CONF.234/15` is one term, and its
parts are terms too. Arabic prints `74/247` as `247/74`, so both orders of such a pair are one term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.text import fold

_TERM = re.compile(r"[^\W_]+(?:[./\-][^\W_]+)*")
_PART = re.compile(r"[./\-]")
_PAIR = re.compile(r"(\d+)/(\d+)")
# Lucene's defaults; XQuAD's development articles leave them where they are.
K1, B = 1.2, 0.75


@lru_cache(maxsize=2)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def terms(text: str) -> list[str]:
    """The terms of a text, in order, stemmed; symbols whole and in parts.

    An English name in an Arabic text is stemmed as English: both sides of a match meet the same rule.

    >>> terms("قرار الجمعية العامة 247/74")
    ['قرار', 'جمع', 'عام', '74/247', '247', '74']
    """
    found: list[str] = []
    for token in _TERM.findall(fold(text)):
        if pair := _PAIR.fullmatch(token):
            found.append("/".join(sorted(pair.groups(), key=int)))
        elif not token.isalnum() and any(map(str.isdigit, token)):
            found.append(token)
        found += [part for part in _PART.split(token) if part]
    arabic, english = _stemmer("arabic"), _stemmer("english")
    return [english.stemWord(word) if word.isascii() else arabic.stemWord(word) for word in found]


class LexicalIndex:
    """BM25 over documents that the caller numbers from 0."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts; a text's position is its number."""
        bm25 = bm25s.BM25(k1=K1, b=B)
        bm25.index([terms(text) for text in texts], show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what `save` wrote; the caller has checked the files' hashes."""
        return cls(bm25s.BM25.load(str(folder)))

    def save(self, folder: Path) -> None:
        """Write the index's files, JSON and plain NumPy arrays, into the folder."""
        self._bm25.save(str(folder), show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every document for the query, float32 [n]; 0 where no term is shared."""
        known = [term for term in terms(query) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], np.float32)
        return np.asarray(self._bm25.get_scores(known), np.float32)

    def known_share(self, query: str) -> float:
        """The share of the query's distinct terms that the index knows, 0 to 1."""
        asked = set(terms(query))
        return sum(term in self._bm25.vocab_dict for term in asked) / len(asked) if asked else 0.0
