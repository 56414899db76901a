"""Whose host names are answered, and what follows a Host header: links, and who may keep a page that holds them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import HttpUrl, ValidationError

from service.http.announce import announce
from service.http.wire.addresses import host_of, named_host
from service.settings import ANY_ADDRESS, Settings
from tests.http.test_leaving import tool
from tests.support.paths import REPORT_ID
from tests.support.services import hashed_state, service
from tests.support.wire import Wire, get, wired

HERE = ["localhost", "127.0.0.1", "[::1]"]


def statuses(client: TestClient, hosts: list[str], path: str = "/v1/reports") -> dict[str, int]:
    return {host: client.get(path, headers={"host": host}).status_code for host in hosts}


STRANGE = [
    "evil.example",
    "192.0.2.1",
    "10.0.0.5:8000",
    "localhost.evil.example",
    "[::2]",
    "2130706433",
    "127.1",
    "0x7f.1",
]
ODD = ["localhost:", "LOCALHOST", "localhost.", "localhost:99999", "127.0.0.1:1", "[::1]:80", "[0:0:0:0:0:0:0:1]"]
NO_HOSTS = [
    "",
    "a b",
    "localhost/",
    "a@localhost",
    "localhost,evil",
    "localhost:x",
    "[::1",
    "::1",
    "[::1]x",
    "http://localhost",
]


def test_without_a_setting_only_the_loopbacks_names_are_answered(folder: Path) -> None:
    """A rebound name is not, whatever stands before or behind a name that is.

    Tried by hand: with `*` for the default, each is answered; with the port cut off by a pattern alone, `LOCALHOST.`
    and the long form of `[::1]` are not.
    """
    with service(hashed_state(folder)) as client:
        assert set(statuses(client, HERE + ODD).values()) == {200}
        assert set(statuses(client, STRANGE + NO_HOSTS).values()) == {400}
        refused = client.get("/v1/reports", headers={"host": "fiqra.example:81"})
        assert refused.headers["content-type"] == "application/problem+json"
        assert "host name fiqra.example is not answered here" in refused.json()["detail"]
        assert "FIQRA_ALLOWED_HOSTS" in refused.json()["detail"]


def test_probes_are_answered_under_any_name(folder: Path) -> None:
    """Their callers know an address and no name. Tried by hand: without the exception, a pod is killed."""
    for allowed in ((), ("fiqra.example",)):
        with service(hashed_state(folder, allowed_hosts=allowed)) as client:
            for path in ("/livez", "/readyz", "/metrics"):
                assert set(statuses(client, [*HERE, *STRANGE, "a b", ""], path).values()) == {200}


def test_every_other_address_asks_for_the_host(folder: Path) -> None:
    """Agents' and chat clients' too, and what does not exist."""
    with wired(hashed_state(folder)) as wire:
        for data in (
            *(get(path, host="evil.example") for path in ("/", "/docs", "/demo", "/widget.js", "/openapi.json", "/x")),
            tool("search", {"query": "a"}).replace(b"localhost", b"evil.example", 1),
        ):
            [answer] = wire.send(data.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
            assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


def test_the_hosts_of_the_public_address_and_of_the_one_listened_on_are_answered_too(folder: Path) -> None:
    """And none beside those that are listed."""
    public = HttpUrl("https://Fiqra.Example:444/")
    assert list(Settings(public_url=public, host="192.0.2.7").answered_hosts) == [*HERE, "fiqra.example", "192.0.2.7"]
    assert list(Settings(host="2001:db8::1").answered_hosts) == [*HERE, "[2001:db8::1]"]
    for everywhere in ANY_ADDRESS:
        assert list(Settings(host=everywhere).answered_hosts) == HERE
    with service(hashed_state(folder, public_url=public)) as client:
        assert statuses(client, ["fiqra.example", "localhost", "evil.example"]) == {
            "fiqra.example": 200,
            "localhost": 200,
            "evil.example": 400,
        }
    with service(hashed_state(folder, allowed_hosts=("بصمة.example", "::1"))) as client:
        listed = {"xn--ngbc9azd.example": 200, "[::1]:8000": 200, "localhost": 400}
        assert statuses(client, list(listed)) == listed
    with service(hashed_state(folder, allowed_hosts=("*",))) as client:
        assert set(statuses(client, HERE + STRANGE).values()) == {200}


@pytest.mark.parametrize(
    "entry", ["fiqra.example:8000", "https://fiqra.example", "*.example", "a b", "fiqra.example/x", "a..b"]
)
def test_what_is_no_host_name_is_not_taken_for_one(entry: str) -> None:
    """It would never be met. Tried by hand: without `_hosts`, it is silently another name than was meant."""
    with pytest.raises(ValidationError, match="names alone"):
        Settings(allowed_hosts=("fiqra.example", entry))
    assert named_host(entry) is None


def test_a_name_stays_what_it_is_however_often_it_is_read() -> None:
    for name in (*HERE, *ODD, "a_b.example"):
        read = host_of(name)
        assert read is not None
        assert host_of(read) == named_host(read) == read


# ------------------------------------------------------------------------------------------------- other ways to say it


@pytest.fixture(scope="module")
def wire(folder: Path) -> Iterator[Wire]:
    with wired(hashed_state(folder)) as wire:
        yield wire


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET http://localhost/v1/reports HTTP/1.1\r\nhost: evil.example\r\n\r\n", 200),
        (b"GET HTTP://LOCALHOST:80/v1/reports?limit=1 HTTP/1.1\r\nhost: localhost\r\n\r\n", 200),
        (b"GET http://localhost HTTP/1.1\r\nhost: localhost\r\n\r\n", 200),
        (b"GET http://evil.example/v1/reports HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (b"GET http://a@localhost/v1/reports HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (b"GET http:///v1/reports HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (b"GET //evil.example/v1/reports HTTP/1.1\r\nhost: localhost\r\n\r\n", 404),
        (b"GET /v1/reports HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: localhost\r\n\r\n", 400),
        (b"GET /v1/reports HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n", 400),
        (b"GET /v1/reports HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/reports HTTP/1.0\r\n\r\n", 400),
        (b"GET /livez HTTP/1.0\r\n\r\n", 200),
        (b"CONNECT localhost:80 HTTP/1.1\r\nhost: localhost\r\n\r\n", 404),
        (b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n", 404),
    ],
)
def test_a_request_has_one_host_however_it_is_said(wire: Wire, data: bytes, status: int) -> None:
    """Tried by hand: without `_to_origin_form`, the whole target counts as a path, and the field beside it as host."""
    with wire.connect() as connection:
        connection.sendall(data)
        assert connection.recv(12) == f"HTTP/1.1 {status}".encode()


@pytest.mark.parametrize("part", ["%zz", "%", "%4", "%ff", "%c3%28", "%u0041", "a%ED%A0%80"])
def test_a_path_that_decodes_to_nothing_is_refused(wire: Wire, part: str) -> None:
    """A % itself is written %25. Tried by hand: decoded anyway, it is looked up as another text than was sent."""
    for path in (f"/v1/paragraphs/{part}", f"/p/{REPORT_ID}/{part}", f"/{part}"):
        answer = wire.one(get(path))
        assert (answer.status, b"write %25 for a %" in answer.body) == (400, True)
    assert wire.one(get("/v1/paragraphs/%D9%A2%D9%A1?lang=")).status == 200


# --------------------------------------------------------------------------------------------- links and who keeps them

WITH_LINKS = [
    "/",
    "/docs",
    "/demo",
    f"/reports/{REPORT_ID}",
    f"/p/{REPORT_ID}/9",
    f"/v1/reports/{REPORT_ID}/paragraphs/9?format=md",
    "/v1/paragraphs/9?format=bibtex",
    "/v1/paragraphs/9?format=csl-json",
]


def test_what_holds_links_made_of_a_host_is_not_for_everybody_to_keep(folder: Path) -> None:
    """A cache between would hand one caller's host to all. Tried by hand: with `public` in any of the three places, it
    is; a response that says `public` holds the host nowhere.
    """
    with service(hashed_state(folder, allowed_hosts=("*",))) as client:
        linked = 0
        for path in (*WITH_LINKS, "/v1/paragraphs/9", "/widget.js", "/v1/reports", "/openapi.json"):
            response = client.get(path, headers={"host": "poisoned.example"})
            assert response.status_code == 200
            holds = "poisoned.example" in response.text
            linked += holds
            assert not (holds and "public" in response.headers.get("cache-control", "public")), path
        assert linked == len(WITH_LINKS)
        embed = {"url": f"http://poisoned.example/p/{REPORT_ID}/9"}
        embedded = client.get("/oembed", params=embed, headers={"host": "poisoned.example"})
        assert embedded.headers["cache-control"] == "private, max-age=3600"
    known = hashed_state(folder, allowed_hosts=("*",), public_url=HttpUrl("https://fiqra.example"))
    with service(known) as client:
        for path in WITH_LINKS:
            response = client.get(path, headers={"host": "poisoned.example", "x-forwarded-host": "poisoned.example"})
            assert response.headers["cache-control"] == "public, max-age=60"
            assert "poisoned" not in response.text


# ------------------------------------------------------------------------------------------------------------ at start


@pytest.mark.parametrize(
    ("settings", "level", "said"),
    [
        ({}, logging.INFO, "answering under localhost, 127.0.0.1, [::1]; under another host name only probes"),
        ({"host": "0.0.0.0"}, logging.WARNING, "set FIQRA_ALLOWED_HOSTS or FIQRA_PUBLIC_URL"),  # noqa: S104
        ({"host": "0.0.0.0", "allowed_hosts": ("fiqra.example",)}, logging.INFO, "under fiqra.example;"),  # noqa: S104
        ({"allowed_hosts": ("*",)}, logging.INFO, "under any host name"),
    ],
)
def test_the_operator_is_told_under_which_names(
    settings: dict[str, object], level: int, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "fiqra"):
        announce(Settings(**settings))  # type: ignore[arg-type]  # a test names settings it knows
    [record] = caplog.records
    assert record.levelno == level
    assert said in record.getMessage()
