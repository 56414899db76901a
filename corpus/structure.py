"""Two languages of one report, compared paragraph by paragraph: where one has what the other lacks."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.layout.told import Told, told
from corpus.records import Paragraph, Rendering

TABLELESS = (".pdf", ".txt")
"""Formats whose tables are read as lines of text, so that their rows cannot be compared."""
_DOCUMENTS = {"ar": "ar_document", "en": "en_document"}


def compare(first: Rendering, other: Rendering) -> list[Told]:
    """Every difference of structure, in reading order; empty where there is none.

    >>> from dataclasses import replace
    >>> english, arabic = report.rendering("en"), report.rendering("ar")
    >>> [found.en for found in compare(english, replace(arabic, paragraphs=arabic.paragraphs[:-1]))]
    ['paragraph 21(k) is in en (en.txt) and not in ar (000_9169193c5b2f5d8b.txt)']
    """
    here, there = (told(_DOCUMENTS[each.language], name=each.source_name) for each in (first, other))
    keep_tables = not any(rendering.source_name.lower().endswith(TABLELESS) for rendering in (first, other))
    found = []
    for ref in sorted({paragraph.ref for rendering in (first, other) for paragraph in rendering.paragraphs}):
        one, two = first.by_ref.get(ref), other.by_ref.get(ref)
        if one is None:
            found.append(told("only_in", ref=ref, here=there, there=here))
        elif two is None:
            found.append(told("only_in", ref=ref, here=here, there=there))
        else:
            found += [
                told(what, ref=ref, one=str(number), here=here, two=str(other_number), there=there)
                for what, number, other_number in _parts(one, two, with_tables=keep_tables)
            ]
    return found


def _parts(one: Paragraph, two: Paragraph, *, with_tables: bool) -> Iterator[tuple[str, int, int]]:
    for what, a, b in (
        ("other_headings", len(one.heading), len(two.heading)),
        ("other_footnotes", len(one.notes), len(two.notes)),
        ("other_rows", sum(len(t.rows) for t in one.tables), sum(len(t.rows) for t in two.tables)),
    ):
        if a != b and (with_tables or what != "other_rows"):
            yield what, a, b
