"""A folder that is watched, and a library that takes in what lies there."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from corpus.records import Report
from index.disk.report_library import Decide
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from service.reports import queue
from service.reports.indexing import bring_up_to_date
from service.reports.jobs import Progress
from service.reports.queue import Queue
from service.reports.watching import Rules, Watcher
from service.settings import Settings

BOATS = "Boats\n\n1. Tugboats pull barges.\n2. Ferries insure small vessels.\n"


class Place:
    """A folder that is watched, and a library that takes it in with word hashes; the watches count what they build."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "in"
        self.folder.mkdir()
        self.settings = Settings(data_dir=tmp_path / "data")
        self.where = queue.place(self.settings.data_dir, self.folder)
        self.built = 0
        self.fails: Exception | None = None

    def put(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def build(self, progress: Progress, base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        if self.fails:
            raise self.fails
        self.built += 1
        return bring_up_to_date(self.settings, HashEmbedder(), base, added, progress, decide=decide)

    def watch(self, **rules: bool) -> Queue:
        """Watch until nothing is left to do."""

        async def run(found: Queue) -> Queue:
            keep = partial(queue.write, self.where)
            watcher = Watcher(
                self.folder, self.settings.library(), self.build, found, keep, Rules(every_s=0.01, **rules)
            )
            await watcher.run(once=True)
            return watcher.queue

        with queue.held(self.where, self.folder) as found:
            return asyncio.run(run(found))

    def standing(self) -> dict[str, str]:
        kept = queue.read(self.where)
        return {report: entry.standing for report, entry in kept.entries.items()} if kept else {}

    def held(self) -> dict[str, tuple[str, ...]]:
        return {report.id: report.languages for report in self.settings.library().all()[1:]}
