"""`fiqra serve` as a process of its own, for clients that speak over a socket."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

FIQRA = str(Path(sys.executable).with_name("fiqra"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving_process(data_dir: Path, **env: str) -> Iterator[str]:
    """A server on a free port: its address. It must end well when it is told to."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "FIQRA_PORT": str(port), **env}
    with subprocess.Popen([FIQRA, "serve"], env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            with httpx.Client(base_url=url, timeout=30) as client:
                wait_until_ready(client, server)
            yield url
        finally:
            server.terminate()
            _, errors = server.communicate(timeout=20)
    assert server.returncode == 0, errors
    assert not re.search(r"[\u0600-\u06ff]|Traceback", errors), errors  # nor is a question in the log


def wait_until_ready(client: httpx.Client, server: subprocess.Popen[str]) -> None:
    for _ in range(300):
        assert server.poll() is None, server.stderr.read() if server.stderr else ""
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail("the service was not ready within a minute")
