"""Lists of people, `… the following experts: Phelan Wyrick, Director, …; Han-kyun Kim, …`, as sentences about them.

    → Phelan Wyrick ( Director … ) , Han-kyun Kim ( … ) and … moderated three meetings of workshop

A name keeps its own description, in brackets that `cuts` may leave out; it never gets another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.faithful.cuts import Sentence
from service.faithful.tokens import Token

_DESCRIBED = 6  # the ways to describe somebody, see `_descriptions`
_KEYNOTE = ("as", "keynote", "speaker")
_KEYNOTE_AR = ("كمتكلم", "رييسي")


def people(whole: Sentence) -> Iterator[Sequence[Token]]:
    """The forms of a sentence that ends on a list of people after a colon."""
    keys, found = whole.keys, whole.tokens
    if ":" not in keys or ";" not in keys:
        return
    colon = keys.index(":")
    entries = [_Entry(part, whole.language) for part in _split(found[colon + 1 :], ";")]
    lead = found[:colon]
    for entry in entries:
        if entry.is_keynote:
            yield from _keynote(entry, whole)
    for subject, verb_phrase in _leads(lead, whole.language):
        yield from _told(entries, subject, verb_phrase, whole)


class _Entry:
    """One item of the list: its names, and what describes them."""

    def __init__(self, item: Sequence[Token], language: str) -> None:
        parts = [p for p in _split(item, ",") if p]
        parts = [p[1:] if p[0].key == "and" else p for p in parts]
        keynote = _KEYNOTE if language == "en" else _KEYNOTE_AR
        self.is_keynote = any(tuple(t.key for t in p) == keynote for p in parts)
        self.name = tuple(parts[0]) if parts else ()
        self.about = [tuple(p) for p in parts[1:] if tuple(t.key for t in p) != keynote]


def _keynote(entry: _Entry, whole: Sentence) -> Iterator[Sequence[Token]]:
    like = entry.name[0]
    for about in _descriptions(entry, whole.language):
        if whole.language == "en":
            yield (*entry.name, *about, *_said("was keynote speaker", like))
            yield (*_said("keynote speaker was", like), *entry.name, *about)
        else:
            yield (*_said("كان", like), *entry.name, *about, *_said("المتكلم رييسي", like))
            yield (*_said("كان المتكلم رييسي", like), *entry.name, *about)


def _told(entries: Sequence[_Entry], subject: str, phrase: Sequence[Token], whole: Sentence) -> Iterator[list[Token]]:
    """All of them in one sentence, with their descriptions and without; and each alone."""
    and_ = whole.known.conjunction
    groups: list[Sequence[_Entry]] = [entries, *([entry] for entry in entries)]
    for group in groups:
        for described in range(_DESCRIBED if len(group) == 1 else 2):
            names: list[Token] = []
            for number, entry in enumerate(group):
                if number:
                    separator = and_ if number == len(group) - 1 else ","
                    names.append(Token(separator, 0, 0, is_mark=separator == ","))
                options = list(_descriptions(entry, whole.language))
                names += [*entry.name, *options[min(described, len(options) - 1)]]
            names.append(Token("", 0, 0, is_mark=True))  # where the list of names ends
            if subject == "before":
                yield [*names, *phrase]
            elif subject == "after verb":
                yield [phrase[0], *names, *phrase[1:]]
            else:
                yield [*phrase, *names]


def _descriptions(entry: _Entry, language: str) -> Iterator[tuple[Token, ...]]:
    """None; all of it, in brackets as after a comma; the whole or its first part, with "of" or "from"."""
    yield ()
    flat = [token for about in entry.about for token in about]
    if not flat:
        return
    like = flat[0]
    yield (*_mark("(", like), *flat, *_mark(")", like))
    for word in ("of", "from") if language == "en" else ("من",):
        for part in (flat, entry.about[0]):
            yield (*_said(word, like), *(part[1:] if part[0].key == word else part))


def _leads(lead: Sequence[Token], language: str) -> Iterator[tuple[str, Sequence[Token]]]:
    """What the people did: where they stand in that, and its words."""
    keys = [t.key for t in lead]
    start = len(keys) - 1 - keys[::-1].index(",") if "," in keys and keys[0] in ("at", "في", "و") else -1
    if language == "en":
        if "following" in keys:
            at = keys.index("following")
            by = at - 1 if at and keys[at - 1] == "by" else None
            if by is not None:  # X was led by the following panellists
                be = next((i for i in range(by - 1, -1, -1) if keys[i] in ("was", "were")), None)
                first = _after_frame(keys)
                if be is not None:
                    yield "before", [*lead[be + 1 : by], *lead[first:be]]
                    yield "after", [*lead[first : by + 1]]
            elif len(keys) > at + 2:  # The following panellists discussed X
                yield "before", lead[at + 2 :]
    else:
        named = next((i for i, key in enumerate(keys) if key == "تاليه" and keys[i + 1 : i + 2] == ["اسماوهم"]), None)
        if named is None:
            return
        begin = start + 1 if 0 <= start < named - 3 and keys[1 if keys[0] == "و" else 0] == "في" else 0
        while keys[begin] == "و":
            begin += 1
        before, after = lead[begin : named - 1], lead[named + 2 :]
        if after:  # وناقش المتحاورون التالية أسماؤهم مسألتي …
            yield "after verb", [before[0], *after]
        else:  # وأدار الجلسات الثلاث الخبراء التالية أسماؤهم
            yield "after verb", before
            yield "after", before


def _after_frame(keys: Sequence[str]) -> int:
    return keys.index(",") + 1 if keys[0] == "at" and "," in keys else 0


def _split(found: Sequence[Token], mark: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in found:
        if token.is_mark and token.key == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    parts = [part[1:] if part and part[0].key == "and" and mark == ";" else part for part in parts]
    return [part for part in parts if part]


def _said(text: str, like: Token) -> tuple[Token, ...]:
    return tuple(Token(key, like.start, like.end) for key in text.split())


def _mark(key: str, like: Token) -> tuple[Token, ...]:
    return (Token(key, like.start, like.end, is_mark=True),)
