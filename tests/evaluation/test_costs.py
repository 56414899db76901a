"""What an answer costs beside the bare search of the model that it came from, held to what was measured before.

What costs most is counted besides: no clock is needed to see that it is done once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.records import Report
from eval.measure.guard import COSTS, MARGIN, MARGIN_ELSEWHERE, allowed, costs, over
from eval.measure.history import Run, runs
from eval.measure.machine import features, processor
from eval.questions import load_questions
from index.build import index_reports
from index.model.embedding import Encoding, Kind, Vector
from index.model.fakes import HashEmbedder
from index.model.loading import original
from index.model.names import DEFAULT_MODEL
from index.search import late_interaction
from index.search.fusion import EQUAL
from index.search.late_interaction import TokenMatch
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.answering.engine import Engine
from tests.support.paths import DATA_DIR

HERE = Run("0" * 10, "2026-11-28T05:00:00Z", processor(), 2, tuple(features()), None, {}, dict.fromkeys(COSTS, 0.5))
ELSEWHERE = dataclasses.replace(HERE, processor="another", costs=dict.fromkeys(COSTS, 0.7))
LATER = dataclasses.replace(HERE, costs=dict.fromkeys(COSTS, 0.4))


@pytest.mark.model
@pytest.mark.process
def test_an_answer_costs_little_more_than_it_did(data_dir: Path, report: Report) -> None:
    """In processor time, from processes of their own, over HTTP; memory and the start too.

    Where it is meant to cost more, commit, `make bench-quick`, and commit what that kept in docs/bench.
    """
    model = Path(original(DEFAULT_MODEL, DATA_DIR))
    texts = [paragraph.text for rendering in report.renderings for paragraph in rendering.paragraphs]
    questions = [row.question for row in load_questions() if row.split == "dev"]
    assert not over(costs(data_dir, model, texts, questions), allowed(runs()))


def test_costs_are_held_to_the_last_run_on_such_a_processor() -> None:
    assert allowed([HERE, ELSEWHERE, LATER]) == dict.fromkeys(COSTS, MARGIN * 0.4)


def test_on_a_processor_that_nothing_was_measured_on_they_are_held_to_the_dearest_run() -> None:
    """Shares differ between kinds of processors. Tried by hand: with the margin of a known one, this fails."""
    earlier = dataclasses.replace(ELSEWHERE, costs={})
    assert allowed([ELSEWHERE, earlier]) == dict.fromkeys(COSTS, MARGIN_ELSEWHERE * 0.7)


class Counting(HashEmbedder):
    """Remembers what it encoded as questions."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        if kind == "query":
            self.asked += texts
        return super().encode(texts, kind)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What are Member States encouraged to monitor?", 1),
        ("Who moderated the workshop, and why are ethical guidelines needed?", 2),
    ],
)
def test_a_question_is_encoded_once_and_its_candidates_are_compared_once(
    report: Report, monkeypatch: pytest.MonkeyPatch, question: str, parts: int
) -> None:
    """Of two in one, each of them. Tried by hand: with either of them done twice, this fails."""
    embedder = Counting()
    contents = index_reports((report,), embedder)
    engine = Engine(
        "0" * 32, contents, Retriever(contents, embedder, EQUAL), read_ranking(SHIPPED.read_bytes()).calibration
    )
    embedder.asked.clear()
    wanted, compared = list[int](), list[int]()
    maxsim, cosines = TokenMatch.maxsim, late_interaction._cosines

    def counted(tokens: TokenMatch, asked: Vector, rows: Sequence[int]) -> Vector:
        spans = [tokens.place(row)[1:] for row in rows]
        wanted.append(len({token for start, end in spans for token in range(start, end)}))
        return maxsim(tokens, asked, rows)

    def counted_cosines(stretches: Sequence[late_interaction._Stretch], asked: Vector) -> Vector:
        compared.append(sum(map(len, stretches)))
        return cosines(stretches, asked)

    monkeypatch.setattr(TokenMatch, "maxsim", counted)
    monkeypatch.setattr(late_interaction, "_cosines", counted_cosines)
    engine.retriever.search(question, "en")
    assert len(wanted) == 1
    assert sum(compared) == sum(wanted)
    embedder.asked.clear()
    engine.find(question, "en", None)
    assert len(embedder.asked) == len(set(embedder.asked)) == parts
    assert sum(compared) == sum(wanted)
