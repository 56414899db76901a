"""What taking a report in would do, or did → JSON for the HTTP service, lines for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from corpus.documents import Reading
from service.reports.ingest import Plan

_SHOWN = 20


def plan_json(plan: Plan, index: str | None) -> dict[str, Any]:
    """What was read and what became of it, as the HTTP service says it too."""
    return {
        "report": plan.report.id,
        "symbol": plan.report.symbol,
        "year": plan.report.year,
        "title": plan.report.renderings[0].title(),
        "languages": list(plan.report.languages),
        "replaces": plan.replaces,
        "readings": [asdict(reading) for reading in plan.readings],
        "differences": [difference.en for difference in plan.differences],
        "differences_ar": [difference.ar for difference in plan.differences],
        "index": index[:12] if index else None,
    }


def plan_text(plan: Plan) -> str:
    """The same for people."""
    report = plan.report
    facts = ", ".join(filter(None, (report.symbol, str(report.year or ""), " and ".join(report.languages))))
    lines = [f"{report.id}: {report.renderings[0].title()} ({facts})"]
    for reading, language in zip(plan.readings, plan.languages, strict=True):
        lines += _reading_lines(reading, language)
    if plan.differences:
        places = "1 place" if len(plan.differences) == 1 else f"{len(plan.differences)} places"
        lines.append(f"  the languages differ in {places}:")
        lines += [f"    {difference.en}" for difference in plan.differences[:_SHOWN]]
    return "\n".join(lines)


def read_text(plan: Plan) -> str:
    """Each language as it was read, for people to look at: its title page, and each paragraph below its headings."""
    lines: list[str] = []
    for rendering in plan.report.renderings:
        lines += [f"{rendering.language}, {rendering.source_name}", ""]
        lines += [f"  {block.role}: {block.text}" for block in rendering.front_matter]
        above: tuple[str, ...] = ()
        for paragraph in rendering.paragraphs:
            if paragraph.heading != above:
                above = paragraph.heading
                lines += ["", f"  {' / '.join(above)}"]
            lines += ["", f"  [{paragraph.ref}] {paragraph.text}"]
            lines += [f"      note {note.mark}: {note.text}" for note in paragraph.notes]
            if scan := paragraph.recognised:
                doubtful = ", ".join(paragraph.text[span.start : span.end] for span in scan.doubtful) or "none"
                lines.append(f"      recognised, {scan.confidence:.0%} sure; doubtful words: {doubtful}")
        lines.append("")
    return "\n".join(lines)


def _reading_lines(reading: Reading, language: str) -> list[str]:
    counts = (
        ("paragraph", reading.paragraphs),
        ("sub-paragraph", reading.sub_paragraphs),
        ("item", reading.items),
        ("annex", reading.annexes),
        ("heading", reading.headings),
        ("footnote", reading.notes),
        ("table", reading.tables),
        ("joined line", reading.joined_lines),
    )
    shown = ", ".join(f"{n} {name}{_plural(name) if n != 1 else ''}" for name, n in counts if n)
    source = f"{reading.format}, {reading.lines:,} lines" if reading.lines else reading.format
    lines = [f"  {language}, {reading.name} ({source}): {shown}"]
    lines += [
        f"    {finding.kind}{f', line {finding.line}' if finding.line else ''}: {finding.detail}"
        for finding in reading.findings[:_SHOWN]
    ]
    if len(reading.findings) > _SHOWN:
        lines.append(f"    and {len(reading.findings) - _SHOWN} more; --json lists all")
    lines += [f"    not read, by rule: {what}" for what in reading.left_out[:_SHOWN]]
    if len(reading.left_out) > _SHOWN:
        lines.append(f"    and {len(reading.left_out) - _SHOWN} more, by rule; --json lists all")
    return lines


def _plural(name: str) -> str:
    return "es" if name.endswith("x") else "s"
