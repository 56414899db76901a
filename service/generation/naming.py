"""The names in a claim, in both scripts, and whether the paragraphs it cites have them, side by side as it has them.

    "Thomas Holt spoke." needs Thomas Holt (or توماس هولت) in a cited paragraph; "Thomas Morgan" more than both words;
    "Irakli Beridze of INTERPOL" needs one item of a list that has both

A capital letter shows a name in English. Arabic has none: there the report's table of names, the names of the world's
countries, and words that the report nowhere has stand in for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from babel import Locale

from corpus.names import Name
from corpus.text import fold
from index.search.lexical import terms
from service.generation.claims import words
from service.generation.facts import Evidence, joining_stems, unknown_words

_TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ITEM = re.compile(r"[;:؛]|(?<=[.؟!])\s")
_LATIN = re.compile(r"[a-z]+")
MOST_UNKNOWN = 2
# Words that begin a sentence with a capital and are no names.
_OPENERS = frozenset(
    """the a an it its they their this that these those there some several many most all both each another other others
    one two three four five six seven eight nine ten first second third in on at to for from by with as of and but or if
    when while where after before during since because although despite moreover also however according under through
    among speakers panellists participants representatives experts delegates governments countries states nations
    authorities officials members meetings moderators people citizens criminals technology technologies cooperation
    training evidence research legislation laws existing new law""".split()
)
_TITLES = frozenset("mr mrs ms miss dr prof professor judge director chair president minister ambassador".split())
# Abbreviations that a paraphrase may use where the text spells the words out.
_SHORT = {
    "ai": "artificial intelligence",
    "un": "united nations",
    "us": "united states",
    "usa": "united states of america",
    "ict": "information and communications technologies",
    "icts": "information and communications technologies",
}


@dataclass(frozen=True)
class Register:
    """What is known of a report's names: its table, and every stem that its texts have."""

    names: tuple[Name, ...]
    vocabulary: frozenset[str]

    def wrong_name(self, claim: str, evidence: Evidence) -> bool:
        """Whether a claim names somebody, some body or some place that its evidence does not, or not so.

        >>> register = engine.prover.register(report.id)
        >>> [register.wrong_name("Thomas Holt spoke.", Evidence.of(report, [Ref(number)])) for number in (2, 3)]
        [True, False]
        """
        return (
            self._unknown_spelling(claim, evidence)
            or self._known_elsewhere(claim, evidence)
            or self._invented(claim, evidence)
            or self._torn_apart(claim, evidence)
            or self._misattached(claim, evidence)
        )

    def _unknown_spelling(self, claim: str, evidence: Evidence) -> bool:
        """Runs of capitalised words must stand in the evidence as runs; in Arabic, every Latin word must."""
        if any("\u0621" <= letter <= "\u064a" for letter in claim):
            foreign = {w for w in words(claim) if _LATIN.fullmatch(w)}
            if len(foreign) * 2 < len(words(claim)):
                return any(not self._stands(word, evidence) for word in foreign)
        return any(not self._run_stands(run, first, evidence) for run, first in _runs(claim))

    def _run_stands(self, run: list[str], first: bool, evidence: Evidence) -> bool:
        if self._stands(" ".join(run), evidence):
            return True
        head = fold(run[0])
        if (first and (head in _OPENERS or _in_lower_case(head, evidence))) or head in _TITLES:
            return len(run) == 1 or self._run_stands(run[1:], first=False, evidence=evidence)
        return False

    def _stands(self, name: str, evidence: Evidence) -> bool:
        """Whether the evidence has a name in the spelling of either script, or an abbreviation written out."""
        folded = fold(name)
        if evidence.has(folded) or (folded in _SHORT and evidence.has(_SHORT[folded])):
            return True
        return any(evidence.has(form) for n in self._by_form.get(folded, ()) for form in n.forms)

    @cached_property
    def _by_form(self) -> Mapping[str, Sequence[Name]]:
        """The names by each of their spellings, folded."""
        found: dict[str, list[Name]] = defaultdict(list)
        for name in self.names:
            for form in name.forms:
                found[fold(form)].append(name)
        return found

    def _known_elsewhere(self, claim: str, evidence: Evidence) -> bool:
        """A name of the report's table, or a country, that only other paragraphs have."""
        text = _padded(claim)
        named = [n for n in self.names if any(_is_in(form, text) for form in n.forms)]
        if any(not any(evidence.has(form) for form in n.forms) for n in named):
            return True
        countries = [forms for forms in _territories() if any(_is_in(form, text) for form in forms)]
        return any(not any(evidence.has(form) for form in forms) for forms in countries)

    def _invented(self, claim: str, evidence: Evidence) -> bool:
        """Two unknown words side by side may be a name; so may one where the paragraph names people or countries.

        More than MOST_UNKNOWN in all are no paraphrase any more: orders hung onto a true sentence have three and more.
        """
        runs = unknown_words(claim, self.vocabulary)
        if not runs:
            return False
        cited = Evidence(evidence.paragraphs, ())
        return max(map(len, runs)) > 1 or sum(map(len, runs)) > MOST_UNKNOWN or any(map(cited.has, self._people))

    @property
    def _people(self) -> list[str]:
        return [form for n in self.names if n.kind != "organisation" for form in n.forms]

    def _torn_apart(self, claim: str, evidence: Evidence) -> bool:
        """Words of two persons' names side by side, or a word of the name of somebody who is elsewhere."""
        known = frozenset(w for n in self.names if n.kind == "person" for form in n.forms for w in words(form))
        text = [_bare(word, known) for word in words(claim)]
        pairs = pairwise(text)
        return any(w in known and not evidence.has(w) for w in text) or any(
            a in known and b in known and not evidence.has(f"{a} {b}") and not _ends_and_begins(a, b, self.names)
            for a, b in pairs
        )

    def _misattached(self, claim: str, evidence: Evidence) -> bool:
        """In a list, what is said of a person must come from that person's item, and so must the body named next."""
        items = [item for p in evidence.paragraphs for item in _ITEM.split(p.text)]
        stems = [frozenset(terms(item)) for item in items]
        persons = [n for n in self.names if n.kind == "person"]
        homes = {n: {i for i, s in enumerate(stems) if _surname(n) & s} for n in persons if self._mentions(claim, n)}
        if not homes:
            return False
        shared = {i for i, s in enumerate(stems) if not any(_surname(n) & s for n in persons)}
        allowed = shared.union(*homes.values())
        said = frozenset(terms(claim)).difference(joining_stems(), *map(_all_terms, homes))
        places = ({i for i, s in enumerate(stems) if term in s} for term in said)
        return any(found and not found & allowed for found in places) or self._wrong_body(claim, homes, items)

    def _wrong_body(self, claim: str, homes: dict[Name, set[int]], items: Sequence[str]) -> bool:
        """`Irakli Beridze (INTERPOL)`: the body after a person must share an item of the list with that person."""
        text = _padded(claim)
        marks = (
            sorted(
                (text.find(f" {last} "), n)
                for n in self.names
                for last in {_last(form) if n.kind == "person" else " ".join(words(form)) for form in n.forms}
                if f" {last} " in text
            )
            if homes
            else []
        )
        for (_, person), (_, body) in pairwise(marks):
            if person in homes and body.kind != "person":
                where = {i for i, item in enumerate(items) if any(_is_in(form, _padded(item)) for form in body.forms)}
                if where and not where & homes[person]:
                    return True
        return False

    @staticmethod
    def _mentions(claim: str, name: Name) -> bool:
        return any(_is_in(_last(form), _padded(claim)) for form in name.forms)


