"""The serving encoder: what sentence-transformers says, without torch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from corpus.errors import IndexMismatch, ModelError
from index import contents
from index.disk import sealed
from index.model.embedding import Embedder, Vector
from index.model.export import COMPARED, LARGE, compare
from index.model.loading import encoder_folder, fingerprint, load_embedder, original, source_fingerprint
from index.model.names import DEFAULT_MODEL
from index.model.onnx_embedder import MOST_ASKED, OnnxEmbedder, read_description
from index.model.onnx_graph import IR, OPSET, UNEVEN, column_steps
from index.model.reference import SentenceTransformerEmbedder
from index.model.tokenizing import JsonTokenizer, SentencePieceTokenizer, is_kept
from index.model.vocabulary import PRUNED, WHOLE
from index.search.background import background_questions
from tests.support.paths import DATA_DIR

FOLDER = encoder_folder(DEFAULT_MODEL, DATA_DIR)
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def tokenizer(embedder: Embedder) -> SentencePieceTokenizer:
    return SentencePieceTokenizer(FOLDER / PRUNED, FOLDER / WHOLE)


def test_the_export_says_what_its_original_says(embedder: Embedder, reference: SentenceTransformerEmbedder) -> None:
    """The bounds are closer than those under which `export` refuses to write."""
    agreement = compare(reference, embedder)
    assert isinstance(embedder, OnnxEmbedder)
    assert agreement.cosine > 0.9995
    assert agreement.token_cosine > 0.99
    assert agreement.same_first > 0.98


def test_the_channels_multiplied_by_themselves_are_the_largest_of_the_original(
    embedder: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    """They are chosen without torch; here by what torch's own layers get. With fewer of them, or others, it fails."""
    import torch

    peaks: dict[str, Vector] = {}

    def note(name: str, inputs: tuple[Any, ...]) -> None:
        most = inputs[0].abs().amax(dim=(0, 1)).numpy()
        peaks[name] = np.maximum(peaks.get(name, most), most)

    layers: Any = reference.model[0]
    hooks = [
        layer.register_forward_pre_hook(lambda _, inputs, name=name: note(name, inputs))
        for name, layer in layers.auto_model.named_modules()
        if name.endswith(UNEVEN)
    ]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two wait for each other, which takes longer where other work runs
    for questions in background_questions().values():
        for text in questions[:COMPARED]:
            reference.encode([text], "query")
            reference.encode([text], "passage")
    torch.set_num_threads(threads)
    for hook in hooks:
        hook.remove()
    largest = {name: np.sort(np.argsort(-sizes, kind="stable")[:LARGE]).tolist() for name, sizes in peaks.items()}
    graph = onnx.load(FOLDER / "model.onnx", load_external_data=False).graph
    apart = {tensor.name: tensor for tensor in graph.initializer if tensor.name.endswith(".product.apart")}
    assert len(largest) == 24
    assert {n.removesuffix(".product.apart"): numpy_helper.to_array(t).tolist() for n, t in apart.items()} == largest


@pytest.mark.process
def test_the_default_model_is_exported_without_sentence_transformers_and_the_same(
    embedder: Embedder, tmp_path: Path
) -> None:
    """In a process that can import none of what the extra `models` brings; for other models it is said what is missing.

    Taken out by hand (the original loaded all the same), it fails.
    """
    missing = "torch transformers sentence_transformers tokenizers safetensors".split()
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({missing!r})); from pathlib import Path;"
        "from corpus.errors import ModelError; from index.model import loading;"
        f"print(loading.load_embedder({DEFAULT_MODEL!r}, Path(sys.argv[1])).fingerprint)\n"
        "try: loading.load_embedder('another-model', Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    printed, refused = done.stdout.splitlines()
    assert printed == embedder.fingerprint
    assert "needs sentence-transformers" in refused
    assert "extra `models`" in refused
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["encoders"]


@pytest.mark.parametrize(
    "text",
    [
        "ما الذي تُشجّع الدول الأعضاء على رصده؟",
        "A/CONF.234/15, para. 21 (k) — 74/247; €5, ½ and ﷺ",
        "Что должны отслеживать государства?",
        "成员国应当监测什么？",
        "mixed العربية, русский and 中文 in one",
        "🙂🤖 𓀀",
        "zero\u200dwidth joiner, می\u200cخواهم",
        "",
    ],
    ids=["arabic", "symbols", "russian", "chinese", "mixed", "pictures", "joiners", "empty"],
)
def test_texts_within_and_outside_the_pruned_vocabulary_encode_as_the_original_does(
    embedder: Embedder, reference: SentenceTransformerEmbedder, text: str
) -> None:
    """Without the whole vocabulary behind the pruned one, Russian and Chinese come out as unknown and this fails."""
    [ours], [theirs] = embedder.encode([text], "query"), reference.encode([text], "query")
    assert ours.tokens.shape == theirs.tokens.shape
    assert float(ours.vector @ theirs.vector) > 0.999


