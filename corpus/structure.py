"""Two languages of one report, compared paragraph by paragraph: where one has what the other lacks."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.records import Paragraph, Rendering

TABLELESS = (".pdf", ".txt")
"""Formats whose tables are read as lines of text, so that their rows cannot be compared."""


def compare(first: Rendering, other: Rendering) -> list[str]:
    """Every difference of structure, one a line, in reading order; empty where there is none.

    >>> from dataclasses import replace
    >>> english, arabic = report.rendering("en"), report.rendering("ar")
    >>> compare(english, replace(arabic, paragraphs=arabic.paragraphs[:-1]))
    ['paragraph 21(k) is in en (en.txt) and not in ar (000_9169193c5b2f5d8b.txt)']
    """
    here, there = f"{first.language} ({first.source_name})", f"{other.language} ({other.source_name})"
    keep_tables = not any(rendering.source_name.lower().endswith(TABLELESS) for rendering in (first, other))
    found = []
    for ref in sorted({paragraph.ref for rendering in (first, other) for paragraph in rendering.paragraphs}):
        one, two = first.by_ref.get(ref), other.by_ref.get(ref)
        if one is None:
            found.append(f"paragraph {ref} is in {there} and not in {here}")
        elif two is None:
            found.append(f"paragraph {ref} is in {here} and not in {there}")
        else:
            found += [
                f"paragraph {ref}: {what} in {here}, {other_what} in {there}"
                for what, other_what in _parts(one, two, with_tables=keep_tables)
            ]
    return found


def _parts(one: Paragraph, two: Paragraph, *, with_tables: bool) -> Iterator[tuple[str, str]]:
    for name, a, b in (
        ("headings", len(one.heading), len(two.heading)),
        ("footnotes", len(one.notes), len(two.notes)),
        ("table rows", sum(len(t.rows) for t in one.tables), sum(len(t.rows) for t in two.tables)),
    ):
        if a != b and (with_tables or name != "table rows"):
            yield f"{a} {name}", f"{b}"
