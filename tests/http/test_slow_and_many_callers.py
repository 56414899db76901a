"""Callers who are slow, send without end, ask too often or are too many: each is told so, at no cost to others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.settings import SettingsError, load_settings
from tests.http.test_logs_and_metrics import CANARY
from tests.support.server_process import Process, running
from tests.support.services import hashed_state, service
from tests.support.wire import read_all

# -------------------------------------------------------------------------------------------------------- rate limiting


def test_no_caller_is_limited_unless_the_operator_asks(folder: Path) -> None:
    with service(hashed_state(folder)) as client:
        assert {client.get("/v1/reports").status_code for _ in range(50)} == {200}


def test_who_asks_too_often_is_told_when_to_come_back(folder: Path) -> None:
    """Taken out by hand (the middleware), the fourth request is answered."""
    with service(hashed_state(folder, rate_limit="3/minute")) as client:
        codes = [client.get("/v1/reports").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        refused = client.get("/v1/reports")
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        assert {client.get(path).status_code for path in ("/livez", "/readyz", "/metrics")} == {200}


def test_a_rate_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIQRA_RATE_LIMIT", "often")
    with pytest.raises(SettingsError, match="60/minute"):
        load_settings()


# -------------------------------------------------------------------------------------------------- slow and many


QUESTION_HEAD = b"POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"


@pytest.fixture(scope="module")
def process(data_dir: Path) -> Iterator[Process]:
    """One real process with short patience; its log is looked at when it has ended."""
    with running(
        data_dir,
        FIQRA_HEAD_TIMEOUT_S="1",
        FIQRA_BODY_TIMEOUT_S="1",
        FIQRA_CONNECTIONS="40",
        FIQRA_ADMIN_TOKEN=CANARY,
        FIQRA_LLM_API_KEY=CANARY,
    ) as process:
        yield process
    assert CANARY not in process.errors


@pytest.mark.process
@pytest.mark.model
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 408),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\n", 408),
        (QUESTION_HEAD + b"content-length: 50\r\n\r\n{", 408),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000, 431),
        (b"GET / HTTP/1.1\r\nx: " + b"y" * 100_000, 431),
        (b"GET /" + b"a" * 100_000, 414),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9 + b"\r\n\r\n", 400),
        (QUESTION_HEAD + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n", 400),
    ],
    ids=range(8),
)
def test_a_slow_or_senseless_head_is_refused_in_time(process: Process, sent: bytes, status: int) -> None:
    """`test_framing.py` has the rest. Taken out by hand (uvicorn's own protocol), the first waits for good."""
    with process.connect() as connection:
        started = time.monotonic()
        connection.sendall(sent)
        reply = read_all(connection)
        assert time.monotonic() - started < 10
    assert reply.startswith(f"HTTP/1.1 {status} ".encode()), reply[:300]
    assert b"application/problem+json" in reply


@pytest.mark.process
@pytest.mark.model
def test_a_later_request_may_not_drip_either(process: Process) -> None:
    """Taken out by hand (`_start` in `data_received`), bytes drip in for as long as the test sends them."""
    with process.connect() as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
        reply = b""
        while not reply.endswith(b'{"status":"ok"}'):
            reply += connection.recv(65_536)
        started = time.monotonic()
        connection.settimeout(0.2)
        reply = b""
        while not reply and time.monotonic() - started < 15:
            connection.sendall(b"G")
            try:
                reply = connection.recv(65_536)
            except TimeoutError:
                continue
        assert reply.startswith(b"HTTP/1.1 408 ")


@pytest.mark.process
@pytest.mark.model
def test_connections_are_counted_and_the_next_one_is_refused(process: Process) -> None:
    """Taken out by hand (the comparison in `connection_made`), the one more waits for its head's time, and gets 408."""
    held = [process.connect() for _ in range(40)]
    try:
        with process.connect() as one_more:
            assert read_all(one_more).startswith(b"HTTP/1.1 503 ")
    finally:
        for connection in held:
            connection.close()
    time.sleep(0.2)
    assert httpx.get(f"{process.url}/livez", timeout=30).status_code == 200


@pytest.mark.process
@pytest.mark.model
def test_an_endless_body_is_cut_and_costs_no_memory(process: Process) -> None:
    """Taken out by hand (the limit while a body is read, in `BodyGuard`), memory grows by all of the 26 MB sent."""
    before = resident(process)
    with process.connect() as connection:
        connection.sendall(QUESTION_HEAD + b"transfer-encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b" " * 65_536 + b"\r\n"
        try:
            for _ in range(400):
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert resident(process) - before < 16 << 20


def resident(process: Process) -> int:
    """The process's resident memory in bytes."""
    pages = Path(f"/proc/{process.server.pid}/statm").read_text().split()[1]
    return int(pages) * 4096
