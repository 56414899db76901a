"""A draft → what it claims of the report: the citations in it, the quotations, and which cites which.

    claims('“Member States are encouraged” [21(k)]') → one citation, one quotation that goes with it

Quotations stand between quotation marks of either language or in a Markdown block quote. Whatever has no such mark is
a paraphrase, and none of this module's business. Every step reads the text once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from corpus.records import Span
from corpus.refs import Mention, each_ref
from service.drafts.words import count_words, split
from service.paragraphs.documents import Documents, Named
from service.paragraphs.whose import Belonging, belongings

MIN_WORDS = 3  # shorter quotations count only where a citation is attached to them

# “So” opens → what closes it. Reversed marks («»  typed as »«, ”Swedish”) open where a word begins after a gap.
_CLOSES = {"“": "”", "„": "“”", "”": "”“", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’"}
_NESTS = '"'  # the one mark that looks the same at either end
_MARK = re.compile(f"[{''.join(_CLOSES)}›’]")
_BREAK = re.compile(r"\n[^\S\n]*\n")
_OPENS_AFTER = re.compile(r"(?:^|[\s([{:،,;؛/>—–“«‹„\"‘]|(?<![^\W\d_])[وفبكل]{1,2})$")

_BLOCK = re.compile(r"^[ \t]{0,3}>.*(?:\n[ \t]{0,3}>.*)*", re.MULTILINE)
_BLOCK_MARK = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_CALLOUT = re.compile(r"\s*\[!\w+\]")  # > [!NOTE]
_ATTRIBUTION = re.compile(r"[—–-]{1,3}[ \t]")  # — Report, para. 21 (k)

# A stop ends a sentence, except after a word of one or two letters: "e.g. ", "No. ". A colon leads over a blank line.
SENTENCE_END = re.compile(
    r"(?<!\b[^\W\d_])(?<!\b[^\W\d_]{2})[.](?=\s|$)|[!?؟](?=\s|$)|(?<!:)\n[^\S\n]*\n", re.MULTILINE
)
_ENDS = (".", "!", "?", "؟", "…", "。")
_ATTACHED = re.compile(r"[\s.,;:،؛!?؟…—–-]*(?:[(（\[][^()\[\]\n]{0,80})?")
_GLANCE = 200  # characters that nearly always hold the words that make a quotation long enough
_REACH = 1_000  # characters between a quotation and its citation


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text[start:end]` stands between marks, which reach from `outer.start` to `outer.end`.

    `words` is exact below `MIN_WORDS`. `inside` are the mentions within it, such as the marker of “… [21(k)]”;
    `citation` is the mention that it cites.
    """

    start: int
    end: int
    outer: Span
    words: int
    inside: tuple[Mention, ...] = ()
    citation: Mention | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a draft claims; `text` is the draft with the `>` of its block quotes blanked, at the same offsets.

    `elsewhere` are the citations of documents that are not loaded; what is quoted from those is no claim.
    `documents` are those that citations name, by where the citation begins.
    """

    text: str
    citations: tuple[Mention, ...]
    quotations: tuple[Quotation, ...]
    elsewhere: tuple[Belonging, ...] = ()
    documents: Mapping[int, Named] = field(default_factory=dict)

    @property
    def named(self) -> tuple[Span, ...]:
        """Where references stand, with the documents that they name; in order, those that touch made one."""
        spans = [Span(each.start, each.end) for each in self.elsewhere]
        for mention in self.citations:
            whose = self.documents.get(mention.start, mention)
            spans.append(Span(min(mention.start, whose.start), max(mention.end, whose.end)))
        merged: list[Span] = []
        for span in sorted(spans, key=lambda s: (s.start, s.end)):
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
            else:
                merged.append(span)
        return tuple(merged)


def claims(draft: str, most: int | None = None, documents: Documents | None = None) -> Claims:
    """Find every citation and quotation, each in reading order, and pair them; no more than `most` citations.

    >>> found = claims('Paragraph 4 says: "Morocco spoke in Kyoto".')
    >>> found.quotations[0].citation == found.citations[0]
    True
    """
    text = _BLOCK_MARK.sub(lambda mark: " " * len(mark[0]), draft)
    cited = belongings(text, list(islice(each_ref(text), most)), documents or Documents(()))
    mentions = [each.mention for each in cited]
    spans = _without_overlap([*_blocks(draft, text), *_marked(text)])
    quotations = _Pairing(text, [_quotation(text, inner, outer, mentions) for inner, outer in spans], mentions).paired()
    foreign = {each.mention.start for each in cited if each.foreign}
    return Claims(
        text,
        tuple(mention for mention in mentions if mention.start not in foreign),
        tuple(q for q in quotations if q.citation is None or q.citation.start not in foreign),
        tuple(each for each in cited if each.foreign),
        {each.mention.start: each.document for each in cited if each.document},
    )


def _quotation(text: str, inner: Span, outer: Span, mentions: Sequence[Mention]) -> Quotation:
    first = bisect_left(mentions, outer.start, key=lambda m: m.start)
    last = bisect_left(mentions, outer.end, key=lambda m: m.start)
    words = count_words(split(text, inner.start, min(inner.end, inner.start + _GLANCE)))
    if words < MIN_WORDS and inner.end > inner.start + _GLANCE:
        words = count_words(split(text, inner.start, inner.end))
    return Quotation(inner.start, inner.end, outer, words, tuple(mentions[first:last]))


# ------------------------------------------------------------------------------------------------- what cites what


class _Pairing:
    """Gives each quotation the citation nearest to it in its sentence, the one after it where both are near.

    A citation that is attached, “…” (para. 9), goes before all. A citation serves the quotations on one side of it: in
    “Para. 9 says “A” and para. 10 says “B””, 10 belongs to B, so A takes 9.
    """

    def __init__(self, text: str, quotations: Sequence[Quotation], mentions: Sequence[Mention]) -> None:
        self.text = text
        self.quotations = quotations
        self.mentions = mentions
        blanked, end = [], 0
        for quotation in quotations:
            blanked += [text[end : quotation.outer.start], " " * (quotation.outer.end - quotation.outer.start)]
            end = quotation.outer.end
        self.outside = "".join((*blanked, text[end:]))
        self.side: dict[int, str] = {}  # mention number → which side of it the quotations stand that cite it

    def paired(self) -> tuple[Quotation, ...]:
        """The quotations with their citations; short ones only where one is attached."""
        attached = [self._attached(quotation) for quotation in self.quotations]
        self.side = {number: "left" for number in attached if number is not None}
        found: list[Quotation] = []
        for quotation, number in zip(reversed(self.quotations), reversed(attached), strict=True):
            short = quotation.words < MIN_WORDS
            if number is not None:
                citation: Mention | None = self.mentions[number]
            elif quotation.inside:
                citation = quotation.inside[-1]
            else:
                near = self._announced(quotation) if short else self._nearest(quotation)
                citation = None if near is None else self.mentions[near]
            if quotation.words and (citation or not short):
                found.append(replace(quotation, citation=citation))
        return tuple(reversed(found))

    def _around(self, quotation: Quotation) -> tuple[int | None, int | None]:
        """The mentions before and after, by number, where they are within reach."""
        after = bisect_left(self.mentions, quotation.outer.end, key=lambda m: m.start)
        before = bisect_right(self.mentions, quotation.outer.start, key=lambda m: m.end) - 1
        near_after = after < len(self.mentions) and self.mentions[after].start - quotation.outer.end <= _REACH
        near_before = before >= 0 and quotation.outer.start - self.mentions[before].end <= _REACH
        return (before if near_before else None), (after if near_after else None)

    def _attached(self, quotation: Quotation) -> int | None:
        """The mention right after it, with nothing but punctuation and a bracket between: “…” (see para. 9)."""
        _, after = self._around(quotation)
        if after is None:
            return None
        mention = self.mentions[after]
        gap = self.text[quotation.outer.end : mention.start]
        bracketed = self.text[mention.start] == "[" or "(" in gap or "[" in gap
        if _ATTACHED.fullmatch(gap) and (bracketed or not self._sentence_ends(quotation, mention)):
            return after
        return None

    def _announced(self, quotation: Quotation) -> int | None:
        """The mention right before it, with nothing but punctuation between: para. 9: “…”."""
        before, _ = self._around(quotation)
        if before is None or before in self.side:
            return None
        gap = self.text[self.mentions[before].end : quotation.outer.start]
        return None if any(map(str.isalnum, gap)) or SENTENCE_END.search(gap) else before

    def _nearest(self, quotation: Quotation) -> int | None:
        before, after = self._around(quotation)
        costs: list[tuple[int, int, str]] = []
        if after is not None and not self._sentence_ends(quotation, self.mentions[after]):
            words = self._distance(quotation.outer.end, self.mentions[after].start)
            costs.append((words + self._taken(after, "left"), after, "left"))
        if before is not None and not self._looks_back(before):
            end = self.mentions[before].end
            if not SENTENCE_END.search(self.outside, end, quotation.outer.start):
                words = self._distance(end, quotation.outer.start)
                costs.append((words + 1 + self._taken(before, "right"), before, "right"))
        if not costs:
            return None
        _, number, side = min(costs, key=lambda cost: cost[0])
        self.side.setdefault(number, side)
        return number

    def _distance(self, start: int, end: int) -> int:
        """In words outside quotations; a semicolon, which parts clauses, counts as ten."""
        between = self.outside[start:end]
        return len(between.split()) + 10 * sum(map(between.count, ";؛"))

    def _taken(self, number: int, side: str) -> int:
        """What it costs to cite a mention that quotations on its other side cite: more than any distance."""
        return 0 if self.side.get(number, side) == side else 2 * _REACH

    def _looks_back(self, number: int) -> bool:
        """Whether the mention closes what stands before it: “A” (para. 9) and “B”; so was it said [9], and “B”."""
        start = self.mentions[number].start
        line = self.text[max(self.text.rfind("\n", 0, start) + 1, start - 80) : start]
        bracketed = self.text[start] == "[" or line.rstrip()[-1:] in ("(", "[")
        return self.side.get(number) == "left" or (bracketed and any(map(str.isalnum, line)))

    def _sentence_ends(self, quotation: Quotation, mention: Mention) -> bool:
        """Whether a sentence ends between the quotation and the mention after it."""
        closed = self.text[quotation.end - 1 : quotation.end] in _ENDS
        return closed or SENTENCE_END.search(self.outside, quotation.outer.end, mention.start) is not None


# ------------------------------------------------------------------------------------------------ where marks stand

_Spans = tuple[Span, Span]  # what is quoted, and that with its marks


def _blocks(draft: str, text: str) -> Iterator[_Spans]:
    """Markdown block quotes, without a last line that attributes them. Marked quotations in one go before it."""
    for block in _BLOCK.finditer(draft):
        inner = text[block.start() : block.end()]
        if _CALLOUT.match(inner):
            continue
        quoted, _, last_line = inner.rstrip().rpartition("\n")
        if not (quoted and _ATTRIBUTION.match(last_line.lstrip())):
            quoted = inner
        if sum(span.end - span.start for span, _ in _marked(quoted)) * 2 < len(quoted):
            start = block.start() + len(quoted) - len(quoted.lstrip())
            yield Span(start, block.start() + len(quoted.rstrip())), Span(block.start(), block.end())


def _marked(text: str) -> Iterator[_Spans]:
    """What stands between quotation marks, within a block of text that no blank line breaks."""
    start = 0
    for gap in _BREAK.finditer(text):
        yield from _pairs(text, start, gap.start())
        start = gap.end()
    yield from _pairs(text, start, len(text))


def _pairs(text: str, start: int, end: int) -> Iterator[_Spans]:
    """The outermost pairs of marks: a stack of those that are open, each put there and taken off once."""
    stack: list[tuple[str, int]] = []
    waiting = dict.fromkeys(_CLOSES, 0)
    found: list[_Spans] = []
    for mark in _MARK.finditer(text, start, end):
        character, at = mark[0], mark.start()
        opener = next((o for o in _CLOSES if waiting[o] and character in _CLOSES[o]), None)
        if opener and _may_close(text, at, start, end):
            while stack:
                top, begun = stack.pop()
                waiting[top] -= 1
                if top == opener:
                    break
            if at > begun + 1:
                found.append((Span(begun + 1, at), Span(begun, at + 1)))
        elif character in _CLOSES and _may_open(text, at, start, end):
            stack.append((character, at))
            waiting[character] += 1
    yield from found


def _may_open(text: str, at: int, start: int, end: int) -> bool:
    begins = at == start or _OPENS_AFTER.search(text, max(start, at - 3), at) is not None
    if text[at] in "“„«‹":
        return True
    return begins and at + 1 < end and not (text[at] == "‘" and not text[at + 1].isalpha())


def _may_close(text: str, at: int, start: int, end: int) -> bool:
    """A mark that looks the same at either end opens, within a quotation, where a word begins after a gap."""
    if text[at] == "’":  # or an apostrophe: States’ is taken for the end, Chair’s is not
        return at + 1 == end or not text[at + 1].isalnum()
    if text[at] not in _NESTS or at + 1 == end:
        return True
    return not (text[at + 1].isalnum() and _OPENS_AFTER.search(text, max(start, at - 3), at))


def _without_overlap(spans: list[_Spans]) -> list[_Spans]:
    """The outermost, in reading order."""
    kept: list[_Spans] = []
    for inner, outer in sorted(spans, key=lambda pair: (pair[1].start, -pair[1].end)):
        if not kept or outer.start >= kept[-1][1].end:
            kept.append((inner, outer))
    return kept