def test_a_long_passage_is_cut_where_the_original_cuts_it(
    embedder: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    [ours], [theirs] = embedder.encode(["word " * 700], "passage"), reference.encode(["word " * 700], "passage")
    assert ours.tokens.shape == theirs.tokens.shape
    assert float(ours.vector @ theirs.vector) > 0.999


def test_of_a_long_question_the_beginning_and_the_end_are_read(embedder: Embedder) -> None:
    """What is asked may stand in either, and a pass over 510 tokens takes eight times as long as one over 128."""
    between = "and " * 700
    encoded = [
        embedder.encode([f"{first} {between}{last}"], "query")[0]
        for first, last in (("a", "b"), ("c", "b"), ("a", "c"))
    ]
    assert all(MOST_ASKED - 8 < len(encoding.tokens) <= MOST_ASKED for encoding in encoded)
    assert not np.allclose(encoded[0].vector, encoded[1].vector)
    assert not np.allclose(encoded[0].vector, encoded[2].vector)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60))
def test_pruned_and_whole_vocabulary_cut_every_text_alike(tokenizer: SentencePieceTokenizer, text: str) -> None:
    """Both number their pieces alike, so the ids are equal; letting a Cyrillic text through unchecked breaks it."""
    assert tokenizer.encode(text) == tokenizer._whole.encode(text.replace("\u200d", " "))


def test_what_the_pruned_vocabulary_keeps() -> None:
    assert all(map(is_kept, "aéß ك٣ئًًّ۵ 1,؟«»€→½𝟙"))
    assert not any(map(is_kept, "яλ漢あ한"))
    assert all(map(is_kept, (chr(c) for c in range(0x0600, 0x06FF) if unicodedata.category(chr(c)) != "Cn")))


def test_an_index_of_the_original_is_refused_by_the_export(data_dir: Path, embedder: Embedder) -> None:
    """Their vectors are near, not equal: which of them built an index is part of its fingerprint."""
    index = sealed.read(data_dir / "index")
    assert index.manifest.model_fingerprint == embedder.fingerprint == fingerprint(DEFAULT_MODEL, DATA_DIR)
    with pytest.raises(IndexMismatch, match="fiqra build"):
        contents.load(index, source_fingerprint(DEFAULT_MODEL), embedder.dimension)


@pytest.mark.parametrize("name", ["model.onnx", "model.weights", "tokenizer.spm"])
def test_an_altered_encoder_is_refused(embedder: Embedder, tmp_path: Path, name: str) -> None:
    """Also a weight file cut short, which would end the process once it is memory-mapped."""
    copy = tmp_path / "encoder"
    shutil.copytree(FOLDER, copy, symlinks=True)
    (copy / name).write_bytes((FOLDER / name).read_bytes()[:-1])
    description = read_description(copy)
    assert description is not None
    with pytest.raises(ModelError, match=rf"{name} was altered.*fiqra build"):
        OnnxEmbedder(copy, description)


