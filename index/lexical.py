"""Words matched as words: a BM25 index a language, on folded and stemmed terms.

Names, symbols and numbers are what vectors blur and words keep. A symbol such as `A/CONF.234/15` is one term, and its
parts are terms too.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.symbols import TERM, as_symbol
from corpus.text import fold

_PART = re.compile(r"[./\-]")
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
    for token in TERM.findall(fold(text)):
        if symbol := as_symbol(token):
            found.append(symbol)
        found += [_stem(part) for part in _PART.split(token) if part]
    return found


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
    """BM25 over documents that the caller numbers from 0.

    bm25s computes what each term adds to each document, once, as a sparse matrix; asking only sums columns of it. That
    takes NumPy alone, so that what serves does without bm25s and the SciPy that it imports.
    """

    def __init__(self, columns: Mapping[str, int], arrays: Mapping[str, NDArray[Any]], count: int) -> None:
        self._columns = columns
        self._arrays = arrays
        self._count = count

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts; a text's position is its number."""
        return cls.of_terms([terms(text) for text in texts])

    @classmethod
    def of_terms(cls, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index texts that are terms already."""
        import bm25s  # noqa: PLC0415 - only building needs it

        bm25 = bm25s.BM25(k1=K1, b=B)
        bm25.index(list(map(list, documents)), show_progress=False)
        arrays = {name: np.asarray(bm25.scores[name]) for name in _ARRAYS}
        return cls(bm25.vocab_dict, arrays, len(documents))

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> LexicalIndex:
        """Read what `save` wrote, from the very bytes that the caller has checked. Raises ValueError or KeyError."""
        arrays = {name: np.load(io.BytesIO(files[f"{name}.npy"]), allow_pickle=False) for name in _ARRAYS}
        return cls(json.loads(files[_VOCABULARY]), arrays, int(json.loads(files[_PARAMETERS])["documents"]))

    def save(self, folder: Path) -> None:
        """Write the index's files, JSON and plain NumPy arrays, into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self._arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        (folder / _VOCABULARY).write_text(json.dumps(self._columns, ensure_ascii=False), "utf-8")
        (folder / _PARAMETERS).write_text(json.dumps({"documents": self._count, "k1": K1, "b": B}), "utf-8")

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every document for the query, float32 [n]; 0 where no term is shared."""
        scores = np.zeros(self._count, np.float32)
        for term in terms(query):
            if (column := self._column(term)) is not None:
                scores[self._arrays["indices"][column]] += self._arrays["data"][column]
        return scores

    def documents_with(self, term: str) -> NDArray[np.int64]:
        """The numbers of the documents that hold a term, ascending; none for an unknown term."""
        column = self._column(term)
        if column is None:
            return np.empty(0, np.int64)
        return np.sort(self._arrays["indices"][column]).astype(np.int64)

    def _column(self, term: str) -> slice | None:
        """Where a term's documents and what it adds to each stand; each document once."""
        if (number := self._columns.get(term)) is None:
            return None
        start, end = self._arrays["indptr"][number : number + 2]
        return slice(int(start), int(end))


_ARRAYS = ("data", "indices", "indptr")
_VOCABULARY, _PARAMETERS = "vocabulary.json", "parameters.json"
