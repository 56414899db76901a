"""Answers: whole sentences, in reading order, each proved; and the gate that lets nothing else out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Report
from corpus.refs import Ref, parse_ref
from index.build import index_reports
from index.model.fakes import HashEmbedder
from service.answering.extraction import Extractor, write_answer
from service.answering.quote_gate import proved, quoted_text
from service.records import Quote

GOOD = Quote("kyoto-2021-workshop-4", parse_ref("9"), "en", 0, 30)


@pytest.mark.parametrize(
    "quote",
    [
        Quote("nowhere", GOOD.ref, "en", 0, 5),
        Quote(GOOD.report, Ref(99), "en", 0, 5),
        Quote(GOOD.report, Ref(9, 1), "en", 0, 5),
        Quote(GOOD.report, GOOD.ref, "en", 5, 5),
        Quote(GOOD.report, GOOD.ref, "en", -3, 5),
        Quote(GOOD.report, GOOD.ref, "en", 6, 5),
        Quote(GOOD.report, GOOD.ref, "en", 0, 100_000),
    ],
)
def test_a_quote_that_is_no_slice_does_not_get_out(report: Report, quote: Quote) -> None:
    """Taken out by hand (`proved` handing everything on), each of these fails."""
    reports = {report.id: report}
    assert quoted_text(quote, reports) is None
    assert [kept for kept, _ in proved([quote, GOOD], reports)] == [GOOD]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=40), st.integers(1, 99)), max_size=6))
def test_every_statement_stands_where_the_answer_says(parts: list[tuple[str, int]]) -> None:
    written = write_answer([(text, [f"[{number}]"]) for text, number in parts])
    for (text, number), span in zip(parts, written.spans, strict=True):
        assert written.text[span.start : span.end] == text
        assert written.text[span.end :].startswith(f" [{number}]")


def test_sentences_are_chosen_in_reading_order_and_slice_back(report: Report) -> None:
    embedder = HashEmbedder()
    contents = index_reports((report,), embedder)
    extractor = Extractor(contents)
    for question in ("virtual assets and illicit funds", "darknet markets and hybrid firearms"):
        [encoding] = embedder.encode([question], "query")
        quotes = extractor.best_sentences(question, encoding, report.id, [Ref(9), Ref(14)], "en")
        assert 1 <= len(quotes) <= 3
        places = [(quote.ref, quote.start) for quote in quotes]
        assert places == sorted(places)
        assert len(proved(quotes, {report.id: report})) == len(quotes)


def test_a_paragraph_asked_for_whole_is_quoted_whole(report: Report) -> None:
    extractor = Extractor(index_reports((report,), HashEmbedder()))
    quotes = extractor.every_sentence(report.id, report.refs, "ar")
    for paragraph in report.rendering("ar").paragraphs:
        pieces = [paragraph.text[q.start : q.end] for q in quotes if q.ref == paragraph.ref]
        assert " ".join(pieces) == paragraph.text
