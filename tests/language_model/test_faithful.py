"""A sentence is proved where it shortens one of the report's, and never where it says something else in its words.

`statements.jsonl` holds 224 false statements about the report and 66 faithful ones, in both languages; of each kind
every other one was held aside while the moves were designed.
"""
# ruff: noqa: E501 - a row is a line

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.chunks import sentences
from corpus.records import LANGUAGES, Language
from corpus.refs import parse_ref
from corpus.reports import load_report
from service.faithful.shortening import MOST_CHARACTERS, shorten
from service.faithful.tables import TABLES
from service.faithful.tokens import words
from tests.language_model.statements import STATEMENTS

REPORT = load_report("kyoto-2021-workshop-4")
TEXTS: list[tuple[Language, str]] = [
    (language, paragraph.text) for language in LANGUAGES for paragraph in REPORT.rendering(language).paragraphs
]
SENTENCES = [(language, text, text[span.start : span.end]) for language, text in TEXTS for span in sentences(text)]
# Left out, each of these changes who says it, how sure it is, or what it covers.
HEDGES = """some several many most other another one two number speaker panellist should could can may need needed would
potential encouraged not without lacked future especially illicit unlicensed misuse malicious limited
بعض عدة عدد أحد اثنان آخر ينبغي يمكن غير دون المحتمل المستقبل الخبيث تشجع""".split()


def proved(row: dict[str, Any]) -> bool:
    text = REPORT.rendering(row["lang"]).by_ref[parse_ref(row["ref"])].text
    return shorten(row["text"], text, row["lang"]).is_faithful


def test_the_statements_are_many_and_of_every_kind() -> None:
    count = Counter((row["true"], row["lang"]) for row in STATEMENTS)
    assert count[False, "en"] + count[False, "ar"] >= 150
    assert count[True, "en"] + count[True, "ar"] >= 60
    assert min(count.values()) >= 20
    assert sum(row["held_aside"] for row in STATEMENTS) * 2 >= len(STATEMENTS) - 40


