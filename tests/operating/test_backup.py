"""Reports kept in one file and brought back, byte for byte; what is no such file changes nothing."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from index.disk import durable
from service.operating import backup
from tests.durability.library import build, ingest, library_in, make_template, state_of


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup") / "data"
    make_template(folder)
    return folder


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A data folder with the reports `ports` (Arabic, English) and `other`."""
    return Path(shutil.copytree(template, tmp_path / "data"))


def files_of(data: Path) -> dict[str, bytes]:
    """Every file of every report."""
    reports = data / "reports"
    return {name: (reports / name).read_bytes() for name in durable.names_in(reports) if not name.startswith(".")}


def sizes_of(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_size for name in durable.names_in(folder)}


def restore(data: Path, file: Path) -> tuple[str, ...]:
    """What the command does."""
    library = library_in(data)
    with library.changing():
        restored = backup.read(library, file)
        build(data, library.base(), library.added(), lambda _: None)
    return restored


def test_what_is_backed_up_comes_back_the_same_in_a_new_folder(data: Path, tmp_path: Path) -> None:
    """Reports, their documents and the answers' text; twice is as once."""
    file, new = tmp_path / "kept.tar.gz", tmp_path / "new"
    assert backup.write(library_in(data), file) == (("other", "ports"), ())
    assert file.stat().st_mode & 0o777 == 0o600
    assert restore(new, file) == ("other", "ports")
    assert files_of(new) == files_of(data)
    assert state_of(new) == state_of(data)
    assert restore(new, file) == ("other", "ports")
    assert files_of(new) == files_of(data)
    assert not [*tmp_path.glob(f"{durable.PARTIAL}*")]


def test_a_report_that_is_not_whole_is_left_out_and_named(data: Path, tmp_path: Path) -> None:
    [victim] = (data / "reports" / "other").glob("*/report.json")
    victim.write_bytes(victim.read_bytes() + b" ")
    kept, left_out = backup.write(library_in(data), tmp_path / "kept.tar.gz")
    assert kept == ("ports",)
    assert [str(victim) in why for why in left_out] == [True]


def test_another_version_of_a_report_is_not_replaced(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    backup.write(library_in(data), file)
    ingest(data, "ports", ("en", b"Ports\n\n1. Something else altogether.\n2. And more.\n"))
    before = files_of(data)
    with pytest.raises(CorpusError, match="`fiqra remove ports` first"):
        restore(data, file)
    assert files_of(data) == before


def _member(name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE) -> Callable[[tarfile.TarFile], None]:
    def add(archive: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
        archive.addfile(info, io.BytesIO(content))

    return add


VERSION = "0" * 32


@pytest.mark.parametrize(
    "put",
    [
        _member("../outside"),
        _member("/etc/outside"),
        _member(f"reports/../{VERSION}/report.json"),
        _member(f"reports/harbours/{VERSION}/../report.json"),
        _member(f"reports/harbours/{VERSION}/report.json", kind=tarfile.SYMTYPE),
        _member(f"reports/harbours/{VERSION}/report.json", kind=tarfile.LNKTYPE),
        _member(f"reports/harbours/{VERSION}/report.json"),
        _member(f"reports/kyoto-2021-workshop-4/{VERSION}/report.json"),
        _member("reports/harbours"),
    ],
)
def test_what_is_no_report_of_a_backup_is_refused(
    put: Callable[[tarfile.TarFile], None], data: Path, tmp_path: Path
) -> None:
    """And nothing is written anywhere."""
    file = tmp_path / "made.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        put(archive)
    before = sizes_of(tmp_path)
    with pytest.raises(CorpusError):
        restore(data, file)
    assert sizes_of(tmp_path) == before


def test_a_file_that_is_cut_short_changes_nothing(data: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "kept.tar.gz", tmp_path / "new"
    backup.write(library_in(data), file)
    whole = file.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 9):
        file.write_bytes(whole[:size])
        with pytest.raises(CorpusError):
            restore(new, file)
        assert files_of(new) == {}
