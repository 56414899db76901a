"""What the reader's odds are worth: its weight in the rank, and how probable an answer is → `index/data/reader/`.

    python -m eval.reader.calibrate --shared ../shared

Fitted on questions that were held back from its training, and never on the test split: development questions on the
report that comes with fiqra, written passages as reports of their own, and XQuAD's articles, each asked of the half
that they are in and of the half that they are not in. Right is an answer from the right passage.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, product
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.records import LANGUAGES, Language, Paragraph, Rendering, Report, Span
from corpus.refs import Ref, find_refs
from corpus.reports import load_reports
from corpus.text import clean
from eval.calibration import bearable_cuts, decided_rightly, fit_regression
from eval.metrics import auroc
from eval.questions import load_questions
from eval.reader.rows import held_articles, held_pairs, written_entries
from eval.squad import SquadQuestion, squad_questions, squad_rendering
from index.build import index_reports
from index.contents import IndexContents
from index.model.embedding import Embedder
from index.model.loading import load_embedder
from index.model.names import DEFAULT_MODEL
from index.model.query_cache import CachingEmbedder, QueryCache
from index.reader.loading import CARD, FOLDER, card, load_reader
from index.reader.network import Reader
from index.reader.second_look import BESIDE, ODDS, READ, Judgement, SecondLook, contenders
from index.search.confidence import FEATURES, Calibration, features
from index.search.fusion import Passage
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.settings import load_settings

NAMES = (*FEATURES, ODDS, BESIDE)
SHARES = {"dev": 1.5, "written": 0.25, "xquad": 1.0}
RANKS = (0.03, 0.05, 0.1, 0.15, 0.2, 0.3)
UNSURE = (0.1, 0.7)
"""Where it reads: a third of the report's questions. From .05 to .8, half of them, AUROC gains half a point at most,
and as many questions or fewer are decided rightly.
"""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the paragraphs that answer it; none: nothing does."""

    source: str
    text: str
    language: Language
    gold: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """Of the first passages: score, features and first probability were it first, odds, and whether it is right."""

    source: str
    language: Language
    answerable: bool
    score: tuple[float, ...]
    shape: tuple[dict[str, float], ...]
    before: tuple[float, ...]
    odds: tuple[float, ...]
    gold: tuple[bool, ...]

    def order(self, rank: float) -> list[int]:
        """The places of the passages that are read where odds count so much, best first."""
        return sorted(range(contenders(self.score, rank)), key=lambda i: -(self.score[i] + rank * self.odds[i]))

    def inputs(self, rank: float) -> dict[str, float]:
        """What the regression gets, of the passage that is first then."""
        first, *others = self.order(rank)
        beside = {BESIDE: max(self.odds[i] for i in others)} if others else {}
        return {**self.shape[first], ODDS: self.odds[first], **beside}


def corpora(shared: Path) -> Iterator[tuple[Report, list[Asked]]]:
    """Each report, and what is asked of it."""
    [report] = load_reports()
    held = held_pairs()
    rows = [row for row in load_questions() if row.split == "dev" and row.pair in held and not find_refs(row.question)]
    yield report, [Asked("dev", row.question, row.language, row.gold) for row in rows]
    yield from _written()
    files = [shared / "bench" / f"xquad-dev.{language}.json" for language in LANGUAGES]
    if not all(map(Path.is_file, files)):
        print(f"without XQuAD: {files[0]} is not there")  # noqa: T201
        return
    renderings = [squad_rendering(path) for path in files]
    asked = list(chain.from_iterable(_of_articles(path) for path in files))
    half = len(renderings[0].paragraphs) // 2
    for part in (slice(half), slice(half, None)):
        whole = Report("xquad", tuple(_part(rendering, part) for rendering in renderings))
        there = {paragraph.ref for paragraph in whole.renderings[0].paragraphs}
        yield whole, [Asked("xquad", q.question, q.language, (q.gold,) if q.gold in there else ()) for q in asked]


def _part(rendering: Rendering, part: slice) -> Rendering:
    return Rendering(
        rendering.language, True, (), rendering.paragraphs[part], rendering.source_name, rendering.source_sha256
    )