@pytest.mark.parametrize("kind", sorted({row["class"] for row in STATEMENTS if not row["true"]}))
def test_no_false_statement_is_proved(kind: str) -> None:
    """THREATS 31.

    Taken out one at a time: the order of words in `_places`, `may_begin`, `may_end`, `may_miss`: roles swapped,
    attribution and modals dropped, and halves joined are proved.
    """
    false = [row for row in STATEMENTS if row["class"] == kind and not row["true"]]
    assert len(false) >= 10
    assert [row["text"] for row in false if proved(row)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_faithful_statements_are_proved(language: Language) -> None:
    faithful = [row for row in STATEMENTS if row["true"] and row["lang"] == language]
    assert sum(map(proved, faithful)) >= 0.8 * len(faithful)


MOVES: list[tuple[str, Language, str, str, str]] = [
    # the move, what the report says, a shortening that it makes, and a like one that says something else
    ("connective", "en", "Moreover, criminals use assets.", "Criminals use assets.", "Assets use criminals."),
    ("frame", "en", "At the second meeting, three members left.", "Three members left.", "Members left."),
    ("frame", "en", "In 2019, the rules changed.", "The rules changed.", "The rules changed in 2018."),
    ("impersonal", "en", "It was noted that the rules changed.", "The rules changed.", "Rules were noted."),
    ("tail", "en", "Some speakers welcomed it, with regret.", "Some speakers welcomed it.", "Speakers welcomed it."),
    ("purpose or example", "en", "States should act in order to help.", "States should act.", "States act."),
    ("conjunct", "en", "States should monitor and understand risks.", "States should monitor risks.", "States monitor risks."),
    ("conjunct", "en", "Two speakers referred to ports and to ships.", "Two speakers referred to ports.", "Two referred to ships."),
    ("parenthesis", "en", "The plan, in accordance with the rules, was adopted.", "The plan was adopted.", "The rules adopted the plan."),
    ("brackets", "en", "The Institute (UNICRI) made rules.", "The Institute made rules.", "The rules made the Institute."),
    ("list", "en", "Statements were made by the representatives of Chad, Mali, Peru and Cuba.",
     "Statements were made by the representatives of Chad, Peru and Cuba.", "Statements were made by Chad to Peru."),
    ("first subject", "en", "Reports and the evidence of crimes can be sent.", "Reports can be sent.", "Crimes can be sent."),
    ("parallel", "en", "States should review laws, should write rules and should ensure peace.",
     "States should write rules.", "States should review rules."),
    ("which", "en", "She presented the work of the Centre, which aimed to help.", "The Centre aimed to help.", "The work helped the Centre."),
    ("in particular", "en", "It was said that rights, in particular the right to privacy, needed to be kept.",
     "The right to privacy needed to be kept.", "Rights to privacy kept needed rights."),
    ("when comes last", "en", "At its 4th meeting, on 5 May, the Board held a workshop.",
     "The Board held a workshop at its fourth meeting.", "The Board held a workshop at its fifth meeting."),
    ("a clause of its own", "en", "It shows trends; however, it is necessary to know more.", "It is necessary to know more.", "It shows more."),
    ("statements were made", "en", "Statements were made by the representatives of Chad, Mali and Peru.",
     "Representatives of Chad and Mali spoke.", "Representatives of Chad and Cuba spoke."),
    ("passive", "en", "The storm had aggravated the threats.", "The threats had been aggravated by the storm.",
     "The storm had been aggravated by the threats."),
    ("active", "en", "The panel was moderated by the Chair.", "The Chair moderated the panel.", "The panel moderated the Chair."),
    ("people of a list", "en", "The panel was led by the following experts: Ann Lee, Police; and Bo Ek, Court.",
     "Bo Ek led the panel.", "Bo Ek of Police led the panel."),
    ("to after help", "en", "It aimed to help States to keep pace.", "It aimed to help States keep pace.", "It aimed to keep States."),
    ("frame", "ar", "وفي الجلسة الثانية، رحب بعض المتكلمين بالخطة.", "رحب بعض المتكلمين بالخطة.", "رحب المتكلمون بالخطة."),
    ("impersonal", "ar", "وأُشير إلى أن القواعد تغيرت.", "القواعد تغيرت.", "القواعد لم تتغير."),
    ("purpose or example", "ar", "ينبغي للدول أن تضع قواعد من أجل السلام.", "ينبغي للدول أن تضع قواعد.", "تضع الدول قواعد."),
    ("parallel", "ar", "ينبغي للدول أن تكتب القوانين وأن تضع القواعد.", "ينبغي للدول أن تضع القواعد.", "ينبغي للقواعد أن تضع الدول."),
    ("list", "ar", "وتكلم ممثلون عن تشاد ومالي وبيرو.", "تكلم ممثلون عن تشاد وبيرو.", "تكلم ممثلون عن بيرو وكوبا."),
]  # fmt: skip


@pytest.mark.parametrize(("move", "language", "text", "faithful", "false"), MOVES)
def test_each_move_shortens_and_changes_nothing(
    move: str, language: Language, text: str, faithful: str, false: str
) -> None:
    """Taken out one at a time from `cuts` and `forms`, each leaves its faithful sentence unproved."""
    verdict = shorten(faithful, text, language)
    assert verdict.is_faithful
    assert move in verdict.moves
    assert not shorten(false, text, language).is_faithful


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SENTENCES))
def test_the_reports_own_sentence_is_always_proved(case: tuple[Language, str, str]) -> None:
    language, text, sentence = case
    verdict = shorten(sentence, text, language)
    assert verdict.is_faithful
    assert verdict.span is not None
    assert text[verdict.span.start : verdict.span.end] == sentence


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SENTENCES), st.data())
def test_a_sentence_without_a_word_that_hedges_it_is_never_proved(
    case: tuple[Language, str, str], data: st.DataObject
) -> None:
    """Tried by hand: with "some" among the fillers of `tables`, "Some speakers welcomed …" without it is proved."""
    language, text, sentence = case
    written = sentence.split()
    hedges = [i for i, word in enumerate(written) if word.strip(".,;:()").casefold() in HEDGES]
    if hedges:
        left_out = data.draw(st.sampled_from(hedges))
        assert not shorten(" ".join((*written[:left_out], *written[left_out + 1 :])), text, language).is_faithful


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SENTENCES), st.data())
def test_two_words_that_change_places_are_never_proved(case: tuple[Language, str, str], data: st.DataObject) -> None:
    """Tried by hand: without `after` in `_places`, a sentence in any order is proved."""
    language, text, sentence = case
    written = [sentence[word.start : word.end] for word in words(sentence, language)]
    keys = [word.key for word in words(sentence, language)]
    places = range(len(written))
    one, other = data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places)))
    if keys[one] != keys[other] and written[one] != written[other]:
        written[one], written[other] = written[other], written[one]
        assert not shorten(" ".join(written), text, language).is_faithful


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SENTENCES), st.data())
def test_a_word_that_the_sentence_lacks_is_never_proved(case: tuple[Language, str, str], data: st.DataObject) -> None:
    language, text, sentence = case
    own = {word.key for word in words(text, language)}
    foreign = sorted(
        {w.key for lang, t in TEXTS if lang == language for w in words(t, language)} - own - {"statements"}
    )
    written = sentence.split()
    at = data.draw(st.integers(0, len(written)))
    word = data.draw(st.sampled_from(foreign).filter(lambda word: word not in TABLES[language].fillers))
    assert not shorten(" ".join((*written[:at], word, *written[at:])), text, language).is_faithful


