"""The lock files: how they are read, and how they are written.

    python -m scripts.locks [--upgrade]      `make lock` does it, where uv is installed

writes each of them: what pyproject.toml asks for and all that this needs, on any platform and Python that it names,
with the SHA-256 of every file that the package index has of it. Versions stay as they are as long as they fit, and
`--upgrade` takes the newest. No line names an index, so any that has these very files will do.

PyTorch is the one package of which there is more than one build. PyPI's for Linux wants several gigabytes of CUDA,
pinned in requirements-cuda.lock as constraints: they count where something needs them. Its build for processors alone
stands in requirements-cpu.lock, for `make` to ask for first.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HEADER = "# Written by `make lock`.\n"
INSTALLING = (*PROJECT["build-system"]["requires"], "editables>=0.5")
"""What an editable installation of fiqra itself takes."""
TORCH = "torch==2.13.0"
CPU_BUILD = "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
"""The file of that release which PyPI does not have and machines do: `+cpu`, for Python 3.11 on Linux and x86-64."""
CPU_PIN = f"""\
{TORCH}+cpu ; sys_platform == 'linux' and platform_machine == 'x86_64' and python_version == '3.11' \\
    --hash=sha256:{CPU_BUILD}
"""
FOR_CUDA = (
    "cuda-bindings",
    "cuda-toolkit",
    "nvidia-cudnn-cu13",
    "nvidia-cusparselt-cu13",
    "nvidia-nccl-cu13",
    "nvidia-nvshmem-cu13",
    "triton",
)
"""What PyPI's build of that release needs on Linux, and a build for processors alone does not."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of a lock file, and its files' SHA-256: `Pin(Requirement("idna==3.20"), ("a7db…", "ab7a…"))`."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name as an index has it.

        >>> Pin(Requirement("PyStemmer==3.1.0"), ()).name
        'pystemmer'
        """
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version that it may have."""
        [specifier] = self.requirement.specifier
        return specifier.version

    def applies(self) -> bool:
        """Whether it is installed on a machine such as this one."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read(lock: str) -> dict[str, Pin]:
    """A lock file's pins by name."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", "")
    lines = (line.split("--hash=sha256:") for line in text.splitlines() if not line.startswith(("#", "--")))
    pins = (Pin(Requirement(first), tuple(map(str.strip, hashes))) for first, *hashes in lines)
    return {pin.name: pin for pin in pins}


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file. `asked` are uv's arguments, and `more` requirements besides those of pyproject.toml.

    What stands in the locks `like` has the same version here, and is left out if it stands in `beyond` for every
    machine. `head` is a line that names another lock. Packages come as wheels, but those in `built`.
    """

    file: str
    asked: tuple[str, ...]
    more: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    beyond: str = ""
    head: str = ""
    built: tuple[str, ...] = ()


ALL, SERVE, DEV = "requirements.lock", "requirements-serve.lock", "requirements-dev.lock"
CPU, CUDA = "requirements-cpu.lock", "requirements-cuda.lock"
PYPROJECT = "pyproject.toml"
LOCKS = (
    Lock("requirements-pip.lock", ("--group", "pip")),
    Lock(ALL, (PYPROJECT, "--extra", "models"), (TORCH, *INSTALLING), head=f"--constraint {CUDA}"),
    Lock(CUDA, (), (TORCH,), (ALL,), ALL),
    Lock(SERVE, (PYPROJECT,), INSTALLING, (ALL,)),
    Lock(DEV, (PYPROJECT, "--all-extras", "--group", "dev"), (), (ALL,), ALL, f"--requirement {ALL}"),
    Lock("requirements-milvus.lock", (PYPROJECT, "--extra", "milvus"), (), (ALL, DEV), SERVE, f"--requirement {SERVE}"),
    Lock("requirements-otel.lock", (PYPROJECT, "--extra", "otel"), (), (ALL, DEV), SERVE, f"--requirement {SERVE}"),
    Lock("requirements-docs.lock", ("--group", "docs")),
    Lock("requirements-tools.lock", ("--group", "tools")),
    Lock("requirements-peers.lock", ("--group", "peers"), (TORCH,), head=f"--constraint {CUDA}"),
    Lock("requirements-llm.lock", ("--group", "llm"), built=("llama-cpp-python",)),
)


def main() -> None:
    """Write every lock file."""
    for lock in LOCKS:
        print(lock.file)  # noqa: T201 - a program's output
        write(lock, sys.argv[1:])
    (ROOT / CPU).write_text(HEADER + CPU_PIN, "utf-8")


def write(lock: Lock, options: Sequence[str]) -> None:
    """Write one; its versions stay unless `options` say otherwise."""
    beyond = read(lock.beyond).values() if lock.beyond else ()
    path = ROOT / lock.file
    with tempfile.TemporaryDirectory() as folder:
        more, without = Path(folder) / "more.txt", Path(folder) / "without.txt"
        more.write_text("\n".join(lock.more), "utf-8")
        without.write_text("\n".join(() if lock.file == CUDA else FOR_CUDA), "utf-8")
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", *lock.asked, str(more), *options, "--quiet", "--no-config"),
            *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--only-binary", ":all:"),
            *(
                "--generate-hashes",
                "--no-annotate",
                "--no-header",
                "--excludes",
                str(without),
                "--output-file",
                lock.file,
            ),
            *(part for other in lock.like for part in ("--constraints", other)),
            *(part for package in lock.built for part in ("--no-binary", package)),
            *(part for pin in beyond if not pin.requirement.marker for part in ("--no-emit-package", pin.name)),
        ]
        subprocess.run(command, cwd=ROOT, check=True)
    head = f"{HEADER}{lock.head}\n" if lock.head else HEADER
    path.write_text(head + with_cpu_build(path.read_text("utf-8")), "utf-8")


def with_cpu_build(lock: str) -> str:
    r"""A lock file's text with the hash that PyPI does not list.

    >>> lock = with_cpu_build(f"{TORCH} \\\n    --hash=sha256:024c6cc0…")
    >>> lock == f"{TORCH} \\\n    --hash=sha256:{CPU_BUILD} \\\n    --hash=sha256:024c6cc0…"
    True
    """
    if CPU_BUILD in lock:  # of the lock file before
        return lock
    return lock.replace(f"{TORCH} \\\n", f"{TORCH} \\\n    --hash=sha256:{CPU_BUILD} \\\n")


if __name__ == "__main__":
    main()
