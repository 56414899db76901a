"""The reference questions: JSON Lines → frozen records, each row checked before anything is measured with it.

    questions = load_questions()
    dev = [question for question in questions if question.split == "dev" and question.answerable]

A row is one question in one language; a *pair* is the same question in each language. A row that is not exactly
what is expected is refused, with its file and line: a reference set that is read leniently measures something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import ConfigDict, PlainValidator, StringConstraints, TypeAdapter, ValidationError

from corpus.errors import FiqraError, UnreadableReference
from corpus.records import Language
from corpus.refs import Ref, parse_ref

DATA = Path(__file__).parent / "data"

Split = Literal["dev", "test"]
Needs = Literal["any", "all"]
Reason = Literal["not_in_report", "not_a_question"]
AnswerableKind = Literal[
    "exact", "paraphrase", "colloquial", "keyword", "misspelled", "undiacritised", "who", "which", "count", "why",
    "name", "symbol", "list", "recommendation", "two", "number",
]  # fmt: skip
UnanswerableKind = Literal["near_miss", "false_premise", "other_committee", "who_won", "far", "greeting"]
Kind = Literal[AnswerableKind, UnanswerableKind]

_PAIR = re.compile(r"[a-z](\d{3})")
_STRICT = ConfigDict(strict=True, extra="forbid")


class EvaluationError(FiqraError):
    """The reference questions, or what is measured with them, are not as they must be."""


def _canonical_ref(value: object) -> Ref:
    """`"21(k)"` → Ref 21(k); `"21 (k)"` is refused."""
    try:
        ref = parse_ref(value) if isinstance(value, str) else None
    except UnreadableReference as error:
        raise ValueError(str(error)) from error
    if ref is None or str(ref) != value:
        raise ValueError(f"{value!r} is not a canonical reference, such as '9' or '21(k)'")
    return ref


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
GoldRef = Annotated[Ref, PlainValidator(_canonical_ref)]


@dataclass(frozen=True, slots=True)
class Fact:
    """What an answer must contain, once: any of the alternatives of the answer's language.

    Fact(ar=("247/74",), en=("74/247",)).alternatives("en") → ("74/247",)
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    ar: tuple[Text, ...]
    en: tuple[Text, ...]

    def __post_init__(self) -> None:
        if not self.ar or not self.en:
            raise ValueError("a fact has no alternative in one of the languages")

    def alternatives(self, language: Language) -> tuple[str, ...]:
        """Those of that language; one of them is enough."""
        return self.ar if language == "ar" else self.en


@dataclass(frozen=True, slots=True)
class ReferenceQuestion:
    """One question in one language, the paragraphs that answer it, and what an answer must say.

    `gold` holds every paragraph that is acceptable as a source; `needs` says whether any of them is enough or all are
    needed. A question that the report does not answer has no gold and no facts, and a `reason`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: Text
    pair: Text
    split: Split
    language: Language
    kind: Kind
    question: Text
    gold: tuple[GoldRef, ...]
    needs: Needs
    facts: tuple[Fact, ...]
    answer: Text
    reason: Reason | None = None

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(problem)

    @property
    def answerable(self) -> bool:
        """Whether the report answers it."""
        return bool(self.gold)

    def _problems(self) -> Iterator[str]:
        numbered = _PAIR.fullmatch(self.pair)
        if not numbered:
            yield f"pair {self.pair!r} is not a letter and three digits, such as 'p017'"
        elif self.split != ("dev" if int(numbered[1]) % 2 else "test"):
            yield f"pair {self.pair} is in {self.split!r}; odd pairs are dev, even pairs are test"
        if self.id != f"{self.pair}-{self.language}":
            yield f"id is {self.id!r}, expected '{self.pair}-{self.language}'"
        if len(set(self.gold)) != len(self.gold):
            yield "gold names a paragraph twice"
        if self.needs == "all" and len(self.gold) < 2:
            yield f"needs is 'all' with {len(self.gold)} gold paragraphs, expected two or more"
        kinds = get_args(AnswerableKind if self.answerable else UnanswerableKind)
        state = "with gold" if self.answerable else "without gold"
        if self.kind not in kinds:
            yield f"kind {self.kind!r} {state}, expected one of {', '.join(kinds)}"
        if self.answerable != bool(self.facts):
            yield f"{len(self.facts)} facts {state}; gold and facts go together"
        if self.answerable == bool(self.reason):
            yield f"reason {self.reason!r} {state}; a reason stands where nothing answers, and only there"


_ROW = TypeAdapter(ReferenceQuestion)


def load_questions(folder: Path = DATA) -> tuple[ReferenceQuestion, ...]:
    """Every row of every `*.jsonl` in the folder, files by name, rows as they stand.

    Raises EvaluationError with the file and line of the first row that is not as it must be.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise EvaluationError(f"no *.jsonl in {folder}; the reference questions belong there")
    seen: dict[str, str] = {}
    questions: list[ReferenceQuestion] = []
    for path in files:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            place = f"{path.name}, line {number}"
            question = _read_row(line, place)
            if question.id in seen:
                raise EvaluationError(f"{place}: id {question.id!r} stands already at {seen[question.id]}")
            seen[question.id] = place
            questions.append(question)
    return tuple(questions)


def _read_row(line: bytes, place: str) -> ReferenceQuestion:
    try:
        return _ROW.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "row"
        raise EvaluationError(f"{place}: {where}: {first['msg']}") from error
