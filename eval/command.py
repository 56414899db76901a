"""`fiqra eval`: measure fiqra, on its own reference questions or on any SQuAD-format files."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from eval import metrics
from eval.questions import load_questions
from eval.report import write_report
from eval.run import Outcome, ablate, ask_all, summarise
from eval.squad import squad_questions, squad_report
from index.build import index_reports
from index.model.loading import load_embedder
from index.search.ranking import SHIPPED, read_ranking
from index.search.retrieve import Retriever
from service.cli import main
from service.settings import load_settings
from service.state import load_state

EXAMPLES = "\b\nExamples:\n"
SEED = 2021


@click.group(
    invoke_without_command=True,
    short_help="Measure it all on the reference questions.",
    epilog=EXAMPLES + "  fiqra eval\n  fiqra eval --split dev --json\n  fiqra eval --against var/eval/run.json",
)
@click.option("--split", type=click.Choice(["dev", "test", "all"]), default="test", show_default=True)
@click.option("--against", type=click.Path(exists=True, path_type=Path), help="A saved run to compare with.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def evaluate(context: click.Context, split: str, against: Path | None, *, as_json: bool) -> None:
    """Measure retrieval, answers and refusals on the reference questions.

    Writes the run to DATA/eval/run.json and a page with plots and every wrong question to DATA/eval/report.html.
    """
    if context.invoked_subcommand:
        return
    settings = load_settings()
    state = load_state(settings)
    engine = state.ready_engine()
    questions = [q for q in load_questions() if split in {"all", q.split}]
    with click.progressbar(length=len(questions), label="asking", file=sys.stderr) as bar:
        outcomes = ask_all(state, questions, lambda _: bar.update(1))
    summaries = {
        "both": summarise(outcomes),
        **{language: summarise([o for o in outcomes if o.language == language]) for language in ("ar", "en")},
    }
    ablation = ablate(engine, questions, read_ranking(SHIPPED.read_bytes()).weights)
    comparison = compare(outcomes, against) if against else {}
    folder = settings.data_dir / "eval"
    folder.mkdir(parents=True, exist_ok=True)
    run = {"split": split, "index": engine.name, "summary": summaries, "ablation": ablation, "against": comparison}
    saved = {**run, "outcomes": [dataclasses.asdict(outcome) for outcome in outcomes]}
    (folder / "run.json").write_text(json.dumps(saved, ensure_ascii=False, indent=1), "utf-8")
    write_report(folder / "report.html", split, outcomes, summaries, ablation)
    click.echo(json.dumps(run, ensure_ascii=False) if as_json else _tables(outcomes, summaries, ablation, comparison))
    if not as_json:
        click.echo(f"\nrun: {folder / 'run.json'}\nreport: {folder / 'report.html'}")


def compare(outcomes: Sequence[Outcome], saved: Path) -> dict[str, dict[str, float]]:
    """hit@1 and rightness against a saved run, on the questions that both asked, with a paired permutation test."""
    before = {row["id"]: row for row in json.loads(saved.read_text("utf-8"))["outcomes"]}
    shared = [o for o in outcomes if o.id in before]
    measures = {
        "hit@1": [(float(o.top_is_gold), _hit(before[o.id])) for o in shared if o.answerable],
        "right or rightly declined": [(float(o.right), _right(before[o.id])) for o in shared],
    }
    return {
        name: {
            "now": float(np.mean([a for a, _ in pairs])),
            "then": float(np.mean([b for _, b in pairs])),
            "p": metrics.paired_permutation_p([a for a, _ in pairs], [b for _, b in pairs], SEED),
        }
        for name, pairs in measures.items()
        if pairs
    }


def _hit(row: dict[str, list[str]]) -> float:
    return float(bool(row["ranked"]) and row["ranked"][0] in row["gold"])


def _right(row: dict[str, list[str]]) -> float:
    return float(bool(set(row["cited"]) & set(row["gold"]))) if row["gold"] else float(not row["answered"])


def _tables(
    outcomes: Sequence[Outcome],
    summaries: dict[str, dict[str, float]],
    ablation: dict[str, dict[str, float]],
    comparison: dict[str, dict[str, float]],
) -> str:
    lines = [f"{len(outcomes)} questions", "", f"{'':28}{'both':>8}{'ar':>8}{'en':>8}"]
    lines += [
        f"{name:28}" + "".join(f"{summaries[column].get(name, float('nan')):8.3f}" for column in summaries)
        for name in summaries["both"]
    ]
    hits = [metrics.hit_at_k(o.ranked, o.gold, 1) for o in outcomes if o.answerable]
    low, high = metrics.bootstrap_interval(hits, SEED)
    lines += ["", f"hit@1 of both, 95 % bootstrap interval: {low:.3f} to {high:.3f}", ""]
    columns = list(next(iter(ablation.values())))
    lines.append(f"{'retrieval alone':28}" + "".join(f"{column:>10}" for column in columns))
    lines += [f"{name:28}" + "".join(f"{values[c]:10.3f}" for c in columns) for name, values in ablation.items()]
    lines += [f"{n}: {c['now']:.3f}, before {c['then']:.3f}, p = {c['p']:.3f}" for n, c in comparison.items()]
    return "\n".join(lines)


@evaluate.command(
    short_help="Measure retrieval on two files in SQuAD's format.",
    epilog=EXAMPLES + "  fiqra eval squad --corpus xquad.ar.json --questions xquad.en.json --json",
)
@click.option("--corpus", required=True, type=click.Path(exists=True, path_type=Path), help="The file with the text.")
@click.option("--questions", required=True, type=click.Path(exists=True, path_type=Path), help="The file to ask from.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def squad(corpus: Path, questions: Path, *, as_json: bool) -> None:
    """Measure retrieval on two parallel files in SQuAD's format, in any languages."""
    settings = load_settings()
    embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
    report = squad_report(corpus)
    asked = squad_questions(questions)
    if len(report.refs) < max(q.gold.number for q in asked):
        raise click.UsageError(f"{questions} has questions on more paragraphs than the {len(report.refs)} of {corpus}")
    started = perf_counter()
    contents = index_reports((report,), embedder)
    built = perf_counter() - started
    retriever = Retriever(contents, embedder, read_ranking(SHIPPED.read_bytes()).weights)
    ranked, took = [], []
    with click.progressbar(asked, label="asking", file=sys.stderr) as bar:
        for q in bar:
            started = perf_counter()
            ranked.append([passage.ref for passage in retriever.search(q.question, q.language).passages])
            took.append(1e3 * (perf_counter() - started))
    gold = [{q.gold} for q in asked]
    result = {
        "hit@1": float(np.mean([metrics.hit_at_k(r, g, 1) for r, g in zip(ranked, gold, strict=True)])),
        "hit@3": float(np.mean([metrics.hit_at_k(r, g, 3) for r, g in zip(ranked, gold, strict=True)])),
        "mrr": float(np.mean([metrics.reciprocal_rank(r, g) for r, g in zip(ranked, gold, strict=True)])),
        "ndcg@10": float(np.mean([metrics.ndcg_at_k(r, g, 10) for r, g in zip(ranked, gold, strict=True)])),
        "passages_per_s": len(report.refs) / built,
        "query_ms_p50": float(np.median(took)),
    }
    click.echo(json.dumps(result) if as_json else "\n".join(f"{name:16}{value:9.3f}" for name, value in result.items()))


if __name__ == "__main__":  # `python -m eval.command` is `fiqra eval`, with its errors in a line
    main.add_command(evaluate, "eval")
    main(["eval", *sys.argv[1:]], prog_name="fiqra")
