"""One report among many: `python -m eval.measure.across A.json B.json`, parallel files in SQuAD's format.

Each article is a report of its own, in the files' languages, beside the report that comes with fiqra. Every question is
asked of its own report alone, of all reports at once, and of all in a form that names its report. For each file: how
often the right paragraph is first, and how often the right report is. One line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from corpus.records import Language, Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from corpus.reports import load_reports
from corpus.text import clean
from eval.squad import SquadQuestion, squad_questions, squad_rendering
from index.build import index_reports
from index.model.loading import load_embedder
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.answering.engine import Engine
from service.settings import load_settings

NAMING: dict[Language, str] = {
    "en": "According to the report “{title}”, {question}",
    "ar": "وفقاً لتقرير «{title}»، {question}",
}


def articles(*files: Path) -> list[Report]:
    """Each article of parallel files as a report; its paragraphs keep the numbers that they have in the whole file."""
    whole = [squad_rendering(file) for file in files]
    parts = json.loads(files[0].read_text("utf-8"))["data"]
    found: list[Report] = []
    first = 0
    for part in parts:
        last = first + len(part["paragraphs"])
        title = clean(str(part["title"]).replace("_", " "))
        renderings = tuple(_cut(rendering, first, last, title) for rendering in whole)
        found.append(Report(f"article-{len(found) + 1}", renderings))
        first = last
    return found


def _cut(rendering: Rendering, first: int, last: int, title: str) -> Rendering:
    paragraphs = tuple(Paragraph(p.ref, p.text, (), Span(0, len(p.text))) for p in rendering.paragraphs[first:last])
    blocks = (TitleBlock("title", title),)
    return Rendering(rendering.language, True, blocks, paragraphs, rendering.source_name, "0" * 64)


def measured(engine: Engine, reports: Sequence[Report], file: Path) -> Iterator[tuple[str, float]]:
    """The figures of one file's questions."""
    rows = squad_questions(file)
    whose = {ref: report for report in reports for ref in report.refs}
    started = process_time()
    for name, asked in (("alone", True), ("among all", False)):
        firsts = [_first(engine, row, row.question, whose[row.gold].id if asked else None) for row in rows]
        yield from _shares(f"{file.stem}, {name}", firsts, rows, whose)
    named = [
        NAMING[row.language].format(title=whose[row.gold].rendering(row.language).title(), question=row.question)
        for row in rows
    ]
    firsts = [_first(engine, row, text, None) for row, text in zip(rows, named, strict=True)]
    yield from _shares(f"{file.stem}, named", firsts, rows, whose)
    yield f"{file.stem}, processor ms a question", round(1e3 * (process_time() - started) / (3 * len(rows)), 1)


def _first(engine: Engine, row: SquadQuestion, text: str, report: str | None) -> tuple[str, Ref] | None:
    """The first paragraph for a question, answered or not."""
    passages = engine.find(text, row.language, report).passages
    return (passages[0].report, passages[0].ref) if passages else None


def _shares(
    name: str, firsts: Sequence[tuple[str, Ref] | None], rows: Sequence[SquadQuestion], whose: dict[Ref, Report]
) -> Iterator[tuple[str, float]]:
    right = [first == (whose[row.gold].id, row.gold) for first, row in zip(firsts, rows, strict=True)]
    report = [first is not None and first[0] == whose[row.gold].id for first, row in zip(firsts, rows, strict=True)]
    yield f"{name}: right paragraph first", round(sum(right) / len(right), 3)
    yield f"{name}: right report first", round(sum(report) / len(report), 3)


def main(files: Sequence[Path]) -> dict[str, float]:
    """Index the articles and the reports that come with fiqra, and ask."""
    settings = load_settings()
    embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
    reports = articles(*files)
    ranking = read_ranking(SHIPPED.read_bytes())
    contents = index_reports((*load_reports(), *reports), embedder)
    engine = Engine("0" * 32, contents, Retriever(contents, embedder, ranking.weights), ranking.calibration)
    return dict(figure for file in files for figure in measured(engine, reports, file))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main([Path(name) for name in sys.argv[1:]]), ensure_ascii=False) + "\n")
