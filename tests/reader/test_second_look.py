"""A second look: it reads where there is doubt, what is nearest, and what it reads counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.records import Report
from corpus.refs import Ref, parse_ref
from index.build import index_reports
from index.contents import IndexContents
from index.model.fakes import HashEmbedder
from index.reader.network import Said
from index.reader.second_look import BESIDE, MOST_ODDS, ODDS, READ, Judgement, SecondLook
from index.reader.windows import windows
from index.search.confidence import Calibration
from index.search.fusion import EQUAL, Passage
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retrieval, Retriever
from service.answering.engine import Engine
from tests.support.services import QUESTION

ODDS_ALONE = Calibration(
    0.0, {ODDS: 1.0, BESIDE: -0.5, "nearer": 0.0}, {ODDS: 0.0, BESIDE: -1.0, "nearer": 0.0}, 0.4, ""
)
JUDGEMENT = Judgement(unsure=(0.2, 0.9), rank=0.5, calibration=ODDS_ALONE)


def shapes(_: tuple[Passage, ...]) -> list[dict[str, float]]:
    return [{"nearer": 0.1}]


class Scripted:
    """A reader that finds an answer in what is cut from one text, and remembers what it was given."""

    def __init__(self, answers: str = "", odds: float = 4.0) -> None:
        self.answers, self.odds = answers, odds
        self.given: list[str] = []
        self.asked: list[str] = []

    def length(self, text: str) -> int:
        return len(text.split())

    def read(self, question: str, windows: Sequence[str]) -> list[Said]:
        self.given += windows
        self.asked.append(question)
        return [Said(self.odds if window[-30:] in self.answers else -self.odds, 0, 0) for window in windows]


@pytest.fixture(scope="module")
def contents(report: Report) -> IndexContents:
    return index_reports((report,), HashEmbedder())


def found(contents: IndexContents, question: str = QUESTION) -> Retrieval:
    return Retriever(contents, HashEmbedder(), EQUAL).search(question, "en")


def look(contents: IndexContents, reader: Scripted, judgement: Judgement = JUDGEMENT) -> SecondLook:
    return SecondLook(reader, contents, judgement, 80)


@pytest.mark.parametrize(("before", "reads"), [(0.1, False), (0.2, True), (0.9, True), (0.95, False)])
def test_only_doubt_is_read(contents: IndexContents, before: float, reads: bool) -> None:
    reader, retrieval = Scripted(), found(contents)
    after, confidence = look(contents, reader).judge(QUESTION, "en", retrieval, before, shapes)
    assert bool(reader.given) == reads
    assert ("read" in after.timings_ms) == reads
    assert (confidence == before) != reads


def test_few_windows_are_read_and_those_of_the_first_passages(contents: IndexContents) -> None:
    reader, retrieval = Scripted(), found(contents)
    look(contents, reader).judge(QUESTION, "en", retrieval, 0.5, shapes)
    assert len(reader.given) == READ
    texts = contents.reports[0].rendering("en").by_ref
    first = [texts[passage.ref].text for passage in retrieval.passages[:READ]]
    assert all(any(window[-30:] in text for text in first) for window in reader.given)


@pytest.mark.parametrize(("behind", "read"), [(5.9, 2), (6.1, 1)])
def test_a_passage_that_no_odds_can_bring_to_the_front_is_not_read(
    contents: IndexContents, behind: float, read: int
) -> None:
    reader, retrieval = Scripted(), found(contents)
    apart = tuple(replace(p, score=score) for p, score in zip(retrieval.passages, (9.0, 9.0 - behind), strict=False))
    look(contents, reader).judge(QUESTION, "en", replace(retrieval, passages=apart), 0.5, shapes)
    assert len(reader.given) == read


def test_a_passage_that_answers_comes_first_and_is_believed(contents: IndexContents) -> None:
    retrieval = found(contents)
    second = retrieval.passages[1]
    close = tuple(replace(p, score=score) for p, score in zip(retrieval.passages, (1.0, 0.5, 0.4), strict=False))
    reader = Scripted(contents.reports[0].rendering("en").by_ref[second.ref].text)
    after, confidence = look(contents, reader).judge(QUESTION, "en", replace(retrieval, passages=close), 0.5, shapes)
    assert after.passages[0].ref == second.ref
    assert confidence > 0.9
    nothing, doubt = look(contents, Scripted()).judge(QUESTION, "en", replace(retrieval, passages=close), 0.5, shapes)
    assert nothing.passages[0].ref == close[0].ref
    assert doubt < 0.3


def test_the_features_are_those_of_the_passage_that_comes_first_now(contents: IndexContents) -> None:
    retrieval = found(contents)
    second = contents.reports[0].rendering("en").by_ref[retrieval.passages[1].ref].text
    asked: list[Ref] = []

    def remembered(passages: tuple[Passage, ...]) -> list[dict[str, float]]:
        asked.append(passages[0].ref)
        return shapes(passages)

    heavy = replace(JUDGEMENT, rank=100.0)
    look(contents, Scripted(second), heavy).judge(QUESTION, "en", retrieval, 0.5, remembered)
    assert asked == [retrieval.passages[1].ref]


def test_a_question_that_may_be_understood_in_two_ways_is_as_probable_as_the_better(contents: IndexContents) -> None:
    calibration = Calibration(0.0, {"nearer": 1.0}, {"nearer": 0.0, ODDS: 0.0, BESIDE: 0.0}, 0.4, "")
    both = look(contents, Scripted(), replace(JUDGEMENT, calibration=calibration))
    _, after = both.judge(QUESTION, "en", found(contents), 0.5, lambda _: [{"nearer": -2.0}, {"nearer": 2.0}])
    assert round(after, 2) == 0.88


def test_odds_are_bounded(contents: IndexContents) -> None:
    retrieval = found(contents)
    odds = look(contents, Scripted(odds=99.0)).odds(QUESTION, "en", retrieval.encoding, retrieval.passages)
    assert set(odds.values()) == {-MOST_ODDS}


def test_nothing_found_is_nothing_read(contents: IndexContents) -> None:
    reader, retrieval = Scripted(), replace(found(contents), passages=())
    assert look(contents, reader).judge(QUESTION, "en", retrieval, 0.5, shapes) == (retrieval, 0.5)
    assert not reader.given


def test_windows_hold_every_sentence_once_and_a_sub_paragraph_its_lead_in(contents: IndexContents) -> None:
    report = contents.reports[0]
    for language in report.languages:
        for ref in report.refs:
            found = windows(contents, (report.id, ref), language, lambda text: len(text.split()), 60)
            rows = [row for window in found for row in window.rows]
            assert rows == contents.sentence_rows(report.id, ref, language)
    lead = report.rendering("en").by_ref[parse_ref("21")].text[-40:]
    [window, *_] = windows(contents, (report.id, parse_ref("21(k)")), "en", lambda text: len(text.split()), 400)
    assert lead in window.text


def test_a_follow_up_is_not_read(contents: IndexContents) -> None:
    """By itself it says too little: "And the Russian Federation?"."""
    reader, calibration = Scripted(), read_ranking(SHIPPED.read_bytes()).calibration
    always = SecondLook(reader, contents, replace(JUDGEMENT, unsure=(0.0, 1.0)), 80)
    retriever = Retriever(contents, HashEmbedder(), EQUAL)
    engine = Engine("0" * 32, contents, retriever, calibration, second_look=always)
    engine.find("And what of firearms?", "en", None, ["Why are ethical guidelines needed?"])
    assert not reader.given
    engine.find("Why are ethical guidelines needed?", "en", None)
    assert reader.given


@pytest.mark.parametrize(("threshold", "whole"), [(0.0, False), (1.0, True)])
def test_of_two_questions_the_whole_is_read_only_where_one_is_not_answered(
    contents: IndexContents, threshold: float, whole: bool
) -> None:
    """Each reading costs as much as all else. Tried by hand: with the whole read in any case, the first one fails."""
    reader, calibration = Scripted(), read_ranking(SHIPPED.read_bytes()).calibration
    judged = replace(JUDGEMENT, unsure=(0.0, 1.0), calibration=replace(ODDS_ALONE, threshold=threshold))
    retriever = Retriever(contents, HashEmbedder(), EQUAL)
    engine = Engine("0" * 32, contents, retriever, calibration, second_look=SecondLook(reader, contents, judged, 80))
    parts = ["Who moderated the workshop", "why are ethical guidelines needed?"]
    engine.find(", and ".join(parts), "en", None)
    assert reader.asked == [*parts, *([", and ".join(parts)] if whole else [])]
