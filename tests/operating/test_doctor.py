"""`fiqra doctor`: what is right is said, and what is wrong comes with what mends it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import HttpUrl

from index.disk import sealed
from service.cli import main
from service.operating.doctor import Finding, examine
from service.settings import Settings
from tests.support.server_process import free_port
from tests.support.services import base_of

pytestmark = pytest.mark.model


@pytest.fixture
def healthy(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, port=free_port())


def wrong(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(settings) if not finding.ok}


def test_all_is_well_and_the_exit_code_says_so(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIQRA_DATA_DIR", str(healthy.data_dir))
    monkeypatch.setenv("FIQRA_PORT", str(healthy.port))
    printed = CliRunner().invoke(main, ["doctor"])
    assert printed.exit_code == 0, printed.output
    looked_at = {line.split()[1] for line in printed.output.splitlines()}
    assert looked_at >= {"disk", "temporary", "model", "index", "reports", "clock", "port", "open"}
    found = CliRunner().invoke(main, ["doctor", "--json"])
    assert all(each["ok"] for each in json.loads(found.output))


def test_a_new_folder_is_told_to_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = wrong(Settings(data_dir=tmp_path / "nothing", port=free_port()))
    assert found.keys() == {"model", "index"}
    assert found["model"].fix == "run `fiqra build`"
    assert "run `fiqra build`" in found["index"].found
    monkeypatch.setenv("FIQRA_DATA_DIR", str(tmp_path / "nothing"))
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 1
    assert not (tmp_path / "nothing").exists()  # looking makes nothing


def test_the_index_is_read_once(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the reports beside it too: every byte of it is hashed. Before, it was read for each."""
    read: list[Path] = []
    original = sealed.read

    def counted(folder: Path, name: str | None = None) -> sealed.SealedIndex:
        read.append(folder)
        return original(folder, name)

    monkeypatch.setattr(sealed, "read", counted)
    assert {finding.what for finding in examine(healthy)} >= {"index", "reports"}
    assert len(read) == 1


def test_an_altered_index_is_named(healthy: Settings, tmp_path: Path) -> None:
    data = Path(shutil.copytree(healthy.data_dir, tmp_path / "data", symlinks=True))
    settings = healthy.model_copy(update={"data_dir": data})
    victim = next(path for path in sorted(base_of(settings.index_dir).iterdir()) if path.suffix == ".npy")
    victim.write_bytes(victim.read_bytes()[:-1])
    assert str(victim) in wrong(settings)["index"].found


def test_a_clock_that_is_behind_the_index_is_seen(healthy: Settings, tmp_path: Path) -> None:
    data = Path(shutil.copytree(healthy.data_dir, tmp_path / "data", symlinks=True))
    tomorrow = time.time() + 86_400
    os.utime(data / "index" / "CURRENT", (tomorrow, tomorrow))
    assert "set the clock" in wrong(healthy.model_copy(update={"data_dir": data}))["clock"].fix


def test_a_port_in_use_is_told_from_fiqras_own(healthy: Settings, server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = wrong(healthy.model_copy(update={"port": other.getsockname()[1]}))
        # It accepts nothing: whether it is fiqra is given up on in time.
    assert found.keys() == {"port"}
    assert "FIQRA_PORT" in found["port"].fix
    own = healthy.model_copy(update={"port": int(server.rpartition(":")[2])})
    assert wrong(own) == {}


@pytest.mark.parametrize(
    ("status", "models", "said"),
    [
        (200, ["small", "large"], "FIQRA_LLM_MODEL to one that it has: small, large"),
        (401, [], "FIQRA_LLM_API_KEY"),
        (200, ["asked"], ""),
        (404, [], ""),
    ],
)
def test_the_language_models_server_is_asked_what_it_has(
    healthy: Settings, status: int, models: list[str], said: str
) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/v1/models"
            body = json.dumps({"data": [{"id": name} for name in models]}).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Answer) as there:
        thread = threading.Thread(target=there.serve_forever)
        thread.start()
        url = HttpUrl(f"http://127.0.0.1:{there.server_address[1]}/v1")
        found = wrong(healthy.model_copy(update={"llm_base_url": url, "llm_model": "asked"}))
        there.shutdown()
        thread.join()
    assert said in found["language model"].fix if said else found == {}


def test_a_language_model_that_does_not_answer_is_said(healthy: Settings) -> None:
    url = HttpUrl(f"http://127.0.0.1:{free_port()}/v1")
    found = wrong(healthy.model_copy(update={"llm_base_url": url, "llm_model": "asked"}))
    assert "FIQRA_LLM_BASE_URL" in found["language model"].fix


def test_too_few_files_are_said(healthy: Settings) -> None:
    assert "ulimit -n" in wrong(healthy.model_copy(update={"connections": 99_999_999}))["open files"].fix
