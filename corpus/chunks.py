"""Reports → chunks, the pieces that get a vector each: paragraphs, their sentences, and the title page's blocks.

A paragraph of one sentence is one chunk; one of several is a chunk, followed by a chunk for each sentence.

langchain-text-splitters cuts the text; the offsets it reports are checked, because a chunk that does not slice back
to its paragraph could never be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.errors import CorpusError
from corpus.layout.abbreviations import without_short
from corpus.records import Chunk, Paragraph, Rendering, Report, Span

# A full stop, question or exclamation mark of either script ends a sentence, with any closing quote or bracket, where
# white space and no lower-case Latin letter follows. An item's number, "38. At its …", "…, 1. Decides …", ends none.
_SENTENCE_END = re.compile(
    r"(?<=[.؟!?…])"
    + "".join(rf"(?<!{before}\d{{{digits}}}\.)" for before in ("^", r"[;؛:.]\s") for digits in (1, 2, 3))
    + r"(?<![,،]\s1\.)\s+(?![a-z])|(?<=[.؟!?…][\"'»”)\]])\s+(?![a-z])"
    r"|\s‖\s"  # a row of a table is a sentence of its own
)


def chunk_reports(reports: Iterable[Report]) -> tuple[Chunk, ...]:
    """Every chunk of every rendering, in reading order."""
    return tuple(
        chunk
        for report in reports
        for rendering in report.renderings
        for paragraph in report.texts(rendering)
        for chunk in _paragraph_chunks(report, rendering, paragraph)
    )


def sentence_counts(chunks: Sequence[Chunk]) -> list[int]:
    """For each chunk, how many of the chunks right after it are its sentences; 0 for a sentence itself.

    >>> whole, sentence = (Chunk("kyoto", Ref(1), "en", kind, 0, 4) for kind in ("paragraph", "sentence"))
    >>> sentence_counts([whole, sentence, sentence, whole])
    [2, 0, 0, 0]
    """
    counts = [0] * len(chunks)
    for row, chunk in enumerate(chunks):
        if chunk.kind == "paragraph":
            whole = row
        else:
            counts[whole] += 1
    return counts


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a paragraph, in order, without the white space between them.

    >>> text = "One. Two؟ ثلاثة."
    >>> [text[s.start:s.end] for s in sentences(text)]
    ['One.', 'Two؟', 'ثلاثة.']
    """
    # Imported here because it takes a second, and only builds and drafts need it.
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    splitter = RecursiveCharacterTextSplitter(
        separators=[_SENTENCE_END.pattern],
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=1,
        chunk_overlap=0,
        add_start_index=True,
    )
    found = []
    text = without_short(text)
    for document in splitter.create_documents([text]):
        start = document.metadata["start_index"]
        sentence = document.page_content.rstrip().removesuffix("‖").rstrip()
        end = start + len(sentence)
        if start < 0 or text[start:end] != sentence:
            raise CorpusError(f"the splitter's offset {start} does not slice back to {sentence[:40]!r}")
        if sentence.strip():
            found.append(Span(start, end))
    return tuple(found)


def _paragraph_chunks(report: Report, rendering: Rendering, paragraph: Paragraph) -> Iterator[Chunk]:
    yield Chunk(report.id, paragraph.ref, rendering.language, "paragraph", 0, len(paragraph.text))
    spans = rendering.front_lines if paragraph.ref.is_front else sentences(paragraph.text)
    if len(spans) > 1:
        for span in spans:
            yield Chunk(report.id, paragraph.ref, rendering.language, "sentence", span.start, span.end)
