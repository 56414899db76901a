"""A sentence of the report → the other sentences that say the same, or a part of it, each by one named rewriting.

    "Statements were made by the representatives of Italy and Brazil." → "the representatives of Italy and Brazil spoke"
    "…, which aimed to help authorities" → "the Centre aimed to help authorities"
    "The pandemic had aggravated the threats." → "The threats had been aggravated by the pandemic"

Only these are known, and each keeps who does what to whom. What is then left out is for `cuts` to allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from corpus.records import Language
from service.faithful.cuts import Sentence
from service.faithful.people import people
from service.faithful.tokens import Token, tokens

LONGEST = 400  # tokens: a longer sentence is proved word for word alone
_MOST = 240  # forms of a sentence
# The words that a rewriting may put in: no other word can be in a form that is not in its sentence.
ADDED: Mapping[Language, frozenset[str]] = {
    "en": frozenset(
        "spoke made delivered statements were among those who had been was by 1 panellist panellists of from keynote "
        "speaker that and".split()
    ),
    "ar": frozenset("ادلي ببيانات كان المتكلم رييسي من و".split()),
}
_YEAR = 4  # digits
_HEADS = frozenset({"of", "to", "in", "عمل", "الي", "في", "علي"})


def forms(text: str, before: str, language: Language) -> tuple[Sentence, ...]:
    """The sentence as it stands and its other forms; `before` is the sentence before it.

    >>> spoke = forms("Statements were made by the representatives of Italy and Brazil.", "", "en")
    >>> [" ".join(filter(None, form.keys)) for form in spoke if form.form == "statements were made"][0]
    'representatives of italy and brazil spoke'
    """
    whole = Sentence(without_stop(tokens(text, language)), language)
    if len(whole.tokens) > LONGEST:
        return (whole,)
    found = [whole]
    for name, rewrite in _REWRITINGS[language].items():
        found += [Sentence(tuple(form), language, name) for form in rewrite(whole, before)]
    return tuple(found[:_MOST])


def without_stop(found: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a sentence up to its last word or bracket."""
    last = len(found)
    while last and found[last - 1].is_mark and found[last - 1].key in ",;:":
        last -= 1
    return tuple(found[:last])


def _said(text: str, like: Token) -> list[Token]:
    """Words of a rewriting's own, at the place of a token."""
    return [Token(key, like.start, like.end) for key in text.split()]


def _frame_end(sentence: Sentence) -> int:
    """Where the main clause begins, after the phrases that say when."""
    at = 0
    while at < len(sentence.tokens) and (size := _leading(sentence, at)) > at:
        at = size
    return at


def _leading(sentence: Sentence, at: int) -> int:
    """The end of one phrase at the start, as `Sentence.may_begin` leaves it out."""
    keys = sentence.keys
    for end in range(at + 1, min(len(keys), at + 16)):
        if keys[end - 1] == "," and sentence.may_begin(end) == "frame" and not sentence.tokens[end].is_mark:
            return end
    return at


# ------------------------------------------------------------------------------------------------ both languages


