"""Words matched as words: a BM25 index a language, on folded and stemmed terms.

Names, symbols and numbers are what vectors blur and words keep. A symbol such as `A/CONF.234/15` is one term, and its
parts are terms too. Arabic prints `74/247` as `247/74`, so both orders of such a pair are one term.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
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

# Snowball's Arabic stemmer keeps these where the rest of a word is short; without them it finds 7 points more here.
_ARTICLES = ("بال", "كال", "فال", "لل", "ال")


def terms(text: str) -> list[str]:
    """The terms of a text, in order, stemmed; symbols whole and in parts.

    An English name in an Arabic text is stemmed as English: both sides of a match meet the same rule.

    >>> terms("قرار الجمعية العامة 247/74")
    ['قرار', 'جمع', 'عام', '74/247', '247', '74']
    """
    found: list[str] = []
    for token in _TERM.findall(fold(text)):
        if symbol := _symbol(token):
            found.append(symbol)
        found += [_stem(part) for part in _PART.split(token) if part]
    return found


def symbols(text: str) -> frozenset[str]:
    """The document symbols and resolution numbers in a text: terms that name one thing.

    >>> sorted(symbols("resolution 74/247 (see A/CONF.234/15)"))
    ['74/247', 'a/conf.234/15']
    """
    return frozenset(filter(None, map(_symbol, _TERM.findall(fold(text)))))


def _symbol(token: str) -> str | None:
    if pair := _PAIR.fullmatch(token):
        return "/".join(sorted(pair.groups(), key=int))
    return token if "/" in token and any(map(str.isdigit, token)) else None


def _stem(word: str) -> str:
    if word.isascii():
        stem: str = _stemmer("english").stemWord(word)
        return stem
    return str(_stemmer("arabic").stemWord(_without_clitics(word)))


def _without_clitics(word: str) -> str:
    """Take off و or ف, then the article with what hangs on it, where three letters are left.

    >>> _without_clitics("والتصدي"), _without_clitics("للجرائم"), _without_clitics("وطني")
    ('تصدي', 'جرائم', 'وطني')
    """
    if len(word) > 4 and word[0] in "وف" and (word[1:].startswith(_ARTICLES) or (word[0] == "و" and len(word) > 5)):
        word = word[1:]
    article = next((a for a in _ARTICLES if word.startswith(a) and len(word) >= len(a) + 3), "")
    return word[len(article) :]


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


class LexicalIndex:
    """BM25 over documents that the caller numbers from 0."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts; a text's position is its number."""
        return cls.of_terms([terms(text) for text in texts])

    @classmethod
    def of_terms(cls, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index texts that are terms already."""
        bm25 = bm25s.BM25(k1=K1, b=B)
        bm25.index(list(map(list, documents)), show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> LexicalIndex:
        """Read what `save` wrote, from the very bytes that the caller has checked. Raises ValueError or KeyError."""
        with tempfile.TemporaryDirectory(prefix="fiqra-") as folder:  # bm25s reads folders alone
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            return cls(bm25s.BM25.load(folder, allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write the index's files, JSON and plain NumPy arrays, into the folder."""
        self._bm25.save(str(folder), show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every document for the query, float32 [n]; 0 where no term is shared."""
        known = [term for term in terms(query) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], np.float32)
        return np.asarray(self._bm25.get_scores(known), np.float32)

    def documents_with(self, term: str) -> NDArray[np.int64]:
        """The numbers of the documents that hold a term, ascending; none for an unknown term."""
        column = self._bm25.vocab_dict.get(term)
        if column is None:
            return np.empty(0, np.int64)
        start, end = self._bm25.scores["indptr"][column : column + 2]
        return np.sort(self._bm25.scores["indices"][start:end]).astype(np.int64)
