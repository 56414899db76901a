"""The reference questions are well formed, whole, the same in both languages, and dev has nothing of test."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from corpus.errors import FiqraError
from corpus.records import LANGUAGES
from corpus.refs import Ref
from corpus.reports import load_report
from corpus.text import count_letters, fold
from eval.questions import (
    DATA,
    EvaluationError,
    Fact,
    ReferenceQuestion,
    UnanswerableKind,
    load_questions,
)
from service.answering.parting.clauses import clauses

REPORT = load_report("kyoto-2021-workshop-4")
QUESTIONS = load_questions()
ANSWERABLE = [question for question in QUESTIONS if question.answerable]
UNANSWERABLE = [question for question in QUESTIONS if not question.answerable]

PAIRS: dict[str, list[ReferenceQuestion]] = defaultdict(list)
for _question in QUESTIONS:
    PAIRS[_question.pair].append(_question)

KEYS = ["id", "pair", "split", "language", "kind", "question", "gold", "needs", "facts", "answer"]


# Of the pairs that a reader found to be nearly the same question in dev and in test, the least near had .81; of the
# questions on one paragraph that are worded apart, few have more than .6.
NEAR = 0.7


def bare(question: str) -> str:
    """What is left of a question when case, diacritics, hamza forms and punctuation are not counted."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", fold(question)).split())


def trigrams(question: str) -> frozenset[tuple[str, int]]:
    """The runs of three characters of a question's bare words, each with how many like it came before."""
    text = f" {bare(question)} "
    seen: Counter[str] = Counter()
    found = set()
    for run in (text[at : at + 3] for at in range(len(text) - 2)):
        found.add((run, seen[run]))
        seen[run] += 1
    return frozenset(found)


def parts(question: str) -> tuple[frozenset[tuple[str, int]], ...]:
    """The trigrams of a question, and of each of the questions in it."""
    return tuple(trigrams(part) for part in {question, *clauses(question)})


def nearness(one: Sequence[frozenset[tuple[str, int]]], other: Sequence[frozenset[tuple[str, int]]]) -> float:
    """The largest share of trigrams in common, 2·common / (one + other), of a part of each; 1 for the same words."""
    return max(2 * len(a & b) / (len(a) + len(b)) for a in one for b in other)


# ------------------------------------------------------------------------------------------------ the set as it is


def test_there_are_enough_questions_half_of_them_in_each_language() -> None:
    assert len(ANSWERABLE) >= 240
    assert len(UNANSWERABLE) >= 80
    for rows in (ANSWERABLE, UNANSWERABLE):
        assert set(Counter(row.language for row in rows).values()) == {len(rows) // 2}


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(q.id for q in QUESTIONS).items() if count > 1] == []


def test_each_pair_has_one_row_in_each_language() -> None:
    wrong = [pair for pair, rows in PAIRS.items() if sorted(row.language for row in rows) != sorted(LANGUAGES)]
    assert wrong == []


@pytest.mark.parametrize("field", ["split", "kind", "gold", "needs", "facts", "reason"])
def test_the_rows_of_a_pair_agree(field: str) -> None:
    wrong = [pair for pair, rows in PAIRS.items() if len({getattr(row, field) for row in rows}) > 1]
    assert wrong == []


def test_every_gold_reference_is_in_the_report() -> None:
    assert [(q.id, str(ref)) for q in QUESTIONS for ref in q.gold if ref not in REPORT.citable] == []


def test_every_fact_stands_in_a_gold_paragraph_of_its_language() -> None:
    absent = []
    for question in ANSWERABLE:
        paragraphs = REPORT.rendering(question.language).by_ref
        texts = [fold(paragraphs[ref].text) for ref in question.gold]
        absent += [
            (question.id, alternative)
            for fact in question.facts
            for alternative in fact.alternatives(question.language)
            if not any(fold(alternative) in text for text in texts)
        ]
    assert absent == []


def test_every_paragraph_and_sub_paragraph_is_gold_somewhere() -> None:
    used = {ref for question in ANSWERABLE for ref in question.gold}
    assert [str(ref) for ref in REPORT.citable if ref not in used] == []


def test_no_two_questions_are_the_same() -> None:
    asked: dict[str, list[str]] = defaultdict(list)
    for question in QUESTIONS:
        asked[bare(question.question)].append(question.id)
    assert [ids for ids in asked.values() if len(ids) > 1] == []


