"""What is installed, what the code may call, and how the image runs."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Collection, Iterable
from importlib.metadata import requires, version
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.audit import Row, Unreachable, audit
from scripts.locks import CPU, CUDA, INSTALLING, LOCKS, PROJECT, ROOT, read

PACKAGES = ["fiqra", "corpus", "index", "service", "eval"]
HERE = ["requirements-pip.lock", "requirements.lock", "requirements-dev.lock"]
"""What `make setup` installs."""
EVERY = sorted(path.name for path in ROOT.glob("requirements*.lock"))
OTHER_LOCK = re.compile(r"--(constraint|requirement) requirements[a-z-]*\.lock")
PIP_INSTALL = re.compile(r"\$\(INSTALL\)|pip\b.* install ")


@pytest.mark.parametrize("lock", HERE)
def test_what_is_installed_is_what_is_pinned(lock: str) -> None:
    """Tried by hand: a pin that is changed is named. A build's own part of a version (`+cpu`) does not count."""
    pinned = {name: pin.version for name, pin in read(lock).items() if pin.applies()}
    assert {name: version(name).partition("+")[0] for name in pinned} == pinned


def test_every_lock_file_is_one_that_make_lock_writes() -> None:
    assert sorted([*(lock.file for lock in LOCKS), CPU]) == EVERY


@pytest.mark.parametrize("lock", EVERY)
def test_every_pin_is_one_version_with_the_hashes_of_its_files(lock: str) -> None:
    """And names no index, address or path. Tried by hand: one pin without its hashes, and one of `>=`, are named."""
    lines = (ROOT / lock).read_text("utf-8").replace("\\\n", "").splitlines()
    pins = [line for line in lines if not line.startswith("#") and not OTHER_LOCK.fullmatch(line)]
    for line in pins:
        assert re.fullmatch(r"[\w.-]+==[\w.+!-]+( ; [^:/@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", line), line[:80]
    assert len(read(lock)) == len(pins) > 0


def test_torch_may_be_any_of_its_builds() -> None:
    """PyPI's for Linux on either processor and macOS, CPython 3.11 to 3.13, and the one for processors alone.

    Tried by hand: without `with_cpu_build`, the latter is missing.
    """
    [cpu] = read(CPU).values()
    for lock in ("requirements.lock", "requirements-peers.lock"):
        torch = read(lock)["torch"]
        assert torch.version == cpu.version.removesuffix("+cpu")
        assert {*cpu.hashes} < {*torch.hashes}
        assert len(torch.hashes) > 3 * 3
    assert f"--constraint {CUDA}" in (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_whatever_is_installed_is_installed_by_hash(name: str) -> None:
    """But fiqra itself, from its own folder, with no index asked. Taken out of one line, it is named."""
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", "").splitlines()
    installs = [line for line in lines if PIP_INSTALL.search(line) and not line.startswith("INSTALL :=")]
    assert installs
    for line in installs:
        assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable ." in line, line


@pytest.mark.parametrize(
    ("locks", "wanted"),
    [
        (["requirements.lock"], PROJECT["project"]["dependencies"]),
        (["requirements-serve.lock"], [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]),
        (["requirements.lock"], PROJECT["project"]["optional-dependencies"]["models"]),
        (["requirements.lock", "requirements-dev.lock"], PROJECT["dependency-groups"]["dev"]),
        (
            ["requirements.lock", "requirements-dev.lock"],
            [*chain(*PROJECT["project"]["optional-dependencies"].values())],
        ),
        (["requirements.lock"], PROJECT["build-system"]["requires"]),
        *(
            ([f"requirements-{group}.lock"], PROJECT["dependency-groups"][group])
            for group in ("docs", "llm", "peers", "pip", "tools")
        ),
    ],
)
def test_the_pins_are_what_pyproject_asks_for(locks: list[str], wanted: list[str]) -> None:
    """Tried by hand: with `httpx>=99` in pyproject.toml, it is named, and so is a dependency without a pin."""
    pinned = {name: pin.version for lock in locks for name, pin in read(lock).items()}
    for requirement in map(Requirement, wanted):
        found = pinned.get(canonicalize_name(requirement.name))
        assert found is not None, f"{requirement}: run `make lock`"
        assert requirement.specifier.contains(found, prereleases=True), f"{requirement}: {found} is pinned"


def test_what_the_pinned_packages_need_is_pinned_in_versions_that_they_take() -> None:
    """What `pip check` would say. Tried by hand: an older pydantic-core in the lock is named."""
    pinned = {name: pin.version for lock in HERE for name, pin in read(lock).items() if pin.applies()}
    for name in pinned:
        for inner in map(Requirement, requires(name) or ()):
            if inner.marker is None or inner.marker.evaluate({"extra": ""}):
                found = pinned.get(canonicalize_name(inner.name))
                assert found is not None, f"{name} needs {inner}, which is not pinned"
                assert inner.specifier.contains(found, prereleases=True), f"{name} needs {inner}, {found} is pinned"


def test_the_serving_lock_is_the_part_of_the_lock_that_fiqra_alone_needs() -> None:
    """With a pin of `requirements-serve.lock` taken out, or one of torch put in, it fails."""
    served, every = read("requirements-serve.lock"), read("requirements.lock")
    assert {name: every.get(name) for name in served} == served
    wanted = [Requirement(line) for line in [*PROJECT["project"]["dependencies"], *INSTALLING]]
    assert {name for name, pin in served.items() if pin.applies()} == needed(wanted)
    assert not {"torch", "transformers", "sentence-transformers"} & {*served}


def needed(wanted: Iterable[Requirement]) -> set[str]:
    """The names of these and of all that they need here."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        with_extras = {name, *(f"{name}[{extra}]" for extra in requirement.extras)}
        if with_extras <= found:
            continue
        found |= with_extras
        waiting += [inner for line in requires(name) or () if _is_asked(inner := Requirement(line), requirement.extras)]
    return {name for name in found if "[" not in name}


def _is_asked(requirement: Requirement, extras: Collection[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def test_what_is_imported_is_declared() -> None:
    """And what is declared is used. Tried by hand: `anyio` taken out of pyproject.toml is named."""
    command = [sys.executable, "-m", "deptry", "--no-ansi", "."]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr


def wheel(folder: Path, name: str, needs: str = "") -> str:
    """Write a wheel of that name, version 1.0; its SHA-256."""
    info, asked = f"{name}-1.0.dist-info", f"Requires-Dist: {needs}" if needs else ""
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{asked}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def install(lock: Path, wheels: Path) -> subprocess.CompletedProcess[str]:
    """What the Makefile's `install` does, with no index but a folder of wheels."""
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--no-index"]
    command += ["--find-links", str(wheels), "--target", str(lock.parent / "installed"), "--only-binary", ":all:"]
    command += ["--require-hashes", "--requirement", str(lock)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", ""),
        ("outer", "DO NOT MATCH THE HASHES"),
        ("inner", "DO NOT MATCH THE HASHES"),
        ("unpinned", "must have their versions pinned"),
    ],
)
def test_pip_refuses_what_is_not_the_pinned_file(tmp_path: Path, wrong: str, said: str) -> None:
    """With a wheel that needs another, which a constraint pins, as what PyTorch needs for CUDA is."""
    hashes = {"outer": wheel(tmp_path, "outer", "inner>=0.9"), "inner": wheel(tmp_path, "inner")}
    pins = {name: f"{name}==1.0 --hash=sha256:{digest}\n" for name, digest in hashes.items()}
    if wrong in hashes:
        wheel(tmp_path, wrong, "another; python_version < '3'")  # not what the lock has the hash of
    (tmp_path / "constraints.lock").write_text("" if wrong == "unpinned" else pins["inner"], "utf-8")
    lock = tmp_path / "tried.lock"
    lock.write_text(f"--constraint constraints.lock\n{pins['outer']}", "utf-8")
    done = install(lock, tmp_path)
    assert (done.returncode == 0) == (not wrong), done.stderr
    assert said in done.stderr
    assert (tmp_path / "installed" / "inner.py").exists() == (not wrong)


