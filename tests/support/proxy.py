"""nginx on the loopback before a service, as an operator puts it there: the service lies below a path."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.server_process import free_port

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location {location} {{
      proxy_pass {target}; proxy_http_version 1.1; proxy_buffering off;
      proxy_set_header Host $http_host; proxy_set_header Connection "";
    }}
    location / {{ return 418; }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, port: int, location: str, target: str) -> Iterator[None]:
    """nginx on that port, which passes what lies below `location` on to `target`, and answers 418 to all else."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        reason = "no nginx is installed (Debian: apt-get install nginx-light)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, port=port, location=location, target=target), "utf-8")
    with subprocess.Popen([program, "-p", str(folder), "-c", str(file)], stderr=subprocess.DEVNULL) as server:
        try:
            _until_it_listens(server, port, folder / "error.log")
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _until_it_listens(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text("utf-8") if log.exists() else "nginx did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("nginx did not listen within 30 seconds")


__all__ = ["free_port", "nginx"]
