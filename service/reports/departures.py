"""What was taken in from a folder and is there no more: whether anybody need be told, and which language it was.

A report whose documents have all gone is an entry of the queue by its id; a document that has gone while others of its
report are there is one of its own, `boats/boats.en.txt`. It was renamed or replaced where its language is there again.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path

from anyio import to_thread

from corpus.records import Language
from index.disk.report_library import ReportLibrary
from index.disk.shelf import Added
from service.reports.queue import Entry


class Departures:
    """What has gone from a folder, beside what the library has of it."""

    def __init__(self, library: ReportLibrary) -> None:
        self._library = library
        self._languages: dict[str, tuple[Path, Language | None]] = {}  # by key, and of which version that is true

    async def are_settled(self, key: str, entry: Entry, others: Entry | None, here: AbstractSet[str]) -> bool:
        """Whether nobody need be told of the entry: the library has it no more, or it is here again.

        `others` is the report of which a document has gone, `here` the names of all documents that are in the folder.
        """
        if key == entry.report:
            return entry.standing == "gone" and self._library.shelf.entry(key) is None
        if others is None or others.standing == "gone" or not here.isdisjoint(entry.documents):
            return True
        language = await self.language(key, entry)
        gone = {(None, seen.sha256) for seen in entry.documents.values()}
        now = {(seen.language, seen.sha256) for seen in others.documents.values()}
        return language is None or language in {given for given, _ in now} or not gone.isdisjoint(now)

    async def language(self, key: str, entry: Entry) -> Language | None:
        """The language that the library has from a document that has gone; None where it has none from it."""
        version = self._library.shelf.entry(entry.report)
        if not isinstance(version, Added):
            return None
        before = self._languages.get(key)
        if before is None or before[0] != version.path:
            before = self._languages[key] = version.path, await to_thread.run_sync(self._read, entry)
        return before[1]

    def _read(self, entry: Entry) -> Language | None:
        [seen] = entry.documents.values()
        held = self._library.get(entry.report)
        found = [each.language for each in held.renderings if each.source_sha256 == seen.sha256] if held else []
        return seen.language if seen.language in found else next(iter(found), None)


def is_unread(entry: Entry | None) -> bool:
    """Whether the language of one of its documents is not known yet, since it has yet to be read."""
    return entry is not None and any(seen.language is None and not seen.sha256 for seen in entry.documents.values())
