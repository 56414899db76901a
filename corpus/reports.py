"""Folders of documents → reports, checked.

A report's folder holds `report.json` (its id, what each block of the title page is, and its renderings), a source
text a language, and a corrections table where a source needs one.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from corpus.corrections import CorrectionRow
from corpus.errors import CorpusError, CorrectionError, UnknownReport
from corpus.layout.paragraphs import read_layout, span_of
from corpus.layout.stored_text import Notes, settle
from corpus.readers.txt import read_lines
from corpus.records import Rendering, Report, TitleBlock
from corpus.text import clean

BUNDLED = Path(__file__).parent / "data"


def load_reports(folder: Path = BUNDLED) -> tuple[Report, ...]:
    """Every report below the folder, in the order of their ids."""
    found = sorted(path.parent.name for path in folder.glob("*/report.json"))
    return tuple(load_report(name, folder) for name in found)


def load_report(report_id: str, folder: Path = BUNDLED) -> Report:
    """One report, its renderings checked against each other.

    Raises UnknownReport, or CorpusError where its files do not make one.
    """
    path = folder / report_id / "report.json"
    if Path(report_id).name != report_id or not path.is_file():
        raise UnknownReport(f"no report {report_id[:80]!r} below {folder}; `fiqra show` lists what is there")
    description = json.loads(path.read_text("utf-8"))
    renderings = tuple(_rendering(path.parent, entry, description) for entry in description["renderings"])
    first = renderings[0]
    for other in renderings[1:]:
        _same_structure(report_id, first, other)
    return Report(description["id"], renderings)


def _rendering(folder: Path, entry: dict[str, Any], description: dict[str, Any]) -> Rendering:
    data = (folder / entry["source"]).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if entry.get("sha256", digest) != digest:
        raise CorpusError(f"{entry['source']}: SHA-256 is {digest}, expected {entry['sha256']}; restore the file")
    layout = read_layout(read_lines(data, entry["source"]), entry["source"])
    roles = description["front_matter"]
    if len(layout.front) != len(roles):
        raise CorpusError(f"{entry['source']}: {len(layout.front)} title blocks, expected {len(roles)}: {roles}")
    rows = _corrections(folder / entry["corrections"]) if "corrections" in entry else ()
    notes = Notes(layout.notes)
    known = {str(draft.ref) for draft in layout.drafts}
    if strangers := [row.ref for row in rows if row.ref not in known]:
        raise CorrectionError(f"{entry['corrections']}: no paragraph {strangers[0]} in {entry['source']}")
    return Rendering(
        language=entry["language"],
        official=entry["official"],
        front_matter=tuple(
            TitleBlock(role, clean(" ".join(line.text for line in block)), span_of(block))
            for role, block in zip(roles, layout.front, strict=True)
        ),
        paragraphs=tuple(
            settle(draft, notes, (row for row in rows if row.ref == str(draft.ref))) for draft in layout.drafts
        ),
        source_name=entry["source"],
        source_sha256=digest,
        questions=tuple(map(clean, entry.get("questions", ()))),
        translated_from=entry.get("translated_from"),
    )


def _corrections(path: Path) -> tuple[CorrectionRow, ...]:
    return tuple(CorrectionRow(**row) for row in json.loads(path.read_text("utf-8")))


def _same_structure(report_id: str, first: Rendering, other: Rendering) -> None:
    here, there = [p.ref for p in first.paragraphs], [p.ref for p in other.paragraphs]
    if here == there:
        return
    missing = sorted(set(here) - set(there))
    extra = sorted(set(there) - set(here))
    raise CorpusError(
        f"{report_id}: {other.source_name} has not the paragraphs of {first.source_name}: "
        f"missing {[str(ref) for ref in missing]}, extra {[str(ref) for ref in extra]}"
    )