def test_no_question_of_dev_is_nearly_one_of_test() -> None:
    """Tried by hand: with any of the pairs below in the files, it fails and names them."""
    known = {q.id: parts(q.question) for q in QUESTIONS}
    near = [
        (round(found, 2), dev.id, test.id)
        for dev in QUESTIONS
        if dev.split == "dev"
        for test in QUESTIONS
        if test.split == "test" and test.language == dev.language
        if (found := nearness(known[dev.id], known[test.id])) >= NEAR
    ]
    assert near == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "متى عقدت اللجنة الثانية حلقة العمل بشأن الاتجاهات الراهنة للجريمة؟",
            "في أي يومين عقدت اللجنة الثانية حلقة العمل بشأن الاتجاهات الراهنة للجريمة؟",
        ),
        (
            "كيف دبّر القضاة والمدعون أمورهم مع البلدان الأخرى أيام كورونا؟",
            "كيف دبّر القضاة والمدعون أمورهم مع البلدان الأخرى وقت كورونا؟",
        ),
        (
            "ما دور الاوساط الاكاديميه في موضوع اخلاقيات الذكاء الاصطناعي",
            "ما دور الاوساط الاكاديمية في مجال اخلاقيات الذكاء الاصطناعي",
        ),
        (
            "لماذا يلزم تعزيز التعاون بين السلطات الوطنية ومقدمي خدمات الاتصالات؟",
            "ما الغرض من تعزيز التعاون بين السلطات الوطنية ومقدمي خدمات الاتصالات؟",
        ),
        (
            "لماذا المبادئ التوجهية الاخلاقيه ضروريه في استعمال الذكاء الاصطناغي؟",
            "لماذا تُعد المبادئ التوجيهية الأخلاقية ضرورية عند استعمال الذكاء الاصطناعي؟",
        ),
        (
            "Who acted as moderators of the three workshop sessions?",
            "Who were the moderators of the three workshop sessions?",
        ),
        (
            "What did panellists observe about printed guns, and what are States then asked to do about blueprints?",
            "What did panellists observe about 3D-printed firearms, and what should Member States assess?",
        ),
    ],
)
def test_what_a_reader_calls_nearly_the_same_is_near(one: str, other: str) -> None:
    assert nearness(parts(one), parts(other)) > 0.8


def test_two_questions_on_one_paragraph_may_be_far_apart() -> None:
    one, other = (
        "What did many speakers consider a vital preventive element?",
        "multi-stakeholder strategies cybercrime",
    )
    assert nearness(parts(one), parts(other)) < 0.5 * NEAR


@pytest.mark.parametrize("rows", [ANSWERABLE, UNANSWERABLE], ids=["answerable", "unanswerable"])
def test_dev_and_test_are_equally_large(rows: list[ReferenceQuestion]) -> None:
    sizes = Counter(row.split for row in rows)
    assert abs(sizes["dev"] - sizes["test"]) <= 0.1 * len(rows)


@pytest.mark.parametrize("kind", get_args(UnanswerableKind))
def test_each_kind_without_an_answer_is_halved_between_dev_and_test(kind: str) -> None:
    sizes = Counter(row.split for row in UNANSWERABLE if row.kind == kind)
    assert sizes["dev"] == sizes["test"] > 0


def test_only_a_greeting_is_no_question() -> None:
    assert {q.id for q in UNANSWERABLE if q.reason == "not_a_question"} == {
        q.id for q in UNANSWERABLE if q.kind == "greeting"
    }


def test_a_question_is_in_the_language_of_its_row() -> None:
    for question in QUESTIONS:
        arabic, latin, _ = count_letters(question.question)
        assert arabic > 0 if question.language == "ar" else latin > arabic == 0, question.id


def test_an_english_answer_has_no_arabic_letter() -> None:
    assert [q.id for q in QUESTIONS if q.language == "en" and count_letters(q.answer)[0]] == []


def test_the_files_spell_out_arabic_and_keep_the_order_of_keys() -> None:
    for path in DATA.glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert list(row) == (KEYS if row["gold"] else [*KEYS, "reason"]), row["id"]
            assert "\\u" not in line, row["id"]


# ------------------------------------------------------------------------------------------------------ the loader

Row = dict[str, Any]
Writer = Callable[..., Path]


def answerable_row(**changes: Any) -> Row:
    return {
        "id": "p017-en",
        "pair": "p017",
        "split": "dev",
        "language": "en",
        "kind": "which",
        "question": "Which resolution?",
        "gold": ["11", "21(k)"],
        "needs": "any",
        "facts": [{"ar": ["247/74"], "en": ["74/247"]}],
        "answer": "Resolution 74/247.",
    } | changes


