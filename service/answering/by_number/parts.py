"""Parts of paragraphs that are named by their place: the last paragraph, a second sentence, a third sub-paragraph.

"third sub-paragraph of para. 21"      → 21(c)
"the last paragraph", of the report    → 21
"the second sentence of paragraph 9"   → paragraph 9, and of what it says the second sentence
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.records import Report
from corpus.refs import Mention, NoRef, Ref, RefRange, Target
from corpus.refs.counted import Counted, find_counted
from corpus.refs.numerals import ABJAD
from corpus.refs.pieces import AFTER_A_REF
from corpus.refs.tokens import tokenize
from corpus.refs.types import MAX_NUMBER, Odd

_LONGEST = 9  # digits of a number that is told to be no paragraph's


@dataclass(frozen=True, slots=True)
class Parts:
    """The paragraphs that a question names, and the places of the sentences of them that it asks for."""

    mentions: tuple[Mention, ...]
    sentences: tuple[int, ...] = ()


def with_parts(text: str, mentions: Sequence[Mention], report: Report | None, joins: Callable[[str], bool]) -> Parts:
    """The mentions with what is counted: of the report, or of the one paragraph that is named.

    `joins` tells whether words between two names say nothing: "of", ", what is the". Where several reports are asked,
    none has a last paragraph.
    """
    counted, found = find_counted(text), list(mentions)
    for each in counted:
        free = all(each.end <= mention.start or mention.end <= each.start for mention in mentions)
        if each.unit == "paragraph" and report and free:
            found.append(Mention(_paragraphs(report, each.places), each.start, each.end))
    found.sort(key=lambda mention: mention.start)
    sentences: tuple[int, ...] = ()
    for each in sorted(counted, key=lambda one: one.unit == "sentence"):  # the sentence of the sub-paragraph
        if each.unit == "paragraph" or len(found) != 1 or not joins(_between(text, each, found[0])):
            continue
        whole = found[0]
        targets = _sub_paragraphs(report, whole.targets, each.places) if each.unit == "sub" else whole.targets
        sentences += each.places if each.unit == "sentence" else ()
        found = [Mention(targets, min(whole.start, each.start), max(whole.end, each.end))]
    return Parts(tuple(found), sentences)


def beyond(text: str) -> tuple[Mention, ...]:
    """The numbers of a question that no paragraph has: "paragraph 0", "الفقرة 12345", so that it is told."""
    tokens = tokenize(text)
    return tuple(
        Mention(
            (NoRef(Odd.alike(number.text), Ref(1 if number.text == "0" else MAX_NUMBER)),),
            keyword.start,
            number.end,
        )
        for keyword, number, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if keyword.kind == "paragraph" and number.kind == "number" and not number.number()
        if len(number.text) <= _LONGEST and not (after.glued and after.text not in AFTER_A_REF)
    )


def at_places(count: int, places: Sequence[int]) -> tuple[list[int], bool]:
    """Which of so many things stand at these places, from 0, in order, and whether there are all of them.

    >>> at_places(3, [2, -1]), at_places(3, [4])
    (([1, 2], True), ([], False))
    """
    found = {place - 1 if place > 0 else count + place for place in places}
    there = sorted(place for place in found if 0 <= place < count)
    return there, len(there) == len(found)


def _between(text: str, counted: Counted, mention: Mention) -> str:
    if counted.end <= mention.start:
        return text[counted.end : mention.start]
    return text[mention.end : counted.start]


def _paragraphs(report: Report, places: Sequence[int]) -> tuple[Target, ...]:
    """Of the report's own paragraphs: an annex comes after its last one. One beyond them is named, to be told."""
    own = [ref for ref in report.whole if not ref.annex] or list(report.whole)
    there, every = at_places(len(own), places)
    return tuple(own[place] for place in there) if every else (NoRef(Odd.alike(str(len(own) + 1)), own[-1]),)


def _sub_paragraphs(report: Report | None, targets: Sequence[Target], places: Sequence[int]) -> tuple[Target, ...]:
    """Of each paragraph; one that there is not is named by the letter it would have."""
    found = list[Target]()
    for ref in targets:
        whole = ref.first if isinstance(ref, RefRange) else ref.near if isinstance(ref, NoRef) else ref
        if whole.position or isinstance(ref, RefRange):
            found.append(ref)
            continue
        count = len(report.children(whole)) if report and whole in report.places else 0
        there, every = at_places(count, places)
        if every and report:
            found += [report.children(whole)[place] for place in there]
        else:
            found += [_beyond(whole, place if place > 0 else 1) for place in places]
    return tuple(found)


def _beyond(whole: Ref, place: int) -> Target:
    return whole.part(place) if place <= len(ABJAD) else NoRef(Odd.alike(f"({place})"), whole, whole)
