"""What was read of a document → what an editor looks at: each paragraph, where it comes from, what to see to there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from corpus.documents import ReadDocument
from corpus.origins import Origin
from corpus.readers.lines import FindingKind, Irregularity, Place
from corpus.records import CLOSING, Language, Paragraph, Report, Span
from corpus.refs import FRONT, Ref
from corpus.text import clean
from service.pages.views import Words

PARAGRAPHS = 25  # a page
_MARGIN = 10.0  # points of a printed page around what is shown of it
_COLUMN = 0.45  # of a page's width, shown at least, so that no letter is larger than twice its size
_WORDS = 48  # characters of a line that are looked for in the paragraph


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: where (an eid and the part that it is on, or nowhere), what, and in which line."""

    kind: FindingKind
    line: int
    detail: Mapping[Language, str]
    eid: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Words: marked where a finding is about them, doubtful where a recogniser was not sure of them."""

    text: str
    marked: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A place in a picture: its left upper corner, its width and its height, in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Clip:
    """What to show of a page's picture, and the lines in it that findings are about."""

    page: int
    width: float
    height: float
    shown: Box
    lines: tuple[Box, ...]
    marked: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, or the title page: as it was read, where it comes from, and the same in the other language."""

    ref: Ref
    label: str
    headings: tuple[str, ...]  # those that begin above it
    text: tuple[Piece, ...]
    notes: tuple[tuple[str, str], ...]
    sure: int | None  # in a hundred, of what was recognised in a picture
    findings: tuple[Finding, ...]
    first_line: int
    clips: tuple[Clip, ...]
    source: tuple[Piece, ...]  # markup, or lines of a text file
    other: Words | None

    @property
    def eid(self) -> str:
        """Its anchor."""
        return self.ref.eid


class Account:
    """The rows of one document, and its findings, each with its place."""

    def __init__(self, document: ReadDocument, report: Report) -> None:
        self._document = document
        rendering = document.rendering
        self.language = rendering.language
        front = (rendering.front,) if rendering.front else ()
        self._paragraphs = (*front, *rendering.paragraphs)
        self._sources = [_source(p, document) for p in self._paragraphs]
        self._starts = [span.start for span in self._sources]
        self._origins = document.origins
        self._numbers = [origin.number for origin in self._origins]
        self._offsets = [origin.span.start for origin in self._origins]
        self._others = next((r for r in report.renderings if r.language != self.language), None)
        self.findings = tuple(map(self._placed, document.reading.findings))
        self._by_place: dict[str, list[Finding]] = {}
        for finding in self.findings:
            self._by_place.setdefault(finding.eid, []).append(finding)

    @property
    def parts(self) -> int:
        """How many pages of rows there are, one at least."""
        return max(1, -(-len(self._paragraphs) // PARAGRAPHS))

    @property
    def is_text(self) -> bool:
        """Whether the document is a text file, whose lines are shown as they are."""
        return self._document.reading.format in {"txt", "md"}

    def rows(self, part: int) -> Iterator[Row]:
        """The rows of a page, from 1."""
        first = (part - 1) * PARAGRAPHS
        above = self._paragraphs[first - 1].heading if first else ()
        for at in range(first, min(first + PARAGRAPHS, len(self._paragraphs))):
            paragraph = self._paragraphs[at]
            yield self._row(paragraph, self._sources[at], above)
            above = paragraph.heading

    def _row(self, paragraph: Paragraph, source: Span, above: Sequence[str]) -> Row:
        findings = tuple(self._by_place.get(paragraph.ref.eid, ()))
        lines = {finding.line for finding in findings}
        origins = self._origins[bisect_right(self._offsets, source.start - 1) : bisect_right(self._offsets, source.end)]
        other = self._others.by_ref.get(paragraph.ref) if self._others else None
        return Row(
            paragraph.ref,
            self._document.rendering.label(paragraph.ref),
            _new(paragraph.heading, above),
            self._text(paragraph, [o for o in origins if o.number in lines]),
            tuple((note.mark, note.text) for note in paragraph.notes),
            round(100 * paragraph.recognised.confidence) if paragraph.recognised else None,
            findings,
            origins[0].number if origins else 0,
            tuple(_clips(origins, lines)),
            tuple(self._written(origins, lines)),
            Words(self._others.language, other.text) if self._others and other else None,
        )

    def _placed(self, irregularity: Irregularity) -> Finding:
        """A finding at the paragraph that holds its line; one of the whole document at none."""
        kind, line = irregularity.kind, irregularity.line
        detail: Mapping[Language, str] = {"en": irregularity.detail, "ar": irregularity.detail_ar}
        at = bisect_right(self._numbers, line) - 1
        if not line or at < 0 or not self._starts:
            return Finding(kind, line, detail)
        place = max(bisect_right(self._starts, self._origins[at].span.start) - 1, 0)
        return Finding(kind, line, detail, self._paragraphs[place].ref.eid, place // PARAGRAPHS + 1)

    def _text(self, paragraph: Paragraph, origins: Sequence[Origin]) -> tuple[Piece, ...]:
        """A paragraph's text; of one that was recognised, the doubtful words are what there is to see."""
        if paragraph.recognised is None:
            return self._marked(paragraph.text, origins)
        pieces, at = list[Piece](), 0
        for span in paragraph.recognised.doubtful:
            pieces += (
                Piece(paragraph.text[at : span.start]),
                Piece(paragraph.text[span.start : span.end], doubtful=True),
            )
            at = span.end
        return (*pieces, Piece(paragraph.text[at:]))

    def _marked(self, text: str, origins: Sequence[Origin]) -> tuple[Piece, ...]:
        """A paragraph's text, the words of those lines marked where they are found in it."""
        pieces: list[Piece] = []
        at = 0
        for origin in origins:
            words = clean(self._document.text[origin.span.start : origin.span.end])
            found = next(
                (
                    (start, start + len(part))
                    for part in (words, words[:_WORDS].rpartition(" ")[0])
                    if part and (start := text.find(part, at)) >= 0
                ),
                None,
            )
            if found:
                pieces += (Piece(text[at : found[0]]), Piece(text[found[0] : found[1]], marked=True))
                at = found[1]
        return (*(piece for piece in pieces if piece.text), Piece(text[at:]))

    def _written(self, origins: Sequence[Origin], lines: set[int]) -> Iterator[Piece]:
        """What stands in the file: the lines of a text, or the markup that they were made of, each once."""
        if self.is_text:
            for origin in origins:
                yield Piece(self._document.text[origin.span.start : origin.span.end], origin.number in lines)
            return
        for markup, made in groupby((o for o in origins if o.markup), key=lambda origin: origin.markup):
            yield Piece(markup, any(origin.number in lines for origin in made))


