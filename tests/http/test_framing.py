"""What is no request that all read alike is refused and ends the connection; so does a refusal amid a body."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import h11
import pytest

from corpus.records import Report
from service.http.wire.framing import FRAMING, MAX_FIELDS, MAX_HEAD, Connection
from service.http.wire.protocol import DRAIN, SMALL
from service.pages.headers import EVERYWHERE
from service.state import State
from tests.http.test_connections import refused
from tests.support.pace import slowness
from tests.support.services import build, counted, eventually, hashed_state
from tests.support.wire import ASK, Wire, answers, get, post, read_all, wired

HEAD = b"GET /v1/reports HTTP/1.1\r\nhost: localhost\r\n"
CHUNKED = (
    b"POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, report: Report) -> State:
    folder = tmp_path_factory.mktemp("framing")
    build(folder, report)
    return hashed_state(folder, head_timeout_s=1, body_timeout_s=1)


@pytest.fixture(scope="module")
def wire(state: State) -> Iterator[Wire]:
    with wired(state) as wire:
        yield wire


def sized(*fields: str) -> bytes:
    """A question whose length is told otherwise than by one content-length."""
    return post("/v1/ask", ASK).replace(f"content-length: {len(ASK)}".encode(), "\r\n".join(fields).encode())


def chunks(*pieces: bytes, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    body = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    return CHUNKED + body + b"0\r\n" + trailers + b"\r\n"


N = len(ASK)
TOLD_TWICE = {
    "a length beside chunks": sized(f"content-length: {N}", "transfer-encoding: chunked"),
    "chunks beside a length": sized("transfer-encoding: chunked", f"content-length: {N}"),
    "two lengths": sized(f"content-length: {N}", "content-length: 5"),
    "a length twice": sized(f"content-length: {N}", f"content-length: {N}"),
    "a list of lengths": sized(f"content-length: {N},{N}"),
    "a length with a sign": sized(f"content-length: +{N}"),
    "a negative length": sized("content-length: -1"),
    "a length in hex": sized(f"content-length: 0x{N:x}"),
    "a length with a separator": sized("content-length: 6_0"),
    "a length in other digits": sized("content-length: ٦٠"),
    "an endless length": sized("content-length: " + "9" * 30),
    "no length": sized("content-length:"),
    "an unknown coding": sized("transfer-encoding: gzip"),
    "two codings": sized("transfer-encoding: gzip, chunked"),
    "chunks twice": sized("transfer-encoding: chunked", "transfer-encoding: chunked"),
    "almost chunks": sized("transfer-encoding: \x0bchunked"),
    "no coding": sized("transfer-encoding: identity", f"content-length: {N}"),
    "chunks in HTTP/1.0": sized("transfer-encoding: chunked").replace(b"HTTP/1.1", b"HTTP/1.0"),
}
HEADS = {
    "a folded line": HEAD + b"x: a\r\n b\r\n\r\n",
    "a fold at the start": b"GET / HTTP/1.1\r\n x: a\r\nhost: localhost\r\n\r\n",
    "NUL": HEAD + b"x: a\0b\r\n\r\n",
    "CR": HEAD + b"x: a\rb\r\n\r\n",
    "LF": HEAD + b"x: a\ny: b\r\n\r\n",
    "LF alone": HEAD.replace(b"\r", b"") + b"\n",
    "a control character": HEAD + b"x: a\x01\r\n\r\n",
    "DEL": HEAD + b"x: a\x7f\r\n\r\n",
    "a space before the colon": HEAD + b"x : a\r\n\r\n",
    "no colon": HEAD + b"abc\r\n\r\n",
    "no name": HEAD + b": a\r\n\r\n",
    "a name beyond ASCII": HEAD + "xä: a\r\n\r\n".encode(),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": HEAD + b"host: localhost\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2.0": HEAD.replace(b"1.1", b"2.0") + b"\r\n",
    "HTTP/1.2": HEAD.replace(b"1.1", b"1.2") + b"\r\n",
    "http/1.1": HEAD.replace(b"HTTP", b"http") + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no words": b"\xff\xfe\r\n\r\n",
    "a target beyond ASCII": "GET /٢١ HTTP/1.1\r\nhost: localhost\r\n\r\n".encode(),
}
LARGE = {
    "a method": (b"A" * 65_536 + b" / HTTP/1.1\r\nhost: localhost\r\n\r\n", 414),
    "a target": (b"GET /" + b"a" * 65_536 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 414),
    "a target without an end": (b"GET /" + b"a" * 100_000, 414),
    "a field": (HEAD + b"x: " + b"y" * MAX_HEAD + b"\r\n\r\n", 431),
    "a field without an end": (HEAD + b"x: " + b"y" * 100_000, 431),
    "many fields": (HEAD + b"x: y\r\n" * MAX_FIELDS + b"\r\n", 431),
}
BODIES = {
    "no size": CHUNKED + b"zz\r\n",
    "a size with a sign": CHUNKED + b"-5\r\n",
    "a size with 0x": CHUNKED + b"0x5\r\n",
    "an empty line for a size": CHUNKED + b"\r\n",
    "an endless size": CHUNKED + b"f" * 16 + b"\r\n",
    "more than the size": CHUNKED + b"5\r\n" + ASK + b"\r\n0\r\n\r\n",
    "a large extension": chunks(ASK, extension=b";" + b"a" * FRAMING),
    "an extension without an end": CHUNKED + b"1;" + b"a" * 100_000,
    "many extensions": chunks(*[b" "] * 50, extension=b";" + b"a" * 2_000),
    "tiny chunks": chunks(*[b" "] * 10_000),
    "many trailers": chunks(ASK, trailers=b"a: b\r\n" * 20_000),
    "a trailer without an end": CHUNKED + b"0\r\na: " + b"b" * 100_000,
    "a trailer without a name": chunks(ASK, trailers=b"abc\r\n"),
}
REFUSED = {**{name: (data, 400) for name, data in (TOLD_TWICE | HEADS | BODIES).items()}, **LARGE}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
def test_what_could_be_read_in_two_ways_or_without_end_is_refused(wire: Wire, data: bytes, status: int) -> None:
    """One response, like the app's own, and the end of the connection.

    Tried by hand: with h11's own connection, 25 of these are answered as requests.
    """
    with wire.connect() as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
        [answer] = answers(read_all(connection))
    assert answer.status == status
    headers = answer.headers
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert len(answer.body) == int(headers["content-length"])
    assert json.loads(answer.body)["status"] == status
    assert EVERYWHERE.items() <= headers.items()
    assert headers["x-request-id"].isalnum()
    assert "GMT" in headers["date"]


@pytest.mark.parametrize(
    "data",
    [
        chunks(ASK),
        chunks(ASK[:9], ASK[9:], extension=b" ;a=b", trailers=b"x: y\r\n"),
        chunks(*(ASK[at : at + 1] for at in range(N))),
        get("/v1/reports", "x: \t a \u00e9 b \t", "y:", "z: ~!@"),
        get("/v1/search?q=" + "%F0%9F%99%82" * 2_000),
        get("/v1/reports", *["x: y"] * (MAX_FIELDS - 2)),
        get("/v1/reports").replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
    ids=["chunks", "extensions", "a byte a chunk", "odd fields", "a long question", "many fields", "HTTP/1.0"],
)
def test_what_all_read_alike_is_answered(wire: Wire, data: bytes) -> None:
    with wire.connect() as connection:
        connection.sendall(data)
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_pieces_of_a_request_may_come_one_by_one(wire: Wire) -> None:
    data = chunks(ASK, trailers=b"x: y\r\n") + get("/v1/reports")
    with wire.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            connection.sendall(bytes([byte]))
        assert [a.status for a in answers(read_all(connection))] == [200, 200]


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"x:" + b" " * 60_000 + b"\0\r\n\r\n",
        HEAD + b"x: " + b"a " * 30_000 + b"\0\r\n\r\n",
        CHUNKED + b"0\r\nx:" + b" " * 16_000 + b"\0\r\n\r\n",
        CHUNKED + b"1" + b" " * 16_000 + b"\0\r\n \r\n0\r\n\r\n",
        CHUNKED + b"1;" + b" " * 16_000 + b"\0\r\n \r\n0\r\n\r\n",
        b"GET " + b" " * 30_000 + b"\0 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"\r\n" * 30_000,
    ],
    ids=["spaces", "words", "spaces of a trailer", "spaces of a size", "spaces of an extension", "a target", "lines"],
)
def test_no_head_and_no_framing_takes_long_to_read(data: bytes) -> None:
    """Tried by hand: h11 alone takes 20 s for the first and 1.6 s for the third, on the event loop."""
    connection = Connection()
    started = time.process_time()
    connection.receive_data(data)
    with suppress(h11.RemoteProtocolError):
        while (event := connection.next_event()) is not h11.NEED_DATA and event is not h11.PAUSED:
            pass
    assert time.process_time() - started < 0.1 * slowness()


# ----------------------------------------------------------------------------------------------- counted and logged


def test_what_is_refused_beside_the_app_is_counted_and_logged_with_its_id(
    state: State, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """Tried by hand: without `noted` or `logged` in `_written`, it is not."""

    def refusals(status: int) -> float:
        return counted(state, "requests", method="other", route="unread", status=str(status))

    before = {status: refusals(status) for status in (400, 408, 414)}
    with caplog.at_level(logging.INFO, "fiqra"):
        assert wire.send(HEADS["NUL"])[0].status == 400
        assert wire.send(LARGE["a target"][0])[0].status == 414
        assert wire.send(b"GET / HTTP/1.1\r\n")[0].status == 408
    assert {status: refusals(status) - before[status] for status in before} == dict.fromkeys(before, 1.0)
    lines = [r.__dict__ for r in caplog.records if r.message == "request"]
    assert [(line["route"], line["status"]) for line in lines] == [("unread", s) for s in (400, 414, 408)]


# ----------------------------------------------------------------------------------------------------- early refusals

ENDLESS = {
    "too large": b"POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000000\r\n\r\n",
    "too many chunks": CHUNKED,
    "no such address": b"POST /nowhere HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000000\r\n\r\n",
    "not allowed": b"POST /v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=x\r\n"
    b"content-length: 60000000\r\n\r\n",
    "a body that means nothing": b"GET /v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000000\r\n\r\n",
    "another host": b"POST /v1/ask HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 100000000\r\n\r\n",
    "a probe": b"GET /livez HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000000\r\n\r\n",
    "no request": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("head", ENDLESS.values(), ids=ENDLESS)
def test_who_goes_on_sending_after_a_refusal_is_not_read(wire: Wire, head: bytes) -> None:
    """Of 100 MB most is never taken, and the response is there. Tried by hand: without `_ends_with`, all is read."""
    piece = b" " * 65_536
    if b"chunked" in head:
        piece = b"10000\r\n" + piece + b"\r\n"
    sent = 0
    with wire.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        connection.sendall(head)
        with suppress(BrokenPipeError, ConnectionResetError):
            while sent < 100_000_000:
                connection.sendall(piece)
                sent += len(piece)
        [answer] = answers(read_all(connection))
    assert sent < 10_000_000
    assert answer.headers["connection"] == "close"
    assert EVERYWHERE.items() <= answer.headers.items()


def test_a_caller_who_sends_all_before_he_reads_still_reads_the_refusal(wire: Wire) -> None:
    """Tried by hand: closed without `_close`, the connection is broken off beside the response, or in place of it."""
    data = b""
    with wire.connect() as connection:
        connection.sendall(post("/v1/ask", b" " * (DRAIN - 100_000)))
        while piece := connection.recv(65_536):
            data += piece
    assert [a.status for a in answers(data)] == [413]


def test_a_small_body_is_read_to_its_end_and_the_connection_kept(wire: Wire) -> None:
    """Tried by hand: ended at any refusal, the second request has no answer."""
    with wire.connect() as connection:
        connection.sendall(b"POST /v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n")
        time.sleep(0.2)
        connection.sendall(b" " * 1_000 + get("/v1/reports"))
        assert [a.status for a in answers(read_all(connection))] == [403, 200]


def test_what_is_left_of_a_small_body_may_not_drip_for_ever(wire: Wire) -> None:
    """And gets no second response. Tried by hand: without the second half of `_awaits`, it drips on."""
    declared = SMALL - 1
    head = f"POST /v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-length: {declared}\r\n\r\n".encode()
    with wire.connect() as connection:
        connection.sendall(head)
        drip, reset = 0, False
        while drip < 200 and not reset:
            time.sleep(0.05)
            drip += 1
            try:
                connection.sendall(b" ")
            except (BrokenPipeError, ConnectionResetError):
                reset = True
        assert reset
        assert [a.status for a in answers(read_all(connection))] == [403]


def test_who_waits_to_be_told_to_go_on_is_told_or_refused(wire: Wire) -> None:
    """Refused, the body never comes, and what follows would be read in its place: the connection ends.

    Tried by hand: without the look at `waiting_for_100_continue`, it is kept.
    """
    with wire.connect() as connection:
        connection.sendall(post("/v1/ask", ASK, "expect: 100-continue", "connection: close")[:-N])
        assert connection.recv(200).startswith(b"HTTP/1.1 100 ")
        connection.sendall(ASK)
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    with wire.connect() as connection:
        connection.sendall(HEAD.replace(b"GET", b"POST") + b"content-length: 9\r\nexpect: 100-continue\r\n\r\n")
        [answer] = answers(read_all(connection))
        assert (answer.status, answer.headers["connection"]) == (403, "close")


def test_connections_that_are_ended_do_not_stay(state: State, wire: Wire) -> None:
    """Callers who go on reading nothing and sending nothing: the next has its slot after DRAIN_S."""
    before = refused(state)
    kept = [wire.connect() for _ in range(100)]
    for connection in kept:
        connection.sendall(ENDLESS["too large"])
    assert eventually(lambda: all(b"413" in connection.recv(100) for connection in kept))
    for connection in kept:
        assert read_all(connection) is not None
        connection.close()
    assert refused(state) == before
