"""The commands that take reports in and out."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from corpus.records import LANGUAGES
from service.terminal import tell, tell_json

if TYPE_CHECKING:
    from corpus.records import Language, Report
    from index.disk.report_library import Decide
    from index.disk.shelf import Added
    from service.reports.exports import Form
    from service.reports.ingest import BuildIndex
    from service.reports.watching import Rules
    from service.settings import Settings

EXAMPLES = "\b\nExamples:\n"


@click.command(
    short_help="Add a report, or a language of one, from files.",
    epilog=EXAMPLES
    + "  fiqra ingest report.ar.docx --id harbours --lang ar --official\n"
    + "  fiqra ingest report.en.pdf --id harbours --lang en --dry-run --show",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--id", "report_id", required=True, metavar="ID", help="The report's id; one that exists is added to.")
@click.option("--lang", multiple=True, type=click.Choice(LANGUAGES), help="A file's language; found out if left out.")
@click.option("--official", is_flag=True, help="This is an official text.")
@click.option("--title", help="The report's title; taken from its title page if left out.")
@click.option("--symbol", help="The document's symbol, such as A/CONF.234/16.")
@click.option("--year", type=click.IntRange(1900, 2100), help="The year it was issued in.")
@click.option("--dry-run", is_flag=True, help="Say what would be read, and write nothing.")
@click.option("--show", is_flag=True, help="Print each paragraph as it was read.")
@click.option("--strict", is_flag=True, help="Refuse a document with gaps, repeats or unnumbered text.")
@click.option("--force", is_flag=True, help="Accept that the languages differ.")
@click.option("--ocr", is_flag=True, help="Recognise pages of a PDF that are pictures (needs tesseract).")
@click.option("--offer-original", is_flag=True, help="Let readers fetch the documents themselves.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as the HTTP service answers it.")
def ingest(  # noqa: PLR0913, PLR0917 - each is an option of the command
    files: tuple[Path, ...],
    report_id: str,
    lang: tuple[Language, ...],
    official: bool,
    title: str | None,
    symbol: str | None,
    year: int | None,
    dry_run: bool,
    show: bool,
    strict: bool,
    force: bool,
    ocr: bool,
    offer_original: bool,
    as_json: bool,
) -> None:
    """Read FILE… (.txt, .md, .docx, .pdf, .html), one a language, and add the report of this id.

    What was read is shown before anything is written. Exit 1 where a file is refused or the languages differ.
    """
    import anyio

    from service.reports.ingest import Upload, Wanted, mismatch, prepare, read_ahead, take_in
    from service.reports.plans import plan_json, plan_text, read_text
    from service.settings import load_settings

    if lang and len(lang) != len(files):
        raise click.UsageError(f"{len(files)} files and {len(lang)} --lang; give one --lang a file, in their order")
    settings = load_settings()
    library = settings.library()
    wanted = Wanted(report_id, official, title, symbol, year, strict, force, ocr, offer_original)
    library.check_id(report_id)
    given = [Upload(f.name, _read(f), lang[i] if lang else None) for i, f in enumerate(files)]
    uploads = anyio.run(read_ahead, given, wanted)
    plan = prepare(library, uploads, wanted)
    if not as_json:
        if show:
            tell(read_text(plan))
        tell(plan_text(plan))
    if plan.differences and not force:
        if as_json:
            tell_json(json.dumps(plan_json(plan, None), ensure_ascii=False, indent=2))
        raise mismatch(plan)
    name = None
    if not dry_run:
        plan, name = take_in(library, uploads, wanted, builder(settings))
    if as_json:
        tell_json(json.dumps(plan_json(plan, name), ensure_ascii=False, indent=2))
    else:
        tell("nothing was written (--dry-run)" if name is None else f"{report_id} is in index {name[:12]}")


@click.command(
    short_help="Take an added report, or a language of one, out.",
    epilog=EXAMPLES + "  fiqra remove harbours\n" + "  fiqra remove harbours --lang en",
)
@click.argument("report_id", metavar="ID")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="This language of it alone.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def remove(report_id: str, language: Language | None, *, as_json: bool) -> None:
    """Take an added report, or one language of it, out of the library and the index."""
    from service.reports.ingest import take_out
    from service.settings import load_settings

    settings = load_settings()
    library = settings.library()
    name = take_out(library, report_id, builder(settings), language=language)
    result = {"removed": report_id, "language": language, "index": name[:12]}
    if as_json:
        tell_json(json.dumps(result))
    else:
        tell(f"{report_id}{f' ({language})' if language else ''} is removed; index {name[:12]} is current")


@click.command(
    short_help="Write a report as JSON Lines, Akoma Ntoso or TMX.",
    epilog=EXAMPLES
    + "  fiqra export harbours > harbours.jsonl\n"
    + "  fiqra export harbours --format akn --lang ar -o harbours.ar.xml\n"
    + "  fiqra export harbours --format tmx -o harbours.tmx",
)
@click.argument("report_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["jsonl", "akn", "tmx"]), default="jsonl", show_default=True)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="The language of an akn export; the report's first if left out."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; standard output if left out."
)
def export(report_id: str, form: Form, lang: Language | None, output: Path | None) -> None:
    """Write a report as JSON Lines, Akoma Ntoso XML (one language) or TMX (aligned languages).

    `fiqra ingest` reads the first two back to the same report.
    """
    from service.paragraphs.lookup import choose_report
    from service.reports.exports import export as exported
    from service.settings import load_settings

    report = choose_report(load_settings().library().by_id(), report_id)
    if lang and form != "akn":
        raise click.UsageError(f"--lang is for --format akn; {form} holds every language of the report")
    if lang and lang not in report.languages:
        raise click.UsageError(f"{report_id} has {' and '.join(report.languages)}, and no {lang}")
    data = exported(report, form, lang)
    if output is None:
        click.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error


@click.command(
    short_help="Take in what is new or changed in a folder.",
    epilog=EXAMPLES + "  fiqra watch /srv/reports\n" + "  fiqra watch /srv/reports --once\n" + "  fiqra watch --list",
)
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds between looks."
)
@click.option("--official", is_flag=True, help="The documents are official texts.")
@click.option("--remove", "removes", is_flag=True, help="Take out a report whose documents have gone from the folder.")
@click.option("--once", is_flag=True, help="End when nothing is left to do; exit 1 where a report was not taken in.")
@click.option("--list", "lists", is_flag=True, help="Print what waits and what is set aside, and take nothing in.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print JSON, as the HTTP service answers it.")
def watch(  # noqa: PLR0913, PLR0917 - each is an option of the command
    folder: Path | None, every: float, official: bool, removes: bool, once: bool, lists: bool, as_json: bool
) -> None:
    """Take in the reports of FOLDER, and what is new or changed in it, until told to stop.

    ID.ar.docx and ID.en.pdf, or any two such files in a folder ID, are the report
    ID in two languages. What a person should look at is set aside.
    """
    from service.reports.watching import Rules
    from service.settings import load_settings

    settings = load_settings()
    if lists:
        _list_watched(settings, as_json=as_json)
    elif folder is None:
        raise click.UsageError("FOLDER is missing: the folder to take reports in from")
    else:
        rules = Rules(every, official, removes, settings.grace_s)
        if not _watched(settings, folder.resolve(), rules, once=once):
            sys.exit(1)


def _list_watched(settings: Settings, *, as_json: bool) -> None:
    from service.reports import queue

    queues = queue.every(settings.data_dir)
    if as_json:
        tell_json(queue.listing(queues).model_dump_json(indent=2))
        return
    for each in queues:
        entries = each.entries.values()
        counts = ((n, sum(entry.standing == n for entry in entries)) for n in get_args(queue.Standing))
        tell(f"{each.folder}: {', '.join(f'{number} {name}' for name, number in counts)}")
        for entry in entries:
            if entry.is_listed:
                why = f": {entry.why}" if entry.why else ""
                tell(f"  {entry.standing}  {entry.report} ({', '.join(entry.documents)}), {entry.since}{why}")
                for line in (entry.lines or "").splitlines():
                    tell(f"    {line}")
                if entry.command:
                    end = "take it out" if entry.standing == "gone" else "take it in as it is"
                    tell(f"    to {end}: {entry.command}")


def _watched(settings: Settings, folder: Path, rules: Rules, *, once: bool) -> bool:
    """Watch until told to stop; whether nothing waits and nothing is set aside."""
    import asyncio
    import signal
    from functools import partial

    from service.http import logs
    from service.reports import queue
    from service.reports.watching import Watcher, index_builder

    for number in (signal.SIGTERM, signal.SIGINT):  # the first process of a container ignores them otherwise
        signal.signal(number, lambda *_: sys.exit(0))
    logs.configure(settings.log_level, for_people=sys.stderr.isatty())
    where = queue.place(settings.data_dir, folder)

    async def run(found: queue.Queue) -> queue.Queue:
        build, keep = index_builder(settings), partial(queue.write, where)
        watcher = Watcher(folder, settings.library(), build, found, keep, rules)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, watcher.stop)
        await watcher.run(once=once)
        return watcher.queue

    with queue.held(where, folder) as found:
        left = asyncio.run(run(found))
    return not once or all(entry.standing in {"taken", "gone"} for entry in left.entries.values())


def builder(settings: Settings, *, check: bool = False) -> BuildIndex:
    """What builds an index with the settings' model, which is loaded when it is needed, with a bar of progress."""

    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        from index.model.loading import load_embedder
        from index.reader.loading import NoReader, prepare
        from service.reports.indexing import bring_up_to_date, fill_data_dir

        fill_data_dir(settings)
        embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
        with suppress(NoReader):  # why there is none is said where it is wanted
            prepare(embedder, settings.data_dir)
        with click.progressbar(length=1, label="encoding", file=sys.stderr, show_pos=True) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return bring_up_to_date(settings, embedder, base, added, progress, decide=decide, check=check)

    return build


def _read(path: Path) -> bytes:
    """A file's bytes, but no more than any reader takes. Raises DocumentRefused."""
    from corpus.errors import DocumentRefused
    from corpus.readers.safety import LARGEST

    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise DocumentRefused(f"{path}: {error.strerror}") from error
