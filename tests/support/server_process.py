"""`fiqra serve` as a process of its own, for clients that speak over a socket."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

FIQRA = str(Path(sys.executable).with_name("fiqra"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Process:
    """A running `fiqra serve`; `errors` is what it wrote, once it has ended, which it must do as it `ends`."""

    server: subprocess.Popen[str]
    port: int
    errors: str = ""
    ends: int = 0

    @property
    def url(self) -> str:
        """`http://127.0.0.1:54321`."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@contextmanager
def running(data_dir: Path, **settings: str) -> Iterator[Process]:
    """A real process that serves the folder's index, ended by SIGTERM; it must end well."""
    port = free_port()
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "FIQRA_PORT": str(port), **settings}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,  # a pipe that nobody reads would fill up
        subprocess.Popen([FIQRA, "serve"], env=environment, stderr=errors, text=True) as server,
    ):
        process = Process(server, port)
        try:
            with httpx.Client(base_url=process.url, timeout=60) as client:
                wait_until_ready(client, server)
            yield process
        finally:
            server.terminate()
            server.wait(timeout=60)
            errors.seek(0)
            process.errors = errors.read()
    assert server.returncode == process.ends, process.errors


@contextmanager
def serving_process(data_dir: Path, **env: str) -> Iterator[str]:
    """A server on a free port: its address. It must end well when it is told to."""
    with running(data_dir, **env) as process:
        yield process.url
    assert not re.search(r"[\u0600-\u06ff]|Traceback", process.errors), process.errors  # nor is a question in the log


def wait_until_ready(client: httpx.Client, server: subprocess.Popen[str], within_s: float = 180) -> None:
    """Wait for the model and the index; a busy machine takes its time over both."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        assert server.poll() is None, server.stderr.read() if server.stderr else ""
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the service was not ready within {within_s:g} seconds")
