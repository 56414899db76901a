"""A run as one page that people look at: figures, plots, and every wrong question with what was found instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from eval import metrics
from eval.run import Outcome

WIDTH, HEIGHT = 240, 200


def write_report(
    path: Path,
    split: str,
    outcomes: Sequence[Outcome],
    summaries: Mapping[str, Mapping[str, float]],
    ablation: Mapping[str, Mapping[str, float]],
) -> None:
    """Write the page: one self-contained file, without a script."""
    environment = Environment(loader=PackageLoader("eval"), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("report.html").render(
        split=split,
        outcomes=outcomes,
        summaries=summaries,
        ablation=ablation,
        risk_points=_risk_points(outcomes),
        bins=list(_bins(outcomes)),
        kinds=list(_kinds(outcomes)),
        wrong=[o for o in outcomes if not o.right or (o.answerable and not o.top_is_gold)],
    )
    path.write_text(page, "utf-8")


def _risk_points(outcomes: Sequence[Outcome]) -> str:
    """The risk–coverage curve in the plot's units; its height is a risk of one half."""
    curve = metrics.risk_coverage([o.confidence for o in outcomes], [o.top_is_gold for o in outcomes])
    points = zip(curve.coverage, curve.risk, strict=True)
    return " ".join(f"{WIDTH * c:.1f},{HEIGHT * (1 - min(1.0, 2 * r)):.1f}" for c, r in points)


def _bins(outcomes: Sequence[Outcome]) -> Iterator[dict[str, object]]:
    found = metrics.reliability_bins([o.confidence for o in outcomes], [o.top_is_gold for o in outcomes])
    for part in found:
        height = HEIGHT * part.accuracy
        title = f"{part.lower:.1f} to {part.upper:.1f}: {part.accuracy:.2f} of {part.count}"
        yield {"x": WIDTH * part.lower + 2, "y": HEIGHT - height, "height": height, "title": title}


def _kinds(outcomes: Sequence[Outcome]) -> Iterator[dict[str, object]]:
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.kind, outcome.language].append(outcome)
    for (kind, language), found in sorted(groups.items()):
        hits = [metrics.hit_at_k(o.ranked, o.gold, 1) for o in found if o.answerable]
        yield {
            "kind": kind,
            "language": language,
            "count": len(found),
            "hit": f"{sum(hits) / len(hits):.2f}" if hits else "–",
            "right": f"{sum(o.right for o in found) / len(found):.2f}",
        }
