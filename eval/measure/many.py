"""A library of many reports, taken in, changed and searched: `python -m eval.measure.many 1000`.

The text is synthetic, and a hash stands in for the encoder (64 numbers a vector), so that what is measured is the
library and the index, not the model. Times are the processor's besides the clock's: other things may run besides.
One line of JSON.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from corpus.records import Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from eval.measure.timing import lines_by_size, timed
from index import contents
from index.build import build_index
from index.disk import sealed
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.reports.ingest import Upload, Wanted, take_in

PARAGRAPHS, WORDS, QUESTIONS = 100, 25, 100
_RANDOM = random.Random(5)  # noqa: S311 - text, not secrets
_VOCABULARY = ["".join(_RANDOM.choices("abcdefghijklmnopqrstuvwxyz", k=_RANDOM.randint(4, 9))) for _ in range(5_000)]


def sentence() -> str:
    """Words of a made-up vocabulary, the first ones more often."""
    picks = (_VOCABULARY[min(int(_RANDOM.paretovariate(0.6)) - 1, 4_999)] for _ in range(WORDS))
    return " ".join(picks).capitalize() + "."


def report(number: int) -> Report:
    """A report of that number of paragraphs, in one language."""
    paragraphs = tuple(Paragraph(Ref(n), sentence(), ("Part",), Span(0, 1)) for n in range(1, PARAGRAPHS + 1))
    title = (TitleBlock("title", f"Report {number}"),)
    return Report(
        f"r{number:05}", (Rendering("en", True, title, paragraphs, "x.txt", "0" * 64),), None, 2000 + number % 25
    )


def document() -> bytes:
    """A text file with as many paragraphs."""
    return "\n".join(["Title of it", "", *(f"{n}. {sentence()}" for n in range(1, PARAGRAPHS + 1))]).encode()


def measure(count: int, folder: Path) -> dict[str, float]:
    """A library of `count` reports: taken in, one again, loaded, searched."""
    embedder, library, result = HashEmbedder(64), ReportLibrary(folder / "reports"), {"reports": float(count)}

    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide | None = None) -> str:
        return build_index(folder / "index", base, embedder, "hash", added=added, check=False, ready=decide)

    def taken(name: str, work: Callable[[], object]) -> None:
        started, worked = perf_counter(), process_time()
        work()
        result[f"{name}_s"] = round(perf_counter() - started, 2)
        result[f"{name}_cpu_s"] = round(process_time() - worked, 2)

    build(library.base(), ())
    with library.changing():
        for number in range(count - 1):
            library.put(report(number))
        taken("build_all", lambda: build(library.base(), library.added()))
    first, again = document(), document()
    taken("ingest_one", lambda: take_in(library, [Upload("x.txt", first, "en")], Wanted("zz"), build))
    taken("reingest_one", lambda: take_in(library, [Upload("x.txt", again, "en")], Wanted("zz"), build))

    def load() -> None:
        loaded = contents.load(sealed.read(folder / "index"), embedder.fingerprint, embedder.dimension)
        retriever = Retriever(loaded, embedder, read_ranking(SHIPPED.read_bytes()).weights)
        retriever.search("warm up", "en")
        questions = (" ".join(_RANDOM.choices(_VOCABULARY, k=8)) for _ in range(QUESTIONS))
        _, took = timed(partial(retriever.search, language="en"), questions)
        result.update({f"search_{name}": value for name, value in took.items()})

    taken("load_and_search", load)
    result["index_mib"] = round(sum(p.stat().st_size for p in (folder / "index").rglob("*") if p.is_file()) / 2**20, 1)
    return result


if __name__ == "__main__":
    lines_by_size(measure, 2)
