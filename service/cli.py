"""The command line. What needs no model imports none: `fiqra show 21` answers at once.

Exit codes: 0 done; 1 not answered, not found, or refused; 2 used wrongly.
"""

from __future__ import annotations

import json
import signal
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.errors import FiqraError, UnreadableReference
from corpus.records import LANGUAGES
from service.cli_operating import backup, doctor, feedback, index_group, restore
from service.cli_reports import builder, export, ingest, remove, watch
from service.terminal import plain, tell, tell_json

if TYPE_CHECKING:
    from corpus.records import Language
    from service.schemas.answers import AskResponse, Citation
    from service.schemas.paragraphs import ParagraphOut
    from service.schemas.passages import PassageOut, SearchResponse
    from service.state import State

EXAMPLES = "\b\nExamples:\n"
_SHOWN = 100  # characters of a passage
language_option = click.option("--lang", type=click.Choice(LANGUAGES), help="Answer in this language.")
shown_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), help="In this language; the report's first where left out."
)
report_option = click.option("--report", metavar="ID", help="One report; all of them where left out.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the HTTP service answers it.")


class _Group(click.Group):
    """Shows fiqra's own errors as one line, and finds the commands of packages that service must not import."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(point.name for point in entry_points(group="fiqra.commands"))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (command := super().get_command(ctx, cmd_name)) is not None:
            return command
        found: list[click.Command] = [point.load() for point in entry_points(group="fiqra.commands", name=cmd_name)]
        return found[0] if found else None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(plain(error.format_message()), error.ctx) from error
        except FiqraError as error:
            tell(f"fiqra: {error}", err=True)
            wrong_use = isinstance(error, UnreadableReference) or type(error).__name__ == "SettingsError"
            ctx.exit(2 if wrong_use else 1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(package_name="fiqra")
def main() -> None:
    """Answer Arabic and English questions about reports with numbered paragraphs.

    Every sentence of an answer is a quotation with its paragraph's number.
    """


@main.command(
    epilog=EXAMPLES
    + '  fiqra ask "ما الذي تُشجّع الدول الأعضاء على رصده؟"\n  fiqra ask "Who moderated the workshop?" --json'
)
@click.argument("question")
@language_option
@report_option
@click.option("--top-k", default=5, show_default=True, type=click.IntRange(1, 20), help="Passages in the JSON.")
@json_option
def ask(question: str, lang: Language | None, report: str | None, top_k: int, *, as_json: bool) -> None:
    """Answer QUESTION with quotations. Exit 1 where the report does not answer it."""
    from pydantic import ValidationError

    from service.answering.asking import answer_now
    from service.schemas.questions import AskRequest

    try:
        request = AskRequest(question=question, language=lang, report=report, top_k=top_k)
    except ValidationError as error:
        wrong = "; ".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
        raise click.UsageError(f"QUESTION {wrong[0].lower()}{wrong[1:]}") from error
    response = answer_now(_state(), request)
    _print(response.model_dump_json(indent=2), _answer_text(response), as_json=as_json)
    if not response.answered:
        sys.exit(1)


@main.command(
    short_help="Show paragraphs by number, written in any way.",
    epilog=EXAMPLES + '  fiqra show 21\n  fiqra show "الفقرة ٢١ (ك)"\n  fiqra show 9-11 --lang en',
)
@click.argument("reference", nargs=-1, required=True)
@shown_option
@click.option("--report", metavar="ID", help="Whose paragraphs; may be left out where there is one.")
@json_option
def show(reference: tuple[str, ...], lang: Language | None, report: str | None, *, as_json: bool) -> None:
    """Show the paragraphs that REFERENCE names: 21, "21(k)", "الفقرة ٢١ (ك)", 9-11, "9,12"."""
    from service.paragraphs.documents import Documents
    from service.paragraphs.lookup import look_up, paragraph_out
    from service.schemas.paragraphs import ParagraphsResponse
    from service.settings import load_settings

    settings = load_settings()
    documents = Documents(settings.library().by_id().values(), settings.labels)
    chosen, refs = look_up(documents, report, " ".join(reference))
    found = ParagraphsResponse(paragraphs=tuple(paragraph_out(chosen, ref, lang) for ref in refs))
    _print(found.model_dump_json(indent=2), "\n\n".join(map(_paragraph_text, found.paragraphs)), as_json=as_json)


@main.command(epilog=EXAMPLES + '  fiqra search "cryptocurrency darknet"\n  fiqra search "الأسلحة النارية" -k 3')
@click.argument("query")
@language_option
@report_option
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 20), help="How many passages.")
@json_option
def search(query: str, lang: Language | None, report: str | None, k: int, *, as_json: bool) -> None:
    """Rank the paragraphs for QUERY, without an answer."""
    from service.answering.response import search_passages

    if not query.strip() or len(query) > 2_000:
        raise click.UsageError(f"QUERY has {len(query.strip()):,} characters; write 1 to 2,000")
    response = search_passages(_state().ready_engine(), query, lang, report, k)
    _print(response.model_dump_json(indent=2), _passages_text(response), as_json=as_json)


@main.command(
    short_help="Build the index of the reports, which is then served.",
    epilog=EXAMPLES + "  fiqra build\n  FIQRA_DATA_DIR=/srv/fiqra fiqra build",
)
@json_option
def build(*, as_json: bool) -> None:
    """Build the index of the reports, and make it the one that is served.

    Quick where nothing changed. A crash leaves the index that was there.
    """
    from index.build import current_with
    from index.disk import sealed
    from index.disk.durable import clean_up
    from index.model.loading import fingerprint
    from service.reports.indexing import fill_data_dir, is_published
    from service.settings import load_settings

    settings = load_settings()
    fill_data_dir(settings)
    library = settings.library()
    library.settle()
    clean_up(settings.index_dir)
    encoder = fingerprint(settings.model, settings.data_dir)
    name = current_with(settings.index_dir, library.base(), encoder, library.added()) if encoder else None
    if name is None or not is_published(settings, name):
        tell(f"loading the model {settings.model} …", err=True)
        with library.changing():
            name = builder(settings, check=True)(library.base(), library.added(), lambda _: None)
    ids = list(sealed.manifest_of_current(settings.index_dir).reports)
    result = {"index": name[:12], "reports": ids, "folder": str(settings.index_dir / name)}
    _print(json.dumps(result), f"index {name[:12]} of {', '.join(ids)} is current", as_json=as_json)


@main.command(
    name="verify-index", short_help="Check every byte of the current index.", epilog=EXAMPLES + "  fiqra verify-index"
)
@json_option
def verify_index(*, as_json: bool) -> None:
    """Check every byte of the current index and of the added reports.

    And that its parts fit each other, the reports and the model.

    Exit 1, with each file that is wrong and what mends it.
    """
    from index import contents
    from index.disk import sealed
    from index.disk.agreement import doubts
    from index.model.loading import fingerprint
    from service.settings import load_settings

    settings = load_settings()
    shelf, wrong = settings.library().shelf, sealed.faults(settings.index_dir)
    wrong += (of_reports := list(shelf.faults()))
    if len(wrong) == len(of_reports):
        index = sealed.read(settings.index_dir)
        m = index.manifest
        encoder = fingerprint(settings.model, settings.data_dir) or "not exported yet"
        try:
            loaded = contents.load(index, encoder, m.dimension)
            found = (doubt.why for doubt in doubts(shelf, m, loaded.centres))
            wrong += [why for why in found if not why.startswith(tuple(of_reports))]
        except FiqraError as error:
            wrong.append(str(error))
    if wrong:
        if as_json:
            tell_json(json.dumps({"ok": False, "errors": wrong}, ensure_ascii=False))
        for line in wrong:
            tell(f"fiqra: {line}", err=True)
        sys.exit(1)
    files = 1 + sum(1 + len(folder.listed) for folder in index.folders.values())
    result = {"ok": True, "index": index.name[:12], "files": files, "model": m.model, "chunks": m.chunks}
    counts = f"{files} files, {m.paragraphs} paragraphs, {m.chunks} chunks"
    text = f"index {index.name[:12]} is whole: {counts}, model {m.model}"
    _print(json.dumps(result), text, as_json=as_json)


@main.command(
    short_help="Check the citations and quotations of a draft.",
    epilog=EXAMPLES + "  fiqra verify draft.docx\n  pandoc notes.odt -t markdown | fiqra verify -",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--report", metavar="ID", help="The report it cites; may be left out where one is loaded.")
@json_option
def verify(file: Path, report: str | None, *, as_json: bool) -> None:
    """Check the citations and quotations in FILE (.txt, .md, .docx; - reads standard input) against the report.

    Exit 0 where all of them are right or there are none, 1 where something is wrong, 2 for wrong use.
    """
    from corpus.errors import UnknownReport
    from service.drafts.check import verify_draft
    from service.drafts.files import DraftRefused, read_draft
    from service.drafts.lines import summary
    from service.paragraphs.documents import Documents
    from service.paragraphs.lookup import choose_report
    from service.settings import load_settings

    try:
        settings = load_settings()
        documents = Documents(settings.library().by_id().values(), settings.labels)
        chosen = choose_report(documents.by_id, report) if report or not documents.several else None
        draft = read_draft(file)
        response = verify_draft(chosen, draft.text, limit=10_000, documents=documents)
    except (DraftRefused, UnknownReport) as error:
        raise click.UsageError(str(error)) from error
    _print(response.model_dump_json(indent=2), summary(response, draft), as_json=as_json)
    if not response.ok:
        sys.exit(1)


@main.command(epilog=EXAMPLES + "  fiqra serve\n  FIQRA_PORT=9000 fiqra serve")
@click.option("--host", help="The address to listen on; FIQRA_HOST where left out.")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port; FIQRA_PORT where left out, 0 for a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Answer over HTTP until interrupted."""
    for number in (signal.SIGTERM, signal.SIGINT):  # the first process of a container ignores them otherwise
        signal.signal(number, lambda *_: sys.exit(0))

    import uvicorn

    from index.memory import keep_for_good
    from service.app import build_app
    from service.http import logs
    from service.http.announce import announce
    from service.http.wire.protocol import protocol
    from service.http.wire.stopping import Server
    from service.settings import load_settings
    from service.state import load_when_built
    from service.tracing import open_traces

    given = load_settings()
    listening = {"host": host or given.host, "port": given.port if port is None else port}
    settings = given.model_copy(update=listening)
    logs.configure(settings.log_level)
    announce(settings)
    state = load_when_built(settings, open_traces())
    app = build_app(state)
    keep_for_good()
    if state.reloader:
        ask = state.reloader.ask
        signal.signal(signal.SIGHUP, lambda *_: ask())
    # uvicorn shuts down in good order and then raises the signal again, which would end the process with a failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server = Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=protocol(settings, state.metrics),
            ws="none",
            timeout_graceful_shutdown=settings.grace_s,
            server_header=False,
            access_log=False,
            log_config=None,
        ),
        state,
    )
    server.run()
    if not server.started:
        sys.exit(1)


