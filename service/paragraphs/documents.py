"""Documents that a text names → the loaded report that is meant, one that is not loaded, or "the report".

    Documents(reports).phrase(words("of the Kyoto Declaration"), 1) → Named("Kyoto Declaration"), not loaded
    Documents(reports).phrase(words("من تقرير حلقة العمل ٤"), 1) → Named of kyoto-2021-workshop-4

A report is known by its symbol, its id, its titles and its short labels in both languages. A resolution, a convention
or any other document that is no loaded report is known by what it is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import LANGUAGES, Language, Report
from corpus.refs import Ref
from corpus.symbols import symbols
from corpus.text import fold
from service.paragraphs.citing import in_a_row, title_of
from service.paragraphs.naming import (
    GENERIC,
    LEADING_ON,
    LINKS,
    NEUTRAL,
    OF,
    ORGANS,
    PARTS,
    SPECIFIC,
    Word,
    among,
    folded,
    stem,
    words,
)

_LONGEST = 14  # words of a name
_FIRST_YEAR = 1900
_QUOTES = ("“", "«", '"', "‘")
_QUOTED: Mapping[Language, str] = {"en": "“{}”", "ar": "«{}»"}
_FEW = 5  # names in a sentence
_READ = 2_000  # characters of a text in which reports are looked for
_BEFORE = 5  # words before "report"
_FEWEST = 2  # words that a question has, whatever is left out of it
_OPENING = folded("according in of from under per as وفقا طبقا حسب بحسب بموجب في من استنادا")
_CLOSING = frozenset(',،:;؛”»"’')
_FRAMING = _OPENING | folded("to the says to by report إلى") | set(_QUOTES)
_DEFINITE = ("ال", "بال", "لل", "وال")


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a text names at `text[start:end]`; `report` where it is loaded.

    `own` is "the report", "this document": whichever report is meant anyway.
    """

    start: int
    end: int
    report: Report | None = None
    own: bool = False

    def name(self, text: str) -> str:
        """What the text calls it, without what Arabic joins to it: لإعلان كيوتو → إعلان كيوتو."""
        written = text[self.start : self.end]
        first = words(written[:40])[:1]
        if first and not first[0].text.isascii() and first[0].text not in SPECIFIC | GENERIC:
            if first[0].text.startswith("لل"):
                return f"ال{written[2:]}"
            if first[0].text.startswith(("ل", "بال")) and among(first[0].text, SPECIFIC | GENERIC):
                return written[1:]
        return written

    @property
    def foreign(self) -> bool:
        """Whether it is a document that is not loaded."""
        return self.report is None and not self.own