KNOWN = {"name": "idna", "version": "3.6", "vulns": [{"id": "PYSEC-2024-60", "fix_versions": ["3.7"]}]}


@pytest.mark.parametrize(
    ("rows", "wrong", "printed"),
    [
        ([{"name": "pip", "version": "26.3", "vulns": []}], None, "No known vulnerability in 1 packages."),
        ([KNOWN], "idna 3.6: PYSEC-2024-60, mended in 3.7", ""),
        ([{"name": "pip", "skip_reason": "not found"}], None, "NOT checked: the package index here has no list"),
        (Unreachable("no way to it"), None, "NOT checked: no way to it"),
    ],
)
def test_vulnerabilities_fail_the_check_and_having_no_list_of_them_is_said(
    rows: list[Row] | Unreachable, wrong: str | None, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(lock: str) -> list[Row]:
        if isinstance(rows, Unreachable):
            raise rows
        return rows

    found = audit(ask)
    assert wrong is found is None or str(wrong) in str(found)
    assert printed in capsys.readouterr().out


def test_a_check_for_vulnerabilities_that_breaks_off_fails() -> None:
    def ask(lock: str) -> list[Row]:
        if lock == "requirements-dev.lock":
            raise Unreachable("it took longer than 300 s")
        return []

    assert audit(ask) == "The check for known vulnerabilities broke off: it took longer than 300 s"


def test_bandit_finds_nothing() -> None:
    """Of middle severity and above. Tried by hand: an `eval` that is added is found."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-ll", *PACKAGES]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stdout


def test_nothing_is_pickled() -> None:
    """No module that pickles is imported, and NumPy is told so wherever it reads or writes."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"} & set(names), path
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"np.load", "np.save", "bm25s.BM25.load"}:
                    allowed = {k.arg: ast.unparse(k.value) for k in node.keywords}
                    assert allowed.get("allow_pickle") == "False", f"{path}:{node.lineno}"


def test_one_module_loads_the_runtime_and_tells_it_first_to_report_nothing() -> None:
    """`index/test_encoder.py` holds that it does so. Tried by hand: an import in another module is named."""
    loading = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"^\s*(import|from) onnxruntime\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert loading == {"index/model/onnx_session.py"}


def test_the_image_runs_without_privileges() -> None:
    """As an ordinary user, on pinned bases, with a health check; the README starts it on a read-only root."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    final = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert any(re.fullmatch(r"USER [1-9]\d*:[1-9]\d*", line) for line in final)
    assert any(line.startswith("HEALTHCHECK ") for line in final)
    assert all(line.split()[1] == "${BASE}" for line in lines if line.startswith("FROM "))
    assert any(re.fullmatch(r"ARG BASE=python:\d[\w.]*-\S+@sha256:[0-9a-f]{64}", line) for line in lines)
    assert not any("ADD http" in line or "curl" in line for line in lines)
    assert "docker run --read-only --tmpfs /tmp" in (ROOT / "docs" / "operating.md").read_text("utf-8")