@pytest.mark.usefixtures("embedder")  # whose loading tells the runtime to report nothing
def test_integer_products_are_exact_however_large(tmp_path: Path) -> None:
    """Against NumPy's 64 bits, on what the processor's 16 would overflow with: the largest activations and weights.

    Taken out (`column_steps` without the sums of neighbours), products overflow where the processor has no VNNI.
    """
    rng = np.random.default_rng(5)
    weights = rng.standard_normal((64, 24)).astype(np.float32)
    weights[::2, :8], weights[1::2, :8] = 1.0, 0.99
    weights[:, 8:12] = -1.0
    rounded = np.rint(weights / column_steps(weights)).astype(np.int8)
    activations = rng.choice(np.array([0, 1, 128, 254, 255], np.uint8), (40, 64))
    activations[:2] = [[255], [0]]
    node = helper.make_node("MatMulInteger", ["activations", "weights", "middle"], ["product"])
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("activations", TensorProto.UINT8, [None, 64])],
        [helper.make_tensor_value_info("product", TensorProto.INT32, [None, 24])],
        [numpy_helper.from_array(rounded, "weights"), numpy_helper.from_array(np.array(128, np.uint8), "middle")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    [found] = session.run(None, {"activations": activations})
    np.testing.assert_array_equal(found, (activations.astype(np.int64) - 128) @ rounded.astype(np.int64))
    pairs = np.abs(rounded.astype(int))
    assert (pairs[:-1] + pairs[1:]).max() <= 128


def test_what_else_is_in_a_batch_changes_no_vector(embedder: Embedder) -> None:
    """Activations are rounded token by token; rounded by the whole batch, a longer neighbour moves every vector."""
    text = "Who moderated the workshop?"
    other = "الاتجار غير المشروع بالأسلحة النارية " * 12
    [alone], [beside, _] = embedder.encode([text], "passage"), embedder.encode([text, other], "passage")
    np.testing.assert_allclose(alone.tokens, beside.tokens, atol=2e-3)


def test_a_tokenizer_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(ModelError, match=r"needs the package tokenizers.*extra `models`"):
        JsonTokenizer(tmp_path / "tokenizer.json")


@pytest.fixture
def small_model(tmp_path: Path) -> Path:
    """A BERT encoder of two layers and sixty word pieces with random weights, as a sentence-transformers folder."""
    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    folder = tmp_path / "small-e5-like"
    source = Path(original(DEFAULT_MODEL, DATA_DIR))
    shutil.copytree(
        source, folder, ignore=shutil.ignore_patterns("model.safetensors", "fiqra-model.json", "tokenizer*")
    )
    shutil.copy(source / "tokenizer_config.json", folder)
    letters = [*"abcdefghijklmnopqrstuvwxyz:?", *"ابتثجحخدذرزسشصضطظعغفقكلمنهوي؟"]
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    sizes = {"vocab_size": len(pieces), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    _change(folder / "config.json", **sizes, intermediate_size=64)
    torch.manual_seed(7)
    model = BertModel(BertConfig.from_pretrained(folder))
    save_file(model.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})
    _change(folder / "1_Pooling" / "config.json", word_embedding_dimension=32)
    return folder


def _change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), "utf-8")


def test_any_bert_encoder_is_exported_and_found_again(small_model: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert fingerprint(str(small_model), data) is None
    first = load_embedder(str(small_model), data, threads=1)
    assert isinstance(first, OnnxEmbedder)
    assert fingerprint(str(small_model), data) == first.fingerprint
    theirs = SentenceTransformerEmbedder(str(small_model), "x", threads=1)
    for text in ("one", "نص ثان أطول من الأول", "ABC 漢"):
        [a], [b] = first.encode([text], "query"), theirs.encode([text], "query")
        np.testing.assert_allclose(a.vector, b.vector, atol=1e-5)
        np.testing.assert_allclose(a.tokens, b.tokens, atol=1e-4)


def test_a_model_that_does_not_export_serves_as_it_is(
    small_model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _change(small_model / "config.json", hidden_act="relu")
    for _ in range(2):  # the second time from what was written down
        loaded = load_embedder(str(small_model), tmp_path / "data", threads=1)
        assert isinstance(loaded, SentenceTransformerEmbedder)
        assert "serves through sentence-transformers: its architecture is bert with relu" in caplog.text
        caplog.clear()
    assert fingerprint(str(small_model), tmp_path / "data") == loaded.fingerprint


@pytest.mark.process
def test_the_runtime_keeps_no_id_and_says_nothing(data_dir: Path, tmp_path: Path) -> None:
    """Official builds of onnxruntime make an id below the home folder and report to their makers, unless told.

    Tried by hand: without the variable that says so, `.cache/Microsoft` is there, and `strace` sees a name looked up.
    """
    script = (
        "import sys; from pathlib import Path; from index.model.loading import load_embedder;"
        f"load_embedder({DEFAULT_MODEL!r}, Path(sys.argv[1]), threads=1).encode(['a'], 'query')"
    )
    unwanted = {"CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in unwanted} | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(data_dir)], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.iterdir())


@pytest.mark.process
@pytest.mark.parametrize("arguments", [["ask", "Who moderated the workshop?"], ["search", "darknet"]])
def test_answering_imports_neither_torch_nor_transformers(data_dir: Path, arguments: list[str]) -> None:
    """In a real process; one `import torch` anywhere on the way fails it."""
    script = (
        "import sys; from service.cli import main; main.main(sys.argv[1:], standalone_mode=False);"
        "heavy = 'torch transformers sentence_transformers tokenizers onnx scipy langchain_core'.split();"
        "print(set(heavy) & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "FIQRA_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"
