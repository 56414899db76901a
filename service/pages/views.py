"""A report as the pages show it: rows of one text in its languages, with labels, links and citations made ready.

reading_rows(report, report.refs, "en", origin) → HeadingRow(Proceedings | الوقائع), Entry(1), Entry(1(a)) …
surroundings(report, 21(k), "ar", …) → its lead-in, the siblings between, 21(j), 21(k) itself
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, urlencode

from corpus.names import load_names
from corpus.records import Correction, Language, Rendering, Report, Span
from corpus.refs import Ref
from service.pages.marked import NO_MARKS, Names, Run, Stretch, cut, foreign_runs, mended_eid, unsure_eid
from service.pages.parts import part_of
from service.pages.places import NOWHERE, QUOTE, Places, heading_eid
from service.pages.wording import DIRECTION, NUMBER_END
from service.paragraphs.citing import cite_in_full
from service.paragraphs.lookup import permalink
from service.paragraphs.original import document_path, original_path


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words in one language."""

    language: Language
    text: str

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return DIRECTION[self.language]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph in one language. `number` and `letter` stand in the margin, `letter` alone where there is one.

    The title page has neither.
    """

    language: Language
    official: bool
    unofficial: bool
    label: str
    number: str
    letter: str
    stretches: tuple[Stretch, ...]
    sure: int | None = None  # in a hundred, where it was recognised in a picture
    doubtful: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return DIRECTION[self.language]


@dataclass(frozen=True, slots=True)
class Cited:
    """How to cite a paragraph in one language, where its words lie, and where they are shown in the original, if so."""

    words: Words
    url: str
    original: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph: first in the page's language, then in the others."""

    eid: str
    sub: bool
    is_marked: bool
    own: Prose
    others: tuple[Prose, ...]
    citations: tuple[Cited, ...]
    path: str
    data: str  # where programs read it, less the format
    file: str  # what a file of its citation is called
    ask_path: str  # where to ask about it


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading over what follows: level 2 and deeper."""

    eid: str
    level: int
    own: Words
    others: tuple[Words, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A block of the title page."""

    role: str
    own: Words
    others: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class MendedRow:
    """A line of the table of corrections."""

    eid: str
    label: str
    language: Language
    path: str
    correction: Correction
    why: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class NameRow:
    """A line of the table of names whose English spelling was not found published."""

    eid: str
    label: str
    path: str
    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A paragraph and what stands around it, in reading order: what is folded away has a label for its fold."""

    before: tuple[Entry, ...]
    lead_in: Entry | None
    earlier: tuple[Entry, ...]
    near_before: tuple[Entry, ...]
    entry: Entry
    children: tuple[Entry, ...]
    near_after: tuple[Entry, ...]
    later: tuple[Entry, ...]
    after: tuple[Entry, ...]


def reading_path(
    report: Report, language: Language | None = None, part: int = 1, marking: Sequence[tuple[str, str]] = ()
) -> str:
    """`/reports/kyoto-2021-workshop-4?lang=en`; of a long report's second part `/reports/long?lang=en&part=2`.

    `marking` is what the page is to mark, as `Sought.query` has it.
    """
    asked = [("lang", str(language))] if language else []
    asked += [("part", str(part))] if part > 1 else []
    query = urlencode([*asked, *marking])
    return f"/reports/{quote(report.id, safe='')}" + (f"?{query}" if query else "")


def place_path(report: Report, ref: Ref, language: Language, marking: Sequence[tuple[str, str]] = ()) -> str:
    """Where a paragraph stands on the reading page: `/reports/kyoto-2021-workshop-4?lang=en#para_21__subpara_k`."""
    return f"{reading_path(report, language, part_of(report, ref), marking)}#{ref.eid}"


def other_renderings(report: Report, language: Language) -> tuple[Rendering, ...]:
    """The renderings in the other languages."""
    return tuple(rendering for rendering in report.renderings if rendering.language != language)


def source_of(report: Report, rendering: Rendering) -> Rendering | None:
    """The rendering that this one was made from, where the report has it."""
    return next((other for other in report.renderings if other.language == rendering.translated_from), None)


def documents(report: Report, language: Language) -> tuple[tuple[Language, str], ...]:
    """The documents that may be fetched, in this language and then the others, each with its address."""
    renderings = (report.rendering(language), *other_renderings(report, language))
    return tuple((r.language, path) for r in renderings if (path := document_path(report, r)))


def title_rows(report: Report, language: Language) -> tuple[TitleRow, ...]:
    """The title page, block by block."""
    others = other_renderings(report, language)
    return tuple(
        TitleRow(
            block.role,
            Words(language, block.text),
            tuple(Words(other.language, text) for other in others if (text := other.title(block.role))),
        )
        for block in report.rendering(language).front_matter
    )


def reading_rows(
    report: Report, refs: Sequence[Ref], language: Language, origin: str, places: Places = NOWHERE
) -> Iterator[HeadingRow | Entry]:
    """The paragraphs, which follow each other in reading order, and the headings above them; `places` are marked.

    Where the first is a sub-paragraph, what it goes on from stands before it.
    """
    above: tuple[str, ...] = ()
    own = report.rendering(language)
    for paragraph in (own.by_ref[ref] for ref in refs):
        for level, _ in enumerate(paragraph.heading):
            if paragraph.heading[: level + 1] != above[: level + 1]:
                yield _heading_row(report, language, paragraph.ref, level)
        above = paragraph.heading
        for ref in (*lineage(refs[0]), paragraph.ref) if paragraph.ref == refs[0] else (paragraph.ref,):
            yield entry_of(report, ref, language, origin, places)


def _heading_row(report: Report, language: Language, first: Ref, level: int) -> HeadingRow:
    own = report.rendering(language)
    path = own.by_ref[first].heading[: level + 1]
    others = (other for other in other_renderings(report, language))
    return HeadingRow(
        eid=heading_eid(first, level),
        level=min(level + 2, 6),
        own=Words(language, path[-1]),
        others=tuple(
            Words(other.language, heading[level])
            for other in others
            if len(heading := other.by_ref[first].heading) > level
        ),
        first=own.numbered(first.number_in(language)),
        last=own.numbered(own.last_below[path].number_in(language)),
    )


def entry_of(report: Report, ref: Ref, language: Language, origin: str, places: Places = NOWHERE) -> Entry:
    """One paragraph, with what `places` has of it marked."""
    own = report.rendering(language)
    unsure = unsure_names(report.id)
    return Entry(
        eid=ref.eid,
        sub=ref.position > 0,
        is_marked=ref in places.refs,
        own=_prose(own, ref, unsure, places),
        others=tuple(_prose(other, ref, unsure, places) for other in other_renderings(report, language)),
        citations=citations(report, ref, language, origin, places.quoted),
        path=permalink(report, own.by_ref[ref], language),
        data=f"/v1/reports/{quote(report.id, safe='')}/paragraphs/{quote(str(ref), safe='():')}?lang={language}",
        file=f"{report.id}-{ref}".replace("(", "").replace(")", ""),
        ask_path=f"/?{urlencode({'lang': language, 'report': report.id, 'about': own.label(ref)})}",
    )


def _prose(rendering: Rendering, ref: Ref, unsure: Names, places: Places) -> Prose:
    language = rendering.language
    label = rendering.label(ref)
    number, _, letter = label.rpartition(" ")
    if ref.is_front:
        number, letter = "", ""
    elif not ref.level:  # "9", "2 bis", or "annex I, 9"
        own = rendering.numbered(ref.number_in(language))
        number, letter = (label.removesuffix(f" {own}"), f"{own}{NUMBER_END[language]}") if ref.annex else (label, "")
    paragraph = rendering.by_ref[ref]
    stretches = cut(paragraph, language, places.marks.get((ref, language), NO_MARKS), unsure)
    known = Prose(language, rendering.official, rendering.unofficial, label, number, letter, stretches)
    if (scan := paragraph.recognised) is None:
        return known
    doubtful = tuple(paragraph.text[span.start : span.end] for span in scan.doubtful)
    return replace(known, sure=round(100 * scan.confidence), doubtful=doubtful)


def citations(
    report: Report, ref: Ref, language: Language, origin: str, quoted: Mapping[Language, Span]
) -> tuple[Cited, ...]:
    """How to cite the paragraph, or what is quoted of it, in this language and then the others: `…, para. 21 (k)`."""
    return tuple(
        Cited(
            Words(rendering.language, cite_in_full(report, rendering, ref)),
            origin + permalink(report, rendering.by_ref[ref], rendering.language) + quoted_part(quoted, rendering),
            original_path(report, rendering, ref, quoted.get(rendering.language)),
        )
        for rendering in (report.rendering(language), *other_renderings(report, language))
    )


def quoted_part(quoted: Mapping[Language, Span], rendering: Rendering) -> str:
    """What of a link leads to the words that it quotes: `&start=0&end=118#quote`; nothing where it quotes none."""
    span = quoted.get(rendering.language)
    return f"&start={span.start}&end={span.end}#{QUOTE}" if span else ""


def corrections(report: Report, language: Language, refs: Sequence[Ref]) -> tuple[MendedRow, ...]:
    """Every correction of these paragraphs, in all languages of the report, labelled for a page in `language`."""
    return tuple(
        MendedRow(
            eid=mended_eid(rendering.language, correction),
            label=report.rendering(language).label(paragraph.ref),
            language=rendering.language,
            path=place_path(report, paragraph.ref, language),
            correction=correction,
            why=foreign_runs(correction.reason(language), language),
        )
        for rendering in report.renderings
        for paragraph in (rendering.by_ref[ref] for ref in refs)
        for correction in paragraph.corrections
    )


def names(report: Report, language: Language, refs: Sequence[Ref]) -> tuple[NameRow, ...]:
    """The names in these paragraphs whose English spelling was not found published, where the report has English."""
    english = report.rendering("en")  # another language has none of the names
    paragraphs = tuple(english.by_ref[ref] for ref in refs)
    rows = []
    for name in unsure_names(report.id):
        first = next((paragraph.ref for paragraph in paragraphs if name.en in paragraph.text), None)
        if first is not None:
            path = place_path(report, first, language)
            rows.append(NameRow(unsure_eid(name), report.rendering(language).label(first), path, name.ar, name.en))
    return tuple(rows)


@lru_cache
def unsure_names(report_id: str) -> Names:
    """The names of a report whose English spelling was not found published."""
    return tuple(name for name in load_names(report_id) if name.unverified)


def surroundings(report: Report, ref: Ref, language: Language, origin: str, places: Places) -> Surroundings:
    """The paragraph, its lead-in or its children, its near siblings, and the paragraphs before and after."""
    focus = entry_of(report, ref, language, origin, places)
    if ref.is_front:
        return Surroundings((), None, (), (), focus, (), (), (), ())

    def entries(*refs: Ref) -> tuple[Entry, ...]:
        return tuple(entry_of(report, other, language, origin) for other in refs)

    parent = ref.parent
    whole = report.whole
    at = bisect_left(whole, ref.part())
    siblings = report.children(parent) if parent else ()
    place = siblings.index(ref) if parent else 0
    return Surroundings(
        before=entries(*whole[max(0, at - 1) : at]) if place == 0 else (),
        lead_in=entries(parent)[0] if parent else None,
        earlier=entries(*siblings[: max(0, place - 1)]),
        near_before=entries(*siblings[max(0, place - 1) : place]),
        entry=focus,
        children=entries(*report.children(ref)),
        near_after=entries(*siblings[place + 1 : place + 2]),
        later=entries(*siblings[place + 2 :]),
        after=entries(*whole[at + 1 : at + 2]) if place + 1 >= len(siblings) else (),
    )


def lineage(ref: Ref) -> tuple[Ref, ...]:
    """What a sub-paragraph goes on from, from above: 21(k)(ii) → 21, 21(k)."""
    return (*lineage(ref.parent), ref.parent) if ref.parent else ()
