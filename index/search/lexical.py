"""Words matched as words: a BM25 index a language, on folded and stemmed terms.

Names, symbols and numbers are what vectors blur and words keep. A symbol such as `A/CONF.234/15` is one term, and its
parts are terms too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.symbols import TERM, as_symbol
from corpus.text import fold
from index.stores.postings import Postings

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


Match = tuple[int, float]
"""A document's number and its BM25."""


class WordStore(Protocol):
    """What finds the documents of a language by their words."""

    def best(self, asked: Sequence[str], k: int, among: NDArray[np.int64] | None = None) -> list[Match]:
        """The `k` documents with the highest BM25 above 0 for some terms, best first; only among those given."""
        ...

    def holders(self, term: str, k: int, among: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Up to `k` documents that hold a term, ascending; only among those given."""
        ...


@dataclass(frozen=True)
class Block:
    """Documents counted together; `numbers` int64 [n] is what the index calls each, −1 where it is no longer there."""

    postings: Postings
    numbers: NDArray[np.int64]

    @cached_property
    def is_whole(self) -> bool:
        """Whether every document is still there."""
        return bool((self.numbers >= 0).all())


class LexicalIndex:
    """BM25 over documents that the caller numbers from 0, counted in blocks: those of an index before, and new ones.

    What a term adds to a document is computed when it is asked for, as Lucene does (and bm25s in advance), so that
    blocks can be memory-mapped and stay true while others come and go.
    """

    def __init__(self, blocks: Sequence[Block], count: int) -> None:
        self.blocks = tuple(blocks)
        self._count = count
        present = [(block.postings.lengths, block.numbers >= 0) for block in blocks]
        total = sum(int(lengths[alive].sum(dtype=np.int64)) for lengths, alive in present)
        self._mean_length = total / max(count, 1) or 1.0

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts; a text's position is its number."""
        return cls.of_postings(Postings.of(terms(text) for text in texts))

    @classmethod
    def of_postings(cls, postings: Postings) -> LexicalIndex:
        """An index of one block."""
        count = len(postings.lengths)
        return cls([Block(postings, np.arange(count, dtype=np.int64))], count)

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every document for a query's terms, float32 [n]; 0 where none is shared."""
        scores = np.zeros(self._count, np.float32)
        weighed = {term: list(self._weighed(term)) for term in set(asked)}
        for term in asked:
            for numbers, weights in weighed[term]:
                scores[numbers] += weights
        return scores

    def best(self, asked: Sequence[str], k: int, among: NDArray[np.int64] | None = None) -> list[Match]:
        """The best documents; see `WordStore.best`."""
        scores = self.scores(asked)
        return [(int(document), float(scores[document])) for document in best_of(scores, k, among)]

    def holders(self, term: str, k: int, among: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """The documents that hold a term; see `WordStore.holders`."""
        found = self.documents_with(term)
        return (found if among is None else np.intersect1d(found, among))[:k]

    def documents_with(self, term: str) -> NDArray[np.int64]:
        """The numbers of the documents that hold a term, ascending; none for an unknown term."""
        return np.sort(np.concatenate([np.empty(0, np.int64), *(numbers for numbers, _, _ in self._holders(term))]))

    def weights(self) -> list[dict[str, float]]:
        """What each term adds to each document: a document's score is the sum over the terms of a query."""
        found: list[dict[str, float]] = [{} for _ in range(self._count)]
        for term in dict.fromkeys(term for block in self.blocks for term in block.postings.terms()):
            for numbers, weights in self._weighed(term):
                for number, weight in zip(numbers.tolist(), weights.tolist(), strict=True):
                    found[number][term] = weight
        return found

    def _weighed(self, term: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The documents that hold a term, and what it adds to each."""
        held = list(self._holders(term))
        holders = sum(len(numbers) for numbers, _, _ in held)
        rarity = np.float32(np.log(1 + (self._count - holders + 0.5) / (holders + 0.5)))
        for numbers, counts, lengths in held:
            norm = np.float32(K1) * (np.float32(1 - B) + np.float32(B / self._mean_length) * lengths)
            yield numbers, rarity * counts / (norm + counts)

    def _holders(self, term: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]]:
        """The documents of each block that hold a term: their numbers, how often they do, and their lengths."""
        for block in self.blocks:
            if (found := block.postings.find(term)) is None:
                continue
            documents = block.postings.documents[found]
            counts = block.postings.counts[found]
            numbers = block.numbers[documents]
            if not block.is_whole:
                alive = numbers >= 0
                numbers, counts, documents = numbers[alive], counts[alive], documents[alive]
            yield numbers, counts.astype(np.float32), block.postings.lengths[documents].astype(np.float32)


def best_of(scores: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """The positions of the `k` best scores above 0, best first, equal ones in their order; among `allowed` alone.

    >>> best_of(np.array([0, 2, 1, 2], np.float32), 2)
    array([1, 3])
    """
    positions = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
    found = scores[positions]
    if len(found) > k:  # without sorting a million scores
        least = np.partition(found, -k)[-k]
        above, equal = np.flatnonzero(found > least), np.flatnonzero(found == least)
        kept = np.sort(np.concatenate([above, equal[: k - len(above)]]))
        positions, found = positions[kept], found[kept]
    best: NDArray[np.int64] = positions[np.argsort(-found, kind="stable")]
    return best
