"""A paragraph → the windows of whole sentences that a reader reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.records import Language, Span
from corpus.refs import Ref
from corpus.title_page import as_read
from index.contents import IndexContents, Key


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences that follow each other, by their rows in the index, and their text, after what leads in to them."""

    rows: tuple[int, ...]
    text: str


def gathered(lengths: Sequence[int], most: int) -> list[range]:
    """Which of so many things that follow each other go together, as many as have `most` length together.

    >>> gathered([30, 40, 50, 90, 10], 80)
    [range(0, 2), range(2, 3), range(3, 4), range(4, 5)]
    """
    found: list[range] = []
    held = 0
    for place, length in enumerate(lengths):
        if found and held + length <= most:
            found[-1] = range(found[-1].start, place + 1)
            held += length
        else:
            found.append(range(place, place + 1))
            held = length
    return found


def windows(
    contents: IndexContents, key: Key, language: Language, length: Callable[[str], int], most: int
) -> tuple[Window, ...]:
    """A paragraph's windows of at most `most` tokens, but for a sentence that is longer.

    What a sub-paragraph says begins in the paragraph above it: its last sentence goes before.
    """
    report, ref = key
    rendering = contents.by_id[report].rendering(language)
    rows = contents.sentence_rows(report, ref, language)
    chunks = [contents.chunks[row] for row in rows]
    texts = [as_read(rendering, ref, Span(chunk.start, chunk.end)) for chunk in chunks]
    if lead := _lead(contents, report, ref, language):
        rows, texts = [-1, *rows], [lead, *texts]
    parts = gathered([length(text) for text in texts], most)
    return tuple(
        Window(tuple(rows[i] for i in part if rows[i] >= 0), " ".join(texts[i] for i in part)) for part in parts
    )


def _lead(contents: IndexContents, report: str, ref: Ref, language: Language) -> str | None:
    above = ref.parent
    rendering = contents.by_id[report].rendering(language)
    if above is None or above not in rendering.by_ref:
        return None
    last = contents.chunks[contents.sentence_rows(report, above, language)[-1]]
    return rendering.by_ref[above].text[last.start : last.end]
