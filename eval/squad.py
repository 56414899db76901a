"""SQuAD-format files as reports: retrieval measured on text and questions that nobody here wrote.

The paragraphs of one file become a report's numbered paragraphs, the questions of another file, parallel to it or the
same, are asked of it: article and paragraph order is the same in both, so that the files may differ in language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.language import detect
from corpus.records import Language, Paragraph, Rendering, Report, Span
from corpus.refs import Ref
from corpus.text import clean
from eval.questions import EvaluationError


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question and the paragraph that holds its answer."""

    question: str
    language: Language
    gold: Ref


def squad_rendering(path: Path) -> Rendering:
    """The paragraphs of a file, numbered from 1 in its order. Raises EvaluationError where it is not SQuAD's format."""
    texts = [clean(paragraph["context"]) for paragraph in _paragraphs(path)]
    return Rendering(
        language=detect(" ".join(texts)[:2_000]).language,
        official=True,
        front_matter=(),
        paragraphs=tuple(Paragraph(Ref(n), text, (), Span(0, len(text))) for n, text in enumerate(texts, 1)),
        source_name=path.name,
        source_sha256="",
    )


def squad_report(*paths: Path) -> Report:
    """One report of parallel files, a rendering each."""
    return Report(paths[0].name, tuple(map(squad_rendering, paths)))


def squad_questions(path: Path) -> tuple[SquadQuestion, ...]:
    """Every question of a file, in order. Raises EvaluationError where it is not SQuAD's format."""
    return tuple(
        SquadQuestion(question["question"], detect(question["question"]).language, Ref(number))
        for number, paragraph in enumerate(_paragraphs(path), 1)
        for question in paragraph["qas"]
    )


def _paragraphs(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text("utf-8"))
        return [paragraph for article in content["data"] for paragraph in article["paragraphs"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path} is no file in SQuAD's format ({type(error).__name__}: {error})") from error
