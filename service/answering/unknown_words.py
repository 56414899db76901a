"""Questions none of whose words a report has: "pizza", and "asdfgh", keys struck at random in either script.

Vectors are near to something whatever they are of, those of no language most of all. Where no word stands in any
paragraph, only meaning speaks for an answer, and of a word or two clearly: `LIKELY` at least. A sentence
is read as any other: people ask in words of their own. But "Does the report mention bitcoin?" asks for the word.
"""

from __future__ import annotations

from typing import Literal

from corpus.language import asks_in_words, detect
from corpus.records import Language
from index.contents import IndexContents
from index.model.embedding import Encoding
from index.search.lexical import terms
from index.search.scope import Scope
from service.answering.composed.topics import MOST_WORDS, topic_of, topic_sought

Words = Literal["known", "unknown", "none"]
_SHORTEST = 3  # letters of a stem that tells: "of", "in", "what" are everywhere
# Letters a token, where keys are struck at random: of 31 such texts 29 have so few, of 28 words 5, names most of them.
_PIECE = 2.0


def words_of(question: str, encoding: Encoding, contents: IndexContents, within: Scope) -> Words:
    """`known` where a word of the question stands in the reports that are asked, or where it is a sentence.

    Else `unknown` for a topic that they do not name, and `none` for what is no words at all. Of a language that the
    reports lack, words cannot be looked for.
    """
    sought = topic_sought(question)
    if sought is None and (asks_in_words(question) or len(question.split()) > MOST_WORDS):
        return "known"
    languages = {each for report in contents.reports if within.admits(report) for each in report.languages}
    asked = [term for term in terms(sought or question) if len(term) >= _SHORTEST]
    if not asked or any(_stands(term, language, contents, within) for language in languages for term in asked):
        return "known"
    if sum(map(str.isalnum, question)) <= _PIECE * len(encoding.tokens):
        return "none"
    return "unknown" if detect(question).language in languages and topic_of(question) else "known"


def _stands(term: str, language: Language, contents: IndexContents, within: Scope) -> bool:
    return bool(len(contents.lexical[language].holders(term, 1, within.documents(contents, language))))
