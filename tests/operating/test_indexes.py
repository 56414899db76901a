"""Indexes listed, named and gone back to: what has a name outlives builds, and what serves follows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from corpus.errors import IndexDamaged, IndexMissing
from corpus.records import Report
from index.disk import sealed, tags
from index.model.fakes import HashEmbedder
from service.cli import main
from service.operating import indexes
from service.settings import Settings
from tests.support.services import build, eventually, hashed_state, service


@pytest.fixture(autouse=True)
def _hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "fingerprint", lambda *_: HashEmbedder().fingerprint)


def names(settings: Settings) -> list[str]:
    return [row.name for row in indexes.rows(settings)]


def serves(client: TestClient, name: str) -> bool:
    return bool(client.get("/readyz").json()["index"] == name[:12])


def test_what_has_a_name_is_kept_and_the_rest_goes(tmp_path: Path, report: Report) -> None:
    """Tried by hand: where `collect` is not told of tags, the index of the first name is gone after two builds."""
    settings = Settings(data_dir=tmp_path)
    first = build(tmp_path, report)
    assert indexes.tag(settings, "first", None) == first
    later = [build(tmp_path, report, kind) for kind in (1, 2, 3)]
    assert names(settings) == [later[2], later[1], first]
    assert [row.tags for row in indexes.rows(settings)] == [(), (), ("first",)]
    assert [row.is_current for row in indexes.rows(settings)] == [True, False, False]
    assert sealed.read(settings.index_dir, first).name == first
    indexes.untag(settings, "first")
    last = build(tmp_path, report, 4)
    assert names(settings) == [last, later[2]]


def test_a_service_follows_back_and_forth(tmp_path: Path, report: Report) -> None:
    settings = Settings(data_dir=tmp_path)
    first, second = build(tmp_path, report), build(tmp_path, report, kind=1)
    with service(hashed_state(tmp_path, watch_s=0.05)) as client:
        for wanted, given in ((first, first[:8]), (second, second)):
            assert indexes.rollback(settings, given) == wanted
            assert eventually(partial(serves, client, wanted))


def test_an_index_that_is_not_whole_is_not_gone_back_to(tmp_path: Path, report: Report) -> None:
    settings = Settings(data_dir=tmp_path)
    first, second = build(tmp_path, report), build(tmp_path, report, kind=1)
    base = sealed.read_manifest(settings.index_dir / first, first).base["name"]
    victim = sealed.parts_of(settings.index_dir) / base / "ranking.json"
    victim.write_bytes(victim.read_bytes() + b" ")
    with pytest.raises(IndexDamaged, match=r"ranking\.json"):
        indexes.rollback(settings, first)
    assert sealed.current_name(settings.index_dir) == second


def test_what_names_nothing_or_too_much_is_refused_with_what_there_is(tmp_path: Path, report: Report) -> None:
    settings = Settings(data_dir=tmp_path)
    first = build(tmp_path, report)
    for given in ("nothing", first[:3], "../x", ""):
        with pytest.raises(IndexMissing, match=first[:12]):
            indexes.rollback(settings, given)
    (settings.index_dir / tags.FILE).write_text("[]")
    with pytest.raises(IndexDamaged, match="TAGS"):
        indexes.rows(settings)
    assert build(tmp_path, report, kind=1)  # a build makes its index all the same, and removes nothing
    assert (settings.index_dir / first).is_dir()


def test_the_commands_say_what_they_did(tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIQRA_DATA_DIR", str(tmp_path))
    first, second = build(tmp_path, report), build(tmp_path, report, kind=1)

    def fiqra(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["index", *words])
        return done.exit_code, done.output

    assert fiqra("tag", "before", first[:12]) == (0, f"index {first[:12]} is called before\n")
    assert fiqra("tag", "a b")[0] == 2
    code, listed = fiqra("list")
    assert code == 0
    assert [line[:14] for line in listed.splitlines()] == [f"* {second[:12]}", f"  {first[:12]}"]
    assert listed.splitlines()[1].endswith("  before")
    assert fiqra("rollback", "before") == (0, f"index {first[:12]} is current\n")
    assert fiqra("rollback", "gone")[0] == 1
    assert fiqra("tag", "before", "--remove") == (0, "no index is called before any more\n")
