"""One address cannot take every connection, callers behind a proxy are told apart, and probes are always answered."""

from __future__ import annotations

import logging
import resource
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.http.announce import announce
from service.http.metrics import Metrics
from service.http.wire import protocol
from service.http.wire.addresses import caller_of, network_of, unmapped
from service.http.wire.connections import SPARE, Connections
from service.settings import Settings
from service.state import State
from tests.http.test_load_and_stopping import slowed
from tests.support.services import counted, eventually, hashed_state
from tests.support.wire import ASK, Answer, Wire, answers, get, post, read_all, wired

PROBES = ("/livez", "/readyz", "/metrics")
OTHER = "127.0.0.2"


def held(stack: ExitStack, wire: Wire, number: int, source: str = "127.0.0.1") -> list[socket.socket]:
    """So many connections that say nothing."""
    return [stack.enter_context(wire.connect(source)) for _ in range(number)]


def refused(state: State) -> dict[str, float]:
    """Connections refused, by the limit."""
    return {limit: counted(state, "connections_refused", limit=limit) for limit in ("address", "all")}


def test_an_address_that_has_all_it_may_gets_probes_and_others_get_everything(folder: Path) -> None:
    """54 of a bound of 20 each. Tried by hand: without the comparison with `each`, others are refused; without the
    exception for PROBES in `ConnectionGuard`, the address's own probes are.
    """
    state = hashed_state(folder, connections=60, connections_per_address=20)
    with wired(state) as wire, ExitStack() as stack:
        held(stack, wire, 54)
        assert [wire.one(get(path)).status for path in PROBES] == [200] * 3
        own = wire.one(get("/v1/reports"))
        assert (own.status, own.headers["retry-after"], own.headers["connection"]) == (503, "2", "close")
        assert b"20 connections from your address" in own.body
        assert [wire.one(get(path), OTHER).status for path in (*PROBES, "/v1/reports", "/docs")] == [200] * 5


def test_probes_are_answered_whoever_holds_every_connection(folder: Path) -> None:
    """Three addresses hold all there are, and more come than may wait. Tried by hand: turned away in `connection_made`
    at once, probes are refused.
    """
    state = hashed_state(folder, connections=60, connections_per_address=20)
    with wired(state) as wire, ExitStack() as stack:
        for last in range(3, 9):
            held(stack, wire, 20, f"127.0.0.{last}")
        for source in ("127.0.0.1", "127.0.0.3", OTHER):
            assert [wire.one(get(path), source).status for path in PROBES] == [200] * 3
            assert wire.one(get("/v1/reports"), source).status == 503
        assert refused(state)["all"] >= 6 * 20 - 60 - SPARE


def test_a_connection_beyond_the_limit_has_a_moment_to_say_that_it_is_a_probe(folder: Path) -> None:
    """Tried by hand: with the patience of other heads, it waits ten seconds."""
    with wired(hashed_state(folder, connections=2)) as wire, ExitStack() as stack:
        held(stack, wire, 2)
        started = time.monotonic()
        [answer] = wire.send(b"")
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() - started < 5
        with wire.connect() as slowly:
            for byte in get("/livez"):
                slowly.sendall(bytes([byte]))
            assert [a.status for a in answers(read_all(slowly))] == [200]


def test_what_is_closed_makes_room(folder: Path) -> None:
    """Tried by hand: without `leave`, the count only grows."""
    with wired(hashed_state(folder, connections=10, connections_per_address=5)) as wire:
        for _ in range(3):
            with ExitStack() as stack:
                held(stack, wire, 12)
        for _ in range(30):
            with wire.connect() as connection:
                connection.sendall(get("/v1/reports"))
        assert eventually(lambda: [wire.one(get("/v1/reports")).status for _ in range(5)] == [200] * 5)


def test_a_request_that_begins_when_its_caller_has_left_is_counted_for_nobody() -> None:
    """Its task starts after the connection was lost. Tried by hand: without `_left`, it is counted for good."""
    count = Connections(9, 1, Metrics())
    slot = count.enter("192.0.2.1", lambda: None)
    slot.leave()
    assert slot.claim("192.0.2.1") is None
    assert count.enter("192.0.2.1", lambda: None).holder == "192.0.2.1"