def _which(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`the Centre, which aimed to help` → the Centre aimed to help; in Arabic the verb comes first too."""
    found = whole.tokens
    for at in range(2, len(found) - 2):
        if found[at - 1].key != "," or found[at].key not in whole.known.relatives:
            continue
        for begin in range(at - 2, max(-1, at - 14), -1):
            if found[begin].is_mark or found[begin].key in whole.known.finite:
                break
            head = begin and (found[begin - 1].key in _HEADS or (whole.language == "ar" and begin > 1))
            if not head or found[begin].key in whole.known.dangling | whole.known.verbs:
                continue
            noun, rest = found[begin : at - 1], found[at + 1 :]
            yield (*noun, *rest)
            if whole.language == "ar":
                yield (rest[0], *noun, *rest[1:])


def _in_particular(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """What is named in particular may stand for all: `rights, in particular privacy, needed care` → privacy …."""
    keys = whole.keys
    for at in range(2, len(keys) - 3):
        if keys[at] != "in-particular" or keys[at - 1] != "," or "," not in keys[at + 1 :]:
            continue
        end = keys.index(",", at + 1)
        if end + 1 < len(keys) and keys[end + 1] in whole.known.finite:
            yield (*whole.tokens[at + 1 : end], *whole.tokens[end + 1 :])


def _when_last(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`At its 4th meeting, the Committee held a workshop` → the Committee held a workshop at its 4th meeting."""
    begin = _frame_end(whole)
    frame = whole.tokens[: max(0, begin - 1)]
    while frame and frame[0].key in ("و", "قد"):
        frame = frame[1:]
    for end in _ends(whole, begin) if frame else ():
        yield (*whole.tokens[begin:end], *frame)
        yield from ((*whole.tokens[begin:end], *frame[i + 1 :]) for i, t in enumerate(frame) if t.key == ",")


def _when_amid(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`عقدت اللجنة، في جلساتها، المعقودة في 10 آذار/مارس، حلقة عمل` → عقدت اللجنة حلقة عمل في 10 آذار/مارس."""
    commas = [i for i, key in enumerate(whole.keys) if key == ","]
    if len(commas) < 2 or commas[0] > 5:
        return
    first = commas[0]
    for last in commas[1:3]:
        inside = [t for t in whole.tokens[first + 1 : last] if t.key != "معقوده"]
        if not inside or inside[0].key != "في" or not _says_when(inside, whole):
            continue
        rest = Sentence((*whole.tokens[:first], *whole.tokens[last + 1 :]), whole.language)
        phrases = [inside[i:] for i, token in enumerate(inside) if token.key == "في"]
        yield from ((*rest.tokens[:end], *phrase) for end in _ends(rest, first - 1) for phrase in phrases)


def _says_when(phrase: Sequence[Token], whole: Sentence) -> bool:
    nouns = whole.known.frame_nouns
    return any(t.key in nouns or (t.key.isdecimal() and len(t.key) == _YEAR) or t.key[:3] == "جلس" for t in phrase)


def _ends(sentence: Sentence, begin: int) -> Iterator[int]:
    """Where a clause that begins at a token may end: there alone can a phrase from its start follow."""
    for end in range(begin + 2, len(sentence.tokens) + 1):
        if not sentence.tokens[end - 1].is_mark and sentence.may_end(end):
            yield end


def _people(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    yield from people(whole)


# ------------------------------------------------------------------------------------------------------- English


def _clause(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`…; however, it is necessary to know more` → it is necessary to know more."""
    for at, key in enumerate(whole.keys):
        rest = whole.tokens[at + 1 :]
        while rest and (rest[0].is_mark or rest[0].key == "however"):
            rest = rest[1:]
        if key == ";" and rest[:1] and rest[0].key == "it":
            yield rest


def _statements(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`Statements were made by the representatives of Italy and Brazil` → … spoke, … made statements."""
    opening = ("statements", "were", "made", "by", "representatives", "of")
    for at in range(len(whole.keys) - len(opening)):
        if whole.keys[at : at + len(opening)] == opening:
            like = whole.tokens[at]
            who = (*whole.tokens[at + 4 :], Token("", like.start, like.end, is_mark=True))
            for verb in ("spoke", "made statements", "delivered statements", "were among those who spoke"):
                yield (*who, *_said(verb, like))
                yield (*who[2:], *_said(verb, like))


def _passive(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`The pandemic had aggravated the threats` → The threats had been aggravated by the pandemic."""
    begin, found = _frame_end(whole), whole.tokens
    at = next((i for i in range(begin + 1, len(found) - 1) if found[i].key in whole.known.reporting), 0)
    if not at:
        return
    subject = [t for t in found[begin:at] if t.key != "had"]
    had = found[at - 1].key == "had"
    plain = not {"that", "was", "were", "been", "by"} & {t.key for t in (*subject, found[at + 1])}
    if not plain or any(t.is_mark for t in subject) or ":" in whole.keys:
        return
    for end in _ends(whole, at):
        goal = found[at + 1 : end]
        if not any(t.is_mark for t in goal):
            for be in ("had been",) if had else ("was", "were"):
                yield (*goal, *_said(be, found[at]), found[at], *_said("by", found[at]), *subject)


def _active(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """`The threats were aggravated by the pandemic` → The pandemic aggravated the threats."""
    begin, keys = _frame_end(whole), whole.keys
    by = keys.index("by", begin) if "by" in keys[begin:] else 0
    if by < begin + 3 or keys[by - 1] not in whole.known.reporting or keys[by - 2] not in ("was", "were"):
        return
    if ":" not in keys:  # a list of people is told apart in `people`
        for end in _ends(whole, by):
            yield (*whole.tokens[by + 1 : end], whole.tokens[by - 1], *whole.tokens[begin : by - 2])


def _one_of_them(whole: Sentence, before: str) -> Iterator[Sequence[Token]]:
    """`One of them noted`, after a sentence on two panellists → One panellist noted."""
    opening = [t.key for t in tokens(before, "en")][:2]
    if opening == ["2", "panellists"] and whole.keys[:3] == ("1", "of", "them"):
        like = whole.tokens[0]
        yield (*_said("1 panellist", like), *whole.tokens[3:])
        yield (*_said("1 of panellists", like), *whole.tokens[3:])


# -------------------------------------------------------------------------------------------------------- Arabic


def _spoken(whole: Sentence, _: str) -> Iterator[Sequence[Token]]:
    """وتكلم ممثلون عن إيطاليا والبرازيل ⇄ أدلى ببيانات ممثلون عن إيطاليا والبرازيل."""
    for at, key in enumerate(whole.keys[:3]):
        if key in ("تكلم", "تكلمت"):
            yield (*_said("ادلي ببيانات", whole.tokens[at]), *whole.tokens[at + 1 :])


Rewriting = Callable[[Sentence, str], Iterator[Sequence[Token]]]
_REWRITINGS: Mapping[Language, Mapping[str, Rewriting]] = {
    "en": {
        "which": _which,
        "in particular": _in_particular,
        "when comes last": _when_last,
        "a clause of its own": _clause,
        "statements were made": _statements,
        "passive": _passive,
        "active": _active,
        "one of them": _one_of_them,
        "people of a list": _people,
    },
    "ar": {
        "which": _which,
        "when comes last": _when_last,
        "when stands amid": _when_amid,
        "statements were made": _spoken,
        "people of a list": _people,
    },
}
