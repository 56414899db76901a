"""The passages written for a reader: whole, in both languages, every answer word for word in its passage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.text import count_letters
from eval.questions import DATA

PASSAGES: list[dict[str, Any]] = [
    json.loads(line)
    for part in sorted((DATA / "reader").glob("*.jsonl"))
    for line in part.read_text("utf-8").splitlines()
]
KINDS = frozenset(
    "absent_attribute swapped_entity swapped_number_date other_meeting false_premise stronger_claim weaker_claim "
    "cause_not_stated speech_content definition_not_given reversed_roles other_place outcome_unknown".split()
)


def test_each_passage_is_there_once() -> None:
    ids = [passage["id"] for passage in PASSAGES]
    assert len(ids) == len(set(ids)) == 154


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["id"])
def test_a_passage_has_six_questions_and_six_near_misses_in_both_languages(passage: dict[str, Any]) -> None:
    assert len(passage["questions"]) == len(passage["near_misses"]) == 6
    assert {miss["kind"] for miss in passage["near_misses"]} <= KINDS
    for row in passage["questions"]:
        assert row["answer_en"] in passage["text_en"]
        assert row["answer_ar"] in passage["text_ar"]
    for row in (*passage["questions"], *passage["near_misses"]):
        arabic, latin, _ = count_letters(row["ar"])
        assert arabic > latin
        assert count_letters(row["en"])[0] == 0