@main.command(
    short_help="Answer an agent over MCP, on standard input and output.",
    epilog=EXAMPLES + "  fiqra mcp\n  FIQRA_PUBLIC_URL=https://fiqra.example fiqra mcp",
)
def mcp() -> None:
    """Speak the Model Context Protocol on standard input and output.

    An agent's host starts this by itself; enter the command `fiqra` with the
    argument `mcp` there. `fiqra serve` offers the same tools at /mcp. Links
    lead to FIQRA_PUBLIC_URL, or to where `fiqra serve` listens.
    """
    import anyio

    from service.mcp.server import build_server

    anyio.run(build_server(_state()).run_stdio_async)


for command in (export, ingest, remove, watch, doctor, backup, restore, feedback, index_group):
    main.add_command(command)


def _state() -> State:
    from service.settings import load_settings
    from service.state import load_state

    return load_state(load_settings())


def _print(document: str, text: str, *, as_json: bool) -> None:
    if as_json:
        tell_json(document)
    else:
        tell(text)


def _answer_text(response: AskResponse) -> str:
    lines = [*([response.warning] if response.warning else []), response.answer]
    if response.note:
        lines.append(f"({response.note})")
    if response.answered:
        cited = ((c, f"      {c.lead_in}" if c.lead_in else "") for c in response.citations)
        lines += ["\n".join(filter(None, [f"  {_label(c)}  {c.url}", lead_in])) for c, lead_in in cited]
        lines.append(f"  confidence {response.confidence:.2f} ({response.certainty})")
    else:
        lines += [f"  {_label(p)}  {_beginning(p.quote or p.text)}" for p in response.passages]
    return "\n".join(lines)


def _beginning(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _passages_text(response: SearchResponse) -> str:
    return "\n".join(f"{p.score:.3f}  {_label(p):8}  {p.text[:100]}" for p in response.passages)


def _label(p: Citation | PassageOut) -> str:
    """The paragraph's number, with its report before it where several are loaded."""
    return f"{p.report_title}, {p.label}" if p.report_title else p.label


def _paragraph_text(p: ParagraphOut) -> str:
    mark = "  (unofficial rendering)" if p.translated_from and not p.official else ""
    head = f"{p.label}  {' / '.join(p.heading)}{mark}"
    children = f"\n\n→ {', '.join(p.children)}" if p.children else ""
    return f"{head}\n\n{p.lead_in + ' ' if p.lead_in else ''}{p.text}{children}"


if __name__ == "__main__":  # `python -m service.cli serve` is `fiqra serve`
    main(prog_name="fiqra")
