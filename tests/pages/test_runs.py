"""A text cut into runs, each with what it looks like: put together again they are the text."""

from __future__ import annotations

from corpus.records import Correction, Paragraph, Span
from corpus.refs import Ref
from service.pages.marked import cut, foreign_runs, quoted_span
from tests.support.html_pages import EVIL, hostile_report


def test_direction_controls_of_a_paragraph_are_not_shown() -> None:
    paragraph = hostile_report().renderings[0].paragraphs[0]
    shown = "".join(run.text for stretch in cut(paragraph, "ar") for run in stretch.runs)
    assert shown == EVIL.replace("\u202e", "").replace("\u2066", "")


def test_the_pieces_of_a_text_are_the_text() -> None:
    spans = (Span(4, 12),)
    mended = Correction("1", "x", "y", "certain", "why", "السبب", Span(8, 20))
    paragraph = Paragraph(Ref(1), "abc كلمة A/CONF.234/15 def", (), Span(0, 1), spans, (mended,))
    for quote in (None, Span(0, 1), Span(6, 10), Span(0, len(paragraph.text))):
        stretches = cut(paragraph, "ar", {quote: "here"} if quote else {})
        assert "".join(run.text for stretch in stretches for run in stretch.runs) == paragraph.text
        quoted = "".join(run.text for stretch in stretches if stretch.mark == "here" for run in stretch.runs)
        assert quoted == (paragraph.text[quote.start : quote.end] if quote else "")
        assert "".join(run.text for s in stretches for run in s.runs if run.foreign == "symbol") == "A/CONF.234/15"
    assert [run.foreign for run in foreign_runs('"lack" (تفتقر إلى); so', "en")] == ["", "ar", ""]


def test_a_quote_is_a_range_of_the_text() -> None:
    assert quoted_span("abc", "0", "3") == Span(0, 3)
    assert quoted_span("abc", "0", "4") is None
    assert quoted_span("abc", None, "1") is None