def _of_articles(path: Path) -> Iterator[SquadQuestion]:
    """The questions of the articles that were held back."""
    articles = json.loads(path.read_text("utf-8"))["data"]
    held = [place in held_articles("xquad") for place, article in enumerate(articles) for _ in article["paragraphs"]]
    return (question for question in squad_questions(path) if held[question.gold.number - 1])


def _written() -> Iterator[tuple[Report, list[Asked]]]:
    """A report of each written passage that was held back: its near misses are near to nothing else."""
    for entry in (entry for entry, held in written_entries() if held):
        renderings = tuple(
            Rendering(language, True, (), (Paragraph(Ref(1), text, (), Span(0, len(text))),), "written", "")
            for language in LANGUAGES
            for text in [clean(entry[f"text_{language}"])]
        )
        kinds = ((entry["questions"], (Ref(1),)), (entry["near_misses"], ()))
        yield (
            Report(f"written-{entry['id']}", renderings),
            [
                Asked("written", asked[language], language, gold)
                for questions, gold in kinds
                for asked in questions
                for language in LANGUAGES
            ],
        )


def read_all(embedder: Embedder, reader: Reader, shared: Path) -> list[Read]:
    """Ask everything, and read what is found."""
    ranking = read_ranking(SHIPPED.read_bytes())
    unused = Judgement((0.0, 1.0), math.inf, ranking.calibration)  # whatever its score, a passage may contend
    found = []
    for report, questions in corpora(shared):
        contents = index_reports((report,), embedder)
        retriever = Retriever(contents, embedder, ranking.weights)
        look = SecondLook(reader, contents, unused, card().window)
        found += [_read(asked, retriever, look, contents, ranking.calibration) for asked in questions]
    return [each for each in found if each.score]


def _read(
    asked: Asked, retriever: Retriever, look: SecondLook, contents: IndexContents, calibration: Calibration
) -> Read:
    retrieval = retriever.search(asked.text, asked.language)
    passages = retrieval.passages[:READ]
    odds = look.odds(asked.text, asked.language, retrieval.encoding, passages)

    def shape(first: Passage) -> dict[str, float]:
        ordered = (first, *(other for other in retrieval.passages if other is not first))
        return features(ordered, asked.text, retrieval.encoding, asked.language, contents)

    shapes = tuple(map(shape, passages))
    return Read(
        asked.source,
        asked.language,
        bool(asked.gold),
        tuple(p.score for p in passages),
        shapes,
        tuple(map(calibration.probability, shapes)),
        tuple(odds[p.report, p.ref] for p in passages),
        tuple(p.ref in asked.gold for p in passages),
    )


def shares_of(read: Sequence[Read]) -> Floats:
    """How much each counts: a source by its share, whatever the number of its questions."""
    sizes = Counter(each.source for each in read)
    return np.array([SHARES[each.source] / sizes[each.source] for each in read]) * len(read)


def judged(read: Sequence[Read], judgement: Judgement) -> tuple[Floats, NDArray[np.bool_]]:
    """How probable each answer is then, and whether the first passage is right, [n] each."""
    probability, right = [], []
    for each in read:
        if not judgement.reads(each.before[0]):
            probability.append(each.before[0])
            right.append(each.gold[0])
            continue
        probability.append(judgement.calibration.probability(each.inputs(judgement.rank)))
        right.append(each.gold[each.order(judgement.rank)[0]])
    return np.array(probability), np.array(right)


def fit(read: Sequence[Read]) -> Judgement:
    """The weight of the odds in the rank that decides most questions rightly, with its regression and threshold."""
    return max((_fit(read, rank) for rank in RANKS), key=itemgetter(0))[1]


def _fit(read: Sequence[Read], rank: float) -> tuple[float, Judgement]:
    """The share that is decided rightly, and the regression on what is read, with the best threshold."""
    doubtful = [each for each in read if UNSURE[0] <= each.before[0] <= UNSURE[1]]
    right = np.array([each.gold[each.order(rank)[0]] for each in doubtful])
    rows = [[each.inputs(rank).get(name, np.nan) for name in NAMES] for each in doubtful]
    calibration, _ = fit_regression(NAMES, rows, right, shares_of(doubtful))
    decided, threshold = _threshold(read, *judged(read, Judgement(UNSURE, rank, calibration)))
    return decided, Judgement(UNSURE, rank, replace(calibration, threshold=round(threshold, 3)))


