"""A real HTTP server on loopback that stands for a language model's, and misbehaves in every way that one can."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass
class ModelServer:
    """Where it listens, and the requests that it was sent."""

    url: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def serving(behave: Behaviour) -> Iterator[ModelServer]:
    """A server that reads each request to its end and then behaves so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ModelServer(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        listening.settimeout(0.05)
        stop = threading.Event()
        threads = [threading.Thread(target=_accept, args=(listening, server, behave, stop))]
        threads[0].start()
        try:
            yield server
        finally:
            stop.set()
            threads[0].join()


def _accept(listening: socket.socket, server: ModelServer, behave: Behaviour, stop: threading.Event) -> None:
    handling = []
    while not stop.is_set():
        with suppress(TimeoutError):
            connection, _ = listening.accept()
            handling.append(threading.Thread(target=_handle, args=(connection, server, behave)))
            handling[-1].start()
    for thread in handling:
        thread.join()


def _handle(connection: socket.socket, server: ModelServer, behave: Behaviour) -> None:
    with connection, suppress(OSError):
        connection.settimeout(5)
        server.requests.append(_request(connection))
        behave(connection)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):  # until the client closes, so that nothing is reset
            pass


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def reply(body: bytes | str, status: str = "200 OK", headers: str = "content-type: application/json\r\n") -> Behaviour:
    """Answer like this, properly."""
    data = body.encode() if isinstance(body, str) else body
    return raw(
        f"HTTP/1.1 {status}\r\n{headers}content-length: {len(data)}\r\nconnection: close\r\n\r\n".encode() + data
    )


def saying(text: str) -> Behaviour:
    """Answer with a chat completion of this text."""
    return reply(json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}))


def raw(data: bytes) -> Behaviour:
    """Send these bytes and nothing else."""
    return lambda connection: connection.sendall(data)


def silent(seconds: float) -> Behaviour:
    """Say nothing for so long."""
    return lambda _: time.sleep(seconds)


def dripping(seconds: float) -> Behaviour:
    """Send a good head, then a byte at a time, for so long."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.sendall(b" ")
            time.sleep(0.02)

    return behave


def endless(start: bytes) -> Behaviour:
    """Start like this and never stop."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + start)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            connection.sendall(b"x" * 65_536)

    return behave


@contextmanager
def refusing() -> Iterator[ModelServer]:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield ModelServer(f"http://127.0.0.1:{port}/v1")


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in these ways, one a request, and in the last one for ever."""
    left = list(behaviours)

    def behave(connection: socket.socket) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection)

    return behave
