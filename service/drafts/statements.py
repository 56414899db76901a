"""A citation in a draft → the statement that it is to support, and what the paragraphs cited say to that.

    "Member States should promote corruption [21(e)]." → turned: the paragraph has these words and says "prevent"

A statement is the sentence that the citation closes or stands in, without what only introduces it ("As paragraph 9
says,"). Where there is none, as in "see para. 9", or where the sentence quotes, which is checked as a quotation,
nothing is stated here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.records import Language, Span
from corpus.refs import Mention
from corpus.text import fold
from service.drafts.quotations import MIN_WORDS, SENTENCE_END, Claims
from service.drafts.words import Word, split, trim
from service.faithful.shortening import MOST_CHARACTERS, Verdict, shorten

MOST_PARAGRAPHS = 40  # that one citation compares with; a longer range is cited as a whole
_REACH = 1_500  # characters around a citation in which its sentence lies
_TOGETHER = 8  # citations that stand together
_JOINED = re.compile(r"\W{0,8}(?:and|or|و|أو)?\W{0,8}")
_GAP = 40  # characters between a sentence and the citation after its stop
_ITEM = re.compile(r"\n(?=[ \t]{0,8}(?:[-*•>#|]|\d{1,3}[.)]\s))")
_WORD = re.compile(r"[^\W\d_]+")
_ASKING = "?!"
_PARTS = "([,;:-"  # what stands before an introduction: (see; , as stated in
# Words that introduce a citation and state nothing.
_FRAMING = frozenset(
    """see also cf as in of the a and or to by at from under with per para paras paragraph paragraphs report reports
    says say said states state stated notes note noted mentions mentioned reads read according it is has puts that ibid
    above below i e g this which its page quoted cited
    انظر راجع الفقره الفقرات فقره فقرات في من الي علي ان التقرير تقرير جا ورد كما وفقا بحسب حسب تنص نص تقول يقول يرد
    جاء بموجب و او هو هي ايضا اعلاه ادناه""".split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a draft states, in that language: the wordings that may be compared, of which one is enough.

    `given` are its words where they stand: those before the citation, then, where others follow it, all of them.
    """

    given: tuple[Sequence[Word], ...]
    language: Language
    wordings: tuple[str, ...]


