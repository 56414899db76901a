"""Questions that name a topic and ask nothing else of it: "Where are darknet markets mentioned?", "children".

    topic_of("What about artificial intelligence?") → "artificial intelligence"

The words around a topic say nothing of what is sought. A model that reads them all finds them met nowhere in a passage,
and takes that for a sign that it does not answer; so such a question is read without them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.language import asks_in_words, detect
from corpus.records import Language
from corpus.text import bare
from index.contents import IndexContents
from index.search.fusion import Passage
from index.search.lexical import terms
from index.search.retrieve import Retriever
from index.search.scope import Scope
from service.answering.composed.topic_frames import asks_whether, framed_topic
from service.answering.extraction import Extractor
from service.answering.messages import SEMICOLON, say
from service.paragraphs.citing import in_a_row
from service.paragraphs.documents import Documents
from service.records import Finding, Question, Quote

COMPOSED = 0.9  # a rule found it, no probability: less than what was looked up by its number
MOST_SENTENCES = 5
_READ = 60  # of the passages that retrieval ranks for the topic
_LISTED = 12  # paragraphs in a note
_SAYS_NOTHING = frozenset(
    terms("the a an of in on for to and or by with from at as its use s في من على إلى عن و أو مع ب ل بين التي الذي")
)
MOST_WORDS = 4  # of a topic that stands alone: more are mostly a question without its question mark
_LEADING = re.compile(
    r"^(?:(?:(?:and|or|but|so|ok|okay|then|about|on|regarding) )+(?:the )?|و?(?:عن|حول|بشأن) )", re.IGNORECASE
)
# What people write short and reports spell out, and plurals that no stemmer knows; all as they are stemmed.
_ALSO = {
    "ai": frozenset(terms("artificial intelligence")),
    "ict": frozenset(terms("information communications technologies")),
    "iot": frozenset(terms("internet things")),
    "mla": frozenset(terms("mutual legal assistance")),
    "sdg": frozenset(terms("sustainable development goals")),
    "un": frozenset(terms("united nations")),
    "uk": frozenset(terms("united kingdom")),
    "usa": frozenset(terms("united states")),
    "eu": frozenset(terms("european union")),
    "children": frozenset(["child"]),
    "child": frozenset(["children"]),
    "women": frozenset(terms("woman")),
    "woman": frozenset(terms("women")),
}
_NEVER = frozenset([""])
_SHORTEST = 2  # characters: "AI"
_WORD = re.compile(r"[^\W_]+(?:[-'’/.][^\W_]+)*")
_ENDS = " ?؟.!،,:;؛\"'«»“”"


def topic_of(question: str) -> str | None:
    """What a question is about, where it says nothing but that; None where it asks something of it.

    >>> topic_of("Is 3D printing mentioned?"), topic_of("الأطفال"), topic_of("Who came from Facebook?")
    ('3D printing', 'الأطفال', None)
    """
    text = _plain(question)
    framed = framed_topic(text)
    topic = text if framed is None else framed.strip(_ENDS)
    words = _WORD.findall(topic)
    is_long = framed is None and len(words) > MOST_WORDS
    if sum(map(len, words)) < _SHORTEST or asks_in_words(topic) or is_long:
        return None
    return topic


def topic_sought(question: str) -> str | None:
    """The topic of a question that asks whether, or where, the report has it; None of any other.

    >>> topic_sought("Does the report mention bitcoin?"), topic_sought("What was said about bitcoin?")
    ('bitcoin', None)
    """
    return topic_of(question) if asks_whether(_plain(question)) else None


def _plain(question: str) -> str:
    return _LEADING.sub("", bare(question).strip(_ENDS))


class Topics:
    """Answers a topic with the sentences that hold its words."""

    def __init__(
        self, contents: IndexContents, documents: Documents, retriever: Retriever, extractor: Extractor
    ) -> None:
        self._contents = contents
        self._documents = documents
        self._retriever = retriever
        self._extractor = extractor

    def find(self, question: Question, within: Scope, earlier: str | None = None) -> Finding | None:
        """The best sentences that hold all the topic's words; None where it is no topic, or no sentence does.

        Which are best, an earlier question that this one leans on has a say in.
        """
        topic = topic_of(question.text)
        if topic is None or not content_terms(topic) or detect(topic).language != question.asked_in:
            return None
        retrieval = self._retriever.search(topic, question.asked_in, within, earlier)
        found = list(self._holding(topic, question, retrieval.passages[:_READ]))
        if not found:
            return None
        return Finding(
            question.language,
            COMPOSED,
            self._extractor.said_in(found[:MOST_SENTENCES], question.language),
            retrieval.passages,
            note=self._see_also(found, question.language),
            timings_ms=retrieval.timings_ms,
            as_found=True,
        )

    def _see_also(self, found: Sequence[Quote], language: Language) -> str | None:
        """The paragraphs that hold the words and are not quoted, in reading order."""
        shown = {(quote.report, quote.ref) for quote in found[:MOST_SENTENCES]}
        left = {(q.report, q.ref) for q in found} - shown
        ordered = sorted(left, key=lambda key: (key[0], self._contents.by_id[key[0]].places[key[1]]))
        labels = (self._documents.label_of(report, language) for report, _ in ordered)
        places = (
            in_a_row(filter(None, (label, self._contents.by_id[report].label(ref, language))), language)
            for label, (report, ref) in zip(labels, ordered, strict=True)
        )
        listed = SEMICOLON[language].join(list(places)[:_LISTED])
        return say("see_also", language, refs=listed) if left else None

    def _holding(self, topic: str, question: Question, passages: Sequence[Passage]) -> Iterator[Quote]:
        for passage in passages:
            rendering = self._contents.by_id[passage.report].rendering(question.asked_in)
            text = rendering.by_ref[passage.ref].text
            if rendering.language == question.asked_in and holds(text, topic):
                for quote in self._extractor.every_sentence(passage.report, [passage.ref], rendering.language):
                    if holds(text[quote.start : quote.end], topic):
                        yield quote


def holds(text: str, topic: str) -> bool:
    """Whether a text holds all the words of a topic, in whatever form; letters that stand for words, spelled out.

    >>> holds("Artificial intelligence can improve policing.", "AI"), holds("The marking of firearms.", "firearm marks")
    (True, True)
    """
    held = set(terms(text))
    return all(term in held or _ALSO.get(term, _NEVER) <= held for term in content_terms(topic))


def content_terms(text: str) -> list[str]:
    """The terms of a text, without those that say nothing: `content_terms("the role of academia")`."""
    return [term for term in terms(text) if term not in _SAYS_NOTHING]


def quoted_passages(quotes: Sequence[Quote]) -> tuple[Passage, ...]:
    """The paragraphs that are quoted, in that order, as if they had been ranked so."""
    keys = list(dict.fromkeys((quote.report, quote.ref) for quote in quotes))
    return tuple(Passage(report, ref, float(len(keys) - i), {}) for i, (report, ref) in enumerate(keys))
