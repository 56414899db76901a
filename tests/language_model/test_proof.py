"""What a language model writes: everything false, foreign or hijacked is dropped, most honest paraphrases are kept."""

from __future__ import annotations

from collections import Counter

import pytest

from corpus.records import Language, Report
from corpus.refs import Ref, parse_ref
from service.generation.claims import MAX_CLAIMS, MAX_LINE, Claim, is_in, quotations, read_claims, says_no_answer
from service.generation.proof import Prover, stands
from service.records import Written
from tests.hostile import TRUE, TRUE_AR, outputs

OUTPUTS = list(outputs())
KINDS = sorted({kind for kind, _, _ in OUTPUTS})


@pytest.fixture(scope="module")
def prover() -> Prover:
    return Prover()


def shown(prover: Prover, report: Report, language: Language, output: str) -> list[Written]:
    """The statements that survive, where every paragraph but 13 was given to the model."""
    given = [ref for ref in report.refs if ref != Ref(13)]
    found = (prover.prove(claim, report, given, language) for claim in read_claims(output))
    return [written for written in found if written]


def test_there_are_enough_hostile_outputs() -> None:
    assert len(OUTPUTS) >= 200
    assert min(Counter(kind for kind, _, _ in OUTPUTS).values()) >= 10


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hostile_is_shown(prover: Prover, report: Report, kind: str) -> None:
    """THREATS 6, 7 and 21.

    Taken out one at a time: the check that a marker's paragraph was given: unknown ones crash; `is_plain`: markup is
    shown; `stands`: a quotation that leaves words out; `shorten`: nearly all of them. Without `is_in` the proof still
    holds every row of `FOREIGN`.
    """
    hostile = [(language, text) for k, language, text in OUTPUTS if k == kind]
    assert {text: shown(prover, report, language, text) for language, text in hostile} == {
        text: [] for _, text in hostile
    }


def test_the_sentences_that_are_spoilt_are_themselves_shown(prover: Prover, report: Report) -> None:
    for language, table in (("en", TRUE), ("ar", TRUE_AR)):
        for ref, text in table.items():
            [written] = shown(prover, report, language, f"{text} [{ref}]")  # type: ignore[arg-type]
            assert (written.text, [str(q.ref) for q in written.quotes]) == (text, [ref])


def test_each_marker_brings_the_sentence_that_supports_it(prover: Prover, report: Report) -> None:
    lines = (
        "Representatives of Morocco and France spoke. [4]",
        "- Italy and Brazil spoke [6].",
        "1. One panellist noted that academia could play an important role in research [18]",
    )
    found = shown(prover, report, "en", "\n".join(lines))
    assert [(w.text, [str(q.ref) for q in w.quotes]) for w in found] == [
        ("Representatives of Morocco and France spoke.", ["4"]),
        ("Italy and Brazil spoke.", ["6"]),
        ("One panellist noted that academia could play an important role in research", ["18"]),
    ]
    quote = found[2].quotes[0]
    assert report.rendering("en").by_ref[Ref(18)].text[quote.start :].startswith("One of them noted that academia")


@pytest.mark.parametrize(
    ("output", "claims"),
    [
        ("A. [9]\nB [10].", [("A.", ["9"]), ("B.", ["10"])]),
        ("One. Two. [9] Three. [10]", [("One.", ["9"]), ("Two.", ["9"]), ("Three.", ["10"])]),
        ("A [9] and B [12].", [("A and B.", ["9", "12"])]),
        ("A. [9] [12]", [("A.", ["9", "12"])]),
        ("A. [9], [12]", [("A.", ["9", "12"])]),
        ("A. [9, 12]", [("A.", ["9", "12"])]),
        ("قال. [٢١ (ك)]", [("قال.", ["21(k)"])]),
        ("قال. [الفقرة ٩]", [("قال.", ["9"])]),
        ("- A. [9]\n2) B. [9]", [("A.", ["9"]), ("B.", ["9"])]),
        ("A. [9]\nA. [9]", [("A.", ["9"])]),
        ("<think>Perhaps so. [9]</think>\nA. [10]", [("A.", ["10"])]),
        ("A.", []),
        ("A. [9-12]", []),
        ("A [sic]. [9]", []),
        ("A. [9] see [here](x)", []),
        ("x" * MAX_LINE + " [9]", []),
        ("", []),
        ("[9]", []),
    ],
)
def test_claims_are_read(output: str, claims: list[tuple[str, list[str]]]) -> None:
    assert [(c.text, list(map(str, c.refs))) for c in read_claims(output)] == claims


def test_an_endless_text_is_read_in_part() -> None:
    claims = read_claims("\n".join(f"Statement {'x' * n}. [9]" for n in range(1, 500)))
    assert len(claims) == MAX_CLAIMS
    assert len(read_claims("a. [9] " * 100_000)) <= MAX_CLAIMS


@pytest.mark.parametrize(
    "said",
    [
        "NONE",
        '{"lines": ["None."]}',
        "NOT IN REPORT",
        " Not in report.\n",
        '"NOT IN REPORT"',
        "<think>hm</think>NOT IN REPORT",
    ],
)
def test_the_model_may_say_that_it_has_no_answer(said: str) -> None:
    assert says_no_answer(said)
    assert not says_no_answer(f"{said} but A. [9]")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('It says “one” and «two» and "three".', ["one", "two", "three"]),
        ("The Chair's point isn't 'hybrid firearms'.", ["hybrid firearms"]),
        ("The Chair’s ‘hybrid firearms’.", ["hybrid firearms"]),
        ("The panellists' and States’ views.", []),
        ("No marks.", []),
        ("It says “one.", None),
        ("It says one”.", None),
        ('It says "one" and "two.', None),
        ("It says ““.", None),
        ("It says “”.", None),
    ],
)
def test_quotation_marks_pair(text: str, found: list[str] | None) -> None:
    assert quotations(text) == found


@pytest.mark.parametrize(
    ("language", "text", "holds"),
    [
        ("en", "The Chair spoke of «الشبكة الخفية».", True),
        ("ar", "تناول المتحاورون الشبكة الخفية (darknet).", True),
        ("en", TRUE_AR["9"], False),
        ("ar", TRUE["9"], False),
        ("en", "Les États Membres sont encouragés à surveiller les risques dans le monde.", False),
        ("ar", "کشورهای عضو را تشویق می‌کند که خطرات هوش مصنوعی را رصد کنند.", False),
    ],
)
def test_a_statement_is_in_the_answers_language(language: Language, text: str, holds: bool) -> None:
    assert is_in(language, text) == holds


def test_a_quotation_stands_from_word_to_word(report: Report) -> None:
    text = report.rendering("en").by_ref[parse_ref("5")].text
    assert stands("Crime and Justice Research Institute (UNICRI)", text)
    assert not stands("Crime and Justice Research Institute (ILANUD)", text)
    assert not stands("rime and Justice", text)


def test_a_paragraph_that_was_not_given_proves_nothing(prover: Prover, report: Report) -> None:
    """Taken out: the comparison of `claim.refs` with `given` in `prove`; the claim was shown."""
    claim = Claim(TRUE["9"], (Ref(9),))
    assert prover.prove(claim, report, [Ref(9)], "en")
    assert prover.prove(claim, report, [Ref(10)], "en") is None