def _runs(claim: str) -> list[tuple[list[str], bool]]:
    """Runs of words with a capital, parted by a space alone, and whether each begins the claim.

    >>> _runs("The Chair met Thomas Holt, of UNODC.")
    [(['The', 'Chair'], True), (['Thomas', 'Holt'], False), (['UNODC'], False)]
    """
    runs: list[tuple[list[str], bool]] = []
    end = -1
    for i, token in enumerate(_TOKEN.finditer(claim)):
        word = re.sub(r"['’]s$", "", token[0])
        if word == word.lower():
            continue
        if runs and end == token.start() - 1 and claim[end] == " ":
            runs[-1][0].append(word)
        else:
            runs.append(([word], i == 0))
        end = token.end() if word == token[0] else -1  # a possessive ends a name
    return runs


def _in_lower_case(word: str, evidence: Evidence) -> bool:
    return any(re.search(rf"\b{word}\b", text) for text in evidence.texts)


def _padded(text: str) -> str:
    return f" {' '.join(words(text))} "


def _is_in(form: str, padded: str) -> bool:
    """Whether a name stands in a text of words between spaces, with a clitic or without."""
    wanted = " ".join(words(form))
    return any(f" {prefix}{wanted} " in padded for prefix in ("", "و", "ف", "ب", "ل", "ك"))


def _bare(word: str, known: frozenset[str]) -> str:
    return word[1:] if word not in known and word[1:] in known and word[0] in "وفبلك" else word


def _last(form: str) -> str:
    return (words(form) or [""])[-1]


def _surname(name: Name) -> frozenset[str]:
    return frozenset(terms(" ".join(_last(form) for form in name.forms)))


def _all_terms(name: Name) -> frozenset[str]:
    return frozenset(terms(" ".join(name.forms)))


def _ends_and_begins(a: str, b: str, names: Sequence[Name]) -> bool:
    """`Wyrick, Han-kyun`: one name ends and the next begins."""
    forms = [words(form) for n in names if n.kind == "person" for form in n.forms]
    return any(form[-1] == a for form in forms) and any(form[0] == b and len(form) > 1 for form in forms)


@cache
def _territories() -> tuple[tuple[str, str], ...]:
    """The countries of the world, (Arabic, English); CLDR's regions, which have numbers for codes, left out."""
    arabic, english = Locale("ar").territories, Locale("en").territories
    return tuple((arabic[code], english[code]) for code in map(str, arabic) if code.isalpha() and code in english)