class Documents:
    """The loaded reports, by all that they are called; `labels` are the short ones that an operator gave them."""

    def __init__(self, reports: Iterable[Report], labels: Mapping[str, str] | None = None) -> None:
        self.reports = tuple(reports)
        self.by_id = {report.id: report for report in self.reports}
        self.several = len(self.reports) > 1
        self._labels = labels or {}
        self._symbols: dict[str, Report] = {}
        self._titles: dict[tuple[str, ...], Report | None] = {}
        self._holding: dict[str, set[int]] = defaultdict(set)  # a stem, or two in a row → the reports called so
        for place, report in enumerate(self.reports):
            if report.symbol:
                self._symbols[fold(report.symbol)] = report
            names = self._names(report)
            for name in names:
                title = tuple(word.text for word in words(name) if word.kind != "mark")
                if len(title) > 1 or name == report.id:
                    self._titles[title] = None if self._titles.get(title, report) is not report else report
            for text in (*names, *_described(report)):
                stems = [stem(word.text) for word in words(text) if word.kind != "mark"]
                for key in (*stems, *map(" ".join, pairwise(stems))):
                    self._holding[key].add(place)
        self._longest = max(map(len, self._titles), default=0)
        self._first = {title[0] for title in self._titles if title}
        self._last = {title[-1] for title in self._titles if title}

    def label(self, report: Report, language: Language) -> str:
        """A report's short name: what the operator calls it, or else its symbol, its title, its id."""
        given = self._labels.get(f"{report.id}.{language}") or self._labels.get(report.id)
        return given or report.symbol or title_of(report, language)

    def label_of(self, report_id: str, language: Language) -> str | None:
        """The same where several reports are loaded, so that what is cited says whose it is; None where one is."""
        return self.label(self.by_id[report_id], language) if self.several else None

    def few(self, reports: Sequence[Report], language: Language) -> str:
        """The first of some reports by their short names, and how many more: “Harbours”, “Boats” (+3)."""
        labels = [_QUOTED[language].format(self.label(report, language)) for report in reports[:_FEW]]
        more = f" (+{len(reports) - _FEW})" if len(reports) > _FEW else ""
        return in_a_row(labels, language) + more

    def named(self, text: str) -> tuple[Report, ...]:
        """The loaded reports that a text names: by a symbol, by a title after "in" or in quotes, or as a report.

        "the harbour safety report", "تقرير حلقة العمل ٤", "according to A/CONF.234/16"
        """
        return tuple(dict.fromkeys(named.report for named in self._each_named(words(text[:_READ])) if named.report))

    def unframed(self, text: str) -> str:
        """A question without the words at its begin or end that only say which report is asked.

        "According to the harbour safety report, who inspects cranes?" → who inspects cranes?
        """
        said = words(text[:_READ])
        for named in self._each_named(said):
            first = next(i for i, word in enumerate(said) if word.start >= named.start)
            while first and (said[first - 1].text in _FRAMING or among(said[first - 1].text, GENERIC)):
                first -= 1
            last = next((i for i, word in enumerate(said) if word.start >= named.end), len(said))
            while last < len(said) and (said[last].text in GENERIC or said[last].text in _CLOSING):
                last += 1
            led = first < len(said) and (said[first].text in _OPENING or among(said[first].text, _OPENING))
            rest = text[said[last].start :] if last < len(said) else ""
            if led and first == 0 and len(words(rest)) > _FEWEST:
                return rest
            if led and not rest.strip("?؟. ") and first > _FEWEST:
                return text[: said[first].start].rstrip(" ,،") + rest
        return text

    def _each_named(self, said: Sequence[Word]) -> Iterator[Named]:
        for at, word in enumerate(said):
            named: Named | None = None
            if word.kind == "symbol":
                named = Named(word.start, word.end, self.by_symbol(word.text))
            elif word.text in LINKS or word.text in _QUOTES:
                named = self._titled(said, at + 1)
            elif among(word.text, GENERIC):
                named = self.title_at(said, at) or self.phrase(said, _start_of_name(said, at))
            if named and named.report:
                yield named

    def _titled(self, said: Sequence[Word], at: int) -> Named | None:
        while at < len(said) and (said[at].text in ("the", "to") or said[at].text in _QUOTES):
            at += 1
        return self.title_at(said, at)

    def _names(self, report: Report) -> tuple[str, ...]:
        titles = [text for r in report.renderings for text in (r.title(), r.title("subject")) if text]
        return tuple(dict.fromkeys([report.id, *titles, *(self.label(report, language) for language in LANGUAGES)]))

    def by_symbol(self, symbol: str) -> Report | None:
        """The report of that symbol, in any case."""
        return self._symbols.get(fold(symbol))

    def title_at(self, said: Sequence[Word], at: int) -> Named | None:
        """The title, label or id of a loaded report that begins with this word; the longest."""
        if at >= len(said) or (said[at].text not in self._first and said[at].kind != "mark"):
            return None
        here = [i for i in range(at, min(len(said), at + 2 * self._longest)) if said[i].kind != "mark"]
        for length in range(min(self._longest, len(here)), 0, -1):
            report = self._titles.get(tuple(said[i].text for i in here[:length]))
            if report is not None:
                return Named(said[here[0]].start, said[here[length - 1]].end, report)
        return None

    def title_before(self, said: Sequence[Word], end: int) -> Named | None:
        """The same that ends with the word before `end`."""
        if not end or said[end - 1].text not in self._last:
            return None
        for at in range(max(0, end - 2 * self._longest), end):
            found = self.title_at(said, at)
            if found and found.end == said[end - 1].end:
                return found
        return None

    def phrase(self, said: Sequence[Word], at: int) -> Named | None:
        """The document that is named from this word on; None where it is no document's name."""
        at = _past_quotes(said, at)
        while at < len(said) and said[at].text in NEUTRAL and said[at].kind == "word" and not said[at].numeral:
            if title := self.title_at(said, at):
                return title
            at += 1
        start = at
        if title := self.title_at(said, at):
            return title
        end = _end_of_name(said, at)
        if start == end:
            return None
        first = _first_segment(said, start, end)
        if among(said[start].text, PARTS) or (first < end and among(said[first - 1].text, PARTS)):
            return self._of_part(said, start, first, end)
        return self._decided(said, start, first, end)

    def _of_part(self, said: Sequence[Word], start: int, first: int, end: int) -> Named | None:
        """What the text, the preamble, article 5 belongs to: a document after it, or else whatever is meant anyway."""
        for at in range(start + 1, min(end + 2, len(said))):
            if said[at].text in OF | NEUTRAL or said[at].text == "من":
                continue
            if (found := self._decided(said, at, _first_segment(said, at, end), end)) is not None:
                return found
            if said[at].kind == "mark":
                break
        return Named(said[start].start, said[first - 1].end, own=True)

    def _decided(self, said: Sequence[Word], start: int, first: int, end: int) -> Named | None:
        """Whose name `said[start:end]` is; its first segment, up to an "of", ends at `first`."""
        if start >= end:
            return None
        named = said[start:end]
        for i, word in enumerate(named):
            if word.kind == "symbol":
                return Named(said[start].start, word.end, self.by_symbol(word.text))
            if word.kind == "pair" and (i == 0 or any(among(w.text, SPECIFIC) for w in named[:i])):
                return Named(said[start].start, word.end)
        head = next((i for i in range(start, first) if among(said[i].text, SPECIFIC | GENERIC | ORGANS)), None)
        if head is None:
            return self._unheaded(said, start, first)
        if among(said[head].text, SPECIFIC):
            fitting = self._fitting(said[start:first])
            return Named(said[start].start, said[end - 1].end, fitting[0] if len(fitting) == 1 else None)
        return self._report_named(said, start, head, first, end)

    def _report_named(self, said: Sequence[Word], start: int, head: int, first: int, end: int) -> Named:
        """The report, by the words before "report" and those after its "of"; "the report" where there are none."""
        after = _end_of_qualifiers(said, head, first, end)
        told = [w for w in said[start:after] if w.kind != "mark" and not among(w.text, NEUTRAL | GENERIC | OF)]
        place = said[start].start, said[max(after, head + 1) - 1].end
        if not told:
            return Named(*place, own=True)
        fitting = self._fitting(told)
        if not fitting:
            return Named(*place)
        return Named(*place, report=fitting[0]) if len(fitting) == 1 else Named(*place, own=True)

    def _unheaded(self, said: Sequence[Word], start: int, first: int) -> Named | None:
        """A name without a word for a document: of GDPR, of the Magna Carta."""
        told = [w for w in said[start:first] if w.text not in NEUTRAL]
        strange = [w for w in told if w.text.isascii() and w.capital and stem(w.text) not in self._holding]
        if strange and told[0].capital:
            return Named(said[start].start, said[first - 1].end)
        fitting = self._fitting(told) if len(told) > 1 else []
        return Named(said[start].start, said[first - 1].end, fitting[0]) if len(fitting) == 1 else None

    def _fitting(self, told: Sequence[Word]) -> list[Report]:
        """The reports that are called by all of these words; a number only together with the word before it."""
        places: set[int] | None = None
        for i, word in enumerate(told):
            if word.kind == "mark" or word.text in NEUTRAL | OF:
                continue
            year = word.text.isdigit() and int(word.text[:5]) >= _FIRST_YEAR
            key = stem(word.text)
            if word.numeral and not year:
                key = f"{stem(told[i - 1].text)} {key}" if i else ""
            held = self._holding.get(key, set())
            places = held if places is None else places & held
        return [self.reports[place] for place in sorted(places or ())]


