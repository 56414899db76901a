"""Indexes share the folders of what did not change: one report in costs one report, and nothing needed is removed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexDamaged, IndexMismatch
from corpus.records import Report
from corpus.refs import Ref
from index import contents
from index.build import build_index
from index.disk import durable, merged_parts, sealed, shared_folders
from index.disk.merged_parts import Member, MergedStore
from index.disk.report_library import Decide, ReportLibrary
from index.disk.shelf import Added
from index.model.embedding import unit
from index.model.fakes import HashEmbedder
from index.search.fusion import EQUAL
from index.search.lexical import Block, LexicalIndex, terms
from index.search.retrieve import Retriever
from index.stores.approximate import FILE, IvfStore
from index.stores.postings import Postings
from index.stores.vectors import FaissStore
from service.reports.ingest import BuildIndex, Upload, Wanted, prepare, take_in, take_out

WORDS = "tugboats barges cranes crates ferries pilots harbours quays".split()


def text(seed: int, count: int = 4) -> Upload:
    """A report of that many paragraphs, of other words for another seed."""
    rng = np.random.default_rng(seed)
    lines = [f"{n}. {' '.join(rng.choice(WORDS, 6))} number{seed}x{n}." for n in range(1, count + 1)]
    return Upload("x.txt", "\n".join(["Title", "", *lines]).encode(), "en")


@pytest.fixture
def library(tmp_path: Path) -> ReportLibrary:
    return ReportLibrary(tmp_path / "reports")


@pytest.fixture
def build(tmp_path: Path) -> BuildIndex:
    def build(base: tuple[Report, ...], added: tuple[Added, ...], decide: Decide | None = None) -> str:
        return build_index(tmp_path / "index", base, HashEmbedder(), "hash", added=added, check=False, ready=decide)

    return build


def fill(library: ReportLibrary, build: BuildIndex, count: int, start: int = 0) -> None:
    with library.changing():
        for number in range(start, start + count):
            plan = prepare(library, [text(number)], Wanted(f"r{number}"))
            library.put(plan.report, plan.sources)
        build(library.base(), library.added(), lambda _: None)


def loaded(index_dir: Path, name: str | None = None) -> contents.IndexContents:
    return contents.load(sealed.read(index_dir, name), HashEmbedder().fingerprint, 16)


def top(found: contents.IndexContents, question: str) -> list[tuple[str, str, float]]:
    passages = Retriever(found, HashEmbedder(), EQUAL).search(question, "en").passages
    return [(p.report, str(p.ref), round(p.score, 3)) for p in passages[:10]]


def test_one_report_again_writes_as_much_in_a_large_library_as_in_a_small_one(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: fsyncs, which are the files written. With links of every file, as before, they grow."""
    real, synced = os.fsync, [0]

    def fsync(handle: int) -> None:
        synced[0] += 1
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    written = []
    for start, count in ((0, 2), (2, 60)):
        fill(library, build, count, start)
        take_in(library, [text(700 + start)], Wanted("r1"), build)
        synced[0] = 0
        take_in(library, [text(900 + start)], Wanted("r1"), build)
        written.append(synced[0])
    assert written[0] == written[1]


