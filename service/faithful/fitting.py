"""What a model kept of a sentence, in words of its own → the sentence as short as the moves make it around that.

    fit("discussed the limits", text of "In the discussion that followed, one speaker discussed limits, which …", "en")
    → "One speaker discussed limits."

A small model points at the right words and seldom leaves a sentence that stands. Which stretches may go is for `cuts`
to say; the model's words say which of them stay. So whatever a model wrote, what comes out shortens the report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from operator import attrgetter

from corpus.records import Language, Span
from index.search.lexical import terms
from service.faithful.cuts import Sentence
from service.faithful.forms import without_stop
from service.faithful.tables import TABLES
from service.faithful.tokens import Token, tokens, words

_QUOTES_END = tuple("”»’")
LONGEST = 160  # tokens: every stretch of a sentence is tried, and a longer one is seldom asked for in part
# Of the moves, those after which any sentence still reads as one; what else may go goes where a model leaves it out.
_FIRST = frozenset({"whole", "connective", "frame", "impersonal"})
_AMID = frozenset({"whole", "brackets", "parenthesis"})
_LAST = frozenset({"whole", "tail", "purpose or example"})
_IS = frozenset({"هو", "هي", "هما", "هم"})
_LEAST = 4  # tokens of a parenthesis, its commas among them: `, citing, as an example,` is of one piece
_MOST = 5  # tokens in brackets, with them: a name's letters are an aside, a list is what somebody may look for
_OPENS_CLAUSE = frozenset({"that", "which", "who"})


def fit(said: str, sentence: str, language: Language, kept: Iterable[Span] = ()) -> str | None:
    """The sentence around the words that were said, and around the slices of it that are `kept`.

    None where none of its words are said, or where nothing but the whole is left.

    >>> sentence = "During the second meeting, several delegations welcomed the rules, which had been adopted in 2017."
    >>> fit("the delegations welcomed rules", sentence, "en")
    'Several delegations welcomed the rules.'
    >>> fit("no harbours", sentence, "en") is None
    True
    """
    found = without_stop(tokens(sentence, language))
    if len(found) > LONGEST:
        return None
    asked = {at for at, token in enumerate(found) if any(token.start < s.end and s.start < token.end for s in kept)}
    needed = _needed(said, sentence, found, language) | asked
    if not needed:
        return None
    path = _shortest(Sentence(found, language), needed)
    return _written(sentence, found, path) if path and len(path) < _words_of(found) else None


def _words_of(found: Sequence[Token]) -> int:
    return sum(not token.is_mark for token in found)


def _needed(said: str, sentence: str, found: Sequence[Token], language: Language) -> set[int]:
    """The places of the words that were said: in the order in which they were, and wherever one stands out of it.

    A word counts in another form of it too, since it only says what to keep.
    """
    given = [_stem(said, token) for token in words(said, language) if token.key not in TABLES[language].dangling]
    there = [None if token.is_mark else _stem(sentence, token) for token in found]
    blocks = SequenceMatcher(None, there, given, autojunk=False).get_matching_blocks()
    in_order = {block.a + i for block in blocks for i in range(block.size)}
    others = set(given) - {there[at] for at in in_order}
    return in_order | {at for at, stem in enumerate(there) if stem in others}


def _stem(text: str, token: Token) -> str:
    return " ".join(terms(text[token.start : token.end])) or token.key


def _shortest(sentence: Sentence, needed: Collection[int]) -> list[_Step] | None:
    """The fewest words that the moves leave, the needed ones among them; None where none may go."""
    places = [at for at, token in enumerate(sentence.tokens) if not token.is_mark]
    first, last = min(needed), max(needed)
    best: dict[int, _Step] = {}
    for order, to in enumerate(places):
        if to <= first and _may_begin(sentence, to):
            best[to] = _Step(to)
        for at in reversed(places[:order]):
            before = best.get(at)
            if before and (to not in best or before.words + 1 < best[to].words):
                move = sentence.may_miss(at + 1, to)
                if move in _AMID and _is_aside(move, sentence.keys[at + 1 : to]):
                    best[to] = _Step(to, before, move, before.words + 1)
            if at in needed:
                break
    ends = [step for at, step in best.items() if at >= last and _may_end(sentence, step)]
    step = min(ends, key=attrgetter("words"), default=None)
    path: list[_Step] = []
    while step is not None:
        path.append(step)
        step = step.before
    return path[::-1] or None


@dataclass(frozen=True, slots=True)
class _Step:
    """A word that stays: its place, how many words there are up to it, and by which move it follows the one before."""

    at: int
    before: _Step | None = None
    move: str = "whole"
    words: int = 1


def _may_begin(sentence: Sentence, at: int) -> bool:
    """Whether a move leaves out what stands before a word; `It was noted that … and that …` is of one piece."""
    move = sentence.may_begin(at)
    that = (sentence.known.conjunction, "ان" if sentence.language == "ar" else "that")
    return move in _FIRST and (move != "impersonal" or that not in pairwise(sentence.keys[at:]))


def _is_aside(move: str | None, keys: Sequence[str]) -> bool:
    if move == "whole":
        return True
    if move == "brackets":
        return len(keys) <= _MOST
    return len(keys) >= _LEAST and keys[0] == keys[-1]  # not from a comma to a dash, which closes another


def _may_end(sentence: Sentence, step: _Step) -> bool:
    """Whether it may end on a word: by a move that leaves the clause whole, and with its verb.

    A list stays whole: what is left of one would read as all of it.
    """
    after = step.at + 1
    move = sentence.may_end(after)
    if move == "whole" or move not in _LAST:
        return move == "whole"
    so_far = sentence.keys[:after]
    if ":" in so_far or so_far.count("(") > so_far.count(")"):
        return False
    if sentence.ends_an_item(after) or _goes_on(sentence, after):
        return False
    clause: list[int] = []
    while True:
        clause.append(step.at)
        if not step.before or sentence.keys[step.before.at] in _OPENS_CLAUSE:
            break
        step = step.before
    if any(sentence.tokens[at].opens for at in clause[:-1]):  # amid examples, which stay together, or a purpose
        return False
    first = sentence.tokens[clause[-1]]
    leads = first.opens or first.key in sentence.known.prepositions | sentence.known.frame_openers
    if leads and "," not in sentence.keys[step.at : after]:
        return False
    return sentence.language == "ar" or any(_is_verb(at, sentence) for at in clause)


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Whether what follows a comma or a bracket belongs to what stands before it: its verb, or `, …, of all States`."""
    if sentence.keys[at] == "(":
        return ")" in sentence.keys[at:-1] or len(sentence.keys) - at > _MOST
    known = sentence.known
    rest = [token for token in sentence.tokens[at:] if not token.is_mark]
    joined = known.finite | known.prepositions | _IS
    if not rest or (rest[0].key in joined and not rest[0].opens):
        return bool(rest)
    if sentence.language == "ar":
        if rest[0].key == known.conjunction:  # the next item of a list, unless `وأن`
            return [token.key for token in rest[1:2]] != ["ان"]
        return _goes_on_after_asides(sentence, at)
    closes = next((i for i in range(at + 1, len(sentence.keys) - 1) if sentence.keys[i] == ","), 0)
    return closes > 0 and rest[0].opens and sentence.keys[closes + 1] in known.finite | _IS