def speaks_of(report: Report, ref: Ref, name: str) -> bool:
    """Whether a paragraph speaks of a document: has its symbol, or all words of its name where that has none.

    >>> speaks_of(report, Ref(11), "القرار 247/74"), speaks_of(report, Ref(9), "resolution 74/247")
    (True, False)
    """
    known = symbols(name)
    sought = {stem(word.text) for word in words(name) if word.kind == "word" and word.text not in NEUTRAL | OF}
    for rendering in report.renderings:
        text = rendering.by_ref[ref].text if ref in rendering.by_ref else ""
        if known:
            if known & symbols(text):
                return True
        elif sought and sought <= {stem(word.text) for word in words(text)}:
            return True
    return False


def _described(report: Report) -> tuple[str, ...]:
    """What else tells a report: its title page, its headings, its year, the words of its id."""
    blocks = [block.text for rendering in report.renderings for block in rendering.front_matter]
    headings = [heading for rendering in report.renderings for heading in rendering.headings]
    return (*blocks, *headings, str(report.year or ""), report.id.replace("-", " ").replace("_", " "))


def _past_quotes(said: Sequence[Word], at: int) -> int:
    return at + 1 if at < len(said) and said[at].text in _QUOTES else at


def _start_of_name(said: Sequence[Word], at: int) -> int:
    """Where the words before "report" begin: the | harbour safety report. Arabic has none before."""
    start = at
    while start and at - start < _BEFORE and said[at].text.isascii() and not _ends_a_name(said[start - 1]):
        start -= 1
    return start


def _ends_a_name(word: Word) -> bool:
    return (word.stops and word.text not in ("’s", "'s")) or word.text in OF


def _end_of_name(said: Sequence[Word], at: int) -> int:
    """Where the words of a name end: at a mark, a verb, or a word that no name has."""
    end = at
    while end < len(said) and end - at < _LONGEST and not said[end].stops:
        end += 1
        if [word.text.isdigit() or word.text for word in said[end : end + 3]] == ["(", True, ")"]:
            end += 3  # resolution 1540 (2004)
        if end < len(said) and said[end].text in ("’s", "'s") and end + 1 < len(said):
            end += 1  # the Secretary-General's report
    return end


def _first_segment(said: Sequence[Word], start: int, end: int) -> int:
    """Up to the first "of": the Convention | on the Rights of the Child."""
    return next((i for i in range(start + 1, end) if said[i].text in OF), end)


def _end_of_qualifiers(said: Sequence[Word], head: int, first: int, end: int) -> int:
    """Up to where the words after "report" say which one it is: of workshop 4; تقرير حلقة العمل ٤."""
    word = said[head].text
    if among(word, ORGANS):
        return end
    if word.isascii():
        return end if first < end else min(head + 1, end)
    if not word.startswith(_DEFINITE):
        return end
    after = head + 1  # after a definite noun only adjectives, and what a connecting one leads to
    while after < end and said[after].text.startswith("ال"):
        if said[after].text in LEADING_ON:
            return end
        after += 1
    return after
