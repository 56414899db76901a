"""What `make bench` found, a small file a commit in docs/bench, and the plot of it that docs/performance.md shows.

python -m eval.measure.history → docs/bench/history.svg, drawn anew
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from eval.measure.machine import CHANGED

FOLDER = Path(__file__).parent.parent.parent / "docs" / "bench"
PLOT = "history.svg"
UNKNOWN = "processor not recorded"
SHOWN = 24  # commits in the plot, the last ones
BUSY = 2  # a load average of so much a core is more than the measuring itself brings

# A panel each: the ratio, what it is called, and what is aimed at.
PANELS = (
    ("ask", "an answer, by the clock", 0.5),
    ("ask_cpu", "an answer, processor time", None),
    ("resident", "memory", 0.25),
    ("ready", "seconds until ready", 0.2),
)
WIDTH, LEFT, TOP, PANEL, GAP, FOOT = 760, 40, 64, 96, 34, 40
COLOURS = ("#0f766e", "#b45309", "#6d28d9", "#be123c", "#1d4ed8")  # dark enough on white, light enough on black
STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #1f2937 } .small { font-size: 10px }
.line { stroke: #9ca3af; fill: none } .aim { stroke-dasharray: 4 3 } .page { fill: #ffffff }
@media (prefers-color-scheme: dark) { text { fill: #e5e7eb } .page { fill: #111827 } .line { stroke: #6b7280 } }"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of `make bench` found: fiqra's figures as shares of the plain script's.

    `processor` and `load_average` are None where they were not recorded. `costs` are those of `eval.measure.guard`.
    """

    commit: str
    committed: str
    processor: str | None
    cores: int
    features: tuple[str, ...]
    load_average: float | None
    ratios: Mapping[str, float]
    costs: Mapping[str, float]

    @classmethod
    def of(cls, measured: Mapping[str, object], machine: Mapping[str, object]) -> Run | None:
        """A run out of what it measured; None where no commit says what ran."""
        commit = machine["commit"]
        if commit is None or str(commit).endswith(CHANGED):
            return None
        return cls.from_json(
            json.dumps({**machine, **{key: measured[key] for key in ("load_average", "ratios", "costs")}})
        )

    @classmethod
    def from_json(cls, text: str) -> Run:
        """A run as its file has it."""
        row = json.loads(text)
        return cls(**{**row, "features": tuple(row["features"])})

    def to_json(self) -> str:
        """What stands in its file."""
        row = {name: getattr(self, name) for name in self.__slots__}
        for kind in ("ratios", "costs"):
            row[kind] = {name: round(value, 4) for name, value in sorted(row[kind].items())}
        return json.dumps(row, indent=1) + "\n"

    @property
    def name(self) -> str:
        """Its file's name: a second run of the same commit takes the place of the first."""
        return f"{self.committed[:10]}-{self.commit}.json"

    @property
    def kind(self) -> str:
        """On what kind of machine it ran, in words."""
        instructions = f" ({', '.join(self.features)})" if self.features else ""
        return f"{self.cores} × {self.processor or UNKNOWN}{instructions}"

    @property
    def alone(self) -> bool:
        """Whether little else ran beside it, as far as is known; what the clock says under load is worth less."""
        return (self.load_average or 0) <= BUSY * self.cores


def keep(run: Run, folder: Path = FOLDER) -> Path:
    """Write a run's file, and draw the plot with it; where the file lies.

    A quick run finds costs and no ratios: those that were found of its commit before stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / run.name
    if path.exists() and not run.ratios:
        run = replace(run, ratios=Run.from_json(path.read_text("utf-8")).ratios)
    path.write_text(run.to_json(), "utf-8")
    draw(folder)
    return path


def runs(folder: Path = FOLDER) -> list[Run]:
    """All that were kept, oldest commit first."""
    found = [Run.from_json(path.read_text("utf-8")) for path in folder.glob("*.json")]
    return sorted(found, key=lambda run: (run.committed, run.commit))


def draw(folder: Path = FOLDER) -> None:
    """Draw the plot of what the folder holds."""
    (folder / PLOT).write_text(plot(runs(folder)), "utf-8")


def plot(found: Sequence[Run]) -> str:
    """The last runs as SVG: a panel a ratio, a column a commit, a colour a kind of machine."""
    shown = [run for run in found if run.ratios][-SHOWN:]
    kinds = list(dict.fromkeys(run.kind for run in shown))
    colours = {kind: COLOURS[i % len(COLOURS)] for i, kind in enumerate(kinds)}
    head = TOP + 16 * len(kinds)
    height = head + len(PANELS) * (PANEL + GAP) + FOOT
    step = (WIDTH - 2 * LEFT) / max(1, len(shown))
    places = [(run, LEFT + step * (i + 0.5)) for i, run in enumerate(shown)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>What make bench found, commit by commit</title><style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        f'<text x="{LEFT}" y="24">fiqra as a share of sentence-transformers and FAISS; '
        "dashed: aimed at; hollow: much other work beside</text>",
    ]
    for i, (kind, colour) in enumerate(colours.items()):
        parts.append(f'<circle cx="{LEFT + 4}" cy="{40 + 16 * i}" r="4" fill="{colour}"/>')
        parts.append(f'<text class="small" x="{LEFT + 14}" y="{44 + 16 * i}">{escape(kind)}</text>')
    for i, (name, title, aim) in enumerate(PANELS):
        parts += _panel(head + i * (PANEL + GAP), name, title, aim, places, colours)
    for run, x in places:
        parts.append(_text(x, height - FOOT + 12, run.commit[:7]) + _text(x, height - FOOT + 26, run.committed[5:10]))
    return "\n".join([*parts, "</svg>", ""])


def _panel(  # noqa: PLR0913, PLR0917 - each says what is drawn, and where
    top: float,
    name: str,
    title: str,
    aim: float | None,
    places: Sequence[tuple[Run, float]],
    colours: Mapping[str, str],
) -> Iterator[str]:
    """One ratio, from 0 at the bottom to the largest or what is aimed at, whichever is more."""
    values = [(run, x, run.ratios[name]) for run, x in places if name in run.ratios]
    most = 1.15 * max([aim or 0, *(value for *_, value in values)], default=1)

    def y(value: float) -> float:
        return top + PANEL * (1 - value / (most or 1))

    yield f'<text x="{LEFT}" y="{top - 6}">{title}</text>'
    yield f'<path class="line" d="M{LEFT} {top}V{top + PANEL}H{WIDTH - LEFT}"/>'
    if aim is not None:
        yield f'<path class="line aim" d="M{LEFT} {y(aim):.1f}H{WIDTH - LEFT}"/>'
        yield _text(LEFT - 16, y(aim) + 4, _short(aim))
    for run, x, value in values:
        colour = colours[run.kind]
        looks = f'fill="{colour}"' if run.alone else f'fill="none" stroke="{colour}" stroke-width="2"'
        yield f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="4" {looks}/>'
        yield _text(x, y(value) - 7, _short(value))


def _text(x: float, y: float, text: str) -> str:
    return f'<text class="small" text-anchor="middle" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _short(value: float) -> str:
    """A ratio as the documentation writes it.

    >>> _short(0.307), _short(1.0)
    ('.31', '1.00')
    """
    return f"{value:.2f}".removeprefix("0")


if __name__ == "__main__":
    draw()
