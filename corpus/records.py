"""The records that all of fiqra shares: reports, renderings, paragraphs, chunks. Frozen and typed.

A `Report` has a `Rendering` for each language; a rendering has the same `Paragraph`s, by `Ref`, in each. A `Chunk`
names a slice of one paragraph's text. All offsets count Unicode code points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal, get_args

from corpus.refs import FRONT, Ref, Target
from corpus.refs.numerals import arabic_indic

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

digits = "0123456789"

ChunkKind = Literal["paragraph", "sentence"]

Certainty = Literal["certain", "probable"]
"""How sure a correction is.

`certain`: what is printed is no word, or neither grammar nor sense let it stand, and one reading alone is near.
`probable`: what is printed could stand, or the reading is one of several; the context speaks for it.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that was misread when the document was converted to text, and what it should be.

    `printed` is the misreading, `read` the right words, and `span` where those stand in the stored text.

    `ref` names the paragraph; `why` is the reason in English, `why_ar` in Arabic.

    >>> mended = report.rendering("ar").by_ref[Ref(9)].corrections[1]
    >>> mended.printed, mended.read, mended.span
    ('تنقر', 'تفتقر', Span(start=314, end=319))
    """

    ref: str
    printed: str
    read: str
    certainty: Certainty
    why: str
    why_ar: str
    span: Span

    def reason(self, language: Language) -> str:
        """The reason for the correction, in that language."""
        return self.why_ar if language == "ar" else self.why


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, kept apart from the text: its mark, and the mark's offset `at` in the paragraph's text."""

    mark: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that belongs to a paragraph: rows of cells, each a span of the paragraph's text.

    In the text, ` | ` parts the cells of a row and ` ‖ ` the rows, so that a cell is found and quoted like any word.
    """

    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Says that a text was recognised in a picture by a program, which may have misread it.

    `confidence` is the program's own, 0 to 1; `doubtful` are the words that it was not sure of.
    """

    confidence: float
    doubtful: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """One numbered paragraph in one language; or the title page, which has the ref FRONT and is not counted as one.

    `text` is the stored text: page breaks joined, corrections applied, white space single, emphasis marks taken out
    (`emphasis` says where they stood). `source` spans the paragraph, its number included, in the source file.
    """

    ref: Ref
    text: str
    heading: tuple[str, ...]
    source: Span
    emphasis: tuple[Span, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    tables: tuple[Table, ...] = ()
    recognised: Recognised | None = None

    @cached_property
    def text_sha256(self) -> str:
        """The SHA-256 of the stored text in UTF-8, 64 hex digits; permalinks carry the first 8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


CLOSING = "closing"
"""The role of a block that stands below the last paragraph: `Done at Valletta on 3 May 2023.`"""


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """One block of the title page and what it says, for example `congress` or `place_and_dates`.

    What stands below the last paragraph, and is none, is kept as a block of the role `closing`.

    `source` spans it in the source file.
    """

    role: str
    text: str
    source: Span = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Original:
    """What readers may look at of the document that a rendering was read from, which is kept beside the report.

    `pages` is how many printed ones are shown as pictures, with the words that are cited in boxes; `offered` says that
    whoever took it in lets the document itself be fetched.
    """

    pages: int = 0
    offered: bool = False


@dataclass(frozen=True)
class Rendering:
    """The report in one language.

    `official` says that whoever took it in declared it an official text of the document; otherwise nothing is claimed
    of it. `translated_from` is the language that it was made from, where that is known: of what is not official it says
    that it is an unofficial rendering. `questions` are a few that it answers, to suggest to a reader. `original` is
    what may be looked at of the document, if anything.
    """

    language: Language
    official: bool
    front_matter: tuple[TitleBlock, ...]
    paragraphs: tuple[Paragraph, ...]
    source_name: str
    source_sha256: str
    questions: tuple[str, ...] = ()
    translated_from: Language | None = None
    original: Original | None = None

    @property
    def unofficial(self) -> bool:
        """Whether it is known to be no official text."""
        return not self.official and self.translated_from is not None

    @cached_property
    def recognised(self) -> bool:
        """Whether any of it was recognised in pictures of its pages."""
        return any(paragraph.recognised for paragraph in self.paragraphs)

    @cached_property
    def front(self) -> Paragraph | None:
        """The title page as it is cited, a line for each block; None where there is none."""
        if not self.front_matter:
            return None
        printed = [block.source for block in self.front_matter if block.role != CLOSING] or [Span(0, 0)]
        source = Span(printed[0].start, printed[-1].end)
        return Paragraph(FRONT, "\n".join(block.text for block in self.front_matter), (), source)

    @property
    def front_lines(self) -> tuple[Span, ...]:
        """Where each block stands in the title page's text."""
        ends = tuple(accumulate(len(block.text) + 1 for block in self.front_matter))
        return tuple(
            Span(end - 1 - len(block.text), end - 1) for end, block in zip(ends, self.front_matter, strict=True)
        )

    @cached_property
    def by_ref(self) -> dict[Ref, Paragraph]:
        """The title page, where there is one, and the paragraphs, by their ref."""
        front = (self.front,) if self.front else ()
        return {paragraph.ref: paragraph for paragraph in (*front, *self.paragraphs)}

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings in reading order, each once."""
        return tuple(dict.fromkeys(heading for paragraph in self.paragraphs for heading in paragraph.heading))

    @cached_property
    def last_below(self) -> Mapping[tuple[str, ...], Ref]:
        """The last paragraph below each heading, named with those above it: ("Deliberations", "Firearms") → 12."""
        last: dict[tuple[str, ...], Ref] = {}
        for paragraph in self.paragraphs:
            for level in range(len(paragraph.heading)):
                last[paragraph.heading[: level + 1]] = paragraph.ref
        return last

    @cached_property
    def _arabic_indic(self) -> bool:
        """Whether the text has more of the digits ٠١٢ than of 012."""
        text = "".join(paragraph.text for paragraph in self.paragraphs)
        return sum(map(text.count, arabic_indic(digits))) > sum(map(text.count, digits))

    def numbered(self, text: str) -> str:
        """A number in the digits that the text itself writes: 21, or ٢١ where most of the text's numbers are so."""
        return arabic_indic(text) if self._arabic_indic else text

    def label(self, ref: Ref) -> str:
        """What a reader calls the paragraph: `21 (k)`, `21 (ك)`; `٢١ (ك)` where the text writes its numbers so."""
        return self.numbered(ref.label(self.language))

    def title(self, role: str = "title") -> str:
        """The title page's block of that role, or an empty string."""
        return next((block.text for block in self.front_matter if block.role == role), "")


@dataclass(frozen=True)
class Report:
    """One document in one or more languages; paragraph numbers are the same in each.

    `renderings` holds an official rendering first, where there is one. `symbol` is the document's own, where it
    declares one, such as `A/CONF.234/16`; `year` the one it was issued in.
    """

    id: str
    renderings: tuple[Rendering, ...]
    symbol: str | None = None
    year: int | None = None

    def __hash__(self) -> int:
        """Hash the id alone: hashing all the words at each look into a cache would be slow."""
        return hash(self.id)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages the report has, in the order of its renderings."""
        return tuple(rendering.language for rendering in self.renderings)

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every paragraph and sub-paragraph in reading order."""
        return tuple(paragraph.ref for paragraph in self.renderings[0].paragraphs)

    @cached_property
    def citable(self) -> tuple[Ref, ...]:
        """What can be cited, in reading order: the title page, where each language has one, then the paragraphs."""
        return (FRONT, *self.refs) if all(rendering.front for rendering in self.renderings) else self.refs

    def texts(self, rendering: Rendering) -> tuple[Paragraph, ...]:
        """What can be cited of one rendering, in reading order."""
        return tuple(rendering.by_ref[ref] for ref in self.citable if ref in rendering.by_ref)

    @cached_property
    def places(self) -> Mapping[Ref, int]:
        """The place of each ref in reading order: paragraphs from 0, the title page before them.

        A ref that is not in it does not exist.
        """
        return {ref: place for place, ref in enumerate(self.citable, len(self.refs) - len(self.citable))}

    @cached_property
    def whole(self) -> tuple[Ref, ...]:
        """The paragraphs without their sub-paragraphs, sorted: 1, 2 … 21."""
        return tuple(sorted((ref for ref in self.refs if not ref.level), key=lambda ref: ref.order))

    @cached_property
    def _children(self) -> Mapping[Ref, tuple[Ref, ...]]:
        """The sub-paragraphs of each that has any."""
        found: dict[Ref, list[Ref]] = {}
        for ref in self.refs:
            if ref.level and (parent := ref.parent):
                found.setdefault(parent, []).append(ref)
        return {parent: tuple(refs) for parent, refs in found.items()}

    def rendering(self, language: Language | None) -> Rendering:
        """The rendering in that language, or the first one where the report lacks the language."""
        return next((r for r in self.renderings if r.language == language), self.renderings[0])

    def label(self, target: Target, language: Language) -> str:
        """What prose in that language calls a paragraph, whether it is there or not: 2bis → `2 مكررا`, `٢ مكررا`.

        The digits are those that the report's own text in that language writes.
        """
        return self.rendering(language).numbered(target.label(language))

    def children(self, ref: Ref) -> tuple[Ref, ...]:
        """`21` → 21(a) … 21(k); `21(a)` → its items, 21(a)(i) …, if it has any."""
        return self._children.get(ref, ())

    def led_in(self, ref: Ref) -> tuple[Ref, ...]:
        """The sub-paragraphs that a paragraph's last words lead in to: `1`, which ends on a colon, → 1(a) … 1(d)."""
        leads_in = any(r.by_ref[ref].text.endswith(":") for r in self.renderings if ref in r.by_ref)
        return self.children(ref) if leads_in else ()

    def descendants(self, ref: Ref) -> tuple[Ref, ...]:
        """The children of a paragraph, each with its own, in reading order."""
        return tuple(part for child in self.children(ref) for part in (child, *self.descendants(child)))

    def neighbours(self, ref: Ref) -> tuple[Ref | None, Ref | None]:
        """The refs before and after, in reading order: `21(a)` → (21, 21(b)), `1` → (None, 1(a)).

        The title page is no paragraph's neighbour, and has none.
        """
        if ref.is_front:
            return None, None
        refs, at = self.refs, self.places[ref]
        return (refs[at - 1] if at else None), (refs[at + 1] if at + 1 < len(refs) else None)

    def between(self, first: Ref, last: Ref) -> tuple[Ref, ...]:
        """From one ref to another of the same level, both included: 9, 11 → 9, 10, 11; sub-paragraphs are left out."""
        if first == last:
            return (first,)
        start, end = sorted((self.places[first], self.places[last]))
        return tuple(ref for ref in self.refs[start : end + 1] if ref.level == first.level)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of a paragraph, or of the title page, that gets a vector of its own: `paragraph.text[start:end]`."""

    report: str
    ref: Ref
    language: Language
    kind: ChunkKind
    start: int
    end: int
