"""What a reader is trained on, and what it is measured with → passages, and questions about them.

    written        eval/data/reader, written for this: answers and near misses, in parallel
    dev            the development questions on the report that comes with fiqra
    squad, squad2, arcd, xquad    texts and questions of others, which lie outside the repository

A tenth of the written passages, two in five pairs of development questions and some articles of others are held back,
whole: no question on them is trained on. Nor is any on the pairs of plain questions, which came later.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.records import LANGUAGES, Language, Report, Span
from corpus.refs import find_refs
from corpus.text import clean
from corpus.title_page import as_read
from eval.questions import DATA, ReferenceQuestion, load_questions

WRITTEN = DATA / "reader"
TENTH, FIRST = 10, 3  # every tenth passage, from the fourth on
HELD_PAIRS = WRITTEN / "held-pairs.json"
HELD_ARTICLES = {"xquad": (1, 5, 9), "squad2": (0, 1)}


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, and which report it is one of: negatives come from the same report."""

    source: str
    report: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A question; the passage that it is asked of, and where that answers it. None: it does not, or there is none.

    `language` is the question's and `text` that of the report. `others` answer it too, so that they are no negatives.
    `kind` is that of a near miss.
    """

    source: str
    language: Language
    text: Language
    question: str
    passage: Passage | None
    answer: Span | None
    report: str
    held: bool
    others: tuple[Passage, ...] = ()
    kind: str = ""

    @property
    def across(self) -> bool:
        """Whether the text is in the other language."""
        return self.text != self.language


def held_pairs(path: Path = HELD_PAIRS) -> frozenset[str]:
    """The pairs of development questions that are held back."""
    return frozenset(json.loads(path.read_bytes()))


def held_articles(source: str) -> tuple[int, ...]:
    """The places of the articles that are held back, of a source's."""
    return HELD_ARTICLES.get(source, ())


def written_entries(folder: Path = WRITTEN) -> Iterator[tuple[dict[str, Any], bool]]:
    """The written passages with their questions, in the order of their ids, and whether each is held back."""
    lines = chain.from_iterable(path.read_text("utf-8").splitlines() for path in sorted(folder.glob("*.jsonl")))
    entries = sorted(map(json.loads, lines), key=lambda entry: str(entry["id"]))
    return ((entry, place % TENTH == FIRST) for place, entry in enumerate(entries))


def written(folder: Path = WRITTEN) -> Iterator[Row]:
    """Each question of each written passage, in each language, of the text in each."""
    for entry, held in written_entries(folder):
        for text in LANGUAGES:
            report = f"written {entry['id'].split('-')[0]} {text}"
            passage = Passage("written", report, text, entry[f"text_{text}"])
            for asked in (*entry["questions"], *entry["near_misses"]):
                answer = _found(passage.text, asked.get(f"answer_{text}"))
                for language in LANGUAGES:
                    kind = asked.get("kind", "")
                    yield Row("written", language, text, asked[language], passage, answer, report, held, kind=kind)


def articles(path: Path, source: str, language: Language) -> Iterator[Row]:
    """A file of `../shared/training`: an article a line; its README says what stands in one."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for place, article in enumerate(map(json.loads, lines)):
            report = f"{source} {place}"
            held = place in held_articles(source)
            for paragraph in article["paragraphs"]:
                passage = Passage(source, report, language, paragraph["text"])
                for asked in paragraph["questions"]:
                    given = asked["answers"]
                    answer = _found(passage.text, given[0] if given else None)
                    if answer or not given:
                        question = asked["question"].strip(" -")
                        yield Row(source, language, language, question, passage, answer, report, held)


def parallel_squad(paths: Sequence[Path]) -> Iterator[Row]:
    """Parallel files in SQuAD's format, in the order of LANGUAGES: each question of the text in each language."""
    files = [json.loads(path.read_text("utf-8"))["data"] for path in paths]
    for place, sides in enumerate(zip(*files, strict=True)):
        held = place in held_articles("xquad")
        for paragraphs in zip(*(side["paragraphs"] for side in sides), strict=True):
            yield from _parallel_paragraph(place, held, paragraphs)


def _parallel_paragraph(place: int, held: bool, paragraphs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    for text, paragraph in zip(LANGUAGES, paragraphs, strict=True):
        report = f"xquad {place} {text}"
        passage = Passage("xquad", report, text, paragraph["context"])
        for language, asked in zip(LANGUAGES, paragraphs, strict=True):
            for question, answered in zip(asked["qas"], paragraph["qas"], strict=True):
                first = answered["answers"][0]
                answer = Span(first["answer_start"], first["answer_start"] + len(first["text"]))
                yield Row("xquad", language, text, question["question"], passage, answer, report, held)


def development(report: Report) -> Iterator[Row]:
    """The development questions that name no paragraph, of the report in each language."""
    rows = [row for row in load_questions() if row.split == "dev" and row.needs == "any" and row.kind != "greeting"]
    held_back = held_pairs()
    for row in rows:
        if find_refs(row.question):
            continue
        held = row.pair in held_back
        for text in LANGUAGES:
            if found := _of_report(row, report, text, held):
                yield found


def _of_report(row: ReferenceQuestion, report: Report, text: Language, held: bool) -> Row | None:
    """None where the words that answer are not known."""
    rendering = report.rendering(text)
    name = f"{report.id} {text}"
    gold = tuple(Passage("dev", name, text, clean(as_read(rendering, ref))) for ref in row.gold)
    for passage in gold:
        for fact in row.facts:
            for words in sorted(fact.alternatives(text), key=len, reverse=True):
                if answer := _found(passage.text, words):
                    return Row("dev", row.language, text, row.question, passage, answer, name, held, gold)
    return None if gold else Row("dev", row.language, text, row.question, None, None, name, held)


def passages(report: Report) -> Iterator[Passage]:
    """A report's paragraphs, as a reader gets them."""
    for rendering in report.renderings:
        for paragraph in report.texts(rendering):
            text = clean(as_read(rendering, paragraph.ref))
            yield Passage("dev", f"{report.id} {rendering.language}", rendering.language, text)


def _found(text: str, answer: str | None) -> Span | None:
    at = text.find(answer) if answer else -1
    return Span(at, at + len(answer)) if answer and at >= 0 else None
