"""Reports taken in and out: read before written, compared between languages, whole or not at all."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.errors import CorpusError, IndexBusy, IndexNotWritten, StructureMismatch, UnknownReport
from corpus.language import detect
from corpus.records import Report
from corpus.refs import parse_ref
from index import contents
from index.build import build_index
from index.disk import durable, sealed
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.fakes import HashEmbedder
from index.search.fusion import EQUAL
from index.search.retrieve import Retriever
from service.cli import main
from service.reports.ingest import ABSENT, BuildIndex, Upload, Wanted, prepare, take_in, take_out
from tests.support.paths import DOCUMENTS

ENGLISH = Upload("report.en.docx", (DOCUMENTS / "report.en.docx").read_bytes(), "en")
ARABIC = Upload("report.ar.docx", (DOCUMENTS / "report.ar.docx").read_bytes(), "ar")
SHORT = Upload("short.txt", b"Short\n\n1. Tugboats pull barges.\n2. Cranes lift crates.\n", "en")


class Counting(HashEmbedder):
    """Remembers what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts, kind):  # type: ignore[no-untyped-def]
        self.texts += [text for text in texts if kind == "passage"]
        return super().encode(texts, kind)


@pytest.fixture
def library(tmp_path: Path) -> ReportLibrary:
    return ReportLibrary(tmp_path / "reports")


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def build(tmp_path: Path, embedder: Counting, library: ReportLibrary) -> BuildIndex:
    build_index(tmp_path / "index", library.base(), embedder, "hash")
    embedder.texts.clear()
    return builder(tmp_path, embedder)


def builder(folder: Path, embedder: HashEmbedder) -> BuildIndex:
    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide | None = None) -> str:
        return build_index(folder / "index", base, embedder, "hash", added=added, check=False, ready=decide)

    return build


def loaded(folder: Path) -> contents.IndexContents:
    return contents.load(sealed.read(folder / "index"), HashEmbedder().fingerprint, 16)


def found(folder: Path, question: str, report: str | None = None) -> list[tuple[str, str]]:
    retriever = Retriever(loaded(folder), HashEmbedder(), EQUAL)
    return [(p.report, str(p.ref)) for p in retriever.search(question, "en", report).passages]


