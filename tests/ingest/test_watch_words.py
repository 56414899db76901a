"""Why `fiqra watch` sets something aside: written down in both languages, as every refusal is."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path

import pytest

from corpus.records import Report
from index.disk.report_library import Decide
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from service.reports import queue
from service.reports.indexing import bring_up_to_date
from service.reports.jobs import Progress
from service.reports.queue import Entry, Queue
from service.reports.watching import Rules, Watcher
from service.settings import Settings

BOATS = "Boats\n\n1. Tugboats pull barges.\n2. Ferries insure small vessels.\n"
GAPS = "Cranes\n\n1. Cranes lift crates.\n3. Gantries roll.\n5. Buoys float.\n"
ARABIC = re.compile(r"[\u0621-\u064a]")


def watched(settings: Settings, folder: Path) -> Queue:
    """What becomes of the documents in the folder."""

    def build(progress: Progress, base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide) -> str:
        return bring_up_to_date(settings, HashEmbedder(), base, added, progress, decide=decide)

    async def run(found: Queue) -> Queue:
        keep = partial(queue.write, where)
        watcher = Watcher(folder, settings.library(), build, found, keep, Rules(every_s=0.01))
        await watcher.run(once=True)
        return watcher.queue

    where = queue.place(settings.data_dir, folder)
    with queue.held(where, folder) as found:
        return asyncio.run(run(found))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def aside(settings: Settings, folder: Path) -> Entry:
    """The only report of the folder, as it is written down."""
    watched(settings, folder)
    kept = queue.read(queue.place(settings.data_dir, folder))
    assert kept is not None
    [entry] = kept.entries.values()
    [shown] = queue.listing([kept]).folders[0].reports
    assert (shown.why, shown.why_ar) == (entry.why, entry.why_ar)
    return entry


@pytest.mark.parametrize(
    ("files", "english", "arabic"),
    [
        (
            {"cranes.txt": GAPS},
            "cranes.txt: paragraph 3 comes after paragraph 1, where 2 was expected (line 4), and 1 more",
            "cranes.txt: ترد الفقرة 3 بعد الفقرة 1، وكان المتوقع ورود الفقرة 2 (السطر 4)، وملاحظات أخرى عددها 1",
        ),
        ({"a.ar.txt": BOATS, "a.en.txt": BOATS + "3. Cranes.\n"}, "do not have the same structure", "بنية النصين"),
        ({"cranes.en.txt": BOATS, "cranes.en.md": BOATS}, "two documents are in one language", "وثيقتان بلغة واحدة"),
        ({f"cranes/{n}.txt": BOATS for n in "abc"}, "3 documents are of cranes (", "عدد وثائق التقرير cranes هو 3 ("),
        ({"Cranes.txt": BOATS}, "; rename the file, or put it", "؛ فليُغيَّر اسم الملف"),
        ({"kyoto-2021-workshop-4.txt": BOATS}, "rename the file", "يأتي مع فقرة ولا يُغيَّر هنا"),
        ({"cranes.doc": BOATS}, ".doc is not read", "لا يُقرأ .doc"),
        ({"cranes.docx": BOATS}, "cranes.docx", "cranes.docx: "),
        ({"cranes.txt": ""}, "is empty", "الملف فارغ"),
    ],
)
def test_why_is_written_down_in_both_languages(
    settings: Settings, folder: Path, files: dict[str, str], english: str, arabic: str
) -> None:
    """Before, there was one sentence, in English, and the Arabic page showed that."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    entry = aside(settings, folder)
    assert entry.standing == "aside"
    assert english in (entry.why or "")
    assert arabic in (entry.why_ar or "")
    assert not ARABIC.search(entry.why or "")


def test_so_is_what_nobody_foresaw_and_what_has_gone(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "boats.txt").write_text(BOATS)
    with monkeypatch.context() as patched:
        patched.setattr("service.reports.watching.prepare", lambda *_: 1 / 0)
        entry = aside(settings, folder)
        assert entry.why == "something went wrong on this side; the log says what"
        assert entry.why_ar == "حدث خطأ من جانب هذه الخدمة؛ وهو مبيَّن في سجلها"
    (folder / "boats.txt").write_text(BOATS + "3. Divers dive.\n")
    (folder / "more.txt").write_text(BOATS)
    assert {entry.standing for entry in watched(settings, folder).entries.values()} == {"taken"}
    (folder / "boats.txt").unlink()
    left = watched(settings, folder).entries["boats"]
    assert left.why == "boats has gone from the folder and stays in the library"
    assert left.why_ar == "boats: لم يعد في المجلد، وما زال بين التقارير المتاحة"
