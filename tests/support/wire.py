"""A service on word hashes behind a real socket, in this process: what a client library would mend is sent as it is."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn

from service.app import build_app
from service.http.wire.protocol import protocol
from service.state import State
from tests.support.services import QUESTION, eventually

ASK = json.dumps({"question": QUESTION}).encode()


def post(path: str, body: bytes, *more: str) -> bytes:
    """A POST of JSON."""
    fields = ("host: localhost", "content-type: application/json", f"content-length: {len(body)}", *more)
    return "\r\n".join([f"POST {path} HTTP/1.1", *fields, "", ""]).encode() + body


def get(path: str, *more: str, host: str = "localhost") -> bytes:
    """A GET, after which the connection is closed."""
    return "\r\n".join([f"GET {path} HTTP/1.1", f"host: {host}", "connection: close", *more, "", ""]).encode()


@dataclass
class Answer:
    """A response as it came."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side closes the connection, or breaks it off."""
    data = b""
    try:
        while piece := connection.recv(65_536):
            data += piece
    except ConnectionResetError:
        pass
    return data


def answers(data: bytes) -> list[Answer]:
    """The responses of a connection: of each the length is declared, or it goes on to the end."""
    found = list[Answer]()
    while head := re.match(rb"HTTP/1\.1 (\d{3}) [^\r]*\r\n(.*?)\r\n\r\n", data, re.DOTALL):
        fields = [line.split(": ", 1) for line in head[2].decode("latin-1").split("\r\n")]
        headers = {name.lower(): value for name, value in fields}
        length = int(headers.get("content-length", len(data)))
        found.append(Answer(int(head[1]), headers, data[head.end() : head.end() + length]))
        data = data[head.end() + length :]
    return found


@dataclass(frozen=True)
class Wire:
    """Where the service listens."""

    port: int

    def connect(self, source: str = "127.0.0.1", patience_s: float = 30) -> socket.socket:
        """A bare connection, from an address of the loopback."""
        return socket.create_connection(("127.0.0.1", self.port), patience_s, (source, 0))

    def send(self, data: bytes, source: str = "127.0.0.1") -> list[Answer]:
        """What is answered until the service closes the connection."""
        with self.connect(source) as connection:
            connection.sendall(data)
            return answers(read_all(connection))

    def one(self, data: bytes, source: str = "127.0.0.1") -> Answer:
        """The one response to a request that ends its connection."""
        [answer] = self.send(data, source)
        return answer


@contextmanager
def wired(state: State, proxies: str = "127.0.0.1") -> Iterator[Wire]:
    """The state's app behind `fiqra serve`'s protocol on a free port, on all addresses of the loopback."""
    config = uvicorn.Config(
        build_app(state),
        port=0,
        http=protocol(state.settings, state.metrics),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        assert eventually(lambda: server.started)
        yield Wire(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()