def test_an_idle_connection_is_closed_and_makes_room(folder: Path) -> None:
    with wired(hashed_state(folder, connections=3)) as wire, ExitStack() as stack:
        for connection in held(stack, wire, 3):
            connection.sendall(b"GET /v1/reports HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert eventually(lambda: wire.one(get("/v1/reports")).status == 200)


def test_refused_connections_are_counted_and_a_flood_of_them_is_no_flood_of_lines(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried by hand: without LINE_EVERY_S, each leaves a line."""
    monkeypatch.setattr(protocol, "PROBE_S", 0.05)
    state = hashed_state(folder, connections=4, connections_per_address=2)
    with caplog.at_level(logging.WARNING, "fiqra"), wired(state) as wire, ExitStack() as stack:
        held(stack, wire, 2 + 30)
        assert eventually(lambda: refused(state) == {"address": 30.0, "all": 0.0})
    [line] = [r for r in caplog.records if "connections refused" in r.message]
    assert (line.__dict__["limit"], line.__dict__["address"]) == ("address", "127.0.0.1")


# --------------------------------------------------------------------------------------------------- behind a proxy


def asking(wire: Wire, number: int, caller: str) -> list[Answer]:
    """What so many get who ask at the same time, through a proxy that names the caller."""
    found = list[Answer]()

    def ask() -> None:
        found.append(wire.one(post("/v1/ask", ASK, f"x-forwarded-for: {caller}", "connection: close")))

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_a_proxy_has_as_many_connections_as_its_callers_and_each_of_them_his_own(folder: Path) -> None:
    """Tried by hand: counted for the proxy's address, the fourth caller is refused; without `rest`, what the proxy
    keeps open for the first ones is.
    """
    state = hashed_state(folder, connections=50, connections_per_address=3)
    slowed(state, 0.2)
    with wired(state) as wire, ExitStack() as stack:
        for caller in range(10):
            [connection] = held(stack, wire, 1)
            connection.sendall(post("/v1/ask", ASK, f"x-forwarded-for: 192.0.2.{caller % 2}"))
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert sorted(a.status for a in asking(wire, 5, "192.0.2.77")) == [200] * 3 + [503] * 2


def test_who_is_no_proxy_of_the_operators_cannot_name_another_caller(folder: Path) -> None:
    """Tried by hand: with `*` for the proxies, everybody is believed."""
    state = hashed_state(folder, connections=50, connections_per_address=3, rate_limit="4/minute")
    with wired(state, proxies="127.0.0.9") as wire, ExitStack() as stack:
        held(stack, wire, 3)
        assert wire.one(get("/v1/reports", "x-forwarded-for: 192.0.2.1")).status == 503
        codes = [wire.one(get("/v1/reports", f"x-forwarded-for: 192.0.2.{n}"), OTHER).status for n in range(6)]
        assert codes == [200] * 4 + [429] * 2
        codes = [wire.one(get("/v1/reports", f"x-forwarded-for: 192.0.2.{n}"), "127.0.0.9").status for n in range(6)]
        assert codes == [200] * 6


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (
            ["::ffff:192.0.2.1", "192.0.2.1", "::ffff:c000:201"],
            ["192.0.2.2", "::ffff:192.0.2.3"],
        ),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:DB8:1:2::9"], ["2001:db8:1:3::1", "::1"]),
    ],
)
def test_the_ways_to_write_an_address_share_its_rate_and_no_others(
    folder: Path, some: list[str], others: list[str]
) -> None:
    """Tried by hand: cut to /64 before it is IPv4 again, all mapped addresses of the world share one."""
    with wired(hashed_state(folder, rate_limit="2/minute")) as wire:
        codes = [wire.one(get("/v1/reports", f"x-forwarded-for: {a}")).status for a in (some * 3)[:4]]
        assert codes == [200, 200, 429, 429]
        assert {wire.one(get("/v1/reports", f"x-forwarded-for: {a}")).status for a in others} == {200}


def test_addresses_are_compared_as_their_owners_mean_them() -> None:
    assert unmapped("::ffff:192.0.2.1") == unmapped("192.0.2.1") == "192.0.2.1"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("x" * 100) == "x" * 64
    assert caller_of({"client": None}) == "unknown"


# ------------------------------------------------------------------------------------------------------ slow readers


def test_who_reads_nothing_of_his_response_is_let_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried by hand: without `_watch_reader`, he holds his connection for as long as he likes."""
    monkeypatch.setattr(protocol, "READ_S", 0.3)
    state = hashed_state(folder, connections=1)
    with wired(state) as wire, socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", wire.port))
        page = b"GET /reports/kyoto-2021-workshop-4 HTTP/1.1\r\nhost: localhost\r\n\r\n"
        lazy.sendall(page * 100)
        assert eventually(lambda: wire.one(get("/v1/reports")).status == 200)


# ---------------------------------------------------------------------------------------------------------- at start


def test_the_operator_is_told_of_too_few_descriptors(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    with caplog.at_level(logging.WARNING, "fiqra"):
        announce(Settings())
        [line] = caplog.messages
        assert "may open 256 files" in line
        assert "FIQRA_CONNECTIONS=512" in line
        caplog.clear()
        announce(Settings(connections=20))
        assert caplog.messages == []
