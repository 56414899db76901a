"""Words that a model picked → the report's sentence, as short as the moves make it around them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.chunks import sentences
from corpus.records import Language, Report, Span
from corpus.refs import parse_ref
from service.faithful.fitting import fit
from service.faithful.shortening import shorten
from service.generation.claims import ROUND, Claim
from service.generation.proof import Prover

EN: Language = "en"
AR: Language = "ar"


@pytest.mark.parametrize(
    ("picked", "sentence", "language", "fitted"),
    [
        (
            "the harbour rules",
            "During the second meeting, several delegations welcomed the harbour rules, which were adopted in 2017.",
            EN,
            "Several delegations welcomed the harbour rules.",
        ),
        (  # what else was said of them, in the same words
            "welcomed the rules adopted in 2017",
            "During the second meeting, several delegations welcomed the rules, which were adopted in 2017.",
            EN,
            "Several delegations welcomed the rules, which were adopted in 2017.",
        ),
        (  # the first word is not the verb's object: the verb stays
            "existing instruments",
            "It was noted that the existing instruments, such as the Convention, were the basis for cooperation.",
            EN,
            "The existing instruments were the basis for cooperation.",
        ),
        (  # `although …` only leads to what follows
            "new opportunities had emerged",
            "The panellists observed that, although the uptake had brought benefits, new opportunities had emerged.",
            EN,
            "The panellists observed that new opportunities had emerged.",
        ),
        (  # the quotation marks go with their words
            "called “grey rules”",
            "In 2019, the Board adopted what speakers called “grey rules”, which are not binding.",
            EN,
            "The Board adopted what speakers called “grey rules”.",
        ),
        (
            "رحبت بقواعد الموانئ",
            "وفي الجلسة الثانية، رحبت عدة وفود بقواعد الموانئ، التي اعتُمدت في عام 2017، من أجل حماية القوارب.",
            AR,
            "رحبت عدة وفود بقواعد الموانئ.",
        ),
        (  # a word in another form says what to keep, too
            "ترحيب الوفود بالقواعد",
            "وفي الجلسة الثانية، رحبت عدة وفود بقواعد الموانئ، التي اعتُمدت في عام 2017، من أجل حماية القوارب.",
            AR,
            "رحبت عدة وفود بقواعد الموانئ.",
        ),
        (  # the verb's own preposition comes after the brackets
            "أدت الجائحة",
            "أدت الجائحة (كوفيد-19) إلى تفاقم التهديدات، بما في ذلك الاتجار.",
            AR,
            "أدت الجائحة إلى تفاقم التهديدات.",
        ),
    ],
)
def test_what_was_not_picked_goes_where_a_move_allows(
    picked: str, sentence: str, language: Language, fitted: str
) -> None:
    assert fit(picked, sentence, language) == fitted
    assert shorten(fitted, sentence, language).is_faithful


@pytest.mark.parametrize(
    ("picked", "sentence", "language"),
    [
        ("Lena Ortiz", "The panel was led by the following experts: Lena Ortiz (Peru); and Omar Said (Egypt).", EN),
        ("the representatives of Italy", "Statements were made by the representatives of Italy, Brazil and Peru.", EN),
        (
            "implications for groups at risk",
            "States should review the implications, for groups at risk, of the use of technology.",
            EN,
        ),
        (
            "the portal",
            "Support was expressed for tools, such as the portal (for short), the guide and a form.",
            EN,
        ),
        ("كفاءة الرقابة", "فالمبادئ ضرورية لضمان كفاءة الرقابة، ومراعاة الأصول، والإنصاف.", AR),
        (  # what is in the brackets is more than letters of a name
            "referred to approaches",
            "One panellist referred to approaches (transmission of requests, videoconferencing, direct contacts).",
            EN,
        ),
        (  # `المعقودة` is of the meetings that would go, and not of the Committee
            "عقدت اللجنة المعقودة حلقة",
            "عقدت اللجنة، في جلساتها الرابعة، المعقودة في عام 2021، حلقة عمل.",
            AR,
        ),
        ("تحقيق نتائج أفضل", "من أجل تحقيق نتائج أفضل، ينبغي للسلطات أن تتعاون.", AR),
        ("harbours", "Several delegations welcomed the rules, which were adopted in 2017.", EN),  # not its words
        ("", "Several delegations welcomed the rules, which were adopted in 2017.", EN),
    ],
)
def test_nothing_is_cut_that_would_leave_half_a_list_or_half_a_clause(
    picked: str, sentence: str, language: Language
) -> None:
    """Then the sentence stays as it is.

    Taken out one at a time: `ends_an_item` and the colon (a list of one), `_goes_on` (`the implications, for groups at
    risk.`), `leads` (`In order to achieve better results.`), _MOST, _HELD.
    """
    assert fit(picked, sentence, language) is None


def test_what_is_asked_for_stays_though_it_was_not_picked() -> None:
    sentence = "The Board adopted the rules, which Peru had proposed."
    peru = Span(sentence.index("Peru"), sentence.index("Peru") + 4)
    assert fit("adopted the rules", sentence, EN) == "The Board adopted the rules."
    assert "Peru" in (fit("adopted the rules", sentence, EN, [peru]) or sentence)


@given(seed=st.integers(0, 10**6))
def test_whatever_is_picked_from_the_report_its_sentence_proves_what_comes_out(report: Report, seed: int) -> None:
    """Words at random, out of order, of every paragraph in both languages."""
    choose = random.Random(seed)
    rendering = choose.choice(report.renderings)
    text = choose.choice(rendering.paragraphs).text
    span = choose.choice(list(sentences(text)))
    sentence = text[span.start : span.end].translate(ROUND)
    spoken = sentence.split()
    start = choose.randrange(len(spoken))
    picked = spoken[start : start + choose.randint(1, 8)]
    choose.shuffle(picked)
    fitted = fit(" ".join(picked), sentence, rendering.language)
    if fitted is not None:
        assert shorten(fitted, sentence, rendering.language).is_faithful
        assert len(fitted) <= len(sentence) + 2
        assert fitted.count("(") == fitted.count(")")


def test_words_picked_by_a_model_go_out_with_the_sentence_around_them(report: Report) -> None:
    prover, ref = Prover(), parse_ref("9")
    text = report.rendering(EN).by_ref[ref].text
    for sentence in sentences(text):
        words = text[sentence.start : sentence.end].split()
        picked = Claim(" ".join(words[-6:]).rstrip(".;"), (ref,))
        written = prover.around(picked, report, [ref], EN, lambda _: ())
        assert written
        assert not written.is_quotation
        assert shorten(written.text, text, EN).is_faithful
        [quote] = written.quotes
        assert (quote.start, quote.end) == (sentence.start, sentence.end)


def test_words_of_no_paragraph_that_was_given_bring_nothing(report: Report) -> None:
    prover, nine = Prover(), parse_ref("9")
    strange = Claim("the harbour rules of the fishing fleet", ())
    assert prover.around(strange, report, [nine], EN, lambda _: ()) is None
    elsewhere = Claim("Phelan Wyrick", (parse_ref("2"),))
    assert prover.around(elsewhere, report, [nine], EN, lambda _: ()) is None


def test_a_label_alone_counts_where_the_words_are_none_of_its_sentence(report: Report) -> None:
    """`S1: number_of_panellists = 2` points at a sentence; taken out, the answer went out as if nobody had."""
    ref = parse_ref("15")
    text = report.rendering(EN).by_ref[ref].text
    picked = next(text[s.start : s.end] for s in sentences(text) if "live-streamed" in text[s.start : s.end])
    said = Claim("number of participants = 2", (ref,), picked)
    written = Prover().around(said, report, [ref], EN, lambda _: [Span(0, 4)])
    assert written
    assert written.text.startswith("Two panellists referred to the emerging danger")
