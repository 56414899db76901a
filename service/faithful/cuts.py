"""What a sentence may leave out without saying something else: which stretches, and where it may begin and end.

Each move has a name, which the verdict carries. A stretch that no move covers may not go: "some speakers", "should",
"in the future", "drug-related" stay, whatever they stand beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.records import Language
from service.faithful.lists import Bounds, Lists
from service.faithful.tables import TABLES, Tables
from service.faithful.tokens import Token

_DATE = re.compile(r"\d{4}|\d+(?:st|nd|rd|th)")
_HELD = frozenset({"معقوده", "معقود"})
# Without a comma these go on with what stands before them: `التعاون مع السلطات`, `البيانات المستمدة من خلال …`.
_COMPLETES = frozenset({"مع", "من-خلال"})
_PRONOUNS = frozenset("they it he she them these those this".split())
_PURPOSE = ("لضمان", "لمواجهه", "لتيسير", "لتعزيز", "لتحسين", "لدعم")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the report, or another form of it, whose words may be left out by the moves below."""

    tokens: tuple[Token, ...]
    language: Language
    form: str = "as it stands"

    @property
    def known(self) -> Tables:
        """The words that the moves turn on."""
        return TABLES[self.language]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The tokens as they compare."""
        return tuple(token.key for token in self.tokens)

    # ----------------------------------------------------------------------------------------------- where it begins

    def may_begin(self, at: int) -> str | None:
        """The move that leaves out everything before a token; None where none does.

        `Moreover,`, `In the discussion that followed,`, `It was noted that` and the first subjects of several.
        """
        place, move = 0, "whole"
        while place < at:
            if self.tokens[place].is_mark:
                place += 1
            elif size := self._phrase(place, self.known.connectives):
                place, move = place + size, "connective"
            elif size := self._phrase(place, self.known.impersonal):
                place, move = place + size, "impersonal"
            elif end := self._frame(place):
                place, move = end, "frame"
            elif self.is_whole_items(place, at):
                place, move = at, "list"
            else:
                return None
        return move if place == at else None

    def _phrase(self, at: int, phrases: Sequence[tuple[str, ...]]) -> int:
        return next((len(p) for p in phrases if self.keys[at : at + len(p)] == p), 0)

    def _frame(self, at: int) -> int:
        """Where a phrase that says when ends, with its comma; 0 where none begins."""
        if self.keys[at] not in self.known.frame_openers or "," not in self.keys[at:]:
            return 0
        end = self.keys.index(",", at)
        inside = self.keys[at:end]
        says_when = any(key in self.known.frame_nouns or _DATE.fullmatch(key) for key in inside)
        narrows = (self.known.restricting | self.known.quantifying) & set(inside)
        return end + 1 if says_when and not narrows else 0

    # ------------------------------------------------------------------------------------------------- where it ends

    def may_end(self, at: int) -> str | None:
        """The move that leaves out everything from a token on; None where none does."""
        if all(token.is_mark for token in self.tokens[at:]):
            return "whole"
        restricted = self.known.restricting & set(self.keys[at : at + 2])  # `, or`, `unless`, `without`
        if self._dangles(at) or self._only_leads(at) or self._holds(at, len(self.tokens)) or restricted:
            return None
        moves = (
            ("tail", self._is_tail),
            ("purpose or example", self._is_purpose),
            ("conjunct", self._is_last_conjunct),
            ("title", self._is_title),
        )
        return next((name for name, holds in moves if holds(at)), None)

    def _dangles(self, at: int) -> bool:
        """Whether it would end on a word that wants another: `citing`, also where an aside stands between the two."""
        comma = max((i for i in range(1, at) if self.keys[i] == ","), default=at)
        in_aside = comma < at and self.begins_aside(comma + 1)
        return self.keys[at - 1] in self.known.dangling or (in_aside and self.keys[comma - 1] in self.known.dangling)

    def _only_leads(self, at: int) -> bool:
        """Whether all that would be left, or its last clause, only leads to the rest, as `…; however.` does."""
        begin = max((i for i in range(at) if self.keys[i] == ";"), default=-1) + 1
        clause = self.keys[begin:at]
        return clause in self.known.connectives or bool(not begin and self.keys[at] == "," and self._frame(0) == at + 1)

    def begins_aside(self, at: int) -> bool:
        """Whether a phrase begins that a comma may part off."""
        return self.tokens[at].opens or self.keys[at] in self.known.openers

    def _is_tail(self, at: int) -> bool:
        """What a comma, semicolon, bracket or dash parts off; not the second of `on the one hand … on the other`."""
        first, halved = self.tokens[at], "hand" in self.keys[:at] and "other" in self.keys[at:]
        first_half = "hand" in self.keys[at : at + 4] or halved
        return first.is_mark and first.key in ",;(-" and not first_half and not self._concedes(at)

    def _is_purpose(self, at: int) -> bool:
        """`in order to`, `including`, `with a view to`; a plain "to" after what does not govern it."""
        if self.tokens[at].opens or self.keys[at] in _PURPOSE:
            return self.keys[at] not in _COMPLETES
        to_do = self.keys[at] == "to" and self.keys[at + 1 : at + 2] and self.keys[at + 1] in self.known.verbs
        last = self.keys[at - 1]
        return bool(to_do) and last not in self.known.governing and not last.endswith("ed")

    def _is_last_conjunct(self, at: int) -> bool:
        near = self.known.restricting & set(self.keys[at : at + 4])
        return self.keys[at] == self.known.conjunction and not near and self._ends_before_and(at)

    def _is_title(self, at: int) -> bool:
        """What a workshop is on: its title."""
        return self.keys[at - 1] in ("workshop", "عمل") and self.keys[at] in ("on", "بشان")

    def _concedes(self, at: int) -> bool:
        """Whether the clause that would be last is `although …`, which only leads to what follows."""
        begin = max((i for i in range(at) if self.keys[i] == ","), default=-1) + 1
        return self.keys[begin] in self.known.conceding

    def _ends_before_and(self, at: int) -> bool:
        """Whether what stands before an "and" is whole: no verb without its object, no name, no shared attribute."""
        if at + 1 == len(self.tokens):  # `…; and`, before the next item of a report's list
            return True
        last, following = self.tokens[at - 1], self.tokens[at + 1]
        both_acts = last.key.endswith("ing") and following.key.endswith("ing")
        if last.key in self.known.verbs or both_acts or self._is_attribute(at - 1):
            return False
        return not self._is_name(at)

    def _is_name(self, at: int) -> bool:
        """Whether an "and" stands within a name, `Office on Drugs and Crime`, and not in a list of names."""
        if any(at in bounds.ends for bounds in self._lists):
            return False
        before, after = self.tokens[at - 1], self.tokens[at + 1]
        return (before.is_capital and after.is_capital) or (before.key, after.key) in self.known.names

    def _is_attribute(self, at: int) -> bool:
        """Whether a word before "and" may share the noun after it: `fully equipped and …`."""
        key = self.keys[at]
        return self.language == "en" and (key.endswith(("al", "ive", "ic", "ous", "ful", "less", "ed", "ary", "able")))

    # --------------------------------------------------------------------------------------------- what may be missing

    def may_miss(self, start: int, end: int) -> str | None:
        """The move that leaves out `tokens[start:end]`, between two tokens that stay; None where none does."""
        words = {token.key for token in self.tokens[start:end] if not token.is_mark}
        if not words:
            return "whole"
        if words <= self.known.fillers:  # "no considerable rise" is another thing than "no rise"
            return None if self.known.restricting & set(self.keys[:start]) and words - {"the"} else "filler"
        if self.known.restricting & words:
            return None
        if end - start > 1 and self._in_brackets(start, end):
            return "brackets"
        barred = self._holds(start, end) or ";" in self.keys[start:end]
        if barred or (self.keys[start] == self.known.conjunction and self._is_name(start)):
            return None
        moves = (
            ("to after help", self._is_to_after_help),
            ("parenthesis", self._is_parenthesis),
            ("list", self.is_whole_items),
            ("conjunct", self._is_conjunct),
            ("first subject", self._is_second_subject),
            ("parallel", self._is_parallel),
        )
        return next((name for name, holds in moves if holds(start, end)), None)

    def _is_to_after_help(self, start: int, end: int) -> bool:
        helps = "help" in self.keys[max(0, start - 5) : start] and self.keys[end] in self.known.verbs
        return helps and self.keys[start:end] == ("to",)

    def _holds(self, start: int, end: int) -> bool:
        """Whether a stretch begins amid `between … and …` or `both … and …`, which are whole or nothing."""
        return any(first < start <= last and start < end for first, last in self._pairs)

    @cached_property
    def _pairs(self) -> tuple[tuple[int, int], ...]:
        """From each `between` and `both` to the word after its `and`."""
        found = []
        for at, key in enumerate(self.keys):
            if key in ("between", "both", "بين"):
                ands = [i for i in range(at, len(self.keys)) if self.keys[i] == self.known.conjunction]
                found.append((at, ands[0] + 1 if ands else len(self.keys)))
        return tuple(found)

    def _in_brackets(self, start: int, end: int) -> bool:
        """`(UNODC)`; not one of a row of them, `(A/1) and (A/2)`."""
        keys, conjunction = self.keys[start:end], self.known.conjunction
        if self.keys[start - 1] == conjunction or self.keys[end : end + 2] == (conjunction, "("):
            return False
        return keys[0] == "(" and keys[-1] == ")" and "(" not in keys[1:] and ")" not in keys[:-1]

    def _is_parenthesis(self, start: int, end: int) -> bool:
        """`, in particular the right to privacy,`: between two commas or dashes, and each part begins like one."""
        inside = self.keys[start + 1 : end - 1]
        if self.keys[start] not in ",-" or self.keys[end - 1] not in ",-" or inside.count("(") != inside.count(")"):
            return False
        parts, after = _split(inside, ","), self.tokens[end]
        begins_so = all(part and part[0] in self.known.openers for part in parts)
        tied = after.key in self.known.examples | _PRONOUNS  # `that, despite the risks of drones, they were …`
        ends_list = any(end - 1 in found.ends for found in self._lists)
        if not begins_so or tied or ends_list or self._goes_on_within(start, parts):
            return False
        if self.language == "ar":  # `في جلساتها، المعقودة في …،`: what was held goes on speaking of what went
            return after.key not in self.known.relatives | _HELD
        if parts[0][0] in ("which", "who", "both") or self.keys[start - 1] == "that":
            return True
        if after.key == self.known.conjunction:
            return bool(self.known.finite.intersection(self.keys[end + 1 : end + 2]))
        return after.opens or after.key in self.known.finite or after.key in self.known.prepositions

    def _goes_on_within(self, start: int, parts: Sequence[Sequence[str]]) -> bool:
        """Whether one of the parts comes after an aside and goes on with what was before it: `, of all States,`."""
        comma = max((i for i in range(start) if self.keys[i] == ","), default=None)
        follows = comma is not None and self.keys[comma + 1] in self.known.openers
        return self.language == "en" and any(
            part and part[0] in self.known.prepositions for part in parts[0 if follows else 1 :]
        )

    def _is_conjunct(self, start: int, end: int) -> bool:
        """`monitor and understand the risks`: one of two words of a kind; or the last part before a comma."""
        keys, conjunction = self.keys[start:end], self.known.conjunction
        if len(keys) == 2 and keys[1] == conjunction:
            return self._alike(keys[0], end, end + 1)
        if len(keys) == 2 and keys[0] == conjunction:
            return self._alike(keys[1], start - 1, end)
        if keys[0] != conjunction or keys[-1] != "," or "," in keys[:-1] or not self._ends_before_and(start):
            return False
        after = self.tokens[end]
        begins = after.opens or after.key in self.known.openers
        return begins and after.key not in self.known.examples and not self._says(keys)

    def _alike(self, word: str, kept: int, after: int) -> bool:
        """Whether a word and the one that stays are two verbs with one object, or two nouns that nothing follows."""
        stays = self.keys[kept]
        if word in self.known.dangling or stays in self.known.dangling or self.tokens[kept].is_mark:
            return False
        if word in self.known.verbs and stays in self.known.verbs:
            return True
        if word.endswith("ing") and stays.endswith("ing"):
            return True
        if {word, stays} & self.known.verbs:
            return False
        return after >= len(self.tokens) or self.tokens[after].is_mark or self.keys[after] in self.known.finite

    def _is_second_subject(self, start: int, end: int) -> bool:
        """`… and the submission of evidence can be enhanced`: the second subject of one verb."""
        keys = self.keys[start:end]
        return (
            self.language == "en"
            and keys[0] == self.known.conjunction
            and self.keys[end] in self.known.finite
            and not self._says(keys)
            and not self._says(self.keys[:start])
        )

    def _is_parallel(self, start: int, end: int) -> bool:
        """`should develop guidelines and should …`: one of two parts that open alike.

        A plain "to" does not count: what is necessary, and what it is necessary for, open with the same word.
        """
        keys, after = self.keys[start:end], self.keys[end]
        first = min(start + (keys[0] == ","), end)
        if after not in self.known.parallel or self.keys[first] != after or "that" in keys[2:]:
            return False
        joined = keys[-1] in (self.known.conjunction, "as-well-as", "وكذلك")
        if after in ("should", "ان"):
            return joined or keys[-1] == ","
        if after == "to":
            return self.tokens[first].opens and (joined or keys[-1] == ",")
        commas = sum(key == "," for key in keys[:-2])
        return joined and not commas and keys.count(after) == 1

    def _says(self, keys: Sequence[str]) -> bool:
        return bool(self.known.finite.union(("that", "which", "who", "ان")) & set(keys))

    # ------------------------------------------------------------------------------------------------------- its lists

    def is_whole_items(self, start: int, end: int) -> bool:
        """Whether a stretch is some whole items of one list, and others stay."""
        for bounds in self._lists:
            if end in bounds.firsts and (
                start in bounds.firsts or (start in bounds.ends and self.keys[end - 1] == ",")
            ):
                return True
            last = end - 1 if end not in bounds.ends and self.tokens[end - 1].is_mark else end
            if start in bounds.ends and last in bounds.ends and start < last:
                return True
        return False

    def ends_an_item(self, at: int) -> bool:
        """Whether an item of a list ends before a token."""
        return any(at in bounds.ends for bounds in self._lists)

    @cached_property
    def _lists(self) -> tuple[Bounds, ...]:
        return Lists(self.tokens, self.language, self._frame).found()


def _split(keys: Sequence[str], mark: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for key in keys:
        if key == mark:
            parts.append([])
        else:
            parts[-1].append(key)
    return parts
