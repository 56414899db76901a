"""The commands of whoever operates fiqra: `doctor`, `backup` and `restore`, `feedback`, and `index`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from service.cli_reports import EXAMPLES, builder
from service.terminal import tell, tell_json


@click.command(
    short_help="Look at all that serving needs; say what mends it.",
    epilog=EXAMPLES + "  fiqra doctor\n  FIQRA_LLM_BASE_URL=http://127.0.0.1:11434/v1 fiqra doctor",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, as_json: bool) -> None:
    """Look at everything that serving needs, and say what mends what is wrong.

    Disk, model, index, reports, store, clock, port, open files and the language
    model's server. Exit 1 where something is wrong.
    """
    from service.operating.doctor import examine
    from service.settings import load_settings

    findings = []
    for finding in examine(load_settings()):
        findings.append(finding)
        if not as_json:
            mark = "ok   " if finding.ok else "WRONG"
            tell(f"{mark}  {finding.what:15}  {finding.found}")
            if not finding.ok and finding.fix:
                tell(f"{'':22}  → {finding.fix}")
    if as_json:
        tell_json(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@click.command(
    short_help="Write the added reports to FILE.", epilog=EXAMPLES + "  fiqra backup fiqra-2026-11-27.tar.gz"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the added reports, with their documents, to FILE (.tar.gz).

    That is all that cannot be made again. Exit 1 where a report is not whole and
    is left out.
    """
    from service.operating import backup as backups
    from service.settings import load_settings

    kept, left_out = backups.write(load_settings().library(), file.absolute())
    tell(f"{file} holds {len(kept)} reports{': ' if kept else ''}{', '.join(kept)}")
    for why in left_out:
        tell(f"fiqra: left out: {why}", err=True)
    if left_out:
        sys.exit(1)


@click.command(
    short_help="Put back what `fiqra backup` wrote to FILE.",
    epilog=EXAMPLES + "  FIQRA_DATA_DIR=/srv/fiqra fiqra restore fiqra-2026-11-27.tar.gz",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Put the reports that `fiqra backup` wrote to FILE among those there are, and build the index of all."""
    from service.operating import backup as backups
    from service.settings import load_settings

    settings = load_settings()
    library = settings.library()
    with library.changing():
        restored = backups.read(library, file)
        name = builder(settings)(library.base(), library.added(), lambda _: None)
    tell(f"{len(restored)} reports are restored; index {name[:12]} is current")


@click.command(
    short_help="What was asked and not answered.",
    epilog=EXAMPLES + "  fiqra feedback\n  fiqra feedback --json",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def feedback(*, as_json: bool) -> None:
    """List what was asked and not answered, and what readers said of answers.

    Kept by a service with FIQRA_FEEDBACK=true, in feedback.jsonl in the data folder.
    """
    from service.operating.feedback import read
    from service.settings import load_settings

    found = read(load_settings().data_dir)
    if as_json:
        tell_json(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
        return
    named = {"declined": "not answered", "wrong": "wrong", "other": "not what was asked", "right": "right"}
    for kind, name in named.items():
        rows = [each for each in found if each.kind == kind]
        tell(f"{name}: {sum(each.count for each in rows)}")
        for each in rows:
            cited = f"  [{', '.join(each.refs)}]" if each.refs else ""
            tell(f"  {each.count:4} x  {each.question}{cited}")


@click.group(
    name="index",
    short_help="List the indexes, name them, go back to one.",
    epilog=EXAMPLES + "  fiqra index list\n  fiqra index tag before-may",
)
def index_group() -> None:
    """List the indexes that there are, name them, and go back to one."""


@index_group.command(name="list", epilog=EXAMPLES + "  fiqra index list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_indexes(*, as_json: bool) -> None:
    """List every index, the newest first; the current one is marked."""
    from service.operating.indexes import rows
    from service.settings import load_settings

    found = rows(load_settings())
    if as_json:
        tell_json(json.dumps([asdict(row) for row in found], ensure_ascii=False, indent=2))
        return
    for row in found:
        mark = "*" if row.is_current else " "
        what = row.refused or f"{row.reports} reports, {row.paragraphs} paragraphs, by fiqra {row.fiqra}"
        tell(f"{mark} {row.name[:12]}  {row.written}  {what}{'  ' if row.tags else ''}{', '.join(row.tags)}")


@index_group.command(
    name="tag", epilog=EXAMPLES + "  fiqra index tag before-summer\n  fiqra index tag before-summer --remove"
)
@click.argument("name")
@click.argument("index", required=False)
@click.option("--remove", is_flag=True, help="Take the name away again.")
def tag_index(name: str, index: str | None, *, remove: bool) -> None:
    """Give INDEX, the current one where left out, a NAME; builds keep what has one."""
    from index.disk.tags import TAG
    from service.operating.indexes import tag, untag
    from service.settings import load_settings

    if not TAG.fullmatch(name):
        raise click.UsageError(f"{name[:80]!r} is no tag; 1 to 64 letters, digits, '.', '_' and '-'")
    settings = load_settings()
    if remove:
        untag(settings, name)
        tell(f"no index is called {name} any more")
    else:
        tell(f"index {tag(settings, name, index)[:12]} is called {name}")


@index_group.command(name="rollback", epilog=EXAMPLES + "  fiqra index rollback before-summer")
@click.argument("name")
def rollback_index(name: str) -> None:
    """Serve the index NAME again: a tag, or the beginning of its name.

    The reports below the data folder stay as they are: the next build, ingest or
    removal makes an index of them again.
    """
    from service.operating.indexes import rollback
    from service.settings import load_settings

    tell(f"index {rollback(load_settings(), name)[:12]} is current")