def test_a_report_is_taken_in_and_found_beside_the_others(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    plan, name = take_in(library, [ENGLISH], Wanted("harbours", official=True), build)
    assert (plan.report.symbol, plan.report.year, plan.replaces) == ("A/CONF.999/7", 2023, False)
    assert sealed.current_name(tmp_path / "index") == name
    assert list(loaded(tmp_path).by_id) == ["kyoto-2021-workshop-4", "harbours"]
    assert ("harbours", "4(f)") in found(tmp_path, "To insure small vessels;")[:3]
    assert "kyoto-2021-workshop-4" in {report for report, _ in found(tmp_path, "cryptocurrencies on the darknet")[:3]}
    assert {report for report, _ in found(tmp_path, "vessels", "harbours")} == {"harbours"}


def test_a_dry_run_reads_and_writes_nothing(tmp_path: Path, library: ReportLibrary) -> None:
    plan = prepare(library, [ENGLISH], Wanted("harbours"))
    assert plan.readings[0].paragraphs == 9
    assert not library.folder.exists()


def test_a_second_language_joins_the_report_and_the_official_one_is_first(
    library: ReportLibrary, build: BuildIndex
) -> None:
    take_in(library, [ENGLISH], Wanted("harbours"), build)
    plan, _ = take_in(library, [ARABIC], Wanted("harbours", official=True), build)
    assert plan.replaces
    assert plan.differences == ()
    report = library.get("harbours")
    assert report is not None
    assert report.languages == ("ar", "en")
    assert report.rendering("en").by_ref[parse_ref("annex1:2(b)")].text == "A fund for small ports."


def test_differences_between_languages_are_listed_refused_and_accepted_by_force(
    library: ReportLibrary, build: BuildIndex
) -> None:
    """Taken out by hand (`aligned`), the build meets a paragraph that the shorter language lacks: KeyError."""
    take_in(library, [SHORT], Wanted("ports"), build)
    other = Upload("a.txt", "عنوان\n\n1- القاطرات تسحب.\n2- الرافعات ترفع.\n3- السفن تنتظر.\n".encode(), "ar")
    with pytest.raises(StructureMismatch) as error:
        take_in(library, [other], Wanted("ports"), build)
    assert error.value.differences == ("paragraph 3 is in en (short.txt) and not in ar (a.txt)",) or (
        "paragraph 3 is in ar (a.txt)" in error.value.differences[0]
    )
    before = library.get("ports")
    assert before is not None
    assert before.languages == ("en",)
    take_in(library, [other], Wanted("ports", force=True), build)
    report = library.get("ports")
    assert report is not None
    assert [p.ref for p in report.renderings[0].paragraphs] == [p.ref for p in report.renderings[1].paragraphs]


def test_what_a_language_lacks_says_so_in_that_language(library: ReportLibrary, build: BuildIndex) -> None:
    """Taken out by hand (the sentence, for `…`), a reader is quoted three dots."""
    take_in(library, [SHORT], Wanted("ports"), build)
    other = Upload("a.txt", "عنوان\n\n1- القاطرات تسحب.\n".encode(), "ar")
    take_in(library, [other], Wanted("ports", force=True), build)
    report = library.get("ports")
    assert report is not None
    assert report.rendering("ar").by_ref[parse_ref("2")].text == ABSENT["ar"]
    assert detect(ABSENT["ar"]).language == "ar"


def test_only_what_changed_is_encoded_and_no_other_report_is_touched(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, embedder: Counting
) -> None:
    """Taken out by hand (`known_of`), all of the report is encoded."""
    take_in(library, [ENGLISH], Wanted("harbours"), build)
    take_in(library, [SHORT], Wanted("ports"), build)
    before = inodes(tmp_path, "harbours")
    embedder.texts.clear()
    changed = Upload("short.txt", SHORT.data.replace(b"lift crates", b"lift heavy crates"), "en")
    take_in(library, [changed], Wanted("ports"), build)
    assert embedder.texts == ["Cranes lift heavy crates."]
    assert inodes(tmp_path, "harbours") == before
    assert found(tmp_path, "heavy crates", "ports")[0] == ("ports", "2")


def folder_of(folder: Path, report: str) -> Path:
    """The folder of an added report's part."""
    return folder / "index" / "parts" / sealed.manifest_of_current(folder / "index").parts[report]["name"]


def inodes(folder: Path, report: str) -> dict[str, tuple[int, int]]:
    """The files of an added report's part; the time is that of the last change of any kind."""
    return {path.name: (path.stat().st_ino, path.stat().st_ctime_ns) for path in folder_of(folder, report).iterdir()}


def test_the_order_of_taking_in_does_not_matter(tmp_path: Path) -> None:
    names = []
    for order in ((ENGLISH, SHORT), (SHORT, ENGLISH)):
        folder = tmp_path / order[0].name
        library, build = ReportLibrary(folder / "reports"), builder(folder, HashEmbedder())
        for upload in order:
            _, name = take_in(library, [upload], Wanted(upload.name.split(".")[0]), build)
        names.append(name)
    assert names[0] == names[1]


def test_an_index_with_parts_is_mended_by_building_it_again(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, embedder: Counting
) -> None:
    _, name = take_in(library, [SHORT], Wanted("ports"), build)
    victim = folder_of(tmp_path, "ports") / "tokens.npy"
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x55")
    with pytest.raises(Exception, match=r"tokens\.npy was altered"):
        sealed.read(tmp_path / "index")
    assert build_index(tmp_path / "index", library.base(), embedder, "hash", added=library.added()) == name
    assert sealed.read(tmp_path / "index").name == name


def test_a_report_is_taken_out(tmp_path: Path, library: ReportLibrary, build: BuildIndex) -> None:
    take_in(library, [SHORT], Wanted("ports"), build)
    take_out(library, "ports", build)
    assert library.added() == ()
    assert list(loaded(tmp_path).by_id) == ["kyoto-2021-workshop-4"]
    with pytest.raises(UnknownReport):
        take_out(library, "ports", build)


def test_a_language_is_taken_out_with_its_document_and_what_led_to_it(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    """What stood for a paragraph that the other language alone had goes, too; the last language takes the report along.

    Tried by hand: with documents kept of any language that is not handed in anew, the English one stays.
    """
    other = Upload("a.txt", "عنوان\n\n1- القاطرات تسحب.\n".encode(), "ar")
    take_in(library, [SHORT, other], Wanted("ports", force=True), build)
    before = library.get("ports")
    assert before is not None
    assert len(before.rendering("ar").paragraphs) == 2
    take_out(library, "ports", build, language="en")
    with pytest.raises(CorpusError, match="has no text in en"):
        take_out(library, "ports", build, language="en")
    report = library.get("ports")
    assert report is not None
    assert report.languages == ("ar",)
    assert [paragraph.text for paragraph in report.rendering("ar").paragraphs] == ["القاطرات تسحب."]
    assert loaded(tmp_path).by_id["ports"].languages == ("ar",)
    [version] = library.shelf.versions("ports")
    assert {path.name[:3] for path in version.iterdir()} == {"ar-", "fil", "rep"}
    take_out(library, "ports", build, language="ar")
    assert library.added() == ()


@pytest.mark.parametrize("bad", ["", "../x", "A", "a/b", "x" * 81, ".a", "kyoto-2021-workshop-4", "a\0b"])
def test_an_id_that_is_none_or_taken_is_refused(library: ReportLibrary, bad: str) -> None:
    with pytest.raises(CorpusError):
        prepare(library, [SHORT], Wanted(bad))


def test_two_documents_in_one_language_are_refused(library: ReportLibrary) -> None:
    with pytest.raises(CorpusError, match="one language"):
        prepare(library, [SHORT, ENGLISH], Wanted("ports"))


# ------------------------------------------------------------------------------------------- nothing half in


@pytest.fixture
def untouched(tmp_path: Path, library: ReportLibrary, build: BuildIndex) -> Iterator[Callable[[], None]]:
    """What a failed change must leave: the report and the index that were there."""
    _, name = take_in(library, [SHORT], Wanted("ports"), build)
    before = library.get("ports")

    def check() -> None:
        assert library.get("ports") == before
        assert sealed.read(tmp_path / "index").name == name
        assert not list(tmp_path.rglob(f"{durable.PARTIAL}*"))

    yield check
    check()


def test_a_full_disk_while_the_index_is_written_puts_the_report_back(
    tmp_path: Path,
    library: ReportLibrary,
    build: BuildIndex,
    untouched: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken out by hand (the roll-back), the library holds a report that no index has."""
    real = durable.publish

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "index"))

    monkeypatch.setattr(durable, "publish", full)
    for upload, wanted in ((ENGLISH, Wanted("harbours")), (ENGLISH, Wanted("ports"))):
        with pytest.raises(IndexNotWritten, match="No space left"):
            take_in(library, [upload], wanted, build)
        untouched()
    assert library.get("harbours") is None
    monkeypatch.setattr(durable, "publish", real)


def test_a_full_disk_while_the_report_is_written_changes_nothing(
    library: ReportLibrary, build: BuildIndex, untouched: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object) -> None:
        raise IndexNotWritten(f"cannot write {path}: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(durable, "replace_text", full)
        with pytest.raises(IndexNotWritten):
            take_in(library, [ENGLISH], Wanted("ports"), build)
    take_in(library, [SHORT], Wanted("ports"), build)


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", b"%PDF-1.7"), ("a.docx", b"PK\x03\x04junk"), ("a.txt", b""), ("a.txt", b"no numbers")]
)
def test_a_document_that_is_refused_changes_nothing(
    library: ReportLibrary, build: BuildIndex, untouched: Callable[[], None], name: str, data: bytes
) -> None:
    with pytest.raises(CorpusError):
        take_in(library, [Upload(name, data, "en")], Wanted("ports"), build)


def test_two_ingests_at_once_both_end_up_in(tmp_path: Path, library: ReportLibrary, build: BuildIndex) -> None:
    failures: list[BaseException] = []

    def run(upload: Upload, report: str) -> None:
        try:
            take_in(library, [upload], Wanted(report), build)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [
        threading.Thread(target=run, args=pair) for pair in ((ENGLISH, "one"), (SHORT, "two"), (ARABIC, "three"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert set(loaded(tmp_path).by_id) == {"kyoto-2021-workshop-4", "one", "two", "three"}


def test_whoever_waits_too_long_is_told_so(library: ReportLibrary) -> None:
    with library.changing(), pytest.raises(IndexBusy), library.changing(wait_s=0.2):
        pass


# ---------------------------------------------------------------------------------------------- command line


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    result = CliRunner(env={"FIQRA_DATA_DIR": str(folder)}).invoke(main, list(arguments))
    return result.exit_code, result.output


def test_the_command_prints_each_paragraph_with_show(tmp_path: Path) -> None:
    """Tried by hand: without `read_text`, only the counts are printed."""
    path = str(DOCUMENTS / "printed" / "browser-table.ar.pdf")
    code, text = run("ingest", path, "--id", "ferries", "--dry-run", "--show", folder=tmp_path)
    assert code == 0
    assert "[3] الغرامة أربعون ريالا." in text
    assert text.index("title: تقرير لجنة العبّارات") < text.index("[1] فحصت اللجنة") < text.index("nothing was written")


def test_the_command_shows_what_it_read_and_with_dry_run_writes_nothing(tmp_path: Path) -> None:
    arguments = ("ingest", str(DOCUMENTS / "report.ar.pdf"), "--id", "harbours", "--dry-run")
    code, text = run(*arguments, folder=tmp_path)
    assert code == 0
    assert "9 paragraphs, 12 sub-paragraphs, 2 items, 2 annexes, 7 headings, 3 footnotes" in text
    assert "A/CONF.999/7, 2023, ar" in text
    code, text = run(*arguments, "--json", folder=tmp_path)
    assert json.loads(text)["readings"][0]["format"] == "pdf"
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_with_the_reason(tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"%PDF-1.7")
    code, text = run("ingest", str(bad), "--id", "x", folder=tmp_path / "data")
    assert code == 1
    assert "holds a PDF" in text
    gap = tmp_path / "gap.txt"
    gap.write_text("1. One.\n3. Three.")
    code, text = run("ingest", str(gap), "--id", "x", "--dry-run", folder=tmp_path / "data")
    assert (code, "gap, line 2" in text) == (0, True)
    code, text = run("ingest", str(gap), "--id", "x", "--dry-run", "--strict", folder=tmp_path / "data")
    assert (code, "expected 2" in text) == (1, True)


def test_ingest_costs_what_the_report_costs_and_not_what_the_library_holds(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, embedder: Counting
) -> None:
    """Counted, not timed: forty reports in, one again, and only its changed paragraph is encoded."""
    with library.changing():
        for number in range(40):
            plan = prepare(library, [SHORT], Wanted(f"r{number}"))
            library.put(plan.report, plan.sources)
        build(library.base(), library.added(), lambda _: None)
    embedder.texts.clear()
    started = time.monotonic()
    changed = Upload("short.txt", SHORT.data.replace(b"barges", b"rafts"), "en")
    take_in(library, [changed], Wanted("r7"), build)
    assert embedder.texts == ["Tugboats pull rafts."]
    assert time.monotonic() - started < 20
