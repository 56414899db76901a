"""`fiqra watch`: what is new or changed in a folder is taken in; what a person should look at is set aside.

The folder is looked at again and again, which works on network folders as well, where nobody tells of changes, and
after a time in which nobody watched. A report whose documents are the same at two looks in a row is read; where
anything would be listed for a person, it is set aside with its account, and what was served before serves on. Else it
is taken in as an upload is: the report and the index change in one step, or nothing does. Nothing is removed unless
`Rules.remove` says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shlex
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from time import monotonic
from typing import Any, TypeVar

from anyio import to_thread

from corpus.errors import Abandoned, CorpusError, FiqraError, IndexNotWritten, UnknownReport
from corpus.layout.told import NOTHING, Told, refused, told, told_by
from corpus.records import LANGUAGES, Language, Report
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.loading import load_embedder
from service.http.logs import fields
from service.reports import folder as folders
from service.reports.departures import Departures, is_unread
from service.reports.folder import Document, Look, NotWhole, Stamp
from service.reports.indexing import bring_up_to_date, fill_data_dir
from service.reports.ingest import Plan, Upload, Wanted, mismatch, prepare, read_ahead, take_in, take_out
from service.reports.jobs import Job, Jobs, Progress
from service.reports.plans import plan_json, plan_text
from service.reports.queue import Entry, Queue, Seen
from service.settings import Settings

BUSY_S = (
    5.0  # how long another change of the library is waited for, which a watch that is told to stop does not outlast
)
RETRY_S = 60.0  # until what failed for no fault of its documents is tried again

log = logging.getLogger("fiqra")
T = TypeVar("T")

Build = Callable[[Progress, tuple[Report, ...], tuple[Added, ...], Decide], str]
"""Builds the index and returns its name, telling how far it is; see `ingest.BuildIndex`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a folder is watched: how often, whether its texts are official, whether what goes from it is taken out."""

    every_s: float = 5.0
    official: bool = False
    remove: bool = False
    grace_s: float = 25.0


def index_builder(settings: Settings) -> Build:
    """What builds an index with the settings' model, loaded each time: mostly there is nothing to build."""

    def build(progress: Progress, base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        fill_data_dir(settings)
        embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
        return bring_up_to_date(settings, embedder, base, added, progress, decide=decide)

    return build


class Watcher:
    """Keeps a library in step with a folder. `keep` writes the queue down whenever it changes."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a thing of its own
        self,
        folder: Path,
        library: ReportLibrary,
        build: Build,
        queue: Queue,
        keep: Callable[[Queue], None],
        rules: Rules,
    ) -> None:
        self._folder = folder
        self._library = library
        self._build = build
        self._queue = queue
        self._keep = keep
        self._rules = rules
        self._stopped = asyncio.Event()
        self._jobs = Jobs(_nothing)
        self._seen: dict[str, Stamp] = {}  # at the last look
        self._absent: set[str] = set()  # what was taken in and was not there at the last look, by its key in the queue
        self._again: dict[str, float] = {}  # when what failed is tried again
        self._versions: dict[str, Path] = {}  # of reports set aside, as the library had them when last compared
        self._departures = Departures(library)
        self._unread: tuple[str, ...] = ()

    @property
    def queue(self) -> Queue:
        """Where every report of the folder stands."""
        return self._queue

    def stop(self) -> None:
        """Begin nothing new, and end soon; may be called from the loop's signal handler."""
        self._stopped.set()
        self._jobs.stop()

    async def run(self, *, once: bool = False) -> None:
        """Look and take in until told to stop; `once`: until nothing is left to do."""
        _say(f"watching {self._folder}", event="watching", folder=str(self._folder))
        while not self._stopped.is_set():
            due, unsettled = await self._look()
            for report, documents in due:
                if not self._stopped.is_set():
                    await self._take(report, documents)
            if once and not due and not unsettled:
                break
            await self._unless_stopped(asyncio.sleep(self._rules.every_s))
        await self._jobs.finish(self._rules.grace_s - 1)
        waiting = sum(entry.standing == "waiting" for entry in self._queue.entries.values())
        _say(f"no longer watching {self._folder}; {waiting} reports wait", event="ended", waiting=waiting)

    async def _look(self) -> tuple[list[tuple[str, list[Document]]], bool]:
        """The reports that are to be taken in, those that wait longest first, and whether others have yet to settle."""
        try:
            look = await to_thread.run_sync(folders.look, self._folder)
        except OSError as error:
            self._say_unread((f"{self._folder} ({error.strerror})",))
            return [], False
        self._say_unread(tuple(f"{self._folder / name}" for name in look.unread))
        groups: dict[str, list[Document]] = defaultdict(list)
        for document in look.documents:
            groups[document.report].append(document)
        due, unsettled = [], False
        for report, documents in groups.items():
            if report not in look.unread:
                self._part(report, documents)
            if await self._stands(report, documents):
                continue
            if all(self._seen.get(document.name) == document.stamp for document in documents):
                if not self._again_at(report):
                    due.append((report, documents))
            else:
                unsettled = True
                self._again.pop(report, None)
        unsettled |= await self._gone(groups, look)
        self._seen = {document.name: document.stamp for document in look.documents}
        return sorted(due, key=lambda each: (self._queue.entries[each[0]].since, each[0])), unsettled

    async def _stands(self, report: str, documents: Sequence[Document]) -> bool:
        """Whether these documents were dealt with; where not, the report waits."""
        entry = self._queue.entries.get(report)
        now = {document.name: document.stamp for document in documents}
        before = {name: seen.stamp for name, seen in entry.documents.items()} if entry else {}
        if entry and entry.standing == "taken" and now.items() <= before.items():
            return True
        if entry and entry.standing == "aside" and now == before:
            version = self._library.shelf.entry(report)
            if isinstance(version, Added) and version.path != self._versions.get(report):
                self._versions[report] = version.path
                if await to_thread.run_sync(self._is_held, report, entry.documents):
                    self._put(Entry(report, "taken", entry.documents, entry.since))
                    _say(f"{report} was taken in by hand", event="taken", report=report)
            return True
        if entry is None or entry.standing != "waiting" or now != before:
            seen = {document.name: Seen(document.stamp, document.language) for document in documents}
            waits = Entry(report, "waiting", seen)
            self._put(replace(waits, since=entry.since) if entry and entry.standing == "waiting" else waits)
        return False

    def _part(self, report: str, documents: Sequence[Document]) -> None:
        """Give what has gone, of a report that was taken in and has other documents here, an entry of its own."""
        entry = self._queue.entries.get(report)
        here = {document.name for document in documents}
        if entry and entry.standing == "taken" and (gone := entry.documents.keys() - here):
            for name in gone:
                self._put(Entry(report, "gone", {name: entry.documents[name]}), f"{report}/{name}")
            self._put(replace(entry, documents={n: seen for n, seen in entry.documents.items() if n in here}))

    async def _take(self, report: str, documents: Sequence[Document]) -> None:
        """Read a report's documents and take them in, or set them aside."""
        wanted, begun = Wanted(report, official=self._rules.official), monotonic()
        seen = {document.name: Seen(document.stamp, document.language) for document in documents}
        try:
            uploads = await to_thread.run_sync(self._uploads, report, documents)
            for document, upload in zip(documents, uploads, strict=True):
                seen[document.name] = replace(seen[document.name], sha256=hashlib.sha256(upload.data).hexdigest())
            if await to_thread.run_sync(self._is_held, report, seen):
                self._put(Entry(report, "taken", seen))
                _say(f"{report} is in the library as it is here", event="held", report=report, documents=list(seen))
                return
            read = await self._unless_stopped(read_ahead(uploads, wanted))
            if read is None:
                return
            plan = await to_thread.run_sync(prepare, self._library, read, wanted)
            if (why := _to_look_at(plan)) != NOTHING:
                self._set_aside(report, seen, why, plan)
                return
            job = self._jobs.start("ingest", report, partial(self._taken_in, read, wanted))
            await self._ended(job)
            index = (job.result or {}).get("index")
            took = round(monotonic() - begun, 1)
            self._put(Entry(report, "taken", seen))
            names = ", ".join(seen)
            _say(
                f"{report} is taken in from {names}; index {index}",
                event="taken",
                report=report,
                documents=list(seen),
                index=index,
                seconds=took,
            )
        except NotWhole:
            self._seen = {name: stamp for name, stamp in self._seen.items() if name not in seen}
        except CorpusError as error:
            self._set_aside(report, seen, told_by(error), None)
        except FiqraError as error:
            self._later(report, error)
        except Exception as error:  # what nobody foresaw sets this report aside, and the others go on
            log.error("unexpected %s with the documents of %s", type(error).__name__, report, exc_info=error)
            self._set_aside(report, seen, told("went_wrong"), None)

    def _uploads(self, report: str, documents: Sequence[Document]) -> tuple[Upload, ...]:
        """The report's documents with their bytes. Raises CorpusError where they can be no report, NotWhole."""
        try:
            self._library.check_id(report)
        except CorpusError as error:
            raise refused("rename", CorpusError, why=told_by(error)) from error
        if len(documents) > len(LANGUAGES):
            names = ", ".join(document.name for document in documents[:4])
            raise refused("many_documents", CorpusError, number=len(documents), id=report, names=names)
        return tuple(
            Upload(PurePath(document.name).name, folders.read(self._folder, document), document.language)
            for document in documents
        )

    def _taken_in(self, uploads: Sequence[Upload], wanted: Wanted, progress: Progress) -> dict[str, Any]:
        plan, name = take_in(self._library, uploads, wanted, partial(self._build, progress), wait_s=BUSY_S)
        return plan_json(plan, name)

    def _is_held(self, report: str, seen: dict[str, Seen]) -> bool:
        """Whether the library has the report as these very documents."""
        held = self._library.get(report)
        return held is not None and {each.sha256 for each in seen.values()} <= {
            rendering.source_sha256 for rendering in held.renderings
        }

    async def _gone(self, groups: dict[str, list[Document]], look: Look) -> bool:
        """Deal with what was taken in and is here no more; whether something has yet to be missed a second time."""
        here = {document.name for document in look.documents}
        absent: set[str] = set()
        for key, entry in sorted(self._queue.entries.items()):
            is_part = key != entry.report
            if entry.report in look.unread or (entry.report in groups and not is_part):
                continue
            others = self._queue.entries.get(entry.report) if is_part else None
            if entry.standing in {"waiting", "aside"} or await self._departures.are_settled(key, entry, others, here):
                self._put(None, key)
            elif entry.why is not None:
                continue
            elif key not in self._absent or not here or self._again_at(entry.report) or is_unread(others):
                absent.add(key)  # where all are gone at once, the folder is more probably not mounted
            else:
                await self._left(key, entry)
        unsettled = bool(absent - self._absent)
        self._absent = absent
        return unsettled

    async def _left(self, key: str, entry: Entry) -> None:
        """What was taken in has gone from the folder: it stays, or is taken out where the rules say so."""
        report = entry.report
        language = await self._departures.language(key, entry) if key != report else None
        what = ", ".join(entry.documents) if language else report
        if not self._rules.remove:
            command = f"fiqra remove {report}{f' --lang {language}' if language else ''}"
            why = told("gone_from_folder", what=what)
            self._put(replace(entry, standing="gone", why=why.en, why_ar=why.ar, command=command), key)
            _say(f"{why.en}; `{command}` takes it out", event="gone", report=report)
            return
        try:
            await self._ended(self._jobs.start("remove", report, partial(self._taken_out, report, language)))
        except UnknownReport:
            pass  # somebody was quicker
        except FiqraError as error:
            self._later(report, error)
            return
        self._put(None, key)
        _say(f"{what} has gone from the folder and is taken out", event="removed", report=report)

    def _taken_out(self, report: str, language: Language | None, progress: Progress) -> dict[str, Any]:
        build = partial(self._build, progress)
        return {"index": take_out(self._library, report, build, language=language, wait_s=BUSY_S)[:12]}

    def _set_aside(self, report: str, seen: dict[str, Seen], why: Told, plan: Plan | None) -> None:
        words = ["fiqra", "ingest", *(str(self._folder / name) for name in seen), "--id", report]
        languages = [each.language for each in seen.values()]
        words += [word for language in languages if language and None not in languages for word in ("--lang", language)]
        words += ["--official"] * self._rules.official + ["--force"] * bool(plan and plan.differences)
        account = (plan_json(plan, None), plan_text(plan)) if plan else (None, None)
        english, arabic = (each.encode("utf-8", "backslashreplace").decode() for each in (why.en, why.ar))
        command = shlex.join(words) if plan else None
        aside = Entry(report, "aside", seen, why=english, why_ar=arabic or None, command=command)
        self._put(replace(aside, account=account[0], lines=account[1]))
        message = f"{report} is set aside: {english}; `fiqra watch --list` has what was read"
        _say(message, logging.WARNING, event="aside", report=report, documents=list(seen))

    def _again_at(self, report: str) -> float:
        """When the report, which failed for no fault of its documents, is tried again; 0 where it may be tried now."""
        again = self._again.get(report, 0.0)
        return again if again > monotonic() else 0.0

    def _later(self, report: str, error: FiqraError) -> None:
        """What failed for no fault of the documents is tried again; what is told to stop, by the next watch."""
        if isinstance(error, Abandoned):
            return
        self._again[report] = monotonic() + RETRY_S
        message = f"{report} waits, and is tried again in {RETRY_S:.0f} s: {error}"
        _say(message, logging.WARNING, event="later", report=report)

    async def _ended(self, job: Job) -> None:
        """Wait for a job, and no longer than there is time where the watch is told to stop. Raises the job's error."""
        await self._unless_stopped(self._jobs.ended(job))
        if job.status in {"queued", "running"}:
            await self._jobs.finish(self._rules.grace_s - 1)
        if job.error is not None:
            raise job.error

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The work's result; None where the watch is told to stop before, and then the work is given up."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if doing.done():
            return doing.result()
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return None

    def _put(self, entry: Entry | None, key: str = "") -> None:
        """Write down where a report stands, or that it is none of the folder's any more."""
        entries = {name: each for name, each in self._queue.entries.items() if name != key}
        if entry is not None:
            entries[key or entry.report] = entry
        self._queue = replace(self._queue, entries=entries)
        try:
            self._keep(self._queue)
        except IndexNotWritten as error:  # it is known here, and written with the next change
            log.error("the queue is not written down: %s", error)

    def _say_unread(self, unread: tuple[str, ...]) -> None:
        """Say once what cannot be read, and once that it can be."""
        if unread and unread != self._unread:
            _say(f"cannot be read, and is looked at again: {', '.join(unread)}", logging.WARNING, event="unread")
        elif self._unread and not unread:
            _say(f"{self._folder} can be read again", event="read")
        self._unread = unread


def _to_look_at(plan: Plan) -> Told:
    """Why a person should look at the plan; NOTHING where there is nothing to look at."""
    if plan.differences:
        return told_by(mismatch(plan))
    findings = [(reading.name, finding) for reading in plan.readings for finding in reading.findings]
    if not findings:
        return NOTHING
    name, first = findings[0]
    what = Told(first.detail, first.detail_ar)
    more = told("and_more", number=len(findings) - 1) if len(findings) > 1 else NOTHING
    if first.line:
        return told("found_at_line", name=name, what=what, line=str(first.line), more=more)
    return told("found_in", name=name, what=what, more=more)


def _say(message: str, level: int = logging.INFO, **about: Any) -> None:
    log.log(level, message, extra=fields(**about))


async def _nothing() -> None:
    """A running service takes the new index up by itself."""