def test_halves_of_two_sentences_of_a_paragraph_are_never_proved() -> None:
    joined = defaultdict(list)
    for language, text, sentence in SENTENCES:
        joined[language, text].append(sentence)
    for (language, text), found in joined.items():
        for one, other in ((a, b) for a in found for b in found if a != b):
            half = " ".join((*one.split()[: len(one.split()) // 2], *other.split()[len(other.split()) // 2 :]))
            assert not shorten(half, text, language).is_faithful, half


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("In 12 countries, the sale is banned.", "The sale is banned."),
        ("In some meetings, members left.", "Members left."),
        ("If prices fall, States should act.", "States should act."),
        ("States should act, where prices fall.", "States should act."),
        ("States should act unless prices fall.", "States should act."),
        ("States (except Peru) agreed.", "States agreed."),
        ("States agreed to adopt rules.", "States agreed."),
        ("There was no considerable rise.", "There was no rise."),
        ("States should adopt rules or leave.", "States should adopt rules."),
        ("It is not only useful, but also cheap.", "It is not only useful."),
        ("Fraud between banks and firms was found.", "Fraud between banks was found."),
        ("The Office on Drugs and Crime made rules.", "The Office on Drugs made rules."),
        ("One speaker said that rules were needed.", "Rules were needed."),
        ("Members asked whether the rules had changed.", "The rules had changed."),
        ("Members should prevent fraud and increase trade.", "Members should prevent trade."),
        ("It is necessary to keep pace, in order to stop crime.", "It is necessary to stop crime."),
        (
            "Support for the Fund, as well as for tools, such as maps, was expressed.",
            "Support for the Fund, such as maps, was expressed.",
        ),
        ("وفي بعض الجلسات، غادر الأعضاء.", "غادر الأعضاء."),
        ("ينبغي للدول أن تمنع الغش وتزيد من التجارة.", "ينبغي للدول أن تمنع من التجارة."),
        ("وشدد متحاور آخر على القواعد.", "وشدد المتحاور الآخر على القواعد."),
        ("وأشار أحد المتكلمين إلى أن القواعد تغيرت.", "القواعد تغيرت."),
        ("ساعد مكتب الأمم المتحدة المعني بالمخدرات والجريمة.", "ساعد مكتب الأمم المتحدة المعني بالمخدرات."),
    ],
)
def test_what_narrows_a_sentence_stays(text: str, false: str) -> None:
    language: Language = "ar" if any("\u0621" <= letter <= "\u064a" for letter in text) else "en"
    assert shorten(text, text, language).is_faithful
    assert not shorten(false, text, language).is_faithful


def test_a_question_is_no_statement() -> None:
    assert not shorten("Should States act?", "States should act.", "en").is_faithful
    assert not shorten("States should act?", "States should act.", "en").is_faithful


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("States should act.", "faithful"),
        ("States should never act.", "turned"),
        ("Fishing is a fine sport.", "absent"),
        ("", "absent"),
        ("?!", "absent"),
        ("x" * (MOST_CHARACTERS + 1), "absent"),
    ],
)
def test_the_verdict_tells_a_turned_sentence_from_one_on_something_else(said: str, kind: str) -> None:
    assert shorten(said, "States should act, in particular in ports.", "en").kind == kind


def test_a_statement_takes_under_five_milliseconds_and_a_long_one_no_hold() -> None:
    """Processor time; a paragraph's forms are made once, with the first statement about it."""
    for row in STATEMENTS:
        proved(row)
    begun = time.process_time()
    for row in STATEMENTS:
        proved(row)
    assert (time.process_time() - begun) / len(STATEMENTS) < 0.005
    begun = time.process_time()
    for text in ("and " * 400, "a, b and c, " * 150, "و" * 1_900, "States should act and should " * 60):
        shorten(text, f"{text[:1_900]}.", "en")
        shorten(text, "States should act, " * 2_000, "en")
    assert time.process_time() - begun < 8