def unanswerable_row(**changes: Any) -> Row:
    nothing = {"kind": "far", "gold": [], "facts": [], "reason": "not_in_report"}
    return answerable_row(id="u002-en", pair="u002", split="test") | nothing | changes


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    def writer(*rows: Row | str, name: str = "a.jsonl") -> Path:
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return tmp_path

    return writer


def test_a_row_becomes_a_frozen_record(write: Writer) -> None:
    [question] = load_questions(write(answerable_row()))
    assert question.answerable
    assert question.gold == (Ref(11), Ref(21, 11))
    assert question.facts == (Fact(ar=("247/74",), en=("74/247",)),)
    assert question.facts[0].alternatives("ar") == ("247/74",)
    assert question.reason is None
    assert hash(question) == hash(load_questions(write(answerable_row()))[0])


def test_a_row_without_an_answer_has_a_reason(write: Writer) -> None:
    [question] = load_questions(write(unanswerable_row()))
    assert not question.answerable
    assert question.reason == "not_in_report"


def test_files_are_read_in_the_order_of_their_names(write: Writer) -> None:
    write(answerable_row(), name="b.jsonl")
    folder = write(unanswerable_row(), name="a.jsonl")
    assert [question.id for question in load_questions(folder)] == ["u002-en", "p017-en"]


def test_an_error_names_the_file_the_line_and_the_field(write: Writer) -> None:
    folder = write(answerable_row(), unanswerable_row(split="train"), name="mixed.jsonl")
    with pytest.raises(EvaluationError, match=r"^mixed\.jsonl, line 2: split: Input should be 'dev' or 'test'$"):
        load_questions(folder)


def test_an_id_that_stands_twice_is_refused_with_both_places(write: Writer) -> None:
    write(answerable_row(), name="a.jsonl")
    folder = write(answerable_row(), name="b.jsonl")
    with pytest.raises(EvaluationError, match=r"b\.jsonl, line 1: id 'p017-en' stands already at a\.jsonl, line 1"):
        load_questions(folder)


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no \*\.jsonl in "):
        load_questions(tmp_path)


def test_an_evaluation_error_is_one_of_fiqras() -> None:
    assert issubclass(EvaluationError, FiqraError)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[]", "row: "),
        (answerable_row(extra=1), "extra: Unexpected"),
        ({key: value for key, value in answerable_row().items() if key != "answer"}, "answer: "),
        (answerable_row(question=""), "question: "),
        (answerable_row(question=" padded"), "question: "),
        (answerable_row(question=17), "question: "),
        (answerable_row(language="fr"), "language: "),
        (answerable_row(kind="riddle"), "kind: "),
        (answerable_row(kind="far"), "kind 'far' with gold"),
        (answerable_row(needs="some"), "needs: "),
        (answerable_row(needs="all", gold=["11"]), "needs is 'all' with 1 gold"),
        (answerable_row(gold=["21 (k)"]), "not a canonical reference"),
        (answerable_row(gold=["twenty-one and a half"]), "not a paragraph reference"),
        (answerable_row(gold=[11]), "not a canonical reference"),
        (answerable_row(gold=["11", "11"]), "names a paragraph twice"),
        (answerable_row(facts=[]), "0 facts with gold"),
        (answerable_row(facts=[{"ar": ["247/74"]}]), "facts.0.en: "),
        (answerable_row(facts=[{"ar": ["247/74"], "en": []}]), "no alternative in one of the languages"),
        (answerable_row(facts=[{"ar": ["247/74"], "en": [""]}]), "facts.0.en.0: "),
        (answerable_row(reason="not_in_report"), "reason 'not_in_report' with gold"),
        (answerable_row(id="p017-ar"), "id is 'p017-ar', expected 'p017-en'"),
        (answerable_row(pair="p17", id="p17-en"), "not a letter and three digits"),
        (answerable_row(split="test"), "pair p017 is in 'test'; odd pairs are dev"),
        (unanswerable_row(reason=None), "reason None without gold"),
        (unanswerable_row(reason="too_hard"), "reason: "),
        (unanswerable_row(kind="exact"), "kind 'exact' without gold"),
        (unanswerable_row(facts=[{"ar": ["1"], "en": ["1"]}]), "1 facts without gold"),
    ],
)
def test_a_row_that_is_not_as_it_must_be_is_refused(row: Row | str, message: str, write: Writer) -> None:
    with pytest.raises(EvaluationError, match=r"^a\.jsonl, line 1: ") as caught:
        load_questions(write(row))
    assert message in str(caught.value)