def test_a_part_that_no_index_names_is_removed_and_those_of_the_index_before_stay(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    """Taken out by hand (the folders of the index before, from what is needed), it can no longer be read."""
    index_dir = tmp_path / "index"
    fill(library, build, 3)
    names = [take_in(library, [text(seed)], Wanted("r1"), build)[1] for seed in (50, 51, 52)]
    with pytest.raises(IndexDamaged):
        sealed.read(index_dir, names[0])
    for name in names[1:]:
        assert loaded(index_dir, name).by_id["r1"]
    needed = {part for name in names[1:] for part in sealed.read_manifest(index_dir / name, name).names()}
    assert {path.name for path in sealed.parts_of(index_dir).iterdir()} == needed
    take_out(library, "r2", build)
    assert "r2" not in loaded(index_dir).by_id


def test_what_a_killed_build_left_among_the_parts_is_removed_by_the_next(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    fill(library, build, 2)
    stray = sealed.parts_of(tmp_path / "index") / shared_folders.name_of(b"{}")
    stray.mkdir()
    (stray / shared_folders.LIST).write_text("{}")
    assert sealed.faults(tmp_path / "index") == []
    take_in(library, [text(60)], Wanted("r1"), build)
    assert not stray.exists()


def test_a_reader_keeps_what_it_reads_while_reports_come(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    """Taken out by hand (the lock of readers), the index that is being read is gone after the second."""
    index_dir = tmp_path / "index"
    fill(library, build, 2)
    name = sealed.current_name(index_dir)
    with durable.reading(index_dir):
        for seed in (70, 71, 72):
            take_in(library, [text(seed)], Wanted("r1"), build)
        assert set(loaded(index_dir, name).by_id) >= {"r0", "r1"}
    take_in(library, [text(73)], Wanted("r1"), build)
    assert not (index_dir / name).exists()


@pytest.mark.parametrize("damaged", ["tokens.npy", "files.json"])
def test_a_damaged_part_is_mended_by_build_alone_of_all(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, damaged: str
) -> None:
    index_dir = tmp_path / "index"
    fill(library, build, 3)
    name = sealed.current_name(index_dir)
    parts = sealed.manifest_of_current(index_dir).parts
    others = {p: p.stat().st_ino for p in sealed.parts_of(index_dir).iterdir() if p.name != parts["r1"]["name"]}
    victim = sealed.parts_of(index_dir) / parts["r1"]["name"] / damaged
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x55")
    assert len(sealed.faults(index_dir)) == 1
    built = build_index(index_dir, library.base(), HashEmbedder(), "hash", added=library.added())
    assert (built, sealed.faults(index_dir)) == (name, [])
    assert {path: path.stat().st_ino for path in others} == others


def test_an_index_of_an_older_format_is_called_so_and_built_anew(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex
) -> None:
    """Taken out by hand (the comparison of formats), it is current and fails when its files are looked for."""
    index_dir = tmp_path / "index"
    fill(library, build, 1)
    new = sealed.current_name(index_dir)
    manifest = json.loads((index_dir / new / sealed.MANIFEST).read_text("utf-8")) | {"format": 2}
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    old = shared_folders.name_of(content)
    (index_dir / old).mkdir()
    (index_dir / old / sealed.MANIFEST).write_bytes(content)
    (index_dir / old / "chunks.json").write_text("[]")  # where that format had its files
    durable.replace_text(index_dir / sealed.CURRENT, f"{old}\n")
    with pytest.raises(IndexMismatch, match=f"has format 2, this fiqra reads {sealed.FORMAT}; run `fiqra build`"):
        sealed.read(index_dir)
    assert sealed.faults(index_dir) != []
    assert build_index(index_dir, library.base(), HashEmbedder(), "hash", added=library.added()) == new
    assert sealed.faults(index_dir) == []


# ---------------------------------------------------------------------------------------------------- merged


def test_a_large_index_is_merged_once_and_ranks_as_one_that_is_not(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the bound. Taken out by hand (`still_serves`), every report taken in merges all of them."""
    index_dir = tmp_path / "index"
    fill(library, build, 30)
    whole = loaded(index_dir)
    monkeypatch.setattr("index.stores.approximate.FLAT_UP_TO", 200)
    monkeypatch.setattr("index.disk.merged_parts.REST_UP_TO", 20)
    take_in(library, [text(5)], Wanted("r5"), build)
    first = sealed.manifest_of_current(index_dir).merged
    found = loaded(index_dir)
    assert isinstance(found.store, MergedStore)
    questions = ["number7x2 cranes", "harbours quays", "number3x1", "cryptocurrencies on the darknet"]
    for question in questions:  # the same, but for neighbours whose 8-bit vectors change places
        one, other = ([key[:2] for key in top(index, question)] for index in (found, whole))
        assert one[0] == other[0]
        assert len({*one} & {*other}) >= 9
    take_in(library, [text(333)], Wanted("r3"), build)
    take_out(library, "r7", build)
    assert sealed.manifest_of_current(index_dir).merged == first
    changed = loaded(index_dir)
    [document] = contents.own_words(changed)["en"].documents_with("number333x2")
    assert str(changed.keys["en"][document]) == str(("r3", Ref(2)))
    assert not contents.own_words(changed)["en"].scores(["number3x1"]).any()
    assert not {"r7"} & {report for q in questions for report, *_ in top(changed, q)}
    for seed in (401, 402, 403, 404, 405):
        take_in(library, [text(seed)], Wanted(f"s{seed}"), build)
    assert sealed.manifest_of_current(index_dir).merged != first


def test_a_merged_index_is_checked_to_the_last_byte(
    tmp_path: Path, library: ReportLibrary, build: BuildIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are mapped, and hashed before."""
    monkeypatch.setattr("index.stores.approximate.FLAT_UP_TO", 200)
    fill(library, build, 20)
    index_dir = tmp_path / "index"
    folder = sealed.parts_of(index_dir) / sealed.manifest_of_current(index_dir).merged
    for file in (FILE, "lexical-en/documents.npy", sealed.MEMBERS):
        good = (folder / file).read_bytes()
        (folder / file).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        with pytest.raises(IndexDamaged, match=Path(file).name):
            sealed.read(index_dir)
        (folder / file).write_bytes(good)
    assert loaded(index_dir)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=6), st.data())
def test_words_in_blocks_score_as_words_in_one(sizes: list[int], data: st.DataObject) -> None:
    """Whatever was merged, is gone, or came later: what is left scores as if it had been indexed alone."""
    rng = np.random.default_rng(sum(sizes))
    documents = [[list(rng.choice(WORDS, rng.integers(1, 9))) for _ in range(size)] for size in sizes]
    gone = data.draw(st.sets(st.integers(0, len(sizes) - 1), max_size=len(sizes) - 1))
    kept = [rows for number, rows in enumerate(documents) if number not in gone]
    count, blocks, next_number = sum(map(len, kept)), [], 0
    for number, rows in enumerate(documents):
        numbers = np.full(len(rows), -1) if number in gone else np.arange(next_number, next_number + len(rows))
        next_number += 0 if number in gone else len(rows)
        blocks.append(Block(Postings.of(rows), numbers.astype(np.int64)))
    own = LexicalIndex([Block(Postings.of([row for rows in kept for row in rows]), np.arange(count))], count)
    split = LexicalIndex(blocks, count)
    for word in WORDS:
        np.testing.assert_allclose(split.scores(word), own.scores(word), rtol=1e-5)
        assert list(split.documents_with(terms(word)[0])) == list(own.documents_with(terms(word)[0]))


def test_a_scope_in_a_merged_store_keeps_to_its_rows(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(4).standard_normal((300, 8)).astype(np.float32))
    member = IvfStore.of(vectors[:200])
    rows = np.where(np.arange(200) % 5 == 0, -1, np.arange(200)).astype(np.int64)
    store = MergedStore(member, rows, FaissStore.of(vectors[200:]), np.arange(200, 300, dtype=np.int64))
    alive = [row for row in range(300) if row >= 200 or row % 5]
    for wanted in (None, [1, 2, 5, 250], list(range(150, 260))):
        among = [row for row in alive if wanted is None or row in wanted]
        hits = store.search(vectors[7], 4, wanted)
        truth = sorted(among, key=lambda row: -float(vectors[row] @ vectors[7]))[:4]
        assert len({hit.row for hit in hits} & set(truth)) >= min(3, len(truth))
        assert {hit.row for hit in hits} <= set(among)
    assert merged_parts.still_serves([Member("a", 5, {})], {"a": 5, "b": merged_parts.REST_UP_TO})
    assert not merged_parts.still_serves([Member("a", 5, {})], {"a": 5, "b": merged_parts.REST_UP_TO + 1})
