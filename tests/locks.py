"""The lock files: how they are read, and how they are written.

    python -m tests.locks [--upgrade]      `make lock` does it, where uv is installed

writes each of them: what pyproject.toml asks for and all that this needs, on any platform and Python that it names,
with the SHA-256 of every file that the package index has of it. Versions stay as they are as long as they fit, and
`--upgrade` takes the newest. No line names an index, so any that has these very files will do.
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
INSTALLING = (*PROJECT["build-system"]["requires"], "editables>=0.5")
"""What an editable installation of fiqra itself takes."""
TORCH = "torch==2.13.0"
CPU_BUILDS = ("6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",)
"""The files of that release which no public index lists: its builds for processors alone, `+cpu`."""
CUDA = (
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
    """A package of a lock file: `Pin(Requirement("idna==3.20"), ("a7db…",))`, the hashes of its files in hexadecimal."""

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
    lines = (line.split("--hash=sha256:") for line in text.splitlines() if not line.startswith("#"))
    pins = (Pin(Requirement(first), tuple(map(str.strip, hashes))) for first, *hashes in lines)
    return {pin.name: pin for pin in pins}


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file. `asked` are uv's arguments, and `more` requirements besides those of pyproject.toml.

    What stands in the locks `like` has the same version here. What stands in the locks `without` for every machine is
    left out. No file of it is built where it is installed, but those of the packages in `built`.
    """

    file: str
    asked: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    leave_cuda: bool = True
    built: tuple[str, ...] = ()


ALL = "requirements.lock"
LOCKS = (
    Lock("requirements-pip.lock", ("--group", "pip")),
    Lock(ALL, ("pyproject.toml", "--extra", "models"), (TORCH, *INSTALLING)),
    Lock("requirements-cuda.lock", more=(TORCH,), like=(ALL,), without=(ALL,), leave_cuda=False),
    Lock("requirements-serve.lock", ("pyproject.toml",), INSTALLING, like=(ALL,)),
    Lock("requirements-dev.lock", ("pyproject.toml", "--all-extras", "--group", "dev"), (TORCH,), (ALL,), (ALL,)),
    Lock("requirements-docs.lock", ("--group", "docs")),
    Lock("requirements-tools.lock", ("--group", "tools")),
    Lock("requirements-peers.lock", ("--group", "peers"), (TORCH,)),
    Lock("requirements-llm.lock", ("--group", "llm"), built=("llama-cpp-python",)),
)


def main() -> None:
    """Write every lock file."""
    for lock in LOCKS:
        print(lock.file)  # noqa: T201 - a program's output
        write(lock, sys.argv[1:])


def write(lock: Lock, options: Sequence[str]) -> None:
    """Write one; its versions stay unless `options` say otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        left, more = Path(folder) / "left.txt", Path(folder) / "more.txt"
        left.write_text("\n".join(CUDA if lock.leave_cuda else ()), "utf-8")
        more.write_text("\n".join(lock.more), "utf-8")
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", *lock.asked, str(more), *options),
            *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
            *("--generate-hashes", "--no-annotate", "--custom-compile-command", "make lock", "--no-config", "--quiet"),
            *("--output-file", lock.file),
            *("--only-binary", ":all:", "--excludes", str(left)),
            *(part for package in lock.built for part in ("--no-binary", package)),
            *(part for other in lock.like for part in ("--constraints", other)),
            *(part for name in _everywhere(lock.without) for part in ("--no-emit-package", name)),
        ]
        subprocess.run(command, cwd=ROOT, check=True)
    path = ROOT / lock.file
    path.write_text(with_cpu_builds(path.read_text("utf-8")), "utf-8")


def _everywhere(locks: Sequence[str]) -> list[str]:
    """The packages that these locks install on every machine."""
    return [pin.name for lock in locks for pin in read(lock).values() if pin.requirement.marker is None]


def with_cpu_builds(lock: str) -> str:
    r"""A lock file's text with the hashes that no index lists.

    >>> with_cpu_builds("torch==2.13.0 \\\n    --hash=sha256:024c6cc0")
    'torch==2.13.0 \\\n    --hash=sha256:6746dbcb… \\\n    --hash=sha256:024c6cc0'
    """
    first = f"{TORCH} \\\n"
    hashes = (f"    --hash=sha256:{build} \\\n" for build in CPU_BUILDS if build not in lock)
    return lock.replace(first, first + "".join(hashes))


if __name__ == "__main__":
    main()