def _threshold(read: Sequence[Read], probability: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """What the best cut decides rightly, over all sources, and that cut, which refuses few of the report's questions.

    Where the report is left out: of all that is asked.
    """
    answerable, report = np.array([each.answerable for each in read]), np.array([each.source == "dev" for each in read])
    report |= not report.any()
    cuts = bearable_cuts(probability, probability[answerable & report])
    rightly = decided_rightly(cuts, probability, right, answerable)
    decided = rightly @ shares_of(read) / shares_of(read).sum()
    decided = decided.round(9)  # of cuts that decide as many, whatever sums leave behind the comma: the highest
    best = len(decided) - 1 - int(decided[::-1].argmax())
    return float(decided[best]), float(cuts[best])


def say(read: Sequence[Read], judgement: Judgement, threshold: float) -> None:
    """By source and language, before and after."""
    answerable = np.array([each.answerable for each in read])
    earlier = np.array([each.before[0] for each in read]), np.array([each.gold[0] for each in read]), threshold
    for source, language in product(
        (source for source in SHARES if source in {each.source for each in read}), LANGUAGES
    ):
        own = np.array([each.source == source and each.language == language for each in read])
        for name, (probability, right, cut) in (
            ("before", earlier),
            ("after", (*judged(read, judgement), judgement.calibration.threshold)),
        ):
            shown = probability >= cut
            figures = {
                "hit@1": right[own & answerable].mean(),
                "AUROC": auroc(probability[own], answerable[own]),
                "right": np.where(answerable, right & shown, ~shown)[own].mean(),
                "false answers": shown[own & ~answerable].mean(),
                "false refusals": 1 - shown[own & answerable].mean(),
            }
            print(source, language, name, {k: round(float(v), 3) for k, v in figures.items()})  # noqa: T201
    asked = [judgement.reads(each.before[0]) for each in read if each.source == "dev"]
    if asked:
        print(f"of the report's questions {np.mean(asked):.2f} are read")  # noqa: T201


def left_out(read: Sequence[Read], threshold: float) -> None:
    """Each source judged by what was fitted on the others: how it fares with a report that nobody fitted it on."""
    for source in SHARES:
        own = [each for each in read if each.source == source]
        print(f"{source}, fitted on the others:")  # noqa: T201
        say(own, fit([each for each in read if each.source != source]), threshold)


def main() -> None:
    """Fit, say what came out, and write it into the card."""
    parser = argparse.ArgumentParser(description="Fit what the reader's odds are worth.")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--left-out", action="store_true", help="say how each source fares, fitted on the others alone")
    parser.add_argument("--kept", type=Path, help="where what was read is kept, so that fitting again reads nothing")
    given = parser.parse_args()
    if given.kept and given.kept.is_file():
        read = [Read(**each) for each in json.loads(given.kept.read_bytes())]
    else:
        data_dir = load_settings().data_dir
        bare = load_embedder(DEFAULT_MODEL, data_dir)
        embedder = CachingEmbedder(bare, "calibration", QueryCache(1 << 28))
        read = read_all(embedder, load_reader(bare, data_dir), given.shared)
        if given.kept:
            given.kept.write_text(json.dumps([asdict(each) for each in read]), "utf-8")
    threshold = read_ranking(SHIPPED.read_bytes()).calibration.threshold
    if given.left_out:
        left_out(read, threshold)
        return
    judgement = fit(read)
    say(read, judgement, threshold)
    print(judgement)  # noqa: T201
    content = json.loads((FOLDER / CARD).read_bytes())
    calibration = asdict(judgement.calibration)
    del calibration["source"]
    content |= {"unsure": judgement.unsure, "rank": judgement.rank, "calibration": calibration}
    (FOLDER / CARD).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