class Statements:
    """The statements of one draft, by the citation that each goes with."""

    def __init__(self, found: Claims) -> None:
        self._text = found.text
        self._mentions = found.citations
        self._starts = [mention.start for mention in found.citations]
        self._named = found.named  # references, each with the document that it names: they state nothing
        self._named_ends = [span.end for span in self._named]
        self._quoted = [q.outer for q in found.quotations if q.words >= MIN_WORDS or q.citation]
        ends = {match.end() for match in (*SENTENCE_END.finditer(found.text), *_ITEM.finditer(found.text))}
        self._ends = [0, *sorted(ends), len(found.text)]

    def of(self, mention: Mention, language: Language) -> Statement | None:
        """What a citation is to support; None where it supports no statement, or a quotation."""
        at = bisect_right(self._ends, mention.start) - 1
        end = self._ends[at + 1] if at + 1 < len(self._ends) else len(self._text)
        sentence = Span(max(self._ends[at], mention.start - _REACH), min(end, mention.end + _REACH))
        first, before = self._run(mention)
        own = Span(max(sentence.start, before), max(sentence.start, first.start))
        if not self._says(own) and at and before <= sentence.start and self._is_bracketed(first, sentence):
            sentence = own = Span(max(self._ends[at - 1], before, sentence.start - _REACH), sentence.start)
        spans = [span for span in (own, sentence) if self._says(span)]
        if not spans or self._quotes(sentence):
            return None
        texts = [self._without_mentions(span) for span in spans]
        stated = [self._stated(span) for span in spans]
        wordings = [wording for text in texts for wording in (text, _unframed(text))]
        wordings += [" ".join(self._text[part[0].start : part[-1].end] for part in parts) for parts in stated]
        return Statement(
            tuple(trim([word for part in parts for word in part]) for parts in stated),
            language,
            tuple(w for w in dict.fromkeys(wordings) if w and len(w) <= MOST_CHARACTERS),
        )

    def _quotes(self, sentence: Span) -> bool:
        """Whether a quotation reaches into a sentence."""
        before = bisect_right(self._quoted, sentence.end - 1, key=lambda quoted: quoted.start)
        return before > 0 and self._quoted[before - 1].end > sentence.start

    def _run(self, mention: Mention) -> tuple[Mention, int]:
        """The first of the citations that stand together with this one, `[9] and [12]`, and where the last one ends."""
        number = bisect_right(self._starts, mention.start) - 1
        least = max(0, number - _TOGETHER)
        while number > least and _JOINED.fullmatch(self._between(number)):
            number -= 1
        return self._mentions[number], self._mentions[number - 1].end if number else 0

    def _between(self, number: int) -> str:
        return self._text[self._mentions[number - 1].end : self._mentions[number].start][:_GAP]

    def _is_bracketed(self, mention: Mention, sentence: Span) -> bool:
        """Whether it follows a stop, in brackets: `They agreed. [9]`."""
        gap = self._text[sentence.start : mention.start]
        return len(gap) <= _GAP and (self._text[mention.start] == "[" or gap.strip()[:1] in ("(", "["))

    def _says(self, span: Span) -> bool:
        words = (fold(word) for word in _WORD.findall(self._without_mentions(span)))
        return any(word not in _FRAMING for word in words)

    def _stated(self, span: Span) -> list[Sequence[Word]]:
        """The words between citations that state something: without what introduces a citation, or closes its bracket.

        `Criminals (see para. 9) use assets, as stated in paragraph 9` → Criminals | use assets
        """
        stated: list[Sequence[Word]] = []
        for part in self._between_mentions(span):
            words = _without_introduction(split(self._text, part.start, part.end))
            if part.start > span.start:
                words = _from(words, lambda word: word.is_word or word.text in _ASKING)
                words = words if stated else _from(words, lambda word: word.is_word and not _frames(word))
            stated += [words] if words else []
        return stated

    def _without_mentions(self, span: Span) -> str:
        parts = [self._text[part.start : part.end] for part in self._between_mentions(span)]
        return " ".join(" ".join(parts).replace("()", " ").replace("[]", " ").split()).strip(" ,;:،؛()[]—–-")

    def _between_mentions(self, span: Span) -> Iterator[Span]:
        at = span.start
        for named in self._named[bisect_right(self._named_ends, span.start) :]:
            if named.start >= span.end:
                break
            yield Span(at, max(at, named.start))
            at = min(named.end, span.end)
        yield Span(at, span.end)


def compare(statement: Statement, texts: Iterable[tuple[int, str]]) -> tuple[int, Verdict]:
    """What the first of some texts that proves a statement says to it, or else the one that shares most of its words.

    `texts` have a number each, which comes back with the verdict.
    """
    best: tuple[int, Verdict] = (-1, Verdict("absent", None))
    for number, text in texts:
        for wording in statement.wordings:
            verdict = shorten(wording, text, statement.language)
            if verdict.is_faithful:
                return number, verdict
            if verdict.shared > best[1].shared:
                best = number, verdict
    return best


def _unframed(text: str) -> str:
    """Without what introduces it: `As paragraph says, criminals use assets` → criminals use assets."""
    start = 0
    for word in _WORD.finditer(text):
        if fold(word[0]) not in _FRAMING:
            break
        start = word.end()
    return text[start:].lstrip(" ,;:،؛()[]—–-")


def _without_introduction(words: Sequence[Word]) -> Sequence[Word]:
    """Without what introduces a citation after it: `Criminals use assets (see` → Criminals use assets."""
    end = len(words)
    while end and (_frames(words[end - 1]) if words[end - 1].is_word else words[end - 1].text not in _ASKING):
        end -= 1
    marks = (n for n in range(end, len(words)) if words[n].text in _PARTS)
    return words[: next(marks, len(words))] if end else ()


def _from(words: Sequence[Word], begins: Callable[[Word], bool]) -> Sequence[Word]:
    return words[next((n for n, word in enumerate(words) if begins(word)), len(words)) :]


def _frames(word: Word) -> bool:
    return fold(word.text) in _FRAMING
