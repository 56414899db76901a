"""The answers to the parts of a question as one answer, with a note of what is answered for some of them alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from corpus.refs import Ref, find_refs
from index.search.fusion import Passage
from service.answering.follow_up import leans_on
from service.answering.messages import say
from service.answering.named_paragraphs import MOST, asks_for_all
from service.answering.parting.clauses import clauses
from service.answering.small_talk import is_small_talk
from service.records import Composed, Finding, Question, Quote


def parts_of(text: str) -> tuple[str, ...]:
    """The questions in a question that are answered each for itself; a greeting before them is none.

    >>> parts_of("How are you? Who moderated the workshop?")
    ('Who moderated the workshop?',)
    >>> len(parts_of("In paragraph 9, who uses virtual assets, and how do they move them?"))  # both ask of paragraph 9
    1
    """
    parts = tuple(part for part in clauses(text) if not is_small_talk(part)) or (text,)
    return (text,) if _of_one_paragraph(parts) else parts


def _of_one_paragraph(parts: Sequence[str]) -> bool:
    """Whether a part looks into a paragraph that is named in one before it."""
    for i, part in enumerate(parts[:-1]):
        named = find_refs(part)
        later = [other for other in parts[i + 1 :] if not find_refs(other)]
        if not named or not later or asks_for_all(part):
            continue
        is_first_said = i == 0 and len(part[: named[0].start].split()) <= _FEW
        if is_first_said or any(leans_on(other, parts[: i + 1]) for other in later):
            return True
    return False


_FEW = 2  # words before a paragraph that all of a question looks into: "In", "According to"


def joined(
    question: Question, found: Sequence[Finding], reading_order: Callable[[Quote], tuple[str, int, int]]
) -> Finding | None:
    """What was found to the parts of a question as one finding; None where nothing was found to any.

    It is as sure as the part that is least so. Every quote comes once, in reading order.
    """
    answered = [part for part in found if part.reason is None]
    if not answered:
        return None
    language = question.language
    quotes = sorted({quote for part in answered for quote in part.quotes}, key=reading_order)
    kept = quotes[:MOST]
    notes = [_note(part, question) for part in found]
    if len(quotes) > MOST:
        notes.append(say("cut_short", language, count=str(MOST)))
    return Finding(
        language,
        min(part.confidence for part in answered),
        tuple(kept),
        _in_turn([part.passages for part in answered]),
        note=" ".join(dict.fromkeys(filter(None, notes))) or None,
        timings_ms=_added([part.timings_ms for part in found]),
        sections=_sections(answered, frozenset(kept)),
        as_found=any(part.as_found for part in answered),
        marked=tuple(dict.fromkeys(quote for part in answered for quote in part.marked)),
    )


def _note(part: Finding, question: Question) -> str | None:
    """What a part has to say beside its answer, or why it has none; where there is no paragraph, that."""
    if part.reason is None:
        return part.note
    return part.message if part.message and not part.suggestions else say("partly", question.language)


def _in_turn(rows: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """The first of each part, then the second of each: best first, so that none has a higher score than one before."""
    turns = (passage for turn in zip_longest(*rows) for passage in turn if passage is not None)
    found: dict[tuple[str, Ref], Passage] = {}
    least = float("inf")
    for passage in turns:
        if (passage.report, passage.ref) not in found:
            least = min(least, passage.score)
            found[passage.report, passage.ref] = replace(passage, score=least)
    return tuple(found.values())


def _added(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {stage: sum(each.get(stage, 0.0) for each in timings) for each in timings for stage in each}


def _sections(answered: Sequence[Finding], kept: frozenset[Quote]) -> tuple[Composed, ...]:
    """Those of every part, where each has some: what stands in none would not be shown."""
    if not all(part.sections for part in answered):
        return ()
    return tuple(
        Composed(section.kind, tuple(quote for quote in section.quotes if quote in kept))
        for part in answered
        for section in part.sections
    )