def _goes_on_after_asides(sentence: Sentence, at: int) -> bool:
    """Whether the clause goes on behind the asides around a comma: `عقدت اللجنة، في جلساتها، حلقة عمل`."""
    keys, last = sentence.keys, len(sentence.keys) - 1
    if keys[at] != ",":
        return False
    before = max((i for i in range(at) if keys[i] == ","), default=None)
    aside = before is not None and sentence.begins_aside(before + 1)
    begin = at + 1
    while sentence.begins_aside(begin):
        aside = True
        begin = next((i + 1 for i in range(begin, last) if keys[i] == ","), last)
        if begin == last:
            return False
    return aside and keys[begin] != sentence.known.conjunction


def _is_verb(at: int, sentence: Sentence) -> bool:
    """Whether a word may be a verb: `use` is none in `the use of`, nor `targeted` in `on targeted training`."""
    known, token = sentence.known, sentence.tokens[at]
    if token.key in known.finite | known.reporting:
        return True
    if at and sentence.keys[at - 1] in known.prepositions - {"to"}:
        return False
    if token.key in known.verbs:
        following = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else None
        return following is not None and not following.is_mark and following.key not in known.prepositions
    return token.key.endswith("ed") and not token.is_capital


def _written(sentence: str, found: Sequence[Token], path: Sequence[_Step]) -> str:
    """The words that stay as the sentence has them, with what stands between neighbours; a stop at the end."""
    runs: list[list[_Step]] = []
    for step in path:
        if runs and step.move == "whole":
            runs[-1].append(step)
        else:
            runs.append([step])
    text = ""
    for run in runs:
        text += (" " if text else "") + _slice(sentence, found, run[0].at, run[-1].at)
    closing = ")" * (text.count("(") - text.count(")"))
    return f"{text[:1].upper()}{text[1:]}{closing}."


def _slice(sentence: str, found: Sequence[Token], first: int, last: int) -> str:
    """From a word to another, with the article and the quotation mark before and the quotation mark after them."""
    begin, end = found[first - 1].end if first else 0, found[last].end
    while sentence[begin : begin + 1] in (" ", "\n", *_QUOTES_END):
        begin += 1
    while sentence[end : end + 1] in _QUOTES_END and end < len(sentence):
        end += 1
    if sentence[begin:end].count('"') % 2 and sentence[end : end + 1] == '"':
        end += 1
    return sentence[begin:end]