def _new(headings: tuple[str, ...], above: Sequence[str]) -> tuple[str, ...]:
    """The headings that begin here, and did not stand above the paragraph before.

    >>> _new(("Deliberations", "Ports"), ("Deliberations", "Ferries"))
    ('Ports',)
    """
    pairs = zip_longest(headings, above[: len(headings)])
    return headings[next((at for at, (own, before) in enumerate(pairs) if own != before), len(headings)) :]


def _source(paragraph: Paragraph, document: ReadDocument) -> Span:
    """Where a paragraph stands in the text that was read; of the title page, where its printed blocks do."""
    if paragraph.ref != FRONT:
        return paragraph.source
    blocks = [b.source for b in document.rendering.front_matter if b.role != CLOSING and b.source.end]
    return Span(min(b.start for b in blocks), max(b.end for b in blocks)) if blocks else Span(0, 0)


def _widened(edges: Sequence[Place], width: float) -> tuple[float, float]:
    """From where to where across the page to show: what the lines take, or a column's width at least."""
    left = max(min((p.left for p in edges), default=0.0) - _MARGIN, 0.0)
    right = min(max((p.right for p in edges), default=width) + _MARGIN, width)
    missing = max(_COLUMN * width - (right - left), 0.0)
    left = max(min(left - missing / 2, width - _COLUMN * width), 0.0)
    return left, max(right, min(left + _COLUMN * width, width))


def _clips(origins: Sequence[Origin], lines: set[int]) -> Iterator[Clip]:
    """Of each page that the lines stand on, the strip that holds them, or all of it where their places are unknown."""
    placed = [(origin.place, origin.number in lines) for origin in origins if origin.place is not None]
    for (number, width, height), group in groupby(placed, key=lambda p: (p[0].page, p[0].width, p[0].height)):
        found = list(group)
        edges = [place for place, _ in found if place.right > place.left]
        left, right = _widened(edges, width)
        top = max(min((p.top for p in edges), default=0.0) - _MARGIN, 0.0)
        bottom = min(max((p.bottom for p in edges), default=height) + _MARGIN, height)
        boxes = [
            (Box(p.left, p.top, round(p.right - p.left, 1), round(p.bottom - p.top, 1)), marked)
            for p, marked in found
            if p.right > p.left
        ]
        yield Clip(
            number,
            width,
            height,
            Box(round(left, 1), round(top, 1), round(right - left, 1), round(max(bottom - top, 1.0), 1)),
            tuple(box for box, _ in boxes),
            tuple(box for box, marked in boxes if marked),
        )
