"""What is shown of the original: of each page that the words stand on, the strip around them, the words in boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.boxes import Box, Printed, boxed
from corpus.records import Rendering, Report, Span
from corpus.refs import Ref
from service.paragraphs.original import picture_path

_MARGIN, _BESIDE = 14.0, 34.0  # points of the page around what is shown: above and below; beside, where numbers hang
_NARROWEST = 0.45  # of the page's width: no letter is shown larger than twice its size
_AROUND = 0.6  # points between the words and their box


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place in a picture: its left upper corner, its width and its height, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def as_view(self) -> str:
        """As `viewBox` has it."""
        return f"{self.left} {self.top} {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A page, the strip of it to show, and the boxes around the words; none where no more than the page is known."""

    page: int
    picture: str
    whole: Rectangle
    strip: Rectangle
    boxes: tuple[Rectangle, ...]


def figures(report: Report, rendering: Rendering, ref: Ref, printed: Printed, span: Span) -> Iterator[Figure]:
    """The pages that a stretch of a paragraph stands on."""
    text = rendering.by_ref[ref].text
    marked, around = boxed(printed, span), boxed(printed, Span(0, len(text)))
    turned = {row.page for row in printed.rows} - around.keys()
    for page in sorted(marked.keys() | turned):
        width, height = printed.pages[page]
        whole = Rectangle(0, 0, width, height)
        strip = _strip(around[page], whole) if page in around else whole
        boxes = tuple(_rectangle(box, _AROUND, _AROUND, whole) for box in marked.get(page, ()))
        yield Figure(page, picture_path(report, rendering, page), whole, strip, boxes)


def _strip(boxes: list[Box], whole: Rectangle) -> Rectangle:
    """What the boxes take, with a margin, and a column's width at least."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    missing = max(_NARROWEST * whole.width - (right - left), 0.0)
    around = Box(left - missing / 2, min(b.top for b in boxes), right + missing / 2, max(b.bottom for b in boxes))
    return _rectangle(around, _BESIDE, _MARGIN, whole)


def _rectangle(box: Box, beside: float, above: float, whole: Rectangle) -> Rectangle:
    """A box, somewhat wider and higher, as far as the page reaches."""
    left, top = max(box.left - beside, 0.0), max(box.top - above, 0.0)
    right, bottom = min(box.right + beside, whole.width), min(box.bottom + above, whole.height)
    return Rectangle(round(left, 1), round(top, 1), round(max(right - left, 1.0), 1), round(max(bottom - top, 1.0), 1))
