"""What a report knows of its own order, worked out once: against the definitions, on any report, at any size."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Correction, Paragraph, Rendering, Report, Span
from corpus.refs import Ref, RefRange, parse_refs
from service.drafts.check import verify_draft
from service.drafts.sources import SourceTexts, Stretch, merged
from service.pages.marked import cut
from service.paragraphs.lookup import listed, nearest, resolve
from tests.support.pace import slowness


def report_of(refs: list[Ref]) -> Report:
    """A report of these paragraphs, with headings that change now and then and come back."""
    paragraphs = tuple(
        Paragraph(ref, f"Words of {ref}.", (f"Part {ref.number % 3}", f"{ref.number % 2}"), Span(0, 1)) for ref in refs
    )
    return Report("r", (Rendering("en", True, (), paragraphs, "x", "0"),))


@st.composite
def numbered(draw: st.DrawFn) -> Report:
    """Any numbering that a report may have: sub-paragraphs and items below their own, annexes last, gaps between."""
    whole = draw(st.sets(st.tuples(st.integers(0, 2), st.integers(1, 30)), min_size=1, max_size=12))
    refs = set[Ref]()
    for annex, number in whole:
        refs.add(Ref(number, annex=annex))
        for position in draw(st.sets(st.integers(1, 28), max_size=4)):
            refs.add(Ref(number, position, annex=annex))
            refs |= {Ref(number, position, item, annex) for item in draw(st.sets(st.integers(1, 39), max_size=3))}
    return report_of(sorted(refs))


ANY_REF = st.builds(Ref, st.integers(1, 40), st.integers(1, 28), st.integers(0, 39), st.integers(0, 3)) | st.builds(
    Ref, st.integers(1, 40), annex=st.integers(0, 3)
)


@given(numbered(), ANY_REF)
def test_order_and_families_are_those_of_the_definitions(report: Report, other: Ref) -> None:
    refs = report.refs
    assert report.whole == tuple(ref for ref in refs if not ref.position)
    for at, ref in enumerate(refs):
        assert report.places[ref] == at
        assert report.children(ref) == tuple(each for each in refs if each.parent == ref)
        assert report.neighbours(ref) == (refs[at - 1] if at else None, refs[at + 1] if at + 1 < len(refs) else None)
    assert (other in report.places) == (other in refs)
    assert report.children(other) == tuple(each for each in refs if each.parent == other)


@given(numbered(), st.data())
def test_a_range_is_every_paragraph_of_its_level_between_its_ends(report: Report, data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(report.refs))
    alike = [ref for ref in report.refs if (ref.parent, ref.annex) == (first.parent, first.annex) and ref >= first]
    last = data.draw(st.sampled_from(alike))
    expected = tuple(ref for ref in report.refs if first <= ref <= last and ref.level == first.level)
    assert resolve(report, [RefRange(first, last) if first < last else first]) == expected


@given(numbered(), ANY_REF)
def test_the_nearest_are_those_that_a_look_at_all_finds(report: Report, ref: Ref) -> None:
    """Among its siblings; else its parent; else among the paragraphs of its annex."""
    siblings = report.children(ref.parent) if ref.parent else ()
    if not siblings and ref.parent in report.refs:
        siblings = (ref.parent,)
    pool = siblings or tuple(each for each in report.whole if each.annex == ref.annex)
    near = nearest(report, ref)
    if pool:
        by_distance = sorted(pool, key=lambda r: [abs(a - b) for a, b in zip(r.order, ref.order, strict=True)])
        assert near == tuple(by_distance[:3])
    else:
        assert near
        assert {each.annex for each in near} <= {each.annex for each in report.whole}


@given(numbered())
def test_the_last_paragraph_below_a_heading_is_found(report: Report) -> None:
    [rendering] = report.renderings
    for paragraph in rendering.paragraphs:
        for level in (1, 2):
            path = paragraph.heading[:level]
            below = [p.ref for p in rendering.paragraphs if p.heading[:level] == path]
            assert rendering.last_below[path] == below[-1]


def test_equal_reports_are_one_key() -> None:
    """A look into a cache costs nothing that grows with the report."""
    report = report_of([Ref(n) for n in range(1, 5_000)])
    same = replace(report)
    assert {report: 1}[same] == 1
    started = time.thread_time()
    for _ in range(1000):
        hash(report)
    assert time.thread_time() - started < 0.05 * slowness()


@pytest.mark.parametrize("kind", ["foreign", "emphasis", "corrections"])
def test_a_paragraph_with_thousands_of_pieces_is_cut_in_their_number(kind: str) -> None:
    """Before, each edge looked at all spans: 1,000 pieces took 0.4 s, and 2,000 took 1.2 s."""
    count = 4_000
    text = "ا a " * count
    spans = tuple(Span(4 * at, 4 * at + 1) for at in range(count))
    paragraph = Paragraph(Ref(1), text if kind == "foreign" else "ab c" * count, (), Span(0, 1))
    if kind == "emphasis":
        paragraph = replace(paragraph, emphasis=spans)
    if kind == "corrections":
        paragraph = replace(
            paragraph, corrections=tuple(Correction("1", "x", "a", "certain", "", "", span) for span in spans)
        )
    started = time.thread_time()
    [stretch] = cut(paragraph, "ar")
    assert time.thread_time() - started < 0.5 * slowness()
    assert "".join(run.text for run in stretch.runs) == paragraph.text
    marked = [run for run in stretch.runs if run.foreign or run.emphasis or run.mended]
    assert len(marked) >= count


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=6))
def test_emphasis_lies_where_any_of_its_spans_does(pairs: list[list[int]]) -> None:
    """Spans that cross and hold each other included, which a document has none of and a file of others may."""
    spans = tuple(Span(*pair) for pair in pairs)
    paragraph = Paragraph(Ref(1), "abcdefghijklmnopqrstuvwxyzabcd", (), Span(0, 1), emphasis=spans)
    at = 0
    for run in (run for stretch in cut(paragraph, "en") for run in stretch.runs):
        for place in range(at, at + len(run.text)):
            assert run.emphasis == any(span.start <= place < span.end for span in spans)
        at += len(run.text)
    assert at == len(paragraph.text)


# ---------------------------------------------------------------------------------------------------- drafts about them


@given(st.lists(st.builds(lambda a, b: Stretch(min(a, b), max(a, b)), st.integers(0, 40), st.integers(0, 40))))
def test_stretches_are_joined_where_they_meet(stretches: list[Stretch]) -> None:
    joined = merged(stretches)
    assert {n for s in stretches for n in range(s.first, s.last + 1)} == {
        n for s in joined for n in range(s.first, s.last + 1)
    }
    assert all(a.last + 1 < b.first for a, b in pairwise(joined))


@pytest.mark.parametrize(
    ("cited", "status"),
    [("7", "supported"), ("7(b)", "supported"), ("7(b)(ii)", "supported"), ("7(a)", "not_found"), ("6-8", "supported"),
     ("1-6", "not_found"), ("7(a)-(c)", "supported"), ("8, 7(b)(i)", "not_found"), ("5-8, 6-7, 5-6", "supported")],
)  # fmt: skip
def test_a_quotation_is_sought_in_what_is_cited_and_all_that_is_below_it(cited: str, status: str) -> None:
    refs = [Ref(n) for n in range(1, 9)]
    refs += [Ref(7, 1), Ref(7, 2), Ref(7, 2, 1), Ref(7, 2, 2), Ref(7, 3)]
    report = report_of(sorted(refs))
    assert len(parse_refs(cited)) == cited.count(",") + 1
    results = verify_draft(report, f"“Words of 7(b)(ii).” [{cited}]").results
    [quotation] = [result for result in results if result.kind == "quotation"]
    assert (quotation.status, quotation.found_in) == (status, ("7(b)(ii)",))


def test_a_paragraph_of_many_corrections_is_known_as_printed() -> None:
    """Up to four in every combination, more of them all together: with each, combinations double.

    Four out of fifty in every combination would be 250,000 wordings of one paragraph.
    """
    text = " ".join(f"word{n}" for n in range(50))
    spans = [Span(text.index(f"word{n} "), text.index(f"word{n} ") + len(f"word{n}")) for n in range(49)]
    many = tuple(Correction("1", f"wrod{n}", f"word{n}", "certain", "", "", span) for n, span in enumerate(spans))
    for corrections, wordings in ((many[:3], 7), (many[:4], 15), (many, 1)):
        paragraph = Paragraph(Ref(1), text, (), Span(0, 1), corrections=corrections)
        library = SourceTexts(Report("r", (Rendering("en", True, (), (paragraph,), "x", "0"),)))
        assert len(library._all) == 1 + wordings
        printed = "“" + " ".join(f"wrod{n}" if n < len(corrections) else f"word{n}" for n in range(50)) + "” [1]"
        report = Report("r", (Rendering("en", True, (), (paragraph,), "x", "0"),))
        assert verify_draft(report, printed).ok


def test_a_message_names_the_first_of_many() -> None:
    assert listed([f"r{n}" for n in range(1000)]).endswith("r19 and 980 more")
